// Quotes as the server has them, and what is done with them; prices are said by the server alone.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, records } from '../api/client';
import type { Product } from '../gen/baton/v1/opportunities_pb';
import type { PriceBook } from '../gen/baton/v1/catalogue_pb';
import { type Quote, QuoteService } from '../gen/baton/v1/quotes_pb';
import type { Record } from '../gen/baton/v1/record_pb';
import { useLive } from '../live/live';

export const quotes = client(QuoteService);

const PAGE = 200;
const MOST = 2000;

async function listAll<T>(type: string, pick: (record: Record) => T | undefined, signal: AbortSignal, where?: { field: string; value: string }) {
  const found: T[] = [];
  let pageToken = '';
  do {
    const page = await records.listRecords({ type, pageSize: PAGE, pageToken: pageToken || undefined, whereField: where?.field, whereValue: where?.value }, { signal });
    found.push(...page.records.flatMap((r) => pick(r) ?? []));
    pageToken = page.nextPageToken;
  } while (pageToken && found.length < MOST);
  return found;
}

export const quotesQuery = (dealId: string) => queryOptions({
  queryKey: ['quotes', dealId],
  queryFn: async ({ signal }) => (await listAll<Quote>('quote', (r) => (r.record.case === 'quote' ? r.record.value : undefined), signal, { field: 'opportunity_id', value: dealId }))
    .sort((a, b) => Number(b.number - a.number) || Number(b.version - a.version)),
});

export const quoteQuery = (id: string) => queryOptions({ queryKey: ['quote', id], queryFn: ({ signal }) => quotes.getQuote({ quoteId: id }, { signal }) });

export const productsQuery = queryOptions({
  queryKey: ['products'],
  staleTime: 60_000,
  queryFn: async ({ signal }) => (await listAll<Product>('product', (r) => (r.record.case === 'product' ? r.record.value : undefined), signal))
    .filter((p) => !p.retired).sort((a, b) => a.name.localeCompare(b.name)),
});

// Those that something new can be quoted from.
export const booksQuery = queryOptions({
  queryKey: ['priceBooks'],
  staleTime: 60_000,
  queryFn: async ({ signal }) => (await listAll<PriceBook>('price_book', (r) => (r.record.case === 'priceBook' ? r.record.value : undefined), signal)).filter((b) => !b.supersededById),
});

// Whatever is done answers with the quote as it is now.
export function useQuoteAct<A>(id: string, act: (asked: A) => Promise<{ quote?: Quote }>) {
  const cache = useQueryClient();
  const { changed } = useLive();
  return useMutation({
    mutationFn: act,
    onSuccess: ({ quote }) => {
      if (quote?.id === id) cache.setQueryData(quoteQuery(id).queryKey, (old) => old && { ...old, quote });
    },
    onSettled: () => {
      for (const key of ['quotes', 'opportunity']) cache.invalidateQueries({ queryKey: [key] });
      changed('quotes', 'quote', 'opportunity');
    },
  });
}

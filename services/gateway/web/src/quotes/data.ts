// Quotes as the server has them, and what is done with them; prices are said by the server alone.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '../api/client';
import { listAll } from '../api/records';
import { type Quote, QuoteService } from '../gen/baton/v1/quotes_pb';
import { useLive } from '../live/live';

export const quotes = client(QuoteService);

export const quotesQuery = (dealId: string) => queryOptions({
  queryKey: ['quotes', dealId],
  queryFn: async ({ signal }) => (await listAll('quote', signal, { field: 'opportunityId', value: dealId })).found
    .sort((a, b) => Number(b.number - a.number) || Number(b.version - a.version)),
});

export const quoteQuery = (id: string) => queryOptions({ queryKey: ['quote', id], queryFn: ({ signal }) => quotes.getQuote({ quoteId: id }, { signal }) });

export const productsQuery = queryOptions({
  queryKey: ['products'],
  staleTime: 60_000,
  queryFn: async ({ signal }) => (await listAll('product', signal)).found
    .filter((p) => !p.retired).sort((a, b) => a.name.localeCompare(b.name)),
});

// Those that something new can be quoted from.
export const booksQuery = queryOptions({
  queryKey: ['priceBooks'],
  staleTime: 60_000,
  queryFn: async ({ signal }) => (await listAll('priceBook', signal)).found.filter((b) => !b.supersededById),
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

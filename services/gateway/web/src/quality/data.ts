// Pairs that may be the same, what is to be mended, and how good all of it is.
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { contacts, duplicates } from '../api/customers';
import { type RecordOf, valueOf } from '../api/records';
import { type Customer, KINDS, type Kind } from '../customers/kinds';
import { QualityGrouping } from '../gen/baton/v1/contacts_pb';
import type { DuplicatePair } from '../gen/baton/v1/duplicates_pb';
import type { Record } from '../gen/baton/v1/record_pb';
import { useLive } from '../live/live';
import { complain, toast } from '../ui/toast';
import type { Pair } from './logic';

const PAGE = 50;
const EVERY_MS = 5000;
const OWNERS_MOST = 2000;

export interface Alike {
  pair: DuplicatePair;
  records: Pair;
}

const customerOf = (kind: Kind, record?: Record) => valueOf(kind, record) as RecordOf<Kind> | undefined as Customer | undefined;

export const duplicatesQuery = (kind: Kind) => infiniteQueryOptions({
  queryKey: ['duplicates', kind],
  initialPageParam: '',
  queryFn: async ({ signal, pageParam }) => {
    const page = await duplicates.listDuplicates({ type: kind, pageSize: PAGE, pageToken: pageParam || undefined }, { signal });
    const rows = page.duplicates.flatMap(({ pair, first, second }): Alike[] => {
      const [a, b] = [customerOf(kind, first), customerOf(kind, second)];
      return pair && a && b ? [{ pair, records: [a, b] }] : [];
    });
    return { rows, next: page.nextPageToken };
  },
  getNextPageParam: (page) => page.next || undefined,
});

function useLooked() {
  const client = useQueryClient();
  const { changed } = useLive();
  return () => {
    for (const key of ['duplicates', 'found', 'account', 'contact', 'quality']) client.invalidateQueries({ queryKey: [key] });
    changed('duplicates', 'found', 'account', 'contact');
  };
}

interface Merge {
  kind: Kind;
  keep: Customer;
  lose: Customer;
  take: string[];
}

export function useMerge() {
  const { t } = useTranslation();
  const looked = useLooked();
  const undo = useMutation({
    mutationFn: async ({ kind, lose: { id } }: Merge) => {
      await (kind === 'account' ? duplicates.unmergeAccounts({ id }) : duplicates.unmergeContacts({ id }));
    },
    onError: complain,
    onSettled: looked,
  });
  return useMutation({
    mutationFn: async ({ kind, keep, lose, take }: Merge) => {
      const request = { keepId: keep.id, loseId: lose.id, take };
      await (kind === 'account' ? duplicates.mergeAccounts(request) : duplicates.mergeContacts(request));
    },
    onSuccess: (_, merge) => toast({ title: t('quality.merged', { name: KINDS[merge.kind].name(merge.keep) }), undo: () => undo.mutate(merge) }),
    onError: complain,
    onSettled: looked,
  });
}

export function useDismiss() {
  const looked = useLooked();
  return useMutation({
    mutationFn: ({ pair }: Alike) => duplicates.dismissDuplicate({ type: pair.type, firstId: pair.firstId, secondId: pair.secondId }),
    onError: complain,
    onSettled: looked,
  });
}

// Of a user, of nobody, or of whoever asks.
export const mendQuery = (owner?: string) => infiniteQueryOptions({
  queryKey: ['quality', 'mend', owner ?? ''],
  initialPageParam: '',
  refetchInterval: EVERY_MS,
  queryFn: ({ signal, pageParam }) => contacts.listToMend(
    { userId: owner === 'nobody' ? undefined : owner, nobodys: owner === 'nobody' || undefined, pageSize: PAGE, pageToken: pageParam || undefined }, { signal }),
  getNextPageParam: (page) => page.nextPageToken || undefined,
});

export function useConfirm() {
  const looked = useLooked();
  const { t } = useTranslation();
  return useMutation({
    mutationFn: ({ kind, id, field }: { kind: Kind; id: string; field: string }) => contacts.confirmFields({ type: kind, id, fields: [field] }),
    onSuccess: () => toast({ title: t('quality.confirmed') }),
    onError: complain,
    onSettled: looked,
  });
}

export const ownersQuery = (kind: Kind) => queryOptions({
  queryKey: ['quality', 'owners', kind],
  queryFn: async ({ signal }) => {
    const rows = [];
    let pageToken = '';
    do {
      const page = await contacts.getQualityReport({ recordType: kind, by: QualityGrouping.OWNER, pageSize: 200, pageToken: pageToken || undefined }, { signal });
      rows.push(...page.rows);
      pageToken = page.nextPageToken;
    } while (pageToken && rows.length < OWNERS_MOST);
    return rows.filter((row) => row.records > 0n).sort((a, b) => Number(b.toMend - a.toMend));
  },
});

export const fieldsQuery = (kind: Kind) => queryOptions({
  queryKey: ['quality', 'fields', kind],
  queryFn: async ({ signal }) => (await contacts.getQualityReport({ recordType: kind, by: QualityGrouping.FIELD }, { signal })).rows[0] ?? null,
});

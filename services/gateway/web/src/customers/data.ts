// Customers as the server finds them, and what has been with them.
import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { contacts, duplicates } from '../api/customers';
import { recordQuery, saveEdit } from '../api/records';
import type { Account, Contact } from '../gen/baton/v1/contacts_pb';
import { useLive } from '../live/live';
import { complain, toast } from '../ui/toast';
import type { Customer, Kind } from './kinds';
import { type ListSearch, searchOf } from './search';

const PAGE = 100;
const AT_ONCE = 5;

export const foundQuery = (kind: Kind, search: ListSearch, language: string) => {
  const asked = searchOf(search, language);
  return infiniteQueryOptions({
    queryKey: ['found', kind, JSON.stringify(asked)],
    initialPageParam: '',
    placeholderData: keepPreviousData,
    queryFn: async ({ signal, pageParam }) => {
      const answer = await contacts.searchContacts({ search: asked, types: [kind], pageSize: PAGE, pageToken: pageParam || undefined }, { signal });
      return { rows: answer.found.flatMap((f): Customer[] => f[kind] ? [f[kind] as Customer] : []), next: answer.nextPageToken, isCut: answer.cut };
    },
    getNextPageParam: (page) => page.next || undefined,
  });
};

export const timelineQuery = (kind: Kind, id: string) => infiniteQueryOptions({
  queryKey: ['timeline', id],
  initialPageParam: '',
  queryFn: ({ signal, pageParam }) =>
    contacts.getTimeline({ ...(kind === 'account' ? { accountId: id } : { contactId: id }), pageSize: 50, pageToken: pageParam || undefined }, { signal }),
  getNextPageParam: (page) => page.nextPageToken || undefined,
});

export const qualityQuery = (kind: Kind, id: string) => queryOptions({
  queryKey: ['quality', kind, id],
  queryFn: ({ signal }) => contacts.getQuality({ type: kind, id }, { signal }),
});

export const consentQuery = (id: string) => queryOptions({
  queryKey: ['consents', id],
  queryFn: async ({ signal }) => (await contacts.getConsent({ contactId: id }, { signal })).consents,
});

// Who may be the same, before there are two of them.
export const likeQuery = (kind: Kind, value: object, isEnough: boolean) => queryOptions({
  queryKey: ['like', kind, JSON.stringify(value)],
  enabled: isEnough,
  queryFn: async ({ signal }) => {
    const record = { record: { case: kind, value } } as Parameters<typeof duplicates.checkDuplicates>[0]['record'];
    const { candidates } = await duplicates.checkDuplicates({ record }, { signal });
    return candidates.flatMap((c) => (c.record?.record.case === kind ? [{ record: c.record.record.value as Account | Contact, score: c.score }] : []));
  },
});

export function useAccountName(id: string): string {
  const { data } = useQuery(recordQuery('account', id));
  return data?.name ?? '';
}

interface Bulk {
  id: string;
  values: { [name: string]: unknown };
}

async function saveAll(kind: Kind, edits: Bulk[]) {
  let refused = 0;
  for (let i = 0; i < edits.length; i += AT_ONCE) {
    const done = await Promise.allSettled(edits.slice(i, i + AT_ONCE).map((edit) => saveEdit(kind, edit)));
    refused += done.filter((d) => d.status === 'rejected').length;
  }
  return { count: edits.length - refused, refused };
}

// The same change to many, a few at a time; what was refused is counted, and all of it can be taken back.
export function useBulk(kind: Kind) {
  const { t } = useTranslation();
  const { changed } = useLive();
  const show = () => changed('found', kind, 'timeline');
  return useMutation({
    mutationFn: ({ edits }: { edits: Bulk[]; before: Bulk[] }) => saveAll(kind, edits),
    onSuccess: (done, { before }) => toast({
      title: t(done.refused ? 'customers.changedSome' : 'customers.changed', done), kind: done.refused ? 'bad' : 'info',
      undo: () => saveAll(kind, before).then(show, complain),
    }),
    onError: complain,
    onSettled: show,
  });
}

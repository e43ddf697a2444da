// Leads as the server has them, and what is done with them. What is done shows at once; what is refused is taken back.
import { Code } from '@connectrpc/connect';
import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { client } from '../api/client';
import { holdAnswers } from '../api/fresh';
import { orLater } from '../api/later';
import { queryClient } from '../api/query';
import { refusalOf } from '../api/refusal';
import { type CloseReason, type Lead, LeadService, LeadStatus } from '../gen/baton/v1/leads_pb';
import { leadListeners, useLive } from '../live/live';
import { complain, toast } from '../ui/toast';
import { bringer, meanwhile, OPEN, type Open } from './arrivals';
import type { Conversion } from './convert';
import { leadName } from './logic';

export const leads = client(LeadService);

const PAGE = 200;
const MOST = 2000;
const MINE_EVERY_MS = 60_000;
// Of everybody's, for each page that there is.
const PAGE_EVERY_MS = 4000;
const DECISIONS_KEEP_MS = 300_000;

export const openLeadsQuery = (ownerId?: string) => queryOptions({
  queryKey: ['leads', ownerId ?? 'all'],
  queryFn: ({ signal }): Promise<Open> => meanwhile.during(async () => {
    const askedAt = Date.now();
    const found: Lead[] = [];
    let pageToken = '';
    do {
      const page = await leads.listLeads({ pageSize: PAGE, status: OPEN, ownerId, pageToken: pageToken || undefined }, { signal });
      found.push(...page.leads);
      pageToken = page.nextPageToken;
    } while (pageToken && found.length < MOST);
    return { leads: found, isCut: pageToken !== '', ownerId, askedAt };
  }),
  refetchInterval: ({ state: { data } }) => {
    const every = ownerId ? MINE_EVERY_MS : PAGE_EVERY_MS * Math.max(1, Math.ceil((data?.leads.length ?? 0) / PAGE));
    return Math.max(PAGE_EVERY_MS, every - (data?.askedAt ? Date.now() - data.askedAt : 0));
  },
});

export const leadQuery = (id: string) => queryOptions({
  queryKey: ['lead', id],
  queryFn: async ({ signal }) => (await leads.getLead({ id }, { signal })).lead,
});

// Why it went where it went; of another number of decisions it is another answer.
export const explainQuery = (id: string, decisions: number) => queryOptions({
  queryKey: ['explain', id, decisions],
  staleTime: DECISIONS_KEEP_MS,
  queryFn: ({ signal }) => leads.explainLead({ id }, { signal }),
});

const GONE = [Code.NotFound, Code.PermissionDenied];
const bring = bringer(queryClient, async (id) => {
  try {
    return (await leads.getLead({ id })).lead;
  } catch (error) {
    if (GONE.includes(refusalOf(error).code)) return undefined;
    throw error;
  }
});
leadListeners.add(bring.arrived);

function replace(client: QueryClient, id: string, change: (lead: Lead) => Lead | undefined) {
  client.setQueriesData<Open>({ queryKey: ['leads'] }, (page) =>
    page && { ...page, leads: page.leads.flatMap((lead) => (lead.id === id ? (change(lead) ?? []) : lead)) });
  client.setQueriesData<Lead>({ queryKey: ['lead', id] }, (lead) => (lead ? (change(lead) ?? lead) : lead));
}

function useChange<V extends { lead: Lead }>(ask: (v: V) => Promise<{ lead?: Lead }>, guess: (lead: Lead) => Lead | undefined, done: (lead: Lead, v: V) => void) {
  const client = useQueryClient();
  const { changed } = useLive();
  return useMutation({
    mutationFn: ask,
    onMutate: async ({ lead }) => {
      bring.begin(lead.id);
      await holdAnswers(client, ['leads'], ['lead', lead.id]);
      const before = client.getQueriesData({ queryKey: ['leads'] });
      replace(client, lead.id, guess);
      return before;
    },
    onError: (error, _, before) => {
      for (const [key, data] of before ?? []) client.setQueryData(key, data);
      complain(error);
    },
    onSuccess: ({ lead }, v) => {
      if (!lead) return;
      replace(client, lead.id, (old) => (guess(old) ? lead : undefined));
      done(lead, v);
    },
    onSettled: (_, __, { lead }) => {
      bring.end(lead.id);
      changed('leads');
      client.invalidateQueries({ queryKey: ['lead', lead.id] });
    },
  });
}

export function useAccept() {
  const { t } = useTranslation();
  return useChange(async ({ lead }) => (await orLater(LeadService.method.acceptLead, { id: lead.id }, (r) => leads.acceptLead(r))) ?? {}, (lead) => ({ ...lead, status: LeadStatus.WORKING, responseDueAt: undefined }),
    (lead) => toast({ title: t('leads.accepted', { name: leadName(lead) }) }));
}

// `whoIs`: the name behind an id.
export function useDecline(me: string, whoIs: (id: string) => string) {
  const { t } = useTranslation();
  return useChange(({ lead, reason }: { lead: Lead; reason: string }) => leads.declineLead({ id: lead.id, reason }), () => undefined,
    (lead) => toast({ title: lead.ownerId === me ? t('leads.staysHere') : t('leads.wentTo', { name: whoIs(lead.ownerId) }) }));
}

export function useConvert() {
  const { t } = useTranslation();
  return useChange(({ lead, conversion }: { lead: Lead; conversion: Conversion }) => leads.convertLead({ id: lead.id, ...conversion }), () => undefined,
    (lead) => toast({ title: t('leads.converted', { name: leadName(lead) }) }));
}

export function useClose() {
  const { t } = useTranslation();
  return useChange(({ lead, reason, text }: { lead: Lead; reason: CloseReason; text: string }) => leads.closeLead({ id: lead.id, reason, text: text || undefined }), () => undefined,
    (lead) => toast({ title: t('leads.closed', { name: leadName(lead) }) }));
}

export function useUpdateLead() {
  const client = useQueryClient();
  const { changed } = useLive();
  return useMutation({
    mutationFn: ({ lead, values }: { lead: Lead; values: object }) =>
      leads.updateLead({ id: lead.id, revision: lead.revision, lead: values }),
    onSuccess: ({ lead }) => {
      if (!lead) return;
      client.setQueryData(['lead', lead.id], lead);
      changed('leads', 'lead');
    },
  });
}

export function useTakeNext() {
  const { changed } = useLive();
  return useMutation({
    mutationFn: async (poolId: string) => {
      let pageToken = '';
      do {
        const answer = await leads.takeNextLead({ poolId, pageToken: pageToken || undefined });
        if (answer.lead) return answer.lead;
        pageToken = answer.nextPageToken;
      } while (pageToken);
      return undefined;
    },
    onError: complain,
    onSettled: () => changed('leads'),
  });
}

// Deals as the server has them, and what is done with them. What is done shows at once and can be taken back; what is
// refused is put back, and whoever was faster is told of.
import { create } from '@bufbuild/protobuf';
import { ConnectError } from '@connectrpc/connect';
import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '../api/client';
import { holdAnswers, isUnknown } from '../api/fresh';
import { snake } from '../api/names';
import { changedBy, currentOf, isEmpty, listAll, records } from '../api/records';
import { isConflict } from '../api/refusal';
import type { Note } from '../gen/baton/v1/contacts_pb';
import { type Estimate, type Opportunity, OpportunityService, type Pipeline, type StageConditions, StageConditionsSchema, StageKind } from '../gen/baton/v1/opportunities_pb';
import { type Record, RecordSchema } from '../gen/baton/v1/record_pb';
import { useLive } from '../live/live';
import { useMe } from '../shell/me';
import { complain, toast } from '../ui/toast';

export const opportunities = client(OpportunityService);

const PAGE = 200;
const EVERY_MS = 10_000;
const MANY_EVERY_MS = 40_000;
const ESTIMATES_MOST = 600;

const dealOf = (record?: Record) => (record?.record.case === 'opportunity' ? record.record.value : undefined);
const message = (type: 'opportunity' | 'note', value: object) => create(RecordSchema, { record: { case: type, value } } as never);

export const pipelinesQuery = queryOptions({
  queryKey: ['pipelines'],
  staleTime: 60_000,
  queryFn: async ({ signal }) => {
    const { found } = await listAll('pipeline', signal);
    return found.sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name));
  },
});

// Of a pipeline, or of somebody.
export const dealsQuery = (field: 'pipeline_id' | 'owner_id', value: string) => queryOptions({
  queryKey: ['opportunities', field, value],
  enabled: value !== '',
  queryFn: async ({ signal }) => listAll('opportunity', signal, { field, value }),
  refetchInterval: ({ state }) => (state.data?.isCut ? MANY_EVERY_MS : EVERY_MS),
});

// What the columns come to where there are more deals than are listed; of one owner, or of everybody.
export const boardQuery = (pipelineId: string, ownerId: string, isCut: boolean) => queryOptions({
  queryKey: ['board', pipelineId, ownerId],
  enabled: isCut && pipelineId !== '',
  refetchInterval: EVERY_MS,
  queryFn: async ({ signal }) => (await opportunities.getBoard({ pipelineId, ownerId: ownerId || undefined, pageSize: 1 }, { signal })).columns,
});

export const dealQuery = (id: string) => queryOptions({
  queryKey: ['opportunity', id],
  queryFn: async ({ signal }) => dealOf((await records.getRecord({ type: 'opportunity', id }, { signal })).record) ?? null,
});

// The oldest first.
export const estimatesQuery = (id: string) => queryOptions({
  queryKey: ['estimates', id],
  queryFn: async ({ signal }) => {
    const found: Estimate[] = [];
    let pageToken = '';
    do {
      const page = await opportunities.listEstimates({ opportunityId: id, pageSize: PAGE, pageToken: pageToken || undefined }, { signal });
      found.push(...page.estimates);
      pageToken = page.nextPageToken;
    } while (pageToken && found.length < ESTIMATES_MOST);
    return found.reverse();
  },
});

export const notesQuery = (id: string) => queryOptions({
  queryKey: ['notes', 'opportunity', id],
  queryFn: async ({ signal }): Promise<Note[]> => {
    const { found } = await listAll('note', signal, { field: 'opportunityId', value: id });
    return found.sort((a, b) => Number((b.createdAt?.seconds ?? 0n) - (a.createdAt?.seconds ?? 0n)));
  },
});

// Who made of it what it is now.
export const lastChangeQuery = (id: string, revision: bigint) => queryOptions({
  queryKey: ['changes', 'opportunity', id, 'last', String(revision)],
  queryFn: async ({ signal }) => (await records.listChanges({ type: 'opportunity', id, pageSize: 1 }, { signal })).changes[0] ?? null,
});

type Deals = { found: Opportunity[]; isCut: boolean };

function put(client: QueryClient, id: string, change: (deal: Opportunity) => Opportunity) {
  client.setQueriesData<Deals>({ queryKey: ['opportunities'] }, (page) => page && { ...page, found: page.found.map((d) => (d.id === id ? change(d) : d)) });
  client.setQueryData<Opportunity | null>(['opportunity', id], (deal) => (deal ? change(deal) : deal));
}

function useTouched() {
  const client = useQueryClient();
  const { changed } = useLive();
  return (id: string) => {
    for (const queryKey of [['estimates', id], ['board']]) client.invalidateQueries({ queryKey });
    changed('opportunities', 'opportunity', 'board');
  };
}

// A field's name and what it becomes; undefined or "": nothing.
export type Values = Partial<{ [field in keyof Opportunity]: unknown }>;

// Why, and to whom it was lost.
export interface Closing {
  reason: string;
  lostTo: string;
}

export interface Change {
  deal: Opportunity;
  values: Values;
  // Why it goes on although something is missing.
  overrideReason?: string;
  // It is won or lost by this.
  closing?: Closing;
  outcome?: StageKind.WON | StageKind.LOST;
  // What else will be different, as far as one knows beforehand.
  guess?: object;
  // What was missing for it when it was asked for before.
  asked?: StageConditions;
}

async function send({ deal, values: wished, overrideReason, closing, outcome }: Change): Promise<Opportunity | undefined> {
  const isMove = wished.stageKey !== undefined && Object.keys(wished).length === 1;
  const [reason, lostTo] = [closing?.reason || undefined, closing?.lostTo || undefined];
  if (isMove && closing && outcome) {
    const asked = { id: deal.id, outcome, stageKey: String(wished.stageKey), reason, lostTo, revision: deal.revision, overrideReason };
    return (await opportunities.closeOpportunity(asked)).opportunity;
  }
  const values: Values = { ...wished, ...(reason ? { outcomeReason: reason } : {}), ...(lostTo ? { lostTo } : {}) };
  if (isMove) {
    return (await opportunities.moveOpportunity({ id: deal.id, stageKey: String(values.stageKey), revision: deal.revision, overrideReason })).opportunity;
  }
  const set = Object.fromEntries(Object.entries(values).filter(([, v]) => !isEmpty(v)));
  const clear = Object.keys(values).filter((name) => isEmpty(values[name as keyof Values])).map(snake);
  return dealOf((await records.updateRecord({ record: message('opportunity', { id: deal.id, revision: deal.revision, ...set }), clear })).record);
}

async function addNote(deal: Opportunity, text: string, ownerId: string) {
  await records.createRecord({ record: message('note', { text, ownerId, opportunityId: deal.id, ...(deal.accountId ? { accountId: deal.accountId } : {}) }) });
}

// What was closed before is closed again, as it was.
const closedAs = ({ stageKind, outcomeReason, lostTo }: Opportunity): Pick<Change, 'closing' | 'outcome'> =>
  (stageKind === StageKind.WON || stageKind === StageKind.LOST ? { outcome: stageKind, closing: { reason: outcomeReason, lostTo } } : {});

export const conditionsOf = (error: unknown): StageConditions | undefined => ConnectError.from(error).findDetails(StageConditionsSchema)[0];

interface Heard {
  // What is missing is asked for; until then the card stays where it was put.
  missing: (change: Change, conditions: StageConditions) => void;
  conflict: (change: Change, now: Opportunity) => void;
  // Whether somebody else says so.
  refused: (change: Change, error: unknown) => boolean;
  done: () => void;
  said: (before: Opportunity, now: Opportunity) => string;
}

export function useChange({ missing, conflict, refused, done, said }: Heard) {
  const client = useQueryClient();
  const touched = useTouched();
  const undo = useMutation({
    mutationFn: ({ now, before, values }: { now: Opportunity; before: Opportunity; values: Values }) => send({ deal: now, values, ...closedAs(before) }),
    onMutate: async ({ now, before }) => {
      await holdAnswers(client, ['opportunities'], ['opportunity', now.id]);
      put(client, now.id, () => before);
    },
    onSuccess: (back, { now }) => back && put(client, now.id, () => back),
    onError: (error, { now }) => {
      put(client, now.id, () => now);
      complain(error);
    },
    onSettled: (_, __, { now }) => touched(now.id),
  });
  return useMutation({
    mutationFn: send,
    onMutate: async ({ deal, values, guess }) => {
      await holdAnswers(client, ['opportunities'], ['opportunity', deal.id]);
      put(client, deal.id, (d) => changedBy(d, { ...values, ...guess }));
    },
    onSuccess: (now, { deal, values }) => {
      if (!now) return;
      done();
      put(client, deal.id, () => now);
      touched(deal.id);
      const old = Object.fromEntries(Object.keys(values).map((name) => [name, deal[name as keyof Opportunity]]));
      toast({ title: said(deal, now), undo: () => undo.mutate({ now, before: deal, values: old }) });
    },
    onError: (error, change) => {
      const conditions = conditionsOf(error);
      if (refused(change, error)) return;
      if (conditions) return missing(change, conditions);
      const now = isConflict(error) ? dealOf(currentOf(error)) : undefined;
      put(client, change.deal.id, () => now ?? change.deal);
      if (now) conflict(change, now);
      else complain(error);
    },
    onSettled: (_, __, { deal }) => {
      for (const queryKey of [['opportunities'], ['opportunity', deal.id]]) client.invalidateQueries({ queryKey, predicate: isUnknown });
    },
  });
}

// Nothing comes of what was asked: it is where it was.
export function usePutBack() {
  const client = useQueryClient();
  return (deal: Opportunity) => {
    put(client, deal.id, () => deal);
    client.invalidateQueries({ queryKey: ['opportunities'] });
  };
}

export function useCreateDeal(done: (deal: Opportunity) => void) {
  const touched = useTouched();
  return useMutation({
    mutationFn: async (values: Values) => dealOf((await records.createRecord({ record: message('opportunity', values) })).record),
    onSuccess: (deal) => {
      if (!deal) return;
      touched(deal.id);
      done(deal);
    },
  });
}

export function useAddNote(deal: Opportunity) {
  const client = useQueryClient();
  const me = useMe().user.id;
  return useMutation({
    mutationFn: (text: string) => addNote(deal, text, me),
    onError: complain,
    onSettled: () => client.invalidateQueries({ queryKey: ['notes', 'opportunity', deal.id] }),
  });
}

export const pipelineOf = (pipelines: Pipeline[] | undefined, id?: string) => pipelines?.find((p) => p.id === id) ?? pipelines?.[0];

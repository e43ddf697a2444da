// Rules, pools and territories as the server has them, and what would come of others.
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { Code } from '@connectrpc/connect';
import { directory, longClient } from '../api/client';
import { listAll } from '../api/records';
import { refusalOf } from '../api/refusal';
import { LeadService, type Policy } from '../gen/baton/v1/leads_pb';
import { leads } from '../leads/data';
import { leadName } from '../leads/logic';
import { useLive } from '../live/live';
import { complain } from '../ui/toast';
import type { Tried } from './logic';

export { directory, leads };
const asked = longClient(LeadService);

const EVERY_MS = 15_000;
const TRIED = 60;
const AT_ONCE = 4;
const MOVES_MOST = 1000;

// What is in force; null: nothing was ever published.
export const policyQuery = queryOptions({
  queryKey: ['policy'],
  refetchInterval: EVERY_MS,
  queryFn: async ({ signal }) => {
    try {
      const { policy } = await leads.getPolicy({}, { signal });
      return policy ?? null;
    } catch (error) {
      if (refusalOf(error).code === Code.NotFound) return null;
      throw error;
    }
  },
});

// What is to be said of a draft before it is published.
export const findingsQuery = (policy: Policy, shape: string) => queryOptions({
  queryKey: ['policyFindings', shape],
  placeholderData: keepPreviousData,
  queryFn: async ({ signal }) => (await asked.checkPolicy({ policy }, { signal })).findings,
});

export const shadowQuery = queryOptions({
  queryKey: ['policyShadow'],
  refetchInterval: EVERY_MS,
  queryFn: async ({ signal }) => (await leads.getShadow({}, { signal })).report ?? null,
});

export const poolsQuery = queryOptions({
  queryKey: ['pools', 'all'],
  queryFn: async ({ signal }) => (await listAll('pool', signal)).found.sort((a, b) => a.name.localeCompare(b.name)),
});

export const territoriesQuery = queryOptions({
  queryKey: ['territorys', 'all'],
  queryFn: async ({ signal }) => (await listAll('territory', signal)).found,
});

export const modelsQuery = queryOptions({
  queryKey: ['territoryModels', 'all'],
  refetchInterval: EVERY_MS,
  queryFn: async ({ signal }) => (await listAll('territoryModel', signal)).found.sort((a, b) => (a.id < b.id ? -1 : 1)),
});

export const placesQuery = queryOptions({
  queryKey: ['places', 'all'],
  staleTime: 300_000,
  queryFn: ({ signal }) => listAll('place', signal),
});

// The newest leads, by the rules in force and by the draft, as if they came in now.
export async function tryOut(policy: Policy, isFirst: boolean, told: (done: number, all: number) => void): Promise<Tried[]> {
  const { leads: newest } = await leads.listLeads({ pageSize: TRIED });
  const tried: Tried[] = new Array(newest.length);
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let i = next++; i < newest.length; i = next++) {
      const { id: leadId, ownerId } = newest[i];
      const [now, then] = await Promise.all([isFirst ? { ownerId } : leads.dryRunPolicy({ leadId }), asked.dryRunPolicy({ leadId, policy })]);
      tried[i] = { id: leadId, name: leadName(newest[i]), now: now.ownerId, then: then.ownerId, why: then.reason };
      told(++done, newest.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return tried;
}

// Which open leads would lie elsewhere by a set of territories.
export const movesQuery = (id: string) => queryOptions({
  queryKey: ['territoryMoves', id],
  queryFn: async ({ signal }) => {
    const moves = [];
    let lookedAt = 0;
    let pageToken = '';
    do {
      const page = await leads.previewTerritoryModel({ id, pageToken: pageToken || undefined }, { signal });
      moves.push(...page.moves);
      lookedAt += page.lookedAt;
      pageToken = page.nextPageToken;
    } while (pageToken && moves.length < MOVES_MOST);
    return { moves, lookedAt, isCut: pageToken !== '' };
  },
});

// Whatever is done to rules or sets of territories; how they are now is looked at again.
export function useRouting<A, R>(act: (asked: A) => Promise<R>, done: (answer: R, asked: A) => void = () => {}) {
  const cache = useQueryClient();
  const { changed } = useLive();
  return useMutation({
    mutationFn: act,
    onSuccess: done,
    onError: complain,
    onSettled: () => {
      const keys = ['policy', 'policyShadow', 'pools', 'territorys', 'territoryModels'];
      for (const key of keys) cache.invalidateQueries({ queryKey: [key] });
      changed(...keys);
    },
  });
}

// Plans as the server has them, and what is done with them: it answers with the plan as it is now.
import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '../api/client';
import { listAll } from '../api/records';
import { type Plan, PlanService } from '../gen/baton/v1/plans_pb';
import { useLive } from '../live/live';
import { complain } from '../ui/toast';
import { STATE } from './logic';
import type { PlansSearch } from './search';

export const plans = client(PlanService);

const PAGE = 100;
const EVERY_MS = 15_000;

export const plansQuery = ({ owner, team, template, state = 'active' }: PlansSearch) => infiniteQueryOptions({
  queryKey: ['plans', owner ?? '', team ?? '', template ?? '', state],
  initialPageParam: '',
  placeholderData: keepPreviousData,
  refetchInterval: EVERY_MS,
  queryFn: ({ signal, pageParam }) => plans.listPlans(
    { ownerId: owner, teamId: team, templateId: template, state: state === 'all' ? undefined : STATE[state], pageSize: PAGE, pageToken: pageParam || undefined }, { signal }),
  getNextPageParam: (page) => page.nextPageToken || undefined,
});

// What a plan is of.
export type About = { opportunityId: string } | { accountId: string };

// Of one opportunity or account, the newest first.
export const plansOfQuery = (about: About) => queryOptions({
  queryKey: ['plans', 'of', about],
  refetchInterval: EVERY_MS,
  queryFn: async ({ signal }) => (await plans.listPlans({ ...about, pageSize: PAGE }, { signal })).plans,
});

export const planQuery = (planId: string) => queryOptions({
  queryKey: ['plan', planId],
  refetchInterval: EVERY_MS,
  queryFn: async ({ signal }) => (await plans.getPlan({ planId }, { signal })).plan ?? null,
});

export const templatesQuery = queryOptions({
  queryKey: ['planTemplates'],
  staleTime: 60_000,
  queryFn: async ({ signal }) => (await listAll('planTemplate', signal)).found.filter((p) => !p.retired).sort((a, b) => a.name.localeCompare(b.name)),
});

export function usePlanAct<A>(act: (asked: A) => Promise<{ plan?: Plan }>, done: (plan: Plan, asked: A) => void = () => {}) {
  const cache = useQueryClient();
  const { changed } = useLive();
  return useMutation({
    mutationFn: act,
    onSuccess: ({ plan }, asked) => {
      if (!plan) return;
      cache.setQueryData(planQuery(plan.id).queryKey, plan);
      done(plan, asked);
    },
    onError: complain,
    onSettled: () => {
      for (const key of ['plan', 'plans']) cache.invalidateQueries({ queryKey: [key] });
      changed('plan', 'plans');
    },
  });
}

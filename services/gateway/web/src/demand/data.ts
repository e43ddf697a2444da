// Plans of what is to be made, stocked and delivered.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '../api/client';
import { type DemandChange, DemandService, type DemandUnits } from '../gen/baton/v1/demand_pb';
import { complain } from '../ui/toast';

const demand = client(DemandService);
const PAGE = 500;
const MOST = 3000;

export const plansQuery = queryOptions({ queryKey: ['demand', 'plans'], queryFn: async ({ signal }) => (await demand.listDemandPlans({}, { signal })).plans });

export const planQuery = (planId?: string) => queryOptions({
  queryKey: ['demand', 'plan', planId ?? ''],
  queryFn: async ({ signal }) => {
    const rows: DemandUnits[] = [];
    let page = await demand.getDemandPlan({ planId, pageSize: PAGE }, { signal });
    const { plan } = page;
    rows.push(...page.rows);
    while (page.nextPageToken && rows.length < MOST) {
      page = await demand.getDemandPlan({ planId: plan?.id, pageSize: PAGE, pageToken: page.nextPageToken }, { signal });
      rows.push(...page.rows);
    }
    return { plan, rows };
  },
});

export const changesQuery = (planId?: string) => queryOptions({
  queryKey: ['demand', 'changes', planId ?? ''],
  queryFn: async ({ signal }) => {
    const changes: DemandChange[] = [];
    let page = await demand.compareDemandPlans({ planId }, { signal });
    const { withPlan } = page;
    changes.push(...page.changes);
    while (page.nextPageToken && changes.length < MOST) {
      page = await demand.compareDemandPlans({ planId: page.plan?.id ?? planId, pageToken: page.nextPageToken }, { signal });
      changes.push(...page.changes);
    }
    return { withPlan, changes };
  },
});

export function useMake(done: () => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => demand.makeDemandPlan({}),
    onSuccess: done,
    onError: complain,
    onSettled: () => cache.invalidateQueries({ queryKey: ['demand'] }),
  });
}

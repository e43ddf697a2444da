// Printed material as the server has it, and what is done with it.
import { infiniteQueryOptions, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '../api/client';
import { listAll } from '../api/records';
import { type CollateralCost, CollateralCostBy, CollateralService, type CollateralStock } from '../gen/baton/v1/collateral_pb';
import { useLive } from '../live/live';
import { complain } from '../ui/toast';
import type { CollateralSearch } from './search';

export const collateral = client(CollateralService);

const PAGE = 200;
const MOST = 2000;
const EVERY_MS = 15_000;

// All items with what there is of them, by name.
export const stockQuery = (placeId?: string, low?: boolean) => queryOptions({
  queryKey: ['collateral', 'stock', placeId ?? '', low ?? false],
  refetchInterval: EVERY_MS,
  queryFn: async ({ signal }) => {
    const found: CollateralStock[] = [];
    let pageToken = '';
    do {
      const page = await collateral.listCollateral({ placeId, low, pageSize: PAGE, pageToken: pageToken || undefined }, { signal });
      found.push(...page.stock);
      pageToken = page.nextPageToken;
    } while (pageToken && found.length < MOST);
    return { stock: found.sort((a, b) => (a.item?.name ?? '').localeCompare(b.item?.name ?? '')), isCut: pageToken !== '' };
  },
});

export const placesQuery = queryOptions({
  queryKey: ['stockPlaces'],
  staleTime: 60_000,
  queryFn: async ({ signal }) => (await listAll('stockPlace', signal)).found.sort((a, b) => a.name.localeCompare(b.name)),
});

export function usePlaces() {
  const { data = [] } = useQuery(placesQuery);
  return data;
}

export const useItems = () => useQuery(stockQuery()).data?.stock.flatMap((s) => s.item ?? []) ?? [];

function askedOf(which: CollateralSearch['which']) {
  if (which === undefined) return { mine: true };
  if (which === 'all') return {};
  return which === 'approval' ? { open: true } : { open: true, placeId: which };
}

export const ordersQuery = (which: CollateralSearch['which']) => infiniteQueryOptions({
  queryKey: ['collateral', 'orders', which ?? ''],
  refetchInterval: EVERY_MS,
  initialPageParam: '',
  queryFn: async ({ signal, pageParam }) => {
    const page = await collateral.listOrders({ ...askedOf(which), pageSize: 100, pageToken: pageParam || undefined }, { signal });
    return { rows: page.orders, next: page.nextPageToken };
  },
  getNextPageParam: (page) => page.next || undefined,
});

// The newest first.
export const ledgerQuery = (itemId: string, placeId: string) => infiniteQueryOptions({
  queryKey: ['collateral', 'ledger', itemId, placeId],
  initialPageParam: '',
  queryFn: ({ signal, pageParam }) => collateral.getStockLedger({ itemId, placeId, pageSize: 30, pageToken: pageParam || undefined }, { signal }),
  getNextPageParam: (page) => page.nextPageToken || undefined,
});

const BY = { campaign: CollateralCostBy.CAMPAIGN, team: CollateralCostBy.TEAM, all: CollateralCostBy.ALL };

export const costQuery = (by: keyof typeof BY) => queryOptions({
  queryKey: ['collateral', 'cost', by],
  queryFn: async ({ signal }) => {
    const found: CollateralCost[] = [];
    let pageToken = '';
    do {
      const page = await collateral.getCollateralCost({ by: BY[by], pageSize: PAGE, pageToken: pageToken || undefined }, { signal });
      found.push(...page.costs);
      pageToken = page.nextPageToken;
    } while (pageToken && found.length < MOST);
    return { costs: found, isCut: pageToken !== '' };
  },
});

// Whatever is done; how all of it is now is looked at again.
export function useAct<A, R>(act: (asked: A) => Promise<R>, done?: (answer: R) => void, refused: (error: Error) => void = complain) {
  const cache = useQueryClient();
  const { changed } = useLive();
  return useMutation({
    mutationFn: (asked: A) => act(asked),
    onSuccess: (answer) => done?.(answer),
    onError: refused,
    onSettled: () => {
      for (const key of ['collateral', 'collateralOrder', 'stockPlaces']) cache.invalidateQueries({ queryKey: [key] });
      changed('collateral', 'collateralOrder', 'stockPlaces');
    },
  });
}

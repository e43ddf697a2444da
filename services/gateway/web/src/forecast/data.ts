// What a period comes to, what changed, what is to be expected, and the deals behind a figure.
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '../api/client';
import { records } from '../api/records';
import { ForecastService } from '../gen/baton/v1/forecast_pb';
import { ForecastCategory, type Opportunity, StageKind } from '../gen/baton/v1/opportunities_pb';
import { complain } from '../ui/toast';

const forecasts = client(ForecastService);

const PEOPLE_MOST = 60;
const PAGE = 200;

export interface Whose {
  period?: string;
  userId?: string;
  // A day; absent: now.
  asOf?: string;
}

export const forecastQuery = (whose: Whose) => queryOptions({
  queryKey: ['forecast', whose.period ?? '', whose.userId ?? '', whose.asOf ?? ''],
  placeholderData: keepPreviousData,
  queryFn: ({ signal }) => forecasts.getForecast(whose, { signal }),
});

export const changesQuery = ({ period, userId, asOf }: Whose, from: string) => queryOptions({
  queryKey: ['forecast', 'changes', period ?? '', userId ?? '', from, asOf ?? ''],
  queryFn: ({ signal }) => forecasts.getForecastChanges({ period, userId, from, to: asOf }, { signal }),
});

export const expectedQuery = ({ period, userId }: Whose, currencyCode: string) => queryOptions({
  queryKey: ['forecast', 'expected', period ?? '', userId ?? '', currencyCode],
  enabled: currencyCode !== '',
  staleTime: 60_000,
  queryFn: ({ signal }) => forecasts.getCalibratedForecast({ period, userId, currencyCode }, { signal }),
});

// Whoever is below somebody, themselves among them.
async function peopleOf(whose: Whose, signal: AbortSignal, found = new Set<string>()): Promise<Set<string>> {
  const { rows } = await forecasts.getForecast(whose, { signal });
  for (const row of rows) {
    if (!row.userId || found.size >= PEOPLE_MOST) continue;
    if (row.withBelow && row.people > 1 && row.userId !== whose.userId) await peopleOf({ ...whose, userId: row.userId }, signal, found);
    else found.add(row.userId);
  }
  return found;
}

async function dealsOf(ownerId: string, signal: AbortSignal): Promise<Opportunity[]> {
  const found: Opportunity[] = [];
  let pageToken = '';
  do {
    const page = await records.listRecords({ type: 'opportunity', whereField: 'owner_id', whereValue: ownerId, pageSize: PAGE, pageToken: pageToken || undefined }, { signal });
    found.push(...page.records.flatMap((r) => (r.record.case === 'opportunity' ? r.record.value : [])));
    pageToken = page.nextPageToken;
  } while (pageToken);
  return found;
}

const categoryOf = (deal: Opportunity) => (deal.stageKind === StageKind.WON ? ForecastCategory.CLOSED : deal.forecastCategory || ForecastCategory.PIPELINE);

export interface Figure {
  whose: Whose;
  // One person alone, without who is below.
  isAlone: boolean;
  category: ForecastCategory;
  currency: string;
  firstDay: string;
  lastDay: string;
}

// The largest first, as they are now.
export const behindQuery = ({ whose, isAlone, category, currency, firstDay, lastDay }: Figure) => queryOptions({
  queryKey: ['forecast', 'behind', JSON.stringify(whose), isAlone, category, currency],
  queryFn: async ({ signal }) => {
    const people = isAlone && whose.userId ? new Set([whose.userId]) : await peopleOf(whose, signal);
    const deals = (await Promise.all([...people].map((id) => dealsOf(id, signal)))).flat();
    const behind = deals.filter((d) => d.closeDate >= firstDay && d.closeDate <= lastDay && categoryOf(d) === category && d.stageKind !== StageKind.LOST && d.amount?.currencyCode === currency)
      .sort((a, b) => Number((b.amount?.minorUnits ?? 0n) - (a.amount?.minorUnits ?? 0n)));
    return { deals: behind, isCut: people.size >= PEOPLE_MOST };
  },
});

export interface Adjusting {
  // Absent: one's own number.
  userId?: string;
  period: string;
  currencyCode: string;
  // Absent: taken back.
  minorUnits?: bigint;
  reason?: string;
}

export function useAdjust() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ currencyCode, minorUnits, ...asked }: Adjusting) => forecasts.setForecastAdjustment({ ...asked, amount: { currencyCode, ...(minorUnits !== undefined ? { minorUnits } : {}) } }),
    onError: complain,
    onSettled: () => cache.invalidateQueries({ queryKey: ['forecast'] }),
  });
}

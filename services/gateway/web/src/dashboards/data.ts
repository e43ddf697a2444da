// Figures as the server counts them, dashboards, and the records behind a figure.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../api/client';
import { listAll } from '../api/records';
import { AnalysisService, type DashboardWidget } from '../gen/baton/v1/analysis_pb';
import { type Asked, isActivityBehind, isDealBehind } from './logic';

const analysis = client(AnalysisService);
const EVERY_MS = 60_000;
const GROUPS = 40;

export const boardsQuery = queryOptions({
  queryKey: ['dashboards'],
  staleTime: EVERY_MS,
  queryFn: async ({ signal }) => (await listAll('dashboard', signal)).found,
});

export const measuresQuery = queryOptions({
  queryKey: ['measures'],
  staleTime: Infinity,
  queryFn: async ({ signal }) => new Map((await analysis.listMeasures({}, { signal })).measures.map((m) => [m.name, m])),
});

export const widgetQuery = (w: DashboardWidget, userId?: string) => queryOptions({
  queryKey: ['measures', w.measures.join(), w.by.join(), w.period, w.compare, w.largestFirst, w.limit, userId ?? ''],
  placeholderData: keepPreviousData,
  refetchInterval: EVERY_MS,
  queryFn: ({ signal }) => analysis.queryMeasures(
    { measures: w.measures, by: w.by, relative: w.period || undefined, compare: w.compare, largestFirst: w.largestFirst, limit: w.limit || GROUPS, userId }, { signal }),
});

export const adviceQuery = (userId?: string) => queryOptions({
  queryKey: ['advice', userId ?? ''],
  queryFn: ({ signal }) => analysis.getAdvice({ userId }, { signal }),
});

export const adoptionQuery = (userId?: string) => queryOptions({
  queryKey: ['adoption', userId ?? ''],
  queryFn: ({ signal }) => analysis.getAdoption({ userId, weeks: 8 }, { signal }),
});

export const behindQuery = (asked: Asked, teamOf: (userId: string) => string) => queryOptions({
  queryKey: ['behind', asked.measure, asked.by.join(), asked.keys.join('\n'), JSON.stringify([asked.where.whereField, asked.where.whereValue, asked.where.firstDay, asked.where.lastDay])],
  queryFn: async ({ signal }) => {
    const { whereField, whereValue } = asked.where;
    const where = whereField ? { field: whereField, value: whereValue } : undefined;
    if (asked.where.type === 'activity') {
      const { found, isCut } = await listAll('activity', signal, where);
      return { deals: [], activities: found.filter((a) => isActivityBehind(a, asked)), isCut };
    }
    const { found, isCut } = await listAll('opportunity', signal, where);
    const worth = (d: (typeof found)[number]) => Number(d.amount?.minorUnits ?? 0n);
    return { deals: found.filter((d) => isDealBehind(d, asked, teamOf)).sort((a, b) => worth(b) - worth(a)), activities: [], isCut };
  },
});

// Periods one after another, sums of one currency, and steps from one sum to the next.
import type { ForecastSums } from '../gen/baton/v1/forecast_pb';
import { ForecastCategory } from '../gen/baton/v1/opportunities_pb';
import { PERIOD } from './search';

export type Length = 'month' | 'quarter' | 'year';

export function lengthOf(period: string): Length {
  const [, , quarter, month] = PERIOD.exec(period) ?? [];
  return quarter ? 'quarter' : month ? 'month' : 'year';
}

// The one before or after: of twelve months, four quarters, or years.
export function stepOf(period: string, by: number): string {
  const [, year = '', quarter, month] = PERIOD.exec(period) ?? [];
  const of = quarter ? 4 : month ? 12 : 1;
  const at = Number(year) * of + Number(quarter ?? month ?? 1) - 1 + by;
  const part = (at % of) + 1;
  return `${Math.floor(at / of)}${quarter ? `-Q${part}` : month ? `-${String(part).padStart(2, '0')}` : ''}`;
}

// Of another length, about the same time; undefined: the quarter it is now.
export function changedLength(period: string, firstDay: string, length: Length): string | undefined {
  if (length === 'month') return firstDay.slice(0, 7);
  if (length === 'year') return period.slice(0, 4);
  return lengthOf(period) === 'year' ? `${period}-Q1` : undefined;
}

export const CATEGORIES = ['closed', 'commit', 'bestCase', 'pipeline'] as const;
export type Category = (typeof CATEGORIES)[number];

export const CATEGORY: { [category in Category]: ForecastCategory } = {
  closed: ForecastCategory.CLOSED, commit: ForecastCategory.COMMIT, bestCase: ForecastCategory.BEST_CASE, pipeline: ForecastCategory.PIPELINE,
};

// That of the most deals first; those without an amount have none.
export const currenciesOf = (sums: ForecastSums[]) => sums.filter((s) => s.currencyCode).sort((a, b) => Number(b.deals - a.deals)).map((s) => s.currencyCode);
export const sumOf = (sums: ForecastSums[], currency: string) => sums.find((s) => s.currencyCode === currency);

export interface Bar {
  // Per cent of the whole width.
  from: number;
  width: number;
}

// From one sum by steps to the next: each bar stands where the one before ended.
export function bars(begin: bigint, steps: bigint[]): Bar[] {
  const levels = [begin];
  for (const step of steps) levels.push((levels.at(-1) ?? 0n) + step);
  const most = Math.max(1, ...levels.map(Number));
  const share = (n: number) => (100 * Math.max(0, n)) / most;
  const bar = (a: number, b: number): Bar => ({ from: share(Math.min(a, b)), width: Math.abs(share(b) - share(a)) });
  return [bar(0, Number(begin)), ...steps.map((_, i) => bar(Number(levels[i]), Number(levels[i + 1]))), bar(0, Number(levels.at(-1)))];
}

import { expect, test } from 'vitest';
import { bars, changedLength, lengthOf, stepOf } from './logic';
import { checkForecastSearch } from './search';

test('periods follow one another', () => {
  expect([stepOf('2026-Q4', 1), stepOf('2026-Q1', -1), stepOf('2026-12', 1), stepOf('2026-01', -1), stepOf('2026', 1)]).toEqual(['2027-Q1', '2025-Q4', '2027-01', '2025-12', '2027']);
  expect(['2026', '2026-Q1', '2026-05'].map(lengthOf)).toEqual(['year', 'quarter', 'month']);
  expect([changedLength('2026-Q4', '2026-10-01', 'month'), changedLength('2026-Q4', '2026-10-01', 'year'), changedLength('2026', '2026-01-01', 'quarter'), changedLength('2026-05', '2026-05-01', 'quarter')])
    .toEqual(['2026-10', '2026', '2026-Q1', undefined]);
});

test('an address that says nothing is taken for nothing', () => {
  expect(checkForecastSearch({ period: '2026-Q9', at: 'today', currency: 'EUR', user: 1 })).toEqual({ currency: 'EUR' });
});

test('each step stands where the one before ended', () => {
  expect(bars(100n, [100n, -50n])).toEqual([{ from: 0, width: 50 }, { from: 50, width: 50 }, { from: 75, width: 25 }, { from: 0, width: 75 }]);
  expect(bars(0n, [])).toEqual([{ from: 0, width: 0 }, { from: 0, width: 0 }]);
});

import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { DemandUnitsSchema } from '../gen/baton/v1/demand_pb';
import { byProduct, csvOf, monthsIn, monthText } from './logic';
import { checkDemandSearch } from './search';

const row = (productId: string, month: string, warehouseCode: string, expectedE4: bigint) =>
  create(DemandUnitsSchema, { productId, productCode: productId.toUpperCase(), month, warehouseCode, expectedE4, p10E4: 10_000n, p90E4: 50_000n, deals: 2 });

test('units of a product are added up, the largest first', () => {
  const products = byProduct([row('a', '2026-10', 'EU', 15_000n), row('a', '2026-10', 'US', 5000n), row('b', '2026-09', '', 30_000n)]);
  expect(products.map((p) => [p.code, p.total])).toEqual([['B', 3], ['A', 2]]);
  expect(products[1].months.get('2026-10')).toEqual({ expected: 2, p10: NaN, p90: NaN, deals: 4 });
  expect(products[0].months.get('2026-09')).toEqual({ expected: 3, p10: 1, p90: 5, deals: 2 });
  expect(monthsIn(products)).toEqual(['2026-09', '2026-10']);
});

test('months and files', () => {
  expect([2026 * 12, 2026 * 12 + 11].map(monthText)).toEqual(['2026-01', '2026-12']);
  expect(csvOf([row('a,b', '2026-10', '=EU', 15_000n)], ['p', 'm'])).toBe('"p","m"\r\n"A,B","2026-10","\'=EU","1.5","1","0","5","2"');
});

test('an address says no more than there is', () => {
  expect(checkDemandSearch({ plan: 'x', view: 'rows' })).toEqual({});
  expect(checkDemandSearch({ view: 'changes' })).toEqual({ view: 'changes' });
});

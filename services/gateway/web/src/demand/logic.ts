// Units of a plan, put together by product and month.
import Papa from 'papaparse';
import type { DemandUnits } from '../gen/baton/v1/demand_pb';
import { FORMULA } from '../ui/save';

const PARTS = 10_000;

export const unitsOf = (e4: bigint) => Number(e4) / PARTS;

export interface Sum {
  expected: number;
  p10: number;
  p90: number;
  deals: number;
}

export interface ProductSums {
  id: string;
  code: string;
  months: Map<string, Sum>;
  total: number;
}

export const monthText = (number: number) => `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`;

// Of warehouses together expected units are added; a range of the sum is not the sum of ranges, and is said only of one.
export function byProduct(rows: DemandUnits[]): ProductSums[] {
  const found = new Map<string, ProductSums>();
  for (const row of rows) {
    const product = found.get(row.productId) ?? { id: row.productId, code: row.productCode, months: new Map<string, Sum>(), total: 0 };
    const before = product.months.get(row.month);
    const expected = unitsOf(row.expectedE4);
    product.months.set(row.month, before ? { expected: before.expected + expected, p10: NaN, p90: NaN, deals: before.deals + row.deals }
      : { expected, p10: unitsOf(row.p10E4), p90: unitsOf(row.p90E4), deals: row.deals });
    product.total += expected;
    found.set(row.productId, product);
  }
  return [...found.values()].sort((a, b) => b.total - a.total);
}

export const monthsIn = (products: ProductSums[]): string[] => [...new Set(products.flatMap((p) => [...p.months.keys()]))].sort();

export const csvOf = (rows: DemandUnits[], head: string[]): string => Papa.unparse([head, ...rows.map((r) =>
  [r.productCode, r.month, r.warehouseCode, ...[r.expectedE4, r.p10E4, r.p50E4, r.p90E4].map(unitsOf), r.deals])], { quotes: true, escapeFormulae: FORMULA });

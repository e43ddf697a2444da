import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { CollateralCostSchema, CollateralOrderSchema, CollateralOrderStatus, StockBalanceSchema, StockPlaceSchema } from '../gen/baton/v1/collateral_pb';
import { actsOf, byName, looseOf, monthText, partsOf, withItem } from './logic';
import { checkCollateralSearch } from './search';

test('what nobody has set aside, and its picture', () => {
  expect(looseOf(create(StockBalanceSchema, { onHand: 7n, picked: 3n }))).toBe(4);
  expect(looseOf(undefined)).toBe(0);
  expect(partsOf(5, 5)).toEqual({ filled: 33, mark: 33 });
  expect(partsOf(100, 5).filled).toBe(100);
});

test('a line an item', () => {
  expect(withItem(withItem([], 'a'), 'a', 4)).toEqual([{ itemId: 'a', quantity: 5 }]);
  expect(withItem([{ itemId: 'a', quantity: 1 }], 'b')).toHaveLength(2);
});

const place = create(StockPlaceSchema, { id: 'p', keeperIds: ['keeper'] });
const as = (id: string, isLead = false, isAdmin = false) => ({ id, isLead, isAdmin });
const order = (status: CollateralOrderStatus, line: object, desk = 'p') => create(CollateralOrderSchema, { ownerId: 'anna', placeId: 'p', desk, status, lines: [{ itemId: 'i', ordered: 4, ...line }] });

test('what may be done with an order', () => {
  const { WAITING, APPROVED, PICKED, SHIPPED } = CollateralOrderStatus;
  const rows: [object, ReturnType<typeof as>, string[]][] = [
    [order(WAITING, {}, 'approval'), as('anna'), ['cancel']],
    [order(WAITING, {}, 'approval'), as('mia', true), ['approve', 'reject', 'cancel']],
    [order(WAITING, {}, 'approval'), as('anna', true), ['cancel']],
    [order(WAITING, {}, 'approval'), as('keeper'), []],
    [order(APPROVED, { approved: 4 }), as('keeper'), ['pick']],
    [order(APPROVED, { approved: 4 }), as('anna'), ['cancel']],
    [order(APPROVED, { approved: 4, picked: 1, backOrdered: 3 }), as('keeper'), ['ship']],
    [order(PICKED, { approved: 4, picked: 4 }), as('ada', true, true), ['ship', 'cancel']],
    [order(SHIPPED, { approved: 4, picked: 4, shipped: 4 }, ''), as('anna'), ['receive']],
    [order(SHIPPED, { approved: 4, picked: 4, shipped: 4, received: 4 }, ''), as('anna'), []],
  ];
  for (const [o, me, acts] of rows) expect(actsOf(o as Parameters<typeof actsOf>[0], me, place)).toEqual(acts);
});

test('costs by name and month', () => {
  expect(monthText(2026n * 12n + 2n)).toBe('2026-03');
  const cost = (of: string, month: bigint, minorUnits: bigint, currencyCode = 'EUR') => create(CollateralCostSchema, { of, month, units: 1n, minorUnits, currencyCode });
  const sums = byName([cost('Fair', 1n, 100n), cost('Fair', 2n, 50n), cost('Spring', 1n, 400n), cost('Fair', 1n, 9n, 'TWD')]);
  expect(sums.map((s) => [s.of, s.currencyCode, s.minorUnits, s.months.length])).toEqual([['Spring', 'EUR', 400n, 1], ['Fair', 'EUR', 150n, 2], ['Fair', 'TWD', 9n, 1]]);
});

test('the address holds what is looked at, and nothing else', () => {
  const id = '0190b5c4-1111-7222-8333-444455556666';
  expect(checkCollateralSearch({ view: 'orders', which: 'approval', orderId: id, low: 'yes', place: 'x' })).toEqual({ view: 'orders', which: 'approval', orderId: id });
});

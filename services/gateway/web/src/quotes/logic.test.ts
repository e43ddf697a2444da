import { expect, test } from 'vitest';
import { discountsOf, e4Of, lineOf, textOf, wishesOf } from './logic';

test('numbers with four places, as they are typed', () => {
  expect(['1', '1,5', '0.0001', '12.', '-1', 'x', ''].map(e4Of)).toEqual([10000n, 15000n, 1n, undefined, undefined, undefined, undefined]);
  expect([10000n, 15000n, 1n, 123456n].map(textOf)).toEqual(['1', '1.5', '0.0001', '12.3456']);
});

test('discounts one after another', () => {
  expect(['', '10', '10 + 5%', '2,5', '10 + x'].map(discountsOf)).toEqual([[], [100000n], [100000n, 50000n], [25000n], undefined]);
});

test('lines without a product are not there yet, and a cell that cannot be read is said', () => {
  const line = (key: number, productId: string, quantity = '1', discounts = '') => ({ key, productId, quantity, discounts, note: '' });
  expect(wishesOf([line(1, 'p'), line(2, ''), line(3, 'q', '2', '10')])).toEqual({ keys: [1, 3], faults: [],
    wishes: [{ productId: 'p', quantityE4: 10000n, discountsE4: [] }, { productId: 'q', quantityE4: 20000n, discountsE4: [100000n] }] });
  expect(wishesOf([line(1, 'p', '0', 'x')]).faults).toEqual([{ key: 1, field: 'quantity' }, { key: 1, field: 'discounts' }]);
});

test('which line a refusal is about', () => {
  expect(lineOf('line 2: there is no price')).toEqual({ at: 1, text: 'there is no price' });
  expect(lineOf('its bundles have too many parts')).toBeUndefined();
});

import { expect, test } from 'vitest';
import { changesOf, isFound, readOf, typedOf, validOf } from './logic';
import { checkCatalogueSearch } from './search';

test('an address says no more than there is', () => {
  expect([{ kind: 'product' }, { kind: 'offer', q: 7 }, { book: 'x', kind: 'nothing' }].map(checkCatalogueSearch)).toEqual([{}, { kind: 'offer', q: '7' }, {}]);
});

test('what is valid on a day', () => {
  const today = '2026-05-01';
  expect([{}, { validFrom: today, validTo: today }, { validFrom: '2026-05-02' }, { validTo: '2026-04-30' }, { supersededById: 'x' }].map((r) => validOf(r, today))).toEqual(['now', 'now', 'later', 'over', 'over']);
});

test('numbers as they are typed, and back', () => {
  expect([readOf('percent', '12,5 %', ''), readOf('percent', 'x', ''), readOf('percent', ' ', ''), typedOf('percent', 125000n, '')]).toEqual([125000n, null, undefined, '12.5']);
  expect([readOf('price', '9.99', 'EUR'), readOf('price', '9.999', 'EUR'), readOf('price', '12', 'JPY'), typedOf('price', 999n, 'EUR'), typedOf('price', 12n, 'JPY')]).toEqual([999n, null, 12n, '9.99', '12']);
  expect([readOf('rate', '1,0825', ''), typedOf('rate', 1_082_500_000n, ''), readOf('rate', '0', ''), readOf('currency', 'eur', ''), readOf('day', '1.5.2026', '')]).toEqual([1_082_500_000n, '1.0825', null, 'EUR', null]);
});

test('only what became another is sent', () => {
  const fields = [{ name: 'a', kind: 'text' as const }, { name: 'b', kind: 'price' as const }, { name: 'c', kind: 'book' as const, isFixed: true }];
  expect(changesOf(fields, { a: 'x', b: 1n, c: '1' }, { a: '', b: 1n, c: '2' })).toEqual({ a: '' });
  expect([isFound({ code: 'RELAY', name: 'Relay 24 V' }, 'rel 24'), isFound({ code: 'RELAY' }, 'lamp')]).toEqual([true, false]);
});

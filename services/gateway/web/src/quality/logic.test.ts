import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { AccountSchema, ContactSchema } from '../gen/baton/v1/contacts_pb';
import { compared, fieldOf, keeperOf, type Pair, pickOf, takesOf } from './logic';

const pair: Pair = [create(ContactSchema, { firstName: 'Ada', lastName: 'Lovelace', email: 'ADA@home.example' }),
  create(ContactSchema, { firstName: 'Lovelace', lastName: 'Ada', email: 'ada@home.example', mobilePhone: '+44', tags: ['x'] })];

test('fields that at least one of them says, and whether they say the same', () => {
  expect(compared('contact', pair).map((c) => [c.field.name, c.isSame, c.only])).toEqual([
    ['firstName', false, undefined], ['lastName', false, undefined], ['email', true, undefined], ['mobilePhone', false, 1], ['tags', false, 1]]);
});

test('the one of which more is known is kept, else the older', () => {
  expect(keeperOf('contact', pair)).toBe(1);
  const at = (seconds: bigint) => create(AccountSchema, { name: 'A', createdAt: { seconds, nanos: 0 } });
  expect([keeperOf('account', [at(2n), at(1n)]), keeperOf('account', [at(1n), at(2n)])]).toEqual([1, 0]);
});

test('what the one kept takes: what was picked, and what it does not have', () => {
  const rows = compared('contact', pair);
  expect(takesOf(rows, 0, {})).toEqual(['mobile_phone', 'tags']);
  expect(takesOf(rows, 0, { lastName: 1, tags: 0 })).toEqual(['last_name', 'mobile_phone']);
  expect(takesOf(rows, 1, {})).toEqual([]);
  expect(rows.map((row) => pickOf(row, 0, { firstName: 1 }))).toEqual([1, 0, 0, 1, 1]);
});

test('where a problem is mended', () => {
  expect([fieldOf('account', 'billing_address.city')?.name, fieldOf('contact', 'owner_id')?.name, fieldOf('contact', 'nothing')]).toEqual(['billingAddress', 'ownerId', undefined]);
});

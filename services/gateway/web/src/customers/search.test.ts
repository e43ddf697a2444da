import { expect, test } from 'vitest';
import { SearchOrder } from '../gen/baton/v1/search_pb';
import { checkListSearch, fromSaved, isSame, searchOf } from './search';

test('an address says what is looked at, and nothing that is not known', () => {
  expect(checkListSearch({ q: 'a', owner: '1', order: 'sideways', peek: '', nonsense: 'x' })).toEqual({ q: 'a', owner: '1' });
});

test('without words the newest come first, with words what matches best, unless somebody says otherwise', () => {
  expect(searchOf({}, 'en').order).toBe(SearchOrder.NEWEST);
  expect(searchOf({ q: 'a' }, 'en').order).toBeUndefined();
  expect(searchOf({ q: 'a', order: 'name' }, 'en').order).toBe(SearchOrder.NAME);
  expect(searchOf({ owner: '1', type: 'T' }, 'en').filters).toEqual([{ field: 'owner_id', values: ['1'] }, { field: 'type', values: ['T'] }]);
});

test('what is saved comes back as it was', () => {
  const looked = { q: 'a', owner: '1', type: 'T', order: 'name' as const, columns: 'phone,tags' };
  const saved = searchOf(looked, 'en');
  const back = fromSaved({ query: saved.query ?? '', filters: saved.filters, order: saved.order ?? 0 }, ['phone', 'tags'], 'V');
  expect(back).toEqual({ ...looked, view: 'V' });
  expect(isSame(back, looked)).toBe(true);
  expect(isSame(back, { ...looked, q: 'b' })).toBe(false);
});

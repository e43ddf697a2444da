import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { DeadlineAction, DeadlineLevelSchema } from '../gen/baton/v1/common_pb';
import { TerritorySchema } from '../gen/baton/v1/directory_pb';
import { MergeAtIntake, PolicySchema, RuleSchema } from '../gen/baton/v1/leads_pb';
import { draftOf, isSame, landsAt, levelsOf, loadsOf, moved, partsOf, rangesOf, rangesText, territoryOf, treeOf } from './logic';
import { checkRoutingSearch } from './search';

test('an address says no more than there is', () => {
  expect([{ view: 'rules' }, { view: 'pools', model: 'x' }, {}].map(checkRoutingSearch)).toEqual([{}, { view: 'pools' }, {}]);
});

test('what is changed of rules, and in which order they stand', () => {
  const [a, b] = ['a', 'b'].map((name) => create(RuleSchema, { name, poolId: 'p' }));
  const policy = create(PolicySchema, { version: 3n, comment: 'x', rules: [a, b], mergeAtIntake: MergeAtIntake.NEVER });
  expect(isSame(policy, [a, b])).toBe(true);
  expect(isSame(policy, [b, a])).toBe(false);
  expect(isSame(undefined, [])).toBe(true);
  expect(draftOf(policy, [b])).toMatchObject({ rules: [b], mergeAtIntake: MergeAtIntake.NEVER });
  expect([moved([1, 2, 3], 0, 1), moved([1, 2, 3], 2, 0), moved([1, 2, 3], 0, 9), moved([1], 5, 0)]).toEqual([[2, 1, 3], [3, 1, 2], [2, 3, 1], [1]]);
});

test('what is drawn above or below another comes to stand there', () => {
  const drawn = (from: number, over: number, isBelow: boolean) => moved(['a', 'b', 'c'], from, landsAt(from, over, isBelow)).join('');
  expect([drawn(0, 2, true), drawn(0, 2, false), drawn(2, 0, false), drawn(2, 0, true), drawn(1, 1, true), drawn(1, 1, false), drawn(0, 1, false)])
    .toEqual(['bca', 'bac', 'cab', 'acb', 'abc', 'abc', 'abc']);
});

test('steps stand in the order of their times; one without a time is none', () => {
  const levels = [60, 0, 15].map((afterMinutes) => create(DeadlineLevelSchema, { afterMinutes, action: DeadlineAction.REMIND }));
  expect(levelsOf(levels).map((level) => level.afterMinutes)).toEqual([15, 60]);
});

test('who would have more, and who less', () => {
  expect(loadsOf([{ now: 'a', then: 'b' }, { now: 'a', then: 'b' }, { now: 'c', then: 'c' }])).toEqual([
    { userId: 'b', now: 0, then: 2 }, { userId: 'a', now: 2, then: 0 }, { userId: 'c', now: 1, then: 1 },
  ]);
});

test('territories as a tree, whatever they say of each other', () => {
  const of = (id: string, parentId = '') => create(TerritorySchema, { id, name: id, parentId });
  expect(treeOf([of('b', 'a'), of('a'), of('c', 'gone'), of('x', 'y'), of('y', 'x')]).map((l) => `${l.depth}${l.territory.id}`)).toEqual(['0a', '1b', '0c', '0x', '0y']);
});

test('postal codes as they are typed, and where a place lies', () => {
  expect(rangesOf('DE 10000-19999\nTW 100 – 116, JP 1;nothing')).toEqual([
    { country: 'DE', from: '10000', to: '19999' }, { country: 'TW', from: '100', to: '116' }, { country: 'JP', from: '1' },
  ]);
  const all = create(TerritorySchema, { id: 'all', name: 'All', rules: [{ postalCodes: [{ country: 'TW', from: '1', to: '9' }] }] });
  const taipei = create(TerritorySchema, { id: 'tpe', name: 'Taipei', parentId: 'all', rules: [{ countries: ['TW'], postalCodes: rangesOf('TW 100-116') }] });
  expect([rangesText(taipei.rules[0].postalCodes), partsOf(taipei.rules[0])]).toEqual(['TW 100–116', [['TW'], ['TW 100–116']]]);
  const tree = treeOf([all, taipei]);
  expect(['110', '116-58', '40001', '0'].map((postalCode) => territoryOf(tree, { country: 'tw', postalCode })?.id)).toEqual(['tpe', 'tpe', 'all', undefined]);
});

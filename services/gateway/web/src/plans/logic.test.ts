import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { PlanSchema, PlanStepState } from '../gen/baton/v1/plans_pb';
import { timestampOf } from '../i18n/format';
import { isLate, nextOf, partOf, stepsOf, waitsFor } from './logic';
import { checkPlansSearch } from './search';

const { OPEN, DONE, SKIPPED } = PlanStepState;
const at = (ms: number) => ({ $typeName: 'google.protobuf.Timestamp' as const, ...timestampOf(ms) });
const plan = create(PlanSchema, {
  steps: [
    { key: 'a', title: 'Visit', state: DONE, dueAt: at(10) }, { key: 'b', title: 'Offer', state: OPEN, dependsOn: ['a', 'd'], dueAt: at(10) },
    { key: 'c', title: 'Sign', state: OPEN, dependsOn: ['a'] }, { key: 'd', title: 'Sample', state: OPEN, dueAt: at(2000) }, { key: 'e', title: 'Call', state: SKIPPED },
  ],
});

test('what is late, what waits, and what is next', () => {
  expect(plan.steps.map((s) => isLate(s, 1000))).toEqual([false, true, false, false, false]);
  expect(plan.steps.map((s) => waitsFor(plan, s))).toEqual([[], ['Sample'], [], [], []]);
  expect(nextOf(plan)?.key).toBe('c');
  expect([partOf(1, 3), partOf(0n, 0n), partOf(2n, 2n)]).toEqual([33, 0, 100]);
});

test('steps as they are typed', () => {
  expect(stepsOf(' Visit them (3)\n\nOffer\n拜訪（10）\nTalk (900)')).toEqual([
    { key: 'step_1', title: 'Visit them', dueDays: 3 }, { key: 'step_2', title: 'Offer' }, { key: 'step_3', title: '拜訪', dueDays: 10 }, { key: 'step_4', title: 'Talk' },
  ]);
  expect(stepsOf('x\n'.repeat(60))).toHaveLength(50);
});

test('an address says no more than there is', () => {
  expect(checkPlansSearch({ state: 'active', owner: 'me', plan: 7 })).toEqual({});
  expect(checkPlansSearch({ state: 'all', team: '0190a8e2-1111-7000-8000-000000000001' })).toEqual({ state: 'all', team: '0190a8e2-1111-7000-8000-000000000001' });
});

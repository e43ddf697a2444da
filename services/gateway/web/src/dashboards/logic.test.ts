import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { DashboardSchema, MeasureDimension, MeasureGroupSchema, MeasureRecordsSchema, MeasureValueSchema } from '../gen/baton/v1/analysis_pb';
import { ActivityKind, ActivitySchema } from '../gen/baton/v1/contacts_pb';
import { ForecastCategory, OpportunitySchema, StageKind } from '../gen/baton/v1/opportunities_pb';
import { Role } from '../gen/baton/v1/options_pb';
import { timestampOf } from '../i18n/format';
import { changeOf, currencyOf, hasShare, inOrder, isActivityBehind, isDealBehind, isExact, monthsOf, sizeOf } from './logic';

const { DETAIL, TEAM, OWNER, TERRITORY } = MeasureDimension;
const at = (day: string) => ({ $typeName: 'google.protobuf.Timestamp' as const, ...timestampOf(Date.parse(`${day}T10:00:00Z`)) });

test('one’s own dashboards come first, then those of one’s role', () => {
  const board = (id: string, ownerId: string, ...roles: Role[]) => create(DashboardSchema, { id, ownerId, roles });
  const boards = [board('1', 'x', Role.ADMIN, Role.MANAGER), board('2', 'x', Role.MANAGER), board('3', 'me'), board('4', 'x', Role.REP)];
  expect(inOrder(boards, { id: 'me', role: Role.MANAGER }).map((b) => b.id)).toEqual(['3', '2', '1', '4']);
});

test('how long bars are', () => {
  const value = (count: bigint, ...codes: string[]) => create(MeasureValueSchema, { count, amounts: codes.map((currencyCode) => ({ currencyCode, minorUnits: 500n })) });
  const group = (v: ReturnType<typeof value>) => create(MeasureGroupSchema, { values: [v] });
  expect(currencyOf([group(value(1n, 'EUR')), group(value(2n, 'EUR'))], 0)).toBe('EUR');
  expect(currencyOf([group(value(1n, 'EUR')), group(value(2n, 'USD'))], 0)).toBe('');
  expect([sizeOf(value(3n, 'EUR'), false, 'EUR'), sizeOf(value(3n, 'EUR'), false, ''), sizeOf(undefined, false, '')]).toEqual([500, 3, 0]);
  expect([hasShare(create(MeasureValueSchema, { permille: 0 })), hasShare(create(MeasureValueSchema, {}))]).toEqual([true, false]);
  expect([changeOf(15, 10), changeOf(5, 10), changeOf(1, 0)]).toEqual([50, -50, undefined]);
});

test('the months of a period', () => {
  expect(monthsOf('2026-11-01', '2027-02-28')).toEqual(['2026-11', '2026-12', '2027-01', '2027-02']);
});

test('which deals are behind a figure', () => {
  const where = create(MeasureRecordsSchema, { type: 'opportunity', dateField: 'closed_at', firstDay: '2026-03-01', lastDay: '2026-03-31', stageKind: StageKind.LOST });
  const deal = create(OpportunitySchema, { ownerId: 'a', stageKind: StageKind.LOST, closedAt: at('2026-03-31'), outcomeReason: 'Price', leadSource: 'fair' });
  const teamOf = (id: string) => (id === 'a' ? 'north' : '');
  const asked = (measure: string, by: MeasureDimension[], keys: string[]) => ({ measure, where, by, keys });
  expect(isDealBehind(deal, asked('lost', [DETAIL], ['Price']), teamOf)).toBe(true);
  expect(isDealBehind(deal, asked('lost', [DETAIL], ['Late']), teamOf)).toBe(false);
  expect(isDealBehind(deal, asked('lost', [TEAM], ['north']), teamOf)).toBe(true);
  expect(isDealBehind(deal, asked('lost', [TEAM, OWNER], ['north', 'b']), teamOf)).toBe(false);
  expect(isDealBehind({ ...deal, closedAt: at('2026-04-01') }, asked('lost', [], []), teamOf)).toBe(false);
  expect(isDealBehind({ ...deal, stageKind: StageKind.WON }, asked('lost', [], []), teamOf)).toBe(false);
  const open = create(OpportunitySchema, { closeDate: '2026-03-10', forecastCategory: ForecastCategory.COMMIT });
  const days = create(MeasureRecordsSchema, { dateField: 'close_date', firstDay: '2026-03-01', lastDay: '2026-03-31' });
  expect(isDealBehind(open, { measure: 'expected', where: days, by: [DETAIL], keys: ['commit'] }, teamOf)).toBe(true);
  expect([asked('lost', [DETAIL], ['x']), asked('entered', [DETAIL], ['x']), asked('won', [TERRITORY], ['x'])].map(isExact)).toEqual([true, false, false]);
});

test('which activities are', () => {
  const where = create(MeasureRecordsSchema, { type: 'activity', dateField: 'done_at', firstDay: '2026-03-01', lastDay: '2026-03-31' });
  const call = create(ActivitySchema, { kind: ActivityKind.CALL, ownerId: 'a', doneAt: at('2026-03-02') });
  const asked = (key: string) => ({ measure: 'activities', where, by: [DETAIL], keys: [key] });
  expect([isActivityBehind(call, asked('call')), isActivityBehind(call, asked('meeting')), isActivityBehind(create(ActivitySchema, { kind: ActivityKind.CALL }), asked('call'))]).toEqual([true, false, false]);
});

import { create } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { ActivityKind, ActivityStatus, OccurrenceSchema } from '../gen/baton/v1/contacts_pb';
import { eventOf, localText, msOfLocal, rangeOf } from './logic';
import { checkCalendarSearch } from './search';

const at = (ms: number) => create(TimestampSchema, { seconds: BigInt(ms / 1000) });
const noon = new Date(2026, 4, 4, 12, 0, 0).getTime();

test('times there and back', () => {
  expect(localText(noon)).toBe('2026-05-04 12:00:00');
  expect(msOfLocal('2026-05-04 12:00:00')).toBe(noon);
});

test('a task without an end is seen, and what is over stands back', () => {
  const o = create(OccurrenceSchema, { activityId: 'a', startAt: at(noon), subject: 'Call', kind: ActivityKind.TASK, status: ActivityStatus.DONE });
  expect(eventOf(o, 'busy')).toMatchObject({ start: '2026-05-04 12:00:00', end: '2026-05-04 12:30:00', color: 'gray', title: 'Call', payload: { canMove: true } });
});

test('whole days are shown by their dates, and others\' calendars as busy', () => {
  const o = create(OccurrenceSchema, { activityId: 'a', startAt: at(noon), endAt: at(noon + 2 * 86_400_000), startLocal: '2026-05-04' });
  expect(eventOf(o, 'busy')).toMatchObject({ title: 'busy', start: '2026-05-04 00:00:00', end: '2026-05-06 00:00:00', payload: { canMove: false } });
});

test('what is asked for covers what a view shows', () => {
  const [from, until] = rangeOf('2026-05-04', 'month');
  expect(until - from).toBeGreaterThan(60 * 86_400_000);
  expect(checkCalendarSearch({ view: 'year', date: 'yesterday', who: 'x' })).toEqual({ who: 'x' });
});

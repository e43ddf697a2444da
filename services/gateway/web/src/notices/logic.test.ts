import { create } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { NotificationSchema } from '../gen/baton/v1/notifications_pb';
import { byThing, shownOf } from './logic';

const at = create(TimestampSchema, { seconds: 1n });
const n = (id: string, fields: object = {}) => create(NotificationSchema, { id, ...fields });

test('of one thing the newest stands first, with what was said before', () => {
  const things = byThing([n('4', { leadId: 'a' }), n('3'), n('2', { leadId: 'a' }), n('1', { activityId: 'x' })]);
  expect(things.map((t) => t.map((i) => i.id))).toEqual([['4', '2'], ['3'], ['1']]);
});

test('what is unread, and what waits to be acknowledged although it was seen', () => {
  const list = [n('1'), n('2', { seenAt: at }), n('3', { seenAt: at, mustAcknowledge: true }), n('4', { seenAt: at, mustAcknowledge: true, acknowledgedAt: at })];
  expect(shownOf(list, 'unread').map((i) => i.id)).toEqual(['1', '3']);
  expect(shownOf(list, 'urgent').map((i) => i.id)).toEqual(['3']);
  expect(shownOf(list, 'all')).toHaveLength(4);
});

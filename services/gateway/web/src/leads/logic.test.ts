import { create } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { type Lead, LeadSchema, LeadStatus } from '../gen/baton/v1/leads_pb';
import { NotificationClass, NotificationSchema } from '../gen/baton/v1/notifications_pb';
import { byDeadline, countdown, inQueue, leadFacts, leadName, putField, remaining, toldOf, whoLeft } from './logic';
import { checkLeadSearch } from './search';

const at = (ms: number) => create(TimestampSchema, { seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1e6 });
const lead = (id: string, fields: Partial<Omit<Lead, '$typeName'>> = {}) =>
  create(LeadSchema, { id, status: LeadStatus.ASSIGNED, ownerId: 'me', ...fields } as never);

test('what is due first stands first; without a deadline the newest', () => {
  const list = [lead('1'), lead('2', { responseDueAt: at(9000) }), lead('3'), lead('4', { responseDueAt: at(5000) }),
    lead('5', { status: LeadStatus.WORKING, responseDueAt: at(1) })];
  expect(list.sort((a, b) => byDeadline(a, b)).map((l) => l.id)).toEqual(['4', '2', '5', '3', '1']);
});

test('time that is left is counted down, turns amber in its last quarter, and goes below nothing', () => {
  const l = lead('1', { responseDueAt: at(100_000) });
  expect(countdown(l, 0, 0)).toEqual({ left: 100_000, part: 1, state: 'calm' });
  expect(countdown(l, 80_000, 0)?.state).toBe('amber');
  expect(countdown(l, 100_001, 0)).toEqual({ left: -1, part: 0, state: 'late' });
  expect(countdown(lead('2', { status: LeadStatus.WORKING, responseDueAt: at(1) }), 0)).toBeUndefined();
  expect(countdown(lead('3', { responseDueAt: at(100_000), reminded: true }), 0, 0)?.state).toBe('amber');
});

test('short, longer and long times', () => {
  expect([59_999, 61_000, 3_600_000, 172_800_000, -61_000].map(remaining)).toEqual(['00:59', '01:01', '1:00 h', '2 d', '−01:01']);
});

test('queues: mine, the team\'s, what nobody took, what is late soon', () => {
  const list = [lead('1'), lead('2', { ownerId: 'you' }), lead('3', { queueId: 'q' }), lead('4', { responseDueAt: at(60_000) })];
  const ids = (queue: Parameters<typeof inQueue>[1]) => inQueue(list, queue, 'me', 0).map((l) => l.id);
  expect(ids('mine')).toEqual(['4', '1']);
  expect(ids('team')).toEqual(['4', '2', '1']);
  expect(ids('unassigned')).toEqual(['3']);
  expect(ids('breaching')).toEqual(['4']);
});

test('names: people first, then what there is; Chinese names as they are written', () => {
  expect(leadName(lead('1', { firstName: 'Zoë', lastName: 'Quick', company: 'B' }))).toBe('Zoë Quick');
  expect(leadName(lead('2', { firstName: '小明', lastName: '王' }))).toBe('王小明');
  expect(leadName(lead('3', { company: 'B' }))).toBe('B');
  expect(leadFacts(lead('4', { company: 'B', productInterest: 'pumps' }))).toEqual(['pumps']);
});

test('the newest notification that says why counts; all that are unseen are kept', () => {
  const note = (id: string, klass: NotificationClass, text: string, seen = false) =>
    create(NotificationSchema, { id, leadId: 'l', class: klass, text, createdAt: at(7000), ...(seen ? { seenAt: at(1) } : {}) });
  const told = toldOf([note('3', NotificationClass.DEADLINE_NEAR, 'soon'), note('2', NotificationClass.LEAD_REASSIGNED, 'new'),
    note('1', NotificationClass.LEAD_ASSIGNED, 'old', true)]);
  expect(told.get('l')).toEqual({ reason: 'new', since: 7000, unseen: ['3', '2'] });
});

test('who went without me is told of, what I sent away is not', () => {
  const before = [lead('1'), lead('2'), lead('3', { status: LeadStatus.WORKING }), lead('4', { ownerId: 'you' })];
  expect(whoLeft(before, [lead('1', { ownerId: 'you' })], 'me', new Set(['2'])).map((l) => l.id)).toEqual(['1']);
});

test('the address says what is looked at, and nothing else', () => {
  expect(checkLeadSearch({ queue: 'team', lead: 'x', other: 1 })).toEqual({ queue: 'team', lead: 'x' });
  expect(checkLeadSearch({ queue: 'nonsense', lead: 7 })).toEqual({});
});

test('fields of the schema go where a message has them', () => {
  const target = {};
  putField(target, 'last_name', 'Q');
  putField(target, 'address.postal_code', '1');
  expect(target).toEqual({ lastName: 'Q', address: { postalCode: '1' } });
});

// Activities and when they are: days, zones, repetitions, reminders, busy times, timelines and callers.
// 1 whole days, times without a zone and times of one become moments; a zone there is not is refused
// 2 what repeats is listed one by one, by the clocks of its zone, over a change of the clocks
// 3 rules that never end, never happen or happen all the time are bounded or refused with a reason
// 4 a calendar that shows others only busy times says nothing else to them
// 5 busy times are merged, and say nothing about why
// 6 a reminder rings once with the owner and who attends, in their own words
// 7 who has nothing planned can be listed
// 8 a timeline has activities, notes, changes, leads and opportunities, newest first, in pages
// 9 a number in any spelling leads to whose it is, and a call is written down with them
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, request_id, shared, until } from './lib.mjs';

const d = shared(set_up);
let ann, wang, other, account, contact;

async function set_up() {
  const [organisation] = await d.list('organisation');
  await update('organisation', organisation.id, { timeZone: 'Europe/Berlin', locale: 'de-DE' });
  ann = await d.user('Ann', 'rep');
  wang = await d.user('Wang', 'rep', { locale: 'zh-TW', timeZone: 'Asia/Taipei' });
  other = await d.user('Other', 'manager');
  account = await d.create('account', {
    name: 'Acme', phone: '(089) 901820-0', billingAddress: { country: 'Germany' }, ownerId: ann.id,
  });
  contact = await d.create('contact', {
    lastName: 'Smith', firstName: 'Anna', accountId: account.id, mobilePhone: '0171 / 555 93 71',
  });
  await d.settled();
}

const update = (type, id, fields, clear) =>
  d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { [type]: { id, ...fields } }, clear });
const plan = (fields, user = ann) =>
  d.create('activity', { kind: 'ACTIVITY_KIND_MEETING', subject: 'Visit', ownerId: user.id, ...fields });
const listed = (body, user = ann) =>
  d.call('ContactService/ListOccurrences', body, { token: user.token }).then((r) => ({ occurrences: [], ...r }));
const starts = (answer) => answer.occurrences.map((o) => o.startAt);
const told = async (user) =>
  (await d.call('NotificationService/ListNotifications', {}, { token: user.token })).notifications ?? [];

test('1: days, local times and zones', async () => {
  const day = await plan({ startLocal: '2027-01-05', endLocal: '2027-01-07' });
  assert.equal(day.startAt, '2027-01-04T23:00:00Z');
  assert.equal(day.endAt, '2027-01-06T23:00:00Z');
  const floating = await plan({ startLocal: '2027-01-05T09:00:00', endLocal: '2027-01-05T10:00:00' }, wang);
  assert.equal(floating.startAt, '2027-01-05T01:00:00Z');
  const zoned = await plan({ startLocal: '2027-01-05T09:00:00', timeZone: 'America/New_York' });
  assert.equal(zoned.startAt, '2027-01-05T14:00:00Z');
  assert.equal(zoned.uid, zoned.id);
  const no = await refused('invalid_argument', plan({ startLocal: '2027-01-05T09:00:00', timeZone: 'Mars/Olympus' }));
  assert.equal(no.field, 'activity.time_zone');
  const found = await listed({ from: '2027-01-05T00:00:00Z', until: '2027-01-06T00:00:00Z' });
  assert.deepEqual(found.occurrences.map((o) => o.activityId), [day.id, zoned.id]);
  assert.equal(found.occurrences[0].startLocal, '2027-01-05');
});

test('2: every Monday at nine in Berlin', async () => {
  const series = await plan({
    startLocal: '2028-03-13T09:00:00', endLocal: '2028-03-13T10:00:00', timeZone: 'Europe/Berlin',
    recurrence: 'FREQ=WEEKLY;BYDAY=MO;UNTIL=20280417T070000Z', excludedDates: ['2028-04-03T09:00:00'],
    recurrenceDates: ['2028-04-05T15:00:00'],
  });
  const window = { from: '2028-03-01T00:00:00Z', until: '2028-06-01T00:00:00Z' };
  // the clocks change on the 26th of March
  assert.deepEqual(starts(await listed(window)), [
    '2028-03-13T08:00:00Z', '2028-03-20T08:00:00Z', '2028-03-27T07:00:00Z', '2028-04-05T13:00:00Z',
    '2028-04-10T07:00:00Z', '2028-04-17T07:00:00Z',
  ]);
  assert.deepEqual(starts(await listed({ from: '2028-03-20T08:30:00Z', until: '2028-03-27T07:00:00Z' })), [
    '2028-03-20T08:00:00Z',
  ]);
  await update('activity', series.id, {}, ['recurrence', 'excluded_dates', 'recurrence_dates']);
  assert.deepEqual(starts(await listed(window)), ['2028-03-13T08:00:00Z']);
});

test('3: rules without an end', async () => {
  const from = { startLocal: '2029-01-01T09:00:00', timeZone: 'UTC' };
  for (const [recurrence, reason] of [
    ['FREQ=SECONDLY', /daily at most/],
    ['FREQ=DAILY;COUNT=1000000000', /at most 1000 times/],
    ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', /never happens/],
    ['FREQ=SOMETIMES', /no rule/],
  ]) {
    const no = await refused('invalid_argument', plan({ ...from, recurrence }));
    assert.equal(no.field, 'activity.recurrence');
    assert.match(no.said, reason);
  }
  const bomb = await plan({
    ...from, recurrence: 'FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;BYMINUTE=0,10,20,30,40,50',
  });
  const begin = Date.now();
  const found = await listed({ from: '2029-01-01T00:00:00Z', until: '2030-01-01T00:00:00Z' });
  assert.equal(found.occurrences.length, 1000);
  assert.equal(found.hasMore, true);
  assert.ok(Date.now() - begin < 2000);
  await d.call('RecordService/DeleteRecord', { requestId: request_id(), type: 'activity', id: bomb.id });
  assert.equal((await listed({ from: '2029-01-01T00:00:00Z', until: '2030-01-01T00:00:00Z' })).occurrences.length, 0);
  await refused('invalid_argument', listed({ from: '2029-01-01T00:00:00Z', until: '2031-01-01T00:00:00Z' }));
});

test('4: a calendar that shows busy times', async () => {
  const calendar = await d.create('calendar', {
    name: 'Private', ownerId: ann.id, color: '#3366cc', shows: 'CALENDAR_SHOWS_BUSY',
  });
  const when = { startAt: '2027-02-01T09:00:00Z', endAt: '2027-02-01T10:00:00Z' };
  const { id } = await plan({ ...when, calendarId: calendar.id, subject: 'Dentist', attendees: [{ userId: wang.id }] });
  const window = { from: '2027-02-01T00:00:00Z', until: '2027-02-02T00:00:00Z' };
  const of = async (user, body) => (await listed({ ...window, ...body }, user)).occurrences[0];
  assert.equal((await of(ann, { calendarId: calendar.id })).subject, 'Dentist');
  assert.equal((await of(wang, {})).subject, 'Dentist');
  const seen = await of(other, { ownerId: ann.id });
  assert.equal(seen.subject, undefined);
  assert.equal(seen.startAt, when.startAt);
  // nor by any other way to it
  const get = (user) => d.call('RecordService/GetRecord', { type: 'activity', id }, { token: user.token });
  assert.equal((await get(wang)).record.activity.subject, 'Dentist');
  await refused('not_found', get(other));
  assert.ok(!(await d.list('activity', { token: other.token })).some((a) => a.id === id));
  await refused('not_found', d.call('RecordService/ListChanges', { type: 'activity', id }, { token: other.token }));
  const change = { requestId: request_id(), record: { activity: { id, subject: 'Mine' } } };
  await refused('not_found', d.call('RecordService/UpdateRecord', change, { token: other.token }));
  await refused('invalid_argument', plan({ ...when, calendarId: calendar.id }, wang));
  await refused('failed_precondition',
    d.call('RecordService/DeleteRecord', { requestId: request_id(), type: 'calendar', id: calendar.id }));
});

test('5: busy times', async () => {
  const at = (from, until, more) => plan({ startAt: `2027-03-01T${from}:00Z`, endAt: `2027-03-01T${until}:00Z`, ...more });
  await at('09:00', '10:00');
  await at('09:30', '11:00');
  await at('11:00', '11:30', { kind: 'ACTIVITY_KIND_TASK' });
  await at('12:00', '13:00', { attendees: [{ userId: wang.id }, { email: 'guest@buyer.example' }] });
  await at('14:00', '15:00', { status: 'ACTIVITY_STATUS_CANCELED' });
  await at('15:00', '16:00', { isFree: true });
  const body = { userIds: [ann.id, wang.id], from: '2027-03-01T09:15:00Z', until: '2027-03-02T00:00:00Z' };
  const { users } = await d.call('ContactService/GetFreeBusy', body, { token: other.token });
  assert.deepEqual(users[0].spans, [
    { startAt: '2027-03-01T09:15:00Z', endAt: '2027-03-01T11:00:00Z' },
    { startAt: '2027-03-01T12:00:00Z', endAt: '2027-03-01T13:00:00Z' },
  ]);
  assert.deepEqual(users[1].spans, [{ startAt: '2027-03-01T12:00:00Z', endAt: '2027-03-01T13:00:00Z' }]);
});

test('6: a reminder rings once', async () => {
  const soon = new Date(Date.now() + 3000);
  soon.setMilliseconds(0);
  const again = new Date(soon.getTime() + 2000).toISOString().replace('.000', '');
  const call = await plan({
    kind: 'ACTIVITY_KIND_CALL', subject: 'Call Acme', startAt: soon.toISOString(), recurrenceDates: [again],
    reminderMinutes: [0], attendees: [{ userId: wang.id }, { userId: other.id, answer: 'ATTENDEE_ANSWER_DECLINED' }],
  });
  const rung = (list) => list.filter((n) => n.activityId === call.id);
  await until('Wang is told twice', async () => rung(await told(wang)).length === 2, 20000);
  const [english] = rung(await until('Ann, too', async () => rung(await told(ann)).length === 2 && (await told(ann))));
  assert.equal(english.class, 'NOTIFICATION_CLASS_TASK_DUE');
  assert.equal(english.title, 'Reminder: Call Acme');
  assert.match(english.text, /It begins on .*\(UTC\+1\)/);
  const [chinese] = rung(await told(wang));
  assert.equal(chinese.title, '提醒：Call Acme');
  assert.match(chinese.text, /\(UTC\+8\)開始/);
  assert.equal(rung(await told(other)).length, 0);
  await d.settled();
  assert.equal(rung(await told(ann)).length, 2);
});

test('7: nothing planned', async () => {
  const without = async (type, body = {}) =>
    ((await d.call('ContactService/ListWithoutNextActivity', { type, ...body })).records ?? []).map((r) => r.id);
  assert.deepEqual(await without('account'), [account.id]);
  const task = await plan({
    kind: 'ACTIVITY_KIND_TASK', startLocal: '2027-04-01', accountId: account.id, contactId: contact.id,
  });
  assert.deepEqual(await without('account'), []);
  assert.deepEqual(await without('contact'), []);
  const timeline = await d.call('ContactService/GetTimeline', { contactId: contact.id });
  assert.equal(timeline.nextActivityId, task.id);
  assert.equal(timeline.nextActivityAt, '2027-03-31T22:00:00Z');
  await update('activity', task.id, { status: 'ACTIVITY_STATUS_DONE' });
  assert.deepEqual(await without('contact', { ownerId: other.id }), []);
  assert.deepEqual(await without('account', { ownerId: ann.id }), [account.id]);
});

test('8: what was with an account', async () => {
  await d.create('note', { text: 'They like blue.', accountId: account.id });
  await update('account', account.id, { website: 'https://acme.example' });
  const { lead } = await d.capture({ firstName: 'Anna', lastName: 'Smith', company: 'Acme', email: 'anna@acme.example' });
  const opportunity = await d.create('opportunity', { name: 'Blue paint', accountId: account.id });
  await d.settled();
  const page = (body) => d.call('ContactService/GetTimeline', { accountId: account.id, ...body });
  const { items } = await page({});
  const kinds = items.map((i) => i.kind.replace('TIMELINE_KIND_', ''));
  assert.deepEqual([...new Set(kinds)].sort(), ['ACTIVITY', 'CHANGE', 'LEAD', 'NOTE', 'OPPORTUNITY']);
  assert.equal(items.find((i) => i.recordId === lead.id).title, 'Anna Smith');
  assert.equal(items.find((i) => i.recordId === opportunity.id).title, 'Blue paint');
  assert.equal(items.find((i) => i.recordId === opportunity.id).stageName, 'Prospecting');
  assert.deepEqual(items.find((i) => i.kind === 'TIMELINE_KIND_CHANGE').fields, ['website']);
  const times = items.map((i) => Date.parse(i.at));
  assert.deepEqual(times, [...times].sort((a, b) => b - a));
  const found = [];
  for (let pageToken; ; ) {
    const next = await page({ pageSize: 2, pageToken });
    found.push(...(next.items ?? []));
    if (!(pageToken = next.nextPageToken)) break;
  }
  assert.deepEqual(found, items);
  await d.call('RecordService/DeleteRecord', { requestId: request_id(), type: 'opportunity', id: opportunity.id });
  await d.settled();
  assert.ok(!(await page({})).items.some((i) => i.recordId === opportunity.id));
});

test('9: who is calling', async () => {
  const callers = async (number) => (await d.call('ContactService/LookUpCaller', { number })).callers ?? [];
  for (const number of ['+49 171 5559371', '0049-171-5559371', '01715559371', '(0171) 555 93-71', '+49 (0) 171 5559371'])
    assert.deepEqual((await callers(number)).map((c) => c.contactId), [contact.id], number);
  assert.deepEqual((await callers('+49 89 9018200')).map((c) => [c.contactId, c.name]), [[undefined, 'Acme']]);
  assert.deepEqual(await callers('+49 171 5559372'), []);
  assert.deepEqual(await callers('anonymous'), []);
  const body = {
    requestId: request_id(), number: '+491715559371', direction: 'CALL_DIRECTION_IN', outcome: 'CALL_OUTCOME_REACHED',
    seconds: 90,
  };
  const { activity } = await d.call('ContactService/LogCall', body, { token: wang.token });
  assert.equal(activity.contactId, contact.id);
  assert.equal(activity.accountId, account.id);
  assert.equal(activity.subject, 'Call from Anna Smith');
  assert.equal(activity.ownerId, wang.id);
  assert.equal(activity.status, 'ACTIVITY_STATUS_DONE');
  assert.equal(Date.parse(activity.endAt) - Date.parse(activity.startAt), 90000);
  await update('contact', contact.id, { mobilePhone: '0171 5559372' });
  assert.deepEqual(await callers('+491715559371'), []);
  assert.deepEqual((await callers('+491715559372')).map((c) => c.name), ['Anna Smith']);
  d.verify();
});

// Files of iCalendar in and out, read by somebody else as well: ical.js.
// 1 what repeats is at the same moments for both
// 2 what is not known here survives, what is changed here is what leaves
// 3 the same file once more adds nothing; a start that somebody moved is not in its series any more
// 4 one calendar alone by its address, with a token and in no more than one may see
// 5 every file there is is read or refused with a reason, and what was read leaves again
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, data_file, exchange, needs, new_folder, refused, request_id, shared } from './lib.mjs';

const web = createRequire(join(ROOT, 'tests', 'web', 'package.json'));
const skip = (() => {
  try {
    return !web.resolve('ical.js');
  } catch {
    return 'npm install in tests/web has not been run';
  }
})();
const ICAL = skip ? undefined : (await import(web.resolve('ical.js'))).default ?? (await import(web.resolve('ical.js')));

const d = shared(set_up);
const folder = new_folder();
let ann, other;

async function set_up() {
  ann = await d.user('Ann', 'rep', { timeZone: 'Europe/Berlin' });
  other = await d.user('Other', 'manager');
  await d.settled();
}

const wrap = (...lines) => ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (uid, ...lines) => ['BEGIN:VEVENT', `UID:${uid}`, 'DTSTAMP:20260101T000000Z', ...lines, 'END:VEVENT'].join('\r\n');

function bring_in(name, text, owner = ann, ...more) {
  const file = join(folder, name);
  writeFileSync(file, text);
  const { status, out, err } = d.tool('calendar', 'import', file, '--owner', owner.email, ...more, '--json');
  assert.equal(status, 0, err);
  return { ...JSON.parse(out), err };
}

function take_out(owner = ann) {
  const { status, out, err } = d.tool('calendar', 'export', '--owner', owner.email);
  assert.equal(status, 0, err);
  return read(out.replace(/^RRULE:RSCALE.*\r\n/gm, '')); // calendars of other countries, which ical.js does not know
}

function read(text) {
  const all = new ICAL.Component(ICAL.parse(text));
  for (const zone of all.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  return all;
}

const component = (all, uid) => all.getAllSubcomponents().find((c) => c.getFirstPropertyValue('uid') === uid);

/** Its starts, as ical.js counts them. */
function starts(c, from, until) {
  const e = new ICAL.Event(c);
  const found = [];
  if (!e.isRecurring()) return [e.startDate.toJSDate().toISOString()];
  const all = e.iterator();
  for (let t = all.next(); t && t.toJSDate() < until; t = all.next())
    if (t.toJSDate() >= from) found.push(t.toJSDate().toISOString());
  return found;
}

test('1: the same moments', { skip }, async () => {
  const rules = [
    'FREQ=WEEKLY;BYDAY=MO,WE,FR', 'FREQ=DAILY;INTERVAL=3;COUNT=100', 'FREQ=MONTHLY;BYDAY=-1FR',
    'FREQ=MONTHLY;BYMONTHDAY=31', 'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    'FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU', 'FREQ=YEARLY;BYYEARDAY=1,100,200', 'FREQ=WEEKLY;UNTIL=20280601T070000Z',
    'FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU,4TH', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
  ];
  const text = wrap(...rules.map((rule, i) =>
    event(`rule-${i}`, `SUMMARY:${rule}`, 'DTSTART;TZID=Europe/Berlin:20280103T090000',
      'DTEND;TZID=Europe/Berlin:20280103T100000', `RRULE:${rule}`)));
  assert.deepEqual(bring_in('rules.ics', text), { made: rules.length, changed: 0, rejected: 0, err: '' });
  const all = take_out();
  const [from, until] = [new Date('2028-02-01T00:00:00Z'), new Date('2029-01-15T00:00:00Z')];
  const ours = await d.call('ContactService/ListOccurrences',
    { ownerId: ann.id, from: from.toISOString(), until: until.toISOString() });
  for (let i = 0; i < rules.length; i++) {
    const theirs = starts(component(all, `rule-${i}`), from, until);
    const mine = ours.occurrences.filter((o) => o.subject === rules[i]).map((o) => new Date(o.startAt).toISOString());
    // what does not begin by its own rule begins by it for us, and at its start for ical.js
    assert.deepEqual(mine, theirs, rules[i]);
  }
});

test('2: what is not known here', { skip }, async () => {
  const text = wrap(event('kept', 'SUMMARY;LANGUAGE=en:Visit', 'DTSTART;VALUE=DATE:20300105', 'DTEND;VALUE=DATE:20300107',
    'X-COLOUR;SHADE=dark:blue\\, or green', 'CATEGORIES:One\\, two,Three', 'GEO:48.1;11.5', 'CLASS:PRIVATE',
    'ORGANIZER;CN="Smith, A":mailto:a@buyer.example', 'CONFERENCE;VALUE=URI:https://meet.example/1',
    'ATTENDEE;RSVP=TRUE;CN=Guest:mailto:guest@buyer.example', `ATTENDEE;PARTSTAT=TENTATIVE:mailto:${other.email}`,
    'BEGIN:VALARM', 'ACTION:EMAIL', 'TRIGGER:-PT30M', 'SUMMARY:s', 'DESCRIPTION:d', 'ATTENDEE:mailto:a@buyer.example',
    'END:VALARM'));
  bring_in('kept.ics', text);
  const activity = (await d.list('activity')).find((a) => a.uid === 'kept');
  assert.equal(activity.startAt, '2030-01-04T23:00:00Z');
  assert.deepEqual(activity.attendees.map((a) => a.userId ?? a.email), ['guest@buyer.example', other.id]);
  assert.deepEqual(activity.reminderMinutes, [30]);
  const before = component(read(text), 'kept'), after = component(take_out(), 'kept');
  const lines = (c) => c.getAllProperties().filter((p) => !/dtstamp|last-modified|created/.test(p.name))
    .flatMap((p) => (p.isMultiValue ? p.getValues().map((v) => `${p.name}:${v}`) : p.toICALString())).sort();
  assert.deepEqual(lines(after), lines(before));
  assert.deepEqual(lines(after.getFirstSubcomponent('valarm')), lines(before.getFirstSubcomponent('valarm')));
  await d.call('RecordService/UpdateRecord', {
    requestId: request_id(), record: { activity: { id: activity.id, subject: 'Other', reminderMinutes: [10] } },
  });
  const changed = component(take_out(), 'kept');
  assert.equal(changed.getFirstPropertyValue('summary'), 'Other');
  assert.equal(changed.getFirstPropertyValue('x-colour'), before.getFirstPropertyValue('x-colour'));
  assert.deepEqual(changed.getAllSubcomponents('valarm').map((a) => String(a.getFirstPropertyValue('trigger'))), ['-PT10M']);
});

test('3: once more', { skip }, async () => {
  const series = event('moved', 'SUMMARY:Week', 'DTSTART;TZID=Europe/Berlin:20310106T090000',
    'DTEND;TZID=Europe/Berlin:20310106T100000', 'RRULE:FREQ=WEEKLY;COUNT=4');
  const moved = event('moved', 'SUMMARY:Week', 'RECURRENCE-ID;TZID=Europe/Berlin:20310113T090000',
    'DTSTART;TZID=Europe/Berlin:20310114T150000', 'DTEND;TZID=Europe/Berlin:20310114T160000');
  assert.equal(bring_in('moved.ics', wrap(moved, series)).made, 2);
  assert.deepEqual(bring_in('moved.ics', wrap(moved, series)), { made: 0, changed: 2, rejected: 0, err: '' });
  const { occurrences } = await d.call('ContactService/ListOccurrences',
    { ownerId: ann.id, from: '2031-01-01T00:00:00Z', until: '2031-02-15T00:00:00Z' });
  assert.deepEqual(occurrences.filter((o) => o.subject === 'Week').map((o) => o.startAt), [
    '2031-01-06T08:00:00Z', '2031-01-14T14:00:00Z', '2031-01-20T08:00:00Z', '2031-01-27T08:00:00Z',
  ]);
  const all = take_out().getAllSubcomponents('vevent').filter((c) => c.getFirstPropertyValue('uid') === 'moved');
  assert.equal(all.length, 2);
  assert.ok(all.every((c) => !c.hasProperty('exdate')));
  assert.equal(all.filter((c) => c.hasProperty('recurrence-id')).length, 1);
});

test('4: by its address', { skip }, async () => {
  const lines = (n) => event(`own-${n}`, `SUMMARY:Own ${n}`, 'LOCATION:Room', 'DTSTART;TZID=America/New_York:20320105T090000');
  bring_in('own.ics', wrap(...Array.from({ length: 450 }, (_, n) => lines(n))), ann, '--calendar', 'Private');
  const [calendar] = await d.list('calendar');
  const get = (token, id = calendar.id) =>
    exchange(`${d.url}/v1/calendars/${id}.ics`, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  const answer = await get(ann.token);
  assert.equal(answer.status, 200);
  assert.equal(answer.type, 'text/calendar');
  const all = read(answer.text);
  assert.equal(all.getAllSubcomponents('vevent').length, 450);
  assert.equal(all.getAllSubcomponents('vtimezone').length, 1);
  assert.equal(all.getFirstPropertyValue('x-wr-calname'), 'Private');
  assert.equal(new ICAL.Event(component(all, 'own-7')).startDate.toJSDate().toISOString(), '2032-01-05T14:00:00.000Z');
  await d.call('RecordService/UpdateRecord', {
    requestId: request_id(), record: { calendar: { id: calendar.id, shows: 'CALENDAR_SHOWS_BUSY' } },
  });
  const busy = component(read((await get(other.token)).text), 'own-7');
  assert.equal(busy.getFirstPropertyValue('summary'), 'Busy');
  assert.ok(!busy.hasProperty('location'));
  assert.equal((await get()).status, 401);
  assert.equal((await get(ann.token, ann.id)).status, 404);
  assert.equal((await exchange(`${d.url}/v1/calendars/x`, { headers: { authorization: `Bearer ${ann.token}` } })).status, 404);
  await refused('invalid_argument', d.call('ContactService/ExportCalendar', {}));
});

test('5: every file there is', { skip: skip || needs('icalendars') }, async () => {
  const files = readdirSync(data_file('icalendars'), { recursive: true }).map((f) => data_file('icalendars', f))
    .filter((f) => f.endsWith('.ics') && statSync(f).isFile());
  let taken = 0;
  for (const file of files) {
    const { status, out, err } = d.tool('calendar', 'import', file, '--owner', other.email, '--json');
    assert.ok(status === 0 || (status === 4 && err.includes(file)), `${file}: ${err}`);
    if (status !== 0) continue;
    const { made, changed, rejected } = JSON.parse(out);
    assert.equal(err.trim().split('\n').filter((line) => line.startsWith(file)).length, rejected, `${file}: ${err}`);
    taken += made + changed;
  }
  assert.ok(taken > 100);
  const all = take_out(other);
  const ours = (await d.list('activity')).filter((a) => a.ownerId === other.id);
  assert.equal(all.getAllSubcomponents('vevent').length + all.getAllSubcomponents('vtodo').length, ours.length);
  d.verify();
});

// Who is told, in which words, and how they want it: languages, preferences, followers, announcements.
// 1 texts are in the user's language, with times by their own clocks, and say what can be done
// 2 preferences are one's own; an administrator may look at anybody's, on the console too
// 3 what is wrong with them is said, with the field
// 4 what is muted, snoozed or for the digest is in the list and does not ring
// 5 who converts a lead of somebody else's team is heard of by its manager
// 6 a lead can be followed by whoever may see it; they hear what becomes of it, who did it does not
// 7 an announcement comes to everybody it is for, once
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, request_id, shared, until } from './lib.mjs';

const d = shared(set_up);
let boss, ann, bob, wang;

async function set_up() {
  boss = await d.user('Boss', 'manager');
  const team = await d.create('team', { name: 'North', managerId: boss.id });
  ann = await d.user('Ann', 'rep', { teamId: team.id });
  bob = await d.user('Bob', 'inside');
  wang = await d.user('Wang', 'rep', { locale: 'zh-TW', timeZone: 'Asia/Taipei', teamId: team.id });
  await d.settled();
  await d.route_to([ann]);
}

const set = (user, preferences) =>
  d.call('NotificationService/SetPreferences', { requestId: request_id(), preferences }, { token: user.token });
const get = (user, body = {}) => d.call('NotificationService/GetPreferences', body, { token: user.token ?? user });
const list = async (user) =>
  (await d.call('NotificationService/ListNotifications', {}, { token: user.token })).notifications ?? [];
const told = (user, what, fits) => until(what, async () => (await list(user)).find(fits));
const about = (lead, kind) => (n) => n.leadId === lead.id && n.class === `NOTIFICATION_CLASS_${kind}`;
const act = (method, user, lead, fields = {}) =>
  d.call(`LeadService/${method}`, { requestId: request_id(), id: lead.id, ...fields }, { token: user.token });
const assign = (lead, user) =>
  d.call('LeadService/AssignLead', { requestId: request_id(), id: lead.id, ownerId: user.id });

test('1: each in their own words', async () => {
  const { lead } = await d.capture({ firstName: 'Ada', lastName: 'King', company: '台積電', email: 'ada@buyer.example' });
  const english = await told(ann, 'Ann is told', about(lead, 'LEAD_ASSIGNED'));
  assert.equal(english.title, 'New lead: Ada King, 台積電');
  assert.match(english.text, /Answer until .*\(UTC/);
  assert.equal(english.importance, 'NOTIFICATION_IMPORTANCE_HIGH');
  assert.deepEqual(english.actions.map((a) => a.label), ['Accept', 'Decline', 'Open']);
  await assign(lead, wang);
  const chinese = await told(wang, 'Wang is told', about(lead, 'LEAD_REASSIGNED'));
  assert.equal(chinese.title, '轉交給您的潛在客戶：Ada King，台積電');
  assert.match(chinese.text, /請於.*\(UTC\+8\)前回覆/);
  assert.deepEqual(chinese.actions.map((a) => a.label), ['接受', '婉拒', '開啟']);
});

test('2: one\'s own, and an administrator\'s to see', async () => {
  const choices = [{ class: 'NOTIFICATION_CLASS_LEAD_ASSIGNED', channel: 'CHANNEL_MAIL', on: false }];
  const quietHours = [{ startMinute: 1320, endMinute: 420 }];
  await set(ann, { choices, quietHours, userId: bob.id });
  const own = await get(ann);
  assert.equal(own.preferences.userId, ann.id);
  assert.deepEqual(own.preferences.choices, choices);
  const route = (answer, name) => answer.routes.find((r) => r.class === `NOTIFICATION_CLASS_${name}`);
  const programs = ['CHANNEL_PUSH', 'CHANNEL_MQTT', 'CHANNEL_TEMPLATE'];
  assert.deepEqual([route(own, 'LEAD_ASSIGNED').channels, route(own, 'LEAD_ASSIGNED').chosen], [programs, true]);
  assert.deepEqual(route(own, 'LEAD_REASSIGNED').channels, ['CHANNEL_MAIL', ...programs]);
  assert.deepEqual((await get(bob)).preferences, { userId: bob.id });
  await refused('permission_denied', get(bob, { userId: ann.id }));
  assert.deepEqual((await get(d.token, { userId: ann.id })).preferences, own.preferences);
  const shown = d.tool('notify', 'prefs', ann.email);
  assert.equal(shown.status, 0, shown.all);
  assert.match(shown.out, /lead assigned +high +push, mqtt, template +yes/);
  assert.match(shown.out, /quiet from 22:00 to 07:00/);
  await set(ann, {});
  assert.equal((await get(ann)).preferences.choices, undefined);
});

test('3: what is wrong is said', async () => {
  const wrong = async (preferences) => (await refused('invalid_argument', set(ann, preferences))).field;
  assert.equal(await wrong({ choices: [{ class: 'NOTIFICATION_CLASS_DIGEST', channel: 'CHANNEL_WEBHOOK' }] }), 'preferences.choices[0].channel');
  assert.equal(await wrong({ digestClasses: ['NOTIFICATION_CLASS_DIGEST'] }), 'preferences.digest_classes[0]');
  assert.equal(await wrong({ snoozeUntil: '2099-01-01T00:00:00Z' }), 'preferences.snooze_until');
  await refused('invalid_argument', set(ann, { quietHours: [{ startMinute: 1440, endMinute: 0 }] }));
  await refused('invalid_argument', set(ann, { mutedIds: ['nothing'] }));
});

test('4: in the list, without ringing', async () => {
  const { lead } = await d.capture({ lastName: 'Muted', email: 'muted@buyer.example' });
  await told(ann, 'Ann is told', about(lead, 'LEAD_ASSIGNED'));
  await assign(lead, wang);
  await set(ann, { mutedIds: [lead.id] });
  await assign(lead, ann);
  assert.equal((await told(ann, 'of what is muted', about(lead, 'LEAD_REASSIGNED'))).silent, true);
  await set(ann, { snoozeUntil: new Date(Date.now() + 3600000).toISOString() });
  assert.ok((await get(ann)).quietUntil);
  const late = (await d.capture({ lastName: 'Late', email: 'late@buyer.example' })).lead;
  assert.equal((await told(ann, 'while snoozing', about(late, 'LEAD_ASSIGNED'))).silent, true);
  await set(ann, { digestClasses: ['NOTIFICATION_CLASS_LEAD_ASSIGNED'] });
  const some = (await d.capture({ lastName: 'Some', email: 'some@buyer.example' })).lead;
  assert.equal((await told(ann, 'for the digest', about(some, 'LEAD_ASSIGNED'))).silent, true);
  await set(ann, {});
  const loud = (await d.capture({ lastName: 'Loud', email: 'loud@buyer.example' })).lead;
  assert.ok(!(await told(ann, 'aloud', about(loud, 'LEAD_ASSIGNED'))).silent);
});

test('5: a manager hears what became of a lead', async () => {
  const { lead } = await d.capture({ lastName: 'Customer', email: 'customer@buyer.example' });
  await act('ConvertLead', ann, lead);
  const n = await told(boss, 'the manager is told', about(lead, 'LEAD_CONVERTED'));
  assert.equal(n.text, 'Ann made a customer of it.');
  assert.equal(n.importance, 'NOTIFICATION_IMPORTANCE_LOW');
});

test('6: followers', async () => {
  const { lead } = await d.capture({ lastName: 'Followed', company: 'Acme', email: 'followed@buyer.example' });
  await refused('not_found', act('FollowLead', wang, lead));
  for (const who of [bob, boss, ann, bob]) await act('FollowLead', who, lead);
  const followed = (await act('FollowLead', bob, lead)).lead;
  assert.deepEqual(followed.followerIds, [bob.id, boss.id, ann.id]);
  await act('UnfollowLead', boss, lead);
  await d.settled();
  await act('AcceptLead', ann, lead);
  const n = await told(bob, 'the follower is told', about(lead, 'HEADS_UP'));
  assert.equal(n.title, 'News of a lead you follow: Followed, Acme');
  assert.equal(n.text, 'Ann accepted it.');
  await d.settled();
  for (const who of [boss, ann]) assert.ok(!(await list(who)).some(about(lead, 'HEADS_UP')));
});

test('7: announcements', async () => {
  const text = { title: 'Meeting', text: 'At nine, in the {large} room.' };
  const announce = (who, fields) =>
    d.call('NotificationService/Announce', { requestId: request_id(), ...text, ...fields }, { token: who });
  await refused('permission_denied', announce(boss.token, {}));
  await refused('permission_denied', announce(ann.token, {}));
  await announce(boss.token, { teamId: ann.teamId });
  const mine = (n) => n.title === 'Meeting';
  for (const who of [ann, wang]) assert.equal((await told(who, 'the team is told', mine)).text, text.text);
  await d.settled();
  assert.equal((await list(bob)).filter(mine).length, 0);
  await refused('not_found', announce(d.token, { territoryId: request_id() }));
  const above = await d.create('territory', { name: 'East', kind: 'TERRITORY_KIND_GEOGRAPHY' });
  const below = await d.create('territory', { name: 'East coast', kind: 'TERRITORY_KIND_GEOGRAPHY', parentId: above.id });
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { user: { id: bob.id, territoryIds: [below.id] } } });
  await d.settled();
  await announce(d.token, { territoryId: above.id, title: 'East' });
  await told(bob, 'who works below it is told', (n) => n.title === 'East');
  await d.settled();
  assert.equal((await list(ann)).filter((n) => n.title === 'East').length, 0);
  for (let i = 0; i < 25; i++) await d.create('user', { email: `many${i}@staff.example`, name: `Many ${i}`, role: 'ROLE_REP' });
  await d.settled();
  await announce(d.token, { title: 'All', importance: 'NOTIFICATION_IMPORTANCE_CRITICAL' });
  for (const who of [boss, ann, bob, wang]) {
    const n = await told(who, 'everybody is told', (x) => x.title === 'All');
    assert.equal(n.importance, 'NOTIFICATION_IMPORTANCE_CRITICAL');
    assert.equal((await list(who)).filter((x) => x.title === 'All').length, 1);
  }
});

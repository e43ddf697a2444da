// Who did what, in all services, and where people are signed in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, request_id, shared, until } from './lib.mjs';

const PASSWORD = 'tulips in may 1637';
const people = {};
let account, lead;

const d = shared(async () => {
  for (const [key, name, role] of [['ann', 'Ann Rep', 'rep'], ['bob', 'Bob Rep', 'rep'], ['ada', 'Ada Admin', 'admin']]) {
    people[key] = await d.user(name, role);
    await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: people[key].id, newPassword: PASSWORD });
  }
  await d.route_to([people.ann]);
  await d.settled();
  account = await d.create('account', { name: 'Nord GmbH' }, people.ann);
  ({ lead } = await d.capture({ email: 'a@nord.example' }, people.ann));
  await d.call('LeadService/AcceptLead', { requestId: request_id(), id: lead.id }, people.ann);
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { account: { id: account.id, name: 'Nord AG' } } }, people.ann);
});

const audit = (filter = {}, options = {}) => d.call('SystemService/ListAudit', { filter, ...options }, people.ada);

async function all(filter, pageSize) {
  const entries = [];
  let pageToken;
  for (let pages = 0; pages < 1000; pages++) {
    const page = await audit(filter, { pageSize, ...(pageToken ? { pageToken } : {}) });
    entries.push(...(page.entries ?? []));
    pageToken = page.nextPageToken;
    if (!pageToken) return entries;
    assert.ok(page.lookedAtSince, 'a page says how far back it looked');
  }
  assert.fail('there is no end');
}

const told = (e) => `${e.service} ${e.event} ${e.recordType} ${e.recordId}`;

test('what somebody did is told of all services, the newest first', async () => {
  const entries = await all({ userId: people.ann.id }, 200);
  const times = entries.map((e) => Date.parse(e.at));
  assert.deepEqual(times, [...times].sort((a, b) => b - a));
  assert.ok(entries.every((e) => e.userId === people.ann.id));
  for (const what of [
    `contacts account.created account ${account.id}`,
    `contacts account.updated account ${account.id}`,
    `leads lead.captured lead ${lead.id}`,
    `leads lead.accepted lead ${lead.id}`,
  ])
    assert.ok(entries.some((e) => told(e) === what), what);
  assert.ok(entries.find((e) => e.event === 'account.updated').fields.includes('name'));
  assert.ok(!JSON.stringify(entries).includes('Nord'), 'ids alone');
});

test('pages of any size are the same, and filters leave out what is not meant', async () => {
  const of = async (size) => (await all({}, size)).map((e) => `${e.service}:${e.seq} ${told(e)}`).filter((e) => !e.includes('access_noted'));
  assert.deepEqual(await of(3), await of(200));
  const one = await all({ recordId: account.id }, 1);
  assert.deepEqual(new Set(one.map((e) => e.recordId)), new Set([account.id]));
  const users = await all({ recordType: 'user' }, 50);
  assert.ok(users.length >= 3 && users.every((e) => e.recordType === 'user'));
  const [newest] = (await all({ userId: people.ann.id, recordType: 'lead' }, 50));
  assert.ok((await all({ userId: people.ann.id, to: newest.at }, 50)).every((e) => Date.parse(e.at) < Date.parse(newest.at)));
  assert.ok((await all({ userId: people.ann.id, from: newest.at }, 50)).some((e) => e.seq === newest.seq));
  assert.ok((await all({ byServices: true }, 200)).some((e) => !e.userId));
  assert.ok((await all({}, 200)).every((e) => e.userId));
});

test('who looked at a customer is told, too', async () => {
  await d.call('RecordService/GetRecord', { type: 'account', id: account.id }, people.ann);
  const looked = await until('it is written down', async () => (await all({ userId: people.ann.id, recordId: account.id }, 50)).find((e) => e.event === 'access_noted'));
  assert.ok(looked.times >= 1);
});

test('only administrators read it, and nonsense is refused', async () => {
  await refused('permission_denied', d.call('SystemService/ListAudit', {}, people.ann));
  for (const pageToken of ['x', '1.2.3', '1.2.3.4.5.6.7', '-1.2.3.4.5.6'])
    assert.equal((await refused('invalid_argument', audit({}, { pageToken }))).field, 'page_token');
  await refused('invalid_argument', audit({}, { pageSize: 1000 }));
});

// --- where people are signed in ---

async function sign_in(who, agent) {
  const answer = await d.ask('DirectoryService/SignIn', { requestId: request_id(), email: who.email, password: PASSWORD }, { token: null, headers: { 'user-agent': agent } });
  assert.equal(answer.status, 200, answer.text);
  return { token: answer.json.sessionToken };
}
const sessions = (options, userId) => d.call('DirectoryService/ListSessions', userId ? { userId } : {}, options);
const end = (what, options) => d.call('DirectoryService/EndSession', { requestId: request_id(), ...what }, options);
const is_in = (session) => d.call('DirectoryService/GetMe', {}, session).then(() => true, () => false);

test('one sees where one is signed in, and ends what one does not know', async () => {
  const long = `Test ${'x'.repeat(500)}`;
  const desk = await sign_in(people.bob, 'Desk/1.0'), phone = await sign_in(people.bob, 'Phone/2.0'), other = await sign_in(people.bob, long);
  const list = await sessions(desk);
  assert.deepEqual(list.sessions.map((s) => s.userAgent), [long.slice(0, 200), 'Phone/2.0', 'Desk/1.0']);
  assert.equal(list.ownSessionId, list.sessions[2].id);
  assert.ok(list.sessions.every((s) => s.createdAt && s.lastUsedAt && s.expiresAt));
  const secrets = [desk, phone, other].map((s) => s.token);
  assert.ok(!secrets.some((s) => JSON.stringify(list).includes(s)) && !JSON.stringify(list).includes('secretHash'));
  assert.equal((await end({ sessionId: list.sessions[1].id }, desk)).ended, 1);
  await until('the phone is out', async () => !(await is_in(phone)));
  assert.ok((await is_in(desk)) && (await is_in(other)));
  assert.equal((await end({ userId: people.bob.id }, desk)).ended, 1);
  await until('the other is out', async () => !(await is_in(other)));
  assert.deepEqual((await sessions(desk)).sessions.map((s) => s.userAgent), ['Desk/1.0']);
  const ended = (await all({ userId: people.bob.id, recordType: 'credential' }, 50)).map((e) => e.event);
  assert.deepEqual(ended, ['credential_revoked', 'credential_revoked', 'credential_issued', 'credential_issued', 'credential_issued']);
});

test('of others only administrators see and end sessions', async () => {
  const ann = await sign_in(people.ann, 'Desk/1.0');
  const [{ id }] = (await sessions(ann)).sessions;
  await refused('permission_denied', sessions(people.bob, people.ann.id));
  await refused('permission_denied', end({ userId: people.ann.id }, people.bob));
  await refused('not_found', end({ sessionId: id }, people.bob));
  await refused('not_found', end({ sessionId: request_id() }, people.bob));
  await refused('invalid_argument', end({}, people.bob));
  assert.ok(await is_in(ann));
  assert.equal((await sessions(people.ada, people.ann.id)).sessions[0].id, id);
  assert.equal((await end({ userId: people.ann.id }, people.ada)).ended, 1);
  await until('she is out', async () => !(await is_in(ann)));
  assert.ok(await is_in(people.ann), 'her token stays');
});

test('the tool shows and ends them', async () => {
  const first = await sign_in(people.ann, 'First/1.0'), second = await sign_in(people.ann, 'Second/1.0');
  const shown = d.tool('user', 'sessions', people.ann.email);
  assert.equal(shown.status, 0, shown.all);
  assert.match(shown.out, /Second\/1\.0[^]*First\/1\.0/);
  const id = (await sessions(people.ada, people.ann.id)).sessions[0].id;
  assert.match(d.tool('user', 'end', id).out, /1 ended/);
  await until('the second is out', async () => !(await is_in(second)));
  assert.match(d.tool('user', 'end', people.ann.email).out, /1 ended/);
  await until('the first is out', async () => !(await is_in(first)));
});

// The logs as an API: GET /v1/events with real processes.
//  1 from the beginning there is everything public, once; of each service in order, and in the order of time
//  2 nothing internal and nothing secret is in it
//  3 every id goes on exactly behind its event, also as Last-Event-ID
//  4 what happens later comes by itself; `follow=false` and `limit` end
//  5 `services` and `types` say what is wanted, and a cursor keeps where the others stand
//  6 what cannot be understood is refused by name; a cursor that a log does not know is refused with what to do
//  7 administrators see all, programs the records they may read, others nothing; 4 streams a user, 32 in all
//  8 a revoked token, another role and signing out end it within 5 seconds
//  9 kill -9 of gateway and leads while leads arrive: a client that comes back has everything once
// 10 a client that reads slowly costs the gateway no memory and nobody else anything, and misses nothing
// 11 a log restored older than the cursor is told of, in an open stream, too
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { LONG, exchange, new_folder, request_id, shared, until } from './lib.mjs';

const PAGES = 40; // of events, more or less, in what the first tests read
const MiB = 1 << 20;
const d = shared(set_up);
let rep, owned, secret;

async function set_up() {
  rep = await d.user('Rep', 'rep');
  await d.route_to([rep]);
  secret = rep.token;
  const account = await d.create('account', { name: 'Läufer & "Söhne"\n' });
  await d.call('RecordService/UpdateRecord', {
    requestId: request_id(),
    record: { account: { id: account.id, name: 'Läufer KG' } },
  });
  await d.call('RecordService/DeleteRecord', { requestId: request_id(), type: 'account', id: account.id });
  const leads = [];
  for (let i = 0; i < PAGES * 4; i++) leads.push((await capture(i)).lead);
  owned = (await d.call('LeadService/ConvertLead', { requestId: request_id(), id: leads[0].id })).lead;
  await d.settled();
}

const capture = (i, fields = {}) =>
  d.capture({ email: `e${i}@buyer.example`, company: `Firm ${i}`, message: 'x'.repeat(2000), ...fields });

const path_of = (query) => `/v1/events?${new URLSearchParams(query)}`;
const open = (query = {}, { token = d.token, ...options } = {}) => d.stream(token, { path: path_of(query), ...options });
const ask = (query, { token = d.token, headers = {} } = {}) =>
  exchange(`${d.url}${path_of(query)}`, { headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers } });

/** All there is now. */
async function read(query = {}, options = {}) {
  const stream = open({ follow: 'false', ...query }, options);
  await stream.when('ended', () => stream.ended, 60000);
  assert.equal(stream.status, 200);
  assert.equal(stream.error, undefined);
  return Object.assign(stream.events, { cursor: stream.cursor });
}

/** What is the same whoever reads it; where other logs stand meanwhile is not. */
const plain = (events) => events.map(({ event, data }) => ({ event, data }));
const types_of = (events) => events.map((e) => e.event);
/** "leads:12.1-abc,..." as {leads: [12, 1]}. */
const places = (id) =>
  Object.fromEntries(id.split(',').map((part) => [part.split(':')[0], part.match(/:(\d+)\.(\d+)-/).slice(1, 3).map(Number)]));
const fails = (answer, status, code, field) => {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json.code, code);
  assert.equal(answer.json.details?.[0].debug.field, field);
  return answer.json.message;
};

test('1: everything from the beginning, once and in order', async () => {
  const all = await read();
  const types = types_of(all);
  const count = (type) => types.filter((t) => t === type).length;
  assert.equal(count('lead.captured'), PAGES * 4);
  assert.equal(count('lead.assigned'), PAGES * 4);
  assert.equal(count('lead.converted'), 1);
  assert.deepEqual(types.filter((t) => t.startsWith('account.')), ['account.created', 'account.updated', 'account.deleted', 'account.created']);
  for (const type of ['organisation.created', 'user.created', 'pool.created', 'policy.published', 'contact.created', 'opportunity.created'])
    assert.ok(count(type) > 0, type);
  assert.equal(new Set(all.map((e) => e.json.id)).size, all.length);
  for (let i = 1; i < all.length; i++) {
    assert.equal(all[i].json.id, all[i].id.match(new RegExp(`${all[i].json.id.split('.')[0]}\\.\\d+`))[0]);
    assert.ok(all[i].json.timestamp >= all[i - 1].json.timestamp, `${all[i - 1].data}\n${all[i].data}`);
    const [before, now] = [places(all[i - 1].id), places(all[i].id)];
    for (const [service, [seq, events]] of Object.entries(before))
      assert.ok(now[service][0] > seq || (now[service][0] === seq && now[service][1] >= events), `${all[i].id}`);
  }
  const leads = all.filter((e) => e.event === 'lead.captured').map((e) => e.json.data.lead.email);
  assert.deepEqual(leads, Array.from({ length: PAGES * 4 }, (_, i) => `e${i}@buyer.example`));
});

test('1: an event says what happened', async () => {
  const all = await read();
  for (const e of all) assert.equal(e.json.type, e.event);
  const changed = all.find((e) => e.event === 'account.updated').json.data;
  assert.equal(changed.record.account.name, 'Läufer KG');
  assert.deepEqual(changed.fields, ['name', 'normalized']);
  const assigned = all.find((e) => e.event === 'lead.assigned').json.data;
  assert.equal(assigned.ownerId, rep.id);
  const made = all.filter((e) => e.json.data.record?.account?.leadId === owned.id);
  assert.equal(made.length, 1);
});

test('2: nothing internal, nothing secret', async () => {
  const all = await read();
  const known = new Set(types_of(all));
  for (const word of ['credential', 'password', 'device', 'delivery', 'notification', 'follow', 'handover', 'outcomes'])
    assert.ok(![...known].some((type) => type.startsWith(word)), word);
  const text = all.map((e) => e.data).join('\n');
  for (const word of [secret, d.token, 'secretHash', 'argon2', 'original', 'previousSeq', '"copy"', 'decision"'])
    assert.ok(!text.includes(word), word);
});

test('3: each id goes on exactly behind its event', async () => {
  const all = await read();
  const within = all.findIndex((e, i) => i > 0 && places(e.id).leads?.[1] > 1 && places(all[i - 1].id).leads?.[0] === places(e.id).leads[0]);
  assert.ok(within > 0, 'a record with several events');
  for (const i of [0, 1, within - 1, within, all.length >> 1, all.length - 2, all.length - 1]) {
    const rest = plain(all.slice(i + 1));
    assert.deepEqual(plain(await read({ from: all[i].id })), rest, `behind ${i}`);
    assert.deepEqual(plain(await read({ from: all[0].id }, { cursor: all[i].id })), rest);
  }
});

test('4: what happens later comes by itself; what is limited ends', async () => {
  const before = await read();
  const stream = open({ from: before.cursor });
  await stream.open();
  assert.equal(stream.type, 'text/event-stream');
  const { lead } = await capture('live');
  await stream.first('it is captured', (e) => e.event === 'lead.captured' && e.json.data.lead.id === lead.id);
  await stream.first('it is assigned', (e) => e.event === 'lead.assigned' && e.json.data.leadId === lead.id);
  const account = await d.create('account', { name: 'Live' });
  await stream.first('the account', (e) => e.event === 'account.created' && e.json.data.record.account.id === account.id);
  assert.equal(stream.ended, false);
  await stream.close();
  assert.deepEqual(types_of(stream.events).filter((t) => t.startsWith('lead')), ['lead.captured', 'lead.assigned']);
  assert.deepEqual(plain(await read({ limit: '7' })), plain(before).slice(0, 7));
  assert.equal((await read({ from: (await read()).cursor })).length, 0);
});

test('5: some services and some types', async () => {
  const all = await read();
  const assigned = await read({ types: 'lead.assigned,lead.converted' });
  assert.deepEqual(assigned.map((e) => e.data), all.filter((e) => /^lead.(assigned|converted)$/.test(e.event)).map((e) => e.data));
  const contacts = await read({ services: 'contacts' });
  assert.deepEqual(contacts.map((e) => e.data), all.filter((e) => /^(account|contact)\./.test(e.event)).map((e) => e.data));
  assert.deepEqual(Object.keys(places(contacts.cursor)), ['contacts']);
  const rest = await read({ from: contacts.cursor });
  assert.equal(rest.length, all.length - contacts.length, 'the others from their beginning');
  const middle = all[all.length >> 1];
  const kept = await read({ from: middle.id, services: 'contacts' });
  assert.deepEqual(places(kept.cursor).leads, places(middle.id).leads, 'those not asked for stay where they are');
  // Nothing that is wanted is left, and the cursor has gone on all the same.
  assert.equal((await read({ types: 'user.left' })).length, 0);
  assert.deepEqual(places((await read({ types: 'user.left' })).cursor).leads, places((await read()).cursor).leads);
});

test('6: what cannot be understood is refused by name', async () => {
  const { cursor } = await read();
  const [leads] = cursor.match(/leads:[^,]+/);
  for (const from of ['x', '17', 'leads', 'leads:', 'leads:1', 'leads:1.1', 'leads:1.1-abc', 'nobody:1.1-0a1b2c3d4e5f', `${leads},`,
    `,${leads}`, `${leads},${leads}`, `${leads} `, 'leads:0.0-0a1b2c3d4e5f', `leads:${'9'.repeat(30)}.1-0a1b2c3d4e5f`, 'leads:-1.1-0a1b2c3d4e5f',
    'a'.repeat(2000), '\u0000', '%', 'leads:1.1-0A1B2C3D4E5G']) {
    const answer = await ask({ from });
    if (from === '\u0000') assert.equal(answer.status, 400);
    else fails(answer, 400, 'invalid_argument', 'from');
  }
  fails(await ask({}, { headers: { 'last-event-id': '5' } }), 400, 'invalid_argument', 'from');
  assert.match(fails(await ask({ types: 'lead.assigned,lead.lost' }), 400, 'invalid_argument', 'types'), /lead\.lost/);
  assert.match(fails(await ask({ services: 'leads,sales' }), 400, 'invalid_argument', 'services'), /sales.*contacts/);
  fails(await ask({ follow: 'maybe' }), 400, 'invalid_argument', 'follow');
  for (const limit of ['0', '-1', 'many']) fails(await ask({ limit }), 400, 'invalid_argument', 'limit');
  fails(await ask({ types: Array(65).fill('lead.assigned').join() }), 400, 'invalid_argument', 'types');
  const said = fails(await ask({ from: leads.replace(/-.*/, '-000000000000') }), 409, 'failed_precondition', 'from');
  assert.match(said, /leads.*another one.*Read from the beginning/);
  assert.equal((await exchange(`${d.url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${d.token}` } })).status, 405);
});

test('7: who may see what', async () => {
  assert.equal((await ask({}, { token: null })).status, 401);
  assert.equal((await ask({}, { token: 'nonsense' })).status, 401);
  for (const role of ['manager', 'rep', 'inside', 'partner']) {
    const { token } = role === 'rep' ? rep : await d.user(`Some ${role}`, role);
    fails(await ask({}, { token }), 403, 'permission_denied', undefined);
  }
  const { token } = await d.user('Program', 'service');
  await d.create('mailAccount', { name: 'm', server: 'smtp://mail.example', fromAddress: 'baton@mail.example', enabled: false });
  const seen = new Set(types_of(await read({}, { token })));
  assert.ok(seen.has('account.created') && seen.has('opportunity.created') && seen.has('user.created'));
  for (const type of seen) assert.ok(!/^(lead|policy|pool|mail_account)/.test(type), type);
  assert.ok(types_of(await read()).includes('mail_account.created'));
});

test('7: so many at once', async () => {
  const people = [];
  for (let i = 0; i < 9; i++) people.push(await d.user(`Reader ${i}`, 'admin'));
  const streams = [];
  for (const { token } of people.slice(0, 8))
    for (let i = 0; i < 4; i++) streams.push(open({ services: 'contacts' }, { token }));
  for (const stream of streams) await stream.when('is open', () => stream.status, 10000);
  assert.deepEqual([...new Set(streams.map((s) => s.status))], [200]);
  assert.match(fails(await ask({}, people[0]), 429, 'resource_exhausted', undefined), /4 event streams of yours/);
  assert.match(fails(await ask({}, people[8]), 429, 'resource_exhausted', undefined), /32 event streams/);
  const account = await d.create('account', { name: 'for all' });
  for (const stream of streams) await stream.first('it', (e) => e.json.data.record?.account?.id === account.id);
  for (const stream of streams) await stream.close();
  await until('there is room at once', async () => (await ask({ follow: 'false' }, people[8])).status === 200, 2000);
});

test('8: a revoked token, another role, and signing out end it', async () => {
  const admin = await d.user('Admin 2', 'admin');
  const made = await d.call('DirectoryService/CreateToken', { requestId: request_id(), userId: admin.id, name: 'short' });
  const revoked = open({}, { token: made.token });
  const changed = open({}, { token: admin.token });
  for (const stream of [revoked, changed]) await stream.first('begins', (e) => e.event === 'user.created');
  await d.call('DirectoryService/RevokeToken', { requestId: request_id(), tokenId: made.tokenId });
  await revoked.when('ended', () => revoked.ended, 5500);
  assert.equal(changed.ended, false);
  const user = { id: admin.id, role: 'ROLE_REP' };
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { user } });
  await changed.when('ended', () => changed.ended, 5500);
  await until('the role is known', async () => (await ask({ follow: 'false' }, admin)).status === 403, 6000);
});

/** A client that comes back whenever its stream ends, from where it was. */
function faithful(cursor) {
  const got = [];
  const reader = { got, breaks: 0, done: false };
  reader.reading = (async () => {
    for (; !reader.done; reader.breaks++) {
      const stream = open({}, { cursor });
      let taken = 0;
      await stream.when('ended', () => {
        got.push(...stream.events.slice(taken));
        taken = stream.events.length;
        return stream.ended || reader.done;
      }, 120000);
      await stream.close();
      cursor = stream.cursor;
      await until('the gateway is there', async () => (await exchange(`${d.url}/healthz`).catch(() => ({}))).status === 200, 30000);
    }
  })();
  return reader;
}

test('9: kill -9 of gateway and leads: everything once', async () => {
  const begin = await read();
  const reader = faithful(begin.cursor);
  const written = [];
  for (let round = 0; round < (LONG ? 40 : 6); round++) {
    const victim = round % 2 ? 'gateway' : 'leads';
    for (let i = 0; i < 12; i++) {
      if (i === 5) process.kill(await until(victim, () => d.processes()[victim], 20000), 'SIGKILL');
      const body = { requestId: request_id(), lead: { email: `k${round}n${i}@buyer.example`, company: 'Kill & Co' } };
      await until('it is captured', async () => (await d.ask('LeadService/CaptureLead', body).catch(() => ({}))).status === 200, 30000);
      written.push(body.lead.email);
    }
  }
  const captured = (events) => events.filter((e) => e.event === 'lead.captured').map((e) => e.json.data.lead.email);
  const last = await d.create('account', { name: 'the last' });
  const is_last = (e) => e.json.data.record?.account?.id === last.id;
  await until('the end', () => reader.got.some(is_last) && captured(reader.got).length >= written.length, 30000);
  const all = await read({ from: begin.cursor });
  reader.done = true;
  await d.create('account', { name: 'wakes it' });
  await reader.reading;
  const of_leads = (events) => events.filter((e) => e.event.startsWith('lead.')).map((e) => e.data);
  assert.deepEqual(captured(reader.got), written);
  assert.deepEqual(of_leads(reader.got), of_leads(all));
  assert.ok(reader.breaks > 2, `${reader.breaks} breaks`);
});

const resident = () => Number(readFileSync(`/proc/${d.processes().gateway}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) * 1024;

test('10: a slow reader', async () => {
  const { cursor } = await read();
  const SIZE = 30000, COUNT = 600; // more than the sockets between us hold
  const query = { from: cursor, types: 'lead.captured', limit: String(COUNT) };
  for (let i = 0; i < COUNT; i += 8)
    await Promise.all(Array.from({ length: 8 }, (_, k) => capture(i + k, { message: 'm'.repeat(SIZE) })));
  const before = resident();
  const socket = connect(Number(new URL(d.url).port), '127.0.0.1').setEncoding('utf8');
  socket.pause();
  socket.write(`GET ${path_of(query)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${d.token}\r\n\r\n`);
  const wanted = await read({ ...query, follow: 'true' });
  assert.equal(wanted.length, COUNT);
  const grown = resident() - before;
  assert.ok(grown < 8 * MiB, `the gateway has grown by ${grown} bytes`);
  assert.ok(socket.bytesRead < COUNT * SIZE / 2, `${socket.bytesRead} bytes were taken`);
  let text = '', ended = false;
  socket.on('data', (chunk) => (text += chunk)).on('end', () => (ended = true));
  socket.resume();
  await until(`the end of ${text.slice(0, 500)}`, () => ended, 30000);
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  const got = [...body.matchAll(/^data: (.*)$/gm)].map((m) => m[1]);
  assert.deepEqual(got, wanted.map((e) => e.data));
});

test('11: a log restored older than the cursor', async () => {
  const dir = join(new_folder(), 'backup');
  const old = await read();
  assert.equal(d.tool('backup', dir).status, 0);
  for (let i = 0; i < 5; i++) await capture(`lost${i}`);
  const young = await read();
  await d.stop();
  assert.equal(d.tool('restore', dir, '--only', 'leads', '--replace').status, 0);
  await d.up();
  const said = fails(await ask({ from: young.cursor }), 409, 'failed_precondition', 'from');
  assert.match(said, /leads.*restored from an older backup.*Read from the beginning/);
  assert.equal((await read({ from: old.cursor, services: 'leads' })).length, 0);
  for (let i = 0; i < 9; i++) await capture(`again${i}`);
  fails(await ask({ from: young.cursor }), 409, 'failed_precondition', 'from');
  const again = (await read({ from: old.cursor, services: 'leads' })).filter((e) => e.event === 'lead.captured');
  assert.equal(again.length, 9);
});

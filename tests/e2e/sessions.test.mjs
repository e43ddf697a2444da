// Who one is, what one may, and what ends when somebody leaves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange, refused, request_id, shared, until } from './lib.mjs';

const PASSWORD = 'tulips in may 1637';
const people = {};
let team;

const d = shared(async () => {
  people.mia = await d.user('Mia Manager', 'manager');
  people.max = await d.user('Max Manager', 'manager');
  team = await d.create('team', { name: 'North', managerId: people.mia.id });
  await d.create('team', { name: 'South', managerId: people.max.id });
  for (const [key, name, role] of [
    ['ann', 'Ann Rep', 'rep'],
    ['bob', 'Bob Rep', 'rep'],
    ['ida', 'Ida Inside', 'inside'],
    ['pat', 'Pat Partner', 'partner'],
    ['sys', 'Sys Service', 'service'],
  ])
    people[key] = await d.user(name, role, role === 'rep' ? { teamId: team.id } : {});
  await d.route_to([people.ann, people.bob]);
  for (const key of ['ann', 'bob'])
    await d.call('DirectoryService/SetPassword', {
      requestId: request_id(),
      userId: people[key].id,
      newPassword: PASSWORD,
    });
  await d.settled();
});

const sign_in = (email, password = PASSWORD) =>
  d.ask(
    'DirectoryService/SignIn',
    { requestId: request_id(), email, password },
    { token: null, headers: { 'baton-session': 'cookie' } },
  );

const cookie_of = (answer) => answer.headers.get('set-cookie')?.split(';')[0];

test('a wrong password, an unknown address and somebody without a password get the same no', async () => {
  const said = new Set();
  for (const [email, password] of [
    [people.ann.email, 'wrong password'],
    ['nobody@staff.example', PASSWORD],
    [people.ida.email, PASSWORD],
  ]) {
    const answer = await sign_in(email, password);
    assert.equal(answer.status, 401);
    assert.equal(answer.headers.get('set-cookie'), null);
    said.add(answer.text);
  }
  assert.equal(said.size, 1, [...said].join('\n'));
});

test('the cookie is for this site and no script, and the token is nowhere else', async () => {
  const answer = await sign_in(people.ann.email);
  assert.equal(answer.status, 200, answer.text);
  const cookie = answer.headers.get('set-cookie');
  assert.match(cookie, /^baton_session=[0-9a-zA-Z_-]{40,};/);
  for (const word of ['HttpOnly', 'SameSite=Strict', 'Path=/']) assert.ok(cookie.includes(word), cookie);
  assert.ok(!/Domain=/i.test(cookie), cookie);
  assert.equal(answer.json.sessionToken, undefined);
  assert.ok(!answer.text.includes(cookie_of(answer).split('=')[1]));
});

test('with the cookie, a page of another site gets nowhere', async () => {
  const cookie = cookie_of(await sign_in(people.ann.email));
  const ask = (headers) => d.ask('DirectoryService/GetMe', {}, { token: null, headers: { cookie, ...headers } });
  assert.equal((await ask({})).status, 200);
  assert.equal((await ask({ 'sec-fetch-site': 'same-origin', origin: d.url })).status, 200);
  assert.equal((await ask({ origin: d.url })).status, 200);
  for (const headers of [
    { 'connect-protocol-version': null },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: d.url.replace('127.0.0.1', 'localhost') },
  ])
    assert.equal((await ask(headers)).status, 403, JSON.stringify(headers));
});

test('tokens: none, wrong, of another scheme', async () => {
  for (const authorization of [undefined, 'Bearer ', 'Bearer nonsense', `Basic ${d.token}`, `Bearer ${d.token}x`]) {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await d.ask('DirectoryService/GetMe', {}, { token: null, headers });
    assert.equal(answer.status, 401, String(authorization));
    assert.equal(answer.json.code, 'unauthenticated');
  }
  assert.equal((await exchange(`${d.url}/v1/stream`)).status, 401);
});

test('signing out ends the session and its stream', async () => {
  const cookie = cookie_of(await sign_in(people.bob.email));
  const stream = d.stream(null, { headers: { cookie } });
  await stream.open();
  assert.equal(stream.status, 200);
  const elsewhere = d.stream(people.bob.token);
  await elsewhere.open();
  const begin = Date.now();
  await d.call('DirectoryService/SignOut', { requestId: request_id() }, { token: null, headers: { cookie } });
  await stream.when('ended', () => stream.ended, 5000);
  assert.ok(Date.now() - begin < 5000);
  const answer = await d.ask('DirectoryService/GetMe', {}, { token: null, headers: { cookie } });
  assert.equal(answer.status, 401);
  assert.equal(elsewhere.ended, false, 'the token of a program goes on');
  await elsewhere.close();
});

test('a revoked token ends its stream within 5 seconds', async () => {
  const made = await d.call('DirectoryService/CreateToken', {
    requestId: request_id(),
    userId: people.ann.id,
    name: 'short-lived',
  });
  const stream = d.stream(made.token);
  await stream.first('ready', (e) => e.event === 'ready');
  await d.call('DirectoryService/RevokeToken', { requestId: request_id(), tokenId: made.tokenId });
  await stream.when('ended', () => stream.ended, 5500);
});

test('a new password ends the other sessions', async () => {
  const first = cookie_of(await sign_in(people.bob.email)), second = cookie_of(await sign_in(people.bob.email));
  const as = (cookie) => ({ token: null, headers: { cookie } });
  const body = { requestId: request_id(), newPassword: `${PASSWORD}!` };
  await refused('permission_denied', d.call('DirectoryService/SetPassword', body, as(first)));
  await d.call('DirectoryService/SetPassword', { ...body, requestId: request_id(), oldPassword: PASSWORD }, as(first));
  assert.equal((await d.ask('DirectoryService/GetMe', {}, as(first))).status, 200);
  await until('the other session has ended', async () =>
    (await d.ask('DirectoryService/GetMe', {}, as(second))).status === 401);
  assert.equal((await sign_in(people.bob.email)).status, 401);
  assert.equal((await sign_in(people.bob.email, `${PASSWORD}!`)).status, 200);
});

// Who may call what at all. One row a method: who is let in. What a let-in caller is answered does not matter here.
const ALL = ['admin', 'manager', 'rep', 'inside', 'service', 'partner'];
const MATRIX = [
  ['DirectoryService/GetMe', {}, ALL],
  ['LeadService/GetCustody', {}, ['admin', 'manager']],
  ['LeadService/GetPolicy', {}, ['admin', 'manager']],
  ['LeadService/ListLeads', {}, ['admin', 'manager', 'rep', 'inside', 'partner']],
  ['LeadService/ExplainLead', { id: request_id() }, ['admin', 'manager', 'rep', 'inside']],
  ['LeadService/AssignLead', { id: request_id(), ownerId: request_id() }, ['admin', 'manager']],
  ['LeadService/PublishPolicy', { policy: {} }, ['admin']],
  ['DirectoryService/ListTokens', {}, ['admin']],
  ['DirectoryService/DeactivateUser', { userId: request_id() }, ['admin']],
  ['SystemService/ListServices', {}, ['admin']],
  ['SystemService/RejoinFollow', { service: 'leads', followed: 'directory' }, ['admin']],
  ['RecordService/ListRecords', { type: 'user' }, ['admin', 'manager', 'rep', 'inside', 'service']],
  ['RecordService/ListRecords', { type: 'pool' }, ['admin', 'manager']],
  ['RecordService/ListRecords', { type: 'account' }, ALL],
  ['RecordService/CreateRecord', { record: { team: { name: 'X' } } }, ['admin']],
  ['RecordService/CreateRecord', { record: { product: { code: 'X', name: 'X' } } }, ['admin']],
  ['RecordService/CreateRecord', { record: { account: { name: 'X' } } }, ['admin', 'manager', 'rep', 'inside']],
];

test('each method lets in the roles that its schema names, and nobody else', async () => {
  const token = {
    admin: d.token,
    manager: people.mia.token,
    rep: people.ann.token,
    inside: people.ida.token,
    service: people.sys.token,
    partner: people.pat.token,
  };
  for (const [method, body, allowed] of MATRIX)
    for (const role of ALL) {
      // The policy in force must stay.
      if (method.endsWith('PublishPolicy') && role === 'admin') continue;
      const answer = await d.ask(method, { ...body, ...(body.record ? { requestId: request_id() } : {}) }, { token: token[role] });
      assert.equal(answer.json?.code !== 'permission_denied', allowed.includes(role), `${role} ${method}: ${answer.text}`);
      assert.ok(answer.status < 500, `${role} ${method}: ${answer.text}`);
    }
});

test('internal methods are not there for anybody', async () => {
  for (const method of [
    'DirectoryService/Authenticate',
    'LeadService/SubmitForm',
    'LeadService/GetForm',
    'NotificationService/ReadFeed',
    'SystemService/GetStatus',
    'SystemService/ReadEvents',
    'SystemService/ReadAudit',
  ])
    assert.equal((await d.ask(method, {})).status, 404, method);
});

test('a lead is seen by its holder, their manager, inside sales and administrators', async () => {
  const { lead } = await d.capture({ email: 'scope@buyer.example' });
  await d.call('LeadService/AssignLead', { requestId: request_id(), id: lead.id, ownerId: people.ann.id });
  const rows = [
    ['ann', true],
    ['bob', false],
    ['mia', true],
    ['max', false],
    ['ida', true],
    ['pat', false],
  ];
  for (const [key, sees] of rows) {
    const { token } = people[key];
    if (sees) assert.equal((await d.lead(lead.id, { token })).id, lead.id, key);
    else await refused('not_found', d.lead(lead.id, { token }));
    const { leads = [] } = await d.call('LeadService/ListLeads', { pageSize: 200 }, { token });
    assert.equal(leads.some((l) => l.id === lead.id), sees, `in the list of ${key}`);
  }
  await refused('not_found', d.call('LeadService/AcceptLead', { requestId: request_id(), id: lead.id }, people.bob));
});

test('a partner sees what they brought in, and nothing else', async () => {
  const { lead } = await d.capture({ email: 'mine@buyer.example' }, { token: people.pat.token });
  assert.equal((await d.lead(lead.id, people.pat)).id, lead.id);
  const { leads } = await d.call('LeadService/ListLeads', {}, people.pat);
  assert.deepEqual(leads.map((l) => l.id), [lead.id]);
});

test('the notifications of others are not there', async () => {
  const { notifications = [] } = await d.call('NotificationService/ListNotifications', { pageSize: 200 }, people.bob);
  assert.ok(notifications.every((n) => n.userId === people.bob.id));
});

test('passwords and hashes are never shown', async () => {
  const { tokens } = await d.call('DirectoryService/ListTokens', { pageSize: 100 });
  assert.ok(tokens.length > 0);
  assert.ok(tokens.every((t) => t.secretHash === undefined), JSON.stringify(tokens[0]));
});

test('who leaves is let in nowhere, and all they held is handed on', async () => {
  const { ann, bob } = people;
  const held = [];
  for (let i = 0; i < 60; i++) {
    const { lead } = await d.capture({ email: `leaving${i}@buyer.example` });
    if (lead.ownerId === ann.id) held.push(lead.id);
    else {
      await d.call('LeadService/AssignLead', { requestId: request_id(), id: lead.id, ownerId: ann.id });
      held.push(lead.id);
    }
  }
  const stream = d.stream(ann.token);
  await stream.open();
  const owned = (await d.call('LeadService/ConvertLead', { requestId: request_id(), id: held.pop() })).lead;
  const record = async (type, id) => (await d.ask('RecordService/GetRecord', { type, id })).json?.record?.[type];
  const made = [
    ['account', owned.convertedAccountId],
    ['contact', owned.convertedContactId],
    ['opportunity', owned.convertedOpportunityId],
  ];
  for (const [type, id] of made)
    await until(`the ${type} is theirs`, async () => (await record(type, id))?.ownerId === ann.id);
  const body = { requestId: request_id(), userId: ann.id, successorId: bob.id };
  await d.call('DirectoryService/DeactivateUser', body);
  for (const [type, id] of made)
    await until(`the ${type} has a successor`, async () => (await record(type, id))?.ownerId === bob.id);
  await stream.when('ended', () => stream.ended, 5500);
  await until('the token has ended', async () => (await d.ask('DirectoryService/GetMe', {}, ann)).status === 401);
  assert.equal((await sign_in(ann.email)).status, 401);
  await until(
    'nothing is left with them',
    async () => {
      const body = { ownerId: ann.id, pageSize: 200, status: ['LEAD_STATUS_ASSIGNED', 'LEAD_STATUS_WORKING'] };
      return ((await d.call('LeadService/ListLeads', body)).leads ?? []).length === 0;
    },
    15000,
  );
  for (const id of held) {
    const lead = await d.lead(id);
    assert.equal(lead.ownerId, bob.id, JSON.stringify(lead));
    assert.ok(lead.previousOwnerIds.includes(ann.id));
  }
  const { decisions } = await d.call('LeadService/ExplainLead', { id: held[0] });
  assert.equal(decisions.at(-1).decision.trigger, 'ROUTE_TRIGGER_HOLDER_LEFT');
  const { lead } = await d.capture({ email: 'after@buyer.example' });
  assert.equal(lead.ownerId, bob.id);
  d.verify();
});

test('the last resort and the last administrator cannot leave', async () => {
  const me = (await d.call('DirectoryService/GetMe', {})).user;
  const body = { requestId: request_id(), userId: me.id };
  await refused('failed_precondition', d.call('DirectoryService/DeactivateUser', body));
});

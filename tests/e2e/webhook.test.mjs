// Webhooks, checked by somebody else's verifier: signed, in order, repeated with the same id, ended by 410.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT, refused, request_id, shared, until } from './lib.mjs';

const { Webhook } = createRequire(join(ROOT, 'tests/web/package.json'))('standardwebhooks');
const d = shared(set_up, ['--private-network']);
const calls = []; // what came, in order; `answers` are given one after the other, then 204
const answers = [];
let server, endpoint, secret, rep;

async function set_up() {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const [status, headers = {}] = answers.shift() ?? [204];
      calls.push({ at: Date.now(), headers: request.headers, body, status, url: request.url });
      response.writeHead(status, headers).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  rep = await d.user('Rep', 'rep');
  await d.route_to([rep]);
  endpoint = await d.create('webhookEndpoint', {
    name: 'n8n',
    url: `http://127.0.0.1:${server.address().port}/hook?x=1`,
    eventTypes: ['lead.assigned', 'lead.closed'],
    enabled: true,
  });
}
after(() => server.close());

const capture = async (n) => (await d.capture({ lastName: `Name ${n}`, company: '台積電', email: `w${n}@buyer.example` })).lead;
const came = (n) => until(`${n} calls`, () => calls.length >= n && calls.slice(0, n), 40000);
const issue = async () =>
  (await d.call('NotificationService/IssueWebhookSecret', { requestId: request_id(), webhookEndpointId: endpoint.id })).secret;
const list = (q) => d.call('NotificationService/ListDeliveries', q).then((r) => r.deliveries ?? []);
const change = (fields) =>
  d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { webhookEndpoint: { id: endpoint.id, ...fields } } });

test('an endpoint says what is wrong with it', async () => {
  for (const url of ['ftp://a.example/', 'https://', 'https://a:b@c.example/', 'https://a.example/ x'])
    assert.equal((await refused('invalid_argument', change({ url }))).field, 'webhook_endpoint.url');
  await refused('invalid_argument', change({ eventTypes: ['lead.eaten'] }));
  await refused('not_found', d.call('NotificationService/IssueWebhookSecret', { webhookEndpointId: rep.id }));
});

test('what happens is told, signed as the standard says', async () => {
  secret = await issue();
  assert.match(secret, /^whsec_/);
  const lead = await capture(1);
  const [call] = await came(1);
  const said = new Webhook(secret).verify(call.body, call.headers);
  assert.equal(call.url, '/hook?x=1');
  assert.equal(said.type, 'lead.assigned');
  assert.ok(Math.abs(Date.parse(said.timestamp) - Date.now()) < 10000);
  assert.equal(said.data.leadId, lead.id);
  assert.equal(said.data.ownerId, rep.id);
  assert.equal(said.data.company, '台積電');
  assert.equal(said.data.decision, undefined);
  assert.throws(() => new Webhook(secret).verify(`${call.body} `, call.headers));
});

test('a secret that changes lets the one before it hold for a day', async () => {
  const next = await issue();
  await capture(2);
  const call = (await came(2)).at(-1);
  for (const each of [secret, next]) assert.ok(new Webhook(each).verify(call.body, call.headers));
  secret = next;
});

test('in order, as late as is asked for, and again with the same id', async () => {
  answers.push([503, { 'retry-after': '2' }]);
  const leads = [];
  for (let n = 3; n < 6; n++) leads.push(await capture(n));
  const [failed, ...good] = (await came(6)).slice(2);
  assert.equal(failed.status, 503);
  assert.deepEqual(good.map((c) => JSON.parse(c.body).data.leadId), leads.map((l) => l.id));
  assert.equal(good[0].headers['webhook-id'], failed.headers['webhook-id']);
  assert.equal(good[0].body, failed.body);
  assert.ok(good[0].at - failed.at >= 2000);
  assert.ok(new Webhook(secret).verify(good[0].body, good[0].headers));
});

test('what it will never like is dead, and the next follows', async () => {
  answers.push([413]);
  await capture(6);
  await capture(7);
  await came(8);
  const [dead] = await until('dead', async () => (await list({ dead: true })).filter((x) => x.status === 413));
  assert.equal(dead.eventType, 'lead.assigned');
  const again = await d.call('NotificationService/ReplayDelivery', { requestId: request_id(), deliveryIds: [dead.id] });
  assert.equal(again.replayed, 1);
  assert.equal((await came(9)).at(-1).headers['webhook-id'], dead.id);
});

test('410 switches it off', async () => {
  answers.push([410]);
  await capture(8);
  await came(10);
  const { record } = await until('off', async () => {
    const found = await d.call('RecordService/GetRecord', { type: 'webhook_endpoint', id: endpoint.id });
    return !found.record.webhookEndpoint.enabled && found;
  });
  assert.equal(record.webhookEndpoint.name, 'n8n');
  await capture(9);
  await d.settled();
  assert.equal((await list({ open: true })).length, 0);
  assert.equal(calls.length, 10);
  await change({ enabled: true });
  await capture(10);
  await came(11);
});

test('nobody else is shown the secrets', async () => {
  const record = JSON.stringify(await d.call('RecordService/ListRecords', { type: 'webhook_endpoint' }));
  const tail = d.tool('tail', '--from-start', '--json', { timeout: 3000 }).out;
  assert.ok(tail.includes('webhookSecretIssued'));
  assert.ok(!record.includes('whsec_') && !tail.includes('whsec_'));
  d.verify();
});

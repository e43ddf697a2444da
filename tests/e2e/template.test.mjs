// HTTP templates, shaped like those of ntfy, Gotify and an SMS gateway: what is sent, to whom, and what answers mean.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { BUILD, refused, request_id, shared, until } from './lib.mjs';

const d = shared(set_up, ['--private-network']);
const calls = []; // what came, in order; `answers` are given one after the other, then 200
const answers = [];
let server, rep, mute, templates;

const SHAPES = {
  ntfy: {
    url: '/leads',
    headers: ['Title: {{title}}', 'Authorization: Bearer {{secret}}', 'Click: {{url}}'],
    body: '{{text}} 王',
  },
  gotify: {
    url: '/message?token={{secret}}',
    headers: ['Content-Type: application/json'],
    body: '{"title": "{{title}}", "message": "{{text}}", "extras": {"for": {"name": "{{user.name}}"}}}',
  },
  sms: { url: '/send?to={{user.phone}}&text={{title}}&key={{secret}}', method: 'HTTP_METHOD_GET' },
  form: {
    url: '/form',
    method: 'HTTP_METHOD_PUT',
    headers: ['Content-Type: application/x-www-form-urlencoded'],
    body: 'to={{user.email}}&text={{title}}',
  },
};

const at = (path) => `http://127.0.0.1:${server.address().port}${path}`;
const set = (name, fields) =>
  d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { httpTemplate: { id: templates[name].id, ...fields } } });
const list = (q) => d.call('NotificationService/ListDeliveries', q).then((r) => r.deliveries ?? []);
const of = (name) => calls.filter((c) => c.url.startsWith(SHAPES[name].url.split('?')[0]));
const capture = (n) => d.capture({ lastName: `O'"${n}\\`, company: 'A & B=台積電', email: `t${n}@buyer.example` }).then((r) => r.lead);
const came = (name, n, ms) => until(`${n} of ${name}`, () => of(name).length >= n && of(name), ms);

/** What became of a try to reach somebody, by template. */
async function tried(user = rep) {
  const { deliveryIds = [] } = await d.call('NotificationService/TestDelivery', { requestId: request_id(), userId: user.id });
  const names = Object.keys(templates);
  const ended = await until('they have ended', async () => {
    const found = await list({ ids: deliveryIds });
    return found.every((x) => x.endedAt) && found;
  }, 40000);
  return Object.fromEntries(ended.map((x) => [names.find((n) => templates[n].id === x.laneId), x]));
}

async function set_up() {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const [status, headers = {}] = answers.shift() ?? [200];
      calls.push({ at: Date.now(), method: request.method, headers: request.headers, body, status, url: request.url });
      response.writeHead(status, headers).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  rep = await d.user('Rep', 'rep', { phone: '+49 (30) 1' });
  mute = await d.user('Mute', 'rep');
  await d.route_to([rep]);
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { organisation: { publicUrl: 'https://baton.example' } } });
  templates = {};
  for (const [name, shape] of Object.entries(SHAPES)) {
    templates[name] = await d.create('httpTemplate', { name, ...shape, url: at(shape.url), enabled: true });
    await d.call('NotificationService/SetChannelSecret', { requestId: request_id(), id: templates[name].id, secret: `key of ${name}/+` });
  }
}
after(() => server.close());

test('a template says what is wrong with it', async () => {
  const rows = [
    [{ url: 'ftp://a.example/' }, 'url'],
    [{ url: 'https://{{secret}}/' }, 'url'],
    [{ url: 'https://a.example/{{lead}}' }, 'url'],
    [{ headers: ['Title {{title}}'] }, 'headers'],
    [{ headers: ['A: b\r\nHost: c'] }, 'headers'],
    [{ headers: ['Content-Length: 3'] }, 'headers'],
    [{ body: '{{title}' }, 'body'],
    [{ body: '{"title": {{title}}}' }, 'body'],
  ];
  for (const [fields, field] of rows)
    assert.equal((await refused('invalid_argument', set('gotify', fields))).field, `http_template.${field}`);
  await refused('invalid_argument', set('sms', { body: 'x' }));
  await refused('invalid_argument', d.call('NotificationService/SetChannelSecret', { id: templates.sms.id, secret: 'a\r\nb: c' }));
});

test('each is said as its service wants it', async () => {
  const lead = await capture(1);
  for (const name of Object.keys(SHAPES)) await came(name, 1);
  const [ntfy, gotify, sms, form] = Object.keys(SHAPES).map((name) => of(name)[0]);
  const title = `New lead: O'"1\\, A & B=台積電`;
  const utf8 = (text) => Buffer.from(text, 'latin1').toString();
  assert.equal(ntfy.method, 'POST');
  assert.equal(utf8(ntfy.headers.title), title);
  assert.equal(ntfy.headers.authorization, 'Bearer key of ntfy/+');
  assert.equal(ntfy.headers.click, `https://baton.example/#lead=${lead.id}`);
  assert.equal(ntfy.headers['content-type'], 'text/plain; charset=utf-8');
  assert.match(ntfy.body, /.+ 王$/);
  assert.equal(gotify.url, '/message?token=key%20of%20gotify%2F%2B');
  assert.equal(gotify.headers['content-type'], 'application/json');
  assert.equal(JSON.parse(gotify.body).title, title);
  assert.equal(JSON.parse(gotify.body).extras.for.name, 'Rep');
  assert.equal(sms.method, 'GET');
  assert.equal(sms.body, '');
  assert.deepEqual(Object.fromEntries(new URLSearchParams(sms.url.split('?')[1])), { to: '+49 (30) 1', text: title, key: 'key of sms/+' });
  assert.equal(form.method, 'PUT');
  assert.deepEqual(Object.fromEntries(new URLSearchParams(form.body)), { to: 'rep@staff.example', text: title });
});

test('whom it cannot reach is left out', async () => {
  const done = await tried(mute);
  assert.deepEqual(Object.keys(done).sort(), ['form', 'gotify', 'ntfy']);
  // The server it waits for is here: not by d.tool, which waits itself.
  const shown = await promisify(execFile)(join(BUILD, 'baton'), ['notify', 'test', rep.email, '--data', d.data]);
  assert.equal(shown.stdout.match(/template +.*delivered +1/g)?.length, 4, shown.stdout);
});

test('what answers mean', async () => {
  for (const name of ['gotify', 'sms', 'form']) await set(name, { enabled: false });
  for (const status of [400, 401, 413, 500]) {
    answers.push([status]);
    const { ntfy } = await tried();
    assert.equal(ntfy.state, 'DELIVERY_STATE_DEAD');
    assert.equal(ntfy.reason, `the other side said ${status}`);
  }
});

test('as late as is asked for, and again with the same id; what it will never like is dead', async () => {
  const n = of('ntfy').length;
  answers.push([429, { 'retry-after': '2' }], [200], [422]);
  await capture(2);
  const [failed, good] = (await came('ntfy', n + 2, 45000)).slice(n);
  assert.ok(good.at - failed.at >= 2000, `${good.at - failed.at} ms`);
  assert.equal(good.headers['idempotency-key'], failed.headers['idempotency-key']);
  assert.equal(good.body, failed.body);
  const lead = await capture(3);
  const dead = await until('it is dead', async () => (await list({ dead: true })).find((x) => x.leadId === lead.id));
  assert.equal(dead.status, 422);
});

test('nobody is shown the secrets, and all is in the log', async () => {
  const records = JSON.stringify(await d.call('RecordService/ListRecords', { type: 'http_template' }));
  const tail = d.tool('tail', '--from-start', '--json', { timeout: 3000 }).out;
  assert.ok(records.includes('{{secret}}') && tail.includes('channelSecretSet'));
  for (const text of [records, tail, d.output]) assert.ok(!text.includes('key of'));
  d.verify();
});

// Web Push to somebody else's push service: sealed and signed so that it can be read there, cleared, ended and slowed down.
import assert from 'node:assert/strict';
import { createECDH, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT, free_port, refused, request_id, shared, until } from './lib.mjs';

const require = createRequire(join(ROOT, 'tests/web/package.json'));
const { PushApiModel } = require('web-push-testing/src/PushApiModel.js');
const PushServer = require('web-push-testing/src/server.js');

const d = shared(set_up, ['--private-network']);
const model = new PushApiModel(); // decrypts, and checks the signature against the key of the subscription
const calls = []; // what came, in order; `answers` are given one after the other, then the model's
const answers = [];
let front, push_server, key, rep, phone, laptop;

/** Hands on what it has no answer for. */
async function listen() {
  const port = await free_port();
  push_server = new PushServer(model, port);
  push_server.startServer();
  front = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const call = { at: Date.now(), headers: request.headers, body: Buffer.concat(chunks), hash: request.url.split('/').pop() };
    let [status, headers = {}] = answers.shift() ?? [];
    if (!status) {
      const { host, connection, ...rest } = request.headers;
      status = (await fetch(`http://localhost:${port}${request.url}`, { method: 'POST', headers: rest, body: call.body })).status;
    }
    calls.push({ ...call, status });
    response.writeHead(status, headers).end();
  });
  await new Promise((resolve) => front.listen(0, '127.0.0.1', resolve));
}

/** A subscription as a browser's pushManager gives it. */
async function subscribe(applicationServerKey = key) {
  const { clientHash, keys } = await model.subscribe({ userVisibleOnly: 'true', applicationServerKey });
  return { hash: clientHash, push: { endpoint: `http://127.0.0.1:${front.address().port}/notify/${clientHash}`, ...keys } };
}

const as = (body, method) => d.call(`NotificationService/${method}`, { requestId: request_id(), ...body }, { token: rep.token });

async function device(name, subscription) {
  const { device } = await as({ name, clientKey: name, push: subscription.push }, 'RegisterDevice');
  return { ...device, ...subscription };
}

async function set_up() {
  await listen();
  rep = await d.user('Rep', 'rep');
  await d.route_to([rep]);
  key = (await d.call('NotificationService/GetPushKey', {}, { token: rep.token })).publicKey;
  phone = await device('phone', await subscribe());
  laptop = await device('laptop', await subscribe());
}
after(() => {
  front.close();
  push_server._server.close();
});

const capture = async (n) => (await d.capture({ lastName: `Name ${n}`, company: '台積電', email: `p${n}@buyer.example` })).lead;
const to = (x) => calls.filter((c) => c.hash === x.hash);
const came = (x, n) => until(`${n} pushes`, () => to(x).length >= n && to(x).slice(0, n), 60000);
const read = (x) => (model.messages[x.hash] ?? []).map((text) => JSON.parse(text));
const deliveries = () => d.call('NotificationService/ListDeliveries', { pageSize: 200 }).then((r) => r.deliveries ?? []);
const shown = async (x) => (await d.call('NotificationService/ListDevices', {}, { token: rep.token })).devices.find((y) => y.id === x.id);

test('a subscription says what is wrong with it', async () => {
  const { push } = await subscribe();
  const rows = [
    ['push.endpoint', { endpoint: 'ftp://push.example/x' }],
    ['push.endpoint', { endpoint: 'https://a:b@push.example/x' }],
    ['push.p256dh', { p256dh: randomBytes(64).toString('base64url') }],
    ['push.p256dh', { p256dh: `${push.p256dh.slice(0, -1)}=` }],
    ['push.auth', { auth: randomBytes(15).toString('base64url') }],
  ];
  for (const [field, wrong] of rows) {
    const body = { deviceId: phone.id, push: { ...push, ...wrong } };
    assert.equal((await refused('invalid_argument', as(body, 'SetPushSubscription'))).field, field);
  }
  const other = await d.user('Other', 'rep');
  const body = { requestId: request_id(), deviceId: phone.id, push };
  await refused('not_found', d.call('NotificationService/SetPushSubscription', body, { token: other.token }));
  assert.equal((await shown(phone)).pushOrigin, `http://127.0.0.1:${front.address().port}`);
});

test('a notification comes to each device, and can be read there alone', async () => {
  const lead = await capture(1);
  const [[call]] = await Promise.all([came(phone, 1), came(laptop, 1)]);
  assert.equal(call.status, 201);
  assert.equal(call.headers['content-encoding'], 'aes128gcm');
  assert.equal(call.headers.urgency, 'high');
  assert.match(call.headers.topic, /^[\w-]{22}$/);
  assert.ok(Number(call.headers.ttl) > 60);
  const { aud, exp, sub } = JSON.parse(Buffer.from(call.headers.authorization.split('.')[1], 'base64url'));
  assert.equal(aud, `http://127.0.0.1:${front.address().port}`);
  assert.ok(exp > Date.now() / 1000 && exp < Date.now() / 1000 + 86400 && sub.startsWith('mailto:'));
  const [said] = read(phone);
  assert.deepEqual(read(laptop)[0].id, said.id);
  assert.equal(said.web_push, 8030);
  assert.match(said.notification.title, /^New lead: Name 1, 台積電$/);
  assert.equal(said.lead_id, lead.id);
  assert.equal(said.class, 'NOTIFICATION_CLASS_LEAD_ASSIGNED');
  assert.deepEqual(said.actions, ['accept', 'decline']);
  const { pushedAt } = await until('the device was pushed to', async () => { const x = await shown(phone); return x.pushedAt && x; });
  assert.ok(Math.abs(Date.parse(pushedAt) - Date.now()) < 60000);
});

test('what is seen on one device is taken away from the others', async () => {
  const [{ id }] = read(phone);
  await as({ deviceId: laptop.id, notificationIds: [id] }, 'MarkSeen');
  await came(phone, 2);
  const said = read(phone).at(-1);
  assert.deepEqual(said.cleared, [id]);
  assert.equal(said.notification, undefined);
  assert.equal(to(phone)[1].headers.topic, to(phone)[0].headers.topic, 'it replaces what still waits there');
  await d.settled();
  assert.equal(to(laptop).length, 1);
});

test('later, when it says so, with the same words', async () => {
  await as({ deviceId: laptop.id }, 'SetPushSubscription');
  answers.push([429, { 'retry-after': '2' }]);
  await capture(2);
  const [, , slow, good] = await came(phone, 4);
  assert.equal(slow.status, 429);
  assert.ok(good.at - slow.at >= 2000);
  assert.equal(good.status, 201);
  assert.equal(good.headers.topic, slow.headers.topic);
  assert.match(read(phone).at(-1).notification.title, /Name 2/);
  assert.equal(to(laptop).length, 1);
});

test('what is too long goes without its words', async () => {
  answers.push([413]);
  await capture(3);
  await came(phone, 6);
  const said = read(phone).at(-1);
  assert.equal(said.notification.body, undefined);
  assert.equal(said.class, 'NOTIFICATION_CLASS_LEAD_ASSIGNED');
  assert.ok(said.id && !JSON.stringify(said).includes('Name 3'));
});

test('who may not send says so to the administrators, once', async () => {
  const alien = createECDH('prime256v1');
  const wrong = await device('wrong', await subscribe(alien.generateKeys('base64url')));
  for (const n of [4, 5]) await capture(n);
  assert.deepEqual((await came(wrong, 2)).map((c) => c.status), [400, 400]);
  const dead = await until('dead', async () => {
    const found = (await deliveries()).filter((x) => x.deviceId === wrong.id && x.state === 'DELIVERY_STATE_DEAD');
    return found.length === 2 && found;
  });
  assert.equal(dead[0].status, 400);
  const alerts = (await d.call('NotificationService/ListNotifications', {})).notifications;
  assert.equal(alerts.filter((n) => n.class === 'NOTIFICATION_CLASS_SYSTEM_ALERT').length, 1);
  assert.match(alerts[0].title, /^Pushes are refused by http:\/\/127/);
  await as({ deviceId: wrong.id }, 'RemoveDevice');
});

test('410 ends the subscription, and the device stays', async () => {
  model.expireSubscription(phone.hash);
  const before = to(phone).length;
  await capture(6);
  await came(phone, before + 1);
  assert.equal(to(phone).at(-1).status, 410);
  const left = await until('the subscription is gone', async () => { const x = await shown(phone); return !x.pushOrigin && x; });
  assert.equal(left.name, 'phone');
  await capture(7);
  await d.settled();
  assert.equal(to(phone).length, before + 1);
  const next = await device('phone', await subscribe());
  assert.equal(next.id, phone.id, 'the same device subscribes again');
  await capture(8);
  await came(next, 1);
});

test('each device is tried', async () => {
  const again = await device('laptop', await subscribe());
  // The tool would hold up the push service, which lives in this process.
  const { deliveryIds } = await d.call('NotificationService/TestDelivery', { requestId: request_id(), userId: rep.id });
  assert.equal(deliveryIds.length, 2);
  await until('both have come', async () => {
    const { deliveries } = await d.call('NotificationService/ListDeliveries', { ids: deliveryIds });
    return deliveries.every((x) => x.state === 'DELIVERY_STATE_DELIVERED');
  });
  assert.equal(d.tool('notify', 'list').out.match(/push +http:\/\/127\S+ +delivered +1/g).length >= 2, true);
  assert.equal(read(again)[0].notification.title, 'Baton can reach you');
});

test('nobody is shown the keys', async () => {
  const { push } = await subscribe();
  await as({ deviceId: phone.id, push }, 'SetPushSubscription');
  const list = JSON.stringify(await d.call('NotificationService/ListDevices', {}, { token: rep.token }));
  const tail = d.tool('tail', '--from-start', '--json', { timeout: 3000 }).out;
  assert.ok(tail.includes('pushKeyMade') && tail.includes('devicePushSet'));
  assert.ok(!tail.includes('privateKey') && !tail.includes(push.auth) && !list.includes(push.auth));
  d.verify();
});

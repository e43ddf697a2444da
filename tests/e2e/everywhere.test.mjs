// The whole chain: one lead, and everybody who should know knows, by every way there is.
//  1 it is pushed to the holder's phone, published to a broker, posted to an endpoint that verifies it, and it rings
//  2 nobody looks: then it is mailed
//  3 still nobody looks: it is handed on, and all of that happens for the next, with the reason
//  4 the next acknowledges on one device: within two seconds the other is cleared, by its stream and by push
//  5 what was done is in the log, and proves itself
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT, free_port, request_id, shared, until } from './lib.mjs';
import { Mosquitto, needs_mosquitto } from './mosquitto.mjs';
import { MailServer } from './smtp.mjs';

const require = createRequire(join(ROOT, 'tests/web/package.json'));
const { Webhook } = require('standardwebhooks');
const { PushApiModel } = require('web-push-testing/src/PushApiModel.js');
const PushServer = require('web-push-testing/src/server.js');

const pushes = new PushApiModel();
const mail = new MailServer();
const broker = new Mosquitto();
const posted = [];
let d, ann, bob, push_server, hook, secret;
if (!needs_mosquitto) d = shared(set_up, ['--private-network']);

async function listen() {
  await Promise.all([broker.start(), mail.start()]);
  await broker.listen();
  const port = await free_port();
  push_server = new PushServer(pushes, port);
  push_server.startServer();
  hook = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      posted.push({ body, headers: request.headers });
      response.writeHead(204).end();
    });
  });
  await new Promise((resolve) => hook.listen(0, '127.0.0.1', resolve));
  return port;
}

/** Somebody with a phone that is pushed to. */
async function person(name, push_port) {
  const user = await d.user(name, 'rep');
  const as = (method, body) => d.call(`NotificationService/${method}`, body, { token: user.token });
  const { publicKey: applicationServerKey } = await as('GetPushKey', {});
  const { clientHash, keys } = await pushes.subscribe({ userVisibleOnly: 'true', applicationServerKey });
  const push = { endpoint: `http://localhost:${push_port}/notify/${clientHash}`, ...keys };
  const { device } = await as('RegisterDevice', { requestId: request_id(), name: 'phone', kind: 'DEVICE_KIND_PHONE', push });
  return { ...user, phone: device, hash: clientHash };
}

async function set_up() {
  const push_port = await listen();
  [ann, bob] = [await person('Ann Able', push_port), await person('Bob Best', push_port)];
  await d.route_to([ann, bob]);
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { organisation: { publicUrl: 'https://baton.example' } } });
  await d.create('mailAccount', { name: 'office', server: `smtp://localhost:${mail.port}`, fromAddress: 'baton@hq.example', enabled: true });
  const { id } = await d.create('mqttBroker', { name: 'office', url: `mqtt://localhost:${broker.port}`, userName: 'baton', enabled: true });
  await d.call('NotificationService/SetChannelSecret', { requestId: request_id(), id, secret: broker.password });
  const endpoint = await d.create('webhookEndpoint', {
    name: 'n8n',
    url: `http://127.0.0.1:${hook.address().port}/`,
    eventTypes: ['lead.assigned'],
    enabled: true,
  });
  ({ secret } = await d.call('NotificationService/IssueWebhookSecret', { requestId: request_id(), webhookEndpointId: endpoint.id }));
  const at_once = { channels: ['CHANNEL_PUSH', 'CHANNEL_MQTT'] };
  await d.create('notificationChain', {
    class: 'NOTIFICATION_CLASS_LEAD_ASSIGNED',
    steps: [at_once, { afterS: 2, channels: ['CHANNEL_MAIL'] }, { afterS: 6, unseen: true }],
  });
  await d.create('notificationChain', {
    class: 'NOTIFICATION_CLASS_LEAD_REASSIGNED',
    steps: [at_once, { afterS: 2, channels: ['CHANNEL_MAIL'] }],
    repeatAfterS: 60,
    repeats: 3,
  });
  await d.settled();
}
after(async () => {
  if (needs_mosquitto) return;
  hook.close();
  push_server._server.close();
  mail.stop();
  await broker.remove();
});

const pushed = (user) => (pushes.messages[user.hash] ?? []).map((text) => JSON.parse(text));
const published = (user) => broker.of(user).map((m) => JSON.parse(m.payload));
const about = (lead) => (x) => (x.leadId ?? x.lead_id) === lead.id;
const told_of = (lead) => posted.map(({ body, headers }) => new Webhook(secret).verify(body, headers)).filter((e) => e.data.leadId === lead.id);

/** All ways lead to them, and by which class. */
async function everywhere(user, lead, word) {
  const push = await until(`${user.name} is pushed to`, () => pushed(user).find(about(lead)), 20000);
  assert.equal(push.class, `NOTIFICATION_CLASS_${word}`);
  assert.ok(push.notification.title && push.notification.navigate);
  const said = await until('the broker has it', () => published(user).find(about(lead)), 20000);
  assert.equal(said.class, `NOTIFICATION_CLASS_${word}`);
  const [letter] = await until('the letter has come', () => mail.letters(user.email).length && mail.letters(user.email), 20000);
  assert.equal(letter.sender, 'baton@hq.example');
  const text = Buffer.from(letter.letter.split(/\r?\n\r?\n/)[1], 'base64').toString();
  assert.ok(text.includes(`https://baton.example/#lead=${lead.id}`), text);
  return said;
}

test('one lead, every way, nobody looks, somebody does', { skip: needs_mosquitto }, async () => {
  const streams = new Map([ann, bob].map((user) => [user, d.stream(user.token)]));
  for (const stream of streams.values()) await stream.open();
  const { lead } = await d.capture({ lastName: 'Lovelace', company: '台積電', email: 'ada@buyer.example' });
  const [first, next] = lead.ownerId === ann.id ? [ann, bob] : [bob, ann];
  await streams.get(first).first('it rings', (e) => e.event === 'notification' && e.json.leadId === lead.id);
  await everywhere(first, lead, 'LEAD_ASSIGNED');

  const notice = await everywhere(next, lead, 'LEAD_REASSIGNED');
  assert.match(notice.text, /did not look at it in time/);
  assert.equal((await d.lead(lead.id)).ownerId, next.id);
  const events = await until('the endpoint was told of both', () => told_of(lead).length > 1 && told_of(lead));
  assert.deepEqual(events.map((e) => [e.type, e.data.ownerId]), [['lead.assigned', first.id], ['lead.assigned', next.id]]);

  const laptop = await d.device(next.token, 'laptop');
  const begun = Date.now();
  await d.call('NotificationService/MarkAcknowledged', { requestId: request_id(), deviceId: laptop.id, notificationIds: [notice.id] }, { token: next.token });
  const gone = await streams.get(next).first('it is cleared', (e) => e.event === 'cleared' && e.json.notificationId === notice.id);
  assert.ok(gone.at - begun < 2000, `cleared after ${gone.at - begun} ms`);
  await until('the phone is told to take it away', () => pushed(next).find((x) => x.cleared?.includes(notice.id)), 2000 - (Date.now() - begun));
  const { notification } = await d.call('NotificationService/GetNotification', { id: notice.id }, { token: next.token });
  assert.ok(notification.acknowledgedAt && !notification.chainDueUs);
  for (const stream of streams.values()) await stream.close();
  const proof = d.tool('verify');
  assert.equal(proof.status, 0, proof.all);
});

// Notifications to a real MQTT broker: signing in, encryption, a broker that is away, and one that says nothing.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { refused, request_id, shared, until } from './lib.mjs';
import { Mosquitto, needs_mosquitto } from './mosquitto.mjs';

const options = { skip: needs_mosquitto };
const broker = new Mosquitto();
let d, rep, other, record;
if (!needs_mosquitto) {
  await broker.start();
  process.env.SSL_CERT_FILE = broker.certificate; // whom Baton trusts: this one alone
  d = shared(set_up, ['--private-network']);
}

const plain = (host = 'localhost') => `mqtt://${host}:${broker.port}`;
const deliveries = (ids) => d.call('NotificationService/ListDeliveries', { ids }).then((r) => r.deliveries ?? []);
const set = (fields) =>
  d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { mqttBroker: { id: record.id, ...fields } } });
const secret = (text) => d.call('NotificationService/SetChannelSecret', { requestId: request_id(), id: record.id, secret: text });
const capture = (n) => d.capture({ lastName: `O'"${n}"`, company: '台積電', email: `m${n}@buyer.example` }).then((r) => r.lead);
const state = (word) => `DELIVERY_STATE_${word}`;

/** What became of one try. */
async function tried(user = rep) {
  const { deliveryIds } = await d.call('NotificationService/TestDelivery', { requestId: request_id(), userId: user.id });
  assert.equal(deliveryIds?.length, 1);
  return until('it has ended', async () => (await deliveries(deliveryIds)).find((x) => x.endedAt), 40000);
}

const came = (n, user = rep, ms) =>
  until(`${n} messages`, () => broker.of(user).length >= n && broker.of(user).map((m) => JSON.parse(m.payload)), ms);

async function set_up() {
  await broker.listen();
  rep = await d.user('Rep', 'rep');
  other = await d.user('Other', 'rep');
  await d.route_to([rep]);
  record = await d.create('mqttBroker', { name: 'office', url: plain(), userName: 'baton', enabled: true });
}

after(() => broker.remove());

test('a broker says what is wrong with it', options, async () => {
  for (const url of ['broker.example', 'http://broker.example', 'mqtt://', 'mqtt://a@b.example', 'mqtts://b.example/x'])
    assert.equal((await refused('invalid_argument', set({ url }))).field, 'mqtt_broker.url');
  assert.equal((await refused('invalid_argument', set({ topicPrefix: 'a/#' }))).field, 'mqtt_broker.topic_prefix');
  await refused('not_found', d.call('NotificationService/SetChannelSecret', { id: rep.id, secret: 'x' }));
  assert.equal((await refused('invalid_argument', secret('a\nb'))).field, 'secret');
});

test('without its password it lets nobody in, and says so', options, async () => {
  for (const word of [undefined, 'wrong']) {
    await secret(word);
    const done = await tried();
    assert.equal(done.state, state('DEAD'), JSON.stringify(done));
    assert.match(done.reason, /^the other side said 13[45]: /);
  }
  await secret(broker.password);
  assert.equal((await tried()).state, state('DELIVERED'));
  const shown = d.tool('notify', 'test', rep.email);
  assert.equal(shown.status, 0, shown.all);
  assert.match(shown.out, /mqtt +(rep@\S+ +)?delivered +1/, shown.all);
  assert.match((await came(2))[0].title, /Baton can reach you/);
});

test('every notification is published to its user, and not kept', options, async () => {
  const lead = await capture(1);
  const said = (await came(3))[2];
  assert.equal(said.leadId, lead.id);
  assert.equal(said.userId, rep.id);
  assert.equal(said.class, 'NOTIFICATION_CLASS_LEAD_ASSIGNED');
  assert.match(said.title, /O'"1", 台積電/);
  assert.equal(said.deliveries, undefined);
  assert.equal(broker.of(other).length, 0);
  assert.equal(broker.kept(), '');
});

test('what may not be published is not taken for published', options, async () => {
  await set({ topicPrefix: 'elsewhere' });
  const done = await tried();
  assert.equal(done.state, state('DEAD'), JSON.stringify(done));
  assert.match(done.reason, /^the other side said 135: /);
  await set({ topicPrefix: 'baton' });
});

test('a broker that is away is waited for', options, async () => {
  await broker.stop();
  const leads = [await capture(2), await capture(3)];
  const waiting = await until('both were tried', async () => {
    const found = (await deliveries([])).filter((x) => leads.some((l) => l.id === x.leadId) && x.reason);
    return found.length === 2 && found;
  });
  for (const x of waiting) {
    assert.equal(x.state, state('WAITING'), JSON.stringify(x));
    assert.match(x.reason, /cannot be connected to/);
  }
  await broker.start();
  const said = (await came(5, rep, 90000)).slice(3);
  assert.deepEqual(new Set(said.map((s) => s.leadId)), new Set(leads.map((l) => l.id)));
});

test('a broker that says nothing holds up nobody', options, async () => {
  const sockets = [];
  const silent = createServer((socket) => sockets.push(socket));
  await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
  await set({ url: `mqtt://127.0.0.1:${silent.address().port}` });
  const begun = Date.now();
  const trial = tried();
  let slowest = 0, asked = 0;
  for (let ended = false; !ended; asked++) {
    const at = Date.now();
    ended = await Promise.race([trial.then(() => true), deliveries([rep.id]).then(() => false)]);
    slowest = Math.max(slowest, Date.now() - at);
  }
  const done = await trial;
  assert.equal(done.state, state('DEAD'), JSON.stringify(done));
  assert.equal(done.reason, 'no answer in time');
  assert.ok(sockets.length > 0 && asked > 20, `${sockets.length} callers, ${asked} asked`);
  assert.ok(Date.now() - begun < 20000 && slowest < 2000, `${Date.now() - begun} ms, an answer took ${slowest} ms`);
  sockets.forEach((s) => s.destroy());
  silent.close();
  await set({ url: plain() });
});

test('encrypted, and only to whom can be trusted', options, async () => {
  const before = broker.of(other).length;
  await set({ url: `mqtts://localhost:${broker.tls_port}` });
  const done = await tried(other);
  assert.equal(done.state, state('DELIVERED'), JSON.stringify(done));
  await set({ url: `mqtts://127.0.0.1:${broker.tls_port}` }); // not the name in the certificate
  assert.equal((await tried(other)).reason, "the broker's certificate cannot be trusted");
  await set({ url: `mqtts://localhost:${broker.port}` }); // it does not speak TLS
  assert.match((await tried(other)).reason, /broker/);
  await set({ url: `mqtt://localhost:${broker.tls_port}` }); // it speaks nothing else
  assert.match((await tried(other)).reason, /broker/);
  assert.equal(broker.of(other).length, before + 1);
  await set({ url: plain() });
});

test('what it was told before it was switched off is all it is told', options, async () => {
  await set({ enabled: false });
  const before = broker.of(rep).length;
  const answer = await d.call('NotificationService/TestDelivery', { requestId: request_id(), userId: rep.id });
  assert.equal(answer.deliveryIds, undefined);
  await capture(4);
  await d.settled();
  assert.equal(broker.of(rep).length, before);
});

test('nobody is shown the password, and all is in the log', options, async () => {
  const records = JSON.stringify(await d.call('RecordService/ListRecords', { type: 'mqtt_broker' }));
  const tail = d.tool('tail', '--from-start', '--json', { timeout: 3000 }).out;
  assert.ok(records.includes('office') && tail.includes('channelSecretSet'));
  for (const text of [records, tail, d.output]) assert.ok(!text.includes('good \\"password') && !text.includes('a good'));
  d.verify();
});

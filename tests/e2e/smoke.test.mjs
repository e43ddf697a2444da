// The main job, end to end: a lead comes in, is handed to somebody, rings on their device, and goes on from there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, request_id, shared } from './lib.mjs';

let ann, bob, boss;

const d = shared(async () => {
  boss = await d.user('Mia Boss', 'manager');
  const team = await d.create('team', { name: 'North', managerId: boss.id });
  ann = await d.user('Ann Able', 'rep', { teamId: team.id });
  bob = await d.user('Bob Best', 'rep', { teamId: team.id });
  await d.route_to([ann, bob], { rule: { responseMinutes: 30 } });
  await d.settled();
});

const capture = (fields) => d.capture({ email: `${request_id()}@buyer.example`, company: 'Büro & Söhne', ...fields });
const holder = (lead) => [ann, bob].find((u) => u.id === lead.ownerId);
const other = (user) => (user === ann ? bob : ann);
const about = (lead) => (e) => e.event === 'notification' && e.json.leadId === lead.id;

test('a lead is stored, handed to somebody with a reason, and rings on the device within a second', async () => {
  const streams = new Map();
  for (const user of [ann, bob]) {
    await d.device(user.token);
    streams.set(user, d.stream(user.token));
    await streams.get(user).open();
  }
  const begin = Date.now();
  const { lead } = await capture({ firstName: 'Zoë', lastName: 'Quick' });
  assert.equal(lead.status, 'LEAD_STATUS_ASSIGNED');
  const owner = holder(lead);
  assert.ok(owner, `held by ${lead.ownerId}, who is not of the pool`);

  const rang = await streams.get(owner).first('a notification of the lead', about(lead));
  assert.ok(rang.at - begin < 1000, `rang after ${rang.at - begin} ms`);
  assert.equal(rang.json.userId, owner.id);
  assert.equal(rang.json.class, 'NOTIFICATION_CLASS_LEAD_ASSIGNED');
  assert.match(rang.id, /^\d+$/);
  assert.match(`${rang.json.title} ${rang.json.text}`, /Quick|Büro/);
  assert.ok(rang.json.responseDueAt, 'it says until when');
  assert.equal(streams.get(other(owner)).events.find(about(lead)), undefined, 'nobody else is rung');

  const seen = await d.lead(lead.id, { token: owner.token });
  assert.equal(seen.company, 'Büro & Söhne');
  const { decisions } = await d.call('LeadService/ExplainLead', { id: lead.id });
  assert.equal(decisions.length, 1);
  assert.equal(decisions[0].decision.ownerId, owner.id);
  assert.equal(decisions[0].decision.cause, 'ASSIGN_CAUSE_RULE');
  assert.match(decisions[0].summary, new RegExp(owner.name));
  const candidates = decisions[0].rules.flatMap((r) => r.candidates ?? []);
  const outranked = candidates.find((c) => c.userId === other(owner).id);
  assert.equal(outranked?.reason, 'REASON_OUTRANKED', JSON.stringify(decisions[0].rules));
  assert.equal(outranked.name, other(owner).name);
  for (const stream of streams.values()) await stream.close();
});

test('the original is kept as it came', async () => {
  const body = `{"requestId": "${request_id()}",  "lead":{"email":"o@buyer.example","company":"Ω"}}`;
  const answer = await d.ask('LeadService/CaptureLead', body, { raw: true });
  const { original } = await d.call('LeadService/GetLead', { id: answer.json.lead.id, withOriginal: true });
  assert.equal(Buffer.from(original.body, 'base64').toString(), body);
  assert.match(original.contentType, /^application\/json/);
});

test('accepting stops the clock; it is done once, by its holder', async () => {
  const { lead } = await capture({});
  const owner = holder(lead);
  await refused('not_found', d.call('LeadService/AcceptLead', { requestId: request_id(), id: lead.id }, other(owner)));
  const answer = await d.call('LeadService/AcceptLead', { requestId: request_id(), id: lead.id }, owner);
  assert.equal(answer.lead.status, 'LEAD_STATUS_WORKING');
  assert.ok(answer.lead.firstRespondedAt);
  assert.equal((await d.lead(lead.id)).status, 'LEAD_STATUS_WORKING');
});

test('declining hands it to the next, with both decisions to be read', async () => {
  const { lead } = await capture({});
  const owner = holder(lead), next = other(owner);
  const stream = d.stream(next.token);
  await stream.open();
  await refused('invalid_argument', d.call('LeadService/DeclineLead', { requestId: request_id(), id: lead.id }, owner));
  const body = { requestId: request_id(), id: lead.id, reason: 'not my region' };
  const answer = await d.call('LeadService/DeclineLead', body, owner);
  assert.equal(answer.lead.ownerId, next.id);
  await stream.first('a notification of the declined lead', about(lead));
  const { decisions } = await d.call('LeadService/ExplainLead', { id: lead.id });
  assert.deepEqual(
    decisions.map((e) => e.decision.trigger),
    ['ROUTE_TRIGGER_ARRIVED', 'ROUTE_TRIGGER_DECLINED'],
  );
  const again = await d.call('LeadService/DeclineLead', body, owner);
  assert.deepEqual(again, answer, 'the same request id gets the same answer');
  await stream.close();
});

test('when everybody has declined, the last resort holds it', async () => {
  const { lead } = await capture({});
  let answer = { lead };
  for (let i = 0; i < 2; i++) {
    const body = { requestId: request_id(), id: lead.id, reason: 'no time' };
    answer = await d.call('LeadService/DeclineLead', body, holder(answer.lead));
  }
  const { record } = await d.call('RecordService/GetRecord', { type: 'organisation' });
  assert.equal(answer.lead.ownerId, record.organisation.lastResortUserId);
  const { decisions } = await d.call('LeadService/ExplainLead', { id: lead.id });
  assert.equal(decisions.at(-1).decision.cause, 'ASSIGN_CAUSE_LAST_RESORT');
});

test('seen on one device, it is cleared from the others', async () => {
  const phone = await d.device(ann.token, 'phone'), laptop = await d.device(ann.token, 'laptop');
  const on_phone = d.stream(ann.token), on_laptop = d.stream(ann.token);
  await Promise.all([on_phone.open(), on_laptop.open()]);
  let { lead } = await capture({});
  await d.call('LeadService/AssignLead', { requestId: request_id(), id: lead.id, ownerId: ann.id });
  const rang = await on_phone.first('a notification', about(lead));
  await on_laptop.first('a notification', about(lead));
  const ids = { notificationIds: [rang.json.id] };
  await d.call('NotificationService/MarkDelivered', { deviceId: phone.id, ...ids }, ann);
  const begin = Date.now();
  await d.call('NotificationService/MarkSeen', { requestId: request_id(), deviceId: phone.id, ...ids }, ann);
  const cleared = await on_laptop.first('it cleared', (e) => e.event === 'cleared');
  assert.equal(cleared.json.notificationId, rang.json.id);
  assert.ok(cleared.at - begin < 2000, `cleared after ${cleared.at - begin} ms`);
  const { notification } = await d.call('NotificationService/GetNotification', { id: rang.json.id }, ann);
  assert.equal(notification.seenOnDeviceId, phone.id);
  const delivery = (device) => notification.deliveries.find((e) => e.deviceId === device.id);
  assert.ok(delivery(phone).deliveredAt, 'delivered where it was said to be');
  assert.ok(delivery(laptop).clearedAt, 'cleared on the other device');
  await refused('not_found', d.call('NotificationService/GetNotification', { id: rang.json.id }, bob));
  await Promise.all([on_phone.close(), on_laptop.close()]);
});

test('a stream goes on exactly where it was cut off', async () => {
  const stream = d.stream(bob.token);
  await stream.first('ready', (e) => e.event === 'ready');
  const { cursor } = stream;
  await stream.close();
  const missed = [];
  for (let i = 0; i < 5; i++) {
    const { lead } = await capture({});
    await d.call('LeadService/AssignLead', { requestId: request_id(), id: lead.id, ownerId: bob.id });
    missed.push(lead.id);
  }
  const again = d.stream(bob.token, { cursor });
  await again.first('the last one missed', (e) => e.json.leadId === missed.at(-1));
  const got = again.events.filter((e) => e.event === 'notification').map((e) => e.json.leadId);
  for (const id of missed) assert.equal(got.filter((g) => g === id).length, 1, `${id} once in ${got}`);
  await again.close();
});

test('converting makes contact, account and opportunity exactly once', async () => {
  const { lead } = await capture({ firstName: 'Ada', lastName: 'Once', company: 'Once AG' });
  const owner = holder(lead);
  const body = { requestId: request_id(), id: lead.id, opportunityName: 'Once deal' };
  const answer = await d.call('LeadService/ConvertLead', body, owner);
  assert.equal(answer.lead.status, 'LEAD_STATUS_CONVERTED');
  assert.deepEqual(await d.call('LeadService/ConvertLead', body, owner), answer);
  await refused('failed_precondition', d.call('LeadService/ConvertLead', { ...body, requestId: request_id() }, owner));
  await d.settled();
  for (const type of ['account', 'contact', 'opportunity']) {
    const made = (await d.list(type)).filter((r) => r.leadId === lead.id);
    assert.equal(made.length, 1, `${made.length} of ${type}`);
    assert.equal(made[0].ownerId, owner.id);
  }
});

test('a lead that offers no way to reach anybody is kept, and rejected with the reason', async () => {
  const { lead } = await d.capture({ firstName: 'Nobody', lastName: 'Nowhere' });
  assert.equal(lead.status, 'LEAD_STATUS_REJECTED');
  assert.match(lead.statusReason, /reach/);
  assert.equal(lead.ownerId, undefined);
});

test('received = held + merged + rejected, and verify proves it', async () => {
  const { custody } = await d.call('LeadService/GetCustody', {});
  const n = (v) => Number(v ?? 0);
  assert.equal(n(custody.received), n(custody.held) + n(custody.merged) + n(custody.rejected));
  assert.equal(n(custody.rejected), 1);
  d.verify();
});

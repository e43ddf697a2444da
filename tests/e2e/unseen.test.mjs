// Seen or handed on: who does not look in time loses the lead, and what has to be acknowledged rings until it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, request_id, shared, until } from './lib.mjs';

let ann, bob;

const chain = (fields) => d.create('notificationChain', fields);

const d = shared(async () => {
  ann = await d.user('Ann Able', 'rep');
  bob = await d.user('Bob Best', 'rep');
  await d.route_to([ann, bob], { rule: { responseMinutes: 30 } });
  await chain({ class: 'NOTIFICATION_CLASS_LEAD_ASSIGNED', steps: [{ afterS: 2, unseen: true }] });
  await chain({
    class: 'NOTIFICATION_CLASS_LEAD_REASSIGNED',
    repeatAfterS: 1,
    repeats: 20,
  });
  await d.settled();
});

const other = (user) => (user === ann ? bob : ann);
const about = (lead) => (e) => e.event === 'notification' && e.json.leadId === lead.id;
const capture = () => d.capture({ email: `${request_id()}@buyer.example`, company: 'Büro & Söhne' });

async function rung(user) {
  const streams = [d.stream(user.token), d.stream(user.token)];
  await Promise.all(streams.map((s) => s.open()));
  return streams;
}

test('nobody looks: it is handed on; the next acknowledges on one device, and the other is cleared', async () => {
  const devices = new Map();
  for (const user of [ann, bob]) devices.set(user, { phone: await d.device(user.token, 'phone'), streams: await rung(user) });
  const { lead } = await capture();
  const first = lead.ownerId === ann.id ? ann : bob, next = other(first);
  await devices.get(first).streams[0].first('it rings', about(lead));

  const [on_phone, on_laptop] = devices.get(next).streams;
  const rang = await on_phone.first('it rings on the next', about(lead));
  assert.equal(rang.json.class, 'NOTIFICATION_CLASS_LEAD_REASSIGNED');
  await devices.get(first).streams[1].first('the first is not asked any more', (e) => e.event === 'cleared');
  const held = await d.lead(lead.id);
  assert.equal(held.ownerId, next.id);
  assert.deepEqual(held.previousOwnerIds, [first.id]);
  const { decisions } = await d.call('LeadService/ExplainLead', { id: lead.id });
  assert.equal(decisions.length, 2);
  assert.equal(decisions[1].decision.trigger, 'ROUTE_TRIGGER_UNSEEN');
  assert.match(decisions[1].summary, /did not look at it in time/);
  assert.match(rang.json.text, new RegExp(`${first.name} did not look at it in time`));

  const ids = { requestId: request_id(), deviceId: devices.get(next).phone.id, notificationIds: [rang.json.id] };
  const begin = Date.now();
  await d.call('NotificationService/MarkAcknowledged', ids, next);
  const cleared = await on_laptop.first('it cleared', (e) => e.event === 'cleared' && e.json.notificationId === rang.json.id);
  assert.ok(cleared.at - begin < 2000, `cleared after ${cleared.at - begin} ms`);
  const { notification } = await d.call('NotificationService/GetNotification', { id: rang.json.id }, next);
  assert.ok(notification.acknowledgedAt && notification.seenAt);
  assert.equal(notification.chainDueUs, undefined, 'nothing is to come any more');
  assert.equal((await d.lead(lead.id)).ownerId, next.id, 'who looked keeps it');
  for (const { streams } of devices.values()) await Promise.all(streams.map((s) => s.close()));
});

test('seen in time stays; seen alone does not end what has to be acknowledged, which acting does', async () => {
  const streams = new Map([[ann, d.stream(ann.token)], [bob, d.stream(bob.token)]]);
  for (const stream of streams.values()) await stream.open();
  const { lead } = await capture();
  const first = lead.ownerId === ann.id ? ann : bob, next = other(first);
  const rang = await streams.get(next).first('it rings on the next', about(lead));
  await d.call('NotificationService/MarkSeen', { requestId: request_id(), notificationIds: [rang.json.id] }, next);
  await streams.get(next).when('it rings again', () => streams.get(next).events.filter(about(lead)).length > 2);
  await d.call('LeadService/AcceptLead', { requestId: request_id(), id: lead.id }, next);
  const quiet = await until('acting has ended it', async () => {
    const { notification } = await d.call('NotificationService/GetNotification', { id: rang.json.id }, next);
    return notification.acknowledgedAt && notification;
  });
  assert.equal(quiet.chainDueUs, undefined);

  const { lead: another } = await capture();
  const holder = another.ownerId === ann.id ? ann : bob;
  const it = await streams.get(holder).first('it rings', about(another));
  await d.call('NotificationService/MarkSeen', { requestId: request_id(), notificationIds: [it.json.id] }, holder);
  const { notification } = await d.call('NotificationService/GetNotification', { id: it.json.id }, holder);
  assert.equal(notification.chainDueUs, undefined, 'nobody is waited for');
  assert.equal((await d.lead(another.id)).ownerId, holder.id);
  for (const stream of streams.values()) await stream.close();
});

test('a chain that makes no sense is refused, and says why', async () => {
  const steps = (...list) => ({ class: 'NOTIFICATION_CLASS_DEADLINE_NEAR', steps: list });
  for (const [fields, field] of [
    [steps({ afterS: 5, channels: ['CHANNEL_MAIL'] }, { afterS: 5, channels: ['CHANNEL_MAIL'] }), 'steps'],
    [steps({ afterS: 5, unseen: true }, { afterS: 6 }), 'steps'],
    [steps({ afterS: 5, channels: ['CHANNEL_WEBHOOK'] }), 'steps'],
    [{ ...steps({ afterS: 5 }), repeats: 3 }, 'repeat_after_s'],
    [{ steps: [{ afterS: 5 }] }, 'class'],
  ])
    assert.match((await refused('invalid_argument', chain(fields))).field, new RegExp(`${field}$`));
});

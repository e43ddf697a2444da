// The notification centre: what somebody was told, and how they want to be told.
import { call, change } from './api.js';
import { drawDevices } from './devices.js';
import { $, copyOf, make, say, show } from './dom.js';
import { markSeen } from './live.js';
import { prepareWishes, drawWishes } from './wishes.js';
import { momentOf } from './words.js';

const SHOWN = 50;

let me, openLead;

const waits = (n) => n.mustAcknowledge && !n.acknowledgedAt;

function rowOf(n) {
  const row = copyOf('alert').firstElementChild, act = row.querySelector('button.primary'), see = row.querySelector('.see');
  row.classList.toggle('unseen', !n.seenAt || Boolean(waits(n)));
  row.querySelector('.name b').textContent = n.title;
  row.querySelector('.facts').textContent = n.text ?? '';
  row.querySelector('time').textContent = momentOf(n.createdAt);
  show(act, Boolean(waits(n)));
  act.addEventListener('click', () => acknowledge(n));
  show(see, Boolean(n.leadId));
  see.addEventListener('click', () => {
    $('alerts').close();
    openLead(n.leadId);
  });
  return row;
}

async function acknowledge(n) {
  try {
    await change('NotificationService/MarkAcknowledged', { notificationIds: [n.id] });
  } catch (error) {
    say(error.message, 'bad');
  }
  await drawAlerts();
}

async function drawAlerts() {
  const { notifications = [] } = await call('NotificationService/ListNotifications', { pageSize: SHOWN });
  $('told').replaceChildren(...notifications.map(rowOf));
  if (!notifications.length) $('told').append(make('li', 'hint', 'Nothing yet.'));
  // Looking at the list is having seen it; what must be acknowledged stays.
  const unseen = notifications.filter((n) => !n.seenAt).map((n) => n.id);
  if (unseen.length) markSeen(unseen);
  show($('alerts-new'), notifications.some(waits));
}

async function test() {
  const { deliveryIds = [] } = await change('NotificationService/TestDelivery', { userId: me.id });
  say(deliveryIds.length ? `A test is on its way by ${deliveryIds.length} way${deliveryIds.length > 1 ? 's' : ''}.`
    : 'There is no way to you but this page: turn pushes on, or ask for e-mail to be set up.');
}

async function openAlerts() {
  $('alerts').showModal();
  $('alerts').querySelector('.scroll').scrollTop = 0;
  try {
    await Promise.all([drawAlerts(), drawDevices(), drawWishes()]);
  } catch (error) {
    say(error.message, 'bad');
  }
}

// Something came: whether it must be acknowledged shows on the button.
export function hearAlert(n) {
  if (waits(n)) show($('alerts-new'));
  if ($('alerts').open) drawAlerts().catch(() => {});
}

// `open`: shows a lead.
export function openCentre(user, open) {
  [me, openLead] = [user, open];
  show($('alerts-new'), false);
  call('NotificationService/ListNotifications', { pageSize: SHOWN })
    .then(({ notifications = [] }) => show($('alerts-new'), notifications.some(waits))).catch(() => {});
}

export function prepareCentre() {
  prepareWishes();
  $('bell').addEventListener('click', openAlerts);
  $('alerts').querySelector('.close').addEventListener('click', () => $('alerts').close());
  $('test').addEventListener('click', () => test().catch((error) => say(error.message, 'bad')));
}

// One's devices, and whether pushes come to this browser while the page is closed.
import { call, change } from './api.js';
import { $, make, say } from './dom.js';
import { deviceId } from './live.js';
import { momentOf } from './words.js';

const can = () => 'serviceWorker' in navigator && 'PushManager' in window;

const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

async function subscribe() {
  const { publicKey } = await call('NotificationService/GetPushKey');
  const worker = await navigator.serviceWorker.register('/push.js');
  await navigator.serviceWorker.ready;
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
  await change('NotificationService/SetPushSubscription', {
    deviceId: deviceId(),
    push: { endpoint: subscription.endpoint, p256dh: base64(subscription.getKey('p256dh')), auth: base64(subscription.getKey('auth')) },
  });
}

async function unsubscribe() {
  const worker = await navigator.serviceWorker.getRegistration('/push.js');
  await (await worker?.pushManager.getSubscription())?.unsubscribe();
  await change('NotificationService/SetPushSubscription', { deviceId: deviceId() });
}

async function turn(on) {
  if (on && (await Notification.requestPermission()) !== 'granted') {
    throw new Error('This browser does not let Baton show notifications. Its settings for this site change that.');
  }
  await (on ? subscribe() : unsubscribe());
}

// Why they cannot be turned on here; nothing: they can.
function obstacle() {
  if (!isSecureContext) return 'Pushes need Baton to be reached by https.';
  if (can()) return '';
  return /iPhone|iPad/.test(navigator.userAgent) ? 'Add this page to the home screen first; pushes come to the app that makes.'
    : 'This browser takes no pushes.';
}

function button(text, className, act) {
  const b = make('button', className, text);
  b.type = 'button';
  b.addEventListener('click', async () => {
    b.disabled = true;
    try {
      await act();
    } catch (error) {
      say(error.message, 'bad');
    }
    await drawDevices();
  });
  return b;
}

function stateOf(device) {
  const last = device.pushedAt ? `, last ${momentOf(device.pushedAt)}` : '';
  return device.pushOrigin ? `pushes by ${new URL(device.pushOrigin).host}${last}` : 'only while the page is open';
}

function rowOf(device) {
  const row = make('li'), here = device.id === deviceId(), text = make('div');
  text.append(make('b', '', device.name ?? 'Unnamed'), make('small', '', `${here ? 'this one; ' : ''}${stateOf(device)}`));
  row.append(text);
  if (here && !device.pushOrigin && !obstacle()) row.append(button('Turn pushes on', 'primary', () => turn(true)));
  if (here && device.pushOrigin) row.append(button('Turn pushes off', '', () => turn(false)));
  if (!here) row.append(button('Remove', 'quiet', () => change('NotificationService/RemoveDevice', { deviceId: device.id })));
  return row;
}

export async function drawDevices() {
  const { devices = [] } = await call('NotificationService/ListDevices');
  devices.sort((a, b) => (b.id === deviceId()) - (a.id === deviceId()));
  $('devices').replaceChildren(...devices.map(rowOf));
  $('devices').append(...(obstacle() ? [make('li', 'hint', obstacle())] : []));
}

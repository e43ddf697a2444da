// The event stream: one device, a cursor that outlives the page, and what was delivered and seen.
import { call, change, freshId } from './api.js';
import { recall, remember } from './dom.js';

const RETRY_MS = [1000, 2000, 4000, 8000, 15000];
const MARKS_AT_ONCE = 100;

let user, device, source, failures, timer, on;

function clientKey() {
  const key = recall('client') ?? freshId();
  remember('client', key);
  return key;
}

function deviceName() {
  const agent = navigator.userAgent;
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)/.exec(agent)?.[1] ?? 'Browser';
  const system = /(Android|iPhone|iPad|Windows|Mac OS|Linux)/.exec(agent)?.[1] ?? '';
  return `${browser} ${system}`.trim();
}

// Marks of one kind, collected for a moment and sent together; what fails is sent with the next ones.
function marker(method, after) {
  let waiting = new Set(), sending = false;
  const send = async () => {
    sending = true;
    await new Promise((done) => setTimeout(done, 30));
    const ids = [...waiting].slice(0, MARKS_AT_ONCE);
    ids.forEach((id) => waiting.delete(id));
    try {
      await change(method, { deviceId: device, notificationIds: ids });
      after(ids);
    } catch (error) {
      if (error.code === 'unavailable') ids.forEach((id) => waiting.add(id));
    }
    sending = false;
    if (waiting.size && source) setTimeout(flush, 1000);
  };
  const flush = () => {
    if (!sending && waiting.size) send();
  };
  return (ids) => {
    ids.forEach((id) => waiting.add(id));
    flush();
  };
}

export const markSeen = marker('NotificationService/MarkSeen', (ids) => on?.cleared(ids));
const markDelivered = marker('NotificationService/MarkDelivered', () => {});

function moved(event) {
  if (event.lastEventId) remember(`cursor.${user}`, event.lastEventId);
}

function hear(event) {
  const notification = JSON.parse(event.data);
  moved(event);
  markDelivered([notification.id]);
  on.notification(notification);
}

function hearCleared(event) {
  moved(event);
  on.cleared([JSON.parse(event.data).notificationId]);
}

// Where the stream begins, or where it goes on after the server was put back to an older state.
function hearPosition(event) {
  moved(event);
  on.refresh();
}

async function broken() {
  if (source.readyState === EventSource.CONNECTING) {
    on.state('reconnecting');
    return;
  }
  // Refused with an answer: the browser does not try again, so we do, unless we are signed out.
  source.close();
  on.state('reconnecting');
  const wait = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)];
  timer = setTimeout(async () => {
    try {
      await call('DirectoryService/GetMe');
    } catch (error) {
      if (error.code === 'unauthenticated') return on.ended();
    }
    if (source) connect();
  }, wait);
}

function connect() {
  const cursor = recall(`cursor.${user}`);
  source = new EventSource(`/v1/stream${cursor ? `?after=${encodeURIComponent(cursor)}` : ''}`);
  source.addEventListener('open', () => {
    failures = 0;
    on.state('live');
  });
  source.addEventListener('notification', hear);
  source.addEventListener('cleared', hearCleared);
  source.addEventListener('ready', hearPosition);
  source.addEventListener('resync', hearPosition);
  source.addEventListener('error', broken);
}

// The device this page is, once it is live.
export const deviceId = () => device;

// `handlers`: notification(n), cleared(ids), refresh(), state(word), ended().
export async function startLive(userId, handlers) {
  stopLive();
  user = userId;
  on = handlers;
  failures = 0;
  on.state('connecting');
  const answer = await change('NotificationService/RegisterDevice', {
    name: deviceName(), kind: 'DEVICE_KIND_BROWSER', clientKey: clientKey(),
  });
  device = answer.device.id;
  connect();
}

export function stopLive() {
  clearTimeout(timer);
  source?.close();
  source = undefined;
}

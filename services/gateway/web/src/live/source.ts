// The event stream itself: one device, and a cursor that outlives the page.
import { notifications } from '../api/client';
import { isSignedOut } from '../api/refusal';
import { directory } from '../api/client';
import { freshId } from '../api/id';
import { DeviceKind } from '../gen/baton/v1/notifications_pb';
import type { Channel } from './channel';
import { nameOfAgent } from '../ui/agent';
import { markDelivered } from './marks';

const RETRY_MS = [1000, 2000, 4000, 8000, 15000];

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`baton.${key}`);
  } catch {
    return null; // private windows may have no storage; then each window is a new device
  }
}

export function remember(key: string, value: string) {
  try {
    localStorage.setItem(`baton.${key}`, value);
  } catch {
    // the same
  }
}

function clientKey(): string {
  const key = recall('client') ?? freshId();
  remember('client', key);
  return key;
}

// Reads until the returned function is called.
export function readStream(user: string, channel: Channel): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let device = '';
  let isOver = false;

  const state = (word: 'connecting' | 'live' | 'reconnecting') => channel.tell({ kind: 'state', state: word, device });
  const moved = (event: MessageEvent) => event.lastEventId && remember(`cursor.${user}`, event.lastEventId);

  function later() {
    state('reconnecting');
    timer = setTimeout(begin, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
  }

  // Refused with an answer: the browser does not try again, so we do, unless we are signed out.
  async function broken() {
    if (source?.readyState === EventSource.CONNECTING) return state('reconnecting');
    source?.close();
    try {
      await directory.getMe({});
    } catch (error) {
      if (isSignedOut(error)) return channel.tell({ kind: 'ended' });
    }
    if (!isOver) later();
  }

  function connect() {
    const cursor = recall(`cursor.${user}`);
    source = new EventSource(`/v1/stream${cursor ? `?after=${encodeURIComponent(cursor)}` : ''}`);
    source.addEventListener('open', () => {
      failures = 0;
      state('live');
    });
    source.addEventListener('notification', (event) => {
      const notification = JSON.parse(event.data);
      moved(event);
      markDelivered(device, [notification.id]);
      channel.tell({ kind: 'notification', notification });
    });
    source.addEventListener('cleared', (event) => {
      moved(event);
      channel.tell({ kind: 'cleared', ids: [JSON.parse(event.data).notificationId] });
    });
    // Where it begins, or goes on after the server was put back to an older state.
    for (const name of ['ready', 'resync']) {
      source.addEventListener(name, (event) => {
        moved(event);
        channel.tell({ kind: 'refresh' });
      });
    }
    source.addEventListener('error', broken);
  }

  async function begin() {
    try {
      const answer = await notifications.registerDevice({ name: nameOfAgent(navigator.userAgent), kind: DeviceKind.BROWSER, clientKey: clientKey() });
      device = answer.device?.id ?? '';
      if (!isOver) connect();
    } catch (error) {
      if (isSignedOut(error)) channel.tell({ kind: 'ended' });
      else if (!isOver) later();
    }
  }

  state('connecting');
  begin();
  return () => {
    isOver = true;
    clearTimeout(timer);
    source?.close();
  };
}

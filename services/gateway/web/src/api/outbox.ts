// What was done where there is no network: it is kept, with its request id, and sent once there is one, in its order.
import { useSyncExternalStore } from 'react';

export interface Kept {
  // "RecordService/CreateRecord"
  method: string;
  // The request in JSON, with its id.
  body: string;
}

const PLACE = 'baton.outbox';
const MOST = 200;
const AGAIN_MS = 15_000;
const listeners = new Set<() => void>();

function read(): Kept[] {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? '[]');
  } catch {
    return [];
  }
}

let now = read();

function write(list: Kept[]) {
  now = list;
  localStorage.setItem(PLACE, JSON.stringify(list));
  for (const listener of listeners) listener();
}

addEventListener('storage', (event) => {
  if (event.key !== PLACE) return;
  now = read();
  for (const listener of listeners) listener();
});

// False: there is no room, or no storage.
export function keepForLater(kept: Kept): boolean {
  try {
    const list = read();
    if (list.length >= MOST) return false;
    write([...list, kept]);
    return true;
  } catch {
    return false;
  }
}

export function emptyOutbox() {
  if (now.length > 0) write([]);
}

// Sent: it is done, or was refused for good, which is told of. Not sent: nobody answers.
async function send({ method, body }: Kept): Promise<{ isSent: boolean; refusal?: string }> {
  const response = await fetch(`/baton.v1.${method}`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Connect-Protocol-Version': '1' }, body })
    .catch(() => undefined);
  if (!response || [401, 408, 429, 502, 503, 504].includes(response.status)) return { isSent: false };
  return response.ok ? { isSent: true } : { isSent: true, refusal: (await response.json().catch(() => ({}))).message ?? String(response.status) };
}

async function sendAll(done: (refusals: string[], count: number) => void) {
  const refusals: string[] = [];
  let count = 0;
  for (let [first] = read(); first; [first] = read()) {
    const { isSent, refusal } = await send(first);
    if (!isSent) break;
    count++;
    if (refusal) refusals.push(refusal);
    write(read().slice(1));
  }
  if (count > 0) done(refusals, count);
}

// One tab at a time; as soon as there is a network, and now and then.
export function startOutbox(done: (refusals: string[], count: number) => void): () => void {
  const go = () => {
    if (read().length === 0) return;
    if (navigator.locks) navigator.locks.request('baton.outbox', { ifAvailable: true }, (lock) => (lock ? sendAll(done) : undefined));
    else sendAll(done);
  };
  const timer = setInterval(go, AGAIN_MS);
  addEventListener('online', go);
  go();
  return () => {
    clearInterval(timer);
    removeEventListener('online', go);
  };
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
export const useOutbox = () => useSyncExternalStore(subscribe, () => now);

const networkChanges = (listener: () => void) => {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
};
export const useOnline = () => useSyncExternalStore(networkChanges, () => navigator.onLine);

// What a device received and its user has seen, collected for a moment and said together; what fails goes with the next.
import { notifications } from '../api/client';
import { isOffline } from '../api/refusal';

const AT_ONCE = 100;
const GATHER_MS = 30;
const AGAIN_MS = 3000;

type Send = (device: string, ids: string[]) => Promise<unknown>;

export function marker(send: Send, after: (ids: string[]) => void = () => {}) {
  const waiting = new Set<string>();
  let device = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function flush() {
    const ids = [...waiting].slice(0, AT_ONCE);
    let next = GATHER_MS;
    for (const id of ids) waiting.delete(id);
    try {
      await send(device, ids);
      after(ids);
    } catch (error) {
      if (isOffline(error)) {
        for (const id of ids) waiting.add(id);
        next = AGAIN_MS;
      }
    }
    timer = waiting.size ? setTimeout(flush, next) : undefined;
  }

  return (by: string, ids: string[]) => {
    device = by;
    for (const id of ids) waiting.add(id);
    if (waiting.size) timer ??= setTimeout(flush, GATHER_MS);
  };
}

export const markDelivered = marker((deviceId, notificationIds) => notifications.markDelivered({ deviceId, notificationIds }));

export const seenListeners = new Set<(ids: string[]) => void>();
export const markSeen = marker(
  (deviceId, notificationIds) => notifications.markSeen({ deviceId: deviceId || undefined, notificationIds }),
  (ids) => seenListeners.forEach((listener) => listener(ids)),
);

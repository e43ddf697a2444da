// Whether pushes come to this browser while no page is open.
import { notifications } from '../api/client';
import { canWork, worker } from './worker';

// Why they cannot be turned on here; nothing: they can.
export function obstacle(): '' | 'https' | 'install' | 'none' {
  if (!isSecureContext) return 'https';
  if (canWork() && 'PushManager' in window) return '';
  return /iPhone|iPad/.test(navigator.userAgent) ? 'install' : 'none';
}

const base64 = (buffer: ArrayBuffer | null) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer ?? new ArrayBuffer()))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

export async function turnOn(deviceId: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const { publicKey } = await notifications.getPushKey({});
  const { pushManager } = await navigator.serviceWorker.ready;
  const s = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
  await notifications.setPushSubscription({ deviceId, push: { endpoint: s.endpoint, p256dh: base64(s.getKey('p256dh')), auth: base64(s.getKey('auth')) } });
  return true;
}

export async function turnOff(deviceId: string) {
  const subscription = await (await worker())?.pushManager.getSubscription();
  await subscription?.unsubscribe();
  await notifications.setPushSubscription({ deviceId });
}

// The service worker: shows pushes while no page is open and answers them; keeps what was seen, so that it can be read
// where there is no network.
declare const self: ServiceWorkerGlobalScope;

const SHELL = 'baton.shell';
const SEEN = 'baton.seen';
const SEEN_MOST = 500;
const BASE = import.meta.env.BASE_URL;

interface Said {
  cleared?: string[];
  notification: { title: string; body: string; navigate: string; tag: string };
  actions?: string[];
  lead_id?: string;
  id: string;
}

interface NotificationData {
  navigate: string;
  leadId?: string;
  id: string;
}

const LABELS: { [language: string]: { [action: string]: string } } = { en: { accept: 'Accept', decline: 'Decline' }, zh: { accept: '接受', decline: '婉拒' } };
const labels = LABELS[navigator.language.slice(0, 2)] ?? LABELS.en;

// --- pushes ---

async function clear(ids: string[]) {
  for (const shown of await self.registration.getNotifications()) if (ids.includes(shown.tag)) shown.close();
}

async function hear(said: Said) {
  if (said.cleared) return clear(said.cleared);
  const { title, body, navigate, tag } = said.notification;
  const actions = (said.actions ?? []).map((action) => ({ action, title: labels[action] ?? action }));
  const data: NotificationData = { navigate, leadId: said.lead_id, id: said.id };
  await self.registration.showNotification(title, { body, tag, data, icon: `${BASE}icon-192.png`, badge: `${BASE}icon-192.png`, actions } as NotificationOptions);
}

async function open(path: string) {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!windows[0]) return self.clients.openWindow(path);
  await windows[0].focus();
  windows[0].postMessage({ open: path });
}

// Refused (somebody else has it by now) or signed out: the page says so better than a notification could.
async function accept({ leadId, id, navigate }: NotificationData) {
  const response = await fetch('/baton.v1.LeadService/AcceptLead', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Connect-Protocol-Version': '1' },
    body: JSON.stringify({ requestId: `push-accept-${id}`, id: leadId }),
  }).catch(() => undefined);
  if (!response?.ok) await open(navigate);
}

self.addEventListener('push', (event) => event.waitUntil(hear(event.data?.json())));
self.addEventListener('notificationclick', (event) => {
  const data: NotificationData = event.notification.data;
  event.notification.close();
  // A reason is asked for where there is room to give one.
  event.waitUntil(event.action === 'accept' ? accept(data) : open(data.navigate));
});

// --- what was seen ---

async function keep(name: string, request: Request, response: Response) {
  const cache = await caches.open(name);
  await cache.put(request, response);
  if (name !== SEEN) return;
  const kept = await cache.keys();
  for (const old of kept.slice(0, Math.max(0, kept.length - SEEN_MOST))) await cache.delete(old);
}

// Its name has its hash: what is kept is right.
async function once(request: Request): Promise<Response> {
  const kept = await caches.match(request, { cacheName: SHELL });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await keep(SHELL, request, response.clone());
  return response;
}

async function fresh(name: string, request: Request, key = request): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.ok) await keep(name, key, response.clone());
    return response;
  } catch (error) {
    const kept = await caches.match(key, { cacheName: name });
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || request.method !== 'GET') return;
  if (pathname.startsWith(`${BASE}assets/`)) event.respondWith(once(request));
  else if (pathname.startsWith('/baton.v1.')) event.respondWith(fresh(SEEN, request));
  else if (request.mode === 'navigate' && !/^\/(forms|v1)\//.test(pathname)) event.respondWith(fresh(SHELL, request, new Request(BASE)));
});

// Whoever signs out leaves nothing behind.
self.addEventListener('message', (event) => {
  if (event.data === 'forget') event.waitUntil(caches.delete(SEEN));
});
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

export {};

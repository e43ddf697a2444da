// The service worker: shows pushes while the page is closed, takes them away again, and accepts leads from them.
const LABEL = { accept: 'Accept', decline: 'Decline' };

async function clear(ids) {
  for (const shown of await self.registration.getNotifications()) if (ids.includes(shown.tag)) shown.close();
}

async function hear(message) {
  if (message.cleared) return clear(message.cleared);
  const { title, body, navigate, tag } = message.notification;
  const actions = (message.actions ?? []).map((action) => ({ action, title: LABEL[action] }));
  await self.registration.showNotification(title, {
    body, tag, actions, data: { navigate, leadId: message.lead_id, id: message.id },
  });
}

async function open(path) {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!windows.length) return self.clients.openWindow(path);
  await windows[0].focus();
  windows[0].postMessage({ open: path });
}

// Refused (somebody else has it by now) or signed out: the page says so better than a notification could.
async function accept({ leadId, id, navigate }) {
  const response = await fetch('/baton.v1.LeadService/AcceptLead', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Connect-Protocol-Version': '1' },
    body: JSON.stringify({ requestId: `push-accept-${id}`, id: leadId }),
  }).catch(() => undefined);
  if (!response?.ok) await open(navigate);
}

self.addEventListener('push', (event) => event.waitUntil(hear(event.data.json())));
self.addEventListener('notificationclick', (event) => {
  const { data } = event.notification;
  event.notification.close();
  // A reason is asked for where there is room to give one.
  event.waitUntil(event.action === 'accept' ? accept(data) : open(data.navigate));
});
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

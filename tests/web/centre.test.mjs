// The notification centre in a real browser, and pushes from a real push service shown by the page's own worker.
// The browser's push service is on the internet; PushManager.subscribe alone is led to one that is here.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { chromium } from 'playwright-core';
import { BUILD, ROOT, free_port, request_id, shared, until } from '../e2e/lib.mjs';

const require = createRequire(join(ROOT, 'tests/web/package.json'));
const { PushApiModel } = require('web-push-testing/src/PushApiModel.js');
const PushServer = require('web-push-testing/src/server.js');
const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const PASSWORD = 'correct horse battery staple';
const PICTURES = join(BUILD, 'screenshots');
const skip = BROWSER ? false : 'there is no chromium';

const pushes = new PushApiModel();
const complaints = [];
let browser, push_server, push_port, ann, page, hash;
const d = shared(set_up, ['--private-network']);

async function set_up() {
  mkdirSync(PICTURES, { recursive: true });
  if (!BROWSER) return;
  push_port = await free_port();
  push_server = new PushServer(pushes, push_port);
  push_server.startServer();
  const workingHours = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, endMinute: 1440 }));
  ann = await d.user('Ann Able', 'rep', { workingHours });
  await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: ann.id, newPassword: PASSWORD });
  await d.route_to([ann]);
  browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS });
  page = await sign_in();
}
after(async () => {
  await browser?.close();
  push_server?._server.close();
});

/** What a browser's push service would answer, from the one that is here. */
async function subscription(applicationServerKey) {
  const { clientHash, keys } = await pushes.subscribe({ userVisibleOnly: 'true', applicationServerKey });
  hash = clientHash;
  return { endpoint: `http://localhost:${push_port}/notify/${clientHash}`, keys };
}

async function sign_in(options = { viewport: { width: 1280, height: 900 } }) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(10000);
  await context.grantPermissions(['notifications']);
  await context.exposeFunction('subscription', subscription);
  await context.addInitScript(() => {
    const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)).buffer;
    PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
      const { endpoint, keys } = await window.subscription(applicationServerKey);
      return { endpoint, getKey: (name) => bytes(keys[name]) };
    };
  });
  const p = await context.newPage();
  p.on('pageerror', (e) => complaints.push(e.stack));
  p.on('console', (m) => /Content Security Policy|TypeError/.test(m.text()) && complaints.push(m.text()));
  await p.goto(`${d.url}/`);
  await p.locator('#signin').getByLabel('E-mail').fill(ann.email);
  await p.locator('#signin').getByLabel('Password').fill(PASSWORD);
  await p.getByRole('button', { name: 'Sign in' }).click();
  await p.locator('#link[data-state=live]').waitFor();
  return p;
}

const centre = () => page.locator('#alerts');
const open = () => page.getByRole('button', { name: 'Notifications' }).click();
const picture = (name) => page.screenshot({ path: join(PICTURES, `${name}.png`) });
const preferences = () => d.call('NotificationService/GetPreferences', { userId: ann.id });
const read = () => (pushes.messages[hash] ?? []).map((text) => JSON.parse(text));
const on = async (klass, channel) => (await preferences()).routes.find((r) => r.class === klass).channels?.includes(channel) ?? false;

/** Notifications that the browser shows now. */
const shown = () => page.evaluate(async () => {
  const registration = await navigator.serviceWorker.getRegistration('/push.js');
  return (await registration.getNotifications()).map(({ title, body, tag, actions }) => ({ title, body, tag, actions: actions.map((a) => a.action) }));
});

/** As the browser does it when its push service hands something over. */
async function deliver(message) {
  const client = await page.context().newCDPSession(page);
  const registered = new Promise((resolve) => client.on('ServiceWorker.workerRegistrationUpdated',
    ({ registrations }) => registrations.length && resolve(registrations[0].registrationId)));
  await client.send('ServiceWorker.enable');
  await client.send('ServiceWorker.deliverPushMessage', { origin: d.url, registrationId: await registered, data: JSON.stringify(message) });
  await client.detach();
}

test('what somebody was told stands in the centre, and opens the lead', { skip }, async () => {
  await d.capture({ firstName: 'Told', lastName: 'Once', company: 'Bell & Co', email: 'told@buyer.example' });
  await page.locator('.card', { hasText: 'Told Once' }).waitFor();
  await open();
  const row = centre().locator('#told li', { hasText: 'New lead: Told Once' });
  await row.waitFor();
  await picture('centre');
  await row.getByRole('button', { name: 'Open the lead' }).click();
  await page.locator('#panel h2', { hasText: 'Told Once' }).waitFor();
});

test('pushes are turned on, come sealed, and are shown by the worker', { skip }, async () => {
  await open();
  await centre().getByText('this one; only while the page is open').waitFor();
  await centre().getByRole('button', { name: 'Turn pushes on' }).click();
  await centre().getByText(`pushes by localhost:${push_port}`).waitFor();
  await centre().getByRole('button', { name: 'Send me a test' }).click();
  const test = await until('the test', () => read()[0], 20000);
  assert.equal(test.notification.title, 'Baton can reach you');
  const { lead } = await d.capture({ firstName: 'Pushed', lastName: 'Here', email: 'pushed@buyer.example' });
  const said = await until('the push', () => read().find((m) => m.lead_id === lead.id), 20000);
  await deliver(said);
  const [first] = await until('it is shown', async () => { const all = await shown(); return all.length && all; });
  assert.deepEqual(first, { title: 'New lead: Pushed Here', body: said.notification.body, tag: said.id, actions: ['accept', 'decline'] });
  // Seen elsewhere: it goes.
  await deliver({ cleared: [said.id], delivery_id: said.delivery_id });
  await until('it is gone', async () => (await shown()).length === 0);
});

test('class by channel, quiet hours, digest and a pause are kept', { skip }, async () => {
  const ASSIGNED = 'NOTIFICATION_CLASS_LEAD_ASSIGNED';
  await centre().getByLabel('A new lead: Push').uncheck();
  await until('the choice is kept', async () => !(await on(ASSIGNED, 'CHANNEL_PUSH')));
  await centre().getByLabel('A new lead: Push').check();
  await until('and taken back', () => on(ASSIGNED, 'CHANNEL_PUSH'));
  await centre().getByLabel('Quiet hours').check();
  await centre().getByLabel('Quiet from').fill('21:30');
  await centre().getByLabel('Quiet until').fill('06:45');
  const [quiet] = await until('quiet hours', async () => {
    const { quietHours } = (await preferences()).preferences;
    return quietHours?.[0]?.endMinute === 405 && quietHours[0].startMinute === 1290 && quietHours;
  });
  assert.deepEqual(quiet, { startMinute: 1290, endMinute: 405 });
  await centre().getByLabel('What I follow, and announcements: once a day').check();
  await until('the digest', async () => (await preferences()).preferences.digestClasses?.includes('NOTIFICATION_CLASS_HEADS_UP'));
  await centre().getByRole('button', { name: 'Pause for an hour' }).click();
  await centre().getByText('Paused until').waitFor();
  await picture('centre-wishes');
  await centre().getByRole('button', { name: 'Go on now' }).click();
  await centre().getByRole('button', { name: 'Pause for an hour' }).waitFor();
  assert.equal((await preferences()).preferences.snoozeUntil, undefined);
});

test('what must be acknowledged says so until it is', { skip }, async () => {
  await page.keyboard.press('Escape');
  await d.call('NotificationService/Announce', { requestId: request_id(), title: 'The office is closed', text: 'Water in the cellar.',
    importance: 'NOTIFICATION_IMPORTANCE_CRITICAL' });
  await page.locator('#alerts-new').waitFor();
  await open();
  const row = centre().locator('#told li', { hasText: 'The office is closed' });
  await picture('centre-critical');
  await row.getByRole('button', { name: 'I know' }).click();
  await row.getByRole('button', { name: 'I know' }).waitFor({ state: 'hidden' });
  assert.equal(await page.locator('#alerts-new').isVisible(), false);
});

test('another device is removed from here', { skip }, async () => {
  await d.call('NotificationService/RegisterDevice', { requestId: request_id(), name: 'lost phone', kind: 'DEVICE_KIND_PHONE' }, { token: ann.token });
  await page.keyboard.press('Escape');
  await open();
  const row = centre().locator('#devices li', { hasText: 'lost phone' });
  await row.getByRole('button', { name: 'Remove' }).click();
  await row.waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
});

test('a link to a lead opens it, also on a phone', { skip }, async () => {
  const { lead } = await d.capture({ firstName: 'Linked', lastName: 'To', email: 'linked@buyer.example' });
  const phone = await sign_in({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await phone.goto(`${d.url}/#lead=${lead.id}`);
  await phone.locator('#panel h2', { hasText: 'Linked To' }).waitFor();
  await phone.locator('#panel .close').click();
  await phone.screenshot({ path: join(PICTURES, 'bar-phone.png') });
  await phone.getByRole('button', { name: 'Notifications' }).click();
  await phone.locator('#told li').first().waitFor();
  await phone.screenshot({ path: join(PICTURES, 'centre-phone.png') });
  await phone.context().close();
});

test('the browser had nothing to complain about', { skip }, () => assert.deepEqual(complaints, []));

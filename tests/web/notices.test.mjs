// The notification centre and the settings in a real browser, and pushes from a real push service shown by the page's own
// worker. The browser's push service is on the internet; PushManager.subscribe alone is led to one that is here.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT, free_port, request_id, shared, until } from '../e2e/lib.mjs';
import { accessible, DESKTOP, fits, no_complaints, PASSWORD, PHONE, picture as taken, sign_in, skip, window_of } from './browser.mjs';

const require = createRequire(join(ROOT, 'tests/web/package.json'));
const { PushApiModel } = require('web-push-testing/src/PushApiModel.js');
const PushServer = require('web-push-testing/src/server.js');

const pushes = new PushApiModel();
let push_server, push_port, ann, page, hash;
const d = shared(set_up, ['--private-network']);

async function set_up() {
  if (skip) return;
  push_port = await free_port();
  push_server = new PushServer(pushes, push_port);
  push_server.startServer();
  const workingHours = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, endMinute: 1440 }));
  ann = await d.user('Ann Able', 'rep', { workingHours });
  await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: ann.id, newPassword: PASSWORD });
  await d.route_to([ann]);
}
after(() => push_server?._server.close());

/** What a browser's push service would answer, from the one that is here. */
async function subscription(applicationServerKey) {
  const { clientHash, keys } = await pushes.subscribe({ userVisibleOnly: 'true', applicationServerKey });
  hash = clientHash;
  return { endpoint: `http://localhost:${push_port}/notify/${clientHash}`, keys };
}

async function prepare(context) {
  await context.grantPermissions(['notifications']);
  await context.exposeFunction('subscription', subscription);
  await context.addInitScript(() => {
    const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)).buffer;
    PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
      const { endpoint, keys } = await window.subscription(applicationServerKey);
      return { endpoint, getKey: (name) => bytes(keys[name]) };
    };
  });
}

async function enter(options = DESKTOP) {
  const p = await window_of(options, { prepare });
  await sign_in(p, `${d.url}/`, ann);
  return p;
}

const go = (name) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
const devices = () => page.getByRole('region', { name: 'My devices' });
const wishes = () => page.getByRole('region', { name: 'What comes where' });
const picture = (name) => taken(page, name);
const preferences = () => d.call('NotificationService/GetPreferences', { userId: ann.id });
const read = () => (pushes.messages[hash] ?? []).map((text) => JSON.parse(text));
const on = async (klass, channel) => (await preferences()).routes.find((r) => r.class === klass).channels?.includes(channel) ?? false;

/** Notifications that the browser shows now. */
const shown = () => page.evaluate(async () => {
  const registration = await navigator.serviceWorker.getRegistration('/');
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
  page = await enter();
  await d.capture({ firstName: 'Told', lastName: 'Once', company: 'Bell & Co', email: 'told@buyer.example' });
  await page.locator('[role=row]', { hasText: 'Told Once' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('n');
  const thing = page.getByRole('listitem').filter({ hasText: 'New lead: Told Once' });
  await thing.waitFor();
  await accessible(page, 'notifications');
  await picture('centre');
  await thing.getByRole('button', { name: 'Open the lead' }).click();
  await page.getByRole('complementary').getByRole('heading', { name: 'Told Once' }).first().waitFor();
});

test('pushes are turned on, come sealed, and are shown by the worker', { skip }, async () => {
  await go('Settings');
  await devices().getByText('only while a page is open').waitFor();
  await devices().getByRole('button', { name: 'Turn pushes on' }).click();
  await devices().getByText(`pushes by localhost:${push_port}`).waitFor();
  await devices().getByRole('button', { name: 'Send me a test' }).click();
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
  await wishes().getByLabel('A new lead: Push').click();
  await until('the choice is kept', async () => !(await on(ASSIGNED, 'CHANNEL_PUSH')));
  await wishes().getByLabel('A new lead: Push').click();
  await until('and taken back', () => on(ASSIGNED, 'CHANNEL_PUSH'));
  await wishes().getByRole('switch', { name: 'Quiet hours' }).click();
  await until('it is on', () => wishes().getByLabel('Quiet from').isEnabled());
  await wishes().getByLabel('Quiet from').fill('21:30');
  await until('it is kept', async () => (await preferences()).preferences.quietHours?.[0]?.startMinute === 1290);
  await wishes().getByLabel('Quiet until').fill('06:45');
  const [quiet] = await until('quiet hours', async () => {
    const { quietHours } = (await preferences()).preferences;
    return quietHours?.[0]?.endMinute === 405 && quietHours[0].startMinute === 1290 && quietHours;
  });
  assert.deepEqual(quiet, { startMinute: 1290, endMinute: 405 });
  await wishes().getByLabel('What I follow, and announcements: Once a day').click();
  await until('the digest', async () => (await preferences()).preferences.digestClasses?.includes('NOTIFICATION_CLASS_HEADS_UP'));
  await wishes().getByRole('button', { name: 'Pause for an hour' }).click();
  await wishes().getByText('Paused until').waitFor();
  await accessible(page, 'settings');
  await picture('settings');
  await wishes().getByRole('button', { name: 'Go on now' }).click();
  await wishes().getByRole('button', { name: 'Pause for an hour' }).waitFor();
  assert.equal((await preferences()).preferences.snoozeUntil, undefined);
});

test('what must be acknowledged says so until it is', { skip }, async () => {
  await d.call('NotificationService/Announce', { requestId: request_id(), title: 'The office is closed', text: 'Water in the cellar.',
    importance: 'NOTIFICATION_IMPORTANCE_CRITICAL' });
  await page.getByRole('link', { name: '1 to be acknowledged' }).click();
  const thing = page.getByRole('listitem').filter({ hasText: 'The office is closed' });
  await picture('centre-critical');
  await thing.getByRole('button', { name: 'I know' }).click();
  await thing.getByRole('button', { name: 'I know' }).waitFor({ state: 'hidden' });
  await page.getByRole('link', { name: '1 to be acknowledged' }).waitFor({ state: 'detached' });
});

test('another device is removed from here', { skip }, async () => {
  await d.call('NotificationService/RegisterDevice', { requestId: request_id(), name: 'lost phone', kind: 'DEVICE_KIND_PHONE' }, { token: ann.token });
  await go('Settings');
  const row = devices().getByRole('listitem').filter({ hasText: 'lost phone' });
  await row.getByRole('button', { name: 'Remove' }).click();
  await row.waitFor({ state: 'detached' });
});

test('a key becomes another one, and a password, too', { skip }, async () => {
  await page.getByLabel('Key for: Go to Leads').press('q');
  await page.getByRole('heading', { name: 'Settings' }).click();
  await page.keyboard.press('q');
  await page.getByRole('grid', { name: 'Leads' }).waitFor();
  await go('Settings');
  await page.getByLabel('Key for: Go to Leads').press('Backspace');
  await page.getByLabel('Password until now').fill('not this one');
  await page.getByLabel('New password').fill(`${PASSWORD} too`);
  await page.getByRole('region', { name: 'Password' }).getByRole('button', { name: 'Save' }).click();
  await page.locator('.mantine-PasswordInput-error').first().waitFor();
  await page.getByLabel('Password until now').fill(PASSWORD);
  await page.getByRole('region', { name: 'Password' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('The new password holds').waitFor();
  await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: ann.id, newPassword: PASSWORD });
});

test('a link to a lead opens it, also on a phone', { skip }, async () => {
  const { lead } = await d.capture({ firstName: 'Linked', lastName: 'To', email: 'linked@buyer.example' });
  const phone = await enter(PHONE);
  await phone.goto(`${d.url}/#lead=${lead.id}`);
  await phone.getByRole('dialog', { name: 'Linked To' }).waitFor();
  await phone.getByRole('button', { name: 'Close' }).first().tap();
  await phone.getByRole('dialog').waitFor({ state: 'detached' });
  await phone.getByRole('banner').getByRole('link').tap();
  await phone.getByRole('listitem').first().waitFor();
  await fits(phone);
  await accessible(phone, 'notifications on a phone');
  await taken(phone, 'centre-phone');
  await phone.goto(`${d.url}/settings`);
  await phone.getByRole('heading', { name: 'My devices' }).waitFor();
  await fits(phone);
  await taken(phone, 'settings-phone');
  await phone.context().close();
});

test('without a network: what was seen is read, what is done is kept and sent later, once', { skip }, async () => {
  const person = await d.create('contact', { firstName: 'Far', lastName: 'Away', ownerId: ann.id });
  page = await enter();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await page.goto(`${d.url}/contacts/${person.id}`);
  await page.getByRole('heading', { name: 'Far Away', level: 1 }).waitFor();
  await page.getByRole('tab', { name: 'Notes' }).click();
  await page.getByText('No notes yet.').waitFor();
  await page.context().setOffline(true);
  await page.reload();
  await page.getByRole('heading', { name: 'Far Away', level: 1 }).waitFor();
  await page.getByText('No network.').waitFor();
  await page.getByLabel('Write a note').fill('Said on the train.');
  await page.keyboard.press('Control+Enter');
  await page.getByText('1 change waits.').waitFor();
  await picture('offline');
  await page.context().setOffline(false);
  await page.getByText('What was kept is sent.').waitFor({ timeout: 20000 });
  const notes = (await d.list('note', { token: ann.token })).filter((n) => n.text === 'Said on the train.');
  assert.equal(notes.length, 1);
  assert.equal(notes[0].contactId, person.id);
});

test('it can be installed', { skip }, async () => {
  const client = await page.context().newCDPSession(page);
  const { errors, data } = await client.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  assert.equal(JSON.parse(data).start_url, '/');
  const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
  assert.deepEqual(installabilityErrors.filter((e) => e.errorId !== 'in-incognito'), []);
});

no_complaints();

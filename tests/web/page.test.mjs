// The built-in page in a real browser: set-up, signing in, and a representative's inbox, live.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { BUILD, request_id, shared, until } from '../e2e/lib.mjs';

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const FLAGS = '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking ' +
  '--disable-component-update --disable-sync';
const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const PASSWORD = 'correct horse battery staple';
const BLINK_MS = 1000, PATIENCE_MS = 10000;
const PICTURES = join(BUILD, 'screenshots');
const skip = BROWSER ? false : 'there is no chromium';

const d = shared();
let browser, ann, bob, desk;
const complaints = [];

before(async () => {
  mkdirSync(PICTURES, { recursive: true });
  if (BROWSER) browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS.split(' ') });
});
after(() => browser?.close());

// A browser window of its own, like another device. `hidden`: nobody looks at it until `look` is called.
async function window_of(options, { hidden = false } = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  if (hidden) {
    await context.addInitScript(() => {
      let state = 'hidden';
      Object.defineProperty(Document.prototype, 'visibilityState', { get: () => state });
      window.look = () => {
        state = 'visible';
        document.dispatchEvent(new Event('visibilitychange'));
      };
    });
  }
  const page = await context.newPage();
  page.on('pageerror', (e) => complaints.push(e.stack));
  page.on('console', (m) => /Content Security Policy|TypeError/.test(m.text()) && complaints.push(m.text()));
  return page;
}

async function fill(page, form, fields) {
  for (const [label, text] of Object.entries(fields)) await page.locator(form).getByLabel(label).fill(text);
}

async function sign_in(page, user) {
  await page.goto(`${d.url}/`);
  await fill(page, '#signin', { 'E-mail': user.email, Password: PASSWORD });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('#link[data-state=live]').waitFor();
}

const picture = (page, name) => page.screenshot({ path: join(PICTURES, `${name}.png`) });
const card = (page, name) => page.locator('.card', { hasText: name });
const capture = (fields) => d.capture({ leadSource: 'web form', email: `${request_id()}@buyer.example`, ...fields });

// Everything goes to Ann as long as she is the pool's only member.
async function pool_of(members) {
  const [pool] = await d.list('pool');
  const record = { pool: { id: pool.id, members: members.map((u) => ({ userId: u.id })) } };
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record });
}

test('the set-up link makes an administrator, once', { skip }, async () => {
  const link = `${d.url}/setup#token=${d.read('setup.token')}`;
  const page = await window_of(DESKTOP);
  await page.goto(link);
  await fill(page, '#setup', {
    'Your name': 'Ada Admin', 'E-mail': 'ada@staff.example', Password: PASSWORD, Organisation: 'Example & Sons',
  });
  await picture(page, 'setup');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.locator('#link[data-state=live]').waitFor();
  assert.equal(new URL(page.url()).hash, '', 'the secret is out of the address');
  await page.getByRole('button', { name: 'All leads' }).click();
  await page.getByText('baton lead capture').waitFor();
  await picture(page, 'empty-admin');

  const again = await window_of(DESKTOP);
  await again.goto(link);
  await fill(again, '#setup', { 'Your name': 'Eve', 'E-mail': 'eve@staff.example', Password: PASSWORD });
  await again.getByRole('button', { name: 'Start' }).click();
  await again.locator('#setup .wrong').waitFor();
  await again.goto(`${d.url}/setup`);
  await again.getByText('This link is not complete').waitFor();
  await page.context().close();
  await again.context().close();
});

test('a representative signs in, and not with a wrong password', { skip }, async () => {
  const workingHours = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, endMinute: 1440 }));
  ann = await d.user('Ann Able', 'rep', { workingHours });
  bob = await d.user('Bob Best', 'rep', { workingHours });
  for (const user of [ann, bob])
    await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: user.id, newPassword: PASSWORD });
  await d.route_to([ann], { rule: { name: 'Everything', responseMinutes: 30 } });
  await d.settled();

  desk = await window_of(DESKTOP);
  await desk.goto(`${d.url}/`);
  await fill(desk, '#signin', { 'E-mail': ann.email, Password: 'something else entirely' });
  await picture(desk, 'sign-in');
  await desk.getByRole('button', { name: 'Sign in' }).click();
  await desk.locator('#signin .wrong').waitFor();
  await sign_in(desk, ann);
  await desk.getByText('All answered').waitFor();
  assert.equal(await desk.getByRole('button', { name: 'All leads' }).isVisible(), false);
  await picture(desk, 'empty');
});

test('a new lead appears within a blink, with its countdown and the reason', { skip }, async () => {
  const begin = Date.now();
  const { lead } = await capture({ firstName: 'Zoë', lastName: 'Quick', company: 'Büro & Söhne' });
  await card(desk, 'Zoë Quick').waitFor({ timeout: BLINK_MS });
  assert.ok(Date.now() - begin < BLINK_MS);
  assert.equal(lead.ownerId, ann.id);
  await desk.getByText('New lead: Zoë Quick').waitFor();
  assert.equal(await desk.title(), '(1) Baton');
  const text = await card(desk, 'Zoë Quick').textContent();
  assert.match(text, /(30:00|29:\d\d)/, 'thirty minutes, counted down');
  assert.match(text, /Büro & Söhne/);
  assert.match(text, /from web form/);
  assert.match(text, /Everything/, 'the rule is named');
  const first = await desk.locator('.ring span').first().textContent();
  await until('the countdown moves', async () => (await desk.locator('.ring span').first().textContent()) !== first);
  await picture(desk, 'new-lead');
});

test('what it says is text, whatever it looks like', { skip }, async () => {
  const name = '<img src=x onerror="document.title=1"><b>Bobby</b>';
  await capture({ lastName: name, message: '</blockquote><script>alert(1)</script>' });
  await card(desk, name).click();
  await desk.locator('#panel blockquote', { hasText: '<script>alert(1)</script>' }).waitFor();
  assert.equal(await desk.locator('.card img, #panel script').count(), 0);
  await desk.keyboard.press('Escape');
  await desk.locator('#panel').waitFor({ state: 'hidden' });
});

test('the panel says why Ann and why not the others', { skip }, async () => {
  await desk.keyboard.press('j');
  await desk.keyboard.press('k');
  await desk.keyboard.press('Enter');
  const panel = desk.locator('#panel');
  await panel.getByRole('heading', { name: 'Zoë Quick' }).waitFor();
  await panel.locator('.people .chosen', { hasText: 'Ann Able' }).waitFor();
  await panel.locator('.sentence', { hasText: 'Ann Able' }).waitFor();
  await picture(desk, 'panel');
});

test('A accepts', { skip }, async () => {
  await desk.keyboard.press('a');
  await desk.locator('.card[data-status=working]', { hasText: 'Zoë Quick' }).waitFor();
  const { leads } = await d.call('LeadService/ListLeads', { status: ['LEAD_STATUS_WORKING'] });
  assert.deepEqual(leads.map((l) => l.lastName), ['Quick']);
  await desk.keyboard.press('Escape');
});

test('D declines with a reason, and the lead goes to the next', { skip }, async () => {
  const { lead } = await capture({ firstName: 'Not', lastName: 'Mine', company: 'Elsewhere' });
  await card(desk, 'Not Mine').waitFor();
  await pool_of([ann, bob]);
  await card(desk, 'Not Mine').getByRole('button', { name: 'Decline' }).click();
  await desk.getByRole('button', { name: 'Not my area' }).click();
  await picture(desk, 'decline');
  await desk.keyboard.press('Enter');
  await card(desk, 'Not Mine').waitFor({ state: 'detached' });
  await desk.getByText('It went to Bob Best').waitFor();
  const after_it = await d.lead(lead.id);
  assert.equal(after_it.ownerId, bob.id);
  assert.deepEqual(after_it.previousOwnerIds, [ann.id]);
});

test('what was seen on one device is cleared on the other', { skip }, async () => {
  await pool_of([ann]);
  await desk.context().close();
  const one = await window_of(DESKTOP, { hidden: true }), two = await window_of(PHONE, { hidden: true });
  await sign_in(one, ann);
  await sign_in(two, ann);
  await capture({ firstName: 'Two', lastName: 'Devices', company: 'Both Ltd' });
  for (const page of [one, two]) await page.locator('.card.unseen', { hasText: 'Two Devices' }).waitFor();
  await picture(two, 'phone-unseen');
  await one.evaluate(() => window.look());
  for (const page of [one, two])
    await page.locator('.card:not(.unseen)', { hasText: 'Two Devices' }).waitFor();
  const { notifications } = await d.call('NotificationService/ListNotifications', {}, { token: ann.token });
  assert.ok(notifications[0].seenAt && notifications[0].seenOnDeviceId);
  assert.equal(notifications[0].deliveries.filter((x) => x.deliveredAt).length, 2);
  await two.locator('.card .open', { hasText: 'Two Devices' }).tap();
  await two.locator('#panel .sentence').waitFor();
  await picture(two, 'phone-panel');
  await two.getByRole('button', { name: 'Close' }).tap();
  await picture(two, 'phone');
  await two.context().close();
  desk = one;
});

test('what is missing is asked for, and a lead is more complete with it', { skip }, async () => {
  const { lead } = await capture({ firstName: 'Half', lastName: 'Known' });
  await card(desk, 'Half Known').locator('.open').click();
  const panel = desk.locator('#panel'), asked = panel.locator('form.missing');
  const complete = panel.locator('dt:has-text("Complete") + dd');
  await asked.getByRole('heading', { name: 'Still missing' }).waitFor();
  assert.match(await complete.textContent(), new RegExp(`^${lead.completeness} of 100$`));
  await asked.getByLabel('Phone').fill('no number');
  await asked.getByRole('button', { name: 'Save' }).click();
  await asked.getByRole('alert').filter({ hasText: 'telephone number' }).waitFor();
  await asked.getByLabel('Phone').fill('+49 30 1234567');
  await asked.getByLabel('Country').fill('Germany');
  await asked.getByRole('button', { name: 'Save' }).click();
  await asked.getByLabel('Phone').waitFor({ state: 'detached' });
  await picture(desk, 'missing');
  const now = await d.lead(lead.id);
  assert.equal(now.phone, '+49 30 1234567');
  assert.equal(now.address.country, 'Germany');
  assert.ok(now.completeness > lead.completeness);
  assert.equal(await complete.textContent(), `${now.completeness} of 100`);
  assert.deepEqual(await asked.locator('label').count(), now.missing.length);
  await desk.keyboard.press('Escape');
});

test('what the customer was written on arrival is shown', { skip }, async () => {
  const responseTemplate = { name: 'Thanks', subject: 'Thank you, {lead.name|customer}', writtenIn: 'en',
    body: '[{owner.name} will call you by {due}.|We will call you.]\n<b>{organisation.name}</b>' };
  await d.call('RecordService/CreateRecord', { requestId: request_id(), record: { responseTemplate } });
  const email = `${request_id()}@buyer.example`;
  await d.call('LeadService/CaptureLead', { requestId: request_id(), acknowledge: true,
    lead: { firstName: 'Wants', lastName: 'Answer', email, leadSource: 'web form' } });
  await card(desk, 'Wants Answer').locator('.open').click();
  const written = desk.locator('#panel .written');
  await written.getByText('Written to Wants Answer').click();
  await written.getByText('Thank you, Wants Answer').waitFor();
  assert.match(await written.locator('blockquote').textContent(),
    /^Ann Able will call you by .* \(UTC.*\)\.\n<b>Example & Sons<\/b>$/);
  await picture(desk, 'written');
  await desk.keyboard.press('Escape');
});

test('after the gateway was gone, what came meanwhile is there', { skip }, async () => {
  d.expects_deaths = true;
  await d.settled();
  process.kill(d.processes().gateway, 'SIGKILL');
  await desk.locator('#link[data-state=reconnecting]').waitFor();
  await until('the gateway is back', () => d.call('DirectoryService/GetMe').catch(() => false));
  await capture({ firstName: 'Came', lastName: 'Meanwhile', company: 'Patience AG' });
  await card(desk, 'Came Meanwhile').waitFor({ timeout: 20000 });
  await desk.locator('#link[data-state=live]').waitFor();
});

test('an administrator sees who holds what, in the dark too', { skip }, async () => {
  const page = await window_of({ ...DESKTOP, colorScheme: 'dark' });
  await sign_in(page, { email: 'ada@staff.example' });
  await page.getByRole('button', { name: 'All leads' }).click();
  await card(page, 'Not Mine').getByText('with Bob Best').waitFor();
  assert.equal(await card(page, 'Not Mine').getByRole('button', { name: 'Accept' }).isVisible(), false);
  await card(page, 'Not Mine').click();
  await page.locator('#panel .decision').nth(1).waitFor();
  await picture(page, 'all-dark');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.equal((await page.request.post(`${d.url}/baton.v1.DirectoryService/GetMe`,
    { headers: { 'connect-protocol-version': '1' }, data: {} })).status(), 401);
});

test('the search box finds people, accounts and leads as one types', { skip }, async () => {
  const account = await d.create('account', { name: 'Searchlight & Sons', phone: '+49 89 1234567' });
  await d.create('contact', { firstName: 'Sören', lastName: 'Searchfield', email: 'soren@searchlight.example', accountId: account.id });
  await pool_of([ann]);
  await capture({ lastName: 'Searchington', company: 'Lighthouse' });
  await d.settled();
  const page = await window_of(DESKTOP);
  await sign_in(page, ann);
  await page.keyboard.press('/');
  await page.keyboard.type('search');
  const found = page.locator('#found li[role=option]');
  await until('three are found', async () => (await found.count()) === 3);
  await picture(page, 'search');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('soren sear');
  await until('one is left', async () => (await found.count()) === 1);
  assert.match(await found.first().textContent(), /Sören Searchfield/);
  await page.keyboard.press('Enter');
  await page.locator('#panel h2', { hasText: 'Sören Searchfield' }).waitFor();
  await picture(page, 'search-person');
  await page.getByRole('combobox', { name: /Search/ }).fill('searchington');
  await found.filter({ hasText: 'Searchington' }).click();
  await page.locator('#panel h2', { hasText: 'Searchington' }).waitFor();
  await page.getByRole('combobox', { name: /Search/ }).fill('nobodyatall');
  await page.locator('#found .none').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#found').waitFor({ state: 'hidden' });
  await page.context().close();
  const phone = await window_of(PHONE);
  await sign_in(phone, { email: 'ada@staff.example' });
  await phone.getByRole('combobox', { name: /Search/ }).fill('089 12345');
  await phone.locator('#found li', { hasText: 'Searchlight & Sons' }).waitFor();
  await picture(phone, 'search-phone');
  assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
  await phone.context().close();
});

test('the browser had nothing to complain about', { skip }, () => assert.deepEqual(complaints, []));

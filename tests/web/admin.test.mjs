// Administration in a real browser: tokens shown once and revoked, webhooks with what became of them, who changed what.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { request_id, shared, until } from '../e2e/lib.mjs';
import { accessible, DESKTOP, fits, no_complaints, PASSWORD, PHONE, picture, sign_in, skip, window_of } from './browser.mjs';

const d = shared(set_up, ['--private-network']);
const calls = [];
let status = 410;
let server, ada, ann, page;

async function set_up() {
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      calls.push(status);
      response.writeHead(status).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  if (skip) return;
  ada = await d.user('Ada Admin', 'admin');
  ann = await d.user('Ann Able', 'rep');
  await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: ada.id, newPassword: PASSWORD });
  await d.route_to([ann]);
}
after(() => server.close());

const tab = (name) => page.getByRole('tab', { name }).click();
const row = (name) => page.getByRole('row', { name: new RegExp(name) });
const endpoint = async () => (await d.call('RecordService/ListRecords', { type: 'webhook_endpoint' })).records[0].webhookEndpoint;

test('a token is made, shown once, used and revoked', { skip }, async () => {
  page = await window_of(DESKTOP);
  await sign_in(page, `${d.url}/admin`, ada);
  await tab('Tokens');
  await page.getByLabel('What it is for').fill('Reports');
  await page.getByRole('combobox', { name: 'Comes in as' }).click();
  await page.getByRole('option', { name: 'Ann Able' }).click();
  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog', { name: 'The token' });
  const token = await dialog.getByRole('textbox').inputValue();
  const me = () => d.call('DirectoryService/GetMe', {}, { token });
  assert.equal((await me()).user.id, ann.id);
  await accessible(page, 'a token');
  await dialog.getByRole('button', { name: 'I have it' }).click();
  await row('Reports').waitFor();
  await accessible(page, 'tokens');
  await picture(page, 'admin-tokens');
  await row('Reports').getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog', { name: 'Revoke “Reports”' }).getByRole('button', { name: 'Revoke' }).click();
  await row('Reports').waitFor({ state: 'detached' });
  await until('it lets nobody in', () => me().then(() => false, () => true));
});

test('a webhook is made, gets a secret, and what is given up is tried again', { skip }, async () => {
  await tab('Webhooks');
  await page.getByText('No webhooks yet.').waitFor();
  await page.getByRole('button', { name: 'New webhook' }).click();
  const dialog = page.getByRole('dialog', { name: 'New webhook' });
  await dialog.getByLabel('Name').fill('n8n');
  await dialog.getByLabel('Address').fill('ftp://a.example/');
  await dialog.getByRole('combobox', { name: 'Told of' }).click();
  await page.getByRole('option', { name: 'lead.assigned' }).click();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByLabel('Address').and(page.locator('[aria-invalid=true]')).waitFor();
  await accessible(page, 'a webhook that is refused');
  await dialog.getByLabel('Address').fill(`http://127.0.0.1:${server.address().port}/hook`);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row('n8n').waitFor();
  await row('n8n').getByRole('button').click();
  await page.getByRole('menuitem', { name: 'New secret' }).click();
  const secret = page.getByRole('dialog', { name: 'The secret' });
  assert.match(await secret.getByRole('textbox').inputValue(), /^whsec_/);
  await secret.getByRole('button', { name: 'I have it' }).click();
  await d.capture({ lastName: 'Buyer', company: 'Nord', email: 'a@nord.example' });
  const outside = page.getByRole('region', { name: 'What goes outside' });
  await outside.getByRole('row', { name: /lead.assigned/ }).getByText('given up').waitFor({ timeout: 40_000 });
  await accessible(page, 'webhooks');
  await picture(page, 'admin-webhooks');
  assert.equal((await endpoint()).enabled ?? false, false, 'its 410 switched it off');
  status = 204;
  await page.reload();
  await tab('Webhooks');
  await page.getByRole('switch', { name: 'n8n is on' }).click({ force: true });
  await until('it is on', async () => (await endpoint()).enabled);
  await outside.getByRole('row', { name: /lead.assigned/ }).getByRole('button', { name: 'Try again' }).click();
  await outside.getByRole('row', { name: /lead.assigned/ }).getByText('delivered').waitFor({ timeout: 40_000 });
  assert.equal(calls.at(-1), 204);
});

test('who changed what', { skip }, async () => {
  await tab('Changes');
  await page.getByRole('combobox', { name: 'Kind' }).click();
  await page.getByRole('option', { name: 'Webhooks' }).click();
  await page.getByText(/Ada Admin/).first().waitFor();
  await accessible(page, 'changes');
  await picture(page, 'admin-changes');
});

test('who did what, of all services, as the address says', { skip }, async () => {
  await tab('Who did what');
  const deeds = page.getByRole('list', { name: 'Who did what' });
  await deeds.getByRole('listitem').filter({ hasText: 'Ada Admin' }).filter({ hasText: 'Webhook' }).first().waitFor();
  await accessible(page, 'who did what');
  await picture(page, 'admin-audit');
  await page.getByRole('combobox', { name: 'Kind of record' }).click();
  await page.getByRole('option', { name: 'Webhook' }).click();
  await page.waitForURL(/type=webhook_endpoint/);
  await page.getByRole('combobox', { name: 'Who' }).click();
  await page.getByRole('option', { name: 'Ann Able' }).click();
  await page.getByText('Nothing was done that is like this.').waitFor();
  await page.goto(`${d.url}/admin?tab=audit&type=webhook_endpoint`);
  await deeds.getByRole('listitem').filter({ hasText: 'created' }).first().waitFor();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const text = await (await (await saved).createReadStream()).toArray().then((parts) => Buffer.concat(parts).toString());
  assert.match(text, /"webhook_endpoint\.created","webhook_endpoint"/);
  assert.ok(!/"lead/.test(text), 'what is filtered is what is saved');
  await deeds.getByRole('button', { name: /^Only of/ }).first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/record=/);
  await page.getByRole('button', { name: /^Only .*×/ }).waitFor();
});

test('one sees where one is signed in, and ends what one does not know', { skip }, async () => {
  const { sessionToken: token } = await d.call('DirectoryService/SignIn', { requestId: request_id(), email: ada.email, password: PASSWORD, userAgent: 'Phone/1.0' });
  await page.goto(`${d.url}/settings`);
  const sessions = page.getByRole('region', { name: 'Where you are signed in' });
  await sessions.getByRole('listitem').filter({ hasText: 'this one' }).waitFor();
  await sessions.scrollIntoViewIfNeeded();
  await accessible(page, 'where one is signed in');
  await picture(page, 'settings-sessions');
  await sessions.getByRole('button', { name: 'End the session of Phone' }).click();
  await sessions.getByText('Phone').waitFor({ state: 'detached' });
  await until('it lets nobody in', () => d.call('DirectoryService/GetMe', {}, { token }).then(() => false, () => true));
  await d.call('DirectoryService/SignIn', { requestId: request_id(), email: ada.email, password: PASSWORD, userAgent: 'Tablet/1.0' });
  await page.reload();
  await sessions.getByText('Tablet').waitFor();
  await sessions.getByRole('button', { name: 'End all others' }).click();
  await sessions.getByText('Tablet').waitFor({ state: 'detached' });
  assert.equal(await sessions.getByRole('listitem').count(), 1);
});

test('on a phone, in Chinese', { skip }, async () => {
  const phone = await window_of({ ...PHONE, locale: 'zh-TW', storageState: await page.context().storageState() });
  await phone.goto(`${d.url}/admin`);
  await phone.getByRole('row', { name: /Ann Able/ }).waitFor();
  const sideways = (name) => phone.getByRole('group', { name, exact: true }).evaluate((box) => box.scrollWidth - box.clientWidth);
  assert.equal(await sideways('使用者'), 0);
  await accessible(phone, 'users on a phone');
  await picture(phone, 'admin-users-phone-zh');
  await phone.getByRole('tab', { name: 'Webhook' }).tap();
  await phone.getByText('對外傳送').waitFor();
  for (const name of ['Webhook', '對外傳送']) assert.equal(await sideways(name), 0);
  await fits(phone);
  await accessible(phone, 'webhooks on a phone');
  await picture(phone, 'admin-phone-zh');
  await phone.getByRole('tab', { name: '操作紀錄' }).tap();
  await phone.getByText('新增').first().waitFor();
  await fits(phone);
  await accessible(phone, 'who did what on a phone');
  await picture(phone, 'admin-audit-phone-zh');
  await phone.context().close();
});

no_complaints();

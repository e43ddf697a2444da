// A key account in a real browser: buyers, plan, what service has to know, what is open, on one page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request_id, shared } from '../e2e/lib.mjs';
import { accessible, DESKTOP, fits, no_complaints, PASSWORD, PHONE, picture, sign_in, skip, window_of } from './browser.mjs';

const d = shared(set_up);
let ann, account, desk;

async function set_up() {
  if (skip) return;
  ann = await d.user('Ann Able', 'rep');
  await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: ann.id, newPassword: PASSWORD });
  account = await d.create('account', { name: 'Nordwerk', ownerId: ann.id, isKeyAccount: true }, ann);
  await d.create('contact', { firstName: 'Erika', lastName: 'Gabler', title: 'Head of purchasing', phone: '+49 40 1234567', accountId: account.id, ownerId: ann.id }, ann);
  await d.create('activity', { kind: 'ACTIVITY_KIND_CALL', subject: 'Ask for the order', ownerId: ann.id, accountId: account.id, startAt: new Date(Date.now() + 86400e3).toISOString() }, ann);
  await d.create('note', { text: 'They build a second plant.', accountId: account.id, ownerId: ann.id }, ann);
  await d.settled();
  await d.create('opportunity', { name: 'Relays for the plant', accountId: account.id, ownerId: ann.id, amount: { currencyCode: 'EUR', minorUnits: '900000' } }, ann);
}

const card = (page, name) => page.getByRole('region', { name, exact: true });

test('the account leads there, and a plan is begun by a key', { skip }, async () => {
  desk = await window_of(DESKTOP);
  await sign_in(desk, `${d.url}/accounts/${account.id}`, ann);
  await desk.getByRole('link', { name: 'Key account: buyers and plan' }).click();
  await card(desk, 'Open deals').getByRole('link', { name: 'Relays for the plant' }).waitFor();
  await card(desk, 'Open matters').getByText('Ask for the order').waitFor();
  await card(desk, 'Notes').getByText('They build a second plant.').waitFor();
  await desk.keyboard.press('e');
  const dialog = desk.getByRole('dialog', { name: 'Plan' });
  await dialog.getByRole('button', { name: 'Add somebody' }).click();
  await dialog.getByRole('combobox', { name: 'Who' }).click();
  await desk.getByRole('option', { name: 'Erika Gabler' }).click();
  await dialog.getByRole('combobox', { name: 'As what' }).click();
  await desk.getByRole('option', { name: 'champion' }).click();
  await dialog.getByLabel('Goals').fill('Twice as many relays');
  await dialog.getByLabel('What service has to know').fill('Gate 3, before ten');
  await dialog.getByLabel('Next review').fill('2020-01-01');
  await accessible(desk, 'a plan of a key account');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await card(desk, 'Who buys').getByText('champion').waitFor();
  await card(desk, 'Goals').getByText('Twice as many relays').waitFor();
  await desk.getByText(/Review on 1 Jan 2020/).waitFor();
  await accessible(desk, 'a key account');
  await picture(desk, 'key-account');
});

test('it is changed, and what is taken out is gone', { skip }, async () => {
  await desk.getByRole('button', { name: /^Change the plan/ }).click();
  const dialog = desk.getByRole('dialog', { name: 'Plan' });
  await dialog.getByLabel('What service has to know').fill('');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await card(desk, 'What service has to know').getByText('Nothing yet.').waitFor();
  const { plan } = await d.call('ContactService/GetKeyAccount', { accountId: account.id }, ann);
  assert.equal(plan.serviceInformation ?? '', '');
  assert.equal(plan.buyers.length, 1);
});

test('on a phone, in Chinese', { skip }, async () => {
  const phone = await window_of({ ...PHONE, locale: 'zh-TW', storageState: await desk.context().storageState() });
  await phone.goto(`${d.url}/accounts/${account.id}/key`);
  await phone.getByText('支持者').waitFor();
  await fits(phone);
  await accessible(phone, 'a key account on a phone');
  await picture(phone, 'key-account-phone-zh');
  await phone.context().close();
});

no_complaints();

// Clean data in a real browser: who is there twice is merged field by field or told apart, what is wrong is mended where it is listed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request_id, shared, until } from '../e2e/lib.mjs';
import { accessible, DESKTOP, fits, no_complaints, PASSWORD, PHONE, picture, sign_in, skip, window_of } from './browser.mjs';

const d = shared(set_up);
let max, ann, desk, ada, twin, acme;

async function set_up() {
  if (skip) return;
  max = await d.user('Max Manager', 'manager');
  ann = await d.user('Ann Able', 'rep');
  for (const user of [max, ann]) await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: user.id, newPassword: PASSWORD });
  acme = await d.create('account', { name: 'Acme GmbH', ownerId: ann.id });
  ada = await d.create('contact', { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@home.example', title: 'Countess', ownerId: ann.id });
  twin = await d.create('contact', { firstName: 'Lovelace', lastName: 'Ada', email: 'ada@home.example', mobilePhone: '+44 20 7946 0018', accountId: acme.id, title: 'Lady', ownerId: ann.id });
  for (const [first, last] of [['Max', 'Meier'], ['Max', 'Maier']]) await d.create('contact', { firstName: first, lastName: last, email: 'max@meier.example', phone: '+49 30 1234567', ownerId: ann.id });
  await d.settled();
}

const contact = (id) => d.call('RecordService/GetRecord', { type: 'contact', id }).then((a) => a.record.contact);
const pairs = async () => (await d.call('DuplicateService/ListDuplicates', { type: 'contact' })).duplicates ?? [];

test('two are compared field by field, merged by a key, and taken apart again', { skip }, async () => {
  desk = await window_of(DESKTOP);
  await sign_in(desk, `${d.url}/quality`, max);
  await desk.getByRole('list', { name: 'Duplicates' }).getByText('Lovelace Ada').click();
  await desk.getByRole('radio', { name: 'Title of Ada Lovelace' }).waitFor();
  await accessible(desk, 'two that may be the same');
  await picture(desk, 'quality-duplicates');
  assert.ok(await desk.getByRole('radio', { name: 'Mobile of Lovelace Ada' }).isChecked());
  for (const field of ['First name', 'Last name', 'Title']) await desk.getByRole('radio', { name: `${field} of Ada Lovelace` }).check();
  await desk.keyboard.press('m');
  await desk.getByText('is one now').waitFor();
  await until('one is merged', async () => [await contact(ada.id), await contact(twin.id)].some((c) => c.mergedIntoId));
  const kept = (await contact(ada.id)).mergedIntoId ? await contact(twin.id) : await contact(ada.id);
  assert.deepEqual([kept.firstName, kept.lastName, kept.title, kept.mobilePhone, kept.accountId], ['Ada', 'Lovelace', 'Countess', '+44 20 7946 0018', acme.id]);
  await desk.getByRole('button', { name: 'Undo' }).click();
  await until('both are there', async () => [await contact(ada.id), await contact(twin.id)].every((c) => !c.mergedIntoId));
});

test('two that are not the same are told apart for good', { skip }, async () => {
  await desk.getByRole('list', { name: 'Duplicates' }).getByText('Max Maier').click();
  await desk.keyboard.press('d');
  const dialog = desk.getByRole('dialog', { name: 'Not the same' });
  await accessible(desk, 'whether they are two');
  await dialog.getByRole('button', { name: 'Not the same' }).click();
  await until('no pair is left', async () => (await pairs()).length === 0);
  await desk.getByText('Nobody is there twice').waitFor();
});

test('what is missing is filled in where it is listed', { skip }, async () => {
  await desk.keyboard.press('2');
  await desk.waitForURL(/view=mend/);
  await desk.getByText('Nothing is to be mended').waitFor();
  await desk.getByRole('combobox', { name: 'Whose' }).click();
  await desk.getByRole('option', { name: 'Ann Able' }).click();
  const item = desk.getByRole('article', { name: 'Acme GmbH' });
  await item.getByText('Phone is missing').waitFor();
  await accessible(desk, 'what is to be mended');
  await picture(desk, 'quality-mend');
  await item.getByRole('button', { name: 'Mend: Phone' }).click();
  await desk.keyboard.type('+49 30 7654321');
  await desk.keyboard.press('Enter');
  await item.getByText('Phone is missing').waitFor({ state: 'detached' });
  await until('it is kept', async () => (await d.call('RecordService/GetRecord', { type: 'account', id: acme.id })).record.account.phone === '+49 30 7654321');
});

test('the company’s own rule is named', { skip }, async () => {
  await d.create('qualityRule', { name: 'Titles', recordType: 'contact', severity: 'SEVERITY_ERROR', message: 'Nobody is called a lady here.',
    conditions: [{ field: 'title', operator: 'QUALITY_OPERATOR_EQUALS', value: 'Lady' }] });
  const item = desk.getByRole('article', { name: 'Lovelace Ada' });
  await item.getByText('Rule: Titles').waitFor({ timeout: 30_000 });
  await picture(desk, 'quality-rule');
});

test('how complete it is, by owner and by field', { skip }, async () => {
  await desk.keyboard.press('3');
  await desk.getByRole('row', { name: /Ann Able/ }).waitFor();
  await desk.getByRole('row', { name: /E-mail/ }).waitFor();
  await accessible(desk, 'how good it is');
  await picture(desk, 'quality-report');
  await desk.getByRole('button', { name: /to mend: Ann Able/ }).click();
  await desk.getByRole('article').first().waitFor();
  assert.match(desk.url(), new RegExp(`owner=${ann.id}`));
});

test('on a phone, one pair after the other', { skip }, async () => {
  for (const title of ['Sales', 'Purchase']) await d.create('contact', { firstName: 'Mei', lastName: 'Lin', email: 'mei@lin.example', title, ownerId: ann.id });
  const phone = await window_of({ ...PHONE, locale: 'zh-TW' });
  await phone.goto(`${d.url}/quality`);
  await phone.getByLabel('電子郵件').fill(ann.email);
  await phone.getByLabel('密碼', { exact: true }).fill(PASSWORD);
  await phone.getByRole('button', { name: '登入' }).click();
  await phone.getByRole('button', { name: '合併' }).waitFor();
  assert.equal(await phone.getByRole('tab', { name: '品質統計' }).count(), 0);
  await fits(phone);
  await accessible(phone, 'a phone');
  await picture(phone, 'quality-duplicates-phone-zh');
  await phone.getByRole('button', { name: '合併' }).tap();
  await phone.getByText('沒有重複資料').waitFor();
  await phone.getByRole('tab', { name: '待修正' }).tap();
  await phone.getByRole('article').first().waitFor();
  await fits(phone);
  await picture(phone, 'quality-mend-phone-zh');
  await phone.context().close();
});

no_complaints();

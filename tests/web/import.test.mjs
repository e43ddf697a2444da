// A list is brought in through a real browser: what its columns are, what would come, what came, and back again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { request_id, shared, until } from '../e2e/lib.mjs';
import { accessible, DESKTOP, fits, no_complaints, PASSWORD, PHONE, picture, sign_in, skip, window_of } from './browser.mjs';

const d = shared(set_up);
let max, ann, desk;

async function set_up() {
  if (skip) return;
  max = await d.user('Max Manager', 'manager');
  ann = await d.user('Ann Able', 'rep');
  for (const user of [max, ann]) await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: user.id, newPassword: PASSWORD });
  await d.create('contact', { firstName: 'Ada', lastName: 'Old', email: 'ada@acme.example', ownerId: ann.id });
}

const file = (name, text, mimeType = 'text/csv') => ({ name, mimeType, buffer: Buffer.from(text) });
const PEOPLE = ['Vorname;Nachname;Firma;E-Mail;Telefon;Farbe;Owner', 'Ada;New;Acme;ada@acme.example;030 1;red;',
  ...Array.from({ length: 300 }, (_, i) => `Given${i};Family${i};Acme;p${i}@acme.example;030 ${1000 + i};blue;`), `Bad;Address;Acme;${'x'.repeat(260)}@acme.example;;;`, 'No;Owner;Acme;no@acme.example;;;nobody@here.example',
  'Twice;Listed;Acme;p0@acme.example;;;'].join('\r\n');
const choose = (page, it) => page.locator('input[type=file]').setInputFiles(it);
const count = (page, name) => page.locator('dl div', { hasText: name }).locator('dd').innerText();
const people = () => d.list('contact');

test('columns are guessed, and chosen otherwise; nothing is changed before it is seen what comes', { skip }, async () => {
  desk = await window_of(DESKTOP);
  const asked = new Promise((done) => desk.once('filechooser', done)); // before anything else: Chromium takes a while to see it
  await sign_in(desk, `${d.url}/imports`, max);
  await desk.getByText('Nothing was brought in yet.').waitFor();
  await accessible(desk, 'where to drop a list');
  await picture(desk, 'import-drop');
  await desk.keyboard.press('c');
  await (await asked).setFiles(file('people.csv', PEOPLE));
  await desk.getByText('304 rows, table, UTF-8').waitFor();
  assert.equal(await desk.getByRole('combobox', { name: 'What is Firma?' }).inputValue(), 'Company (an account)');
  assert.equal(await desk.getByRole('combobox', { name: 'What is Farbe?' }).inputValue(), '(left out)');
  await desk.getByLabel('Country of telephone numbers').fill('DE');
  await accessible(desk, 'what the columns are');
  await picture(desk, 'import-mapping');
  await desk.keyboard.press('Control+Enter');
  await desk.getByRole('button', { name: 'Bring in 304 rows' }).waitFor();
  assert.deepEqual([await count(desk, 'would be new'), await count(desk, 'are there already'), await count(desk, 'cannot be taken')], ['300', '2', '2']);
  await desk.getByRole('row', { name: /known by the e-mail/ }).first().waitFor();
  await desk.getByRole('row', { name: /Owner: nobody here/ }).waitFor();
  await accessible(desk, 'what would come');
  await desk.evaluate(() => document.querySelector('dl').scrollIntoView());
  await picture(desk, 'import-preview');
  assert.equal((await people()).length, 1);
});

test('it is brought in, what was not taken is kept with the reason', { skip }, async () => {
  await desk.keyboard.press('Control+Enter');
  await desk.getByRole('button', { name: 'Another file' }).waitFor();
  assert.deepEqual([await count(desk, 'new'), await count(desk, 'skipped'), await count(desk, 'not taken')], ['300', '2', '2']);
  assert.equal((await people()).length, 301);
  await accessible(desk, 'what came');
  await picture(desk, 'import-done');
  const [download] = await Promise.all([desk.waitForEvent('download'), desk.getByRole('button', { name: 'Save what was not taken' }).click()]);
  assert.equal(download.suggestedFilename(), 'people.csv.rejects.csv');
  const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
  assert.equal(lines.length, 3);
  assert.match(lines[1], /"Bad","Address".*"303"$/);
});

test('the same file again does nothing twice', { skip }, async () => {
  await desk.getByRole('button', { name: 'Another file' }).click();
  await desk.getByRole('rowheader', { name: 'people.csv' }).waitFor();
  await choose(desk, file('people.csv', PEOPLE));
  await desk.getByLabel('Country of telephone numbers').fill('DE');
  await desk.getByRole('button', { name: 'See what would come' }).click();
  await desk.getByText('was brought in before').waitFor();
  await desk.getByRole('button', { name: 'Bring in 304 rows' }).click();
  await desk.getByRole('button', { name: 'Another file' }).waitFor();
  assert.equal((await people()).length, 301);
  await desk.getByRole('button', { name: 'Another file' }).click();
});

test('an import is taken back, but for what somebody has changed since', { skip }, async () => {
  const changed = (await people()).find((p) => p.email === 'p7@acme.example');
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { contact: { id: changed.id, title: 'Chief' } } });
  await desk.getByRole('button', { name: 'Take back people.csv' }).click();
  const dialog = desk.getByRole('dialog');
  await accessible(desk, 'whether to take it back');
  await dialog.getByRole('button', { name: 'Take back', exact: true }).click();
  await dialog.getByText(/deleted, 0 put back/).waitFor();
  await dialog.getByRole('rowheader', { name: 'Given7 Family7' }).waitFor();
  await picture(desk, 'import-undone');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await desk.getByText('taken back').waitFor();
  await until('only those are left', async () => (await people()).map((p) => p.email).sort().join() === 'ada@acme.example,p7@acme.example');
  await picture(desk, 'import-history');
});

test('what is no list is said to be none', { skip }, async () => {
  await choose(desk, file('book.xlsx', 'PK\u0003\u0004'));
  await desk.getByRole('alert').filter({ hasText: 'spreadsheet' }).waitFor();
  await choose(desk, file('mueller.csv', Buffer.from('Name,Ort\nM\xfcller,K\xf6ln\n', 'latin1')));
  await desk.getByText('Müller').waitFor();
  assert.equal(await desk.getByRole('combobox', { name: 'Characters' }).inputValue(), 'windows-1252');
});

test('on a phone, cards of companies', { skip }, async () => {
  const phone = await window_of({ ...PHONE, locale: 'zh-TW' });
  await phone.goto(`${d.url}/imports`);
  await phone.getByLabel('電子郵件').fill(ann.email);
  await phone.getByLabel('密碼', { exact: true }).fill(PASSWORD);
  await phone.getByRole('button', { name: '登入' }).click();
  await phone.getByText('將名單拖放到這裡').waitFor();
  await picture(phone, 'import-drop-phone-zh');
  await choose(phone, file('cards.vcf', ['聯發工業', '大同機械'].map((name, i) => `BEGIN:VCARD\r\nVERSION:3.0\r\nN:;;;;\r\nFN:${name}\r\nORG:${name}\r\nTEL;TYPE=WORK:02 2345 670${i}\r\nEND:VCARD\r\n`).join(''), 'text/vcard'));
  await phone.getByText('2 列，vCard').waitFor();
  await phone.getByRole('radio', { name: '公司' }).tap();
  await fits(phone);
  await accessible(phone, 'a phone');
  await picture(phone, 'import-mapping-phone-zh');
  await phone.getByRole('button', { name: '預覽結果' }).tap();
  await phone.getByRole('button', { name: '匯入 2 列' }).tap();
  await phone.getByRole('button', { name: '另一個檔案' }).waitFor();
  await fits(phone);
  await picture(phone, 'import-done-phone-zh');
  assert.deepEqual((await d.list('account')).map((a) => a.name).filter((n) => n !== 'Acme').sort(), ['大同機械', '聯發工業'].sort());
  await phone.context().close();
});

no_complaints();

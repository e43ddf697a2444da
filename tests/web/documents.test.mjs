// Documents in a real browser: files dropped, shown, reviewed, read, checked out, given by links; what is to be read; a broken upload
// goes on.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { exchange, request_id, shared, until } from '../e2e/lib.mjs';
import { accessible, DESKTOP, fits, no_complaints, PASSWORD, PHONE, picture, sign_in, skip, window_of } from './browser.mjs';

const PDF =
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n' +
  '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n' +
  '4 0 obj<</Length 46>>stream\nBT /F 12 Tf 40 250 Td (Price 12,500 EUR) Tj ET  \nendstream endobj\n' +
  '5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';
const AGREEMENT = 'This Agreement is made as of March 2, 2026 by the two of us, and shall expire on March 1, 2099.\n';
const no_sandbox = spawnSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']).status === 0 ? false : 'bubblewrap cannot be used here';

const d = shared(set_up);
let ann, ben, desk, other;

async function set_up() {
  if (skip) return;
  const team = await d.create('team', { name: 'North' });
  ann = await d.user('Ann Able', 'rep', { teamId: team.id });
  ben = await d.user('Ben Beside', 'rep', { teamId: team.id });
  for (const user of [ann, ben]) await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: user.id, newPassword: PASSWORD });
  await d.create('document', { title: 'Framework contract', type: 'DOCUMENT_TYPE_CONTRACT', noticeOn: day(10), expiresOn: day(100), ownerId: ann.id }, { token: ann.token });
  await d.create('document', { title: 'Old brochure', type: 'DOCUMENT_TYPE_BROCHURE', expiresOn: '2020-01-01' }, { token: ann.token });
  await d.settled();
}

const day = (ahead) => new Date(Date.now() + ahead * 86400e3).toISOString().slice(0, 10);
const row = (page, name) => page.getByRole('row', { name: new RegExp(name) });
const revision = (page, number) => page.getByRole('button', { name: `Show revision ${number}` });
/** What keys do is there once it is known that one may change it. */
const may_change = (page) => page.getByRole('button', { name: 'Check out', exact: true }).waitFor();
const list = async (user) => (await d.call('DocumentService/ListDocuments', {}, { token: user.token })).documents;

/** From key to key until it is there. */
async function to(page, where) {
  for (let n = 0; n < 20 && !(await where.evaluate((e) => e === document.activeElement)); n++) await page.keyboard.press('Tab');
  assert.ok(await where.evaluate((e) => e === document.activeElement), 'it is reached by Tab');
}

/** As if somebody had dragged it here. */
const drop = (page, name, text) => page.evaluate(([n, t]) => {
  const files = new DataTransfer();
  files.items.add(new File([t], n));
  for (const type of ['dragover', 'drop']) {
    document.querySelector('main h1').dispatchEvent(new DragEvent(type, { dataTransfer: files, bubbles: true, cancelable: true }));
  }
}, [name, text]);

test('documents are found by what they are and by their days', { skip }, async () => {
  desk = await window_of(DESKTOP);
  await sign_in(desk, `${d.url}/documents`, ann);
  await row(desk, 'Framework contract').getByText(/Notice by/).waitFor();
  await row(desk, 'Old brochure').getByText('Expired').waitFor();
  await accessible(desk, 'documents');
  await picture(desk, 'documents');
  await desk.getByLabel('Find documents').fill('frame');
  await row(desk, 'Old brochure').waitFor({ state: 'detached' });
  await desk.getByLabel('Find documents').fill('');
  await desk.getByRole('combobox', { name: 'In 90 days' }).click();
  await desk.getByRole('option', { name: 'Notice by' }).click();
  await desk.waitForURL(/day=notice_on/);
  await row(desk, 'Old brochure').waitFor({ state: 'detached' });
  await row(desk, 'Framework contract').waitFor();
});

test('a dropped file becomes a document, shown as it is', { skip }, async () => {
  await drop(desk, 'Agreement_2026.txt', AGREEMENT);
  await desk.waitForURL(/documents\/[0-9a-f-]{36}/);
  await desk.getByRole('heading', { name: 'Agreement 2026' }).waitFor();
  await revision(desk, 1).getByText('Current').waitFor();
});

test('what stands in it, and what it seems to say of its days', { skip: skip || no_sandbox }, async () => {
  await desk.getByText('shall expire on March 1, 2099').waitFor();
  await desk.getByRole('region', { name: 'The file seems to say' }).getByRole('button', { name: 'Take it over' }).click();
  await desk.getByText('Ends on', { exact: true }).waitFor();
  await accessible(desk, 'a document');
  await picture(desk, 'document');
});

test('it is checked out, gets a revision with a note, and is checked in', { skip }, async () => {
  const chooser = desk.waitForEvent('filechooser');
  await may_change(desk);
  await desk.keyboard.press('o');
  await desk.getByText('You have it checked out').waitFor();
  await desk.keyboard.press('c');
  await (await chooser).setFiles({ name: 'price.pdf', mimeType: 'application/pdf', buffer: Buffer.from(PDF) });
  const dialog = desk.getByRole('dialog', { name: 'New revision' });
  await dialog.getByText('it is there').waitFor();
  await dialog.getByLabel('What is new in it').fill('With the price');
  await dialog.getByLabel('It is the current one at once').uncheck();
  await accessible(desk, 'a new revision');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await revision(desk, 2).getByText('Draft').waitFor();
  await desk.getByRole('button', { name: 'Check in' }).click();
  await desk.getByText('You have it checked out').waitFor({ state: 'detached' });
});

test('a page of it', { skip: skip || no_sandbox }, async () => {
  await revision(desk, 2).click();
  await desk.getByRole('img', { name: 'Page 1 of price.pdf' }).waitFor();
  await picture(desk, 'document-page');
  await desk.getByText('Text', { exact: true }).click();
  await desk.getByText('Price 12,500 EUR').waitFor();
});

test('somebody else says that it is good, and it becomes the current one', { skip }, async () => {
  await desk.getByRole('button', { name: 'What can be done with revision 2' }).click();
  await desk.getByRole('menuitem', { name: 'Ask for a review' }).click();
  const dialog = desk.getByRole('dialog', { name: 'Is revision 2 good?' });
  await dialog.getByRole('combobox', { name: 'Who is asked' }).click();
  await desk.getByRole('option', { name: 'Ben Beside' }).click();
  await desk.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Ask for a review' }).click();
  await revision(desk, 2).getByText('Waits for Ben Beside').waitFor();
  other = await window_of(DESKTOP);
  await sign_in(other, desk.url(), ben);
  const review = other.getByRole('region', { name: 'You are asked whether revision 2 is good' });
  await review.getByLabel(/What you found/).fill('Fine');
  await accessible(other, 'a review');
  await picture(other, 'document-review');
  await review.getByRole('button', { name: 'Approve' }).click();
  await revision(other, 2).getByText('Approved', { exact: true }).waitFor();
  await other.getByRole('button', { name: 'What can be done with revision 2' }).click();
  await other.getByRole('menuitem', { name: 'Make it the current one' }).click();
  await revision(other, 2).getByText('Current').waitFor();
});

test('whoever has to read it is asked, and says so by a key', { skip }, async () => {
  await desk.reload();
  await desk.getByRole('heading', { name: 'Agreement 2026' }).waitFor();
  await revision(desk, 2).getByText('Current').waitFor();
  await may_change(desk);
  await desk.keyboard.press('e');
  const dialog = desk.getByRole('dialog', { name: 'Edit' });
  await dialog.getByRole('combobox', { name: 'Who has to read it' }).click();
  await desk.getByRole('option', { name: 'North' }).click();
  await desk.keyboard.press('Escape');
  await dialog.getByLabel('Notice until').fill(day(20));
  await accessible(desk, 'editing a document');
  await picture(desk, 'document-edit');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await desk.getByText(/of 2 have read/).waitFor();
  await other.goto(`${d.url}/documents`);
  await other.getByRole('button', { name: /To read/ }).getByText('1').waitFor();
  await other.keyboard.press('r');
  await other.waitForURL(/toRead/);
  await row(other, 'Framework contract').waitFor({ state: 'detached' });
  await row(other, 'Agreement 2026').click();
  await other.getByRole('region', { name: 'Please read this' }).waitFor();
  await other.keyboard.press('a');
  await other.getByRole('region', { name: 'Please read this' }).waitFor({ state: 'detached' });
  await other.goto(`${d.url}/documents?toRead=true`);
  await other.getByText('You have read everything').waitFor();
});

test('a link is made by keys, shown once, opened by whoever has it, and revoked', { skip }, async () => {
  await desk.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await desk.getByRole('button', { name: 'Share by link' }).waitFor();
  await desk.keyboard.press('s');
  const dialog = desk.getByRole('dialog', { name: 'Share by link' });
  await dialog.getByLabel('To whom').and(desk.locator(':focus')).waitFor();
  await desk.keyboard.type('Bea Buyer');
  await to(desk, dialog.getByLabel('Openings at most'));
  await desk.keyboard.type('3');
  await to(desk, dialog.getByLabel('Password'));
  await desk.keyboard.type('short');
  await to(desk, dialog.getByLabel('With a watermark'));
  await desk.keyboard.press('Space');
  assert.equal(await dialog.getByLabel('What it says').inputValue(), 'Bea Buyer');
  await accessible(desk, 'making a link');
  await picture(desk, 'document-share');
  if (no_sandbox) await desk.keyboard.press('Space'); // nothing would draw it
  await desk.keyboard.press('Enter');
  await dialog.getByText('a password has at least 8 characters').waitFor();
  await dialog.getByLabel('Password').focus();
  await desk.keyboard.press('Control+a');
  await desk.keyboard.type(PASSWORD);
  await desk.keyboard.press('Enter');
  const once = desk.getByRole('dialog', { name: 'Link to “Agreement 2026”' });
  await once.getByRole('textbox').and(desk.locator(':focus')).waitFor();
  const address = await once.getByRole('textbox').inputValue();
  await accessible(desk, 'a link that was made');
  await picture(desk, 'document-link');
  await to(desk, once.getByRole('button', { name: 'Copy' }));
  await desk.keyboard.press('Enter');
  await until('it is copied', async () => (await desk.evaluate(() => navigator.clipboard.readText())) === address);
  await desk.keyboard.press('Escape');
  await once.waitFor({ state: 'detached' });
  assert.ok(address.startsWith(`${d.url}/s/`), address);
  assert.equal((await exchange(address)).status, 200);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const opened = await exchange(address, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams({ password: PASSWORD }).toString() });
  assert.equal(opened.status, 303, opened.text);
  const file = await exchange(new URL(opened.headers.get('location'), d.url));
  assert.deepEqual([file.status, file.bytes.subarray(0, 5).toString()], [200, '%PDF-']);
  await desk.reload();
  const link = desk.getByRole('region', { name: 'Links' }).getByRole('listitem').filter({ hasText: 'Bea Buyer' });
  await link.getByText(/^Until .* · opened 1 of 3 times · last /).waitFor();
  await link.getByText(no_sandbox ? 'with a password' : 'with a password · Watermark: Bea Buyer').waitFor();
  await accessible(desk, 'links to a document');
  await link.getByRole('button', { name: 'Revoke the link: Bea Buyer' }).press('Enter');
  const sure = desk.getByRole('dialog', { name: 'Revoke the link: Bea Buyer' });
  await accessible(desk, 'revoking a link');
  await sure.getByRole('button', { name: 'Revoke', exact: true }).press('Enter');
  await link.getByText('Revoked', { exact: true }).waitFor();
  await until('the link leads nowhere', async () => (await exchange(address)).status === 404);
  await link.scrollIntoViewIfNeeded();
  await picture(desk, 'document-links');
});

test('an upload that breaks off goes on', { skip }, async () => {
  await desk.goto(`${d.url}/documents`);
  await row(desk, 'Agreement 2026').waitFor();
  await desk.context().setOffline(true);
  await drop(desk, 'Broken off.txt', 'of the network');
  await desk.getByText('waits for the network').waitFor();
  await accessible(desk, 'an upload that waits');
  await picture(desk, 'documents-waiting');
  await desk.context().setOffline(false);
  await until('it is a document', async () => (await list(ann)).some((doc) => doc.title === 'Broken off'));
});

test('what may not come says why', { skip }, async () => {
  await desk.goto(`${d.url}/documents`);
  await row(desk, 'Agreement 2026').waitFor();
  await drop(desk, 'setup.exe', 'MZ');
  await desk.getByRole('alert').filter({ hasText: /not taken/ }).waitFor();
  await desk.getByRole('button', { name: 'Stop setup.exe' }).click();
});

test('documents are found by what they say', { skip: skip || no_sandbox }, async () => {
  await desk.goto(`${d.url}/documents`);
  await row(desk, 'Agreement 2026').waitFor();
  await desk.keyboard.press('f');
  await desk.getByText('Look for words in what documents say').waitFor();
  await desk.getByLabel('Find in the text').fill('price eur');
  const hits = desk.getByRole('list', { name: 'Documents that say it' });
  await hits.getByRole('link', { name: 'Agreement 2026' }).waitFor();
  assert.deepEqual(await hits.locator('mark').allTextContents(), ['Price', 'EUR']);
  await accessible(desk, 'documents found by their text');
  await picture(desk, 'documents-found');
  await desk.getByRole('combobox', { name: 'Type' }).click();
  await desk.getByRole('option', { name: 'NDA' }).click();
  await desk.getByText('No document says that').waitFor();
  await desk.keyboard.press('Escape');
  await desk.keyboard.press('/');
  await desk.getByPlaceholder('People, accounts, leads, documents, or > for commands').fill('"12,500 EUR"');
  await desk.locator('[data-found=document]').filter({ hasText: 'Agreement 2026' }).click();
  await desk.getByRole('heading', { name: 'Agreement 2026' }).waitFor();
});

test('on a phone, in Chinese', { skip }, async () => {
  const phone = await window_of({ ...PHONE, locale: 'zh-TW' });
  await phone.goto(`${d.url}/documents`);
  await phone.getByLabel('電子郵件').fill(ann.email);
  await phone.getByLabel('密碼', { exact: true }).fill(PASSWORD);
  await phone.getByRole('button', { name: '登入' }).click();
  await phone.getByRole('listitem').filter({ hasText: 'Framework contract' }).waitFor();
  await fits(phone);
  await accessible(phone, 'documents on a phone');
  await picture(phone, 'documents-phone-zh');
  await phone.getByRole('listitem').filter({ hasText: 'Agreement 2026' }).tap();
  await phone.getByRole('heading', { name: 'Agreement 2026' }).waitFor();
  await phone.getByRole('heading', { name: '版本' }).waitFor();
  await fits(phone);
  await accessible(phone, 'a document on a phone');
  await picture(phone, 'document-phone-zh');
  await phone.getByRole('region', { name: '連結' }).getByText('已撤銷', { exact: true }).waitFor();
  await phone.getByRole('button', { name: '以連結分享' }).tap();
  const dialog = phone.getByRole('dialog', { name: '以連結分享' });
  await dialog.getByLabel('給誰').fill('王小明');
  await dialog.getByText('加上浮水印').tap();
  await dialog.getByLabel('浮水印文字').waitFor();
  await fits(phone);
  await accessible(phone, 'making a link on a phone');
  await picture(phone, 'document-share-phone-zh');
  await dialog.getByRole('button', { name: '建立連結' }).tap();
  const once = phone.getByRole('dialog', { name: '「Agreement 2026」的連結' });
  await phone.evaluate(() => delete Navigator.prototype.clipboard); // as without TLS
  await once.getByRole('button', { name: '複製' }).tap();
  await once.getByText(/請自行複製/).waitFor();
  const field = once.getByRole('textbox');
  assert.ok(await field.evaluate((e) => e === document.activeElement && e.selectionEnd - e.selectionStart === e.value.length), 'all of it is selected');
  await accessible(phone, 'a link on a phone that copies nothing');
  await once.getByRole('button', { name: '我已保存' }).tap();
  await phone.getByRole('region', { name: '連結' }).getByText('王小明', { exact: true }).waitFor();
  await fits(phone);
  await phone.context().close();
});

no_complaints();

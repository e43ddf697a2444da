// A quote in a real browser: lines by keys, prices from the server as they are typed, approval, the customer's link, another version.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request_id, shared, until } from '../e2e/lib.mjs';
import { accessible, DESKTOP, fits, no_complaints, PASSWORD, PHONE, picture, sign_in, skip, window_of } from './browser.mjs';

const d = shared(set_up);
let ann, max, desk, deal, id, relay, entry;

async function set_up() {
  if (skip) return;
  ann = await d.user('Ann Able', 'rep');
  max = await d.user('Max Manager', 'manager');
  for (const user of [ann, max]) await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: user.id, newPassword: PASSWORD });
  const account = await d.create('account', { name: 'Büro & Söhne', ownerId: ann.id });
  deal = await d.create('opportunity', { name: 'Relays for Büro', ownerId: ann.id, accountId: account.id });
  const book = await d.create('priceBook', { code: 'EU', name: 'Europe', currencyCode: 'EUR' });
  relay = await d.create('product', { code: 'RELAY', name: 'Relay', unit: 'pc' });
  entry = await d.create('priceBookEntry', { priceBookId: book.id, productId: relay.id, unitPrice: '1999' });
  const cable = await d.create('product', { code: 'CABLE', name: 'Cable', unit: 'm' });
  await d.create('priceBookEntry', { priceBookId: book.id, productId: cable.id, unitPrice: '250' });
  await d.create('product', { code: 'GHOST', name: 'Never priced', unit: 'pc' });
  await d.create('taxRate', { name: 'VAT', country: 'DE', percentE4: '190000' });
  await d.create('discountLimit', { role: 'ROLE_REP', percentE4: '100000', approvers: ['ROLE_MANAGER'] });
  await d.create('discountLimit', { role: 'ROLE_MANAGER', percentE4: '500000' });
  await d.settled();
}

const quote = async () => (await d.call('QuoteService/GetQuote', { quoteId: id })).quote;
const cell = (page, name, line) => page.getByLabel(`${name}, line ${line}`, { exact: true }).first();
const kept = (page) => page.getByRole('status').filter({ hasText: 'Kept.' });

test('a quote is made on the deal, its lines are filled in by keys, and the server prices them', { skip }, async () => {
  desk = await window_of(DESKTOP);
  await sign_in(desk, `${d.url}/pipeline/${deal.id}`, ann);
  await desk.getByText('Nothing was quoted yet.').waitFor();
  await desk.getByRole('button', { name: 'New quote', disabled: false }).waitFor(); // once price books are known
  await desk.keyboard.press('q');
  await desk.waitForURL(/\/quote\//);
  id = new URL(desk.url()).pathname.split('/').pop();
  await cell(desk, 'Product', 1).click();
  await desk.keyboard.type('relay');
  await desk.getByRole('option', { name: 'RELAY · Relay' }).waitFor();
  await desk.keyboard.press('ArrowDown');
  await desk.keyboard.press('Enter');
  await until('the quantity has the focus', () => desk.evaluate(() => document.activeElement.dataset.column === 'quantity'));
  await desk.keyboard.type('3');
  await desk.getByText('country is needed').waitFor();
  await desk.getByLabel('Country (taxes)').fill('de');
  await kept(desk).waitFor();
  await desk.getByText('€71.36').first().waitFor(); // 59.97 and 19 %
  await cell(desk, 'Discount %', 1).fill('5');
  await cell(desk, 'Discount %', 1).press('Enter');
  await until('a second line is there', () => desk.evaluate(() => document.activeElement.dataset.row === '1'));
  await desk.keyboard.type('cable');
  await desk.getByRole('option', { name: 'CABLE · Cable' }).waitFor();
  await desk.keyboard.press('ArrowDown');
  await desk.keyboard.press('Enter');
  await until('its quantity has the focus', () => desk.evaluate(() => document.activeElement.dataset.column === 'quantity' && document.activeElement.dataset.row === '1'));
  await desk.keyboard.type('1,5');
  await until('all of it is kept', async () => {
    const q = await quote();
    return q.lines?.length === 2 && q.lines[0].quantityE4 === '30000' && q.lines[0].discountsE4[0] === '50000' && q.lines[1].quantityE4 === '15000';
  });
  await kept(desk).waitFor();
  await desk.getByRole('button', { name: 'How the price of line 1 came about' }).click();
  await desk.getByText(/EU/).first().waitFor();
  await accessible(desk, 'a quote');
  await picture(desk, 'quote-draft');
});

test('what cannot be priced or read is said at its line, and nothing is lost', { skip }, async () => {
  await desk.getByRole('button', { name: 'Add a line' }).click();
  await cell(desk, 'Product', 3).click();
  await desk.keyboard.type('never');
  await desk.getByRole('option', { name: 'GHOST · Never priced' }).click();
  await desk.getByRole('alert').filter({ hasText: /price/ }).waitFor();
  await picture(desk, 'quote-problem');
  await cell(desk, 'Quantity', 3).fill('x');
  await desk.getByText('a number', { exact: true }).waitFor();
  await cell(desk, 'Quantity', 3).press('Control+Backspace');
  await kept(desk).waitFor();
  assert.equal((await quote()).lines.length, 2);
});

test('too much discount is asked for, and approved by somebody else', { skip }, async () => {
  await cell(desk, 'Discount %', 1).fill('20 + 5');
  await desk.getByText('So much discount needs a yes: Manager.').waitFor();
  await desk.getByRole('button', { name: 'Ask for approval' }).click();
  await desk.getByText('It waits for a yes: Manager.').waitFor();
  const boss = await window_of(DESKTOP);
  await sign_in(boss, `${d.url}/quote/${id}`, max);
  await boss.getByRole('button', { name: 'Send back' }).click();
  await boss.getByRole('dialog').getByLabel('Why').fill('Why so much?');
  await boss.getByRole('dialog').getByRole('button', { name: 'Send back' }).click();
  await boss.getByText('Why so much?').waitFor();
  await desk.reload();
  await desk.getByText('Why so much?').waitFor();
  await desk.getByRole('button', { name: 'Ask for approval' }).click();
  await until('it waits again', async () => (await quote()).status === 'QUOTE_STATUS_IN_APPROVAL');
  await boss.reload();
  await boss.getByRole('button', { name: 'Approve' }).click();
  await boss.getByText('approved', { exact: true }).waitFor();
  await accessible(boss, 'an approved quote');
  await boss.context().close();
});

test('it is sent, has a link and a paper, and another version', { skip }, async () => {
  await desk.reload();
  await desk.getByRole('button', { name: 'Send', exact: true }).click();
  const link = await desk.getByRole('dialog').getByLabel('The customer').inputValue();
  await accessible(desk, 'the link');
  const page = await fetch(link);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /Relay/);
  await desk.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  assert.match(await desk.locator('iframe').getAttribute('src'), new RegExp(`/v1/quotes/${id}.pdf`));
  const paper = await desk.request.get(`${d.url}/v1/quotes/${id}.pdf`);
  assert.equal(paper.headers()['content-type'], 'application/pdf');
  await picture(desk, 'quote-sent');
  await desk.getByRole('button', { name: 'New version' }).click();
  await desk.getByRole('heading', { name: /version 2/ }).waitFor();
  await desk.getByRole('link', { name: /Version 1 · superseded/ }).waitFor();
  id = new URL(desk.url()).pathname.split('/').pop();
});

test('two at once: whoever is late is told, and sees what is there', { skip }, async () => {
  await cell(desk, 'Quantity', 1).waitFor();
  const { lines, head } = await quote();
  await d.call('QuoteService/SetQuoteLines', { requestId: request_id(), quoteId: id, head, lines: lines.map(({ productId }) => ({ productId, quantityE4: '70000' })) });
  await cell(desk, 'Quantity', 1).fill('4');
  await desk.getByRole('button', { name: 'Show what is there now' }).click();
  await until('it is shown', async () => (await cell(desk, 'Quantity', 1).inputValue()) === '7');
  await kept(desk).waitFor();
});

test('on a phone, a line is a card', { skip }, async () => {
  const phone = await window_of({ ...PHONE, locale: 'zh-TW', storageState: await desk.context().storageState() });
  await phone.goto(`${d.url}/quote/${id}`);
  await phone.getByLabel('數量，第 1 行').waitFor();
  await fits(phone);
  await accessible(phone, 'a phone');
  await picture(phone, 'quote-phone-zh');
  await phone.getByLabel('數量，第 1 行').fill('2');
  await until('it is kept', async () => (await quote()).lines[0].quantityE4 === '20000');
  await phone.goto(`${d.url}/pipeline/${deal.id}`);
  await phone.getByRole('link', { name: /報價單/ }).first().waitFor();
  await fits(phone);
  await picture(phone, 'quote-deal-phone-zh');
  await phone.context().close();
});

no_complaints();

// Demand in a real browser: counted from quotes, by product and month, what changed since then, as a file.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { request_id, shared } from '../e2e/lib.mjs';
import { accessible, DESKTOP, fits, no_complaints, PASSWORD, PHONE, picture, sign_in, skip, window_of } from './browser.mjs';

const d = shared(set_up);
let mia, rep, book, desk;

const day = (later) => new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + later, 15)).toISOString().slice(0, 10);

async function set_up() {
  if (skip) return;
  mia = await d.user('Mia Manager', 'manager');
  rep = await d.user('Rita Rep', 'rep');
  await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: mia.id, newPassword: PASSWORD });
  await d.create('warehouse', { code: 'NORTH', name: 'Hamburg', areas: [{ country: 'DE' }] });
  book = await d.create('priceBook', { code: 'EU', name: 'Europe', currencyCode: 'EUR' });
  const relay = await d.create('product', { code: 'RELAY', name: 'Relay' });
  await d.create('priceBookEntry', { priceBookId: book.id, productId: relay.id, unitPrice: '1000' });
  await d.settled();
  await quoted('Many relays', day(1), 'DE', 100);
  await quoted('Far away', day(2), 'JP', 7);
}

async function quoted(name, closeDate, country, n) {
  const o = await d.create('opportunity', { name, closeDate, ownerId: rep.id, stageKey: 'negotiation' }, rep);
  const { quote } = await d.call('QuoteService/CreateQuote', { requestId: request_id(), opportunityId: o.id, priceBookId: book.id, head: { country } }, rep);
  await d.call('QuoteService/SetQuoteLines', { requestId: request_id(), quoteId: quote.id, lines: [{ productCode: 'RELAY', quantityE4: `${n * 10000}` }] }, rep);
}

test('it is counted by a key, and stands by product and month', { skip }, async () => {
  desk = await window_of(DESKTOP);
  await sign_in(desk, `${d.url}/demand`, mia);
  await desk.getByText('Nothing was counted yet').waitFor();
  await accessible(desk, 'no demand yet');
  await desk.keyboard.press('c');
  await desk.getByRole('row', { name: /RELAY/ }).waitFor();
  await desk.getByText(/from 2 deals/).waitFor();
  await accessible(desk, 'demand');
  await picture(desk, 'demand');
  await desk.getByRole('button', { name: 'RELAY' }).click();
  await desk.getByRole('complementary', { name: 'Product' }).getByRole('row', { name: /NORTH/ }).waitFor();
  await picture(desk, 'demand-product');
  await desk.keyboard.press('Escape');
});

test('what changed since the plan before, and why', { skip }, async () => {
  await quoted('One more', day(1), 'DE', 30);
  await desk.keyboard.press('c');
  await desk.getByText(/from 3 deals/).waitFor();
  await desk.getByText('Changes', { exact: true }).click();
  await desk.getByRole('row', { name: /RELAY/ }).getByText(/new \(1 deal\)/).waitFor();
  await accessible(desk, 'changes of demand');
  await picture(desk, 'demand-changes');
});

test('as a file', { skip }, async () => {
  const coming = desk.waitForEvent('download');
  await desk.getByRole('button', { name: 'CSV' }).click();
  const [head, ...lines] = readFileSync(await (await coming).path(), 'utf8').split('\r\n');
  assert.equal(head, '"Product","Month","Warehouse","Expected units","P10","P50","P90","Deals"');
  assert.ok(lines.some((line) => line.startsWith('"RELAY",') && line.includes(',"NORTH",')));
});

test('on a phone, in Chinese', { skip }, async () => {
  const phone = await window_of({ ...PHONE, locale: 'zh-TW' });
  await phone.goto(`${d.url}/demand`);
  await phone.getByLabel('電子郵件').fill(mia.email);
  await phone.getByLabel('密碼', { exact: true }).fill(PASSWORD);
  await phone.getByRole('button', { name: '登入' }).click();
  await phone.getByRole('button', { name: 'RELAY' }).tap();
  await phone.getByRole('row', { name: /NORTH/ }).waitFor();
  await fits(phone);
  await accessible(phone, 'demand on a phone');
  await picture(phone, 'demand-phone-zh');
  await phone.context().close();
});

no_complaints();

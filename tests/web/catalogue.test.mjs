// The catalogue in a real browser: products, price books and their prices, offers, limits; what something costs and why.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request_id, shared } from '../e2e/lib.mjs';
import { accessible, DESKTOP, fits, no_complaints, PASSWORD, PHONE, picture, sign_in, skip, window_of } from './browser.mjs';

const d = shared(set_up);
let ada, ann, desk;

async function set_up() {
  if (skip) return;
  ada = await d.user('Ada Admin', 'admin');
  ann = await d.user('Ann Able', 'rep');
  for (const user of [ada, ann]) await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: user.id, newPassword: PASSWORD });
  await d.create('product', { code: 'COIL', name: 'Coil', family: 'Parts' });
}

const row = (page, name) => page.getByRole('row', { name: new RegExp(name) });
const tab = async (page, name) => {
  await page.getByRole('tab', { name }).click();
  await page.getByRole('tab', { name, selected: true }).waitFor(); // from then on keys are for it
};
const pick = async (box, option) => {
  await box.click();
  await box.page().getByRole('option', { name: option }).click();
};

test('a product is made by keys, and what is wrong stands at its field', { skip }, async () => {
  desk = await window_of(DESKTOP);
  await sign_in(desk, `${d.url}/catalogue`, ada);
  await row(desk, 'Coil').waitFor();
  await desk.keyboard.press('c');
  const dialog = desk.getByRole('dialog', { name: 'New product' });
  await dialog.getByLabel('Code').fill('COIL');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('This is needed').waitFor();
  await dialog.getByLabel('Name').fill('Relay 24 V');
  await dialog.getByRole('button', { name: 'Add: Bundle of' }).click();
  await pick(dialog.getByRole('combobox', { name: 'Product' }), 'Coil');
  await dialog.getByLabel('Quantity').fill('2');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText(/already/).waitFor();
  await accessible(desk, 'a product that is refused');
  await dialog.getByLabel('Code').fill('RELAY');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row(desk, 'Relay 24 V').getByText('2 × Coil').waitFor();
  await desk.getByLabel('Find').fill('rel 24');
  await row(desk, 'Coil.*Parts').waitFor({ state: 'detached' });
  await desk.getByLabel('Find').fill('');
  await row(desk, 'Parts').waitFor();
  await accessible(desk, 'products');
  await picture(desk, 'catalogue');
});

test('a price book, its prices with tiers, and what something costs', { skip }, async () => {
  await tab(desk, 'Price books');
  await desk.getByText('No price books yet').waitFor();
  await desk.keyboard.press('c');
  let dialog = desk.getByRole('dialog', { name: 'New price book' });
  for (const [label, text] of [['Code', 'EU'], ['Name', 'Europe'], ['Currency', 'eur'], ['Valid from', '2020-01-01']]) await dialog.getByLabel(label).fill(text);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row(desk, 'Europe').getByText('valid', { exact: true }).waitFor();
  await tab(desk, 'Prices');
  await desk.getByText('No prices yet').waitFor();
  await desk.keyboard.press('c');
  dialog = desk.getByRole('dialog', { name: 'New price' });
  await pick(dialog.getByRole('combobox', { name: 'Price book' }), 'Europe (EU)');
  await pick(dialog.getByRole('combobox', { name: 'Product' }), 'Coil (COIL)');
  await dialog.getByLabel('Unit price').fill('9.999');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('This cannot be read').waitFor();
  await dialog.getByLabel('Unit price').fill('9.99');
  await dialog.getByRole('button', { name: 'Add: From quantities on' }).click();
  await dialog.getByLabel('From quantity').fill('10');
  await dialog.getByLabel('Unit price').last().fill('8');
  await accessible(desk, 'a new price');
  await picture(desk, 'catalogue-price');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row(desk, 'Coil').getByText('from 10: €8').waitFor();
  const cost = desk.getByRole('region', { name: 'What does it cost' });
  await pick(cost.getByRole('combobox', { name: 'Product' }), 'Coil');
  await cost.getByLabel('Quantity').fill('20');
  await cost.getByRole('button', { name: 'Work it out' }).click();
  await cost.getByText('€160').first().waitFor();
  await accessible(desk, 'what it costs');
  await picture(desk, 'catalogue-prices');
});

test('one is changed beside the list, and a price book has a new version', { skip }, async () => {
  await row(desk, 'Coil').click();
  const peek = desk.getByRole('complementary', { name: 'Price' });
  await peek.getByRole('button', { name: /^Change/ }).click();
  const dialog = desk.getByRole('dialog', { name: 'Change the price' });
  await dialog.getByLabel('Unit price').first().fill('11');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row(desk, 'Coil').getByText('€11').waitFor();
  await tab(desk, 'Price books');
  await row(desk, 'Europe').click();
  await desk.getByRole('button', { name: 'New version' }).click();
  await desk.getByRole('dialog', { name: 'New price book' }).getByRole('button', { name: 'Save' }).click();
  await row(desk, 'EU-2').waitFor();
  await row(desk, 'superseded').waitFor();
  await accessible(desk, 'price books');
  await picture(desk, 'catalogue-books');
});

test('offers, limits and rates', { skip }, async () => {
  await tab(desk, 'Offers');
  await desk.keyboard.press('c');
  let dialog = desk.getByRole('dialog', { name: 'New offer' });
  for (const [label, text] of [['Code', 'SPRING'], ['Name', 'Spring'], ['Per cent', '12.5'], ['Valid from', '2099-01-01']]) await dialog.getByLabel(label).fill(text);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row(desk, 'Spring.*12.5 %').getByText('later').waitFor();
  await tab(desk, 'Limits of discounts');
  await desk.keyboard.press('c');
  dialog = desk.getByRole('dialog', { name: 'New limit' });
  await pick(dialog.getByRole('combobox', { name: 'Role' }), 'Representative');
  await dialog.getByLabel('Per cent').fill('10');
  await pick(dialog.getByRole('combobox', { name: 'Who is asked beyond' }), 'Manager');
  await desk.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row(desk, 'Representative.*10 %').getByText('Manager').waitFor();
  await accessible(desk, 'limits');
  await tab(desk, 'Rates');
  await desk.keyboard.press('c');
  dialog = desk.getByRole('dialog', { name: 'New rate' });
  for (const [label, text] of [['From currency', 'EUR'], ['To currency', 'USD'], ['Rate', '1.0825'], ['Day', '2026-01-02']]) await dialog.getByLabel(label, { exact: true }).fill(text);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await row(desk, 'EUR.*USD').getByText('1.0825').waitFor();
});

test('whoever sells reads it on a phone, in Chinese', { skip }, async () => {
  const phone = await window_of({ ...PHONE, locale: 'zh-TW' });
  await phone.goto(`${d.url}/catalogue?kind=offer`);
  await phone.getByLabel('電子郵件').fill(ann.email);
  await phone.getByLabel('密碼', { exact: true }).fill(PASSWORD);
  await phone.getByRole('button', { name: '登入' }).click();
  await phone.getByRole('listitem').filter({ hasText: 'Spring' }).getByText('尚未生效').waitFor();
  assert.equal(await phone.getByRole('button', { name: '新優惠' }).count(), 0);
  await fits(phone);
  await accessible(phone, 'offers on a phone');
  await picture(phone, 'catalogue-phone-zh');
  await phone.context().close();
});

no_complaints();

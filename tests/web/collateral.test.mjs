// Printed material in a real browser: what there is of it, an order from the basket until it has come, approval, stock, what it cost.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { request_id, shared, until } from '../e2e/lib.mjs';
import { accessible, DESKTOP, fits, no_complaints, PASSWORD, PHONE, picture, sign_in, skip, window_of } from './browser.mjs';

const d = shared(set_up);
let mia, anna, kim, ada, shelf, brochure, desk, store;

async function set_up() {
  if (skip) return;
  mia = await d.user('Mia Manager', 'manager');
  const team = await d.create('team', { name: 'North', managerId: mia.id });
  anna = await d.user('Anna Author', 'rep', { teamId: team.id });
  kim = await d.user('Kim Keeper', 'inside');
  ada = await d.user('Ada Admin', 'admin');
  for (const user of [mia, anna, kim, ada]) await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: user.id, newPassword: PASSWORD });
  await d.settled();
  shelf = await d.create('stockPlace', { name: 'Shelf', keeperIds: [kim.id] });
  await d.create('stockPlace', { name: 'Fair store', keeperIds: [kim.id] });
  brochure = await d.create('collateralItem', { name: 'Brochure', sku: 'B-1', lowLevel: 5, unitCost: { currencyCode: 'EUR', minorUnits: '150' } });
  const flyer = await d.create('collateralItem', { name: 'Flyer', sku: 'F-1' });
  for (const [item, quantity] of [[brochure, 6], [flyer, 900]]) {
    await d.call('CollateralService/ReceiveStock', { requestId: request_id(), itemId: item.id, placeId: shelf.id, quantity }, { token: kim.token });
  }
}

const row = (page, name) => page.getByRole('row', { name: new RegExp(name) });
const panel = (page, name) => page.getByRole('complementary', { name });
const orders = async (user) => (await d.call('CollateralService/ListOrders', {}, { token: user.token })).orders ?? [];
const status = async (user) => (await orders(user))[0].status.replace('COLLATERAL_ORDER_STATUS_', '');

test('what there is of it, and how much is left', { skip }, async () => {
  desk = await window_of(DESKTOP);
  await sign_in(desk, `${d.url}/collateral`, anna);
  await row(desk, 'Brochure').getByRole('meter').waitFor();
  assert.match(await row(desk, 'Brochure').getByRole('meter').getAttribute('aria-valuetext'), /^6 left/);
  await accessible(desk, 'stock');
  await picture(desk, 'collateral');
  await row(desk, 'Brochure').click();
  await panel(desk, 'Item').getByText('received').waitFor();
  assert.equal(await panel(desk, 'Item').getByRole('button', { name: 'Count' }).count(), 0, 'only keepers count');
  await accessible(desk, 'an item');
  await picture(desk, 'collateral-item');
});

test('an order from the basket', { skip }, async () => {
  await panel(desk, 'Item').getByRole('button', { name: 'Order it' }).click();
  const dialog = desk.getByRole('dialog', { name: 'Order' });
  await dialog.getByLabel('Quantity of Brochure').fill('4');
  await dialog.getByLabel('What else').fill('fly');
  await desk.getByRole('option', { name: /Flyer/ }).click();
  await dialog.getByLabel('Quantity of Flyer').fill('20');
  await dialog.getByRole('combobox', { name: 'From', exact: true }).click();
  await desk.getByRole('option', { name: 'Shelf' }).click();
  await dialog.getByLabel('Ship to').fill('Hall 3, stand 12');
  await dialog.getByLabel('Campaign').fill('Fair');
  await accessible(desk, 'an order being made');
  await picture(desk, 'collateral-new');
  await dialog.getByRole('button', { name: 'Order', exact: true }).click();
  await desk.waitForURL(/view=orders/);
  await panel(desk, 'Order').getByText('To be picked').waitFor();
  await row(desk, '4 × Brochure and 20 × Flyer').waitFor();
  await accessible(desk, 'my orders');
  await picture(desk, 'collateral-order');
});

test('its keeper picks, sends, and counts', { skip }, async () => {
  store = await window_of(DESKTOP);
  await sign_in(store, `${d.url}/collateral?view=orders&which=${shelf.id}`, kim);
  await row(store, 'Brochure').click();
  await panel(store, 'Order').getByRole('button', { name: 'Pick what is there' }).click();
  await panel(store, 'Order').getByRole('button', { name: 'Send' }).click();
  const dialog = store.getByRole('dialog', { name: 'Send' });
  await dialog.getByLabel('Parcel number').fill('parcel 7');
  await accessible(store, 'sending');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.waitFor({ state: 'detached' });
  await until('it is sent', async () => (await status(anna)) === 'SHIPPED');
  await store.goto(`${d.url}/collateral?item=${brochure.id}`);
  await panel(store, 'Item').getByText('sent').first().waitFor();
  await row(store, 'Brochure').locator('[data-low]').waitFor();
  await panel(store, 'Item').getByRole('button', { name: 'Count' }).click();
  const count = store.getByRole('dialog', { name: /Count/ });
  await count.getByLabel('So many are there').fill('1');
  await accessible(store, 'counting');
  await count.getByRole('button', { name: 'Save' }).click();
  await count.waitFor({ state: 'detached' });
  await panel(store, 'Item').getByText('counted').waitFor();
  await picture(store, 'collateral-keeper');
});

test('it has come', { skip }, async () => {
  await panel(desk, 'Order').getByRole('button', { name: 'It has come' }).click();
  const dialog = desk.getByRole('dialog', { name: 'It has come' });
  await dialog.getByRole('button', { name: 'It has come' }).click();
  await dialog.waitFor({ state: 'detached' });
  await panel(desk, 'Order').getByText('Received', { exact: true }).first().waitFor();
  await until('it is received', async () => (await status(anna)) === 'RECEIVED');
});

test('what is more than somebody orders by themselves waits for a manager', { skip }, async () => {
  await d.call('CollateralService/OrderCollateral', { requestId: request_id(), placeId: shelf.id, lines: [{ itemId: brochure.id, quantity: 600 }] }, { token: anna.token });
  const boss = await window_of(DESKTOP);
  await sign_in(boss, `${d.url}/collateral?view=orders&which=approval`, mia);
  await row(boss, '600 × Brochure').click();
  await panel(boss, 'Order').getByRole('button', { name: 'Reject' }).click();
  const dialog = boss.getByRole('dialog', { name: 'Reject' });
  await dialog.getByLabel('Reason').fill('use the web');
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await dialog.waitFor({ state: 'detached' });
  await until('it is rejected', async () => (await status(anna)) === 'REJECTED');
  await boss.keyboard.press('3');
  await boss.getByRole('row', { name: /Fair/ }).getByText('€6').waitFor();
  await accessible(boss, 'costs');
  await picture(boss, 'collateral-cost');
  const coming = boss.waitForEvent('download');
  await boss.getByRole('button', { name: 'CSV' }).click();
  assert.match(readFileSync(await (await coming).path(), 'utf8'), /"Fair","\d{4}-\d{2}","24","6","EUR"/);
  await boss.context().close();
});

test('an administrator sets up an item', { skip }, async () => {
  const page = await window_of(DESKTOP);
  await sign_in(page, `${d.url}/collateral`, ada);
  await row(page, 'Brochure').waitFor();
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByRole('menuitem', { name: 'New item' }).click();
  const dialog = page.getByRole('dialog', { name: 'New item' });
  await dialog.getByLabel('Name', { exact: true }).fill('Poster');
  await dialog.getByLabel('Number', { exact: true }).fill('B-1');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('another record has this sku already').waitFor();
  await dialog.getByLabel('Number', { exact: true }).fill('P-1');
  await accessible(page, 'an item being made');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await row(page, 'Poster').waitFor();
  await page.context().close();
});

test('all pages stay reachable beside the rail', { skip }, async () => {
  await desk.getByRole('button', { name: 'More pages' }).click();
  await desk.getByRole('menuitem', { name: 'Import' }).click();
  await desk.waitForURL(/imports/);
  const rail = desk.getByRole('navigation', { name: 'Pages' });
  assert.ok(await rail.evaluate((e) => e.scrollHeight <= e.clientHeight), 'the rail does not scroll');
  await desk.keyboard.press('g');
  await desk.keyboard.press('w');
  await desk.waitForURL(/collateral/);
});

test('on a phone, in Chinese', { skip }, async () => {
  const phone = await window_of({ ...PHONE, locale: 'zh-TW', colorScheme: 'dark' });
  await phone.goto(`${d.url}/collateral`);
  await phone.getByLabel('電子郵件').fill(anna.email);
  await phone.getByLabel('密碼', { exact: true }).fill(PASSWORD);
  await phone.getByRole('button', { name: '登入' }).click();
  await phone.getByRole('listitem').filter({ hasText: 'Brochure' }).waitFor();
  await fits(phone);
  await accessible(phone, 'stock on a phone');
  await picture(phone, 'collateral-phone-zh');
  await phone.getByRole('listitem').filter({ hasText: 'Brochure' }).tap();
  await phone.getByRole('dialog').getByText('盤點').waitFor();
  await accessible(phone, 'an item on a phone');
  await picture(phone, 'collateral-item-phone-zh');
  await phone.goto(`${d.url}/collateral?view=orders`);
  await phone.getByRole('listitem').filter({ hasText: '600 × Brochure' }).waitFor();
  await fits(phone);
  await accessible(phone, 'orders on a phone');
  await picture(phone, 'collateral-orders-phone-zh');
  await phone.context().close();
});

no_complaints();

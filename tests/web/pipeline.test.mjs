// The pipeline in a real browser: the board by keys, by mouse and by thumb, and what the server says to it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request_id, shared, until } from '../e2e/lib.mjs';
import { accessible, DESKTOP, fill, fits, no_complaints, PASSWORD, PHONE, picture, sign_in, skip, window_of } from './browser.mjs';

const DAY_MS = 86_400_000;
const d = shared(async () => {
  ann = await d.user('Ann Able', 'rep');
  mia = await d.user('Mia Manager', 'manager');
  for (const user of [ann, mia]) await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: user.id, newPassword: PASSWORD });
});
let ann, mia, pipeline, desk;

const home = () => `${d.url}/pipeline`;
const stages = [
  { key: 'talk', name: 'First talk', probability: 10 },
  { key: 'offer', name: 'Offer', probability: 50, entryFields: ['amount', 'close_date'], overrideRoles: ['ROLE_MANAGER'], idleDays: 30 },
  { key: 'trial', name: 'Trial', probability: 70 },
  { key: 'ours', name: 'Ours', kind: 'STAGE_KIND_WON' },
  { key: 'theirs', name: 'Theirs', kind: 'STAGE_KIND_LOST' },
];
const euros = (n) => ({ currencyCode: 'EUR', minorUnits: `${n}00` });
const day = (after) => new Date(Date.now() + after * DAY_MS).toISOString().slice(0, 10);
const deal = (name, more = {}) => d.create('opportunity', { name, pipelineId: pipeline.id, ownerId: ann.id, ...more });
const get = async (id) => (await d.call('RecordService/GetRecord', { type: 'opportunity', id })).record.opportunity;
const column = (page, name) => page.getByRole('region', { name, exact: true });
const card = (page, name) => page.locator('[data-board] a[data-id]', { hasText: name });
const panel = (page) => page.getByRole('complementary', { name: 'deal' });
const undo = (page, said) => page.locator('[role=status]', { hasText: said }).getByRole('button', { name: 'Undo' });
const is_in = (id, stage) => until(`it is in ${stage}`, async () => (await get(id)).stageKey === stage);

test('an empty pipeline says what to do, and the first deal is made by keys', { skip }, async () => {
  pipeline = await d.create('pipeline', { name: 'Machines', stages, isDefault: true, winReasons: ['Best fit', 'Trust'] });
  await d.settled();
  desk = await window_of(DESKTOP);
  await sign_in(desk, home(), ann);
  await desk.getByText('You have no deals here yet').waitFor();
  await accessible(desk, 'no deals');
  await picture(desk, 'pipeline-empty');
  await desk.keyboard.press('c');
  await fill(desk, { Name: 'Lathe for Löwe', 'Next step': 'Send the drawings', Amount: '12000' });
  await accessible(desk, 'new deal');
  await picture(desk, 'pipeline-new');
  await desk.getByLabel('Name', { exact: true }).press('Enter');
  await panel(desk).getByRole('heading', { name: 'Lathe for Löwe' }).waitFor();
  const [made] = await d.list('opportunity');
  assert.deepEqual([made.pipelineId, made.stageKey, made.ownerId, made.amount.minorUnits], [pipeline.id, 'talk', ann.id, '1200000']);
  await desk.keyboard.press('Escape');
  await panel(desk).waitFor({ state: 'detached' });
});

test('the board has a column a stage, with what is in it and what it comes to', { skip }, async () => {
  const account = await d.create('account', { name: 'Büro & Söhne', ownerId: ann.id });
  await deal('Press', { amount: euros(50000), accountId: account.id, closeDate: day(20), nextStep: 'Call' });
  await deal('Drill', { amount: euros(8000), closeDate: day(-3), nextStep: 'Call' });
  await deal('Saw', { stageKey: 'offer', amount: euros(20000), closeDate: day(9) });
  await deal('Old saw', { stageKey: 'theirs', amount: euros(900) });
  for (let i = 0; i < 30; i++) await deal(`Spare part ${i}`, { stageKey: 'trial', amount: euros(100 + i), closeDate: day(30 + i), nextStep: 'Wait' });
  await desk.reload();
  await card(desk, 'Press').getByText('Büro & Söhne').waitFor();
  assert.match(await column(desk, 'First talk').locator('header').textContent(), /3.*€70K.*€7K weighted/i);
  assert.match(await column(desk, 'Theirs').textContent(), /1 deal/);
  await card(desk, 'Drill').getByTitle('The close date is over').waitFor();
  assert.ok((await column(desk, 'Trial').locator('li').count()) < 30, 'only what is in sight is drawn');
  await accessible(desk, 'board');
  await picture(desk, 'pipeline');
});

test('by keys alone: from card to card, and M moves', { skip }, async () => {
  await desk.keyboard.press('j');
  await card(desk, 'Drill').and(desk.locator('[data-active]')).waitFor();
  await desk.keyboard.press('l');
  await card(desk, 'Saw').first().and(desk.locator('[data-active]')).waitFor();
  await desk.keyboard.press('m');
  await desk.getByRole('dialog').getByRole('button', { name: /Trial/ }).waitFor();
  await accessible(desk, 'moving');
  await picture(desk, 'pipeline-move');
  await desk.keyboard.press('Enter');
  await column(desk, 'Trial').locator('a', { hasText: 'Saw' }).waitFor();
    const saw = (await d.list('opportunity')).find((o) => o.name === 'Saw');
  await is_in(saw.id, 'trial');
  await undo(desk, 'Saw is in Trial.').click();
  await column(desk, 'Offer').locator('a', { hasText: 'Saw' }).waitFor();
  await is_in(saw.id, 'offer');
});

test('a card is drawn to a stage, which asks for what is missing and for nothing else', { skip }, async () => {
  const bare = await deal('Bare bones', { nextStep: 'Ask' });
  await card(desk, 'Bare bones').waitFor({ timeout: 15000 });
  await card(desk, 'Bare bones').dragTo(column(desk, 'Offer'));
  const asked = desk.getByRole('dialog');
  await asked.getByText('The stage asks for this of Bare bones.').waitFor();
  assert.equal(await asked.getByRole('button', { name: 'Move without' }).count(), 0, 'a representative may not');
  assert.equal(await asked.locator('form label').count(), 2);
  await accessible(desk, 'what is missing');
  await picture(desk, 'pipeline-missing');
  await asked.getByRole('button', { name: 'Cancel' }).click();
  await column(desk, 'First talk').locator('a', { hasText: 'Bare bones' }).waitFor();
  await card(desk, 'Bare bones').dragTo(column(desk, 'Offer'));
  await fill(asked, { Amount: '4500.50', 'Close date': day(40) });
  await asked.getByRole('button', { name: 'Move' }).click();
  await asked.waitFor({ state: 'detached' });
  await column(desk, 'Offer').locator('a', { hasText: 'Bare bones' }).waitFor();
  const now = await get(bare.id);
  assert.deepEqual([now.stageKey, now.amount.minorUnits, now.closeDate], ['offer', '450050', day(40)]);
});

test('two who move the same card: the second sees who did what, and decides', { skip }, async () => {
  const both = await deal('Both want it', { amount: euros(700), closeDate: day(50), nextStep: 'Wait' });
  await card(desk, 'Both want it').waitFor({ timeout: 15000 });
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { opportunity: { id: both.id, stageKey: 'trial', amount: euros(900) } } }, mia);
  await card(desk, 'Both want it').dragTo(column(desk, 'Offer'));
  const dialog = desk.getByRole('dialog');
  await dialog.getByText('Mia Manager changed it').waitFor();
  assert.match(await dialog.locator('tr', { hasText: 'Stage' }).textContent(), /OfferTrial/);
  assert.match(await dialog.locator('tr', { hasText: 'Amount' }).textContent(), /€700€900/);
  await accessible(desk, 'conflict');
  await picture(desk, 'pipeline-conflict');
  await dialog.getByRole('button', { name: 'Do mine all the same' }).click();
  await is_in(both.id, 'offer');
  assert.equal((await get(both.id)).amount.minorUnits, '90000', 'what the other made of it stays');
});

test('one is lost with a reason, which is kept with it; undo takes both back', { skip }, async () => {
  const press = (await d.list('opportunity')).find((o) => o.name === 'Press');
  await card(desk, 'Press').dragTo(column(desk, 'Theirs'));
  const dialog = desk.getByRole('dialog');
  await dialog.getByLabel('Lost to').fill('Rival & Co');
  await dialog.getByRole('button', { name: 'Price' }).click();
  await accessible(desk, 'losing');
  await picture(desk, 'pipeline-lost');
  await desk.keyboard.press('Enter');
  await is_in(press.id, 'theirs');
  const said = async () => [(await get(press.id)).outcomeReason, (await get(press.id)).lostTo];
  assert.deepEqual(await said(), ['Price', 'Rival & Co']);
  await undo(desk, 'Press is in Theirs.').click();
  await is_in(press.id, 'talk');
  assert.deepEqual(await said(), [undefined, undefined]);
  await column(desk, 'First talk').locator('a', { hasText: 'Press' }).waitFor();
});

test('one is won by one of the pipeline’s reasons; undo opens it again', { skip }, async () => {
  const drill = (await d.list('opportunity')).find((o) => o.name === 'Drill');
  await card(desk, 'Drill').dragTo(column(desk, 'Ours'));
  const dialog = desk.getByRole('dialog');
  assert.ok(await dialog.getByRole('button', { name: /^Won/ }).isDisabled());
  await dialog.getByRole('combobox', { name: 'Why' }).click();
  await desk.getByRole('option', { name: 'Best fit' }).click();
  await dialog.getByRole('button', { name: /^Won/ }).click();
  await is_in(drill.id, 'ours');
  assert.equal((await get(drill.id)).outcomeReason, 'Best fit');
  await undo(desk, 'Drill is in Ours.').click();
  await is_in(drill.id, 'talk');
  await column(desk, 'First talk').locator('a', { hasText: 'Drill' }).waitFor();
});

test('a deal beside the board: facts are changed where they stand, and every estimate is kept', { skip }, async () => {
  await card(desk, 'Press').click();
  await panel(desk).getByRole('heading', { name: 'Press' }).waitFor();
  await panel(desk).getByRole('button', { name: 'Change: Amount' }).click();
  await panel(desk).getByLabel('Amount', { exact: true }).fill('61000');
  await desk.keyboard.press('Enter');
  await panel(desk).getByText('€61,000', { exact: true }).waitFor();
  await panel(desk).getByLabel('Write a note …').fill('They like the colour.');
  await desk.keyboard.press('Control+Enter');
  await panel(desk).locator('article', { hasText: 'They like the colour.' }).waitFor();
  await panel(desk).getByRole('img', { name: /over time/ }).waitFor();
  await accessible(desk, 'a deal beside the board');
  await picture(desk, 'pipeline-peek');
  await panel(desk).getByRole('button', { name: 'Open its page' }).click();
  await desk.getByRole('heading', { level: 1, name: 'Press' }).waitFor();
  await desk.getByText('First talk · €61,000 · 10 %').first().waitFor();
  await desk.locator('.uplot canvas').waitFor();
  await accessible(desk, 'a deal');
  await picture(desk, 'pipeline-deal');
});

test('the same as a table, by name, and only what needs attention', { skip }, async () => {
  await desk.getByRole('link', { name: 'Machines' }).click();
  await desk.keyboard.press('v');
  await desk.getByRole('grid').waitFor();
  await desk.getByRole('columnheader', { name: 'Amount' }).getByRole('button').click();
  await desk.locator('[role=row][aria-rowindex="2"]', { hasText: 'Press' }).waitFor();
  await accessible(desk, 'table');
  await picture(desk, 'pipeline-table');
  await desk.getByRole('link', { name: '1 needs attention' }).click();
  await desk.locator('[role=row]', { hasText: 'Press' }).waitFor({ state: 'detached' });
  await desk.locator('[role=row]', { hasText: 'Drill' }).waitFor();
  assert.match(desk.url(), /attention=true/);
  await desk.context().close();
});

test('a manager sees everybody’s, in Chinese, in the dark, and moves one without what is missing', { skip }, async () => {
  const bare = await deal('Without a date', { amount: euros(10), nextStep: 'x' });
  const page = await window_of({ ...DESKTOP, locale: 'zh-TW', colorScheme: 'dark' });
  await page.goto(home());
  await fill(page, { 電子郵件: mia.email, 密碼: PASSWORD });
  await page.getByRole('button', { name: '登入' }).click();
  await card(page, 'Without a date').waitFor();
  await card(page, 'Without a date').dragTo(column(page, 'Offer'));
  await page.getByRole('button', { name: '略過條件' }).click();
  await page.getByLabel('理由').fill('老闆同意');
  await accessible(page, 'Chinese, dark');
  await picture(page, 'pipeline-over-zh-dark');
  await page.getByRole('dialog').getByRole('button', { name: '移動' }).click();
  await is_in(bare.id, 'offer');
  assert.equal((await get(bare.id)).overrideReason, '老闆同意');
  await picture(page, 'pipeline-zh-dark');
  await page.context().close();
});

test('on a phone: a stage at a time, a push to the right goes on, a sheet from below', { skip }, async () => {
  const phone = await window_of(PHONE);
  await sign_in(phone, home(), ann);
  const item = (name) => phone.locator('[role=listitem]', { hasText: name });
  await item('Press').waitFor();
  await fits(phone);
  await accessible(phone, 'pipeline on a phone');
  await picture(phone, 'pipeline-phone');
  await item('Press').tap();
  await phone.getByRole('dialog').getByRole('button', { name: 'Move' }).waitFor();
  await accessible(phone, 'a deal on a phone');
  await picture(phone, 'pipeline-phone-deal');
  await phone.getByRole('dialog').getByRole('button', { name: 'Move' }).tap();
  await phone.getByRole('button', { name: /Trial/ }).last().waitFor();
  await picture(phone, 'pipeline-phone-move');
  await phone.keyboard.press('Escape');
  await until('nothing lies over the list', async () => (await phone.getByRole('dialog').count()) === 0);
  await phone.getByRole('link', { name: 'Offer' }).tap();
  await item('Saw').waitFor();
  const box = await item('Saw').boundingBox();
  const touch = await phone.context().newCDPSession(phone);
  const at = (x) => [{ x, y: box.y + 30 }];
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(60) });
  for (const x of [90, 140, 220, 260]) await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(x) });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  const saw = (await d.list('opportunity')).find((o) => o.name === 'Saw');
  await is_in(saw.id, 'trial');
  await phone.context().close();
});

test('of more deals than are listed, columns and the line above them say what all come to', { skip }, async () => {
  const full = await d.create('pipeline', { name: 'Parts', stages });
  for (let i = 0; i < 2050; i += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, at) => d.create('opportunity', { name: `Part ${i + at}`, pipelineId: full.id, ownerId: ann.id, stageKey: 'talk', amount: euros(10) })));
  }
  const page = await window_of(DESKTOP);
  await sign_in(page, `${home()}?pipeline=${full.id}&owner=all`, mia);
  await column(page, 'First talk').getByRole('heading', { name: '2,050' }).waitFor();
  await column(page, 'First talk').getByText('€20.5k').waitFor();
  await page.locator('dl').getByText('2,050', { exact: true }).waitFor();
  await page.locator('dl').getByText('€20.5k', { exact: true }).waitFor();
  await page.context().close();
});

no_complaints();

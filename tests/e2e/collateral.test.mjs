// Printed material: what there is of it where, and orders until they have come.
// 1 an order is picked, sent and received, and the ledger says where everything went
// 2 what is not there is owed, and set aside when it comes, for the oldest order first
// 3 two people want the last ones: one gets them, and asking again with the same id changes nothing
// 4 what is more than somebody orders by themselves waits for who is above them
// 5 who may: keepers pick, whoever ordered and who is above them see it, nobody else
// 6 those who keep the place hear once that little is left
// 7 what was sent cost so much, by campaign
// 8 all of it by the operator's tool
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, request_id, shared, until } from './lib.mjs';

let boss, anna, eve, keeper, shelf;
const d = shared(async () => {
  boss = await d.user('Mia Manager', 'manager');
  const team = await d.create('team', { name: 'North', managerId: boss.id });
  anna = await d.user('Anna Author', 'rep', { teamId: team.id });
  eve = await d.user('Eve Elsewhere', 'rep');
  keeper = await d.user('Kim Keeper', 'inside');
  await d.settled();
  shelf = (await d.create('stockPlace', { name: 'Shelf', keeperIds: [keeper.id] })).id;
});

const as = (user) => ({ token: user.token });
const call = (method, body, user) => d.call(`CollateralService/${method}`, { requestId: request_id(), ...body }, as(user));
const made = (fields) =>
  d.create('collateralItem', { name: 'Brochure', sku: request_id(), unitCost: { currencyCode: 'EUR', minorUnits: '150' }, ...fields });
const receive = (itemId, quantity, placeId = shelf) => call('ReceiveStock', { itemId, placeId, quantity }, keeper);
const order = async (itemId, quantity, fields = {}, user = anna) =>
  (await call('OrderCollateral', { placeId: shelf, lines: [{ itemId, quantity }], ...fields }, user)).order;
const act = async (method, orderId, user, fields = {}) => (await call(method, { orderId, ...fields }, user)).order;
const get = async (id, user = anna) => (await d.call('RecordService/GetRecord', { type: 'collateral_order', id }, as(user))).record.collateralOrder;
const status = (o) => o.status.replace('COLLATERAL_ORDER_STATUS_', '');
const ledger = (itemId, placeId = shelf) => d.call('CollateralService/GetStockLedger', { itemId, placeId }, as(eve));
const numbers = (o) => ['ordered', 'approved', 'picked', 'shipped', 'received', 'backOrdered'].map((f) => o.lines[0][f]);

test('1: ordered, picked, sent, received', async () => {
  const { id } = await made();
  await receive(id, 10);
  const o = await order(id, 4, { shipTo: 'Hall 3, stand 12' });
  assert.equal(status(o), 'APPROVED');
  assert.deepEqual(o.cost, { currencyCode: 'EUR', minorUnits: '600' });
  assert.deepEqual(numbers(await act('PickOrder', o.id, keeper)), [4, 4, 4, 0, 0, 0]);
  assert.equal(status(await act('ShipOrder', o.id, keeper, { lines: [{ itemId: id, quantity: 3 }] })), 'PART_SHIPPED');
  assert.equal(status(await act('ShipOrder', o.id, keeper, { tracking: 'parcel 7' })), 'SHIPPED');
  await refused('failed_precondition', act('CancelOrder', o.id, anna));
  assert.equal(status(await act('ReceiveOrder', o.id, anna)), 'RECEIVED');
  await call('CountStock', { itemId: id, placeId: shelf, counted: 5, note: 'one was wet' }, keeper);
  await call('ScrapStock', { itemId: id, placeId: shelf, quantity: 2 }, keeper);
  await refused('failed_precondition', call('ScrapStock', { itemId: id, placeId: shelf, quantity: 4 }, keeper));
  const stand = (await d.create('stockPlace', { name: 'Stand' })).id;
  await call('MoveStock', { itemId: id, placeId: shelf, toPlaceId: stand, quantity: 1 }, keeper);
  const { moves, balance } = await ledger(id);
  assert.deepEqual(moves.map((m) => Number(m.quantity)), [-1, -2, -1, -1, -3, 10]);
  assert.equal(Number(balance.onHand), moves.reduce((sum, m) => sum + Number(m.quantity), 0));
  const { stock } = await d.call('CollateralService/ListCollateral', { placeId: stand }, as(anna));
  assert.deepEqual([stock.length, stock[0].total.onHand, stock[0].places.length], [1, '3', 2]);
});

test('2: what is owed is set aside when it comes', async () => {
  const { id } = await made();
  await receive(id, 1);
  const first = await order(id, 3), second = await order(id, 5);
  assert.deepEqual(numbers(await act('PickOrder', first.id, keeper)), [3, 3, 1, 0, 0, 2]);
  assert.deepEqual(numbers(await act('PickOrder', second.id, keeper)), [5, 5, 0, 0, 0, 5]);
  await receive(id, 4);
  await until('the second gets what is left', async () => (await get(second.id)).lines[0].picked === 2);
  assert.deepEqual(numbers(await get(first.id)), [3, 3, 3, 0, 0, 0]);
  await act('CancelOrder', first.id, anna);
  await until('the second gets the rest', async () => (await get(second.id)).lines[0].picked === 5);
  assert.equal(status(await get(first.id)), 'CANCELLED');
});

test('3: the last ones', async () => {
  const { id } = await made();
  await receive(id, 2);
  const orders = [await order(id, 2), await order(id, 2)], requests = orders.map(() => request_id());
  const pick = (n) => call('PickOrder', { requestId: requests[n], orderId: orders[n].id, lines: [{ itemId: id, quantity: 2 }] }, keeper)
    .then(() => true, (no) => { assert.equal(no.code, 'failed_precondition'); return false; });
  const got = await Promise.all([pick(0), pick(1)]);
  assert.deepEqual(got.toSorted(), [false, true]);
  assert.equal(await pick(got.indexOf(true)), true);
  assert.equal((await ledger(id)).balance.picked, '2');
});

test('4: approved by who is above', async () => {
  const { id } = await made();
  const o = await order(id, 501), other = await order(id, 600);
  assert.equal(status(o), 'WAITING');
  await refused('failed_precondition', act('PickOrder', o.id, keeper));
  const waiting = await d.call('CollateralService/ListOrders', { open: true }, as(boss));
  assert.deepEqual(waiting.orders.map((x) => x.id), [other.id, o.id]);
  assert.deepEqual(numbers(await act('ApproveOrder', o.id, boss, { lines: [{ itemId: id, quantity: 100 }] })), [501, 100, 0, 0, 0, 0]);
  await refused('failed_precondition', act('ApproveOrder', o.id, boss));
  const no = await act('RejectOrder', other.id, boss, { reason: 'use the web' });
  assert.deepEqual([status(no), no.reason], ['REJECTED', 'use the web']);
});

test('5: who may', async () => {
  const { id } = await made();
  const o = await order(id, 1);
  for (const user of [anna, boss, keeper]) assert.equal((await get(o.id, user)).id, o.id);
  await refused('not_found', get(o.id, eve));
  await refused('not_found', act('CancelOrder', o.id, eve));
  await refused('permission_denied', act('PickOrder', o.id, anna));
  await refused('permission_denied', act('CancelOrder', o.id, keeper));
  await refused('permission_denied', call('ReceiveStock', { itemId: id, placeId: shelf, quantity: 1 }, anna));
  await refused('failed_precondition', d.call('RecordService/UpdateRecord', { record: { collateralOrder: { id: o.id, campaign: 'x' } } }, as(anna)));
});

test('6: little is left', async () => {
  const { id } = await made({ name: 'Poster', lowLevel: 5 });
  const told = async () => ((await d.call('NotificationService/ListNotifications', {}, as(keeper))).notifications ?? [])
    .filter((n) => n.collateralItemId === id);
  await receive(id, 6);
  const o = await order(id, 3);
  await act('PickOrder', o.id, keeper);
  await until('the keeper hears', async () => (await told()).length === 1);
  assert.match((await told())[0].text, /3/);
  await act('ShipOrder', o.id, keeper);
  await receive(id, 5);
  await call('ScrapStock', { itemId: id, placeId: shelf, quantity: 4 }, keeper);
  await until('the keeper hears again', async () => (await told()).length === 2);
});

test('7: what it cost', async () => {
  const { id } = await made();
  const cost = async () => ((await d.call('CollateralService/GetCollateralCost', { by: 'COLLATERAL_COST_BY_CAMPAIGN', of: 'Spring' }, as(boss))).costs ?? [])
    .map((c) => [c.of, c.units, c.minorUnits, c.currencyCode]);
  await receive(id, 10);
  const o = await order(id, 4, { campaign: 'Spring' });
  await act('PickOrder', o.id, keeper);
  assert.deepEqual(await cost(), []);
  await d.call('RecordService/UpdateRecord', { record: { collateralItem: { id, unitCost: { currencyCode: 'EUR', minorUnits: '999' } } } });
  await act('ShipOrder', o.id, keeper);
  assert.deepEqual(await cost(), [['Spring', '4', '600', 'EUR']]);
});

test('8: by the tool', () => {
  const say = (...args) => {
    const done = d.tool('collateral', ...args);
    assert.equal(done.status, 0, done.all);
    return done.out;
  };
  const id_of = (text) => text.match(/[0-9a-f]{8}-[0-9a-f-]{27}/)[0];
  const item = id_of(say('item', 'F-1', 'Flyer', '--cost', '0.20EUR', '--low', '5'));
  const place = id_of(say('place', 'Berlin', '--keeper', keeper.id));
  assert.match(say('receive', item, place, '10'), /10 are there/);
  const id = id_of(say('order', place, `${item}:4`, '--campaign', 'Fair', '--to', 'Hall 3'));
  assert.match(say('orders', '--place', place, '--open'), new RegExp(id));
  assert.match(say('pick', id), /4 picked/);
  assert.match(say('ship', id, 'parcel 1'), /4 sent/);
  assert.match(say('received', id), /received/);
  assert.match(say('stock', '--place', place), /F-1 +Flyer +6/);
  assert.match(say('ledger', item, place), /-4 +shipped/);
  assert.match(say('orders', '--status', 'received', '--json'), new RegExp(id));
  assert.match(say('cost', 'campaign'), /Fair +\d{4}-\d{2} +4 +0\.80 +EUR/);
  const bad = d.tool('collateral', 'receive', item, place, 'many');
  assert.notEqual(bad.status, 0);
  assert.match(bad.err, /no number/);
});

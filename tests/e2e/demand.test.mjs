// Demand plans: warehouses, what is expected of open deals, what is other than before and why, the tool's table and CSV.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, request_id, shared } from './lib.mjs';

const d = shared();
const call = (method, body = {}, who) => d.call(`DemandService/${method}`, body, who);
const make = async (body = {}, who) => (await call('MakeDemandPlan', { requestId: request_id(), ...body }, who)).plan;
const month = (later) => new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + later, 15)).toISOString();
const day = (later) => month(later).slice(0, 10);
const units = (n) => `${n * 10000}`;

let rep, book, relay, pump, north, deals;
async function quoted(name, closeDate, country, lines) {
  const o = await d.create('opportunity', { name, closeDate, ownerId: rep.id, stageKey: 'negotiation' }, rep);
  const q = (await d.call('QuoteService/CreateQuote', { requestId: request_id(), opportunityId: o.id, priceBookId: book.id, head: { country } }, rep)).quote;
  await offered(q.id, lines);
  return { ...o, quoteId: q.id };
}
const offered = (quoteId, lines) => d.call('QuoteService/SetQuoteLines', { requestId: request_id(), quoteId, lines }, rep);

test('a warehouse serves places that no other serves', async () => {
  rep = await d.user('Rita Rep', 'rep');
  north = await d.create('warehouse', { code: 'NORTH', name: 'Hamburg', areas: [{ country: 'de' }] });
  assert.equal(north.areas[0].country, 'DE');
  await d.create('warehouse', { code: '=SOUTH', name: 'Munich', areas: [{ country: 'DE', region: 'Bavaria' }, { country: 'AT' }] });
  await refused('already_exists', d.create('warehouse', { code: 'THIRD', name: 'Third', areas: [{ country: 'DE', region: ' bavaria' }] }));
  await refused('invalid_argument', d.create('warehouse', { code: 'THIRD', name: 'Third', areas: [{ country: 'XX' }] }));
  assert.deepEqual(await call('GetDemandPlan'), {});
  assert.match(d.tool('demand', 'show').err, /there is no plan yet/);
});

test('what open deals may order stands by product, month and warehouse', async () => {
  book = await d.create('priceBook', { code: 'EU', name: 'Europe', currencyCode: 'EUR' });
  relay = await d.create('product', { code: 'RELAY', name: 'Relay' });
  pump = await d.create('product', { code: 'PUMP', name: 'Pump' });
  for (const p of [relay, pump]) await d.create('priceBookEntry', { priceBookId: book.id, productId: p.id, unitPrice: '1000' });
  const both = [{ productCode: 'RELAY', quantityE4: units(10) }, { productCode: 'PUMP', quantityE4: units(2) }, { productCode: 'RELAY', quantityE4: units(5) }];
  deals = [
    await quoted('Two products', day(1), 'DE', both),
    await quoted('Another', day(1), 'DE', [{ productCode: 'RELAY', quantityE4: units(100) }]),
    await quoted('Far away', day(2), 'JP', [{ productCode: 'RELAY', quantityE4: units(7) }]),
    await quoted('Overdue', '2020-01-01', 'AT', [{ productCode: 'PUMP', quantityE4: units(1) }]),
    await quoted('Later', day(20), 'DE', both),
  ];
  await d.create('opportunity', { name: 'Without a quote', closeDate: day(1), ownerId: rep.id }, rep);
  const plan = await make({ seed: '7' });
  assert.deepEqual([plan.deals, plan.unquoted, plan.later, plan.rows, plan.seed, plan.runs], [4, 1, 1, 4, '7', 2000]);
  const { rows } = await call('GetDemandPlan');
  const row = (code, at, warehouse) => rows.find((r) => r.productCode === code && r.month === month(at).slice(0, 7) && r.warehouseCode === warehouse);
  assert.equal(row('RELAY', 1, 'NORTH').deals, 2);
  assert.equal(row('RELAY', 2, undefined).deals, 1, 'unassigned');
  assert.equal(row('PUMP', 0, '=SOUTH').deals, 1, 'overdue, so now');
  for (const r of rows) {
    assert.ok(BigInt(r.p10E4) <= BigInt(r.p50E4) && BigInt(r.p50E4) <= BigInt(r.p90E4));
    assert.ok(BigInt(r.expectedE4) > 0n);
  }
  const again = await make({ seed: '7' });
  assert.deepEqual((await call('GetDemandPlan', { planId: again.id })).rows, rows, 'the same seed draws the same');
  assert.equal(again.previousId, plan.id);
  await refused('permission_denied', make({}, rep));
});

test('of a month there is one, however often it is asked for', async () => {
  const first = await make({ monthly: true });
  assert.equal((await make({ monthly: true })).id, first.id);
  assert.notEqual((await make()).id, first.id);
});

test('what is other is told row by row, with why', async () => {
  const [two, another, far, overdue] = deals;
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { opportunity: { id: far.id, closeDate: day(3) } } });
  await d.call('OpportunityService/CloseOpportunity', { requestId: request_id(), id: another.id, outcome: 'STAGE_KIND_WON' }, rep);
  await d.call('OpportunityService/CloseOpportunity', { requestId: request_id(), id: overdue.id, outcome: 'STAGE_KIND_LOST' }, rep);
  await offered(two.quoteId, [{ productCode: 'RELAY', quantityE4: units(20) }, { productCode: 'PUMP', quantityE4: units(2) }]);
  await quoted('New', day(1), 'DE', [{ productCode: 'PUMP', quantityE4: units(3) }]);
  await make();
  const { changes, withPlan } = await call('CompareDemandPlans');
  assert.equal(withPlan.deals, 4);
  const kinds = (code, at) => changes.filter((c) => c.productCode === code && c.month === month(at).slice(0, 7)).flatMap((c) => c.why.map((w) => w.reason.slice(14)));
  assert.ok(kinds('RELAY', 1).includes('WON') && kinds('RELAY', 1).includes('QUANTITY'));
  assert.deepEqual(kinds('RELAY', 2), ['MOVED_OUT']);
  assert.deepEqual(kinds('RELAY', 3), ['MOVED_IN']);
  assert.deepEqual(kinds('PUMP', 0), ['LOST']);
  assert.ok(kinds('PUMP', 1).includes('NEW'));
  for (const c of changes)
    assert.equal(c.why.reduce((n, w) => n + BigInt(w.unitsE4 ?? 0), 0n), BigInt(c.afterE4) - BigInt(c.beforeE4));
});

test('the tool shows, compares and writes it as CSV without formulas', async () => {
  assert.match(d.tool('demand', 'make', '--months', '3', '--seed', '9').out, /3 months from .* on, 2 deals \(seed 9, 2000 draws\)/);
  const shown = d.tool('demand', 'show').out;
  assert.match(shown, /RELAY +\d{4}-\d\d +NORTH/);
  assert.equal(d.tool('demand', 'show', 'all').out.match(/^plan /gm).length, 6);
  assert.match(d.tool('demand', 'compare').out, /beside plan/);
  await quoted('South', day(1), 'AT', [{ productCode: 'PUMP', quantityE4: units(3) }]);
  d.tool('demand', 'make');
  const csv = d.tool('demand', 'csv').out.split('\r\n');
  assert.equal(csv[0], 'product,month,warehouse,expected,p10,p50,p90,deals');
  assert.ok(csv.some((l) => l.startsWith('"PUMP"') && l.includes('"\'=SOUTH"')));
  assert.equal(d.tool('demand', 'show', '0197f000-0000-7000-8000-000000000000').status, 1);
  d.verify();
});

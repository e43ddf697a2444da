// The catalogue in and out as files: columns by other names, dirt, the same file again, and a round trip.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { shared } from './lib.mjs';

const d = shared();
const file = (name) => join(d.data, name);
const write = (name, ...lines) => (writeFileSync(file(name), `${lines.join('\n')}\n`), file(name));
function bring(path, kind, ...more) {
  const done = d.tool('catalogue', 'import', path, '--as', kind, '--json', ...more);
  assert.equal(done.status, 0, done.all);
  return JSON.parse(done.out);
}
const counts = ({ created, updated, unchanged, rejected }) => [created, updated, unchanged, rejected];
const rejects = (path) => readFileSync(`${path}.rejects.csv`, 'utf8');

test('products come in by the names that their columns have, once', async () => {
  const path = write('products.csv', 'Artikelnummer;Bezeichnung;Warengruppe;Einheit;Preis;Verkaufsende',
    "R-1;Relais;Relais;Stück;1.234,50;", 'R-2;"=Formel";Relais;;"(2,00)";', 'R-3;Alt;Relais;;NULL;31.12.2019',
    'R-4;;Relais;;1,00;', 'R-1;Anderes;Relais;;1,00;', 'R-5;Viel;;;99999999999999999;', 'R-6;Text;;;abc;');
  const options = ['--currency', 'EUR', '--decimal-comma', '--map', 'retired=Verkaufsende'];
  const dry = bring(path, 'products', ...options, '--dry-run');
  assert.deepEqual(counts(dry), [3, 0, 0, 4]);
  assert.equal((await d.list('product')).length, 0);
  assert.deepEqual(counts(bring(path, 'products', ...options)), [3, 0, 0, 4]);
  const made = Object.fromEntries((await d.list('product')).map((p) => [p.code, p]));
  assert.deepEqual(made['R-1'].listPrice, { currencyCode: 'EUR', minorUnits: '123450' });
  assert.equal(made['R-1'].unit, 'Stück');
  assert.equal(made['R-3'].retired, true);
  assert.match(rejects(path), /R-4.*name: it is empty/);
  assert.match(rejects(path), /R-1.*line 2 says something else of the same one: name/);
  assert.match(rejects(path), /R-5.*list_price/);
  assert.match(rejects(path), /R-6.*is no number/);
  assert.deepEqual(counts(bring(path, 'products', ...options)), [0, 0, 3, 4], 'again');
  const change = write('change.csv', 'sku,unit', 'R-1,', 'R-3,box');
  assert.equal(d.tool('catalogue', 'import', change, '--as', 'products').status, 2, 'no column is the name');
  const named = write('named.csv', 'sku,name,unit', 'R-1,Relais,', 'R-3,Alt,box');
  assert.deepEqual(counts(bring(named, 'products')), [0, 1, 1, 0], 'an empty cell changes nothing');
});

test('prices: books are made, tiers join, days and ends are understood', async () => {
  const path = write('prices.csv', 'SKU,Price,Min Qty,Start Date,End Date',
    'R-1,$19.99,,1/13/2026,6/30/2026', 'R-1,17.995,10,1/13/2026,6/30/2026', 'R-1,$21,,7/1/2026,',
    'R-3,-1,,1/1/2026,', 'R-9,1,,1/1/2026,', 'R-2,5,10,1/1/2026,', 'R-3,1,,2/30/2026,');
  const options = ['--book', 'EU', '--currency', 'EUR', '--market', 'EU'];
  const done = bring(path, 'prices', ...options);
  assert.deepEqual(counts(done), [2, 0, 0, 4]);
  assert.equal(done.rounded, 1);
  const { records } = await d.call('RecordService/ListRecords', { type: 'price_book' });
  assert.deepEqual(records.map((r) => [r.priceBook.code, r.priceBook.currencyCode, r.priceBook.market]), [['EU', 'EUR', 'EU']]);
  const price = (day, quantityE4) => d.call('CatalogueService/PriceProduct', { productCode: 'R-1', market: 'EU', day, quantityE4 });
  assert.equal((await price('2026-06-30')).price.unitPrice.minorUnits, '1999');
  assert.equal((await price('2026-01-13', '100000')).price.unitPrice.minorUnits, '1800');
  assert.equal((await price('2026-07-01')).price.unitPrice.minorUnits, '2100');
  const said = rejects(path);
  assert.match(said, /"R-3","-1".*unit_price/);
  assert.match(said, /R-9.*there is no product/);
  assert.match(said, /R-2.*no row that says what one costs/);
  assert.match(said, /2\/30\/2026.*is no day/);
  assert.deepEqual(counts(bring(path, 'prices', ...options)), [0, 0, 2, 4], 'again');
  const tier = write('tier.csv', 'SKU,Price,Min Qty,Start Date', 'R-1,1O,5,7/13/2026', 'R-1,18,,7/13/2026', 'R-3,18,,7/13/2026');
  assert.deepEqual(counts(bring(tier, 'prices', ...options, '--dry-run')), [1, 0, 0, 2], 'a price with all its tiers, or none');
  const late = write('late.csv', 'SKU,Price,Start Date', 'R-1,22,2026-12-01');
  assert.deepEqual(counts(bring(late, 'prices', ...options)), [0, 0, 0, 1]);
  assert.match(rejects(late), /there is one already that is valid from 2026-07-01 to the end/);
  const steps = write('steps.csv', 'sku,price,valid from', 'R-2,1.00,2025-01-01', 'R-2,2.00,2026-01-01');
  bring(steps, 'prices', '--book', 'EU');
  const asked = { productCode: 'R-2', market: 'EU' };
  assert.equal((await d.call('CatalogueService/PriceProduct', { ...asked, day: '2025-12-31' })).price.amount.minorUnits, '100');
  assert.equal((await d.call('CatalogueService/PriceProduct', { ...asked, day: '2026-01-01' })).price.amount.minorUnits, '200');
  const unsure = write('unsure.csv', 'sku,price,valid from', 'R-3,1.00,5/6/2025');
  const no = d.tool('catalogue', 'import', unsure, '--as', 'prices', '--book', 'EU');
  assert.equal(no.status, 2);
  assert.match(no.err, /which number is the month/);
  assert.match(d.tool('catalogue', 'import', unsure, '--as', 'prices').err, /--book CODE/);
});

test('offers, rates and quotas', async () => {
  const offers = write('offers.csv', 'offer id,description,discount pct,sku,min qty', 'A,Spring,.15,R-1,', 'A,Spring,.15,R-3,',
    'B,Many,.0250,,10', 'C,Odd,1.5,,');
  assert.deepEqual(counts(bring(offers, 'offers', '--map', 'percent=discount pct')), [3, 0, 0, 0], '1.5: they are per cents');
  const made = Object.fromEntries((await d.list('offer')).map((o) => [o.code, o]));
  assert.equal(made.A.percentE4, '1500', '.15 per cent beside one of 1.5');
  assert.equal(made.A.productIds.length, 2);
  const parts = write('parts.csv', 'code,name,percent', 'D,Fifth,.2', 'E,Fifth,0.05');
  bring(parts, 'offers');
  assert.equal((await d.list('offer')).find((o) => o.code === 'D').percentE4, '200000');
  const rates = write('rates.csv', 'date;base;quote;rate', '2026-01-05 00:00:00;EUR;TWD;35,5', '05.01.2026;EUR;TWD;36', '2026-01-05;EUR;XXQ;1', '2026-01-06;EUR;TWD;-3');
  assert.deepEqual(counts(bring(rates, 'rates', '--decimal-comma')), [1, 0, 0, 3]);
  assert.match(rejects(rates), /XXQ.*no currency/);
  const user = await d.user('Quinn Quota', 'rep');
  const quotas = write('quotas.csv', 'sales rep,quota date,quota', 'quinn.quota,2026-01-31,28000.0000', `${user.email},2026-Q2,7000`, 'nobody,2026-Q2,1');
  assert.deepEqual(counts(bring(quotas, 'quotas', '--currency', 'USD')), [2, 0, 0, 1]);
  assert.deepEqual((await d.list('quota')).map((q) => [q.ownerId, q.period, q.amount.minorUnits]).sort(),
    [[user.id, '2026-Q1', '2800000'], [user.id, '2026-Q2', '700000']]);
});

test('bundles are what their rows say together, of products that are there', async () => {
  await d.create('product', { code: 'KIT', name: 'Kit' });
  const path = write('bundles.csv', 'Bundle,Component,Qty', 'KIT,R-1,2', 'KIT,R-2,', 'KIT,R-1,3', 'KIT,NONE,1', 'NONE,R-1,1', 'KIT,R-1,0');
  assert.deepEqual(counts(bring(path, 'bundles')), [0, 0, 0, 6], 'all parts of it or none');
  assert.match(rejects(path), /R-1","2".*line 4 of the same one cannot be taken: line 2 says something else.*components/);
  assert.match(rejects(path), /NONE","R-1.*there is no product/);
  const good = write('good.csv', 'Bundle,Component,Qty', 'KIT,R-1,2', 'KIT,R-2,', 'NONE,R-1,1');
  assert.deepEqual(counts(bring(good, 'bundles')), [0, 1, 0, 1]);
  const typo = write('typo.csv', 'Bundle,Component,Qty', 'KIT,R-1,x', 'KIT,R-3,1', 'KIT,R-2,1');
  assert.deepEqual(counts(bring(typo, 'bundles')), [0, 0, 0, 3], 'nor are the others thrown out');
  const kit = (await d.list('product')).find((p) => p.code === 'KIT');
  assert.deepEqual(kit.components.map((c) => c.quantityE4), ['20000', '10000']);
  assert.equal(bring(write('same.csv', 'Bundle,Component,Qty', 'KIT,R-1,2', 'KIT,R-2,1'), 'bundles').unchanged, 1);
});

test('what is exported is imported again, here and elsewhere', async () => {
  await d.create('offer', { code: 'X', name: '+cmd', percentE4: '5000', markets: ['EU', 'US'] });
  await d.create('taxRate', { name: 'VAT', country: 'DE', taxClass: 'books', percentE4: '70000', validFrom: '2020-01-01' });
  for (const kind of ['products', 'bundles', 'prices', 'offers', 'rates', 'quotas', 'taxes']) {
    const path = file(`out-${kind}.csv`);
    const done = d.tool('catalogue', 'export', '--as', kind, '--out', path);
    assert.equal(done.status, 0, done.all);
    const again = bring(path, kind);
    assert.deepEqual([again.created, again.updated, again.rejected], [0, 0, 0], kind);
    assert.ok(again.unchanged > 0, kind);
    assert.equal(existsSync(`${path}.rejects.csv`), false);
  }
  assert.match(readFileSync(file('out-products.csv'), 'utf8'), /"'=Formel"/);
  assert.match(readFileSync(file('out-offers.csv'), 'utf8'), /"'\+cmd"/);
});

const other = shared();
test('a catalogue moves to another Baton', async () => {
  await other.user('Quinn Quota', 'rep');
  for (const kind of ['products', 'bundles', 'prices', 'offers', 'rates', 'quotas', 'taxes']) {
    const done = other.tool('catalogue', 'import', file(`out-${kind}.csv`), '--as', kind);
    assert.equal(done.status, 0, done.all);
    assert.doesNotMatch(done.out, /not taken/);
    const theirs = other.tool('catalogue', 'export', '--as', kind).out.split('\r\n').sort();
    assert.deepEqual(theirs, readFileSync(file(`out-${kind}.csv`), 'utf8').split('\r\n').sort(), kind);
  }
  other.verify();
});

test('the whole of it is in the log', () => d.verify());

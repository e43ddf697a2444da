// Real data: two companies' catalogues as they left their databases, and every order of one of them once more as a quote.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { data_file, needs, shared } from './lib.mjs';

const skip = needs('catalogue');
const adventure = (name) => data_file('catalogue', 'adventureworks', `${name}.csv`);
const northwind = (name) => data_file('catalogue', 'northwind', `${name}.csv`);

const d = skip ? {} : shared();
const file = (name) => join(d.data, name);

/** Simple CSV: quoted cells, no line breaks in them that matter here. */
function table(path) {
  const rows = [];
  let cells = [''], quoted = false;
  for (const c of readFileSync(path, 'utf8').replace(/^\ufeff/, '').replaceAll('\r\n', '\n')) {
    if (c === '"') quoted = !quoted;
    else if (!quoted && c === ',') cells.push('');
    else if (!quoted && c === '\n') rows.push(cells), (cells = ['']);
    else cells[cells.length - 1] += c;
  }
  const [head, ...rest] = rows;
  return rest.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])));
}

function bring(path, kind, ...more) {
  const done = d.tool('catalogue', 'import', path, '--as', kind, '--json', '--rejects', file(`${kind}.rejects.csv`), ...more);
  assert.equal(done.status, 0, done.all);
  return JSON.parse(done.out);
}
const counts = ({ created, updated, unchanged, rejected }) => [created, updated, unchanged, rejected];

test('AdventureWorks: products, dated prices, offers', { skip }, async () => {
  const products = [adventure('Product'), 'products', '--currency', 'USD', '--with', `${adventure('ProductSubcategory')}:ProductSubcategoryID`,
    '--map', 'family=Name (joined)'];
  const first = bring(...products);
  assert.deepEqual(counts(first), [504, 0, 0, 0]);
  assert.deepEqual(counts(bring(...products)), [0, 0, 504, 0], 'again');
  const prices = [adventure('ProductListPriceHistory'), 'prices', '--book', 'AW', '--currency', 'USD'];
  const priced = bring(...prices);
  assert.deepEqual(counts(priced), [395, 0, 0, 0], 'known by the key of where they came from');
  assert.equal(priced.rounded, 112, 'more digits than a cent has');
  assert.deepEqual(counts(bring(...prices)), [0, 0, 395, 0], 'again');
  const offers = [adventure('SpecialOfferProduct'), 'offers', '--with', `${adventure('SpecialOffer')}:SpecialOfferID`];
  assert.deepEqual(counts(bring(...offers)), [15, 0, 0, 0], 'of 16; one has no product');
  assert.deepEqual(counts(bring(...offers)), [0, 0, 15, 0], 'again');
  const price = (productCode, day, quantityE4) =>
    d.call('CatalogueService/PriceProduct', { productCode, day, quantityE4, currencyCode: 'USD' }).then((r) => r.price);
  assert.equal((await price('HL-U509', '2012-01-01')).unitPrice.minorUnits, '3364', '33.6442');
  assert.equal((await price('HL-U509', '2014-01-01')).unitPrice.minorUnits, '3499');
  assert.equal((await price('HL-U509', '2012-06-15', '10000')).offerCode, '8', 'a seasonal discount on that helmet');
});

test('AdventureWorks: rates of currencies and quotas', { skip }, async () => {
  const rates = [adventure('CurrencyRate'), 'rates'];
  const done = bring(...rates);
  assert.deepEqual(counts(done), [13532 - 1097, 0, 0, 1097], 'of USD in USD there is no rate');
  assert.match(readFileSync(file('rates.rejects.csv'), 'utf8'), /USD.*USD/);
  for (const person of new Set(table(adventure('SalesPersonQuotaHistory')).map((q) => q.BusinessEntityID)))
    await d.create('user', { email: `${person}@adventure.example`, name: `Seller ${person}`, role: 'ROLE_REP' });
  const quotas = [adventure('SalesPersonQuotaHistory'), 'quotas', '--currency', 'USD'];
  assert.deepEqual(counts(bring(...quotas)), [163, 0, 0, 0]);
  assert.deepEqual(counts(bring(...quotas)), [0, 0, 163, 0], 'again');
});

/** Cents of an order: each line to the nearest cent, half up, after its discount; no more rounding behind that. */
function cents(lines) {
  let sum = 0n;
  for (const l of lines) {
    const exact = BigInt(l.unitPrice.replace('.', '')) * BigInt(l.quantity) * (100n - BigInt(Math.round(Number(l.discount) * 100)));
    sum += (exact + 50n) / 100n;
  }
  return String(sum);
}

test('Northwind: each of 830 orders is a quote that comes to what the order came to', { skip }, async () => {
  const orders = new Map(table(northwind('orders')).map((o) => [o.orderID, o]));
  const lines = table(northwind('order-details'));
  const customers = (path) => {
    const done = d.tool('account', 'import', path, '--map', 'companyName=name', '--map', 'customerID=external_id', '--json');
    assert.equal(done.status, 0, done.all);
    return JSON.parse(done.out);
  };
  const copy = file('customers.csv');
  copyFileSync(northwind('customers'), copy);
  assert.deepEqual([customers(copy).created, table(`${copy}.rejects.csv`).length], [67, 24], 'their address has a comma and no quotes');
  const mended = table(`${copy}.rejects.csv`).map((r) => {
    const [id, name, contact, title, ...rest] = r.customerID.split(',');
    return [id, name, contact, title, rest.slice(0, -6).join(','), ...rest.slice(-6)].map((cell) => `"${cell}"`).join(',');
  });
  writeFileSync(file('mended.csv'), [readFileSync(copy, 'utf8').split('\n')[0], ...mended].join('\n'));
  assert.equal(customers(file('mended.csv')).created, 24);
  const products = [northwind('products'), 'products', '--currency', 'USD', '--with', `${northwind('categories')}:categoryID`];
  assert.deepEqual(counts(bring(...products, '--map', 'retired=')), [77, 0, 0, 0], 'when they were ordered all were still sold');
  const slim = ['orderID,customerID,orderDate', ...[...orders.values()].map((o) => `${o.orderID},${o.customerID},${o.orderDate}`)];
  writeFileSync(file('orders.csv'), slim.join('\n')); // its addresses have commas and no quotes, too
  const with_orders = ['--with', `${file('orders.csv')}:orderID`];
  const prices = [northwind('order-details'), 'prices', ...with_orders, '--map', 'valid_from=orderDate',
    '--book', 'NW', '--currency', 'USD'];
  assert.equal(bring(...prices).rejected, 0, 'what a product cost on a day, until it was ordered next');
  const ordered = () => {
    const done = d.tool('quote', 'import', northwind('order-details'), ...with_orders, '--json', '--book', 'NW', '--rejects', file('quotes.rejects.csv'));
    assert.equal(done.status, 0, done.all);
    return JSON.parse(done.out);
  };
  assert.deepEqual(ordered(), { rows: 2155, quotes: 830, differ: 0, there: 0, rejected: 0, failed: 0 });
  assert.deepEqual(ordered(), { rows: 2155, quotes: 0, differ: 0, there: 830, rejected: 0, failed: 0 }, 'again');
  const of = lines.reduce((m, l) => m.set(l.orderID, [...(m.get(l.orderID) ?? []), l]), new Map());
  const opportunities = new Map((await d.list('opportunity')).map((o) => [o.id, o.name.slice('Order '.length)]));
  const accounts = new Map((await d.list('account')).map((a) => [a.externalId, a]));
  const wrong = [];
  let total = 0n;
  for (const quote of await d.list('quote')) {
    const order = opportunities.get(quote.opportunityId);
    total += BigInt(quote.total);
    if (quote.total !== cents(of.get(order)) || quote.pricedOn !== orders.get(order).orderDate.slice(0, 10)) wrong.push(order);
    if (quote.accountId !== accounts.get(orders.get(order).customerID).id) wrong.push(order);
  }
  assert.deepEqual(wrong, []);
  bring(...products);
  assert.equal((await d.list('product')).filter((p) => p.retired && /^\d+$/.test(p.code)).length, 8);
  assert.equal(total, [...of.values()].reduce((sum, l) => sum + BigInt(cents(l)), 0n));
});

test('AdventureWorks: taxes', { skip }, async () => {
  const taxes = [adventure('SalesTaxRate'), 'taxes', '--with', `${adventure('StateProvince')}:StateProvinceID`];
  assert.deepEqual(counts(bring(...taxes)), [29, 0, 0, 0]);
  assert.deepEqual(counts(bring(...taxes)), [0, 0, 29, 0], 'again');
});

test('the whole of it is in the log', { skip }, () => d.verify());

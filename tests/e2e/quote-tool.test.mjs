// Quotes by the operator's tool, from the first line to the customer's link; and what a catalogue must refuse.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exchange, refused, request_id, shared } from './lib.mjs';

const d = shared();
const say = (...args) => {
  const done = d.tool('quote', ...args);
  assert.equal(done.status, 0, done.all);
  return done.out;
};
const quote = (method, body) => d.call(`QuoteService/${method}`, { requestId: request_id(), ...body });
const update = (record) => d.call('RecordService/UpdateRecord', { record });
const day = (later) => new Date(Date.now() + later * 86400000).toISOString().slice(0, 10);

let book, relay, opportunity, account;
test('made, given lines, approved, sent, revised, on paper', async () => {
  book = await d.create('priceBook', { code: 'EU', name: 'Europe', currencyCode: 'EUR' });
  relay = await d.create('product', { code: 'RELAY', name: 'Relay', unit: 'pc' });
  await d.create('priceBookEntry', { priceBookId: book.id, productId: relay.id, unitPrice: '1999' });
  account = await d.create('account', { name: 'Buyer' });
  opportunity = await d.create('opportunity', { name: 'Sixty relays', accountId: account.id });
  assert.match(say('create', opportunity.id, '--book', 'EU', '--customer', 'Buyer & Co', '--until', day(9)), /Q-00001 version 1: draft/);
  assert.match(say('lines', '1', 'RELAY:60:5;2.5', 'RELAY'), /1130\.93/, '1199.40 less 5 % is 1139.43, less 2.5 % is 1110.94; and 19.99');
  const path = join(d.data, 'lines.csv');
  writeFileSync(path, 'sku,qty,discount,note\nRELAY,"1,000",10%,as agreed\nRELAY,2,,\n');
  assert.match(say('lines', 'Q-00001', '--from', path, '--discount', '0.98'), /total \(EUR\) +18030\.00/);
  assert.match(say('show', '1', '--why'), /line 1: /);
  const [listed] = JSON.parse(say('list', '--status', 'draft', '--json'));
  assert.equal(listed.total, '1803000');
  assert.equal(say('list', '--status', 'sent').split('\n').length, 2, 'a heading');
  await d.create('discountLimit', { role: 'ROLE_ADMIN', percentE4: '50000', approvers: ['ROLE_MANAGER'] });
  say('lines', '1', '--from', path);
  const early = d.tool('quote', 'send', '1');
  assert.equal(early.status, 1, early.all);
  assert.match(say('request', '1'), /to be approved by manager/);
  assert.match(d.tool('quote', 'approve', '1').err, /./, 'nobody for themselves');
  const manager = await d.user('Mia Manager', 'manager');
  const theirs = (...args) => d.tool('quote', ...args, { env: { ...process.env, BATON_URL: d.url, BATON_TOKEN: manager.token, NO_COLOR: '1' } });
  const no = theirs('reject', '1', '--reason', 'too much');
  assert.equal(no.status, 0, no.all);
  assert.match(no.out, /problem: too much/);
  say('request', '1');
  const yes = theirs('approve', '1');
  assert.equal(yes.status, 0, yes.all);
  const [, token] = say('send', '1').match(/\/quotes\/([0-9a-f]{64})/);
  assert.equal((await exchange(`${d.url}/quotes/${token}`)).status, 200);
  const paper = join(d.data, 'quote.pdf');
  say('pdf', '1', '--out', paper);
  assert.equal(readFileSync(paper).subarray(0, 5).toString(), '%PDF-');
  assert.match(say('revise', '1'), /Q-00001 version 2: draft/);
  assert.match(say('show', '1'), /version 1: superseded/);
  assert.equal(d.tool('quote', 'show', '99').status, 1);
  for (const wrong of ['RELAY:x', 'RELAY:1:200', 'RELAY:1:1;1;1;1;1;1', 'NOTHING'])
    assert.equal(d.tool('quote', 'lines', '1', wrong).status, 1, wrong);
  assert.equal(d.tool('quote', 'lines', '1').status, 2);
});

/** A draft with these lines. */
async function draft(lines, more = {}) {
  const { quote: made } = await quote('CreateQuote', { opportunityId: opportunity.id, priceBookId: book.id, ...more });
  return (await quote('SetQuoteLines', { quoteId: made.id, lines })).quote;
}

test('a day without a price, and one without a rate', async () => {
  const lamp = await d.create('product', { code: 'LAMP', name: 'Lamp' });
  const entry = (validFrom, validTo) => d.create('priceBookEntry', { priceBookId: book.id, productId: lamp.id, unitPrice: '500', validFrom, validTo });
  await entry('2020-01-01', '2020-06-30');
  await entry('2020-08-01', '2020-12-31');
  const asked = (on) => d.call('CatalogueService/PriceProduct', { productCode: 'LAMP', priceBookId: book.id, day: on });
  assert.equal((await asked('2020-06-30')).price.amount.minorUnits, '500');
  assert.match((await refused('failed_precondition', asked('2020-07-15'))).said, /has no price of LAMP/);
  assert.match((await refused('failed_precondition', draft([{ productCode: 'LAMP' }]))).said, /line 1: .*LAMP/);
  await refused('already_exists', entry('2020-06-30', '2020-07-01'));
  await d.create('currencyRate', { fromCurrency: 'EUR', toCurrency: 'USD', day: day(-30), rateE9: '1100000000' });
  assert.match((await refused('failed_precondition', draft([{ productCode: 'RELAY' }], { currencyCode: 'USD' }))).said, /no rate from EUR to USD/);
  await d.create('currencyRate', { fromCurrency: 'EUR', toCurrency: 'USD', day: day(0), rateE9: '1100000000' });
  assert.equal((await draft([{ productCode: 'RELAY' }], { currencyCode: 'USD' })).total, '2199');
});

test('amounts that are negative or too large, and discounts of more than all', async () => {
  const gold = await d.create('product', { code: 'GOLD', name: 'Gold' });
  const entry = { priceBookId: book.id, productId: gold.id };
  for (const unitPrice of ['-1', '1000000000000001', '9223372036854775807'])
    await refused('invalid_argument', d.create('priceBookEntry', { ...entry, unitPrice }));
  await d.create('priceBookEntry', { ...entry, unitPrice: '1000000000000000' });
  const q = await draft([{ productCode: 'GOLD' }]);
  assert.equal(q.total, '1000000000000000', 'the most there is');
  const wish = (lines, discount) => quote('SetQuoteLines', { quoteId: q.id, lines, discount });
  await refused('out_of_range', wish([{ productCode: 'GOLD' }, { productCode: 'RELAY' }]));
  await refused('out_of_range', wish([{ productCode: 'GOLD', quantityE4: '10001' }]));
  await refused('invalid_argument', wish([{ productCode: 'RELAY', quantityE4: '-10000' }]));
  for (const discountsE4 of [['600000', '500000'], ['1000001'], ['-1'], ['9223372036854775807', '9223372036854775807']])
    await refused('invalid_argument', wish([{ productCode: 'RELAY', discountsE4 }]));
  await refused('invalid_argument', wish([{ productCode: 'RELAY' }], '2000'));
  await refused('invalid_argument', wish([{ productCode: 'RELAY' }], '-1'));
  assert.equal((await wish([{ productCode: 'RELAY', discountsE4: ['500000', '500000'] }])).quote.net, '500', 'a half, and a half of that: 9.995 is 10.00');
  await d.create('offer', { code: 'OFF', name: 'More than it costs', productIds: [gold.id], amount: { currencyCode: 'EUR', minorUnits: '1000000000000000' } });
});

test('a contract that ends between making and sending', async () => {
  const contract = await d.create('priceBookEntry', { priceBookId: book.id, productId: relay.id, unitPrice: '1500', accountId: account.id, contract: 'C-7' });
  await refused('already_exists', d.create('priceBookEntry', { priceBookId: book.id, productId: relay.id, unitPrice: '1', accountId: account.id, contract: 'C-8' }));
  const q = await draft([{ productCode: 'RELAY', quantityE4: '20000' }]);
  assert.equal(q.lines[0].contract, 'C-7');
  await update({ priceBookEntry: { id: contract.id, validTo: day(-1) } });
  const said = d.tool('quote', 'send', q.id);
  assert.equal(said.status, 1, said.all);
  assert.match(said.out, /not sent: line 1: the price of RELAY by contract C-7 is superseded/);
  assert.equal((await quote('ReviseQuote', { quoteId: q.id })).quote.lines[0].unitPrice, '1999');
});

test('what was ordered elsewhere is a quote of its day, or says why not', async () => {
  await d.create('priceBook', { code: 'OLD', name: 'Old', market: 'Past', currencyCode: 'EUR' });
  const file = (name, ...lines) => (writeFileSync(join(d.data, name), `${lines.join('\n')}\n`), join(d.data, name));
  const prices = file('old.csv', 'sku;preis;gültig ab', 'RELAY;10,05;1.1.2020', 'RELAY;11,00;1.1.2021', 'GOLD;0,99;1.1.2020');
  const priced = d.tool('catalogue', 'import', prices, '--as', 'prices', '--book', 'OLD', '--decimal-comma');
  assert.equal(priced.status, 0, priced.all);
  const orders = file('orders.csv', 'Auftragsnummer;Artikelnummer;Menge;Preis;Rabatt;Datum;Kunde',
    'A1;RELAY;3;10,05;10%;31.12.2020;Buyer', 'A1;GOLD;1,5;0,99;;31.12.2020;Buyer', 'A2;RELAY;1;10,05;;1.1.2021;Buyer',
    'A3;RELAY;1;11,00;;1.2.2021;Nobody', 'A4;RELAY;x;11,00;;1.2.2021;Buyer', 'A4;GOLD;1;0,99;;1.2.2021;Buyer', 'A5;RELAY;1;11;;;Buyer',
    ';RELAY;1;11;;1.2.2021;Buyer', 'A6;RELAY;1;10,05;;1.1.2019;Buyer');
  const options = [orders, '--book', 'OLD', '--decimal-comma', '--json'];
  const first = d.tool('quote', 'import', ...options);
  assert.equal(first.status, 0, first.all);
  assert.deepEqual(JSON.parse(first.out), { rows: 9, quotes: 2, differ: 1, there: 0, rejected: 6, failed: 0 });
  const why = readFileSync(`${orders}.rejects.csv`, 'utf8');
  for (const [order, reason] of [['A2', 'RELAY costs 11.00 here on 2021-01-01'], ['A3', 'no account'], ['A4', 'is no number'], ['A5', 'is no day'],
    ['', 'it has no number'], ['A6', 'has no price of RELAY on 2019-01-01']])
    assert.match(why, new RegExp(`"${order}".*${reason}`), order);
  const made = (await d.list('quote')).find((q) => q.pricedOn === '2020-12-31');
  assert.equal(made.net, '2863', '30.15 less 10 % is 27.135, and 1.485: each to the nearest');
  assert.equal(made.accountId, account.id);
  const again = JSON.parse(d.tool('quote', 'import', ...options).out);
  assert.deepEqual([again.quotes, again.there], [0, 2]);
});

test('the whole of it is in the log', () => d.verify());

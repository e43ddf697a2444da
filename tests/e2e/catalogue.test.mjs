// The catalogue with the real processes: what stands in it, what a product costs, and why.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, shared } from './lib.mjs';

const d = shared();
const create = (type, fields) => d.create(type, fields);
const price = (request) => d.call('CatalogueService/PriceProduct', request);
const get = async (type, id) => (await d.call('RecordService/GetRecord', { type, id })).record;
const ACCOUNT = '0190a8e2-1111-7000-8000-000000000001';

let book, relay;
test('a price comes from the book, its tiers, a contract, an offer', async () => {
  book = await create('priceBook', { code: 'EU-1', name: 'Europe', market: 'EU', currencyCode: 'EUR' });
  relay = await create('product', { code: 'RELAY', name: 'Relay', family: 'Relays' });
  await create('priceBookEntry', {
    priceBookId: book.id, productId: relay.id, unitPrice: '1999',
    tiers: [{ fromQuantityE4: '100000', unitPrice: '1799' }],
  });
  await create('priceBookEntry', {
    priceBookId: book.id, productId: relay.id, unitPrice: '1500', accountId: ACCOUNT, contract: 'C-7',
  });
  await create('offer', { code: 'SPRING', name: 'Spring', percentE4: '50000', markets: ['EU'] });
  const asked = { productCode: 'RELAY', market: 'EU' };
  const one = await price(asked);
  assert.deepEqual(one.price.amount, { currencyCode: 'EUR', minorUnits: '1899' }, '19.99 less 5 % is 18.9905');
  assert.equal(one.price.offerCode, 'SPRING');
  assert.equal((await price({ ...asked, quantityE4: '100000' })).price.gross.minorUnits, '17990');
  const theirs = await price({ ...asked, accountId: ACCOUNT });
  assert.equal(theirs.price.contract, 'C-7');
  assert.equal(theirs.price.amount.minorUnits, '1500', 'no offer on a contract');
  const said = d.tool('price', 'RELAY', '--market', 'EU', '--quantity', '10');
  assert.equal(said.status, 0, said.all);
  assert.match(said.out, /EUR 170\.91 for 10/);
  assert.match(said.out, /tier: from 10 on/);
});

test('what cannot be priced is refused with a reason', async () => {
  const asked = { productCode: 'RELAY', priceBookId: book.id };
  assert.match((await refused('failed_precondition', price({ ...asked, currencyCode: 'TWD' }))).said, /no rate from EUR to TWD/);
  await create('currencyRate', { fromCurrency: 'EUR', toCurrency: 'TWD', day: '2026-01-05', rateE9: '35500000000' });
  assert.equal((await price({ ...asked, currencyCode: 'TWD', day: '2026-01-12' })).price.unitPrice.minorUnits, '70965');
  await refused('failed_precondition', price({ ...asked, currencyCode: 'TWD', day: '2026-01-13' }));
  await refused('failed_precondition', price({ ...asked, currencyCode: 'TWD', day: '2026-01-04' }));
  await refused('invalid_argument', price({ ...asked, quantityE4: '-1' }));
  await refused('invalid_argument', price({ ...asked, day: '2026-02-30' }));
  const gold = await create('product', { code: 'GOLD', name: 'Gold' });
  assert.match((await refused('failed_precondition', price({ ...asked, productCode: 'GOLD' }))).said, /has no price of GOLD/);
  const most = { priceBookId: book.id, productId: gold.id, unitPrice: '1000000000000000', validTo: '2026-12-31' };
  await create('priceBookEntry', most);
  await refused('out_of_range', price({ ...asked, productCode: 'GOLD', quantityE4: '10000000000', day: '2026-03-01' }));
  await refused('already_exists', create('priceBookEntry', { ...most, validFrom: '2026-12-31', validTo: '2027-12-31' }));
  await refused('invalid_argument', create('priceBookEntry', { ...most, unitPrice: '-1', validFrom: '2027-01-01' }));
  await refused('invalid_argument', create('priceBookEntry', { ...most, unitPrice: '1000000000000001', validTo: '' }));
});

test('a new version supersedes a book, and nothing is priced from the old one', async () => {
  const second = await create('priceBook', {
    code: 'EU-2', name: 'Europe', market: 'EU', currencyCode: 'EUR', supersedesId: book.id,
  });
  assert.equal(second.version, '2');
  assert.equal((await get('price_book', book.id)).priceBook.supersededById, second.id);
  assert.match((await refused('failed_precondition', price({ productCode: 'RELAY', priceBookId: book.id }))).said, /superseded/);
  await refused('already_exists', create('priceBook', { code: 'EU-3', name: 'europe', market: 'EU', currencyCode: 'EUR' }));
  await refused('failed_precondition', d.call('RecordService/DeleteRecord', { type: 'product', id: relay.id }));
});

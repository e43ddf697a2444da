// The catalogue of a price book as PDF, HTML and CSV: for who works here, and by a link for people outside.
// 1 it has what everybody pays today, with its offers, what more of it cost, day and version, and what is in bundles:
//   no contract, nothing of another book
// 2 it is made anew when a price changes, in either language; whoever has it already gets 304
// 3 a version that is superseded says so and leads to the current one, whose address stays
// 4 a link leads to whatever version of the book is the newest, until it is revoked; then it looks like none
// 5 whoever made a link revokes it, and administrators; others do not see it
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { exchange, refused, request_id, shared } from './lib.mjs';

const ACCOUNT = '0190a8e2-1111-7000-8000-000000000001';
let book, anna, eve, entry, relay;
const d = shared(async () => {
  anna = await d.user('Anna Author', 'rep');
  eve = await d.user('Eve Elsewhere', 'rep');
  book = await d.create('priceBook', { code: 'EU-1', name: 'Europe & more', currencyCode: 'EUR' });
  const other = await d.create('priceBook', { code: 'TW-1', name: 'Taiwan', market: 'TW', currencyCode: 'TWD' });
  relay = await d.create('product', { code: 'RELAY', name: 'Relay <b>', family: '繼電器', unit: 'pcs' });
  const formula = await d.create('product', { code: '=1+1', name: 'He said "yes"', family: 'Cables' });
  const secret = await d.create('product', { code: 'SECRET', name: 'Only by contract' });
  const priced = (priceBookId, productId, unitPrice, more = {}) =>
    d.create('priceBookEntry', { priceBookId, productId, unitPrice, ...more });
  entry = await priced(book.id, relay.id, '199900', { tiers: [{ fromQuantityE4: '100000', unitPrice: '180000' }, { fromQuantityE4: '1000000', unitPrice: '150000' }] });
  await priced(book.id, formula.id, '500');
  await priced(book.id, secret.id, '4242', { accountId: ACCOUNT, contract: 'C-7' });
  await priced(book.id, relay.id, '77777', { accountId: ACCOUNT, contract: 'C-7' });
  await priced(other.id, secret.id, '8888');
  await d.create('product', { code: 'PACK', name: 'Pack', family: 'Cables', components: [{ productId: formula.id, quantityE4: '25000' }, { productId: relay.id, quantityE4: '10000' }] });
  await d.create('product', { code: 'HOLLOW', name: 'Of what has no price', components: [{ productId: secret.id, quantityE4: '10000' }] });
  await d.create('offer', { code: 'SPRING', name: 'Spring', percentE4: '100000', productIds: [relay.id] });
  await d.create('offer', { code: 'PAST', name: 'Past', percentE4: '500000', validTo: '2020-12-31' });
});

const as = (user) => ({ token: user.token });
const call = (method, body, user = anna) => d.call(`CatalogueService/${method}`, { requestId: request_id(), ...body }, as(user));
const get = (path, headers = {}) => exchange(`${d.url}${path}`, { headers, redirect: 'manual' });
const own = (path, headers = {}) => get(`/v1/catalogue/${path}`, { authorization: `Bearer ${anna.token}`, ...headers });
const printed = async (answer) => {
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers.get('content-type'), 'application/pdf');
  return execFileSync('pdftotext', ['-layout', '-', '-'], { input: answer.bytes }).toString();
};
const today = () => new Date().toISOString().slice(0, 10);
const assert_public = (text) => {
  for (const hidden of ['SECRET', '42.42', '777.77', '8888', '88.88', 'C-7', 'PAST', 'HOLLOW'])
    assert.ok(!text.includes(hidden), `${hidden} is nobody's business`);
};
const version_of = (csv) => csv.split('\r\n')[1].split(',').at(-1).replaceAll('"', '');

test('1 it has what everybody pays today, as three files', async () => {
  const csv = await own('EU-1.csv');
  assert.equal(csv.status, 200, csv.text);
  assert.match(csv.headers.get('content-type'), /^text\/csv/);
  const version = version_of(csv.text);
  assert.match(version, /^1-[0-9a-f]{12}$/);
  assert.deepEqual(csv.text.split('\r\n'), [
    '"family","code","name","unit","currency","price","offer","offer_price","tiers","parts","as_of","version"',
    `"Cables","'=1+1","He said ""yes""","","EUR","5.00","","","","","${today()}","${version}"`,
    `"Cables","PACK","Pack","","EUR","2011.50","","","","2.5==1+1;1=RELAY","${today()}","${version}"`,
    `"繼電器","RELAY","Relay <b>","pcs","EUR","1999.00","SPRING","1799.10","10=1800.00;100=1500.00","","${today()}","${version}"`,
    '',
  ]);
  const page = await own(`${book.id}.html`);
  assert.match(page.text, /<h1>Europe &amp; more<\/h1>/);
  assert.match(page.text, /Relay &lt;b&gt;/);
  assert.match(page.text, /1999\.00.*Spring.*1799\.10/);
  assert.ok(page.text.includes('<br>from 10: 1800.00 · from 100: 1500.00</td>'), page.text);
  assert.ok(page.text.includes('<br>2.5 × =1+1 He said &quot;yes&quot;<br>1 × RELAY Relay &lt;b&gt;</td>'), page.text);
  assert.ok(page.text.includes(`Valid as of: ${today()} · Version: ${version} · EUR`), page.text);
  const paper = await printed(await own(`${book.id}.pdf`));
  for (const text of ['Catalogue', 'Europe & more', 'RELAY', 'pcs', '1,999.00', 'Spring', '1,799.10', '2.5 × =1+1', 'from 100:', version, today(), 'EUR'])
    assert.ok(paper.includes(text), `${text} in ${paper}`);
  for (const text of [csv.text, page.text, paper]) assert_public(text);
  assert.equal((await get(`/v1/catalogue/${book.id}.pdf`)).status, 401);
  for (const path of ['EU-9.pdf', 'EU-1.doc', 'EU-1', '.pdf']) assert.equal((await own(path)).status, 404, path);
});

test('2 it is made anew when a price changes, in either language', async () => {
  const before = await own('EU-1.pdf');
  const tag = before.headers.get('etag');
  const same = await own('EU-1.pdf', { 'if-none-match': tag });
  assert.equal(same.status, 304);
  assert.equal(same.bytes.length, 0);
  await d.call('RecordService/UpdateRecord', { record: { priceBookEntry: { id: entry.id, unitPrice: '210000' } } });
  const after = await own('EU-1.pdf', { 'if-none-match': tag, 'accept-language': 'en' });
  assert.notEqual(after.headers.get('etag'), tag);
  assert.ok((await printed(after)).includes('2,100.00'));
  const chinese = await own('EU-1.pdf', { 'if-none-match': after.headers.get('etag'), 'accept-language': 'zh-TW' });
  const paper = await printed(chinese);
  for (const text of ['產品型錄', '價格基準日', '繼電器', '2,100.00']) assert.ok(paper.includes(text), `${text} in ${paper}`);
  assert.match((await own('EU-1.html', { 'accept-language': 'zh-TW' })).text, /產品型錄 · 價格基準日/);
});

let link;
test('3, 4 a link stays the same, and what it named before says that it is superseded', async () => {
  const made = await call('CreateCatalogueLink', { priceBookId: book.id, purpose: 'the web site' });
  link = made.link;
  assert.equal(link.tokenHash, undefined);
  const at = `/c/${made.token}`;
  const old = version_of((await get(`${at}.csv`)).text);
  assert.equal((await get(`${at}.pdf?version=${old}`)).status, 200);
  const page = await get(at);
  assert.ok(page.text.includes(`href="${at}.pdf"`) && page.text.includes(`href="${at}.html?version=${old}"`), page.text);
  assert.ok(!page.text.includes(book.id), 'ids are of no use outside');
  assert_public(page.text);
  await d.call('RecordService/UpdateRecord', { record: { priceBookEntry: { id: entry.id, unitPrice: '220000' } } });
  for (const suffix of ['.pdf', '.html', '.csv']) {
    const gone = await get(`${at}${suffix}?version=${old}`);
    assert.equal(gone.status, 410);
    assert.match(gone.text, /This version of the catalogue is superseded/);
    assert.ok(gone.text.includes(`href="${at}${suffix}"`), gone.text);
  }
  assert.match((await get(`${at}.pdf?version=${old}`, { 'accept-language': 'zh-TW' })).text, /已被新版取代/);
  assert.ok((await printed(await get(`${at}.pdf`))).includes('2,200.00'));

  const second = await d.create('priceBook', { code: 'EU-2', name: 'Europe', currencyCode: 'EUR', supersedesId: book.id });
  await d.create('priceBookEntry', { priceBookId: second.id, productId: relay.id, unitPrice: '300' });
  assert.match(version_of((await get(`${at}.csv`)).text), /^2-/);
  const named = await own(`${book.id}.pdf`);
  assert.equal(named.status, 410);
  assert.ok(named.text.includes(`href="/v1/catalogue/${second.id}.pdf"`), named.text);
  assert.equal((await own(`${second.id}.csv`)).status, 200);
  assert.equal((await own('EU-1.csv')).status, 410);

  // 5, and 4 once more
  const list = (user) => d.call('CatalogueService/ListCatalogueLinks', { priceBookId: second.id }, as(user));
  assert.deepEqual((await list(anna)).links.map((l) => [l.id, l.purpose]), [[link.id, 'the web site']]);
  assert.equal((await list(eve)).links, undefined);
  await refused('not_found', call('RevokeCatalogueLink', { id: link.id }, eve));
  await call('RevokeCatalogueLink', { id: link.id });
  await refused('not_found', call('RevokeCatalogueLink', { id: link.id }));
  const nothing = await get(`/c/${'a'.repeat(64)}.pdf`);
  const ended = await get(`${at}.pdf`);
  const plain = (answer) => answer.text.replaceAll(/nonce="[^"]*"/g, '');
  assert.equal(ended.status, 404);
  assert.equal(plain(ended), plain(nothing));
  assert.equal((await get('/c/short.pdf')).status, 404);
});

test('links are made, listed and revoked by the tool', async () => {
  const { out } = d.tool('catalogue', 'link', 'TW-1', 'the fair');
  const path = new URL(out.trim()).pathname;
  assert.match(path, /^\/c\/[0-9a-f]{64}$/);
  assert.match((await get(`${path}.csv`)).text, /"SECRET"/);
  const [, id] = /the fair .* ([0-9a-f-]{36})/.exec(d.tool('catalogue', 'links', 'TW-1').out);
  assert.match(d.tool('catalogue', 'links', 'NO-1').err, /there is no price book/);
  assert.equal(d.tool('catalogue', 'revoke', id).out, 'revoked\n');
  assert.equal((await get(path)).status, 404);
});

test('a book that is not valid today has no catalogue', async () => {
  const later = await d.create('priceBook', { code: 'LATER', name: 'Later', market: 'X', currencyCode: 'EUR', validFrom: '2999-01-01' });
  const answer = await own(`${later.id}.pdf`);
  assert.equal(answer.status, 400);
  assert.match(answer.text, /price book LATER is not valid on/);
});

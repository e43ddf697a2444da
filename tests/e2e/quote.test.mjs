// Quotes with the real processes: lines, approval, versions, the customer's answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spawnSync } from 'node:child_process';
import { exchange, refused, request_id, shared } from './lib.mjs';

const d = shared();
const quote = (method, body, options) => d.call(`QuoteService/${method}`, method.startsWith('Get') ? body : { requestId: request_id(), ...body }, options);
const get = async (type, id) => (await d.call('RecordService/GetRecord', { type, id })).record[type];
const day = (later) => new Date(Date.now() + later * 86400000).toISOString().slice(0, 10);

let rep, manager, book, entry, relay;
async function opportunity(name, token = rep.token) {
  return d.create('opportunity', { name, ownerId: rep.id }, { token });
}
async function made(name, lines, more = {}, token = rep.token) {
  const o = await opportunity(name);
  const q = (await quote('CreateQuote', { opportunityId: o.id, priceBookId: book.id, head: more.head }, { token })).quote;
  return (await quote('SetQuoteLines', { quoteId: q.id, lines, discount: more.discount }, { token })).quote;
}

test('lines are priced by the server, and everything adds up', async () => {
  rep = await d.user('Rita Rep', 'rep');
  manager = await d.user('Max Manager', 'manager');
  book = await d.create('priceBook', { code: 'EU', name: 'Europe', currencyCode: 'EUR' });
  relay = await d.create('product', { code: 'RELAY', name: 'Relay', unit: 'pc' });
  entry = await d.create('priceBookEntry', { priceBookId: book.id, productId: relay.id, unitPrice: '1999' });
  await d.create('taxRate', { name: 'VAT', country: 'DE', percentE4: '190000' });
  const lines = [
    { productCode: 'RELAY', quantityE4: '30000' },
    { productCode: 'RELAY', quantityE4: '15000', discountsE4: ['100000', '50000'] },
  ];
  const q = await made('Adds up', lines, { head: { country: 'DE' }, discount: '1000' });
  assert.equal(q.lines[0].gross, '5997');
  assert.equal(q.lines[1].gross, '2999', '29.985');
  assert.equal(q.lines[1].discount, '435', '29.99 less 10 % is 26.99, less 5 % is 25.64');
  assert.equal(Number(q.net), 5997 + 2564 - 1000);
  assert.equal(Number(q.lines[0].share) + Number(q.lines[1].share), 1000);
  assert.equal(Number(q.total), Number(q.net) + Number(q.lines[0].tax) + Number(q.lines[1].tax));
  const more = { quoteId: q.id, lines: [{ productCode: 'RELAY', discountsE4: ['600000', '500000'] }] };
  await refused('invalid_argument', quote('SetQuoteLines', more, { token: rep.token }));
  more.lines = [{ productCode: 'RELAY', quantityE4: '10000000000001' }];
  await refused('invalid_argument', quote('SetQuoteLines', more, { token: rep.token }));
  await refused('failed_precondition', d.call('RecordService/DeleteRecord', { type: 'quote', id: q.id }));
});

test('more discount than the role may give is approved by those above', async () => {
  await d.create('discountLimit', { role: 'ROLE_REP', percentE4: '100000', approvers: ['ROLE_MANAGER', 'ROLE_ADMIN'] });
  await d.create('discountLimit', { role: 'ROLE_MANAGER', percentE4: '300000' });
  const q = await made('Approved', [{ productCode: 'RELAY', discountsE4: ['200000'] }], { head: { country: 'DE' } });
  assert.deepEqual(q.approvers, ['ROLE_MANAGER']);
  await refused('failed_precondition', quote('SendQuote', { quoteId: q.id }, { token: rep.token }));
  await quote('RequestApproval', { quoteId: q.id }, { token: rep.token });
  await refused('permission_denied', quote('ApproveQuote', { quoteId: q.id }, { token: rep.token }));
  await quote('RejectQuote', { quoteId: q.id, reason: 'why?' }, { token: manager.token });
  await quote('RequestApproval', { quoteId: q.id }, { token: rep.token });
  const yes = (await quote('ApproveQuote', { quoteId: q.id }, { token: manager.token })).quote;
  assert.equal(yes.status, 'QUOTE_STATUS_APPROVED');
  const sent = await quote('SendQuote', { quoteId: q.id }, { token: rep.token });
  assert.equal(sent.quote.head.validUntil, day(30));
  const far = await made('Further', [{ productCode: 'RELAY', discountsE4: ['400000'] }], { head: { country: 'DE' } });
  assert.deepEqual(far.approvers, ['ROLE_MANAGER', 'ROLE_ADMIN']);
});

test('what goes with a quote that is sent is pinned as it was', async () => {
  const q = await made('With terms', [{ productCode: 'RELAY' }], { head: { country: 'DE' } });
  const { id } = await d.create('document', { title: 'Terms', quoteIds: [q.id] });
  const store = async (body) => {
    const answer = await exchange(`${d.url}/v1/files?name=terms.txt`, { method: 'PUT', headers: { authorization: `Bearer ${d.token}` }, body });
    const add = { requestId: request_id(), documentId: id, fileHash: answer.json.hash, makeCurrent: true };
    await d.call('DocumentService/AddRevision', add);
    return answer.json.hash;
  };
  const was = await store('the terms');
  await quote('SendQuote', { quoteId: q.id }, { token: rep.token });
  await d.settled();
  await store('other terms');
  const { sent } = await d.call('DocumentService/GetSent', { aboutId: q.id });
  assert.deepEqual(sent.map((p) => [p.documentId, p.number, p.fileHash, p.sentById]), [[id, 1, was, rep.id]]);
});

let accepted;
test('the customer accepts by the link, once, and the opportunity is worth that', async () => {
  const q = await made('Accepted', [{ productCode: 'RELAY' }], { head: { country: 'DE' } });
  const { token } = await quote('SendQuote', { quoteId: q.id }, { token: rep.token });
  const none = { token: null };
  const seen = (await quote('GetQuoteByLink', { token }, none)).quote;
  assert.equal(seen.total, q.total);
  assert.equal(seen.lines[0].why, undefined, 'not how it came about');
  await refused('not_found', quote('GetQuoteByLink', { token: 'a'.repeat(64) }, none));
  const second = (await quote('CreateQuote', { opportunityId: q.opportunityId, priceBookId: book.id })).quote;
  await quote('SetQuoteLines', { quoteId: second.id, lines: [{ productCode: 'RELAY' }], head: { country: 'DE' } });
  const other = await quote('SendQuote', { quoteId: second.id });
  accepted = (await quote('AcceptQuote', { token, name: 'Ann Buyer' }, none)).quote;
  assert.equal(accepted.status, 'QUOTE_STATUS_ACCEPTED');
  await refused('failed_precondition', quote('AcceptQuote', { token, name: 'Ann Buyer' }, none));
  await refused('failed_precondition', quote('AcceptQuote', { token: other.token, name: 'Ann Buyer' }, none));
  await refused('failed_precondition', quote('SetQuoteLines', { quoteId: q.id, lines: [] }));
  await refused('failed_precondition', quote('ReviseQuote', { quoteId: q.id }));
  const o = await get('opportunity', q.opportunityId);
  assert.deepEqual(o.amount, { currencyCode: 'EUR', minorUnits: q.total });
  assert.equal(o.quoteId, q.id);
  const amount = { currencyCode: 'EUR', minorUnits: '1' };
  await refused('failed_precondition', d.call('RecordService/UpdateRecord', { record: { opportunity: { id: o.id, amount } } }));
});

test('what is superseded before it is sent is refused, with the line, and written down', async () => {
  const q = await made('Superseded', [{ productCode: 'RELAY' }], { head: { country: 'DE' } });
  await d.call('RecordService/UpdateRecord', { record: { priceBookEntry: { id: entry.id, unitPrice: '2099' } } });
  const no = await quote('SendQuote', { quoteId: q.id });
  assert.equal(no.refused, true);
  assert.equal(no.line, 1);
  assert.match(no.reason, /RELAY is superseded/);
  assert.equal(no.quote.status, 'QUOTE_STATUS_DRAFT');
  assert.match(d.tool('tail', '--from-start', '--json', { timeout: 3000 }).out, /quoteRefused/);
  const next = (await quote('ReviseQuote', { quoteId: q.id })).quote;
  assert.equal(next.version, '2');
  assert.equal(next.number, q.number);
  assert.equal(next.lines[0].unitPrice, '2099');
  const { versions } = await quote('GetQuote', { quoteId: q.id });
  assert.deepEqual(versions.map((v) => v.status), ['QUOTE_STATUS_DRAFT', 'QUOTE_STATUS_SUPERSEDED']);
  const second = await d.create('priceBook', { code: 'EU-2', name: 'Europe', currencyCode: 'EUR', supersedesId: book.id });
  assert.match((await quote('SendQuote', { quoteId: next.id })).reason, /price book is superseded/);
  await refused('failed_precondition', quote('ReviseQuote', { quoteId: next.id }), 'the new book has no price yet');
  await d.create('priceBookEntry', { priceBookId: second.id, productId: relay.id, unitPrice: '1899' });
  const third = (await quote('ReviseQuote', { quoteId: next.id })).quote;
  assert.equal(third.priceBookId, second.id);
  assert.equal(third.lines[0].unitPrice, '1899');
  assert.equal((await get('quote', accepted.id)).lines[0].unitPrice, '1999', 'what is final stays');
});

/** What a PDF says. */
function read(pdf) {
  const done = spawnSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
}

test('a quote is a PDF for us and a page for the customer, who answers there', async () => {
  const admin = { headers: { authorization: `Bearer ${d.token}` } };
  const pdf = await exchange(`${d.url}/v1/quotes/${accepted.id}.pdf`, admin);
  assert.equal(pdf.status, 200, pdf.text.slice(0, 200));
  assert.equal(pdf.type, 'application/pdf');
  assert.match(read(pdf.bytes), /Total \(EUR\) +23\.79/);
  assert.equal((await exchange(`${d.url}/v1/quotes/${accepted.id}.pdf`)).status, 401);
  const head = { country: 'DE', customerName: '客戶 <b>公司</b>', language: 'zh-Hant' };
  const o = await opportunity('Page');
  const books = (await d.call('RecordService/ListRecords', { type: 'price_book' })).records.map((r) => r.priceBook);
  const newest = books.find((b) => !b.supersededById);
  const q = (await quote('CreateQuote', { opportunityId: o.id, priceBookId: newest.id, head })).quote;
  await quote('SetQuoteLines', { quoteId: q.id, lines: [{ productCode: 'RELAY' }] });
  const { token } = await quote('SendQuote', { quoteId: q.id });
  const at = `${d.url}/quotes/${token}`;
  const page = await exchange(at);
  assert.equal(page.status, 200);
  assert.match(page.text, /報價單 Q-0/);
  assert.match(page.text, /&lt;b&gt;公司/);
  assert.match(page.headers.get('content-security-policy'), /default-src 'none'/);
  assert.match(read((await exchange(`${at}.pdf`)).bytes), /總計（EUR） +22\.60/);
  const post = (body) => exchange(at, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
  assert.equal((await post('answer=perhaps')).status, 400);
  assert.match((await post('answer=decline&reason=dear')).text, /您已婉拒此報價/);
  assert.equal((await post('answer=accept&name=Ann')).status, 400);
  assert.equal((await get('quote', q.id)).declineReason, 'dear');
  assert.equal((await exchange(`${d.url}/quotes/${'0'.repeat(64)}`)).status, 404);
  assert.equal((await exchange(`${d.url}/quotes/nothing`)).status, 404);
});

test('the whole of it is in the log', () => d.verify());

// Links whose pages carry a watermark.
// 1 what is given out is drawn for it: the words of the document, the text and the day on each page; never the file itself
// 2 parts, repetitions and questions are about what was drawn, also when it has to be drawn once more
// 3 only a PDF carries one, and one line of text is one
// 4 where it cannot be drawn the link says so, gives nothing, and nothing counts
// 5 a password is asked for first
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zip } from './hostile-zip.mjs';
import { exchange, refused, request_id, shared } from './lib.mjs';

let anna;
const d = shared(async () => {
  anna = await d.user('Anna Author', 'rep');
  await d.settled();
});
const no_bwrap = spawnSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']).status === 0 ? false : 'bubblewrap cannot be used here';

/** A PDF of so many pages that say "Price 1", "Price 2"...; `page` is what else stands in each page, `more` are objects. */
const pdf = (pages, page = '/MediaBox[0 0 595 842]', more = '') =>
  `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count ${pages}/Kids[${Array.from({ length: pages }, (_, i) => `${10 + 2 * i} 0 R`).join(' ')}]>>endobj\n` +
  Array.from({ length: pages }, (_, i) => {
    const text = `BT /F 12 Tf 50 700 Td (Price ${i + 1}) Tj ET`;
    return (
      `${10 + 2 * i} 0 obj<</Type/Page/Parent 2 0 R${page}/Contents ${11 + 2 * i} 0 R/Resources<</Font<</F 3 0 R>>/XObject<</X 4 0 R>>>>>>endobj\n` +
      `${11 + 2 * i} 0 obj<</Length ${text.length}>>stream\n${text}\nendstream endobj\n`
    );
  }).join('') +
  `3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n${more}trailer<</Root 1 0 R>>\n%%EOF\n`;
const DOCX = zip([
  ['[Content_Types].xml', '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'],
  ['word/document.xml', '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'],
]);

const call = (method, body) => d.call(method, { requestId: request_id(), ...body }, { token: anna.token });
async function add(documentId, name, body) {
  const headers = { authorization: `Bearer ${anna.token}` };
  const answer = await exchange(`${d.url}/v1/files?name=${name}`, { method: 'PUT', headers, body });
  assert.equal(answer.status, 201, answer.text);
  await call('DocumentService/AddRevision', { documentId, fileHash: answer.json.hash, makeCurrent: true });
  return answer.json.hash;
}
async function make(name, body) {
  const { id } = await d.create('document', { title: 'Offer', visibility: 'DOCUMENT_VISIBILITY_HOUSE' }, { token: anna.token });
  return { id, hash: await add(id, name, body) };
}
const share = (documentId, fields) => call('ShareService/CreateShare', { documentId, ...fields });
const listed = (documentId) => call('ShareService/ListShares', { documentId });
let guests = 0;
const page = (path, { headers, ...init } = {}) =>
  exchange(`${d.url}/s/${path}`, { redirect: 'manual', headers: { 'x-forwarded-for': `203.0.113.${guests++ % 250}`, ...headers }, ...init });
const open = (token, fields = {}) =>
  page(token, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(fields).toString() });
async function opened(token, fields) {
  const answer = await open(token, fields);
  assert.equal(answer.status, 303, answer.text);
  return answer.headers.get('location').slice('/s/'.length);
}
function said(bytes) {
  const { status, stdout } = spawnSync('pdftotext', ['-', '-'], { input: bytes, encoding: 'utf8' });
  assert.equal(status, 0);
  return stdout;
}
const times = (text, words) => text.split(words).length - 1;

test('1: drawn', { skip: no_bwrap }, async () => {
  const { id, hash } = await make('offer.pdf', pdf(3));
  const { token, share: made } = await share(id, { watermark: ' 王小明 <ann@example.com> ' });
  assert.equal(made.watermark, '王小明 <ann@example.com>');
  const shown = await page(token);
  assert.match(shown.text, /offer\.pdf/);
  assert.doesNotMatch(shown.text, /KiB| B\)/, 'how large it will be is not known yet');
  const file = await page(await opened(token));
  assert.equal(file.status, 200);
  assert.equal(file.headers.get('content-type'), 'application/pdf');
  assert.match(file.headers.get('content-disposition'), /^attachment; filename="offer\.pdf"/);
  const text = said(file.bytes);
  for (const n of [1, 2, 3]) assert.match(text, new RegExp(`Price ${n}`));
  const { shares, views } = await listed(id);
  assert.match(views[0].watermark, /^王小明 <ann@example\.com> · \d{4}-\d\d-\d\d$/);
  assert.equal(times(text, views[0].watermark), 3, text);
  assert.equal(shares[0].views, 1);
  assert.notEqual(views[0].fileHash, hash);
  assert.equal(Number(views[0].size), file.bytes.length);
  assert.equal(file.headers.get('etag'), `"${views[0].fileHash}"`);
  assert.ok(!file.bytes.includes(pdf(3).slice(0, 200)));
  // whoever has the hash of what was drawn, or of what it is of, gets nothing by it
  for (const one of [hash, views[0].fileHash]) assert.notEqual((await exchange(`${d.url}/v1/files/${one}`)).status, 200);
  await refused('not_found', d.call('PreviewService/GetText', { hash: views[0].fileHash }, { token: anna.token }));
});

test('2: parts of the same', { skip: no_bwrap }, async () => {
  const { id } = await make('offer.pdf', pdf(2));
  const { token } = await share(id, { watermark: 'Ann Buyer' });
  const path = await opened(token);
  const whole = await page(path);
  const tag = whole.headers.get('etag');
  const same = async (where) => {
    const head = await page(where, { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers.get('etag'), Number(head.headers.get('content-length'))], [200, tag, whole.bytes.length]);
    const part = await page(where, { headers: { range: 'bytes=100-299', 'if-range': tag } });
    assert.equal(part.status, 206);
    assert.deepEqual(part.bytes, whole.bytes.subarray(100, 300));
    assert.equal((await page(where, { headers: { 'if-none-match': tag } })).status, 304);
  };
  await same(path);
  rmSync(join(d.data, 'documents', 'files', 'made'), { recursive: true });
  await same(path);
  assert.deepEqual((await page(path)).bytes, whole.bytes);
  const other = await opened((await share(id, { watermark: 'Bo Buyer' })).token);
  assert.notEqual((await page(other)).headers.get('etag'), tag);
});

test('3: what carries one', async () => {
  const { id } = await make('offer.docx', DOCX);
  const no = await refused('failed_precondition', share(id, { watermark: 'Ann Buyer' }));
  assert.match(JSON.stringify(no), /only PDFs can carry one/);
  assert.match(JSON.stringify(no), /watermark/);
  const { id: good } = await make('offer.pdf', pdf(1));
  for (const watermark of ['', '  ', 'a\nb', 'x'.repeat(121), '\u2028']) await refused('invalid_argument', share(good, { watermark }));
  await share(good, { watermark: '字'.repeat(120) });
  const made = d.tool('document', 'share', good, '--watermark', 'Ann Buyer');
  assert.equal(made.status, 0, made.all);
  assert.match(d.tool('document', 'links', good).all, /Ann Buyer/);
  assert.equal((await listed(good)).shares[0].watermark, 'Ann Buyer');
});

test('4: what cannot be drawn', { skip: no_bwrap }, async () => {
  const form = (text) => `4 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>/Length ${text.length}>>stream\n${text}\nendstream endobj\n`;
  const rows = [
    ['more pages than are drawn', pdf(501), 409],
    ['no page', pdf(0), 409],
    ['pages that are no pages', pdf(1, '/MediaBox[0 0 900000 900000]'), 409],
    ['locked', pdf(1).replace('trailer<<', 'trailer<</Encrypt<</Filter/Nobody/V 9>>'), 409],
    ['cut', pdf(9).slice(0, 60), 409],
    ['cut late', pdf(9).slice(0, 1200), 409],
    ['calls itself', pdf(1, undefined, form('/X Do /X Do')), 303],
  ];
  for (const [what, body, status] of rows) {
    const { id, hash } = await make('offer.pdf', body);
    const { token } = await share(id, { watermark: 'Ann Buyer', maxViews: 1 });
    const answer = await open(token);
    assert.equal(answer.status, status, `${what}: ${answer.text}`);
    const { shares, views } = await listed(id);
    assert.equal(shares[0].views ?? 0, status === 303 ? 1 : 0, what);
    if (status === 303) assert.notEqual(views[0].fileHash, hash, what);
    else assert.match(answer.text, /cannot be prepared for you. Please ask whoever gave you the link/, what);
    if (status === 303) assert.match(said((await page(answer.headers.get('location').slice('/s/'.length))).bytes), /Ann Buyer/, what);
  }
  const { id } = await make('offer.pdf', pdf(1));
  const { token } = await share(id, { watermark: 'Ann Buyer' });
  const path = await opened(token);
  await add(id, 'offer.docx', DOCX);
  const answer = await page(token, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept-language': 'zh-TW' }, body: '' });
  assert.deepEqual([answer.status, /無法為您準備此文件/.test(answer.text)], [409, true]);
  assert.equal((await page(path)).status, 200, 'what was opened before is still read');
});

test('5: the password first', { skip: no_bwrap }, async () => {
  const { id } = await make('offer.pdf', pdf(1));
  const { token } = await share(id, { watermark: 'Ann Buyer', password: 'four words in a row' });
  assert.equal((await open(token, { password: 'three words' })).status, 403);
  const file = await page(await opened(token, { password: 'four words in a row' }));
  assert.match(said(file.bytes), /Price 1[^]*Ann Buyer/);
  d.verify();
});

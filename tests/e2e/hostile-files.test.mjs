// Files that mean no good, brought by somebody inside and given by a link to people outside.
// 1 whatever comes through a link is saved and never shown: all of it, a part of it, and asked for again
// 2 files that are two things at once come as the quiet one, or not at all
// 3 archives that name other places, are links, swell, or ask for files of the machine: nothing of it is read
// 4 what is cut off at every tenth is refused, or comes through as it is; its text is there, or why not
// 5 names stay names: nothing in them ends a header, and the page of the link shows them as text
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { zip } from './hostile-zip.mjs';
import { data_file, exchange, needs, request_id, shared } from './lib.mjs';

let anna;
const d = shared(async () => {
  anna = await d.user('Anna Author', 'rep');
  await d.settled();
}, ['--public-url', 'https://baton.example']);
const no_bwrap = spawnSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']).status === 0 ? false : 'bubblewrap cannot be used here';

const call = (method, body) => d.call(method, { requestId: request_id(), ...body }, { token: anna.token });
const put = (name, body) =>
  exchange(`${d.url}/v1/files?name=${encodeURIComponent(name)}`, { method: 'PUT', headers: { authorization: `Bearer ${anna.token}` }, body });

/* Each link is given to somebody with an address of their own: all of them together ask for more than one
   address may, on a quick machine. */
let guests = 0;
const page = (path, { headers, ...init } = {}) =>
  exchange(`${d.url}/s/${path}`, { redirect: 'manual', headers: { 'x-forwarded-for': `203.0.113.${guests % 250}`, ...headers }, ...init });

/** A link to a file that was taken: its page, and the path by which it is read. */
async function given(fileHash, title = 'Papers') {
  guests++;
  const { id } = await d.create('document', { title, visibility: 'DOCUMENT_VISIBILITY_HOUSE' }, { token: anna.token });
  await call('DocumentService/AddRevision', { documentId: id, fileHash, makeCurrent: true });
  const { token } = await call('ShareService/CreateShare', { documentId: id });
  const shown = await page(token);
  assert.equal(shown.status, 200);
  const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '' };
  const opened = await page(token, form);
  assert.equal(opened.status, 303, opened.text);
  return { shown: shown.text, path: opened.headers.get('location').slice('/s/'.length) };
}

const ACTIVE = /html|svg|xml(?!formats)|script|shockwave|httpd/;
function assert_saved(answer, what) {
  const said = (name) => answer.headers.get(name) ?? '';
  assert.match(said('content-disposition'), /^attachment; filename="/, what);
  assert.equal(said('x-content-type-options'), 'nosniff', what);
  assert.match(said('content-security-policy'), /sandbox; default-src 'none'/, what);
  assert.match(said('cache-control'), /private/, what);
  assert.doesNotMatch(said('content-type'), ACTIVE, what);
}

/** Brought under that name, given by a link and read by whoever has it; undefined: it was not taken. */
async function through(name, body) {
  const answer = await put(name, body);
  assert.ok([201, 400, 415].includes(answer.status), `${name}: ${answer.status} ${answer.text}`);
  if (answer.status !== 201) return undefined;
  const { shown, path } = await given(answer.json.hash);
  assert.doesNotMatch(shown, /<(script|img|iframe|embed|object|svg)\b/i, name);
  const whole = await page(path);
  assert.equal(whole.status, 200, name);
  assert.deepEqual(whole.bytes, Buffer.from(body), name);
  assert_saved(whole, name);
  const part = await page(path, { headers: { range: 'bytes=0-0' } });
  assert.equal(part.status, 206, name);
  assert_saved(part, name);
  assert_saved(await page(path, { headers: { 'if-none-match': whole.headers.get('etag') } }), name);
  return answer.json.hash;
}

const SECRET = readFileSync('/etc/passwd', 'latin1').split('\n')[0];
/** Its text, or why there is none; never a failure, and nothing of this machine. */
async function looked_at(hash) {
  const said = await d.call('PreviewService/GetText', { hash }, { token: anna.token });
  assert.ok(!JSON.stringify(said).includes(SECRET));
  return said;
}

test('1: hostile files', { skip: needs('hostile_uploads') }, async () => {
  let n = 0;
  for (const name of readdirSync(data_file('hostile_uploads'))) {
    const body = readFileSync(data_file('hostile_uploads', name));
    for (const end of ['', '.txt', '.md', '.csv', '.eml', '.pdf', '.docx', '.png', '.jpg']) n += Boolean(await through(name + end, body));
  }
  assert.ok(n >= 10, `only ${n} were taken at all`);
});

const SCRIPT = '<script>alert(document.domain)</script>';
const PDF =
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n' +
  '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n' +
  '4 0 obj<</Length 44>>stream\nBT /F 12 Tf 10 50 Td (Price 12,500 EUR) Tj ET   \nendstream endobj\n' +
  '5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');

test('2: two things at once', async () => {
  const gif = Buffer.concat([Buffer.from('GIF89a/*'), Buffer.alloc(5), Buffer.from(`*/=1;alert(1)//${SCRIPT}`)]);
  const rows = {
    'script.gif': gif,
    'page.pdf': `%PDF-1.4\n${SCRIPT}\n${PDF}`,
    'page.png': Buffer.concat([PNG, Buffer.from(SCRIPT)]),
    'archive.png': Buffer.concat([PNG, zip([['evil.html', SCRIPT]])]),
    'archive.pdf': Buffer.concat([Buffer.from(PDF), zip([['evil.html', SCRIPT]])]),
    'mail.eml': `From: a@b.example\r\nContent-Type: text/html\r\n\r\n${SCRIPT}`,
    'table.csv': `=cmd|' /C calc'!A1,${SCRIPT}\n`,
  };
  let n = 0;
  for (const [name, body] of Object.entries(rows)) n += Boolean(await through(name, body));
  assert.ok(n >= 3, `only ${n} were taken at all`);
  // what it is stands first: no name makes a page of it, and no name hides that it is one
  for (const [name, body] of [['a.html', PDF], ['a.svg', PNG], ['a.pdf', `<!doctype html>${SCRIPT}`], ['a.png', `<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`]])
    assert.equal(await through(name, body), undefined, name);
});

const TYPES =
  '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ' +
  'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ' +
  'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
const RELATIONS =
  '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" ' +
  'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>';
const word = (text, before = '') =>
  `<?xml version="1.0"?>${before}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:body></w:document>`;
const docx = (document, more = []) => zip([['[Content_Types].xml', TYPES], ['_rels/.rels', RELATIONS], ['word/document.xml', ...document], ...more]);

test('3: archives', { skip: no_bwrap }, async () => {
  const plain = await through('plain.docx', docx([word('Offer of 12,500 EUR')]));
  assert.match((await looked_at(plain)).text, /Offer of 12,500 EUR/);
  const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
  const rows = {
    'outside.docx': docx([word('x')], [['../../../../etc/cron.d/evil', '* * * * * root true'], ['/etc/passwd', 'mine']]),
    'link.docx': docx(['/etc/passwd', 0o120777]),
    'machine.docx': docx([word('&file;', '<!DOCTYPE d [<!ENTITY file SYSTEM "file:///etc/passwd">]>')]),
    'network.docx': docx([word('&far;', '<!DOCTYPE d [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]>')]),
    'laughs.docx': docx([word('&l9;', `<!DOCTYPE d [<!ENTITY l0 "ha">${laughs}]>`)]),
    'swells.docx': docx([word('a'.repeat(64 << 20))]),
  };
  for (const [name, body] of Object.entries(rows)) {
    const { text, reason } = await looked_at(await through(name, body));
    assert.equal(text, undefined, name);
    assert.match(reason, /cannot be read|too much memory/, name);
  }
  assert.match((await looked_at(plain)).text, /Offer of 12,500 EUR/, 'and the next one is read as before');
});

test('4: cut off at every tenth', { skip: no_bwrap }, async () => {
  for (const [name, body] of [['cut.pdf', Buffer.from(PDF)], ['cut.docx', docx([word('Offer')])]])
    for (let tenth = 1; tenth < 10; tenth++) {
      const hash = await through(name, body.subarray(0, Math.floor((body.length * tenth) / 10)));
      if (!hash) continue;
      const { text, reason } = await looked_at(hash);
      assert.ok(text === undefined || reason === undefined, `${name}, ${tenth} tenths: ${text} and ${reason}`);
    }
});

test('5: names', async () => {
  const names = ['"; filename="evil.html"; x=".txt', "'; drop table.txt", '%0d%0aSet-Cookie: a=b.txt', '報價單 ünïcode 😀.txt', `${'n'.repeat(196)}.txt`, '<img src=x onerror=alert(1)>.txt', 'a.html.txt'];
  for (const name of names) {
    const answer = await put(name, `by the name of ${name}`);
    assert.equal(answer.status, 201, `${name}: ${answer.text}`);
    const { shown, path } = await given(answer.json.hash, name);
    assert.doesNotMatch(shown, /<img|onerror=alert\(1\)>/, name);
    const file = await page(path);
    assert.equal(file.status, 200, file.text);
    assert_saved(file, name);
    assert.equal(file.headers.get('set-cookie'), null);
    const [, ascii, encoded] = /^attachment; filename="([^"\\]*)"; filename\*=UTF-8''([!-~]*)$/.exec(file.headers.get('content-disposition'));
    assert.ok(!/[^ -~]/.test(ascii), ascii);
    assert.equal(decodeURIComponent(encoded), name);
  }
});

test('the store is what its log says', () => {
  d.verify();
});

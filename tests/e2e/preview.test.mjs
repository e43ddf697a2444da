// What stands in files and how they look, with the real processes.
// 1 the text of a file, its kind, and what it seems to say as a contract
// 2 an image of a page, and none of a page that there is not
// 3 what cannot be read says why; nobody else gets anything
// 4 files of others, of every kind that is taken
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { data_file, exchange, needs, refused, shared } from './lib.mjs';

let rep, other;
const d = shared(async () => {
  rep = await d.user('Rea Rep', 'rep');
  other = await d.user('Otto Other', 'rep');
});

const no_bwrap = spawnSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']).status === 0 ? false : 'bubblewrap cannot be used here';

async function put(name, body, statuses = [201]) {
  const answer = await exchange(`${d.url}/v1/files?name=${encodeURIComponent(name)}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${rep.token}` },
    body,
  });
  assert.ok(statuses.includes(answer.status), `${name}: ${answer.text}`);
  return answer.json.hash;
}
const text_of = (hash, user = rep) => d.call('PreviewService/GetText', { hash }, user);
const page_of = (hash, page, side, user = rep) => d.call('PreviewService/GetPage', { hash, page, side }, user);

const PDF =
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n' +
  '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n' +
  '4 0 obj<</Length 44>>stream\nBT /F 12 Tf 10 50 Td (Price 12,500 EUR) Tj ET   \nendstream endobj\n' +
  '5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';

test('1: the text of a file', { skip: no_bwrap }, async () => {
  const hash = await put('agreement.txt', 'This Agreement is made as of March 2, 2026 by the two of us, and shall expire on March 1, 2027.\n');
  const answer = await text_of(hash);
  assert.equal(answer.kind, 'text');
  assert.match(answer.text, /^This Agreement is made/);
  const hints = Object.fromEntries(answer.hints.map((h) => [h.sort, h]));
  assert.equal(hints.CONTRACT_SORT_AGREED.value, '2026-03-02');
  assert.equal(hints.CONTRACT_SORT_ENDS.value, '2027-03-01');
  const { at, size } = hints.CONTRACT_SORT_ENDS;
  assert.equal(Buffer.from(answer.text).subarray(at, at + size).toString(), 'March 1, 2027');
  assert.match((await text_of(await put('price.pdf', PDF))).text, /Price 12,500 EUR/);
});

test('2: an image of a page', { skip: no_bwrap }, async () => {
  const hash = await put('page.pdf', PDF + '%\n');
  const { kind, png } = await page_of(hash, 1, 400);
  assert.equal(kind, 'PDF document');
  const bytes = Buffer.from(png, 'base64');
  assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [400, 200]);
  assert.equal((await page_of(hash, 2, 400)).reason, 'it has no such page');
});

test('3: no text, and nobody else', { skip: no_bwrap }, async () => {
  const hash = await put('broken.pdf', '%PDF-1.4\nnothing\n');
  const answer = await text_of(hash);
  assert.match(answer.reason, /damaged/);
  assert.equal(answer.text, undefined);
  await refused('not_found', text_of(hash, other));
  await refused('not_found', page_of(hash, 1, 100, other));
  await refused('not_found', text_of('0'.repeat(64)));
  await refused('not_found', text_of('../../etc/passwd'));
});

test('4: files of others', { skip: no_bwrap || needs('documents') }, async () => {
  let n = 0;
  for (const folder of ['docx', 'odt', 'xlsx', 'pdf'])
    for (const name of readdirSync(data_file('documents', folder)).slice(0, 4)) {
      const hash = await put(name, readFileSync(data_file('documents', folder, name)), [201, 415]);
      if (!hash) continue; // it is not what its name says
      const { text, reason } = await text_of(hash);
      assert.ok(Boolean(text) !== Boolean(reason) || (text === undefined && reason === undefined), name);
      n += Boolean(text);
    }
  assert.ok(n >= 10, `${n} texts`);
});

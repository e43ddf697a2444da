// Documents by what they say, with the real processes.
// 1 what a file says is found, on its page, with the words marked; in any script
// 2 only by who reads the document; by the filters that lists have
// 3 another revision takes the place of the one before; what is deleted is not found; nor what cannot be read
// 4 kill -9 while texts are read: after the next start all are found, and until then it is said that some may be missing
// 5 the texts may be deleted: they are read again; damaged ones, too
// 6 contracts of others, each by its own words
// 7 by the operator's tool
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { data_file, exchange, needs, refused, request_id, shared, until } from './lib.mjs';

const no_bwrap = spawnSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']).status === 0 ? false : 'bubblewrap cannot be used here';

let rep, other;
const d = shared(async () => {
  rep = await d.user('Rea Rep', 'rep');
  other = await d.user('Otto Other', 'rep');
  await d.settled();
});

async function add(document, name, body) {
  const { json, status, text } = await exchange(`${d.url}/v1/files?name=${encodeURIComponent(name)}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${rep.token}` },
    body,
  });
  assert.equal(status, 201, `${name}: ${text}`);
  const what = { requestId: request_id(), documentId: document.id, fileHash: json.hash, makeCurrent: true };
  await d.call('DocumentService/AddRevision', what, rep);
}
async function put(title, name, body, fields = {}) {
  const document = await d.create('document', { title, ...fields }, rep);
  await add(document, name, body);
  return document;
}
const ask = (query, more = {}, user = rep) => d.call('DocumentService/SearchDocuments', { query, ...more }, user);
const titles = async (...args) => ((await ask(...args)).found ?? []).map((f) => f.document.title);
const read = () => until('all texts are read', async () => (await ask('anything')).complete === true, 60000);
const marked = ({ text, marks }) =>
  marks.map(({ at = 0, size }) => Buffer.from(text).subarray(at, at + size).toString());

const PDF = (first, second) => {
  const page = (n, words) => {
    const body = `BT /F 12 Tf 10 50 Td (${words}) Tj ET`;
    return (
      `${n} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents ${n + 1} 0 R/Resources<</Font<</F 9 0 R>>>>>>endobj\n` +
      `${n + 1} 0 obj<</Length ${body.length}>>stream\n${body}\nendstream endobj\n`
    );
  };
  return (
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 2/Kids[3 0 R 5 0 R]>>endobj\n' +
    page(3, first) + page(5, second) + '9 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'
  );
};

let lease;
test('1: what a file says', { skip: no_bwrap }, async () => {
  lease = await put('Lease', 'lease.pdf', PDF('The seller keeps the key.', 'Either party may terminate it.'), { tags: ['rent'], type: 'DOCUMENT_TYPE_CONTRACT' });
  await put('供應合約', 'supply.txt', '本供應合約自二〇二六年三月一日起生效，任一方得於三十日前以書面通知終止。\n');
  await read();
  const { found } = await ask('PARTY termin');
  assert.equal(found.length, 1);
  assert.equal(found[0].document.title, 'Lease');
  assert.equal(found[0].snippets.length, 1);
  assert.equal(found[0].snippets[0].page, 2);
  assert.deepEqual(marked(found[0].snippets[0]), ['party', 'terminate']);
  assert.deepEqual(await titles('"may terminate"'), ['Lease']);
  assert.deepEqual(await titles('"terminate may"'), []);
  assert.deepEqual(await titles('seller party'), ['Lease'], 'on two pages');
  for (const words of ['終止', '書面通知', '合約 生效']) assert.deepEqual(await titles(words), ['供應合約'], words);
  const [hit] = (await ask('三十日')).found;
  assert.deepEqual(marked(hit.snippets[0]), ['三十日']);
  assert.equal(hit.snippets[0].page, undefined);
  await refused('invalid_argument', ask('-- ?'));
  await refused('invalid_argument', ask('seller', { pageToken: 'x' }));
});

test('2: who reads it, and filters', { skip: no_bwrap }, async () => {
  await put('Mine alone', 'mine.txt', 'The hidden seller of pearls.', { visibility: 'DOCUMENT_VISIBILITY_TEAM' });
  await read();
  assert.deepEqual(await titles('seller'), ['Mine alone', 'Lease']);
  assert.deepEqual(await titles('seller', {}, other), ['Lease']);
  assert.deepEqual(await titles('pearls', {}, other), []);
  assert.deepEqual(await titles('seller', {}, {}), ['Mine alone', 'Lease'], 'administrators');
  const by = (field, ...values) => ({ filters: [{ field, values }] });
  assert.deepEqual(await titles('seller', by('tags', 'rent')), ['Lease']);
  assert.deepEqual(await titles('seller', by('type', 'DOCUMENT_TYPE_CONTRACT')), ['Lease']);
  assert.deepEqual(await titles('seller', by('owner_id', other.id)), []);
  await refused('invalid_argument', ask('seller', by('note', 'x')));
  const first = await ask('seller', { pageSize: 1 });
  const second = await ask('seller', { pageSize: 1, pageToken: first.nextPageToken });
  assert.deepEqual([first, second].map((p) => p.found[0].document.title), ['Mine alone', 'Lease']);
  assert.equal(second.nextPageToken, undefined);
});

test('3: what is not so any more', { skip: no_bwrap }, async () => {
  const offer = await put('Offer', 'offer.txt', 'We offer oranges.');
  await put('Broken', 'broken.pdf', '%PDF-1.4\noranges\n');
  await read();
  assert.deepEqual(await titles('oranges'), ['Offer']);
  await add(offer, 'offer2.txt', 'We offer lemons.');
  assert.deepEqual(await titles('oranges'), [], 'at once');
  await read();
  assert.deepEqual(await titles('lemons'), ['Offer']);
  await d.call('RecordService/DeleteRecord', { requestId: request_id(), type: 'document', id: offer.id }, rep);
  assert.deepEqual(await titles('lemons'), [], 'at once');
  await read();
  assert.deepEqual(await titles('lemons'), []);
});

test('4: kill -9 while texts are read', { skip: no_bwrap }, async () => {
  const MANY = 24, ROUNDS = 3;
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < MANY; i++) await put(`${round} ${i}`, 'note.txt', `Round${round} has the number n${round}x${i}.`);
    const known = Number((await ask('anything')).known);
    await until('some are read', async () => Number((await ask('anything')).known) > known || (await ask('anything')).complete);
    process.kill(d.processes().documents, 'SIGKILL');
    await until('it is back', async () => (await d.ask('DocumentService/SearchDocuments', { query: 'anything' }, rep)).status === 200, 30000);
    const answer = await ask(`round${round}`, { pageSize: 50 });
    assert.ok(answer.complete || (answer.found ?? []).length <= MANY);
    await read();
    assert.equal((await titles(`round${round}`, { pageSize: 50 })).length, MANY);
    for (const i of [0, MANY - 1]) assert.deepEqual(await titles(`n${round}x${i}`), [`${round} ${i}`]);
  }
});

test('5: texts that are gone', { skip: no_bwrap }, async () => {
  const file = join(d.data, 'documents', 'texts.db');
  for (const spoil of [() => rmSync(file), () => writeFileSync(file, 'no such thing')]) {
    const pid = d.processes().documents;
    spoil();
    process.kill(pid, 'SIGKILL');
    await until('another one is there', async () => ![undefined, pid].includes(d.processes().documents), 30000);
    await until('it is back', async () => (await d.ask('DocumentService/SearchDocuments', { query: 'anything' }, rep)).status === 200, 30000);
    await read();
    assert.deepEqual(await titles('"may terminate"'), ['Lease']);
  }
});

test('6: contracts of others', { skip: no_bwrap || needs('documents', 'contracts') }, async () => {
  const names = readdirSync(data_file('documents', 'contracts', 'pdf')).slice(0, 8);
  for (const name of names) await put(name, name, readFileSync(data_file('documents', 'contracts', 'pdf', name)));
  await read();
  const clauses = await titles('agreement', { pageSize: 50 });
  const there = names.filter((name) => clauses.includes(name));
  assert.ok(there.length >= names.length - 1, `${there.length} of ${names.length} say "agreement"`);
  const { found } = await ask('"governing law"', { pageSize: 50 });
  assert.ok(found.length > 0);
  for (const f of found)
    for (const s of f.snippets) for (const m of marked(s)) assert.match(m.toLowerCase(), /^governing\s+law/);
});

test('7: by the tool', { skip: no_bwrap }, () => {
  const done = d.tool('document', 'search', 'party terminate');
  assert.equal(done.status, 0, done.all);
  assert.match(done.out, new RegExp(`Lease \\(${lease.id}\\)\n  2: Either party may terminate it`));
  assert.equal(d.tool('document', 'search', 'party', '--type', 'nda').out, '');
  const rows = d.tool('document', 'search', '終止', '--json').out.trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(rows.map((r) => r.document.title), ['供應合約']);
  assert.equal(d.tool('document', 'search', 'x', '--type', 'novel').status, 2);
  assert.equal(d.tool('document', 'search', '?!').status, 1);
  d.verify();
});

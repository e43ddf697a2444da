// Documents by the operator's tool.
// 1 a file becomes a document, and the next one its next revision; what comes out is what went in
// 2 lists by what is typed, by type, tag and day
// 3 what it refuses, and that nothing is overwritten
// 4 what is to be read, and that it is
// 5 links for people outside
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { shared } from './lib.mjs';

const d = shared();
const say = (...args) => {
  const done = d.tool('document', ...args);
  assert.equal(done.status, 0, done.all);
  return done.out;
};
const file = (name, body) => {
  const path = join(d.data, name);
  writeFileSync(path, body);
  return path;
};
const text = (bytes) => randomBytes(bytes / 2).toString('hex');

let id;
test('1: in and out', () => {
  const first = text(2_000_000), second = text(1000);
  const said = say('put', file('lease.txt', first), '--title', 'Lease of the north', '--type', 'contract', '--tag', 'rent');
  assert.match(said, /revision 1 of Lease of the north/);
  id = said.match(/[0-9a-f-]{36}/)[0];
  assert.match(say('put', file('lease2.txt', second), '--document', id, '--note', 'longer', '--draft'), /revision 2 .*a draft/);
  const out = join(d.data, 'out.txt');
  say('get', id, '--out', out);
  assert.equal(readFileSync(out, 'utf8'), first);
  assert.equal(say('get', id, '--revision', '2', '--out', '-'), second);
  assert.match(say('show', id), /lease2\.txt/);
});

test('2: lists', async () => {
  await d.call('RecordService/UpdateRecord', { record: { document: { id, noticeOn: '2999-06-30' } } });
  const titles = (...args) => say('list', '--json', ...args).split('\n').filter(Boolean).map((line) => JSON.parse(line).title);
  say('put', file('prices.txt', 'prices'), '--type', 'price-list');
  assert.deepEqual(titles(), ['prices.txt', 'Lease of the north']);
  assert.deepEqual(titles('lease'), ['Lease of the north']);
  assert.deepEqual(titles('--type', 'price-list'), ['prices.txt']);
  assert.deepEqual(titles('--tag', 'rent', '--status', 'active'), ['Lease of the north']);
  assert.deepEqual(titles('--day', 'notice_on', '--before', '2999-07-01'), ['Lease of the north']);
  assert.deepEqual(titles('--day', 'notice_on', '--before', '2999-06-30'), []);
  assert.match(say('list'), /2999-06-30/);
});

test('3: refused', () => {
  const refused = (status, wanted, ...args) => {
    const done = d.tool('document', ...args);
    assert.equal(done.status, status, done.all);
    assert.match(done.err, wanted);
  };
  refused(2, /no type/, 'list', '--type', 'novel');
  refused(2, /no status/, 'list', '--status', 'lost');
  refused(1, /no revision 9/, 'get', id, '--revision', '9');
  refused(1, /./, 'put', file('picture.png', 'no picture'));
  refused(4, /cannot open/, 'put', join(d.data, 'nothing.txt'));
  refused(4, /cannot write/, 'get', id, '--out', file('here.txt', 'mine'));
  assert.equal(readFileSync(join(d.data, 'here.txt'), 'utf8'), 'mine');
});

test('5: links', async () => {
  const link = say('share', id, '--to', 'Ann Buyer', '--days', '2', '--views', '3').split('\n')[0];
  assert.match(link, /\/s\/[0-9a-f]{64}$/);
  const shown = await fetch(link);
  assert.equal(shown.status, 200);
  assert.match(await shown.text(), /Lease of the north/);
  const list = say('links', id);
  assert.match(list, /Ann Buyer .* 0 of 3/);
  assert.match(say('revoke', list.match(/[0-9a-f-]{36}/)[0]), /revoked/);
  assert.match(say('links', id), /revoked/);
  assert.equal((await fetch(link)).status, 404);
  const asked = d.tool('document', 'share', id, '--password');
  assert.equal(asked.status, 2, asked.all);
  assert.match(asked.err, /no password was given/);
});

test('4: read', async () => {
  await d.call('RecordService/UpdateRecord', { record: { document: { id, mustRead: { roles: ['ROLE_ADMIN'] } } } });
  assert.match(say('show', id), /1 have not read it yet/);
  assert.match(say('reading'), /Lease of the north/);
  assert.match(say('acknowledge', id), /is read/);
  assert.doesNotMatch(say('reading'), /Lease of the north/);
  assert.match(say('show', id), /0 have not read it yet/);
  d.verify();
});

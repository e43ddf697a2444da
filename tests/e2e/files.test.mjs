// Files over HTTP: uploads that break off and go on, downloads of parts, what may not come, and quotas.
// 1 a file comes back as it went, under a name that is safe in a header, and is never shown in place
// 2 parts: ranges, what is no range, tags, and HEAD
// 3 an upload that breaks off at every tenth goes on where it was, and becomes the same file
// 4 a client of others' making uploads, breaks off and goes on
// 5 after kill -9 in the middle it goes on from what was safe, and nothing is left over
// 6 the same bytes are stored once, whoever brings them; only who brought them gets them
// 7 what is not what its name says, hostile names and hostile files are refused, before the body where that can be
// 8 quotas are looked at before the body
// 9 what is not tus or HTTP is refused in words
// 10 two hundred at the same time
// 11 a backup has them, a restore brings them back, and both look at every byte; so does verify
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUILD, ROOT, data_file, exchange, needs, new_folder, refused, shared, until } from './lib.mjs';

let rep, other;
const d = shared(async () => {
  rep = await d.user('Rea Rep', 'rep');
  other = await d.user('Otto Other', 'rep');
});

const text = (size) => randomBytes(Math.ceil((size * 3) / 4) + 3).toString('base64').slice(0, size);
const head = (token, more = {}) => ({ authorization: `Bearer ${token}`, ...more });
const b64 = (s) => Buffer.from(s).toString('base64');

const put = (name, body, token = rep.token) =>
  exchange(`${d.url}/v1/files?name=${encodeURIComponent(name)}`, { method: 'PUT', headers: head(token), body });
const get = (hash, headers = {}, token = rep.token, method = 'GET') =>
  exchange(`${d.url}/v1/files/${hash}`, { method, headers: head(token, headers) });

async function begin(name, size, token = rep.token) {
  const headers = head(token, { 'upload-length': String(size), 'upload-metadata': `filename ${b64(name)}`, 'tus-resumable': '1.0.0' });
  return exchange(`${d.url}/v1/files`, { method: 'POST', headers });
}
const offset_of = async (path, token = rep.token) => {
  const answer = await exchange(`${d.url}${path}`, { method: 'HEAD', headers: head(token) });
  return Number(answer.headers.get('upload-offset'));
};

/** PATCH that says it sends all of `body` and breaks off after `upto` bytes. */
function break_off(path, offset, body, upto, token = rep.token) {
  return new Promise((resolve) => {
    const headers = head(token, {
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
      'content-length': String(body.length),
    });
    const r = request(`${d.url}${path}`, { method: 'PATCH', headers });
    r.on('error', () => {});
    r.on('close', resolve);
    r.write(body.subarray(0, upto), () => setImmediate(() => r.destroy()));
  });
}
const patch = (path, offset, body, token = rep.token) =>
  exchange(`${d.url}${path}`, {
    method: 'PATCH',
    headers: head(token, { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) }),
    body,
  });

const folder = () => join(d.data, 'documents', 'files');
/** All files by hash, and what is under way. */
function stored() {
  const files = readdirSync(folder(), { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  const uploads = files.filter((e) => (e.parentPath ?? e.path).endsWith('/uploads')).map((e) => e.name);
  return { files: files.map((e) => e.name).filter((n) => n.length === 64), uploads };
}

test('1: there and back', async () => {
  const names = ['plain.txt', 'Vertrag Müller & Söhne.txt', '合約書.txt', 'a"b;c=d%20.txt', "it's *one*.txt"];
  for (const name of names) {
    const body = text(1000);
    const answer = await put(name, body);
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.json.size, '1000');
    const back = await get(answer.json.hash);
    assert.equal(back.text, body);
    const said = back.headers.get('content-disposition');
    const encoded = said.match(/^attachment; filename="[ -~]*"; filename\*=UTF-8''([!#$&+.^_`|~%\w-]+)$/)?.[1];
    assert.ok(encoded, said);
    assert.equal(decodeURIComponent(encoded), name);
    assert.equal(back.headers.get('x-content-type-options'), 'nosniff');
    assert.match(back.headers.get('content-security-policy'), /sandbox/);
  }
});

test('2: parts', async () => {
  const body = text(1_500_000);
  const { hash } = (await put('parts.txt', body)).json;
  const tag = (await get(hash)).headers.get('etag');
  for (const [range, from, to] of [['bytes=0-0', 0, 1], ['bytes=-1', 1499999, 1500000], ['bytes=524280-1048600', 524280, 1048601],
    ['bytes=1499990-9999999', 1499990, 1500000], ['bytes=700000-', 700000, 1500000]]) {
    const part = await get(hash, { range });
    assert.equal(part.status, 206, range);
    assert.equal(part.headers.get('content-range'), `bytes ${from}-${to - 1}/1500000`);
    assert.equal(part.text, body.slice(from, to));
  }
  for (const range of ['bytes=1500000-', 'bytes=-0']) {
    const none = await get(hash, { range });
    assert.equal(none.status, 416);
    assert.equal(none.headers.get('content-range'), 'bytes */1500000');
  }
  for (const range of ['bytes=5-2', 'bytes=x', 'lines=1-2', 'bytes=0-1,5-6', 'bytes=99999999999999999999-'])
    assert.equal((await get(hash, { range })).status, 200, range);
  assert.equal((await get(hash, { range: 'bytes=0-4', 'if-range': tag })).status, 206);
  assert.equal((await get(hash, { range: 'bytes=0-4', 'if-range': '"other"' })).text.length, 1500000);
  assert.equal((await get(hash, { 'if-none-match': `"x", W/${tag}` })).status, 304);
  const only_head = await get(hash, {}, rep.token, 'HEAD');
  assert.equal(only_head.headers.get('content-length'), '1500000');
  assert.equal(only_head.bytes.length, 0);
});

test('3: what is all there is a file before its client is told so', async () => {
  const body = Buffer.from(text(100_003));
  for (let i = 0; i < 20; i++) {
    const path = (await begin(`whole-${i}.txt`, body.length)).headers.get('location');
    await break_off(path, 0, body, body.length);
    for (let offset = -1; offset < body.length;) {
      const answer = await exchange(`${d.url}${path}`, { method: 'HEAD', headers: head(rep.token) });
      offset = answer.status === 200 ? Number(answer.headers.get('upload-offset')) : offset;
      if (offset === body.length)
        assert.deepEqual((await get(answer.headers.get('baton-file'))).bytes, body);
      else if (answer.status === 200)
        await patch(path, offset, body.subarray(offset));
    }
  }
});

test('3: broken off at every tenth', async () => {
  const body = Buffer.from(text(2_000_003));
  const answer = await begin('tenths.txt', body.length);
  assert.equal(answer.status, 201, answer.text);
  const path = answer.headers.get('location');
  for (let tenth = 1; tenth < 10; tenth++) {
    const offset = await offset_of(path);
    await break_off(path, offset, body.subarray(offset), Math.max(1, Math.floor((body.length * tenth) / 10) - offset));
    await until('what came is there', async () => (await offset_of(path)) > offset);
  }
  let offset, last;
  await until('the rest is there', async () => {
    offset = await offset_of(path);
    last = await patch(path, offset, body.subarray(offset));
    return last.status === 204;
  });
  const hash = last.headers.get('baton-file');
  assert.ok(offset > body.length / 2, `only ${offset} were kept`);
  assert.deepEqual((await get(hash)).bytes, body);
  // whoever lost the last answer is told again
  const again = await exchange(`${d.url}${path}`, { method: 'HEAD', headers: head(rep.token) });
  assert.equal(again.headers.get('baton-file'), hash);
  assert.equal(again.headers.get('upload-offset'), String(body.length));
  assert.equal((await patch(path, body.length, Buffer.alloc(0))).headers.get('baton-file'), hash);
});

const tus_folder = join(ROOT, 'tests', 'web', 'node_modules', 'tus-js-client');
test('4: tus-js-client', { skip: existsSync(tus_folder) ? false : 'tus-js-client is not installed' }, async () => {
  const tus = createRequire(join(ROOT, 'tests', 'web', 'package.json'))('tus-js-client');
  const body = Buffer.from(text(3_000_000));
  const options = { endpoint: `${d.url}/v1/files`, headers: head(rep.token), metadata: { filename: 'of others.txt' }, chunkSize: 700_000, retryDelays: [0, 10, 50] };
  const begun = await new Promise((resolve, reject) => {
    const upload = new tus.Upload(body, {
      ...options,
      onError: reject,
      onChunkComplete: (size, done) => done >= 1_400_000 && upload.abort().then(() => resolve(upload.url)),
    });
    upload.start();
  });
  const hash = await new Promise((resolve, reject) => {
    let found;
    const upload = new tus.Upload(body, {
      ...options,
      uploadUrl: begun,
      onError: reject,
      onAfterResponse: (_, answer) => (found = answer.getHeader('Baton-File') ?? found),
      onSuccess: () => resolve(found),
    });
    upload.start();
  });
  assert.deepEqual((await get(hash)).bytes, body);
  const ended = await begin('ended.txt', 1000);
  await tus.Upload.terminate(`${d.url}${ended.headers.get('location')}`, { headers: head(rep.token) });
  assert.equal((await patch(ended.headers.get('location'), 0, body.subarray(0, 10))).status, 404);
});

test('5: kill -9 in the middle', async () => {
  const body = Buffer.from(text(20_000_000));
  const path = (await begin('killed.txt', body.length)).headers.get('location');
  await break_off(path, 0, body, 12_000_000);
  await until('much has come', async () => (await offset_of(path)) > 9_000_000);
  process.kill(d.processes().documents, 'SIGKILL');
  await until('it is there again', async () => (await offset_of(path).catch(() => 0)) > 0, 20000);
  const offset = await offset_of(path);
  assert.ok(offset >= 8 << 20 && offset <= 12_000_000, `goes on at ${offset}`);
  const last = await patch(path, offset, body.subarray(offset));
  assert.equal(last.status, 204, last.text);
  assert.deepEqual((await get(last.headers.get('baton-file'))).bytes, body);
  // killed while it is being completed: it is whole or it is not there
  const alive = () => d.call('DocumentService/GetUsage', {}).then(() => d.processes().documents, () => false);
  for (let i = 0; i < 3; i++) {
    const some = text(400_000);
    const answer = put(`at once ${i}.txt`, some).catch(() => ({}));
    await new Promise((resolve) => setTimeout(resolve, 3 * i));
    process.kill(await alive(), 'SIGKILL');
    const { json } = await answer;
    await until('it is there again', alive, 60000);
    if (json?.hash) assert.equal((await get(json.hash)).text, some);
  }
});

test('6: stored once', async () => {
  const body = text(50_000);
  const before = stored().files.length;
  const mine = (await put('mine.txt', body)).json;
  assert.equal((await get(mine.hash, {}, other.token)).status, 404);
  const theirs = (await put('theirs.txt', body, other.token)).json;
  assert.equal(theirs.hash, mine.hash);
  assert.equal(stored().files.length, before + 1);
  assert.match((await get(mine.hash, {}, other.token)).headers.get('content-disposition'), /theirs/);
  assert.match((await get(mine.hash)).headers.get('content-disposition'), /mine/);
  assert.equal((await get('0'.repeat(64))).status, 404);
  assert.equal((await get('../../../data.mdb')).status, 404);
  const sum = spawnSync('b2sum', ['-l', '256'], { input: body, encoding: 'utf8' });
  assert.equal(sum.stdout.split(' ')[0], mine.hash);
});

test('7: what may not come', async () => {
  for (const name of ['a.exe', 'a.html', 'a.svg', 'a.xml', 'a', '.txt', 'a.txt.js', 'a\u0001.txt', 'a\n.txt', '../a.txt', 'a\\b.txt',
    'a\u202etxt.pdf', `${'n'.repeat(4000)}.txt`, ' ']) {
    const answer = await put(name, 'x'.repeat(100));
    assert.equal(answer.status, 400, name);
  }
  assert.equal((await put('empty.txt', '')).status, 400);
  assert.equal((await put('no.pdf', 'this is no pdf')).status, 415);
  assert.equal((await put('page.txt', '<!doctype html><html><script>alert(1)</script></html>')).status, 415);
  assert.equal((await put('PICTURE.PNG', Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'))).status, 201);
  const { total } = await d.call('DocumentService/GetUsage', {});
  await until('nothing is left over', async () => stored().uploads.length <= Number(total.uploads));
});

test('7: hostile files', { skip: needs('hostile_uploads') }, async () => {
  const names = readdirSync(data_file('hostile_uploads'));
  for (const name of names) {
    const body = readFileSync(data_file('hostile_uploads', name));
    const answer = await put(name, body);
    const is_quiet = /\.(jpg|png|txt)$/.test(name);
    assert.equal(answer.status, is_quiet ? 201 : 400, `${name}: ${answer.text}`);
    for (const end of ['pdf', 'docx', 'png']) {
      if (name.endsWith(end)) continue;
      const disguised = await put(`${name}.${end}`, body);
      assert.ok(disguised.status === 415 || (end === 'docx' && name.endsWith('.zip')), `${name}.${end}: ${disguised.status}`);
    }
  }
});

test('7: real documents', { skip: needs('documents') }, async () => {
  let n = 0;
  for (const kind of ['pdf', 'docx', 'odt', 'xlsx'])
    for (const name of readdirSync(data_file('documents', kind)).slice(0, 12)) {
      const body = readFileSync(data_file('documents', kind, name));
      const answer = await put(name, body);
      if (answer.status !== 201) continue;
      n++;
      assert.deepEqual((await get(answer.json.hash)).bytes, body);
    }
  assert.ok(n >= 40, `only ${n} were taken`);
});

test('8: quotas', async () => {
  const { record } = await d.call('RecordService/GetRecord', { type: 'document_settings' });
  const settings = record.documentSettings;
  const set = (fields) => d.call('RecordService/UpdateRecord', { record: { documentSettings: { id: settings.id, ...fields } } });
  const small = await d.user('Sven Small', 'rep');
  await set({ fileMaxBytes: '1000000', userMaxBytes: '1500000' });
  assert.equal((await begin('large.txt', 1_000_001, small.token)).status, 413);
  assert.equal((await begin('first.txt', 900_000, small.token)).status, 201);
  // what is under way counts
  const answer = await begin('second.txt', 900_000, small.token);
  assert.equal(answer.status, 413);
  assert.match(answer.json.message, /more than you may store/);
  const usage = await d.call('DocumentService/GetUsage', {}, { token: small.token });
  assert.deepEqual([usage.usage.uploads, usage.usage.uploadBytes], ['1', '900000']);
  await refused('permission_denied', d.call('DocumentService/GetUsage', { userId: rep.id }, { token: small.token }));
  await set({ fileMaxBytes: '5000000000', userMaxBytes: '50000000000' });
  assert.equal((await begin('more than the disk.txt', 4_999_999_999_999)).status, 413);
});

test('9: in words', async () => {
  const path = (await begin('words.txt', 1000)).headers.get('location');
  const body = Buffer.from(text(100));
  assert.equal((await patch(path, 5, body)).status, 409);
  assert.equal((await patch(path, 0, Buffer.alloc(1001, 'x'))).status, 400);
  assert.equal((await patch(path, 0, body, other.token)).status, 404);
  assert.equal((await exchange(`${d.url}${path}`, { method: 'PATCH', headers: head(rep.token), body })).status, 400);
  assert.equal((await exchange(`${d.url}${path}`, { method: 'HEAD' })).status, 401);
  assert.equal((await exchange(`${d.url}/v1/files`, { method: 'POST', headers: head(rep.token) })).status, 400);
  assert.equal((await exchange(`${d.url}/v1/files`, { method: 'DELETE', headers: head(rep.token) })).status, 405);
  assert.equal((await exchange(`${d.url}/v1/files`, { method: 'OPTIONS' })).headers.get('tus-version'), '1.0.0');
  assert.equal((await exchange(`${d.url}${path}`, { method: 'DELETE', headers: head(rep.token) })).status, 204);
  assert.equal((await patch(path, 0, body)).status, 404);
});

test('10: many at once', async () => {
  const users = await Promise.all(['A', 'B', 'C', 'D'].map((n) => d.user(`Many ${n}`, 'rep')));
  const bodies = Array.from({ length: 200 }, (_, i) => `${i} ${text(300_000)}`);
  const answers = await Promise.all(bodies.map((body, i) => put(`many ${i}.txt`, body, users[i % 4].token)));
  assert.deepEqual([...new Set(answers.map((a) => a.status))], [201], answers.find((a) => a.status !== 201)?.text);
  const back = await Promise.all(answers.map((a, i) => get(a.json.hash, {}, users[i % 4].token)));
  back.forEach((b, i) => assert.equal(b.text, bodies[i]));
});

test('the store is what its log says, and holds what it must and nothing else', async () => {
  d.verify();
  const { files, uploads } = stored();
  assert.equal(new Set(files).size, files.length);
  const usage = await d.call('DocumentService/GetUsage', {});
  assert.equal(Number(usage.total.files), files.length);
  assert.equal(uploads.length <= Number(usage.total.uploads), true);
  assert.ok(files.every((name) => statSync(join(folder(), name.slice(0, 2), name.slice(2, 4), name)).size > 0));
});

/** Where a file lies. */
const place = (data, hash) => join(data, 'documents', 'files', hash.slice(0, 2), hash.slice(2, 4), hash);
const flip = (path) => {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(path, bytes);
};

test('11: backup, restore, verify', async () => {
  const body = text(700_000);
  const { hash } = (await put('kept.txt', body)).json;
  const backup = new_folder(), fresh = new_folder();
  try {
    const made = d.tool('backup', backup);
    assert.equal(made.status, 0, made.all);
    const all = stored().files;
    assert.ok(all.every((name) => existsSync(place(backup, name))));
    const other_tool = (...args) => spawnSync(join(BUILD, 'baton'), [...args, '--data', fresh], { encoding: 'utf8' });
    // a damaged file, then one that is not there: nothing is touched
    const whole = readFileSync(place(backup, hash));
    flip(place(backup, hash));
    assert.match(other_tool('restore', backup).stderr, /not what its name says/);
    rmSync(place(backup, hash));
    assert.notEqual(other_tool('restore', backup).status, 0);
    assert.equal(existsSync(join(fresh, 'documents')), false);
    writeFileSync(place(backup, hash), whole);
    const restored = other_tool('restore', backup);
    assert.equal(restored.status, 0, restored.stderr);
    assert.equal(readFileSync(place(fresh, hash), 'utf8'), body);
    const good = other_tool('verify');
    assert.equal(good.status, 0, good.stdout);
    assert.match(good.stdout, new RegExp(`documents: ${all.length.toLocaleString('en').replaceAll(',', '.?')} files were read`));
    // verify reads every byte, misses what is not there and what nobody knows
    flip(place(fresh, hash));
    assert.match(other_tool('verify').stdout, /is not what its name says/);
    rmSync(place(fresh, hash));
    assert.match(other_tool('verify').stdout, new RegExp(`file ${hash} is missing`));
    writeFileSync(place(fresh, hash), body);
    writeFileSync(join(place(fresh, hash), '..', 'f'.repeat(64)), 'x');
    assert.match(other_tool('verify').stdout, /is known to nobody/);
  } finally {
    rmSync(backup, { recursive: true });
    rmSync(fresh, { recursive: true });
  }
});

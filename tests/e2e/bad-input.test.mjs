// Everything that nobody should send: refused with a reason that names the place, nothing half done, everybody alive.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Refused, data_file, needs, request_id, shared } from './lib.mjs';

let processes, received;
const d = shared(async () => {
  processes = d.processes();
  await d.capture({ email: 'first@buyer.example' });
  received = await count();
});
const count = async () => Number((await d.call('LeadService/GetCustody', {})).custody?.received ?? 0);

const CAPTURE = 'LeadService/CaptureLead';
const send = (body, options = {}) => d.ask(options.method ?? CAPTURE, body, { raw: true, ...options });
const proto = { headers: { 'content-type': 'application/proto' } };
const invalid = (answer, what) => {
  assert.equal(answer.status, 400, `${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
  assert.equal(answer.type, 'application/json', what);
  assert.equal(answer.json.code, 'invalid_argument', what);
  assert.ok(answer.json.message.length > 5, what);
};

/** A field of the wire format: its tag and, with bytes, its length. */
const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(Math.floor(n / 128))]);
const field = (number, bytes) => Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);

// What is sent, and which word the refusal must have in it.
const JSON_ROWS = [
  ['nothing', '', /./],
  ['half a message', '{"lead":{"email":"a@b.ex', /./],
  ['a list', '[]', /object/],
  ['a text', '"lead"', /object/],
  ['null', 'null', /./],
  ['something behind it', '{} {}', /./],
  ['a comma too much', '{"lead":{"email":"a@b.example",}}', /./],
  ['single quotes', "{'lead':{}}", /./],
  ['a message that is a number', '{"lead":7}', /lead/],
  ['a message that is a list', '{"lead":[{"email":"a@b.example"}]}', /lead/],
  ['a text that is a number', '{"lead":{"email":7}}', /email/],
  ['a number that is a text', '{"lead":{"annualRevenue":"lots"}}', /annual_?revenue/i],
  ['a number with a fraction', '{"lead":{"annualRevenue":1.5}}', /annual_?revenue/i],
  ['a number that is too large', '{"lead":{"annualRevenue":99999999999999999999}}', /number.*column 4\d/],
  ['a yes that is a text', '{"lead":{"doNotCall":"yes"}}', /do_?not_?call/i],
  ['the same name twice', '{"lead":{"email":"a@b.example","email":"c@d.example"}}', /twice.*column 38/],
  ['both names of a field', '{"lead":{"first_name":"A","firstName":"B"}}', /first_?name/i],
  ['NUL in a text', '{"lead":{"email":"a\\u0000@b.example"}}', /./],
  ['half a character', '{"lead":{"company":"\\ud800"}}', /./],
  ['a lead that is not there', '{}', /lead/],
  ['a null where something must be', '{"lead":null}', /lead/],
  ['a request id that is too long', JSON.stringify({ requestId: 'x'.repeat(65), lead: { email: 'a@b.example' } }), /request_?id/i],
];
for (const [what, body, word] of JSON_ROWS)
  test(`JSON: ${what}`, async () => {
    const answer = await send(body);
    invalid(answer, what);
    assert.match(answer.json.message + (answer.json.details?.[0]?.debug?.field ?? ''), word);
    assert.equal(await count(), received);
  });

test('a text that is far too long for a lead is cut, flagged, and whole in the original', async () => {
  const { lead } = await d.capture({ email: 'long@buyer.example', company: '漢'.repeat(500), message: 'x'.repeat(40000) });
  received++;
  assert.equal(lead.company, '漢'.repeat(133), 'cut between characters');
  assert.equal(lead.message.length, 32768);
  for (const name of ['company', 'message']) assert.ok(lead.flags.some((f) => f.startsWith(name)), lead.flags.join());
  const { original } = await d.call('LeadService/GetLead', { id: lead.id, withOriginal: true });
  assert.ok(Buffer.from(original.body, 'base64').toString().includes('漢'.repeat(500)));
});

test('JSON: bytes that are no UTF-8', async () => {
  for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]]) {
    const body = Buffer.concat([Buffer.from('{"lead":{"company":"'), Buffer.from(bytes), Buffer.from('"}}')]);
    invalid(await send(body), Buffer.from(bytes).toString('hex'));
  }
  invalid(await send(Buffer.from('{"lead":{"company":"a\0b"}}')), 'a raw NUL');
});

test('two members of a oneof', async () => {
  const record = { team: { name: 'T' }, product: { code: 'P', name: 'P' } };
  const answer = await d.ask('RecordService/CreateRecord', { record });
  invalid(answer, 'two members');
  assert.match(answer.json.message, /team|product|record/);
  invalid(await d.ask('RecordService/CreateRecord', { record: {} }), 'no member');
  assert.equal((await d.list('team')).length + (await d.list('product')).length, 0);
});

test('records: unknown types, enums, references, fields that are not the caller’s', async () => {
  const rows = [
    [{ type: 'nonsense' }, 'RecordService/ListRecords'],
    [{ type: 'lead' }, 'RecordService/ListRecords'],
    [{ type: 'user', id: 'not-an-id' }, 'RecordService/GetRecord'],
    [{ type: 'user', pageToken: 'made up' }, 'RecordService/ListRecords'],
    [{ type: 'user', pageSize: 100000 }, 'RecordService/ListRecords'],
    [{ type: 'user', whereField: 'email; drop', whereValue: 'x' }, 'RecordService/ListRecords'],
    [{ record: { user: { email: 'u@x.example', name: 'U', role: 'ROLE_EMPEROR' } } }, 'RecordService/CreateRecord'],
    [{ record: { user: { email: 'u@x.example', name: 'U', role: 'ROLE_SYSTEM' } } }, 'RecordService/CreateRecord'],
    [{ record: { user: { email: 'u@x.example', name: ' ', role: 'ROLE_REP' } } }, 'RecordService/CreateRecord'],
    [{ record: { user: { email: 'no address', name: 'U', role: 'ROLE_REP' } } }, 'RecordService/CreateRecord'],
  ];
  for (const [body, method] of rows) invalid(await d.ask(method, body), JSON.stringify(body));
  const gone = await d.ask('RecordService/GetRecord', { type: 'user', id: request_id() });
  assert.equal(gone.json.code, 'not_found');
});

test('methods and services that do not exist', async () => {
  for (const path of ['LeadService/Nothing', 'NoService/GetLead', 'LeadService', 'LeadService/', '', 'leadservice/getlead']) {
    const answer = await d.ask(path, {});
    assert.equal(answer.status, 404, path);
    assert.equal(answer.json?.code, 'unimplemented', path);
  }
});

test('10 MiB', async () => {
  const big = JSON.stringify({ lead: { email: 'a@b.example', message: 'x'.repeat(10 << 20) } });
  const answer = await send(big);
  assert.equal(answer.status, 413, answer.text.slice(0, 300));
  assert.equal(answer.json.code, 'resource_exhausted');
  const packed = await send(gzipSync(big), { headers: { 'content-encoding': 'gzip' } });
  assert.equal(packed.json.code, 'resource_exhausted', 'a small body that is a large one');
  const damaged = await send(Buffer.from('not gzip at all'), { headers: { 'content-encoding': 'gzip' } });
  invalid(damaged, 'damaged gzip');
  assert.equal(await count(), received);
});

test('10,000 deep, as JSON and as a message', async () => {
  const n = 10000;
  invalid(await send('{"lead":'.repeat(n) + '{}' + '}'.repeat(n)), 'JSON objects');
  invalid(await send(`{"lead":${'['.repeat(n)}${']'.repeat(n)}}`), 'JSON lists');
  invalid(await send(`{"x":${'['.repeat(n)}${']'.repeat(n)}}`), 'in a field that nobody knows');
  let deep = Buffer.alloc(0);
  for (let i = 0; i < n; i++) deep = field(2, deep);
  const answer = await send(deep, proto);
  assert.ok(answer.status < 500, `${answer.status} ${answer.text.slice(0, 200)}`);
  // the unknown groups of old: start-group tags without an end
  invalid(await send(Buffer.alloc(n, 0x1b), proto), 'groups');
});

test('messages: cut off, lengths that lie, numbers without an end, wrong wire types, no text', async () => {
  const good = field(2, field(10, Buffer.from('a@b.example')));
  const rows = [
    ['cut off', good.subarray(0, 6)],
    ['a length beyond the end', Buffer.from([0x12, 0xff, 0xff, 0xff, 0xff, 0x07])],
    ['a number without an end', Buffer.alloc(20, 0xff)],
    ['field number 0', Buffer.from([0x00, 0x00])],
    ['a wire type there is not', Buffer.from([0x16])],
    ['no UTF-8', field(2, field(10, Buffer.from([0x61, 0xff])))],
    ['NUL in a text', field(2, field(10, Buffer.from('a\0b@c.example')))],
    ['a message as a number', Buffer.from([0x10, 0x01])],
  ];
  for (const [what, body] of rows) invalid(await send(body, proto), what);
  assert.equal(await count(), received);
});

test('a message of a million empty parts does not grow', async () => {
  // 65 times its size in memory, if it were unpacked as it is
  const rules = Buffer.concat(Array.from({ length: 400000 }, () => Buffer.from([0x2a, 0x00])));
  const answer = await send(field(2, rules), { ...proto, method: 'LeadService/PublishPolicy' });
  assert.equal(answer.status >= 400 && answer.status < 500, true, `${answer.status} ${answer.text.slice(0, 200)}`);
});

test('2,000 messages of chance: refused or taken, never more', async () => {
  const good = Buffer.concat([
    field(1, Buffer.from(request_id())),
    field(2, Buffer.concat([field(10, Buffer.from('rnd@b.example')), field(8, Buffer.from('B')), field(14, field(5, Buffer.from('DE')))])),
  ]);
  let state = 12345;
  const next = (n) => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) % n;
  const one = async () => {
    const body = Buffer.from(good);
    for (let k = 1 + next(4); k > 0; k--) body[next(body.length)] = next(256);
    const answer = await send(body.subarray(0, 1 + next(body.length)), proto);
    assert.ok(answer.status === 200 || (answer.status >= 400 && answer.status < 500 && answer.json?.code), `${body.toString('hex')}: ${answer.text}`);
  };
  for (let i = 0; i < 100; i++) await Promise.all(Array.from({ length: 20 }, one));
});

test('naughty strings are kept exactly as they are, and read back', { skip: needs('names', 'blns.json') }, async () => {
  const strings = JSON.parse(readFileSync(data_file('names', 'blns.json'), 'utf8'));
  const bad = [];
  for (const text of strings) {
    const fits = Buffer.byteLength(text) <= 400;
    const fields = { email: 'blns@buyer.example', message: `x${text}x`, ...(fits ? { company: text } : {}) };
    const { lead } = await d.capture(fields);
    const back = await d.lead(lead.id);
    // white space around a name is nobody's name
    const want = text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
    if (fits && (back.company ?? '') !== want) bad.push(['company', text, back.company]);
    if (back.message !== `x${text}x`) bad.push(['message', text, back.message]);
  }
  assert.deepEqual(bad, []);
});

test('HTTP that is none', async () => {
  const { hostname, port } = new URL(d.url);
  const raw = (bytes) =>
    new Promise((resolve) => {
      let got = '';
      const socket = connect(Number(port), hostname, () => socket.end(bytes));
      socket.on('data', (b) => (got += b)).on('error', () => resolve(got)).on('close', () => resolve(got));
      socket.setTimeout(10000, () => socket.destroy());
    });
  const auth = `Authorization: Bearer ${d.token}\r\nConnect-Protocol-Version: 1\r\nContent-Type: application/json\r\n`;
  const path = 'POST /baton.v1.LeadService/CaptureLead HTTP/1.1\r\nHost: x\r\n';
  for (const bytes of [
    Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 31) & 255)),
    'GET\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    `GET /${'a'.repeat(100000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100000)}\r\n\r\n`,
    `${path}${auth}Content-Length: -1\r\n\r\n`,
    `${path}${auth}Content-Length: 99999999999999999999\r\n\r\n`,
    `${path}${auth}Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${path}${auth}Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}`,
    `${path}${auth}Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n`,
    `${path}${auth}Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  ]) {
    const got = await raw(bytes);
    assert.ok(!/^HTTP\/1\.\d (2|5)/.test(got) || /^HTTP\/1\.\d 50[15]/.test(got), `${String(bytes).slice(0, 80)}: ${got.slice(0, 200)}`);
  }
});

test('headers that lie', async () => {
  const body = { email: 'h@b.example' };
  const rows = [
    [{ 'connect-timeout-ms': 'soon' }, 400],
    [{ 'connect-timeout-ms': '12345678901' }, 400],
    [{ 'connect-timeout-ms': '-1' }, 400],
    [{ 'connect-protocol-version': '2' }, 400],
    [{ 'content-encoding': 'br' }, 501],
    [{ 'content-type': 'text/plain' }, 415],
    [{ 'content-type': 'application/connect+json' }, 415],
    [{ 'content-type': 'application/grpc' }, 415],
  ];
  for (const [headers, status] of rows) {
    const answer = await d.ask(CAPTURE, { lead: body }, { headers });
    assert.equal(answer.status, status, `${JSON.stringify(headers)}: ${answer.text}`);
    assert.ok(answer.json?.code, 'an Error of Connect');
  }
});

test('paths of the page: nothing outside of it', async () => {
  for (const path of ['/../../etc/passwd', '/..%2f..%2fetc%2fpasswd', '/%00', '/page/../main.c', '//etc/passwd', '/.git/config']) {
    const answer = await fetch(d.url + path);
    const text = await answer.text();
    assert.ok(answer.status >= 400 || /<!doctype html>/i.test(text), `${path}: ${answer.status}`);
    assert.ok(!text.includes('root:'), path);
  }
});

test('a stream with a cursor that is none', async () => {
  for (const cursor of ['abc', '-1', '1e3', '99999999999999999999999']) {
    const stream = d.stream(d.token, { cursor });
    await stream.open();
    assert.equal(stream.status, 400, cursor);
    await stream.close();
  }
  const ahead = d.stream(d.token, { cursor: '999999999' });
  await ahead.first('it is told to begin again', (e) => e.event === 'resync');
  await ahead.close();
});

test('a policy that makes no sense names the place', async () => {
  const pool = await d.create('pool', { name: 'p', members: [] });
  const rule = (fields) => ({ requestId: request_id(), policy: { rules: [{ name: 'r', poolId: pool.id, ...fields }] } });
  const rows = [
    [rule({ conditions: [{ field: 'no_such_field', operator: 'OPERATOR_IS', values: ['x'] }] }), /rules\[0\]\.conditions\[0\]\.field/],
    [rule({ conditions: [{ field: 'company', operator: 'OPERATOR_AT_LEAST', values: ['1'] }] }), /rules\[0\]\.conditions\[0\]/],
    [rule({ conditions: [{ field: 'annual_revenue', operator: 'OPERATOR_AT_LEAST', values: ['many'] }] }), /rules\[0\]\.conditions\[0\]/],
    [rule({ poolId: request_id() }), /rules\[0\]\.pool_id/],
    [rule({ responseMinutes: 0 }), /response_minutes/],
  ];
  for (const [body, place] of rows) {
    try {
      await d.call('LeadService/PublishPolicy', body);
      assert.fail(`taken: ${JSON.stringify(body)}`);
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      assert.ok(e.status < 500 && place.test(`${e.field} ${e.said}`), `${e.field}: ${e.message}`);
    }
  }
});

test('a request id that was used for something else', async () => {
  const requestId = request_id();
  await d.capture({ email: 'one@buyer.example' }, { requestId });
  const answer = await d.ask(CAPTURE, { requestId, lead: { email: 'two@buyer.example' } });
  assert.equal(answer.json.code, 'already_exists');
  assert.equal(answer.json.details[0].debug.field, 'request_id');
});

test('after all that: everything is in order', async () => {
  assert.deepEqual(d.processes(), processes, 'every process is the one that was started');
  const { lead } = await d.capture({ email: 'last@buyer.example' });
  assert.ok(lead.ownerId);
  d.verify();
});

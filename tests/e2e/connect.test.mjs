// The Connect protocol: the same probes to our gateway and to connect-node, and real clients to our gateway.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { exchange, request_id, shared } from './lib.mjs';
import * as web from '../web/connect.mjs';

const { LeadService, LeadStatus } = await web.generated();
const reference = await web.reference(LeadService);
after(() => reference.close());

let known;
const d = shared(async () => {
  known = (await d.capture({ email: 'known@buyer.example', company: 'x'.repeat(300), message: 'y'.repeat(5000) })).lead;
});

const JSON_TYPE = 'application/json', PROTO_TYPE = 'application/proto', NO = web.MISSING_ID;
const enc = encodeURIComponent;
const id_field = (id) => Buffer.concat([Buffer.from([0x0a, id.length]), Buffer.from(id)]);

/** A probe: a method, or path; what the request is; and where ours differs on purpose, what it answers and why. */
const probe = (name, method, request = {}, ours) => ({ name, method, ours, ...request });
const json = (body, headers = {}) => ({ body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': JSON_TYPE, ...headers } });
const proto = (body, headers = {}) => ({ body, headers: { 'content-type': PROTO_TYPE, ...headers } });
const get = (query, headers = {}) => ({ verb: 'GET', query, headers });

// Ours always has a body that says why, also where the reference answers with nothing.
const SAID_404 = { status: 404, type: JSON_TYPE, code: 'unimplemented', why: 'with an Error as its body' };
const SAID_405 = { ...SAID_404, status: 405 };
const SAID_415 = { ...SAID_404, status: 415 };
const SAID_VERSION = { status: 400, type: JSON_TYPE, code: 'invalid_argument', why: 'connect-go refuses it, connect-node does not look' };

const PROBES = [
  probe('JSON', 'ListLeads', json({})),
  probe('JSON with parameters', 'ListLeads', json({}, { 'content-type': 'application/json; charset=utf-8' })),
  probe('JSON in capitals', 'ListLeads', json({}, { 'content-type': 'APPLICATION/JSON' })),
  probe('binary', 'ListLeads', proto(Buffer.alloc(0))),
  probe('with the version', 'ListLeads', json({}, { 'connect-protocol-version': '1' })),
  probe('with another version', 'ListLeads', json({}, { 'connect-protocol-version': '2' }), SAID_VERSION),
  probe('an unknown field', 'ListLeads', json({ nobody: 1 })),
  probe('an unknown enum name', 'ListLeads', json({ status: ['LEAD_STATUS_NOBODY'] }), {
    status: 400,
    type: JSON_TYPE,
    code: 'invalid_argument',
    why: 'a typing error in a filter must not widen it; the reference skips unknown names with unknown fields',
  }),
  probe('an unknown enum number', 'ListLeads', json({ status: [99] })),
  probe('an empty body as JSON', 'ListLeads', json('')),
  probe('broken JSON', 'ListLeads', json('{"a":')),
  probe('JSON that is no object', 'ListLeads', json('[]')),
  probe('a wrong type', 'ListLeads', json({ pageToken: 7 })),
  probe('a truncated message', 'GetLead', proto(Buffer.from([0x0a, 0x40, 0x61])), {
    status: 400,
    type: JSON_TYPE,
    code: 'invalid_argument',
    why: 'it is the caller’s mistake (connect-go says so, too)',
  }),
  probe('not found, as JSON', 'GetLead', json({ id: NO })),
  probe('not found, as binary: the error is JSON', 'GetLead', proto(id_field(NO))),
  probe('not found, of a command', 'AcceptLead', json({ id: NO })),
  probe('no content type', 'ListLeads', { body: '{}', headers: {} }, SAID_415),
  probe('an unknown content type', 'ListLeads', json({}, { 'content-type': 'text/plain' }), SAID_415),
  probe('the type of a stream', 'ListLeads', json({}, { 'content-type': 'application/connect+json' }), SAID_415),
  probe('the type of gRPC-Web', 'ListLeads', json({}, { 'content-type': 'application/grpc-web+json' }), {
    ...SAID_415,
    why: 'we do not speak it; the reference does',
  }),
  probe('the wrong verb', 'ListLeads', { verb: 'PUT', ...json({}) }, SAID_405),
  probe('GET of a method with side effects', 'CaptureLead', get('connect=v1&encoding=json&message=%7B%7D'), SAID_405),
  probe('an unknown method', 'Nothing', json({}), SAID_404),
  probe('an unknown service', '/baton.v1.NoService/GetLead', json({}), SAID_404),
  probe('another case', 'listleads', json({}), SAID_404),
  probe('GET', 'ListLeads', get('connect=v1&encoding=json&message=%7B%7D')),
  probe('GET, other order, something unknown', 'ListLeads', get('message=%7B%7D&x=1&encoding=json&connect=v1')),
  probe('GET without a version', 'ListLeads', get('encoding=json&message=%7B%7D')),
  probe('GET of another version', 'ListLeads', get('connect=v2&encoding=json&message=%7B%7D'), SAID_VERSION),
  probe('GET with base64', 'GetLead', get(`connect=v1&encoding=json&base64=1&message=${Buffer.from(JSON.stringify({ id: NO })).toString('base64url')}`)),
  probe('GET with padded base64', 'GetLead', get(`connect=v1&encoding=json&base64=1&message=${enc(Buffer.from(JSON.stringify({ id: NO })).toString('base64'))}`)),
  probe('GET, binary', 'GetLead', get(`connect=v1&encoding=proto&base64=1&message=${id_field(NO).toString('base64url')}`)),
  probe('GET, packed', 'GetLead', get(`connect=v1&encoding=json&base64=1&compression=gzip&message=${gzipSync(JSON.stringify({ id: NO })).toString('base64url')}`)),
  probe('GET without an encoding', 'ListLeads', get('connect=v1&message=%7B%7D'), SAID_415),
  probe('GET of an unknown encoding', 'ListLeads', get('connect=v1&encoding=xml&message=%7B%7D'), SAID_415),
  probe('GET, broken JSON', 'ListLeads', get('connect=v1&encoding=json&message=%7B')),
  probe('GET, not found', 'GetLead', get(`connect=v1&encoding=json&message=${enc(JSON.stringify({ id: NO }))}`)),
  probe('gzip', 'GetLead', { body: gzipSync(JSON.stringify({ id: NO })), headers: { 'content-type': JSON_TYPE, 'content-encoding': 'gzip' } }),
  probe('gzip that is none', 'ListLeads', json('{}', { 'content-encoding': 'gzip' })),
  probe('gzip of nothing', 'ListLeads', proto(Buffer.alloc(0), { 'content-encoding': 'gzip' })),
  probe('identity', 'ListLeads', json({}, { 'content-encoding': 'identity' })),
  probe('an unknown coding', 'ListLeads', json({}, { 'content-encoding': 'lzma' })),
  probe('a timeout', 'ListLeads', json({}, { 'connect-timeout-ms': '5000' })),
  probe('a timeout of 10 digits', 'ListLeads', json({}, { 'connect-timeout-ms': '9999999999' })),
  probe('a timeout of 11 digits', 'ListLeads', json({}, { 'connect-timeout-ms': '99999999999' })),
  probe('a timeout that is no number', 'ListLeads', json({}, { 'connect-timeout-ms': 'abc' })),
  probe('a negative timeout', 'ListLeads', json({}, { 'connect-timeout-ms': '-5' })),
];

async function ask(url, p, token) {
  const path = p.method.startsWith('/') ? p.method : `/baton.v1.LeadService/${p.method}`;
  const body = p.body === undefined ? undefined : Buffer.from(p.body);
  const headers = { ...p.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const answer = await exchange(`${url}${path}${p.query ? `?${p.query}` : ''}`, { method: p.verb ?? 'POST', headers, body });
  return { status: answer.status, type: answer.type, code: answer.json?.code ?? '' };
}

for (const p of PROBES)
  test(`as the reference: ${p.name}${p.ours ? ' (differs on purpose)' : ''}`, async () => {
    const [ours, theirs] = [await ask(d.url, p, d.token), await ask(reference.url, p)];
    if (p.ours) {
      const { status, type, code } = p.ours;
      assert.deepEqual(ours, { status, type, code });
      assert.notDeepEqual(ours, theirs, 'it does not differ any more: take the exception out');
    } else assert.deepEqual(ours, theirs);
  });

// How JSON is read and written: field of GetLead’s or CaptureLead’s lead, what is sent, what comes back.
const back = async (fields) => {
  const answer = await d.ask('LeadService/CaptureLead', { lead: { email: 'j@buyer.example', ...fields } });
  return answer.status === 200 ? answer.json.lead : answer.json.code;
};
const MAPPING = [
  ['int64 as a number', { annualRevenue: 1000 }, { annualRevenue: '1000' }],
  ['int64 as a text', { annualRevenue: '9223372036854775807' }, { annualRevenue: '9223372036854775807' }],
  ['int64 as 1.0', { annualRevenue: '1.0' }, { annualRevenue: '1' }],
  ['int64 as 1e3', { annualRevenue: '1e3' }, { annualRevenue: '1000' }],
  ['int64 as 1.5', { annualRevenue: '1.5' }, 'invalid_argument'],
  ['int64 that is too large', { annualRevenue: '9223372036854775808' }, 'invalid_argument'],
  ['int64 as nothing', { annualRevenue: '' }, 'invalid_argument'],
  ['int64 behind a space', { annualRevenue: ' 1' }, 'invalid_argument'],
  ['the name in the schema', { product_interest: 'P' }, { productInterest: 'P' }],
  ['a false that is there', { doNotCall: false }, { doNotCall: false }],
  ['null is not there', { company: null }, { company: undefined }],
  ['a bool as a text', { doNotCall: 'true' }, 'invalid_argument'],
  ['characters of every length', { company: 'aé漢𐍈' }, { company: 'aé漢𐍈' }],
];
for (const [what, fields, wanted] of MAPPING)
  test(`JSON: ${what}`, async () => {
    const lead = await back(fields);
    if (typeof wanted === 'string') assert.equal(lead, wanted);
    else for (const [name, value] of Object.entries(wanted)) assert.deepEqual(lead[name], value);
  });

test('JSON: times, enums and 64-bit numbers as the mapping wants them', async () => {
  const lead = await d.lead(known.id);
  assert.match(lead.receivedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6}|\.\d{9})?Z$/);
  assert.equal(lead.status, 'LEAD_STATUS_ASSIGNED');
  assert.equal(typeof lead.revision, 'string');
});

test('a large answer is packed for whoever likes it, a small one is not', async () => {
  const ask_for = (id, accept) =>
    d.ask('LeadService/GetLead', { id, withOriginal: true }, { headers: accept ? { 'accept-encoding': accept } : {} });
  const packed = await ask_for(known.id, 'gzip');
  assert.equal(packed.headers.get('content-encoding'), 'gzip');
  const plain = await ask_for(known.id, 'identity');
  assert.equal(plain.headers.get('content-encoding'), null);
  assert.deepEqual(packed.json, plain.json, 'fetch unpacks');
  assert.equal((await ask_for(NO, 'gzip')).headers.get('content-encoding'), null);
});

test('GET answers have a tag, and are not sent twice', async () => {
  const query = `connect=v1&encoding=json&message=${enc(JSON.stringify({ id: known.id }))}`;
  const url = `${d.url}/baton.v1.LeadService/GetLead?${query}`;
  const headers = { authorization: `Bearer ${d.token}` };
  const first = await exchange(url, { headers });
  assert.equal(first.status, 200);
  const tag = first.headers.get('etag');
  assert.match(first.headers.get('cache-control'), /private/);
  const again = await exchange(url, { headers: { ...headers, 'if-none-match': tag } });
  assert.equal(again.status, 304);
  assert.equal(again.bytes.length, 0);
});

// Real clients, each in each of its ways.
const bearer = (next) => (request) => {
  request.header.set('authorization', `Bearer ${d.token}`);
  return next(request);
};
const CLIENTS = [
  ['connect-node, binary', () => web.createNodeTransport({ baseUrl: d.url, httpVersion: '1.1', interceptors: [bearer] })],
  ['connect-node, JSON', () => web.createNodeTransport({ baseUrl: d.url, httpVersion: '1.1', useBinaryFormat: false, interceptors: [bearer] })],
  ['connect-node, GET', () => web.createNodeTransport({ baseUrl: d.url, httpVersion: '1.1', useHttpGet: true, interceptors: [bearer] })],
  ['connect-node, packed', () => web.createNodeTransport({ baseUrl: d.url, httpVersion: '1.1', sendCompression: web.compressionGzip, compressMinBytes: 1, interceptors: [bearer] })],
  ['connect-web, JSON', () => web.createWebTransport({ baseUrl: d.url, interceptors: [bearer] })],
  ['connect-web, binary', () => web.createWebTransport({ baseUrl: d.url, useBinaryFormat: true, interceptors: [bearer] })],
  ['connect-web, GET', () => web.createWebTransport({ baseUrl: d.url, useHttpGet: true, interceptors: [bearer] })],
  ['connect-web, binary GET', () => web.createWebTransport({ baseUrl: d.url, useHttpGet: true, useBinaryFormat: true, interceptors: [bearer] })],
];
for (const [name, transport] of CLIENTS)
  test(`client: ${name}`, async () => {
    const client = web.createClient(LeadService, transport());
    const email = `${request_id()}@buyer.example`;
    const captured = await client.captureLead({ requestId: request_id(), lead: { email, company: 'Kunde' } });
    assert.equal(captured.lead.status, LeadStatus.ASSIGNED);
    const { lead } = await client.getLead({ id: captured.lead.id }, { timeoutMs: 5000 });
    assert.equal(lead.email, email);
    assert.equal(typeof lead.revision, 'bigint');
    assert.ok((await client.listLeads({ pageSize: 5 })).leads.length > 0);
    const missing = await client.getLead({ id: NO }).catch((e) => e);
    assert.ok(missing instanceof web.ConnectError);
    assert.equal(missing.code, web.Code.NotFound);
    const wrong = await client.captureLead({}).catch((e) => e);
    assert.equal(wrong.code, web.Code.InvalidArgument);
    const violation = wrong.details.find((detail) => detail.type === 'baton.v1.FieldViolation');
    assert.ok(violation?.value.length > 0, JSON.stringify(wrong.details));
  });

test('client: buf curl, its exit status is the code times 8', () => {
  const curl = (method, data, token = d.token) =>
    web.buf('curl', '--schema', 'proto', '-H', `Authorization: Bearer ${token}`, '-d', JSON.stringify(data), `${d.url}/baton.v1.LeadService/${method}`);
  const found = curl('GetLead', { id: known.id });
  assert.equal(found.status, 0, found.err);
  assert.equal(JSON.parse(found.out).lead.id, known.id);
  assert.equal(curl('GetLead', { id: NO }).status, 5 * 8);
  assert.equal(curl('GetLead', { id: 'x' }).status, 3 * 8);
  assert.equal(curl('GetLead', { id: NO }, 'nonsense').status, 16 * 8);
});

test('the schema that the gateway gives is whole: every service, options and all', async () => {
  const { bytes } = await exchange(`${d.url}/schema.binpb`);
  const registry = web.registry_of(bytes);
  for (const name of ['LeadService', 'DirectoryService', 'NotificationService', 'RecordService', 'SystemService'])
    assert.ok(registry.getService(`baton.v1.${name}`), name);
  const transport = web.createNodeTransport({ baseUrl: d.url, httpVersion: '1.1', interceptors: [bearer] });
  const client = web.createClient(registry.getService('baton.v1.LeadService'), transport);
  assert.equal((await client.getLead({ id: known.id })).lead.company, known.company);
});

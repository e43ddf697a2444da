// Web forms, as browsers and machines send them, without any script.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange, refused, request_id, shared } from './lib.mjs';

const d = shared(async () => {
  await d.create('leadForm', { name: 'plain', leadSource: 'web', campaignId: 'spring' });
  await d.create('leadForm', { name: 'back', redirectUrl: 'https://www.example/thanks?a=1&b=2', trapField: 'fax' });
  await d.settled();
});

const post = (form, body, type = 'application/x-www-form-urlencoded') =>
  exchange(`${d.url}/forms/${form}`, { method: 'POST', headers: { 'content-type': type }, body });
const encoded = (fields) => new URLSearchParams(fields).toString();

/** The newest lead there is. */
const newest = async () => (await d.call('LeadService/ListLeads', { pageSize: 1 })).leads?.[0];

test('a form becomes a lead, fields by their usual names, the rest in its message', async () => {
  const email = `${request_id()}@buyer.example`;
  const body = encoded({ Name: 'Ada Lovelace', 'E-Mail': email, tel: '+49 30 123456', Firma2: 'A&B', comments: 'Hallo!' });
  const answer = await post('plain', body);
  assert.equal(answer.status, 200);
  assert.equal(answer.type, 'text/html');
  assert.match(answer.text, /Thank you/i);
  const lead = await newest();
  assert.equal(lead.email, email);
  assert.equal(lead.firstName, 'Ada');
  assert.equal(lead.lastName, 'Lovelace');
  assert.equal(lead.phone, '+49 30 123456');
  assert.match(lead.message, /Hallo!/);
  assert.match(lead.message, /Firma2: A&B/);
  assert.equal(lead.leadSource, 'web');
  assert.equal(lead.campaignId, 'spring');
  assert.ok(lead.ownerId);
  const { original } = await d.call('LeadService/GetLead', { id: lead.id, withOriginal: true });
  assert.equal(Buffer.from(original.body, 'base64').toString(), body, 'the original is kept byte for byte');
});

test('multipart with a file: the fields are read, the file stays in the original', async () => {
  const form = new FormData();
  const email = `${request_id()}@buyer.example`;
  form.set('email', email);
  form.set('message', 'línea 1\nlínea 2 — 日本語');
  form.set('cv', new Blob(['%PDF-1.4 not really'], { type: 'application/pdf' }), 'cv.pdf');
  const answer = await exchange(`${d.url}/forms/plain`, { method: 'POST', body: form });
  assert.equal(answer.status, 200, answer.text);
  const lead = await newest();
  assert.equal(lead.email, email);
  assert.match(lead.message.replace(/\r/g, ''), /línea 1\nlínea 2 — 日本語/);
  const { original } = await d.call('LeadService/GetLead', { id: lead.id, withOriginal: true });
  assert.match(Buffer.from(original.body, 'base64').toString(), /%PDF-1\.4 not really/);
});

test('the browser goes back to where the form says', async () => {
  const answer = await post('back', encoded({ email: `${request_id()}@buyer.example` }));
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get('location'), 'https://www.example/thanks?a=1&b=2');
});

test('who fills in what people do not see is thanked, and kept as rejected', async () => {
  const email = `${request_id()}@spam.example`;
  const answer = await post('back', encoded({ email, fax: 'cheap pills' }));
  assert.equal(answer.status, 303, 'it sees no difference');
  const lead = await newest();
  assert.equal(lead.email, email);
  assert.equal(lead.status, 'LEAD_STATUS_REJECTED');
  assert.match(lead.statusReason, /trap/);
});

test('nothing to reach anybody by is kept, and rejected', async () => {
  const answer = await post('plain', encoded({ name: 'Nobody' }));
  assert.equal(answer.status, 200);
  assert.equal((await newest()).status, 'LEAD_STATUS_REJECTED');
});

test('damaged text is readable, and whole in the original', async () => {
  const email = `${request_id()}@buyer.example`;
  const body = Buffer.concat([Buffer.from(`email=${email}&company=M%FCller&name=`), Buffer.from([0xff, 0xfe])]);
  const answer = await post('plain', body);
  assert.equal(answer.status, 200, answer.text);
  const lead = await newest();
  assert.equal(lead.company, 'M\ufffdller');
  const { original } = await d.call('LeadService/GetLead', { id: lead.id, withOriginal: true });
  assert.ok(Buffer.from(original.body, 'base64').equals(body));
});

// What is refused, and with which status. None of it may become a lead.
const HOSTILE = [
  ['an unknown form', 404, 'no-such-form', 'email=a@b.example'],
  ['a name that climbs', 404, '..%2f..%2fetc%2fpasswd', 'email=a@b.example'],
  ['a name that is no text', 404, '%ff%fe', 'email=a@b.example'],
  ['no form at all', 415, 'plain', '{"email":"a@b.example"}', 'application/json'],
  ['multipart without a boundary', 400, 'plain', 'x', 'multipart/form-data'],
  ['multipart that never ends', 400, 'plain', '--B\r\nContent-Disposition: form-data; name="email"\r\n\r\na@b.ex', 'multipart/form-data; boundary=B'],
  ['300 fields', 400, 'plain', Array.from({ length: 300 }, (_, i) => `f${i}=1`).join('&')],
  ['a field of 100 kB', 400, 'plain', `email=a@b.example&message=${'x'.repeat(100000)}`],
  ['a form of 1 MB', 413, 'plain', Array.from({ length: 100 }, (_, i) => `f${i}=${'x'.repeat(10000)}`).join('&')],
  ['a name of 5 kB', 400, 'plain', `${'n'.repeat(5000)}=1&email=a@b.example`],
];
for (const [what, status, form, body, type] of HOSTILE)
  test(`${what}: ${status}, as a page, and no lead`, async () => {
    const before = (await newest())?.id;
    const answer = await post(form, body, type);
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.type, 'text/html');
    assert.equal((await newest())?.id, before);
  });

test('script in a field is text, and the page that shows a refusal does not run it', async () => {
  const nasty = '<script>alert(1)</script>';
  const answer = await post('plain', `${encodeURIComponent(nasty)}=${'x'.repeat(70000)}&email=a@b.example`);
  assert.equal(answer.status, 400);
  assert.ok(!answer.text.includes('<script>'), answer.text);
  assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  const email = `${request_id()}@buyer.example`;
  await post('plain', encoded({ email, company: nasty }));
  assert.equal((await newest()).company, nasty);
});

test('only POST', async () => {
  const answer = await exchange(`${d.url}/forms/plain`);
  assert.equal(answer.status, 405);
  assert.match(answer.headers.get('allow') ?? '', /POST/);
});

test('a form is not for sending people anywhere', async () => {
  for (const redirectUrl of ['javascript:alert(1)', '//evil.example', 'https://a.example/\r\nSet-Cookie: x=1']) {
    const answer = await d.ask('RecordService/CreateRecord', {
      record: { leadForm: { name: `evil${request_id().slice(0, 8)}`, redirectUrl } },
    });
    if (answer.status !== 200) continue; // refused at once: as good
    const sent = await post(answer.json.record.leadForm.name, encoded({ email: 'a@b.example' }));
    assert.equal(sent.headers.get('location'), null, redirectUrl);
    assert.equal(sent.headers.get('set-cookie'), null, redirectUrl);
  }
  await refused('already_exists', d.create('leadForm', { name: 'plain' }));
});

test('one address that sends too much is slowed down', async () => {
  const answers = await Promise.all(Array.from({ length: 400 }, () => post('no-such-form', 'a=1')));
  const statuses = new Set(answers.map((a) => a.status));
  assert.ok(statuses.has(429), `only ${[...statuses]}`);
  assert.ok(answers.find((a) => a.status === 429).headers.get('retry-after'));
  d.verify();
});

// Web forms, as browsers and machines send them, without any script.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange, refused, request_id, shared } from './lib.mjs';

const d = shared(async () => {
  await d.create('leadForm', { name: 'plain', leadSource: 'web', campaignId: 'spring' });
  await d.create('leadForm', { name: 'back', redirectUrl: 'https://www.example/thanks?a=1&b=2', trapField: 'fax' });
  await d.create('leadForm', { name: 'quick', leastSeconds: 60 });
  await d.create('leadForm', GUIDE);
  await d.create('leadForm', { ...GUIDE, name: 'leitfaden', language: 'de', title: undefined, thankYou: undefined });
  await d.settled();
});

const GUIDE = {
  name: 'guide', title: 'Get the <guide>', introduction: 'Free & at once.', thankYou: 'It is on its way.',
  submitLabel: 'Send it', leadSource: 'Web site', campaignId: 'guide-2027', product: 'Relay', themeColour: '#ffcc00',
  allowedOrigins: ['https://www.example', 'https://*.shop.example:8443'], redirectUrl: undefined,
  hidden: [{ name: 'segment', value: 'b2b' }, { name: 'industry', value: 'Logistics' }],
  fields: [
    { name: 'name', label: 'Your "name"', required: true },
    { name: 'contact_at', label: 'E-mail', kind: 'FORM_FIELD_KIND_EMAIL', required: true, help: 'Where we answer.' },
    { name: 'tel', label: 'Telephone', kind: 'FORM_FIELD_KIND_PHONE' },
    { name: 'size', label: 'Fleet', kind: 'FORM_FIELD_KIND_CHOICE', choices: ['1-10', '11 & more'] },
    { name: 'budget', label: 'Budget', kind: 'FORM_FIELD_KIND_NUMBER' },
    { name: 'start', label: 'Start', kind: 'FORM_FIELD_KIND_DATE' },
    { name: 'land', label: 'Country', kind: 'FORM_FIELD_KIND_COUNTRY' },
    { name: 'plan', label: 'A plan', kind: 'FORM_FIELD_KIND_FILE' },
    { name: 'message', label: 'Message', kind: 'FORM_FIELD_KIND_LONG_TEXT', maxLength: 20 },
    { name: 'agree', label: 'You may write to me', kind: 'FORM_FIELD_KIND_CONSENT', required: true },
  ],
};
const GOOD = () => ({ name: 'Ada Lovelace', contact_at: `${request_id()}@buyer.example`, agree: 'yes' });
const show = (form, init) => exchange(`${d.url}/forms/${form}`, init);

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

test('the same form fifty times is one lead, and another among them is not lost', async () => {
  const received = async () => Number((await d.call('LeadService/GetCustody', {})).custody.received);
  const before = await received(), email = `${request_id()}@buyer.example`;
  const other = `${request_id()}@buyer.example`;
  for (let i = 0; i < 50; i++) {
    assert.equal((await post('plain', encoded({ email }))).status, 200);
    if (i === 25) await post('plain', encoded({ email: other }));
  }
  const made = (await received()) - before;
  assert.ok(made >= 2 && made <= 3, `${made}: two, or three over midnight`);
  const { leads } = await d.call('LeadService/ListLeads', { pageSize: made });
  assert.ok(leads.some((l) => l.email === other));
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

test('a form without definitions has a page of the usual, and takes everything', async () => {
  const answer = await show('plain');
  assert.equal(answer.status, 200);
  for (const name of ['name', 'email', 'company', 'phone', 'message', 'website2'])
    assert.ok(answer.text.includes(` name="${name}"`), name);
  assert.equal((await show('no-such-form')).status, 404);
  assert.equal((await show('plain', { method: 'HEAD' })).status, 200);
  const other = await show('plain', { method: 'PUT' });
  assert.equal(other.status, 405);
  assert.match(other.headers.get('allow') ?? '', /POST/);
});

test('the page of a form: labels, help, what browsers fill in, nothing that runs, and all of it escaped', async () => {
  const { text, headers } = await show('guide?utm_source=news&utm_medium=%3Cb%3E&nothing=1', {
    headers: { referer: 'https://www.example/page?token=secret' },
  });
  assert.match(text, /<html lang="en">/);
  assert.match(text, /<h1>Get the &lt;guide&gt;<\/h1>/);
  assert.match(text, /<label for="f1">Your &quot;name&quot;<\/label>/);
  assert.match(text, /<input type="text" id="f1" name="name" autocomplete="name" required>/);
  assert.match(text, /<input type="email" id="f2" name="contact_at" autocomplete="email" required aria-describedby="f2-help" inputmode="email">/);
  assert.match(text, /<span class="optional">\(optional\)<\/span>/);
  assert.match(text, /<option value="11 &amp; more">11 &amp; more<\/option>/);
  assert.match(text, /<option value="Germany">Germany<\/option>/);
  assert.match(text, /enctype="multipart\/form-data"/);
  assert.match(text, /<input type="hidden" name="utm_source" value="news">/);
  assert.match(text, /<input type="hidden" name="utm_medium" value="&lt;b&gt;">/);
  assert.match(text, /<input type="hidden" name="referrer" value="https:\/\/www\.example\/page">/);
  assert.ok(!text.includes('guide-2027') && !text.includes('b2b'), 'what the form says for itself is not on its page');
  assert.match(text, /--accent: #ffcc00; --on-accent: #000/);
  const policy = headers.get('content-security-policy');
  assert.match(policy, /frame-ancestors 'self' https:\/\/www\.example https:\/\/\*\.shop\.example:8443$/);
  assert.match(policy, /default-src 'none'/);
  assert.match((await show('plain')).headers.get('content-security-policy'), /frame-ancestors 'none'$/);
  assert.ok(!(await show('plain')).text.includes('<script'));
});

test('what is asked for is checked, nothing is lost, and it is no lead', async () => {
  const before = (await newest())?.id;
  const wrong = {
    name: ' ', contact_at: 'ada at b', tel: '12', size: '7', budget: 'much', start: '2027-02-29', land: 'France',
    message: 'Ü"<b>'.repeat(10), utm_source: 'news',
  };
  const form = new FormData();
  for (const [name, value] of Object.entries(wrong)) form.set(name, value);
  form.set('plan', new Blob(['x']), 'plan.pdf');
  const { status, text } = await exchange(`${d.url}/forms/guide`, { method: 'POST', body: form });
  assert.equal(status, 422);
  const said = Object.fromEntries([...text.matchAll(/<p class="problem" id="f(\d+)-problem">([^<]*)</g)].map((m) => [m[1], m[2]]));
  assert.deepEqual(Object.keys(said), ['1', '2', '3', '4', '5', '6', '8', '9', '10']);
  assert.equal(said[1], 'Please fill this in.');
  assert.match(said[2], /e-mail address/);
  assert.match(said[8], /file once more/);
  assert.match(said[10], /agreement/);
  assert.match(text, /role="alert"/);
  assert.match(text, /<a href="#f10">You may write to me<\/a>/);
  assert.match(text, /id="f2" name="contact_at" autocomplete="email" required aria-invalid="true" aria-describedby="f2-problem f2-help" inputmode="email" value="ada at b"/);
  assert.match(text, /<option value="France" selected>/);
  assert.ok(text.includes('>\nÜ&quot;&lt;b&gt;Ü'), 'what was written is there again');
  assert.match(text, /name="utm_source" value="news"/);
  assert.equal((await newest())?.id, before);
});

test('in the form\'s language', async () => {
  const { status, text } = await post('leitfaden', encoded({ name: 'Ada' }));
  assert.equal(status, 422);
  assert.match(text, /<html lang="de">/);
  assert.match(text, /Bitte füllen Sie das aus\./);
  assert.match(text, /<option value="Germany">Deutschland<\/option>/);
  assert.match((await post('leitfaden', encoded(GOOD()))).text, /Vielen Dank/);
});

test('a form with definitions becomes a lead of its campaign', async () => {
  const good = { ...GOOD(), size: '1-10', budget: '1,250.50', start: '2028-02-29', land: 'Germany', utm_source: 'news',
    utm_campaign: 'other', referrer: 'https://www.example/', product: 'Another', extra: 'kept' };
  const answer = await post('guide', encoded(good));
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.text, /It is on its way\./);
  const lead = await newest();
  assert.equal(lead.email, good.contact_at);
  assert.equal(lead.address.country, 'Germany');
  assert.equal(lead.leadSource, 'Web site');
  assert.equal(lead.campaignId, 'guide-2027');
  assert.equal(lead.productInterest, 'Relay');
  assert.equal(lead.industry, 'Logistics');
  for (const line of ['Fleet: 1-10', 'Budget: 1,250.50', 'Start: 2028-02-29', 'You may write to me: yes', 'product: Another', 'extra: kept'])
    assert.ok(lead.message.split('\n').includes(line), `${line} in ${lead.message}`);
  assert.deepEqual(Object.fromEntries(lead.attributes.map((a) => [a.name, a.value])),
    { segment: 'b2b', utm_source: 'news', utm_campaign: 'other', referrer: 'https://www.example/' });
});

test('files that come with a form are named on the lead and kept in the original', async () => {
  const form = new FormData();
  for (const [name, value] of Object.entries(GOOD())) form.set(name, value);
  form.set('plan', new Blob(['%PDF-1.4 not really'], { type: 'application/pdf' }), 'Plan für Größe.pdf');
  form.append('plan', new Blob([]), '');
  const answer = await exchange(`${d.url}/forms/guide`, { method: 'POST', body: form });
  assert.equal(answer.status, 200, answer.text);
  const lead = await newest();
  const { checksum, ...file } = lead.attachments[0];
  assert.deepEqual(file, { name: 'Plan für Größe.pdf', type: 'application/pdf', size: '19', field: 'plan' });
  assert.match(checksum, /^[0-9a-f]{32}$/);
  assert.equal(lead.attachments.length, 1);
  const { original } = await d.call('LeadService/GetLead', { id: lead.id, withOriginal: true });
  assert.match(original.contentType, /^multipart\/form-data/);
  assert.match(Buffer.from(original.body, 'base64').toString(), /%PDF-1\.4 not really/);
});

test('another file of the same name and size is not the same form', async () => {
  const fields = GOOD(), ids = [];
  for (const text of ['one', 'two', 'one']) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('plan', new Blob([text]), 'plan.txt');
    assert.equal((await exchange(`${d.url}/forms/guide`, { method: 'POST', body: form })).status, 200);
    ids.push((await newest()).id);
  }
  assert.notEqual(ids[0], ids[1]);
  assert.equal(ids[1], ids[2], 'the first was there already');
});

test('who sends it in the moment its page is there is a machine; nobody can say when that was but the page', async () => {
  const stamp = (await show('quick')).text.match(/name="baton_shown" value="([^"]+)"/)[1];
  const send = async (more) => {
    assert.match((await post('quick', encoded({ email: `${request_id()}@buyer.example`, ...more }))).text, /Thank you/);
    return newest();
  };
  const quick = await send({ baton_shown: stamp });
  assert.equal(quick.status, 'LEAD_STATUS_REJECTED');
  assert.match(quick.statusReason, /60 seconds/);
  for (const more of [{}, { baton_shown: '' }, { baton_shown: `${stamp}0` }, { baton_shown: `1${stamp}` }, { baton_shown: 'x-y' }]) {
    const lead = await send(more);
    assert.notEqual(lead.status, 'LEAD_STATUS_REJECTED', JSON.stringify(more));
    assert.equal(lead.message, undefined);
  }
});

test('who is trapped is not told what is wrong either', async () => {
  const answer = await post('guide', encoded({ contact_at: 'nobody', website2: 'x' }));
  assert.equal(answer.status, 200);
  assert.equal((await newest()).status, 'LEAD_STATUS_REJECTED');
});

// What a form may not be, and the field that says so.
const NO_FORMS = [
  ['two fields of one name', 'lead_form.fields', { fields: [{ name: 'a', label: 'A' }, { name: 'a', label: 'B' }] }],
  ['a field that is the trap', 'lead_form.fields', { fields: [{ name: 'website2', label: 'A' }] }],
  ['nothing to choose from', 'lead_form.fields', { fields: [{ name: 'a', label: 'A', kind: 'FORM_FIELD_KIND_CHOICE' }] }],
  ['a field without a label', 'lead_form.fields[0].label', { fields: [{ name: 'a' }] }],
  ['an origin with a path', 'lead_form.allowed_origins', { allowedOrigins: ['https://a.example/b'] }],
  ['an origin that says more', 'lead_form.allowed_origins', { allowedOrigins: ["https://a.example; script-src *"] }],
  ['any origin', 'lead_form.allowed_origins', { allowedOrigins: ['*'] }],
  ['a colour that is a style', 'lead_form.theme_colour', { themeColour: 'red;}*{' }],
];
for (const [what, field, more] of NO_FORMS)
  test(`${what}: refused`, async () => {
    const no = await refused('invalid_argument', d.create('leadForm', { name: 'never', ...more }));
    assert.equal(no.field, field);
  });

test('what other sites load to show a form', async () => {
  const answer = await show('guide/embed.js');
  assert.equal(answer.status, 200);
  assert.equal(answer.type, 'text/javascript');
  assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin');
  assert.equal((await exchange(`${d.url}/form.css`)).headers.get('cross-origin-resource-policy'), 'same-origin');
});

test('the tool sets a form from a file, as a whole, shows it and says what to paste', async () => {
  const set = (form) => d.tool('form', 'set', '-', { input: JSON.stringify(form) });
  const form = { name: 'tool', title: 'A "form"', introduction: 'First', fields: [{ name: 'email', label: 'E-mail', kind: 'FORM_FIELD_KIND_EMAIL' }] };
  const made = set(form);
  assert.equal(made.status, 0, made.all);
  assert.match(made.out, /^made: http:.*\/forms\/tool$/m);
  const shown = JSON.parse(d.tool('form', 'show', 'tool', '--json').out);
  assert.equal(shown.introduction, 'First');
  const changed = set({ ...shown, introduction: undefined, title: 'Another' });
  assert.match(changed.out, /^changed: /);
  const now = JSON.parse(d.tool('form', 'show', 'tool', '--json').out);
  assert.equal(now.introduction, undefined, 'what the file does not say is gone');
  assert.equal(now.title, 'Another');
  assert.match(d.tool('form', 'show', 'tool').out, /email\s+E-mail\s+EMAIL/);
  assert.match(d.tool('form', 'list').out, /tool\s+Another\s+1/);
  const snippet = d.tool('form', 'snippet', 'tool', '--url', 'https://crm.example/');
  assert.match(snippet.out, /<script src="https:\/\/crm\.example\/forms\/tool\/embed\.js" data-title="Another" async>/);
  assert.match(snippet.err, /allowedOrigins/);
  assert.match(d.tool('form', 'snippet', 'tool', '--html').out, /^<form method="post" .*action="http:.*\/forms\/tool">/m);
  assert.equal(set({ name: 'Not a name' }).status, 1);
  assert.equal(d.tool('form', 'set', '/nowhere/form.json').status, 1);
  assert.equal(d.tool('form', 'show', 'never').status, 1);
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

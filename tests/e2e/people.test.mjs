// What is known about a customer's people.
// 1 whoever a note mentions hears of it at once, by id or address, once, and never who writes it
// 2 a mention of nobody, or of somebody who may not read notes, stays text
// 3 relationships: both ends exist, no circle; what they name is not deleted
// 4 a key account is one answer: plan, buyers, contacts, relationships, history, notes, open activities
// 5 consent: each word is kept, the newest by channel and purpose holds
// 6 tags: each once, and records are listed by them
// 7 custom fields: values as their definitions say, with the field named where they are not
// 8 a definition that has been used is retired, not deleted
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, request_id, shared, until } from './lib.mjs';

const d = shared(set_up);
let ann, bob, wang, pat, acme, smith, jones;

async function set_up() {
  ann = await d.user('Ann', 'rep');
  bob = await d.user('Bob', 'inside');
  wang = await d.user('Wang', 'service', { locale: 'zh-TW' });
  pat = await d.user('Pat', 'partner');
  acme = await d.create('account', { name: 'Acme', isKeyAccount: true });
  smith = await d.create('contact', { firstName: 'Jo', lastName: 'Smith', accountId: acme.id });
  jones = await d.create('contact', { lastName: 'Jones', accountId: acme.id, reportsToId: smith.id });
  await d.settled();
}

const update = async (type, fields, options = {}) => {
  const body = { requestId: request_id(), record: { [type]: fields }, clear: options.clear };
  return (await d.call('RecordService/UpdateRecord', body, options)).record[type];
};
const remove = (type, id) => d.call('RecordService/DeleteRecord', { requestId: request_id(), type, id });
const told = async (user) =>
  (await d.call('NotificationService/ListNotifications', {}, { token: user.token })).notifications ?? [];
const mentions = async (user, note) => (await told(user)).filter((n) => n.noteId === note.id);
const key_account = (id = acme.id) => d.call('ContactService/GetKeyAccount', { accountId: id });
const consent = (fields) => d.create('consent', { contactId: smith.id, source: 'call', proof: 'said so', ...fields });
const holds = async () => (await d.call('ContactService/GetConsent', { contactId: smith.id })).consents ?? [];

test('1: whoever is mentioned hears of it', async () => {
  const stream = d.stream(bob.token);
  await stream.open();
  const text = `Ask @[Bob the Builder](${bob.id}) and @Wang@staff.example, says @[Ann](${ann.id}).`;
  const note = await d.create('note', { text, accountId: acme.id, contactId: smith.id }, { token: ann.token });
  assert.deepEqual(note.mentionedIds, [bob.id, wang.id, ann.id]);
  const event = await stream.first('the mention', (e) => e.json.noteId === note.id);
  assert.equal(event.json.class, 'NOTIFICATION_CLASS_MENTION');
  assert.equal(event.json.title, 'You are mentioned in a note: Jo Smith');
  assert.equal(event.json.text, 'Ann: Ask @Bob the Builder and @Wang@staff.example, says @Ann.');
  const [chinese] = await until('Wang is told', async () => (await mentions(wang, note)).length && mentions(wang, note));
  assert.equal(chinese.title, '有備註提到您：Jo Smith');
  // an edit that mentions the same again tells nobody, one that mentions others tells those
  await update('note', { id: note.id, text: `${text} Soon.` }, { token: ann.token });
  await update('note', { id: note.id, text: `${text} And @[Admin](${ann.id})!` }, { token: bob.token });
  await d.settled();
  assert.deepEqual([await mentions(bob, note), await mentions(ann, note)].map((n) => n.length), [1, 0]);
  await stream.close();
});

test('2: who may not read it stays text', async () => {
  const text = `@[Pat](${pat.id}) @[Nobody](0190a8e2-1111-7000-8000-000000000001) @no@body.example mail bob@staff.example`;
  const note = await d.create('note', { text }, { token: ann.token });
  assert.equal(note.mentionedIds, undefined);
  assert.equal(note.text, text);
  await d.settled();
  assert.deepEqual(await told(pat), []);
});

test('3: relationships', async () => {
  const related = (fields) => d.create('relationship', { fromContactId: smith.id, ...fields });
  const nobody = '0190a8e2-1111-7000-8000-000000000001';
  const kind = 'RELATIONSHIP_KIND_INFLUENCES';
  assert.equal((await refused('not_found', related({ toContactId: nobody, kind }))).field, 'relationship.to_contact_id');
  await refused('failed_precondition', related({ toContactId: smith.id, kind }));
  // Jones reports to Smith by their own record
  const circle = related({ toContactId: jones.id, kind: 'RELATIONSHIP_KIND_REPORTS_TO' });
  assert.equal((await refused('failed_precondition', circle)).field, 'relationship.to_contact_id');
  const made = await related({ toContactId: jones.id, kind, role: 'mentor' });
  await refused('already_exists', related({ toContactId: jones.id, kind, role: 'mentor' }));
  await refused('failed_precondition', update('relationship', { id: made.id, kind: 'RELATIONSHIP_KIND_KNOWS' }));
  assert.equal((await update('relationship', { id: made.id, role: 'sponsor' })).role, 'sponsor');
  await related({ toAccountId: acme.id, kind: 'RELATIONSHIP_KIND_ROLE_AT', role: 'chairs the board' });
  await refused('failed_precondition', remove('contact', jones.id));
  // the other way round a superior by relationship counts for the record
  const boss = await d.create('contact', { lastName: 'Boss' });
  await related({ toContactId: boss.id, kind: 'RELATIONSHIP_KIND_REPORTS_TO' });
  await refused('failed_precondition', update('contact', { id: boss.id, reportsToId: jones.id }));
});

test('4: a key account is one answer', async () => {
  const small = await d.create('account', { name: 'Small' });
  const plan = { accountId: acme.id, goals: 'two more plants', nextReviewDate: '2027-01-15' };
  const buyers = [
    { contactId: smith.id, role: 'BUYING_ROLE_DECISION_MAKER' },
    { contactId: jones.id, role: 'BUYING_ROLE_GATEKEEPER' },
  ];
  assert.equal((await refused('failed_precondition', d.create('accountPlan', { ...plan, accountId: small.id }))).field, 'account_plan.account_id');
  await d.create('accountPlan', { ...plan, buyers });
  await refused('already_exists', d.create('accountPlan', plan));
  await refused('failed_precondition', update('account', { id: acme.id, isKeyAccount: false }));
  await update('account', { id: acme.id, website: 'https://acme.example' }, { token: ann.token });
  const open = await d.create('activity', { kind: 'ACTIVITY_KIND_CALL', subject: 'call back', contactId: jones.id });
  await d.create('activity', { kind: 'ACTIVITY_KIND_CALL', subject: 'called', accountId: acme.id, status: 'ACTIVITY_STATUS_DONE' });
  const late = await d.create('note', { text: 'late', contactId: jones.id, accountId: acme.id });
  const page = await key_account();
  assert.equal(page.account.name, 'Acme');
  assert.equal(page.plan.goals, 'two more plants');
  assert.deepEqual(page.buyers.map((b) => [b.buyer.role, b.contact.lastName]), [
    ['BUYING_ROLE_DECISION_MAKER', 'Smith'],
    ['BUYING_ROLE_GATEKEEPER', 'Jones'],
  ]);
  assert.deepEqual(page.contacts.map((c) => c.lastName), ['Smith', 'Jones']);
  assert.deepEqual(page.relationships.map((r) => r.role), ['sponsor', 'chairs the board']);
  const [newest] = page.history;
  assert.deepEqual([newest.type, newest.fields, newest.actor.userId], ['account', ['website'], ann.id]);
  assert.deepEqual(page.history.slice(1).map((h) => [h.type, h.id]), [
    ['contact', jones.id],
    ['contact', smith.id],
    ['account', acme.id],
  ]);
  assert.equal(page.notes[0].id, late.id);
  assert.equal(page.notes.length, 2);
  assert.deepEqual(page.openActivities.map((a) => a.id), [open.id]);
  assert.equal(page.isCut, undefined);
  assert.equal((await key_account(small.id)).plan, undefined);
  await refused('permission_denied', d.call('ContactService/GetKeyAccount', { accountId: acme.id }, { token: pat.token }));
});

test('5: consent', async () => {
  const mail = { channel: 'CONSENT_CHANNEL_EMAIL', purpose: 'Newsletter' };
  const given = await consent({ ...mail, state: 'CONSENT_STATE_GIVEN', saidAt: '2026-01-10T10:00:00Z' });
  await consent({ channel: 'CONSENT_CHANNEL_PHONE', purpose: 'offers', state: 'CONSENT_STATE_GIVEN' });
  await consent({ ...mail, purpose: ' NEWSLETTER', state: 'CONSENT_STATE_WITHDRAWN', saidAt: '2026-01-20T10:00:00Z' });
  // written down later, said before
  await consent({ ...mail, state: 'CONSENT_STATE_GIVEN', saidAt: '2026-01-15T10:00:00Z', source: 'form' });
  const now = await holds();
  assert.deepEqual(now.map((c) => [c.channel, c.state]), [
    ['CONSENT_CHANNEL_EMAIL', 'CONSENT_STATE_WITHDRAWN'],
    ['CONSENT_CHANNEL_PHONE', 'CONSENT_STATE_GIVEN'],
  ]);
  await refused('failed_precondition', update('consent', { id: given.id, state: 'CONSENT_STATE_WITHDRAWN' }));
  await refused('failed_precondition', remove('consent', given.id));
  const where = { type: 'consent', whereField: 'contact_id', whereValue: smith.id };
  assert.equal((await d.call('RecordService/ListRecords', where)).records.length, 4);
});

test('6: tags', async () => {
  const tagged = await update('account', { id: acme.id, tags: [' VIP', 'vip', 'Pilot customer', ''] });
  assert.deepEqual(tagged.tags, ['VIP', 'Pilot customer']);
  await update('contact', { id: jones.id, tags: ['VIP'] });
  const list = async (type, tag) => {
    const body = { type, whereField: 'tags', whereValue: tag };
    return ((await d.call('RecordService/ListRecords', body)).records ?? []).map((r) => r[type].id);
  };
  assert.deepEqual(await list('account', 'Pilot customer'), [acme.id]);
  assert.deepEqual(await list('contact', 'VIP'), [jones.id]);
  await update('account', { id: acme.id, tags: ['VIP'] });
  assert.deepEqual(await list('account', 'Pilot customer'), []);
  await update('account', { id: acme.id }, { clear: ['tags'] });
  assert.deepEqual(await list('account', 'VIP'), []);
  const many = Array.from({ length: 33 }, (_, i) => `tag ${i}`);
  await refused('invalid_argument', update('account', { id: acme.id, tags: many }));
});

test('7, 8: custom fields', async () => {
  const field = (fields) => d.create('customField', { recordType: 'account', label: fields.name, ...fields });
  const level = await field({ name: 'level', kind: 'CUSTOM_KIND_CHOICE', choices: ['gold', 'silver'] });
  const budget = await field({ name: 'budget', kind: 'CUSTOM_KIND_MONEY' });
  const sponsor = await field({ name: 'sponsor', kind: 'CUSTOM_KIND_REFERENCE', referenceType: 'user' });
  await refused('permission_denied', d.create('customField', { recordType: 'account', name: 'x', label: 'x', kind: 'CUSTOM_KIND_TEXT' }, { token: ann.token }));
  await refused('already_exists', field({ name: 'level', kind: 'CUSTOM_KIND_TEXT' }));
  const set = (...custom) => update('account', { id: acme.id, custom }, { token: ann.token });
  const wrong = async (...custom) => (await refused('invalid_argument', set(...custom))).field;
  assert.equal(await wrong({ name: 'height', text: 'tall' }), 'custom.height');
  assert.equal(await wrong({ name: 'level', text: 'gold' }), 'custom.level');
  assert.equal(await wrong({ name: 'level', choice: 'bronze' }), 'custom.level');
  assert.equal(await wrong({ name: 'budget', money: { currencyCode: 'eur', minorUnits: '1' } }), 'custom.budget');
  assert.equal(await wrong({ name: 'sponsor', referenceId: acme.id }), 'custom.sponsor');
  const values = [
    { name: 'level', choice: 'gold' },
    { name: 'budget', money: { currencyCode: 'EUR', minorUnits: '125000' } },
    { name: 'sponsor', referenceId: bob.id },
  ];
  assert.deepEqual((await set(...values)).custom, values);
  // used: nothing of it goes
  await refused('failed_precondition', remove('custom_field', level.id));
  await refused('failed_precondition', update('customField', { id: level.id, name: 'rank' }));
  await refused('failed_precondition', update('customField', { id: budget.id, kind: 'CUSTOM_KIND_TEXT' }));
  await update('customField', { id: level.id, choices: ['platinum'], retired: true });
  assert.deepEqual((await update('account', { id: acme.id, custom: values, industry: 'steel' })).custom, values);
  await refused('failed_precondition', set({ name: 'level', choice: 'platinum' }));
  // required from now on, of others too
  const since = await field({ name: 'customer_since', kind: 'CUSTOM_KIND_DATE', required: true });
  assert.equal(await wrong(...values), 'custom.customer_since');
  assert.equal((await refused('invalid_argument', d.create('account', { name: 'Other' }))).field, 'custom.customer_since');
  await set(...values, { name: 'customer_since', date: '2001-02-03' });
  await update('customField', { id: since.id, retired: true });
  await d.create('account', { name: 'Other' });
  // unused: it goes
  const unused = await field({ name: 'unused', kind: 'CUSTOM_KIND_TEXT' });
  await remove('custom_field', unused.id);
  const { record } = await d.call('RecordService/GetRecord', { type: 'custom_field', id: sponsor.id });
  assert.ok(record.customField.firstUsedAt);
  d.verify();
});

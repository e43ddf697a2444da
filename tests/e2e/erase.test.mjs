// Somebody wants to know what is known of them, and to be forgotten: exported and erased by the tool, and after that nobody is told who they were.
import assert from 'node:assert/strict';
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { refused, request_id, shared, until } from './lib.mjs';

const EMAIL = 'zelda@quixmoor.example';
const SAID = /zelda|quixmoor|901\s*8207/i;
let ann, bob, lead, contact_id, account_id, other;
const d = shared(async () => {
  [ann, bob] = [await d.user('Ann Able', 'rep'), await d.user('Bob Bright', 'rep')];
  await d.settled();
  await d.route_to([ann]);
  other = await d.create('contact', { firstName: 'Otto', lastName: 'Other', email: 'otto@other.example' });
});

const call = (method, body = {}, who) => d.call(method, body, who);
/** Or the refusal. */
const said_by = async (method, body) => (await d.ask(method, body)).text;
const get = async (type, id) => (await call('RecordService/GetRecord', { type, id })).record[type];
const erase = (...args) => d.tool('person', 'erase', ...args);
const told = async (who) => JSON.stringify(await call('NotificationService/ListNotifications', {}, who));
const tail = () => d.tool('tail', '--from-start', { timeout: 3000 }).out + d.tool('tail', '--from-start', '--json', { timeout: 3000 }).out;

/** What all pages of one say together. */
async function by_one(method, body) {
  const all = {};
  let pageToken;
  do {
    const page = await call(method, { ...body, pageSize: 1, pageToken });
    for (const [name, list] of Object.entries(page)) if (Array.isArray(list)) (all[name] ??= []).push(...list);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return all;
}

/** All that is said of them, by every way there is. */
async function everything() {
  const said = {};
  for (const type of ['contact', 'account', 'note', 'activity', 'consent', 'relationship']) {
    const records = await d.list(type);
    said[type] = records;
    for (const { id } of records) said[`${type} ${id}`] = await call('RecordService/ListChanges', { type, id });
  }
  for (const id of [contact_id, other.id]) said[`timeline ${id}`] = await said_by('ContactService/GetTimeline', { contactId: id });
  said.account_timeline = await said_by('ContactService/GetTimeline', { accountId: account_id });
  said.consents = await said_by('ContactService/GetConsent', { contactId: contact_id });
  said.search = await call('ContactService/SearchContacts', { search: { query: 'quixmoor' } });
  said.leads = await call('LeadService/ListLeads');
  said.lead_search = await call('LeadService/SearchLeads', { search: { query: 'quixmoor' } });
  for (const { id } of said.leads.leads ?? []) {
    said[`lead ${id}`] = await call('LeadService/GetLead', { id });
    said[`why ${id}`] = await call('LeadService/ExplainLead', { id });
  }
  said.ann = await told(ann);
  said.bob = await told(bob);
  said.deliveries = await call('NotificationService/ListDeliveries');
  for (const type of ['contact', 'account']) {
    for (const format of ['csv', 'jsonl', 'vcard4']) said[`${type} ${format}`] = d.tool(type, 'export', '--format', format).out;
  }
  said.tail = tail();
  return said;
}
const where = (said) => Object.keys(said).filter((at) => SAID.test(typeof said[at] === 'string' ? said[at] : JSON.stringify(said[at])));

test('somebody is known by all that one knows of a customer', async () => {
  ({ lead } = await d.capture({ firstName: 'Zelda', lastName: 'Quixmoor', email: EMAIL, phone: '+49 30 9018207', message: 'Zelda asks.' }));
  ({ lead } = await call('LeadService/ConvertLead', { requestId: request_id(), id: lead.id }, ann));
  [contact_id, account_id] = [lead.convertedContactId, lead.convertedAccountId];
  await d.settled();
  for (const title of ['Countess', 'Duchess']) await call('RecordService/UpdateRecord', { requestId: request_id(), record: { contact: { id: contact_id, title } } }, ann);
  await d.create('note', { text: `@[Bob](${bob.id}): Zelda likes tea.`, contactId: contact_id }, ann);
  await d.create('activity', { kind: 'ACTIVITY_KIND_TASK', subject: 'Call Zelda Quixmoor', contactId: contact_id, ownerId: ann.id }, ann);
  await d.create('consent', {
    contactId: contact_id, channel: 'CONSENT_CHANNEL_EMAIL', purpose: 'news', state: 'CONSENT_STATE_GIVEN', source: 'call', proof: 'Zelda said so',
  });
  await d.create('relationship', { kind: 'RELATIONSHIP_KIND_KNOWS', fromContactId: contact_id, toContactId: other.id });
  await d.capture({ firstName: 'Zelda', lastName: 'Quixmoor', email: EMAIL, message: 'It is Zelda again.' });
  await until('Bob is told of the note', async () => SAID.test(await told(bob)));
  await d.settled();
  const said = where(await everything());
  const expected = ['contact', 'account', 'note', 'activity', 'consent', `timeline ${contact_id}`, 'search', 'leads', 'lead_search', `lead ${lead.id}`, 'ann', 'bob', 'contact csv', 'tail'];
  for (const at of expected) assert.ok(said.includes(at), `they are in: ${at}`);
});

test('whoever asks what is known of them gets all of it', async () => {
  const file = join(d.data, 'person.json');
  const done = d.tool('person', 'export', EMAIL, '--out', file);
  assert.equal(done.status, 0, done.all);
  const all = JSON.parse(readFileSync(file, 'utf8'));
  assert.deepEqual(JSON.parse(d.tool('person', 'export', contact_id).out), all);
  assert.deepEqual(all.contactIds, [contact_id]);
  assert.deepEqual(all.records.map((r) => Object.keys(r)[0]).sort(), ['account', 'activity', 'consent', 'contact', 'note', 'relationship']);
  const one = (type) => all.records.find((r) => r[type])[type];
  assert.equal(one('contact').email, EMAIL);
  assert.equal(one('note').text, `@[Bob](${bob.id}): Zelda likes tea.`);
  assert.equal(one('consent').proof, 'Zelda said so');
  assert.equal(one('activity').subject, 'Call Zelda Quixmoor');
  // what was, with values
  assert.equal(all.changes.at(-1).kind, 'CHANGE_KIND_CREATED');
  const [change] = all.changes.flatMap((c) => c.values ?? []).filter((v) => v.field === 'title');
  assert.deepEqual(change, { field: 'title', from: '"Countess"', to: '"Duchess"' });
  assert.deepEqual(all.leads.map((x) => x.lead.message).sort(), ['It is Zelda again.', 'Zelda asks.']);
  assert.ok(all.leads.every((x) => Buffer.from(x.original.body, 'base64').includes('Quixmoor')));
  const about = (n) => n.contactId === contact_id || all.leads.some((x) => x.lead.id === n.leadId);
  assert.ok(all.notifications.length >= 3 && all.notifications.every(about));
  assert.ok(all.notifications.some((n) => n.userId === bob.id && SAID.test(n.title + n.text)));
  const exported = tail().match(/"recordsExported":\{"type":"person"[^}]*\}/g);
  assert.equal(exported.length, 2 * 3);
  assert.match(exported[0], new RegExp(contact_id));
  // page by page the same
  const contactIds = [contact_id], leadIds = all.leads.map((x) => x.lead.id);
  const person = await by_one('ContactListService/ExportPerson', { contactId: contact_id });
  assert.deepEqual([person.records, person.changes], [all.records, all.changes]);
  assert.deepEqual((await by_one('LeadService/ListPersonLeads', { contactIds })).leads, all.leads);
  const messages = await by_one('NotificationService/ListPersonMessages', { contactIds, leadIds });
  assert.deepEqual([messages.notifications, messages.deliveries ?? []], [all.notifications, all.deliveries]);
  await refused('invalid_argument', call('ContactListService/ExportPerson', { contactId: contact_id, pageToken: 'x' }));
  await refused('permission_denied', call('ContactListService/ExportPerson', { contactId: contact_id }, ann));
  await refused('not_found', call('ContactListService/ExportPerson', { contactId: request_id() }));
});

test('of whoever was merged or deleted as well', async () => {
  const keep = await d.create('contact', { lastName: 'Keep', email: 'k@keep.example' });
  const lose = await d.create('contact', { lastName: 'Lose' });
  const gone = await d.create('contact', { lastName: 'Gone' });
  const { lead: came } = await d.capture({ lastName: 'Keep', email: 'k@keep.example', message: 'First.' });
  const meeting = { kind: 'ACTIVITY_KIND_MEETING', subject: 'All', ownerId: ann.id, contactId: keep.id, attendees: [{ contactId: keep.id }, { contactId: other.id }] };
  const met = await d.create('activity', { ...meeting, startAt: '2030-01-01T08:00:00Z', endAt: '2030-01-01T09:00:00Z' }, ann);
  await call('DuplicateService/MergeContacts', { requestId: request_id(), keepId: keep.id, loseId: lose.id });
  await call('RecordService/DeleteRecord', { requestId: request_id(), type: 'contact', id: gone.id });
  await d.settled();
  const taken = (id) => JSON.parse(d.tool('person', 'export', id).out);
  const all = taken(keep.id);
  assert.deepEqual(all.contactIds, [keep.id, lose.id]);
  assert.deepEqual(all.records.flatMap((r) => r.contact?.lastName ?? []), ['Keep', 'Lose']);
  assert.deepEqual(all.records.flatMap((r) => r.activity?.id ?? []), [met.id], 'once, though it names them twice');
  assert.deepEqual(taken(other.id).records.flatMap((r) => r.activity?.id ?? []), [met.id], 'who only attends');
  assert.deepEqual(all.changes.map((c) => c.record.contact.id).sort(), [keep.id, lose.id, lose.id].sort());
  assert.deepEqual(all.leads.map((x) => x.lead.id), [came.id]);
  const one = await by_one('ContactListService/ExportPerson', { contactId: keep.id });
  assert.deepEqual([one.records, one.changes], [all.records, all.changes]);
  await refused('failed_precondition', call('ContactListService/ExportPerson', { contactId: lose.id }));
  const was = taken(gone.id);
  assert.deepEqual([was.records, was.changes.map((c) => c.kind)], [[], ['CHANGE_KIND_DELETED', 'CHANGE_KIND_CREATED']]);
});

test('nothing is erased by mistake', async () => {
  assert.equal(erase(contact_id).status, 2);
  assert.equal(erase('nobody@quixmoor.example', '--reason', 'r', '--yes').status, 1);
  assert.match(erase('nobody@quixmoor.example', '--reason', 'r', '--yes').err, /no contact with the address/);
  assert.match(erase(request_id(), '--reason', 'r', '--yes').err, /there is no such contact/);
  for (const input of ['', 'no\n', 'y\n']) {
    const asked = erase(EMAIL, '--reason', 'by their wish', { input });
    assert.equal(asked.status, 1, asked.all);
    assert.match(asked.out, /contact +1\n/);
    assert.match(asked.out, /lead +2\n/);
    assert.match(asked.err, /nothing was erased/);
  }
  const twin = await d.create('contact', { firstName: 'Otto', email: 'otto@other.example' });
  const two = erase('otto@other.example', '--reason', 'r', '--yes');
  assert.equal(two.status, 1);
  assert.match(two.err, /both have the address/);
  assert.equal((await get('contact', contact_id)).lastName, 'Quixmoor');
  assert.equal((await get('contact', twin.id)).erasedAt, undefined);
  assert.match(d.tool('person', 'erase', '--help').out, /cannot be undone/);
});

test('erased, nobody is told who they were: by no answer, no export, not by the log', async () => {
  const done = erase('ZELDA@quixmoor.example', '--reason', 'by their wish', { input: 'yes\n' });
  assert.equal(done.status, 0, done.all);
  assert.match(done.out, new RegExp(`Contact ${contact_id} is erased`));
  await d.settled();
  await until('what was told of them is gone', async () => !SAID.test((await told(ann)) + (await told(bob))));
  const said = await everything();
  assert.match(said.tail, /personErased/);
  assert.deepEqual(where(said), []);
  const left = await get('contact', contact_id);
  assert.ok(left.erasedAt);
  assert.equal(left.email, undefined);
  assert.equal((await get('contact', other.id)).lastName, 'Other');
});

test('a second time it says that they have been, and the log is whole', async () => {
  const again = erase(contact_id, '--reason', 'by their wish', '--yes');
  assert.equal(again.status, 1);
  assert.match(again.err, /they have been erased already/);
  const none = d.tool('person', 'export', contact_id);
  assert.equal(none.status, 1);
  assert.match(none.err, /they have been erased/);
  assert.equal(none.out, '');
  assert.match(erase(EMAIL, '--reason', 'r', '--yes').err, /no contact with the address/);
  const gone = erase(other.id, '--reason', 'r', '--yes', '--json');
  assert.deepEqual(JSON.parse(gone.out), { contactId: other.id, erased: true });
  await d.settled();
  d.verify();
});

test('an older backup has them again: restoring it says whom, and they can be erased again', async () => {
  const [kept, gone] = [await d.create('contact', { lastName: 'Kept' }), await d.create('contact', { lastName: 'Gone' })];
  const dir = join(d.data, 'backup');
  assert.equal(d.tool('backup', dir).status, 0);
  const late = await d.create('contact', { lastName: 'Late' });
  for (const { id } of [gone, late]) assert.equal(erase(id, '--reason', 'r', '--yes').status, 0);
  await d.settled();
  await d.stop();
  const done = d.tool('restore', dir, '--replace');
  assert.equal(done.status, 0, done.all);
  assert.match(done.out, new RegExp(`baton person erase ${gone.id} --reason`));
  // whoever came after the backup, was erased before it, or was not erased, is not told of
  assert.deepEqual(done.out.match(/person erase/g).length, 1);
  await d.up();
  assert.equal((await get('contact', gone.id)).lastName, 'Gone');
  assert.equal(erase(gone.id, '--reason', 'r', '--yes').status, 0);
  assert.equal((await get('contact', kept.id)).lastName, 'Kept');
  await d.settled();
  d.verify();
});

test('a log that was replaced because it is damaged is not waited for', async () => {
  await d.stop();
  truncateSync(join(d.data, 'contacts', 'data.mdb'), 20000);
  const done = JSON.parse(d.tool('restore', join(d.data, 'backup'), '--replace', '--json').out);
  assert.deepEqual([done.erased_since, done.erased_unknown], [[], true]);
  d.verify();
});

// The same customer twice: suspected, dismissed, merged field by field, taken apart; by the API and by the tool.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, request_id, shared } from './lib.mjs';

const d = shared();
const call = (method, body) => d.call(`DuplicateService/${method}`, body);
const get = async (type, id) => (await d.call('RecordService/GetRecord', { type, id })).record[type];
const list = async (type = 'contact') => (await call('ListDuplicates', { type })).duplicates ?? [];
let anna, bob, acme, ada, twin;

test('who comes a second time is suspected, and nothing else happens', async () => {
  [anna, bob] = [await d.user('Anna', 'rep'), await d.user('Bob', 'rep')];
  await d.settled();
  await d.route_to([anna, bob]);
  acme = await d.create('account', { name: 'Acme GmbH', website: 'https://acme.example' });
  ada = await d.create('contact', { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@home.example', ownerId: anna.id });
  assert.deepEqual(await list(), []);
  twin = await d.create('contact', {
    firstName: 'Lovelace', lastName: 'Ada', email: 'ada@home.example', mobilePhone: '+44 20 7946 0018', accountId: acme.id, ownerId: bob.id,
  });
  const [found] = await list();
  assert.deepEqual([found.pair.firstId, found.pair.secondId].sort(), [ada.id, twin.id].sort());
  assert.ok(found.pair.score > 500000);
  assert.ok(found.pair.reasons.some((r) => r.fieldName === 'email' && r.level === 'MATCH_LEVEL_EQUAL'));
  assert.equal((await call('ListDuplicates', { type: 'contact', ownerId: bob.id })).duplicates.length, 1);
  assert.equal((await get('contact', twin.id)).mergedIntoId, undefined);
});

test('an entry form asks before anything is stored', async () => {
  const { candidates } = await call('CheckDuplicates', { record: { contact: { firstName: 'Ada', email: 'ada@home.example' } } });
  assert.deepEqual(candidates.map((c) => (c.record.contact.id)).sort(), [ada.id, twin.id].sort());
  assert.deepEqual(await call('CheckDuplicates', { record: { contact: { lastName: 'Nobody Else' } } }), {});
});

test('merged: what named the one names the other, and leads know the winner by what the loser says', async () => {
  const note = await d.create('note', { text: 'Likes tea.', contactId: twin.id });
  const { record, merge } = await call('MergeContacts', {
    requestId: request_id(), keepId: ada.id, loseId: twin.id, take: ['mobile_phone', 'account_id'],
  });
  assert.equal(record.contact.mobilePhone, '+44 20 7946 0018');
  assert.equal(record.contact.accountId, acme.id);
  assert.deepEqual(merge.moved, [{ type: 'note', id: note.id, fieldName: 'contact_id' }]);
  assert.equal((await get('note', note.id)).contactId, ada.id);
  assert.equal((await get('contact', twin.id)).mergedIntoId, ada.id);
  assert.deepEqual(await list(), []);
  await refused('failed_precondition', d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { contact: { id: twin.id, title: 'Countess' } } }));
  // who names the one merged names the one kept
  const late = await d.create('note', { text: 'Called.', contactId: twin.id });
  assert.equal(late.contactId, ada.id);
  await d.settled();
  const { lead } = await d.capture({ lastName: 'Lovelace', email: 'ada@home.example' });
  assert.equal(lead.matchedContactId, ada.id);
  assert.equal(lead.ownerId, anna.id);
});

test('taken apart: as it was, or refused with the field that has been changed since', async () => {
  const change = (contact, clear) => d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { contact: { id: ada.id, ...contact } }, clear });
  await change({ title: 'Countess', mobilePhone: '+44 20 7946 0999' });
  const no = await refused('failed_precondition', call('UnmergeContacts', { requestId: request_id(), id: twin.id }));
  assert.match(no.message, /mobile_phone/);
  await change({ mobilePhone: '+44 20 7946 0018' });
  const { record } = await call('UnmergeContacts', { requestId: request_id(), id: twin.id });
  const { revision: _1, updatedAt: _2, ...now } = record.contact;
  const { revision: _3, updatedAt: _4, ...before } = twin;
  assert.deepEqual(now, before);
  const kept = await get('contact', ada.id);
  assert.equal(kept.title, 'Countess');
  assert.equal(kept.mobilePhone, undefined);
  assert.equal(kept.accountId, undefined);
});

test('what somebody said is not the same is remembered, also over a restart', async () => {
  await call('DismissDuplicate', { requestId: request_id(), type: 'contact', firstId: twin.id, secondId: ada.id });
  await d.stop();
  await d.up();
  await d.ready();
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { contact: { id: twin.id, department: 'Engines' } } });
  d.tool('duplicates', 'sweep');
  assert.deepEqual(await list(), []);
});

test('the tool sweeps, lists, merges and takes apart', async () => {
  const other = await d.create('account', { name: 'ACME', website: 'www.acme.example' });
  const child = await d.create('account', { name: 'Daughter', parentId: other.id });
  assert.match(d.tool('duplicates', 'list', '--type', 'account').out, new RegExp(other.id));
  assert.match(d.tool('duplicates', 'sweep').out, /records looked at; 0 pairs/);
  assert.match(d.tool('duplicates', 'merge', 'account', acme.id, other.id).out, /1 records/);
  assert.equal((await get('account', child.id)).parentId, acme.id);
  assert.match(d.tool('duplicates', 'unmerge', 'account', other.id).out, /as it was/);
  assert.equal((await get('account', child.id)).parentId, other.id);
  d.verify();
});

// Whose customers' records are, who reaches them, what they were, and who saw them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { refused, request_id, shared, until } from './lib.mjs';

let boss, ann, bob, cat, pat, pia, team, other, organisation;
const d = shared(async () => {
  team = await d.create('team', { name: 'North' });
  other = await d.create('team', { name: 'South' });
  boss = await d.user('Bea Boss', 'manager');
  ann = await d.user('Ann Able', 'rep', { teamId: team.id });
  bob = await d.user('Bob Bright', 'rep', { teamId: team.id });
  cat = await d.user('Cat Clever', 'rep', { teamId: other.id });
  [pat, pia] = [await d.user('Pat Partner', 'partner'), await d.user('Pia Partner', 'partner')];
  await update('team', { id: team.id, managerId: boss.id });
  organisation = (await d.call('RecordService/GetRecord', { type: 'organisation' })).record.organisation;
  await d.route_to([ann]);
  await d.settled();
});

const update = async (type, fields, who, clear) => {
  const answer = await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { [type]: fields }, clear }, who);
  return answer.record[type];
};
const get = async (type, id, who) => (await d.call('RecordService/GetRecord', { type, id }, who)).record[type];
const remove = (type, id, who) => d.call('RecordService/DeleteRecord', { requestId: request_id(), type, id }, who);
const share = (fields, who) => d.create('recordShare', { type: 'account', level: 'SHARE_LEVEL_READ', ...fields }, who);
const changes = async (type, id, who, page = {}) => (await d.call('RecordService/ListChanges', { type, id, ...page }, who));
const restore = async (type, id, version, who) =>
  (await d.call('RecordService/RestoreRecord', { requestId: request_id(), type, id, ...version }, who)).record[type];
const shares_of = async (id, who) =>
  (await d.call('RecordService/ListRecords', { type: 'record_share', whereField: 'record_id', whereValue: id }, who)).records ?? [];
const sees = async (type, id, who) => {
  const listed = (await d.list(type, who)).some((r) => r.id === id);
  const answer = await d.ask('RecordService/GetRecord', { type, id }, who);
  assert.equal(listed, answer.status === 200, `${type} is listed as it is got`);
  return listed;
};
async function organisation_says(access) {
  await update('organisation', { id: organisation.id, customerAccess: access });
  await d.settled();
}

test('two who edit the same record: the second is refused and told what there is now', async () => {
  const account = await d.create('account', { name: 'Acme' }, ann);
  await update('account', { id: account.id, revision: account.revision, name: 'Acme North' }, ann);
  const answer = await d.ask(
    'RecordService/UpdateRecord',
    { requestId: request_id(), record: { account: { id: account.id, revision: account.revision, name: 'Acme South' } } },
    bob,
  );
  assert.equal(answer.status, 409);
  assert.equal(answer.json.code, 'aborted');
  const [violation, newest] = answer.json.details;
  assert.equal(violation.debug.field, 'revision');
  assert.equal(newest.type, 'baton.v1.Record');
  assert.equal(newest.debug.account.name, 'Acme North');
  assert.equal(newest.debug.account.revision, '2');
  assert.ok(Buffer.from(newest.value, 'base64').includes('Acme North'));
  assert.ok(answer.bytes.length < 4096);
});

test('history says who, when, from what, to what; any version comes back', async () => {
  const account = await d.create('account', { name: 'Old', industry: 'Tea' }, ann);
  await update('account', { id: account.id, name: 'New', billingAddress: { city: 'Tainan' } }, bob);
  await update('account', { id: account.id, website: 'x'.repeat(1000) }, bob, ['industry']);
  const { changes: all } = await changes('account', account.id, ann);
  assert.deepEqual(all.map((c) => c.kind.replace('CHANGE_KIND_', '')), ['UPDATED', 'UPDATED', 'CREATED']);
  assert.equal(all[1].actor.userId, bob.id);
  // and what Baton has made of it
  const typed = (change) => change.values.filter((v) => v.field !== 'normalized');
  assert.ok(all[1].fields.includes('normalized'));
  assert.deepEqual(typed(all[1]), [
    { field: 'name', from: '"Old"', to: '"New"' },
    { field: 'billing_address', to: '{"city":"Tainan"}' },
  ]);
  const values = Object.fromEntries(all[0].values.map((v) => [v.field, v]));
  assert.deepEqual(values.industry, { field: 'industry', from: '"Tea"' });
  assert.ok(values.website.to.length <= 512, 'long values are cut');
  assert.equal(all[2].values, undefined);
  const first = await changes('account', account.id, ann, { pageSize: 1 });
  const second = await changes('account', account.id, ann, { pageSize: 1, pageToken: first.nextPageToken });
  assert.deepEqual([first.changes[0].seq, second.changes[0].seq], [all[0].seq, all[1].seq]);
  assert.deepEqual(second.changes[0].values, all[1].values);

  const back = await restore('account', account.id, { seq: all[1].seq }, ann);
  assert.deepEqual([back.name, back.industry, back.website, back.revision], ['New', 'Tea', undefined, '4']);
  const { changes: after } = await changes('account', account.id, ann);
  assert.equal(after[0].restoredSeq, all[1].seq);
  assert.equal(after[0].actor.userId, ann.id);
  const then = await restore('account', account.id, { changedAt: all[2].changedAt }, ann);
  assert.deepEqual([then.name, then.billingAddress, then.createdAt], ['Old', undefined, account.createdAt]);
  await refused('not_found', restore('account', account.id, { seq: '1' }, ann));
  await refused('not_found', restore('account', account.id, { changedAt: '2001-01-01T00:00:00Z' }, ann));
  await refused('invalid_argument', restore('account', account.id, {}, ann));
  await refused('aborted', restore('account', account.id, { seq: all[1].seq, revision: '1' }, ann));
});

test('what was deleted has its history, and comes back with its id', async () => {
  const account = await d.create('account', { name: 'Gone' }, ann);
  const contact = await d.create('contact', { lastName: 'Gone', accountId: account.id }, ann);
  await remove('contact', contact.id, ann);
  await remove('account', account.id, ann);
  await refused('not_found', get('account', account.id));
  const { changes: all } = await changes('contact', contact.id, bob);
  assert.deepEqual(all.map((c) => c.kind.replace('CHANGE_KIND_', '')), ['DELETED', 'CREATED']);
  // the same checks: its account is gone
  await refused('not_found', restore('contact', contact.id, { seq: all[1].seq }, ann));
  await restore('account', account.id, { seq: (await changes('account', account.id)).changes[0].seq }, ann);
  const back = await restore('contact', contact.id, { seq: all[0].seq }, ann);
  assert.deepEqual([back.id, back.lastName, back.accountId, back.revision], [contact.id, 'Gone', account.id, '2']);
  assert.equal((await changes('contact', contact.id)).changes.length, 3);
  await remove('contact', contact.id, ann);
  await restore('contact', contact.id, { seq: all[1].seq }, ann);
  // of other services as well
  const place = await d.create('product', { code: 'R1', name: 'Relay' });
  await remove('product', place.id);
  const again = await d.create('product', { code: 'R1', name: 'Other' });
  const { changes: gone } = await changes('product', place.id);
  await refused('already_exists', restore('product', place.id, { seq: gone[0].seq }));
  await remove('product', again.id);
  assert.equal((await restore('product', place.id, { seq: gone[0].seq })).name, 'Relay');
});

test('readable by all, written by the owner\'s team and whoever is above', async () => {
  await organisation_says('CUSTOMER_ACCESS_READ');
  const account = await d.create('account', { name: 'Readable' }, ann);
  assert.equal(account.ownerId, ann.id, 'whoever makes it owns it');
  assert.ok(await sees('account', account.id, cat));
  await refused('permission_denied', update('account', { id: account.id, name: 'x' }, cat));
  await refused('permission_denied', remove('account', account.id, cat));
  await update('account', { id: account.id, name: 'Renamed' }, bob);
  assert.equal((await refused('permission_denied', update('account', { id: account.id, ownerId: bob.id }, bob))).field, 'owner_id');
  await update('account', { id: account.id, ownerId: bob.id }, boss);
  await update('account', { id: account.id, ownerId: ann.id }, bob);
});

test('private: nobody else knows it is there, and a share is the way in', async () => {
  await organisation_says('CUSTOMER_ACCESS_PRIVATE');
  const account = await d.create('account', { name: 'Private' }, ann);
  const contact = await d.create('contact', { lastName: 'Private', accountId: account.id, ownerId: ann.id }, ann);
  const note = await d.create('note', { text: 'They want a price.', accountId: account.id }, ann);
  for (const who of [ann, bob, boss, {}]) assert.ok(await sees('account', account.id, who));
  for (const [type, id] of [['account', account.id], ['contact', contact.id], ['note', note.id]]) {
    assert.ok(!(await sees(type, id, cat)), type);
    await refused('not_found', changes(type, id, cat));
    await refused('not_found', remove(type, id, cat));
    await refused('not_found', restore(type, id, { changedAt: '2100-01-01T00:00:00Z' }, cat));
  }
  // nor by naming it
  await refused('not_found', d.create('contact', { lastName: 'Spy', accountId: account.id }, cat));
  await refused('not_found', d.create('note', { text: 'Spy', accountId: account.id }, cat));
  await refused('not_found', d.create('account', { name: 'Spy', parentId: account.id }, cat));
  await refused('not_found', share({ recordId: account.id, userId: cat.id }, cat));
  await refused('permission_denied', share({ recordId: account.id, userId: cat.id }, bob));

  const mine = await share({ recordId: account.id, userId: cat.id }, ann);
  assert.equal(mine.sharedById, ann.id);
  await refused('already_exists', share({ recordId: account.id, userId: cat.id }, boss));
  assert.ok(await sees('account', account.id, cat));
  assert.ok(await sees('note', note.id, cat), 'what is about it follows it');
  assert.ok(!(await sees('contact', contact.id, cat)), 'a contact has an owner and shares of its own');
  await refused('permission_denied', update('account', { id: account.id, name: 'x' }, cat));
  await refused('permission_denied', update('note', { id: note.id, text: 'x' }, cat));
  const hers = await d.create('note', { text: 'Met them.', accountId: account.id }, cat);
  await update('note', { id: hers.id, text: 'Met them twice.' }, cat);
  await refused('permission_denied', update('recordShare', { id: mine.id, level: 'SHARE_LEVEL_WRITE' }, cat));
  await update('recordShare', { id: mine.id, level: 'SHARE_LEVEL_WRITE' }, boss);
  await update('account', { id: account.id, name: 'Shared' }, cat);
  await remove('record_share', mine.id, ann);
  assert.ok(!(await sees('account', account.id, cat)));
  assert.ok(!(await sees('note', hers.id, cat)), 'one\'s own note about what one sees no more');

  await share({ recordId: account.id, teamId: other.id, level: 'SHARE_LEVEL_WRITE' }, ann);
  await update('account', { id: account.id, name: 'Shared with a team' }, cat);
  assert.equal((await shares_of(account.id, cat)).length, 1);
  await remove('contact', contact.id, ann);
  await remove('account', account.id, ann);
  assert.equal((await shares_of(account.id)).length, 0, 'shares end with the record');
});

// A place of its own, so that nobody else is nearby.
const PLACE = { latitudeE6: 25033000, longitudeE6: 121567000 };
const nearby = async (who, page = {}) => d.call('ContactService/ListNearby', { ...PLACE, radiusKm: 5, ...page }, who);
const to_mend = async (body, who) => (await d.call('ContactService/ListToMend', body, who)).records ?? [];
const quality = (type, id, who) => d.call('ContactService/GetQuality', { type, id }, who);
const confirm = (type, id, who) => d.call('ContactService/ConfirmFields', { requestId: request_id(), type, id }, who);

test('private: nor is anybody told of it by its quality, by lists of what is to be mended, or nearby', async () => {
  await d.create('place', { country: 'Taiwan', postalCode: '110', name: '臺北市信義區', ...PLACE });
  await d.settled();
  const shippingAddress = { country: 'Taiwan', postalCode: '110' };
  const hidden = [];
  for (let i = 0; i < 3; i++) hidden.push(await d.create('account', { name: `Hidden ${i}`, shippingAddress }, ann));
  const own = await d.create('account', { name: 'Cats own', shippingAddress }, cat);
  assert.equal((await quality('account', hidden[0].id, bob)).type, 'account');
  await refused('not_found', quality('account', hidden[0].id, cat));
  await refused('not_found', confirm('account', hidden[0].id, cat));
  assert.equal((await nearby(ann)).accounts.length, 3);
  assert.equal((await nearby({})).accounts.length, 4);
  // pages are as if the others were not there, and no token says that they are
  const page = await nearby(cat, { pageSize: 1 });
  assert.deepEqual(page.accounts.map((a) => a.accountId), [own.id]);
  assert.equal(page.nextPageToken, undefined);
  // Bea manages Ann's team, not Cat's
  assert.ok((await to_mend({ userId: ann.id, pageSize: 200 }, boss)).some((r) => r.id === hidden[0].id));
  assert.ok((await to_mend({ pageSize: 200 }, cat)).some((r) => r.id === own.id));
  assert.deepEqual(await to_mend({ userId: cat.id, pageSize: 200 }, boss), []);
  const given = await share({ recordId: hidden[0].id, userId: cat.id }, ann);
  assert.equal((await nearby(cat)).accounts.length, 2);
  await refused('permission_denied', confirm('account', hidden[0].id, cat));
  await update('recordShare', { id: given.id, level: 'SHARE_LEVEL_WRITE' }, ann);
  assert.ok((await confirm('account', hidden[0].id, cat)).fields.includes('owner_id'));
  for (const { id } of [...hidden, own]) await remove('account', id);
});

test('a partner sees what they brought or is shared with them, and of it what was agreed', async () => {
  const brought = await d.capture({ email: `${request_id()}@buyer.example`, lastName: 'Buyer', company: 'Brought', annualRevenue: '7' }, pat);
  const { lead } = await d.call('LeadService/ConvertLead', { requestId: request_id(), id: brought.lead.id }, ann);
  const [accountId, contactId] = [lead.convertedAccountId, lead.convertedContactId];
  await d.settled();
  assert.equal((await get('account', accountId)).broughtById, pat.id);
  for (const [type, id] of [['account', accountId], ['contact', contactId]]) {
    assert.ok(await sees(type, id, pat), type);
    assert.ok(!(await sees(type, id, pia)), type);
    await refused('permission_denied', update(type, { id, phone: '1' }, pat));
    await refused('not_found', update(type, { id, phone: '1' }, pia));
    const seen = await get(type, id, pat);
    for (const field of ['ownerId', 'broughtById', 'annualRevenue', 'isKeyAccount', 'birthday']) assert.equal(seen[field], undefined, field);
    assert.equal(seen.leadId, brought.lead.id);
  }
  await update('account', { id: accountId, annualRevenue: '9', phone: '2' }, ann);
  const { changes: all } = await changes('account', accountId, pat);
  assert.deepEqual(all[0].fields, ['phone']);
  assert.ok(!JSON.stringify(all.map((c) => [c.record, c.values])).match(/annualRevenue|annual_revenue|ownerId/));
  // nor is anything told of the quality of what is not shown
  const told = await quality('account', accountId, pat);
  assert.ok(told.fields.some((f) => f.field === 'phone') && !told.fields.some((f) => f.field === 'annual_revenue'));
  assert.equal(told.completenessPercent, undefined);
  assert.equal((await quality('account', accountId, ann)).fields.length, 8);
  await refused('not_found', quality('account', accountId, pia));
  await update('account', { id: accountId, shippingAddress: { country: 'Taiwan', postalCode: '110' } }, ann);
  assert.equal((await nearby(ann)).accounts[0].ownerId, ann.id);
  assert.equal((await nearby(pat)).accounts[0].name, 'Brought');
  assert.equal((await nearby(pat)).accounts[0].ownerId, undefined);
  assert.equal((await nearby(pia)).accounts, undefined);
  // what is not shown is not found out by asking for it
  await refused('invalid_argument', d.call('RecordService/ListRecords', { type: 'account', whereField: 'owner_id', whereValue: ann.id }, pat));
  await share({ recordId: accountId, userId: pia.id }, ann);
  assert.equal((await get('account', accountId, pia)).name, 'Brought');
  assert.equal((await get('account', accountId, pia)).ownerId, undefined);
  await organisation_says('CUSTOMER_ACCESS_OPEN');
  assert.ok(!(await sees('contact', contactId, pia)), 'an open house is not open to partners');
  assert.ok(await sees('contact', contactId, cat));
  assert.ok(d.verify());
});

test('an import is taken back with all shares of what it made, however many', async () => {
  const importId = request_id(), made = 20, each = 64;
  const rows = Array.from({ length: made }, (_, i) => ({ account: { name: `Imported ${i}` } }));
  const { answers } = await d.call('ContactListService/ImportContacts', { importId, requestId: request_id(), duplicates: 'DUPLICATE_POLICY_CREATE', rows });
  for (const { id } of answers)
    await Promise.all(Array.from({ length: each }, () => share({ recordId: id, territoryId: randomUUID() })));
  let deleted = 0, page = {};
  do {
    page = await d.call('ContactListService/UndoImport', { requestId: request_id(), importId, pageToken: page.nextPageToken });
    deleted += page.deleted;
  } while (page.nextPageToken);
  assert.equal(deleted, made);
  for (const { id } of answers) assert.equal((await shares_of(id)).length, 0);
  assert.ok(d.verify());
});

test('who saw a record, its history and lists is written down, by the hour, for administrators', async () => {
  const account = await d.create('account', { name: 'Seen' }, ann);
  const looked = async (request) => (await d.call('ContactService/ListAccess', request)).accesses ?? [];
  for (let i = 0; i < 5; i++) await get('account', account.id, cat);
  await changes('account', account.id, cat);
  await get('account', account.id, bob);
  await refused('not_found', get('account', account.id, pat));
  const listed = (await d.list('account', cat)).length;
  const found = await until('it is written', async () => {
    const rows = await looked({ recordId: account.id });
    return rows.length === 2 && rows;
  });
  const of = Object.fromEntries(found.map((row) => [row.userId, row]));
  assert.deepEqual([of[cat.id].reads, of[cat.id].histories, of[cat.id].type], [5, 1, 'account']);
  assert.deepEqual([of[bob.id].reads, of[bob.id].histories], [1, 0]);
  assert.ok(Math.abs(Date.parse(of[cat.id].lastAt) - Date.now()) < 60000);
  // it is added to what the hour has already
  await get('account', account.id, bob);
  await until('it is added', async () => (await looked({ recordId: account.id })).find((r) => r.userId === bob.id).reads === 2);
  const hers = await looked({ userId: cat.id });
  assert.ok(hers.find((r) => r.recordId === 'account').listed >= listed);
  assert.ok(hers.every((r) => r.userId === cat.id));
  const [one, rest] = [await d.call('ContactService/ListAccess', { userId: cat.id, pageSize: 1 }), []];
  for (let page = one; page.nextPageToken; rest.push(...page.accesses ?? []))
    page = await d.call('ContactService/ListAccess', { userId: cat.id, pageToken: page.nextPageToken });
  assert.equal(rest.length + one.accesses.length, (await looked({ userId: cat.id })).length);
  await refused('permission_denied', d.call('ContactService/ListAccess', { recordId: account.id }, ann));
  await refused('invalid_argument', looked({}));
  assert.ok(d.verify());
});

test('whoever leaves hands on what is open; what they did stays theirs, what was shared with them ends', async () => {
  const lee = await d.user('Lee Leaver', 'rep', { teamId: team.id });
  const account = await d.create('account', { name: 'Lees', ownerId: lee.id });
  const others = await d.create('account', { name: 'Not Lees', ownerId: ann.id });
  await d.settled();
  const activity = (n, status) => d.create('activity', { kind: 'ACTIVITY_KIND_CALL', subject: `Call ${n}`, status, ownerId: lee.id, accountId: account.id });
  const open = [], done = [];
  for (let i = 0; i < 60; i++) open.push(await activity(i, 'ACTIVITY_STATUS_PLANNED'));
  for (let i = 0; i < 60; i++) done.push(await activity(i, 'ACTIVITY_STATUS_DONE'));
  const note = await d.create('note', { text: 'Likes tea.', ownerId: lee.id, accountId: account.id });
  const given = await share({ recordId: others.id, userId: lee.id }, ann);
  const { status, out, all } = d.tool('user', 'deactivate', lee.email);
  assert.equal(status, 0, all);
  assert.match(out, /account +1 handed on, 0 ended/);
  assert.match(out, /activity +60 handed on, 0 ended/);
  assert.match(out, /record_share +0 handed on, 1 ended/);
  assert.ok(!out.includes('note'), out);
  assert.equal((await get('account', account.id)).ownerId, boss.id, 'the team\'s manager');
  assert.deepEqual([(await get('activity', open[59].id)).ownerId, (await get('activity', done[59].id)).ownerId], [boss.id, lee.id]);
  assert.equal((await get('note', note.id)).ownerId, lee.id);
  await refused('not_found', get('record_share', given.id));
  const told = await d.call('SystemService/GetHandover', { service: 'contacts', userId: lee.id });
  assert.deepEqual([told.begun, told.finished, told.successorId], [true, true, boss.id]);
  assert.equal((await d.call('SystemService/GetHandover', { service: 'contacts', userId: ann.id })).begun, false);
  assert.ok(d.verify());
});

// Documents and their revisions.
// 1 a document is what its current revision is: exactly one, the one before is superseded and stays
// 2 who has it checked out is alone with it, until it is checked in
// 3 what is to be reviewed is current only when all who were asked have said yes, none of whom wrote it
// 4 who reads a document reads its files, and nobody else; another name makes nothing else of a file
// 5 legal hold and retention keep it; managers lift them
// 6 folders are lists by what a document is about
// 7 what it is called, when it ends, and that it does not end before it begins
// 8 what a leaver owned goes to the successor; all of it is in the log
// 9 its owner is told of a day that is near, or today
// 10 whoever is to read it is asked, says so, and is asked again by a new current revision
// 11 what was sent is pinned: it says what somebody has, and the document stays
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange, refused, request_id, shared, until } from './lib.mjs';

let anna, ben, eve, boss;
const d = shared(async () => {
  const team = await d.create('team', { name: 'North' });
  boss = await d.user('Mia Manager', 'manager');
  anna = await d.user('Anna Author', 'rep', { teamId: team.id });
  ben = await d.user('Ben Beside', 'rep', { teamId: team.id });
  eve = await d.user('Eve Elsewhere', 'rep');
  await d.settled();
});

const as = (user) => ({ token: user.token });
const store = async (name, body, user = anna) => {
  const url = `${d.url}/v1/files?name=${encodeURIComponent(name)}`;
  const answer = await exchange(url, { method: 'PUT', headers: { authorization: `Bearer ${user.token}` }, body });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.hash;
};
const read = (hash, user) => exchange(`${d.url}/v1/files/${hash}`, { headers: { authorization: `Bearer ${user.token}` } });
const call = (method, body, user = anna) =>
  d.call(`DocumentService/${method}`, { requestId: request_id(), ...body }, as(user));
const make = (fields, user = anna) => d.create('document', { title: 'Contract', ...fields }, as(user));
const get = async (id, user = anna) =>
  (await d.call('RecordService/GetRecord', { type: 'document', id }, as(user))).record.document;
const update = (fields, user = anna) => d.call('RecordService/UpdateRecord', { record: { document: fields } }, as(user));
const remove = (id, user = anna) => d.call('RecordService/DeleteRecord', { type: 'document', id }, as(user));
const listed = async (whereField, whereValue, user = anna, type = 'document') => {
  const page = await d.call('RecordService/ListRecords', { type, whereField, whereValue }, as(user));
  return (page.records ?? []).map((r) => r.document ?? r.documentRevision);
};

test('1: exactly one is current', async () => {
  const { id, status } = await make({ type: 'DOCUMENT_TYPE_CONTRACT' });
  assert.equal(status, 'DOCUMENT_STATUS_DRAFT');
  for (let n = 1; n <= 3; n++) {
    const fileHash = await store(`contract ${n}.txt`, `version ${n}`);
    const added = await call('AddRevision', { documentId: id, fileHash, note: `the ${n}th`, makeCurrent: n !== 2 });
    assert.equal(added.revision.number, n);
    assert.equal(added.revision.name, `contract ${n}.txt`);
    assert.equal(added.revision.authorId, anna.id);
  }
  const revisions = async () => (await listed('document_id', id, anna, 'document_revision')).sort((a, b) => a.number - b.number);
  const states = async () => (await revisions()).map((r) => r.status.replace('REVISION_STATUS_', ''));
  assert.deepEqual(await states(), ['SUPERSEDED', 'DRAFT', 'CURRENT']);
  assert.equal((await get(id)).currentNumber, 3);
  assert.equal((await get(id)).status, 'DOCUMENT_STATUS_ACTIVE');
  await call('MakeCurrent', { documentId: id, number: 1 });
  assert.deepEqual(await states(), ['CURRENT', 'DRAFT', 'SUPERSEDED']);
  await refused('not_found', call('MakeCurrent', { documentId: id, number: 4 }));
  for (const r of await revisions()) assert.equal((await read(r.fileHash, anna)).text, `version ${r.number}`);
});

test('2: checked out', async () => {
  const { id } = await make({});
  const fileHash = await store('draft.txt', 'draft');
  await call('CheckOut', { documentId: id });
  await refused('failed_precondition', call('CheckOut', { documentId: id }, ben));
  const own = await store('mine.txt', 'of ben', ben);
  await refused('failed_precondition', call('AddRevision', { documentId: id, fileHash: own }, ben));
  await call('AddRevision', { documentId: id, fileHash });
  await call('CheckIn', { documentId: id });
  assert.equal((await get(id)).checkedOutById, undefined);
  await call('AddRevision', { documentId: id, fileHash: own }, ben);
});

test('3: reviewed', async () => {
  const { id } = await make({ reviewRequired: true });
  const fileHash = await store('to review.txt', 'is it good');
  await refused('failed_precondition', call('AddRevision', { documentId: id, fileHash, makeCurrent: true }));
  await call('AddRevision', { documentId: id, fileHash });
  await refused('failed_precondition', call('MakeCurrent', { documentId: id, number: 1 }));
  await refused('invalid_argument', call('RequestReview', { documentId: id, number: 1, reviewerIds: [anna.id] }));
  await call('RequestReview', { documentId: id, number: 1, reviewerIds: [ben.id, boss.id] });
  await refused('permission_denied', call('ReviewRevision', { documentId: id, number: 1, approve: true }, eve));
  const first = await call('ReviewRevision', { documentId: id, number: 1, approve: true }, ben);
  assert.equal(first.revision.status, 'REVISION_STATUS_IN_REVIEW');
  await refused('failed_precondition', call('MakeCurrent', { documentId: id, number: 1 }));
  const second = await call('ReviewRevision', { documentId: id, number: 1, approve: true, note: 'fine' }, boss);
  assert.equal(second.revision.status, 'REVISION_STATUS_APPROVED');
  await call('MakeCurrent', { documentId: id, number: 1 });
  await call('AddRevision', { documentId: id, fileHash: await store('worse.txt', 'worse') });
  await call('RequestReview', { documentId: id, number: 2, reviewerIds: [ben.id, boss.id] });
  await call('ReviewRevision', { documentId: id, number: 2, approve: false, note: 'no' }, ben);
  await refused('failed_precondition', call('ReviewRevision', { documentId: id, number: 2, approve: true }, boss));
  await refused('failed_precondition', call('MakeCurrent', { documentId: id, number: 2 }));
});

test('4: who reads it', async () => {
  const { id } = await make({ visibility: 'DOCUMENT_VISIBILITY_TEAM' });
  const fileHash = await store('secret.txt', 'a secret of the north');
  await call('AddRevision', { documentId: id, fileHash, makeCurrent: true });
  assert.equal((await read(fileHash, ben)).text, 'a secret of the north');
  assert.equal((await read(fileHash, eve)).status, 404);
  await refused('not_found', get(id, eve));
  await refused('not_found', call('CheckOut', { documentId: id }, eve));
  const other = await make({}, eve);
  await refused('not_found', call('AddRevision', { documentId: other.id, fileHash }, eve));
  await update({ id, visibility: 'DOCUMENT_VISIBILITY_HOUSE' });
  const answer = await read(fileHash, eve);
  assert.match(answer.headers.get('content-disposition'), /secret\.txt/);
  await refused('permission_denied', call('CheckOut', { documentId: id }, eve));
  await update({ id, editorIds: [eve.id] });
  await call('CheckOut', { documentId: id }, eve);
  await refused('invalid_argument', call('AddRevision', { documentId: other.id, fileHash, name: 'now.pdf' }, eve));
  await refused('failed_precondition', d.call('RecordService/DeleteRecord', {
    type: 'document_revision', id: (await listed('document_id', id, anna, 'document_revision'))[0].id }, as(anna)));
});

test('5: kept', async () => {
  const held = await make({});
  await refused('permission_denied', update({ id: held.id, legalHold: true }));
  await update({ id: held.id, legalHold: true }, boss);
  await refused('failed_precondition', remove(held.id));
  await refused('failed_precondition', remove(held.id, boss));
  await update({ id: held.id, legalHold: false }, boss);
  await remove(held.id);
  const kept = await make({ retainUntil: '2999-01-01' });
  await refused('failed_precondition', remove(kept.id, boss));
  await refused('permission_denied', update({ id: kept.id, retainUntil: '2000-01-01' }));
  await update({ id: kept.id, retainUntil: '2000-01-01' }, boss);
  await remove(kept.id);
});

test('6: folders are lists', async () => {
  const account = await d.create('account', { name: 'Customer' });
  const one = await make({ accountIds: [account.id], tags: ['renewals', 'north'] });
  const two = await make({ accountIds: [account.id], tags: ['north'] });
  const ids = async (...by) => (await listed(...by)).map((doc) => doc.id).sort();
  assert.deepEqual(await ids('account_ids', account.id), [one.id, two.id].sort());
  assert.deepEqual(await ids('tags', 'renewals'), [one.id]);
  await update({ id: two.id, tags: ['south'] });
  assert.deepEqual(await ids('tags', 'north'), [one.id]);
  const secret = await make({ title: 'Minutes', accountIds: [account.id], visibility: 'DOCUMENT_VISIBILITY_TEAM', noticeOn: '2999-01-01' });
  const search = { filters: [{ field: 'account_ids', values: [account.id] }] };
  const view = await d.create('savedView', { name: 'Customer', type: 'document', search }, as(anna));
  const found = async (request, user = anna) =>
    ((await d.call('DocumentService/ListDocuments', request, as(user))).documents ?? []).map((doc) => doc.id).sort();
  assert.deepEqual(await found({ search: view.search }), [one.id, two.id, secret.id].sort());
  assert.deepEqual(await found({ search: view.search }, eve), [one.id, two.id].sort());
  assert.deepEqual(await found({ search: { ...search, query: 'minu' } }), [secret.id]);
  assert.deepEqual(await found({ search, dayField: 'notice_on', dayBefore: '3000-01-01' }), [secret.id]);
  assert.deepEqual(await found({ search, dayField: 'notice_on', dayBefore: '3000-01-01' }, eve), []);
  await refused('invalid_argument', found({ dayField: 'title' }));
  await refused('invalid_argument', found({ dayFrom: '2026-01-01' }));
  await refused('invalid_argument', found({ search: { filters: [{ field: 'note', values: ['x'] }] } }));
});

test('7: what it says', async () => {
  assert.equal((await refused('invalid_argument', make({ title: '  ' }))).field, 'document.title');
  assert.equal((await refused('invalid_argument', make({ expiresOn: 'tomorrow' }))).field, 'document.expires_on');
  await refused('invalid_argument', make({ effectiveOn: '2026-12-31', expiresOn: '2026-01-01' }));
  assert.equal((await make({ expiresOn: '2020-01-01' })).status, 'DOCUMENT_STATUS_EXPIRED');
  const old = await make({}), fresh = await make({});
  await update({ id: old.id, supersededById: fresh.id });
  assert.equal((await get(old.id)).status, 'DOCUMENT_STATUS_SUPERSEDED');
  await refused('invalid_argument', update({ id: fresh.id, supersededById: fresh.id }));
});

test('9: days', async () => {
  const day = (ahead) => new Date(Date.now() + ahead * 86400e3).toISOString().slice(0, 10);
  const told = async () => (await d.call('NotificationService/ListNotifications', {}, as(ben))).notifications ?? [];
  const { id } = await make({ title: 'Lease', ownerId: ben.id, renewalOn: day(8) });
  await update({ id, noticeOn: day(7) });
  const [first] = await until('ben is told', async () => (await told()).length && (await told()));
  assert.equal(first.documentId, id);
  assert.equal(first.class, 'NOTIFICATION_CLASS_DOCUMENT_DATE');
  assert.match(first.title, /Lease/);
  assert.equal(first.text, `Notice has to be given until ${day(7)}.`);
  await update({ id, note: 'nothing of its days' });
  await d.settled();
  assert.equal((await told()).length, 1);
});

test('10: to be read', async () => {
  const { id } = await make({ title: 'Code of conduct', type: 'DOCUMENT_TYPE_POLICY', mustRead: { roles: ['ROLE_REP'] }, visibility: 'DOCUMENT_VISIBILITY_HOUSE' });
  const asked = async (user, n) =>
    until(`asked ${n} times`, async () => {
      const { notifications } = await d.call('NotificationService/ListNotifications', {}, as(user));
      const own = (notifications ?? []).filter((x) => x.documentId === id);
      return own.length === n && own;
    });
  const pending = async () =>
    ((await call('GetReaders', { documentId: id, pending: true, requestId: undefined })).readers ?? []).map((r) => r.userId).sort();
  await refused('failed_precondition', call('AcknowledgeDocument', { documentId: id, number: 1 }, ben));
  await call('AddRevision', { documentId: id, fileHash: await store('code.txt', 'be kind'), makeCurrent: true });
  assert.equal((await asked(eve, 1))[0].class, 'NOTIFICATION_CLASS_DOCUMENT_TO_READ');
  await asked(ben, 1);
  const reading = async (user) =>
    ((await call('ListReading', { requestId: undefined }, user)).documents ?? []).map((x) => x.id);
  assert.ok((await pending()).includes(ben.id) && !(await pending()).includes(boss.id));
  assert.deepEqual([await reading(ben), await reading(boss)], [[id], []]);
  await call('AcknowledgeDocument', { documentId: id, number: 1 }, ben);
  assert.ok(!(await pending()).includes(ben.id));
  assert.deepEqual([await reading(ben), await reading(eve)], [[], [id]]);
  const { readers } = await call('GetReaders', { documentId: id, requestId: undefined });
  assert.equal(readers.find((r) => r.userId === ben.id).number, 1);
  await refused('permission_denied', call('GetReaders', { documentId: id, requestId: undefined }, eve));
  await call('AddRevision', { documentId: id, fileHash: await store('code.txt', 'be very kind'), makeCurrent: true });
  await asked(ben, 2);
  await refused('failed_precondition', call('AcknowledgeDocument', { documentId: id, number: 1 }, ben));
  await call('AcknowledgeDocument', { documentId: id, number: 2 }, ben);
  assert.ok(!(await pending()).includes(ben.id) && (await pending()).includes(eve.id));
});

test('11: sent', async () => {
  const account = await d.create('account', { name: 'Reader' });
  const { id } = await make({ title: 'Brochure', visibility: 'DOCUMENT_VISIBILITY_TEAM' });
  await refused('failed_precondition', call('PinSent', { documentId: id, aboutId: account.id }));
  const fileHash = await store('brochure.txt', 'as it was');
  await call('AddRevision', { documentId: id, fileHash, makeCurrent: true });
  await call('PinSent', { documentId: id, aboutId: account.id, sentTo: 'Ms. Buyer' });
  await call('AddRevision', { documentId: id, fileHash: await store('brochure.txt', 'as it is'), makeCurrent: true });
  const sent = async (user) => (await call('GetSent', { aboutId: account.id, requestId: undefined }, user)).sent ?? [];
  const [pin] = await sent(anna);
  assert.deepEqual([pin.documentId, pin.number, pin.fileHash, pin.sentTo, pin.sentById], [id, 1, fileHash, 'Ms. Buyer', anna.id]);
  assert.deepEqual(await sent(eve), []);
  await refused('failed_precondition', remove(id));
});

test('8: a leaver, and the log', async () => {
  const leaver = await d.user('Lea Leaver', 'rep');
  await d.settled();
  const { id } = await make({}, leaver);
  await d.call('DirectoryService/DeactivateUser', { requestId: request_id(), userId: leaver.id, successorId: boss.id });
  await d.settled();
  assert.equal((await get(id)).ownerId, boss.id);
  d.verify();
});

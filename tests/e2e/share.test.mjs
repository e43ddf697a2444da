// Links for people outside: /s/TOKEN.
// 1 a page says what there is; opening it counts, gives the file for saving, and whoever made the link is told
// 2 what was never there, is over, was revoked, is used up or not reached any more looks the same
// 3 a password is asked for before anything is said, and after five wrong ones not even the right one helps
// 4 a link ends at once, also for downloads that go on
// 5 it shows what is current when it is opened, or the revision that was chosen
// 6 whoever made it sees it, and whoever changes the document; the log has it all
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange, refused, request_id, shared, until } from './lib.mjs';

let anna, eve, boss;
const d = shared(async () => {
  const team = await d.create('team', { name: 'North' });
  boss = await d.user('Mia Manager', 'manager');
  anna = await d.user('Anna Author', 'rep', { teamId: team.id });
  eve = await d.user('Eve Elsewhere', 'rep');
  await d.settled();
});

const as = (user) => ({ token: user.token });
const call = (method, body, user = anna) => d.call(method, { requestId: request_id(), ...body }, as(user));
const store = async (name, body) => {
  const headers = { authorization: `Bearer ${anna.token}` };
  const answer = await exchange(`${d.url}/v1/files?name=${encodeURIComponent(name)}`, { method: 'PUT', headers, body });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.hash;
};
const add = async (documentId, text) =>
  call('DocumentService/AddRevision', { documentId, fileHash: await store('the offer.txt', text), makeCurrent: true });
const make = async (fields = {}) => {
  const { id } = await d.create('document', { title: 'Offer <b>', visibility: 'DOCUMENT_VISIBILITY_HOUSE', ...fields }, as(anna));
  await add(id, 'the first offer');
  return id;
};
const share = (documentId, fields = {}, user = anna) => call('ShareService/CreateShare', { documentId, ...fields }, user);
const listed = async (documentId, user = anna) =>
  d.call('ShareService/ListShares', { documentId }, as(user));
const page = (path, init) => exchange(`${d.url}/s/${path}`, { redirect: 'manual', ...init });
const open = (token, password) =>
  page(token, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(password === undefined ? {} : { password }).toString(),
  });
const opened = async (token, password) => {
  const answer = await open(token, password);
  assert.equal(answer.status, 303, answer.text);
  return answer.headers.get('location').slice('/s/'.length);
};
const told = async (user, documentId) =>
  ((await d.call('NotificationService/ListNotifications', {}, as(user))).notifications ?? []).filter(
    (n) => n.documentId === documentId,
  );

let gone;
const assert_gone = (answer) => {
  assert.equal(answer.status, 404);
  gone ??= answer.text.replaceAll(/nonce="[^"]*"/g, '');
  assert.equal(answer.text.replaceAll(/nonce="[^"]*"/g, ''), gone);
};

test('1: opened by whoever has the link', async () => {
  const id = await make();
  const { token, share: made } = await share(id, { givenTo: 'Ann Buyer' });
  assert.match(token, /^[0-9a-f]{64}$/);
  assert.equal(made.tokenHash, undefined);
  for (let n = 0; n < 2; n++) {
    const shown = await page(token);
    assert.equal(shown.status, 200);
    assert.match(shown.text, /<h1>Offer &lt;b&gt;<\/h1>/);
    assert.match(shown.text, /the offer\.txt \(15 B\)/);
    assert.match(shown.headers.get('content-security-policy'), /default-src 'none'/);
  }
  const chinese = await page(token, { headers: { 'accept-language': 'zh-TW,zh;q=0.9' } });
  assert.match(chinese.text, /<html lang="zh-Hant">[^]*下載/);
  assert.equal((await listed(id)).shares[0].views, undefined);
  const path = await opened(token);
  const file = await page(path);
  assert.equal(file.status, 200);
  assert.equal(file.text, 'the first offer');
  assert.match(file.headers.get('content-disposition'), /^attachment; filename="the offer\.txt"/);
  assert.match(file.headers.get('content-security-policy'), /sandbox/);
  assert.equal(file.headers.get('x-content-type-options'), 'nosniff');
  const part = await page(path, { headers: { range: 'bytes=4-8' } });
  assert.deepEqual([part.status, part.text], [206, 'first']);
  const list = await listed(id);
  assert.equal(list.shares[0].views, 1);
  assert.deepEqual([list.views[0].shareId, list.views[0].number, list.views[0].ticketHash], [made.id, 1, undefined]);
  const [news] = await until('anna is told', async () => (await told(anna, id)).length && (await told(anna, id)));
  assert.equal(news.class, 'NOTIFICATION_CLASS_DOCUMENT_OPENED');
  assert.equal(news.text, 'Your link was opened; you gave it to Ann Buyer.');
  await opened(token);
  await d.settled();
  assert.equal((await told(anna, id)).length, 1);
});

test('2: over is over', async () => {
  const id = await make();
  assert_gone(await page('0'.repeat(64)));
  assert_gone(await open('0'.repeat(64)));
  assert_gone(await page(`file/${'0'.repeat(64)}`));
  assert_gone(await page('nothing'));
  const once = (await share(id, { maxViews: 1 })).token;
  const path = await opened(once);
  assert_gone(await page(once));
  assert_gone(await open(once));
  assert.equal((await page(path)).status, 200);
  const leaver = await d.user('Lea Leaver', 'rep');
  await d.settled();
  const theirs = (await share(id, {}, leaver)).token;
  const hers = (await share(id, {}, eve)).token;
  assert.equal((await page(theirs)).status, 200);
  assert.equal((await page(hers)).status, 200);
  await d.call('DirectoryService/DeactivateUser', { requestId: request_id(), userId: leaver.id, successorId: boss.id });
  await d.settled();
  assert_gone(await page(theirs));
  await d.call('RecordService/UpdateRecord', { record: { document: { id, visibility: 'DOCUMENT_VISIBILITY_TEAM' } } }, as(anna));
  assert_gone(await page(hers));
  await d.call('RecordService/DeleteRecord', { type: 'document', id }, as(anna));
  assert_gone(await page(path));
});

test('3: a password', async () => {
  const id = await make();
  await refused('invalid_argument', share(id, { password: 'short' }));
  const { token, share: made } = await share(id, { password: 'four words in a row' });
  assert.equal(made.hasPassword, true);
  assert.equal(made.passwordHash, undefined);
  const asked = await page(token);
  assert.match(asked.text, /type="password"/);
  assert.doesNotMatch(asked.text, /Offer|offer/);
  for (const wrong of [undefined, 'four words', 'four words in a row ']) {
    const answer = await open(token, wrong);
    assert.equal(answer.status, 403);
    assert.match(answer.text, /The password is not right/);
    assert.doesNotMatch(answer.text, /Offer|offer/);
  }
  assert.equal((await page(await opened(token, 'four words in a row'))).text, 'the first offer');
  for (let n = 0; n < 5; n++) assert.equal((await open(token, 'another')).status, 403);
  assert.equal((await open(token, 'four words in a row')).status, 429);
});

test('4: revoked', async () => {
  const id = await make();
  const { token, share: made } = await share(id);
  const path = await opened(token);
  await refused('not_found', call('ShareService/RevokeShare', { id: made.id }, eve));
  await call('ShareService/RevokeShare', { id: made.id });
  await call('ShareService/RevokeShare', { id: made.id });
  assert_gone(await page(token));
  assert_gone(await open(token));
  assert_gone(await page(path));
});

test('5: what is current, or was chosen', async () => {
  const id = await make();
  const newest = (await share(id)).token;
  const first = (await share(id, { number: 1 })).token;
  const before = await opened(newest);
  await add(id, 'the second offer');
  assert.equal((await page(await opened(newest))).text, 'the second offer');
  assert.equal((await page(await opened(first))).text, 'the first offer');
  assert.equal((await page(before)).text, 'the first offer');
  await refused('not_found', share(id, { number: 9 }));
});

test('6: who sees it', async () => {
  const id = await make();
  const { share: hers } = await share(id, {}, eve);
  const { share: own } = await share(id);
  const ids = async (user) => ((await listed(id, user)).shares ?? []).map((s) => s.id);
  assert.deepEqual(await ids(anna), [own.id, hers.id]);
  assert.deepEqual(await ids(eve), [hers.id]);
  await refused('unimplemented', d.call('ShareService/OpenShare', { token: '0'.repeat(64) }));
  d.verify();
});

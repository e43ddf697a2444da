// Rules, pools, places and days as they should not be, told to a running Baton: refused with the field's name, or
// taken, and every lead has one holder. The numbers stand beside those of tests/unit/test_leads_bad_rules.c.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, request_id, shared } from './lib.mjs';

const TIMES = 50, HEAVY = 1000000, LEADS = 40;
const d = shared();
let anna, ben, at = 0;

const capture = async (fields) => (await d.capture({ email: `bad${at++}@b${at}.example`, ...fields })).lead;
const publish = (...rules) => d.call('LeadService/PublishPolicy', { requestId: request_id(), policy: { rules } });
const remove = (type, id) => d.call('RecordService/DeleteRecord', { requestId: request_id(), type, id });
const pool = (name, ...members) => d.create('pool', { name, members });

test('1: the same form posted fifty times at once is one lead', async () => {
  [anna, ben] = [await d.user('Anna', 'rep'), await d.user('Ben', 'rep')];
  await d.create('leadForm', { name: 'contact-us' });
  await d.settled();
  const body = () => new URLSearchParams({ name: 'Ada Lovelace', email: 'often@home.example', message: 'Please call me.' });
  const post = () => fetch(`${d.url}/forms/contact-us`, { method: 'POST', body: body(), redirect: 'manual' });
  const answers = await Promise.all(Array.from({ length: TIMES }, post));
  assert.ok(answers.every((a) => a.status < 400), answers.map((a) => a.status).join());
  const { custody } = await d.call('LeadService/GetCustody', {});
  assert.equal(Number(custody.received), 1, 'the very same again is not even another that is merged');
  assert.equal(Number(custody.held), 1);
});

test('2: a pool that a rule in force names cannot be deleted; one that is gone cannot be named', async () => {
  const [used, gone] = [await pool('used', { userId: anna.id, weight: 1 }), await pool('gone')];
  await publish({ name: 'the only one', poolId: used.id });
  assert.match((await refused('failed_precondition', remove('pool', used.id))).said, /rule 'the only one' .* needs this pool/);
  await remove('pool', gone.id);
  assert.match((await refused('invalid_argument', publish({ name: 'r', poolId: gone.id }))).field, /rules\[0\]\.pool_id/);
  assert.equal((await capture()).ownerId, anna.id);
});

test('3: a pool without members, and one whose last member has left: the next rule has its say', async () => {
  const carl = await d.user('Carl', 'rep');
  await d.settled();
  const [empty, left, rest] = [await pool('empty'), await pool('left', { userId: carl.id, weight: 1 }), await pool('rest', { userId: ben.id, weight: 1 })];
  await publish({ name: 'empty', poolId: empty.id }, { name: 'left', poolId: left.id }, { name: 'rest', poolId: rest.id });
  assert.equal((await capture()).ownerId, carl.id);
  await d.call('DirectoryService/DeactivateUser', { requestId: request_id(), userId: carl.id });
  await d.settled();
  assert.equal((await capture()).ownerId, ben.id);
  await publish({ name: 'empty', poolId: empty.id });
  assert.ok((await capture()).ownerId, 'the last resort');
});

test('4: weights of nothing and of more than a million are refused; a million beside one is not', async () => {
  for (const weight of [0, HEAVY + 1]) assert.match((await refused('invalid_argument', pool('bad', { userId: anna.id, weight }))).field, /weight/);
  const heavy = await pool('heavy', { userId: anna.id, weight: HEAVY }, { userId: ben.id, weight: 1 });
  await publish({ name: 'heavy', poolId: heavy.id });
  let of_ben = 0;
  for (let i = 0; i < LEADS; i++) of_ben += (await capture()).ownerId === ben.id;
  assert.ok(of_ben <= 1, `${of_ben}`);
});

test('5: postal codes from the higher to the lower, and a country that is none', async () => {
  const territory = (rules) => d.create('territory', { name: `T${at++}`, kind: 'TERRITORY_KIND_GEOGRAPHY', rules });
  const range = (from, to, country = 'DE') => territory([{ postalCodes: [{ country, from, to }] }]);
  for (const [from, to] of [['99999', '01000'], ['01000', '0199'], ['-', '1']]) await refused('invalid_argument', range(from, to));
  const nowhere = await range('10000', '19999', 'Atlantis');
  await range('10000', '19999');
  await d.settled();
  const lead = await capture({ address: { country: 'Deutschland', postalCode: '10115' } });
  assert.equal(lead.territoryIds.length, 1);
  assert.notEqual(lead.territoryIds[0], nowhere.id);
  assert.equal((await capture({ address: { country: 'ATLANTIS ', postalCode: '10115' } })).territoryIds[0], nowhere.id);
});

test('6: time zones that do not exist', async () => {
  for (const timeZone of ['Mars/Olympus', '../../etc/passwd', 'Europe', '+25:00']) {
    const email = `zone${at++}@staff.example`;
    const bad = await refused('invalid_argument', d.create('user', { email, name: 'Z', role: 'ROLE_REP', timeZone }));
    assert.match(bad.field, /time_zone$/, timeZone);
    const fields = { name: `Z${at++}`, kind: 'TERRITORY_KIND_GEOGRAPHY', timeZone };
    assert.match((await refused('invalid_argument', d.create('territory', fields))).field, /time_zone$/, timeZone);
  }
});

test('7: a rule for a territory that was deleted, or for a field that there is not', async () => {
  const all = await pool('all', { userId: anna.id, weight: 1 });
  const gone = await d.create('territory', { name: 'Gone', kind: 'TERRITORY_KIND_REGION' });
  await d.settled();
  await remove('territory', gone.id);
  await d.settled();
  const rule = (field, value) => publish({ name: 'r', poolId: all.id, conditions: [{ field, operator: 'OPERATOR_IS', values: [value] }] });
  assert.match((await refused('invalid_argument', rule('territory', gone.id))).said, /there is no territory/);
  assert.match((await refused('invalid_argument', rule('team', 'West'))).field, /conditions\[0\]\.field/);
});

test('8: after all that each lead has one holder, and the log gives the same rows', async () => {
  const { custody } = await d.call('LeadService/GetCustody', {});
  const sum = ['held', 'merged', 'rejected'].reduce((a, k) => a + Number(custody[k] ?? 0), 0);
  assert.equal(Number(custody.received), sum);
  assert.equal(JSON.parse(d.tool('policy', 'replay', '--json').out).differences, 0);
  d.verify();
});

// Quotas, roll-ups as of now and earlier, what changed, and what is to be expected.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refused, request_id, shared, until } from './lib.mjs';

let ann, bob, mia, team;
const d = shared(async () => {
  mia = await d.user('Mia Manager', 'manager');
  team = await d.create('team', { name: 'North', managerId: mia.id });
  ann = await d.user('Ann Able', 'rep', { teamId: team.id });
  bob = await d.user('Bob Bright', 'rep');
  await d.settled();
});

const call = (method, body, who) => d.call(`ForecastService/${method}`, body, who);
const euros = (n) => ({ currencyCode: 'EUR', minorUnits: `${n}` });
const deal = (fields, who) => d.create('opportunity', { name: 'Deal', closeDate: '2031-05-20', ownerId: who.id, ...fields }, who);
const move = (id, stageKey, who) => d.call('OpportunityService/MoveOpportunity', { requestId: request_id(), id, stageKey }, who);
const forecast = (body, who) => call('GetForecast', { period: '2031-Q2', ...body }, who);
const sums = (answer, id) => answer.rows.find((r) => r.userId === id)?.sums?.[0] ?? {};

test('what people have is added up to whom they are below, and only they see it', async () => {
  await deal({ amount: euros(1000), stageKey: 'negotiation' }, ann);
  const open = await deal({ amount: euros(300) }, ann);
  await deal({ amount: euros(70) }, bob);
  await deal({ amount: euros(9), closeDate: '2031-07-01' }, ann);
  await d.create('quota', { ownerId: ann.id, period: '2031-Q2', amount: euros(4000) });
  const mine = await forecast({}, ann);
  assert.deepEqual([mine.firstDay, mine.lastDay, mine.total[0].commit, mine.total[0].pipeline], ['2031-04-01', '2031-06-30', '1000', '300']);
  assert.deepEqual([mine.total[0].quota, mine.total[0].coveragePercent], ['4000', 32]);
  const below = await forecast({}, mia);
  assert.equal(below.total[0].commit, '1000');
  assert.equal(sums(below, ann.id).quota, '4000');
  assert.equal(sums(below, bob.id).deals, undefined);
  const all = await forecast({});
  assert.equal(BigInt(all.total[0].commit ?? 0) + BigInt(all.total[0].pipeline), 1370n);
  await refused('not_found', forecast({ userId: bob.id }, ann));
  await refused('not_found', forecast({ userId: bob.id }, mia));
  await refused('permission_denied', forecast({ teamId: team.id }, ann));
  assert.equal((await forecast({ teamId: team.id }, mia)).total[0].commit, '1000');
  await move(open.id, 'closed_won', ann);
  await until('it counts as closed', async () => (await forecast({}, ann)).total[0].closed === '300');
});

test('as of before there was nothing there is nothing; what came since is told', async () => {
  const before = await forecast({ asOf: '2020-01-01' }, mia);
  assert.equal(before.total, undefined, 'nor was there a quota');
  const changes = await call('GetForecastChanges', { period: '2031-Q2', from: '2020-01-01' }, mia);
  const [flows] = changes.flows;
  const added = flows.flows.filter((f) => f.kind !== 'FORECAST_CHANGE_KIND_WON').reduce((n, f) => n + BigInt(f.amount ?? 0), 0n);
  assert.equal(BigInt(flows.begin ?? 0) + added, BigInt(flows.end));
  assert.equal(flows.end, '1300');
  assert.equal(flows.flows.find((f) => f.kind === 'FORECAST_CHANGE_KIND_WON').amount, '300');
});

test('quotas of the same do not overlap, and the refusal names the other', async () => {
  const q = await d.create('quota', { ownerId: bob.id, period: '2032', amount: euros(5) });
  const answer = await d.ask('RecordService/CreateRecord',
    { requestId: request_id(), record: { quota: { ownerId: bob.id, period: '2032-Q2', amount: euros(5) } } });
  assert.equal(answer.json.code, 'already_exists');
  assert.ok(answer.json.message.includes(q.id));
  await refused('invalid_argument', d.create('quota', { period: '2032-Q7', amount: euros(5) }));
});

test('a manager changes the number of whom they lead, and says why', async () => {
  const set = (body, who) => call('SetForecastAdjustment', { requestId: request_id(), period: '2031-Q2', ...body }, who);
  await set({ amount: euros(1500) }, ann);
  await refused('invalid_argument', set({ userId: ann.id, amount: euros(1200) }, mia));
  await refused('not_found', set({ userId: ann.id, amount: euros(1200), reason: 'Mine' }, bob));
  await set({ userId: ann.id, amount: euros(1200), reason: 'The big one slips' }, mia);
  const row = sums(await forecast({}, mia), ann.id);
  assert.deepEqual([row.own, row.adjusted, row.adjustedById, row.adjustedReason], ['1500', '1200', mia.id, 'The big one slips']);
});

test('what is to be expected is the same for the same seed, and lies in order', async () => {
  const ask = (seed) => call('GetCalibratedForecast', { period: '2031-Q2', seed }, ann);
  const [a, b] = [await ask('7'), await ask('7')];
  assert.deepEqual(a, b);
  assert.equal(a.seed, '7');
  assert.ok(BigInt(a.p10) <= BigInt(a.p50) && BigInt(a.p50) <= BigInt(a.p90));
  assert.equal(a.closed, '300');
  assert.ok(a.deals.every((x) => x.ownerId === ann.id));
});

test('the tool tells the same: by people, by deals with the seed, what changed', async () => {
  const people = d.tool('forecast', '--period', '2031-Q2');
  assert.match(people.out, /2031-Q2, 2031-04-01 to 2031-06-30/);
  assert.match(people.out, /total +EUR +3 +3\.00/);
  assert.match(d.tool('forecast', '--period', '2031-Q2', '--user', ann.email).out, /Ann Able +EUR +2 .* 40\.00 +12\.00/);
  const deals = d.tool('forecast', '--period', '2031-Q2', '--by', 'deals', '--seed', '7').out;
  assert.match(deals, /P10 .*, P50 .*, P90 .*\(seed 7, 2000 draws\)/);
  assert.equal(d.tool('forecast', '--period', '2031-Q2', '--by', 'deals', '--seed', '7').out, deals);
  assert.match(d.tool('forecast', 'changes', '2020-01-01', '--period', '2031-Q2').out, /EUR: from 0\.00 to 13\.70/);
  const accuracy = d.tool('forecast', '--period', '2031-Q2', '--by', 'accuracy', '--user', ann.email).out;
  assert.match(accuracy, /2031-Q2, 2031-04-01 to 2031-06-30, as said until/);
  assert.match(accuracy, /Ann Able +EUR +3\.00 .*12\.00 \(\+300 %\)/); // 3.00 came, 12.00 was said by a manager
  assert.equal(d.tool('forecast', '--period', '2020', '--by', 'accuracy', '--as-of', '2021-01-01').status, 1);
  assert.equal(d.tool('forecast', '--by', 'moon').status, 1);
  assert.match(d.tool('forecast', 'adjust', '2031-Q2', 'EUR', '11.00', '--user', ann.email, '--reason', 'Careful').out, /EUR 11\.00/);
  assert.match(d.tool('forecast', '--period', '2031-Q2', '--user', ann.email).out, /40\.00 +11\.00/);
  assert.match(d.tool('forecast', 'adjust', '2031-Q2', 'EUR', '1.234').err, /no amount/);
});

test('quotas come from a file; what is there gets the new amount, what overlaps is not taken', async () => {
  const path = join(d.data, 'quotas.csv');
  writeFileSync(path, `Email,Period,Amount,Currency\n${ann.email},2033-Q1,1000.50,EUR\n${ann.email},2033,1.00,EUR\nnobody@b.example,2033-Q1,1,EUR\n,2033-Q1,5000,JPY\n`);
  assert.match(d.tool('quota', 'set', path).out, /4 rows:\n +2 new\n +2 rows not taken\n/);
  const rejects = readFileSync(`${path}.rejects.csv`, 'utf8');
  assert.match(rejects, /a quota of the same for 2033-Q1/);
  assert.match(rejects, /no user/);
  writeFileSync(path, `Email,Period,Amount,Currency\n${ann.email},2033-Q1,1000.75,EUR\n,2033-Q1,5000,JPY\n`);
  assert.match(d.tool('quota', 'set', path).out, /2 rows:\n +1 changed\n +1 as they are here already\n/);
  const list = d.tool('quota', 'list').out;
  assert.match(list, new RegExp(`${ann.email} .*2033-Q1 +1000\\.75 +EUR`));
  assert.match(list, /2033-Q1 +5000 +JPY/);
});

test('whom one is below is what was true then', async () => {
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { user: { id: ann.id } }, clear: ['team_id'] });
  await d.settled();
  await until('she is below nobody', async () => !(await forecast({}, mia)).rows?.some((r) => r.userId === ann.id));
});

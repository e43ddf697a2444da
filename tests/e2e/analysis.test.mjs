// What is counted of what people did, as figures, by whoever may see them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, request_id, shared, until } from './lib.mjs';

let ann, bob, mia, team;
const d = shared(async () => {
  mia = await d.user('Mia Manager', 'manager');
  team = await d.create('team', { name: 'North', managerId: mia.id });
  ann = await d.user('Ann Able', 'rep', { teamId: team.id });
  bob = await d.user('Bob Bright', 'rep');
  await d.settled();
});

const year = `${new Date().getUTCFullYear()}`;
const euros = (n) => ({ currencyCode: 'EUR', minorUnits: `${n}` });
const deal = (amount, who, fields = {}) => d.create('opportunity', { name: 'Deal', ownerId: who.id, amount: euros(amount), ...fields }, who);
const end = (o, outcome, who, reason) =>
  d.call('OpportunityService/CloseOpportunity', { requestId: request_id(), id: o.id, outcome: `STAGE_KIND_${outcome}`, reason }, who);
const ask = (measures, body = {}, who = undefined) => d.call('AnalysisService/QueryMeasures', { measures, period: year, ...body }, who);
const by = (...dimensions) => ({ by: dimensions.map((x) => `MEASURE_DIMENSION_${x}`) });
const value = (group, i = 0) => group?.values[i] ?? {};
const of = (answer, key) => answer.groups?.find((g) => g.keys[0] === key);

test('what is won and lost is counted for whom it was, and only they and those above see it', async () => {
  const won = await deal(1000, ann);
  const lost = await deal(300, ann);
  await deal(70, bob);
  await end(won, 'WON', ann, 'Price');
  await end(lost, 'LOST', ann, 'Too late');
  await end(await deal(500, bob), 'WON', bob);
  const mine = await ask(['won', 'win_rate'], by('OWNER'), ann);
  assert.deepEqual(mine.groups.map((g) => g.keys[0]), [ann.id]);
  assert.deepEqual(mine.groups[0].names, ['Ann Able']);
  assert.equal(value(mine.groups[0]).amounts[0].minorUnits, '1000');
  assert.deepEqual([value(mine.groups[0], 1).permille, value(mine.groups[0], 1).count], [500, '2']);
  const below = await ask(['won'], by('TEAM'), mia);
  assert.equal(value(of(below, team.id)).count, '1');
  const all = await ask(['won'], { ...by('OWNER'), largestFirst: true, limit: 1 });
  assert.deepEqual([all.groups.length, all.groups[0].keys[0], all.groupsLeftOut], [1, ann.id, 1]);
  assert.equal(value(all.total).amounts[0].minorUnits, '1500');
  await refused('not_found', ask(['won'], { userId: bob.id }, ann));
  await refused('not_found', ask(['won'], { userId: bob.id }, mia));
});

test('every figure says where its records are', async () => {
  const [group] = (await ask(['won'], by('OWNER'), ann)).groups;
  const [where] = group.records;
  const { records } = await d.call('RecordService/ListRecords', { type: where.type, whereField: where.whereField, whereValue: where.whereValue }, ann);
  const behind = records.map((r) => r.opportunity).filter((o) => {
    const day = o[where.dateField === 'closed_at' ? 'closedAt' : where.dateField]?.slice(0, 10);
    return o.stageKind === where.stageKind && where.firstDay <= day && day <= where.lastDay;
  });
  assert.equal(`${behind.length}`, value(group).count);
});

test('the way through the stages is counted, and what is taken back is not', async () => {
  const o = await deal(40, bob, { stageKey: 'qualification' });
  const entered = async () => value(of(await ask(['entered'], by('DETAIL'), bob), 'qualification')).count;
  assert.equal(await entered(), '1');
  await end(o, 'LOST', bob, 'No money');
  const dropped = await ask(['dropped', 'left', 'conversion'], by('DETAIL'), bob);
  assert.deepEqual(value(of(dropped, 'qualification'), 0).count, '1');
  assert.equal(value(of(dropped, 'qualification'), 2).permille, 0);
  const reasons = await ask(['lost'], by('DETAIL'), bob);
  assert.deepEqual(reasons.groups.map((g) => g.keys[0]), ['No money']);
  await d.call('OpportunityService/ReopenOpportunity', { requestId: request_id(), id: o.id }, bob);
  assert.equal((await ask(['lost'], by('DETAIL'), bob)).groups, undefined);
  await d.call('RecordService/DeleteRecord', { requestId: request_id(), type: 'opportunity', id: o.id }, bob);
  await until('it counts nowhere', async () => (await entered()) === undefined);
});

test('what is handed on goes with its figures; what was the period before is told', async () => {
  const o = await deal(9, bob);
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { opportunity: { id: o.id, ownerId: ann.id } } });
  const open = await ask(['open'], { ...by('OWNER'), compare: true });
  assert.equal(value(of(open, ann.id)).amounts[0].minorUnits, '9');
  const created = await ask(['created'], { compare: true });
  assert.equal(created.total.before[0].count, '0');
  assert.ok(BigInt(value(created.total).count) >= 5n);
});

test('what there is to ask for is said, and what there is not is refused', async () => {
  const { measures } = await d.call('AnalysisService/ListMeasures', {}, ann);
  assert.ok(measures.some((m) => m.name === 'win_rate' && m.unit === 'per mille'));
  const refusal = await refused('invalid_argument', ask(['wins'], {}, ann));
  assert.equal(refusal.field, 'measures');
  await refused('invalid_argument', ask(['win_rate'], by('DETAIL'), ann));
  await refused('invalid_argument', ask(['won'], { period: '2026-13' }, ann));
});

test('who enters what, how late and how complete, is told of oneself and who is below', async () => {
  const hour_ms = 3600000;
  const end = new Date(Date.now() - 50 * hour_ms).toISOString();
  const call = await d.create('activity', { kind: 'ACTIVITY_KIND_CALL', subject: 'Call', status: 'ACTIVITY_STATUS_DONE', ownerId: ann.id, endAt: end }, ann);
  await d.create('note', { text: 'Met', subject: 'Note', accountId: (await d.create('account', { name: 'Acme', industry: 'Tin' }, ann)).id }, ann);
  const adoption = async (who, body = {}) => (await d.call('AnalysisService/GetAdoption', body, who)).users;
  const count = (u, type) => u.counts?.find((c) => c.type === type) ?? {};
  const mine = await until('what was done elsewhere is counted', async () => {
    const [u] = await adoption(ann);
    return count(u, 'note').created === '1' && count(u, 'activity').created === '1' && u;
  });
  assert.equal(mine.userId, ann.id);
  assert.ok(Number(count(mine, 'opportunity').created) >= 2 && Number(count(mine, 'account').created) === 1);
  assert.ok(Number(mine.medianLateHours) <= 50 && Number(mine.enteredAfter) >= 1);
  assert.ok(mine.completePermille > 0 && mine.completePermille < 1000);
  assert.deepEqual([mine.idleDays, mine.weeks.length], [0, 4]);
  assert.deepEqual((await adoption(mia)).map((u) => u.userId).sort(), [ann.id, mia.id].sort());
  await refused('not_found', adoption(bob, { userId: ann.id }));
  const held = async () => value(of(await ask(['activities'], { ...by('DETAIL'), userId: ann.id }), 'call')).count;
  assert.equal(await held(), '1');
  await d.call('RecordService/DeleteRecord', { requestId: request_id(), type: 'activity', id: call.id }, ann);
  await until('it counts no more', async () => (await held()) === undefined);
});

test('leads are counted by whom they were given, and how soon they were accepted', async () => {
  await d.route_to([ann]);
  const { lead } = await d.capture({ email: 'lead@tin.example', company: 'Tin', leadSource: 'fair' });
  await d.call('LeadService/AcceptLead', { requestId: request_id(), id: lead.id }, ann);
  const counted = await until('it is counted', async () => {
    const answer = await ask(['leads', 'leads_accepted'], by('DETAIL'), ann);
    return value(of(answer, 'fair'), 1).count === '1' && answer;
  });
  assert.deepEqual([value(of(counted, 'fair')).count, value(of(counted, 'fair'), 1).medianHours], ['1', '0']);
});

test('there are dashboards from the first start on, and everybody makes their own', async () => {
  const seen = async (who) => (await d.list('dashboard', who)).map((x) => x.title).sort();
  assert.deepEqual(await seen(ann), ['My work']);
  assert.deepEqual(await seen(mia), ['Adoption', 'My team']);
  assert.deepEqual(await seen(), ['Adoption', 'Headquarters', 'My team', 'My work']);
  const widget = { title: 'Won', chart: 'WIDGET_CHART_LINE', measures: ['won'], by: ['MEASURE_DIMENSION_MONTH'], period: 'MEASURE_PERIOD_THIS_YEAR' };
  const own = await d.create('dashboard', { title: 'Mine', widgets: [widget] }, ann);
  assert.equal(own.ownerId, ann.id);
  assert.deepEqual(await seen(bob), ['My work']);
  await refused('not_found', d.call('RecordService/DeleteRecord', { requestId: request_id(), type: 'dashboard', id: own.id }, bob));
  await refused('invalid_argument', d.create('dashboard', { title: 'Mine', widgets: [{ ...widget, measures: ['wins'] }] }, ann));
  for (const board of await d.list('dashboard'))
    for (const { measures, by, period, compare } of board.widgets.filter((w) => w.measures))
      await d.call('AnalysisService/QueryMeasures', { measures, by, relative: period, compare });
});

test('who wins far less than the others is named with the numbers, and deals at risk with what speaks for it', async () => {
  for (let i = 0; i < 34; i++) await end(await deal(1, ann), 'WON', ann);
  for (let i = 0; i < 12; i++) await end(await deal(1, bob), 'LOST', bob, 'Lost');
  const advice = async (who, body = {}) => (await d.call('AnalysisService/GetAdvice', body, who)).advice ?? [];
  const [person] = (await advice()).filter((a) => a.kind === 'ADVICE_KIND_PERSON');
  assert.equal(person.userId, bob.id);
  assert.match(person.reason, /^won \d+ of \d+ deals within a year, where the others won/);
  assert.ok(Number(person.figures[0].value) < 200);
  const risky = await deal(5, ann, { closeDate: '2020-01-01', nextStep: 'Call', nextStepDueDate: '2020-01-01' });
  const [found] = await advice(ann);
  assert.equal(found.opportunityId, risky.id);
  assert.match(found.reason, /it was to close before, by \d+ days; its next step is overdue by \d+ days/);
  assert.ok((await advice(mia)).some((a) => a.opportunityId === risky.id));
  assert.ok(!(await advice(bob)).some((a) => a.opportunityId === risky.id));
});

test('the tool shows and exports what is counted', async () => {
  assert.match(d.tool('analysis').out, /win_rate +per mille/);
  assert.match(d.tool('analysis', 'won', 'win_rate', '--by', 'owner', '--period', year).out, /Ann Able +now +won +35/);
  const csv = d.tool('analysis', 'won', '--by', 'owner,pipeline', '--period', year, '--csv').out.split('\r\n');
  assert.equal(csv[0], '"owner","pipeline","when","measure","count","share","mean_hours","median_hours","amount","currency"');
  assert.ok(csv.some((line) => line.startsWith('"Ann Able"') && line.endsWith('"10.34","EUR"')));
  assert.match(d.tool('adoption').out, /Ann Able/);
  assert.match(d.tool('advice').out, /person +Bob Bright +won/);
  assert.match(d.tool('analysis', 'won', '--period', year, '--currency', 'USD').out, /EUR: there is no rate, so it stands apart/);
  await d.call('RecordService/CreateRecord', {
    requestId: request_id(),
    record: { currencyRate: { fromCurrency: 'EUR', toCurrency: 'USD', day: new Date().toISOString().slice(0, 10), rateE9: '2000000000' } },
  });
  assert.match(d.tool('analysis', 'won', '--period', year, '--currency', 'USD').out, /EUR: at the rate to USD of \d{4}-\d\d-\d\d/);
  assert.equal(d.tool('analysis', 'won', '--currency', 'XXY').status, 1);
  assert.equal(d.tool('analysis', 'won', '--by', 'colour').status, 1);
});

// What moves through pipelines: stages and their conditions, and what was thought of it on the way.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { exchange, refused, request_id, shared, until } from './lib.mjs';

let ann, bob, mia, sales;
const d = shared(async () => {
  ann = await d.user('Ann Able', 'rep');
  bob = await d.user('Bob Bright', 'rep');
  mia = await d.user('Mia Manager', 'manager');
  sales = (await d.list('pipeline')).find((p) => p.isDefault);
  await d.settled();
});

const call = (method, body, who) => d.call(`OpportunityService/${method}`, body, who);
const update = async (type, fields, who, clear) =>
  (await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { [type]: fields }, clear }, who)).record[type];
const get = async (type, id, who) => (await d.call('RecordService/GetRecord', { type, id }, who)).record[type];
const remove = (type, id, who) => d.call('RecordService/DeleteRecord', { requestId: request_id(), type, id }, who);
const deal = (fields, who) => d.create('opportunity', { name: 'Big deal', ...fields }, who);
const move = async (id, stageKey, who, more = {}) =>
  (await call('MoveOpportunity', { requestId: request_id(), id, stageKey, ...more }, who)).opportunity;
const estimates = async (opportunityId, who, page = {}) => (await call('ListEstimates', { opportunityId, ...page }, who)).estimates ?? [];
const euros = (n) => ({ currencyCode: 'EUR', minorUnits: `${n}00` });

const stages = [
  { key: 'first', name: 'First talk', probability: 5 },
  { key: 'offer', name: 'Offer', probability: 50, entryFields: ['amount', 'close_date'], overrideRoles: ['ROLE_MANAGER'] },
  { key: 'trial', name: 'Trial', probability: 70, exitFields: ['next_step'] },
  { key: 'ours', name: 'Ours', kind: 'STAGE_KIND_WON' },
  { key: 'theirs', name: 'Theirs', kind: 'STAGE_KIND_LOST' },
];
const pipeline = (fields) => d.create('pipeline', { name: `Pipeline ${randomUUID()}`, stages, ...fields });

test('there is a pipeline from the beginning; programs of before see the ten stages they know', async () => {
  assert.equal(sales.stages.length, 10);
  const o = await deal({}, ann);
  assert.deepEqual([o.pipelineId, o.stageKey, o.stage, o.probability], [sales.id, 'prospecting', 'STAGE_PROSPECTING', 10]);
  const moved = await update('opportunity', { id: o.id, stage: 'STAGE_NEGOTIATION' }, ann);
  assert.deepEqual([moved.stageKey, moved.probability, moved.forecastCategory], ['negotiation', 80, 'FORECAST_CATEGORY_COMMIT']);
  const won = await move(o.id, 'closed_won', ann);
  assert.deepEqual([won.stage, won.stageKind, won.probability], ['STAGE_CLOSED_WON', 'STAGE_KIND_WON', 100]);
  assert.ok(won.closedAt);
});

test('a stage names all that is missing at once; whom it lets goes on without, and says why', async () => {
  const p = await pipeline();
  const o = await deal({ pipelineId: p.id }, ann);
  assert.equal(o.stageKey, 'first');
  const answer = await d.ask('OpportunityService/MoveOpportunity', { requestId: request_id(), id: o.id, stageKey: 'offer' }, ann);
  assert.equal(answer.json.code, 'failed_precondition');
  const conditions = answer.json.details.find((x) => x.type === 'baton.v1.StageConditions').debug;
  assert.deepEqual(conditions.missingFields, ['amount', 'close_date']);
  assert.ok(!conditions.mayOverride);
  // the same by an update, and nobody but a manager overrides
  await refused('failed_precondition', update('opportunity', { id: o.id, stageKey: 'offer' }, ann));
  await refused('failed_precondition', move(o.id, 'offer', ann, { overrideReason: 'I want to' }));
  const over = await move(o.id, 'offer', mia, { overrideReason: 'The board wants it' });
  assert.equal(over.overrideReason, 'The board wants it');
  // filled in together with the move
  const other = await deal({ pipelineId: p.id }, ann);
  const there = await update('opportunity', { id: other.id, stageKey: 'offer', amount: euros(500), closeDate: '2026-12-31' }, ann);
  assert.equal(there.probability, 50);
  // on from a trial only with a next step; back and lost without
  await move(other.id, 'trial', ann);
  await refused('failed_precondition', move(other.id, 'ours', ann));
  assert.equal((await move(other.id, 'theirs', ann)).stageKind, 'STAGE_KIND_LOST');
});

test('two who move the same card: the second is told where it is now', async () => {
  const o = await deal({}, ann);
  await move(o.id, 'qualification', ann, { revision: o.revision });
  const answer = await d.ask(
    'OpportunityService/MoveOpportunity',
    { requestId: request_id(), id: o.id, stageKey: 'proposal', revision: o.revision },
    bob,
  );
  assert.equal(answer.status, 409);
  assert.equal(answer.json.details[1].debug.opportunity.stageKey, 'qualification');
});

test('every change of mind is kept: who, when, stage, amount, date, probability', async () => {
  const o = await deal({ amount: euros(100), ownerId: ann.id }, ann);
  await move(o.id, 'proposal', bob);
  await update('opportunity', { id: o.id, probability: 40, closeDate: '2026-12-31' }, ann);
  await update('opportunity', { id: o.id, name: 'Renamed' }, ann);
  await update('opportunity', { id: o.id, amount: euros(250) }, mia);
  const all = await estimates(o.id, ann);
  assert.deepEqual(
    all.map((e) => [e.stageKey, e.probability, e.amount.minorUnits, e.closeDate ?? '', e.actor.userId]),
    [
      ['proposal', 40, '25000', '2026-12-31', mia.id],
      ['proposal', 40, '10000', '2026-12-31', ann.id],
      ['proposal', 65, '10000', '', bob.id],
      ['prospecting', 10, '10000', '', ann.id],
    ],
  );
  assert.ok(all.every((e) => e.ownerId === ann.id && e.pipelineId === sales.id));
  const first = await call('ListEstimates', { opportunityId: o.id, pageSize: 3 }, ann);
  const rest = await estimates(o.id, ann, { pageToken: first.nextPageToken });
  assert.deepEqual([...first.estimates, ...rest], all);
});

test('what cannot be is refused, and says which field', async () => {
  const o = await deal({}, ann);
  const wrong = [
    [{ amount: { currencyCode: 'EUR', minorUnits: '-1' } }, 'opportunity.amount'],
    [{ amount: { currencyCode: 'EUR', minorUnits: '1000000000000001' } }, 'opportunity.amount'],
    [{ amount: { currencyCode: 'eur', minorUnits: '1' } }, 'opportunity.amount'],
    [{ closeDate: '2026-02-30' }, 'opportunity.close_date'],
    [{ stageKey: 'nowhere' }, 'opportunity.stage_key'],
    [{ pipelineId: randomUUID() }, 'opportunity.pipeline_id'],
    [{ probability: 101 }, 'opportunity.probability'],
  ];
  for (const [fields, field] of wrong) {
    const answer = await d.ask('RecordService/UpdateRecord', { requestId: request_id(), record: { opportunity: { id: o.id, ...fields } } }, ann);
    assert.ok(answer.status >= 400, JSON.stringify(fields));
    assert.equal(answer.json.details[0].debug.field, field);
  }
  assert.equal((await estimates(o.id, ann)).length, 1);
});

test('a stage that is in use stays until what is in it has moved', async () => {
  const p = await pipeline();
  const deals = [];
  for (let i = 0; i < 60; i++) deals.push(await deal({ pipelineId: p.id, stageKey: 'trial' }, ann));
  const without = p.stages.filter((s) => s.key !== 'trial');
  const no = await refused('failed_precondition', update('pipeline', { id: p.id, stages: without }));
  assert.match(no.said, /60 opportunities/);
  await refused('failed_precondition', remove('pipeline', p.id));
  await refused('failed_precondition', call('RetireStage', { requestId: request_id(), pipelineId: p.id, stageKey: 'trial', toStageKey: 'ours' }));
  const answer = await call('RetireStage', { requestId: request_id(), pipelineId: p.id, stageKey: 'trial', toStageKey: 'offer' });
  assert.equal(answer.moving, '60');
  await until('the stage is gone', async () => !(await get('pipeline', p.id)).stages.some((s) => s.key === 'trial'));
  for (const o of deals) assert.equal((await get('opportunity', o.id)).stageKey, 'offer');
  for (const o of deals) await remove('opportunity', o.id);
  await remove('pipeline', p.id);
});

test('the board: how many, for how much, weighted, by owner and team, only what one may see', async () => {
  const p = await pipeline();
  const south = await d.create('team', { name: `South ${randomUUID()}` });
  const eve = await d.user('Eve East', 'rep', { teamId: south.id });
  await d.settled();
  const board = async (body, who) => (await call('GetBoard', { pipelineId: p.id, ...body }, who)).columns;
  const said = (columns, key) => {
    const c = columns.find((x) => x.stage.key === key);
    return [Number(c.count ?? 0), (c.amounts ?? []).map((a) => [a.currencyCode, a.minorUnits, a.weightedMinorUnits])];
  };
  const deals = [];
  for (let i = 1; i <= 12; i++) deals.push(await deal({ pipelineId: p.id, amount: euros(i), ownerId: i % 2 ? ann.id : eve.id }, ann));
  await deal({ pipelineId: p.id, amount: { currencyCode: 'TWD', minorUnits: '333' }, ownerId: ann.id }, ann);
  await deal({ pipelineId: p.id, ownerId: ann.id }, ann);
  assert.deepEqual(said(await board({}), 'first'), [14, [['EUR', '7800', '390'], ['TWD', '333', '16']]]);
  assert.deepEqual(said(await board({ ownerId: eve.id }), 'first'), [6, [['EUR', '4200', '210']]]);
  assert.deepEqual(said(await board({ teamId: south.id }), 'first'), [6, [['EUR', '4200', '210']]]);
  const columns = await board({});
  assert.equal(columns.length, stages.length);
  const first = columns[0];
  assert.deepEqual(first.opportunities.length, 10);
  const rest = (await board({ stageKey: 'first', pageToken: first.nextPageToken }))[0];
  assert.equal(new Set([...first.opportunities, ...rest.opportunities].map((o) => o.id)).size, 14);
  // moved, changed, deleted: the sums follow
  await move(deals[0].id, 'trial', ann);
  await update('opportunity', { id: deals[1].id, amount: euros(100) }, ann);
  await remove('opportunity', deals[2].id, ann);
  const after = await board({});
  assert.deepEqual(said(after, 'first'), [12, [['EUR', '17200', '860'], ['TWD', '333', '16']]]);
  assert.deepEqual(said(after, 'trial'), [1, [['EUR', '100', '70']]]);
  // where the house does not see everything
  const organisation = (await d.list('organisation'))[0];
  await update('organisation', { id: organisation.id, customerAccess: 'CUSTOMER_ACCESS_PRIVATE' });
  await d.settled();
  try {
    const eves = said(await board({}, eve), 'first');
    assert.deepEqual(eves, [6, [['EUR', '14000', '700']]]);
    assert.equal((await board({}, eve))[0].opportunities.length, 6);
    assert.deepEqual(said(await board({}, bob), 'first'), [0, []]);
    assert.deepEqual(said(await board({}, undefined), 'first')[0], 12);
  } finally {
    await update('organisation', { id: organisation.id, customerAccess: 'CUSTOMER_ACCESS_OPEN' });
    await d.settled();
  }
});

test('won and lost have reasons; what has ended is opened again where it was', async () => {
  const p = await pipeline({ lossReasons: ['price', 'time'] });
  const o = await deal({ pipelineId: p.id, amount: euros(1), closeDate: '2026-12-31', stageKey: 'offer' }, ann);
  const close = (body, who = ann) => call('CloseOpportunity', { requestId: request_id(), id: o.id, ...body }, who);
  const no = await refused('failed_precondition', close({ outcome: 'STAGE_KIND_LOST' }));
  assert.match(no.said, /price, time/);
  await refused('failed_precondition', close({ outcome: 'STAGE_KIND_LOST', reason: 'colour' }));
  await refused('invalid_argument', close({ outcome: 'STAGE_KIND_OPEN', reason: 'price' }));
  const lost = (await close({ outcome: 'STAGE_KIND_LOST', reason: 'price', lostTo: 'Acme' })).opportunity;
  assert.deepEqual([lost.stageKey, lost.outcomeReason, lost.lostTo, lost.probability ?? 0], ['theirs', 'price', 'Acme', 0]);
  const again = (await call('ReopenOpportunity', { requestId: request_id(), id: o.id }, ann)).opportunity;
  assert.deepEqual([again.stageKey, again.outcomeReason, again.closedAt], ['offer', undefined, undefined]);
  await refused('failed_precondition', call('ReopenOpportunity', { requestId: request_id(), id: o.id }, ann));
  const won = (await close({ outcome: 'STAGE_KIND_WON' })).opportunity;
  assert.deepEqual([won.stageKind, won.forecastCategory], ['STAGE_KIND_WON', 'FORECAST_CATEGORY_CLOSED']);
  assert.deepEqual((await estimates(o.id, ann)).map((e) => e.stageKey), ['ours', 'offer', 'theirs', 'offer']);
});

test('whoever follows hears of moves, notes and the end; who did it does not', async () => {
  const o = await deal({ ownerId: ann.id }, ann);
  const news = async (who) =>
    ((await d.call('NotificationService/ListNotifications', {}, who)).notifications ?? [])
      .filter((n) => n.opportunityId === o.id)
      .map((n) => n.text);
  await call('FollowOpportunity', { requestId: request_id(), id: o.id }, bob);
  await move(o.id, 'proposal', mia);
  await until('both heard', async () => (await news(bob)).length === 1 && (await news(ann)).length === 1);
  assert.equal((await news(bob))[0], 'Mia Manager moved it to Proposal.');
  await d.create('note', { opportunityId: o.id, text: 'They called.', ownerId: ann.id }, ann);
  await until('bob heard of the note', async () => (await news(bob))[0] === 'Ann Able wrote a note.');
  await call('FollowOpportunity', { requestId: request_id(), id: o.id, end: true }, bob);
  await call('CloseOpportunity', { requestId: request_id(), id: o.id, outcome: 'STAGE_KIND_WON' }, mia);
  await until('ann heard', async () => (await news(ann))[0] === 'Mia Manager won it.');
  assert.equal((await news(bob)).length, 2);
});

test('whose opportunities they are: owner, team, managers above, who works on it, shares; partners what they brought', async () => {
  const organisation = (await d.list('organisation'))[0];
  const pat = await d.user('Pat Partner', 'partner');
  const team = await d.create('team', { name: `Team ${randomUUID()}`, managerId: mia.id });
  const eve = await d.user('Eve Early', 'rep', { teamId: team.id });
  await d.settled();
  const says = async (customerAccess) => {
    await update('organisation', { id: organisation.id, customerAccess });
    await d.settled();
  };
  const o = await deal({ ownerId: eve.id, team: [{ userId: ann.id, role: 'engineer' }] }, eve);
  await says('CUSTOMER_ACCESS_PRIVATE');
  try {
    for (const who of [eve, mia, ann]) assert.equal((await get('opportunity', o.id, who)).id, o.id);
    for (const who of [bob, pat]) await refused('not_found', get('opportunity', o.id, who));
    await refused('not_found', move(o.id, 'proposal', bob));
    await refused('not_found', estimates(o.id, bob));
    assert.equal((await move(o.id, 'proposal', ann)).stageKey, 'proposal');
    await refused('permission_denied', update('opportunity', { id: o.id, ownerId: ann.id }, ann));
    await refused('permission_denied', d.create('opportunityShare', { recordId: o.id, userId: bob.id, level: 'SHARE_LEVEL_READ' }, ann));
    const share = await d.create('opportunityShare', { recordId: o.id, userId: bob.id, level: 'SHARE_LEVEL_READ' }, eve);
    assert.equal((await get('opportunity', o.id, bob)).id, o.id);
    await refused('permission_denied', move(o.id, 'negotiation', bob));
    await remove('opportunity_share', share.id, mia);
    await refused('not_found', get('opportunity', o.id, bob));
  } finally {
    await says('CUSTOMER_ACCESS_OPEN');
  }
  // somebody who left owns nothing any more, and gets nothing
  await d.call('DirectoryService/DeactivateUser', { requestId: request_id(), userId: eve.id, successorId: bob.id });
  await until('handed on', async () => (await get('opportunity', o.id)).ownerId === bob.id);
  await refused('failed_precondition', update('opportunity', { id: o.id, ownerId: eve.id }));
  assert.equal((await estimates(o.id))[0].ownerId, bob.id);
});

test('one pipeline is the default, and always one', async () => {
  const p = await pipeline({ isDefault: true });
  assert.ok(!(await get('pipeline', sales.id)).isDefault);
  assert.equal((await deal({}, ann)).pipelineId, p.id);
  await refused('failed_precondition', remove('pipeline', p.id));
  await update('pipeline', { id: sales.id, isDefault: true });
  assert.ok(!(await get('pipeline', p.id)).isDefault);
  await refused('permission_denied', update('pipeline', { id: sales.id, name: 'Mine' }, ann));
});

test('a stage asks for what the deployment added; by its label, and only while somebody can fill it in', async () => {
  const name = `budget_${Math.random().toString(36).slice(2, 8)}`, condition = `custom.${name}`;
  const asking = stages.map((s) => (s.key === 'offer' ? { ...s, entryFields: [condition] } : s));
  await refused('invalid_argument', pipeline({ stages: asking }));
  const field = await d.create('customField', { recordType: 'opportunity', name, label: 'Approved budget', kind: 'CUSTOM_KIND_MONEY' });
  await d.settled();
  const p = await pipeline({ stages: asking });
  const o = await deal({ pipelineId: p.id }, ann);
  const no = await refused('failed_precondition', move(o.id, 'offer', ann));
  assert.equal(no.field, condition);
  assert.match(no.said, /Approved budget/);
  const set = (custom) => update('opportunity', { id: o.id, custom }, ann);
  assert.equal((await refused('invalid_argument', set([{ name, text: 'much' }]))).field, condition);
  const custom = [{ name, money: euros(70) }];
  assert.deepEqual((await set(custom)).custom, custom);
  assert.equal((await move(o.id, 'offer', ann)).stageKey, 'offer');
  // its first value stands with a deal: it is not deleted any more
  await until('the field knows it is used', async () => {
    const { record } = await d.call('RecordService/GetRecord', { type: 'custom_field', id: field.id });
    return record.customField.firstUsedAt;
  });
  await refused('failed_precondition', remove('custom_field', field.id));
  // retired, it holds nobody up, and the pipeline says so
  const other = await deal({ pipelineId: p.id }, ann);
  await refused('failed_precondition', move(other.id, 'offer', ann));
  await update('customField', { id: field.id, retired: true });
  await until('the pipeline says so', async () => (await get('pipeline', p.id)).stages[1].voidFields?.[0] === condition);
  assert.equal((await move(other.id, 'offer', ann)).stageKey, 'offer');
  await update('pipeline', { id: p.id, name: `Renamed ${randomUUID()}` });
  await update('customField', { id: field.id, retired: false });
  await until('it counts again', async () => !(await get('pipeline', p.id)).stages[1].voidFields);
});

test('a stage asks for documents: of which type, and only active ones count', async () => {
  const asking = stages.map((s) => (s.key === 'offer' ? { ...s, entryFields: [], entryDocuments: ['DOCUMENT_TYPE_NDA', 'DOCUMENT_TYPE_CONTRACT'] } : s));
  const p = await pipeline({ stages: asking });
  const o = await deal({ pipelineId: p.id }, ann);
  const missing = async () => {
    const answer = await d.ask('OpportunityService/MoveOpportunity', { requestId: request_id(), id: o.id, stageKey: 'offer' }, ann);
    assert.equal(answer.json.code, 'failed_precondition');
    return { said: answer.json.message, ...answer.json.details.find((x) => x.type === 'baton.v1.StageConditions').debug };
  };
  const first = await missing();
  assert.match(first.said, /NDA, contract/);
  assert.deepEqual(first.missingDocuments, ['DOCUMENT_TYPE_NDA', 'DOCUMENT_TYPE_CONTRACT']);
  const document = async (type, opportunityIds) => (await d.create('document', { title: type, type, opportunityIds }, ann)).id;
  const activate = async (documentId) => {
    const answer = await exchange(`${d.url}/v1/files?name=${documentId}.txt`, { method: 'PUT', headers: { authorization: `Bearer ${ann.token}` }, body: 'signed' });
    await d.call('DocumentService/AddRevision', { requestId: request_id(), documentId, fileHash: answer.json.hash, makeCurrent: true }, ann);
    await d.settled();
  };
  const nda = await document('DOCUMENT_TYPE_NDA', [o.id]), contract = await document('DOCUMENT_TYPE_CONTRACT');
  await d.settled();
  assert.equal((await missing()).missingDocuments.length, 2); // a draft, and one of no deal
  await activate(nda);
  await activate(contract);
  assert.deepEqual((await missing()).missingDocuments, ['DOCUMENT_TYPE_CONTRACT']);
  await update('document', { id: contract, opportunityIds: [o.id] }, ann);
  await update('document', { id: nda, supersededById: contract }, ann);
  await d.settled();
  assert.deepEqual((await missing()).missingDocuments, ['DOCUMENT_TYPE_NDA']);
  await update('document', { id: nda }, ann, ['superseded_by_id']);
  await update('document', { id: contract }, ann, ['opportunity_ids']);
  await d.settled();
  assert.deepEqual((await missing()).missingDocuments, ['DOCUMENT_TYPE_CONTRACT']);
  await update('document', { id: contract, opportunityIds: [o.id] }, ann);
  await d.settled();
  const there = await move(o.id, 'offer', ann);
  assert.deepEqual([there.stageKey, there.stageName], ['offer', 'Offer']);
  // What was deleted returns to where it was, whatever is asked of others by now; elsewhere as if it went there now.
  const restore = async (version) => (await d.call('RecordService/RestoreRecord', { requestId: request_id(), type: 'opportunity', id: o.id, ...version }, ann)).record.opportunity;
  const changes = async () => (await d.call('RecordService/ListChanges', { type: 'opportunity', id: o.id }, ann)).changes;
  await update('document', { id: contract }, ann, ['opportunity_ids']);
  await d.settled();
  await remove('opportunity', o.id);
  const back = await restore({ seq: (await changes())[0].seq });
  assert.deepEqual([back.stageKey, back.stageEnteredAt], ['offer', there.stageEnteredAt]);
  const made = (await changes()).at(-1).seq, offered = (await changes()).find((c) => c.kind === 'CHANGE_KIND_UPDATED').seq;
  assert.notEqual((await restore({ seq: made })).stageKey, 'offer');
  await remove('opportunity', o.id);
  await refused('failed_precondition', restore({ seq: offered }));
  await update('document', { id: contract, opportunityIds: [o.id] }, ann);
  await d.settled();
  assert.equal((await restore({ seq: offered })).stageKey, 'offer');
});

test('references of a deal lead to accounts and contacts that are there', async () => {
  const suffix = Math.random().toString(36).slice(2, 8), [place, person] = [`place_${suffix}`, `person_${suffix}`];
  const field = (name, referenceType) => d.create('customField', { recordType: 'opportunity', name, label: name, kind: 'CUSTOM_KIND_REFERENCE', referenceType });
  await field(place, 'account');
  await field(person, 'contact');
  const account = await d.create('account', { name: 'Reference Works' }), contact = await d.create('contact', { lastName: 'Referee' });
  await d.settled();
  const o = await deal({}, ann);
  const set = (...custom) => update('opportunity', { id: o.id, custom }, ann);
  assert.equal((await refused('invalid_argument', set({ name: place, referenceId: contact.id }))).field, `custom.${place}`);
  assert.equal((await refused('invalid_argument', set({ name: person, referenceId: randomUUID() }))).field, `custom.${person}`);
  const custom = [{ name: place, referenceId: account.id }, { name: person, referenceId: contact.id }];
  assert.deepEqual((await set(...custom)).custom, custom);
  await remove('contact', contact.id);
  await d.settled();
  const other = await deal({}, ann);
  await refused('invalid_argument', update('opportunity', { id: other.id, custom }, ann));
});

test('a stage needs an approval: asked for, rejected, approved, void at another amount', async () => {
  const p = await pipeline({ stages: stages.map((s) => (s.key === 'trial' ? { ...s, exitFields: [], approvalRoles: ['ROLE_MANAGER'], overrideRoles: ['ROLE_ADMIN'] } : s)) });
  const o = await deal({ pipelineId: p.id, ownerId: ann.id, amount: euros(10) }, ann);
  const ask = async () => (await call('RequestStageApproval', { requestId: request_id(), id: o.id, stageKey: 'trial' }, ann)).opportunity;
  const judge = (method, who, more = {}) => call(method, { requestId: request_id(), id: o.id, ...more }, who);
  const news = async (who) =>
    ((await d.call('NotificationService/ListNotifications', {}, who)).notifications ?? []).filter((n) => n.opportunityId === o.id).map((n) => n.text);
  const no = await refused('failed_precondition', move(o.id, 'trial', ann));
  assert.match(no.said, /approved/);
  const { approval } = await ask();
  assert.deepEqual([approval.status, approval.requestedById, approval.roles], ['STAGE_APPROVAL_STATUS_WAITING', ann.id, ['ROLE_MANAGER']]);
  assert.ok(approval.requestedAt);
  await until('mia is asked', async () => (await news(mia))[0] === 'Ann Able asks for your approval to move it to Trial.');
  await refused('permission_denied', judge('ApproveStage', ann));
  await refused('permission_denied', judge('ApproveStage', bob));
  await judge('RejectStage', mia, { reason: 'Too cheap' });
  await until('ann hears the no', async () => (await news(ann))[0] === 'Mia Manager rejected the move to Trial: Too cheap.');
  await refused('failed_precondition', move(o.id, 'trial', ann));
  await ask();
  assert.equal((await judge('ApproveStage', mia)).opportunity.approval.decidedById, mia.id);
  // at another amount it is void
  assert.equal((await update('opportunity', { id: o.id, amount: euros(11) }, ann)).approval, undefined);
  await refused('failed_precondition', move(o.id, 'trial', ann));
  await ask();
  await judge('ApproveStage', mia);
  const there = await move(o.id, 'trial', ann);
  assert.deepEqual([there.stageKey, there.approval], ['trial', undefined]);
  // who may override still may
  const other = await deal({ pipelineId: p.id }, ann);
  assert.equal((await move(other.id, 'trial', undefined, { overrideReason: 'The board wants it' })).stageKey, 'trial');
});

// Plans with the real processes: templates, steps by hand, progress on one page.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exchange, refused, request_id, shared, until as wait } from './lib.mjs';

const d = shared();
const plan = (method, body, options) => d.call(`PlanService/${method}`, /^(Get|List)/.test(method) ? body : { requestId: request_id(), ...body }, options);

let rep, template;
test('a plan is started from a template, and its steps close by hand, in any order', async () => {
  rep = await d.user('Rita Rep', 'rep');
  template = await d.create('planTemplate', {
    name: 'Long sale', situation: 'long sale',
    steps: [
      { key: 'meet', title: 'Meet them', dueDays: 5 },
      { key: 'offer', title: 'Make an offer', dueDays: 10, dependsOn: ['meet'] },
      { key: 'close', title: 'Sign', dependsOn: ['offer'] },
    ],
  });
  const steps = [{ key: 'a', title: 'A', dependsOn: ['b'] }, { key: 'b', title: 'B' }];
  await refused('invalid_argument', d.create('planTemplate', { name: 'Circle', steps }));
  const o = await d.create('opportunity', { name: 'Mill', ownerId: rep.id }, { token: rep.token });
  const p = (await plan('StartPlan', { opportunityId: o.id, templateId: template.id }, { token: rep.token })).plan;
  assert.equal(p.ownerId, rep.id);
  assert.ok(p.steps[0].dueAt);
  assert.equal(p.steps[1].dueAt, undefined, 'it waits');
  const met = (await plan('CompleteStep', { planId: p.id, stepKey: 'meet' }, { token: rep.token })).plan;
  assert.ok(met.steps[1].dueAt);
  assert.equal(met.closedSteps, 1);
  await refused('failed_precondition', plan('CompleteStep', { planId: p.id, stepKey: 'meet' }));
  await plan('SkipStep', { planId: p.id, stepKey: 'offer', reason: 'they know the price' });
  const done = (await plan('CompleteStep', { planId: p.id, stepKey: 'close' })).plan;
  assert.equal(done.state, 'PLAN_STATE_DONE');
  const again = (await plan('ReopenStep', { planId: p.id, stepKey: 'close' })).plan;
  assert.equal(again.state, 'PLAN_STATE_ACTIVE');
  assert.equal((await plan('GetPlan', { planId: p.id })).plan.steps[1].skipReason, 'they know the price');
  await refused('failed_precondition', d.call('RecordService/DeleteRecord', { type: 'plan', id: p.id }));
});

test('all plans are on one page, with what they come to', async () => {
  const other = await d.user('Otto Other', 'rep');
  const o = await d.create('opportunity', { name: 'Crane', ownerId: other.id });
  const own = [{ key: 'call', title: 'Call' }, { key: 'visit', title: 'Visit', dueDays: 1 }];
  const p = (await plan('StartPlan', { opportunityId: o.id, steps: own, name: 'Quick' })).plan;
  const all = await plan('ListPlans', {});
  assert.deepEqual(all.plans.map((x) => x.name), ['Quick', 'Long sale']);
  assert.deepEqual(all.plans[0].opportunityName, 'Crane');
  assert.deepEqual(all.plans[0].nextTitle, 'Visit', 'what has a day comes first');
  assert.equal(all.totals.plans, '2');
  assert.equal(all.totals.steps, '5');
  assert.equal(all.totals.closedSteps, '2');
  const mine = await plan('ListPlans', { ownerId: rep.id });
  assert.deepEqual(mine.plans.map((x) => x.templateId), [template.id]);
  const page = await plan('ListPlans', { pageSize: 1 });
  assert.equal((await plan('ListPlans', { pageSize: 1, pageToken: page.nextPageToken })).plans[0].name, 'Long sale');
  await plan('AbandonPlan', { planId: p.id, reason: 'no budget' });
  assert.deepEqual((await plan('ListPlans', { state: 'PLAN_STATE_ABANDONED' })).plans.map((x) => x.planId), [p.id]);
  await refused('failed_precondition', plan('CompleteStep', { planId: p.id, stepKey: 'call' }));
});

test('steps close by themselves, and open again when the meeting was none', async () => {
  const o = await d.create('opportunity', { name: 'Ferry', ownerId: rep.id }, { token: rep.token });
  const steps = [
    { key: 'meet', title: 'Meet', evidence: 'PLAN_EVIDENCE_ACTIVITY', activityKind: 'ACTIVITY_KIND_MEETING' },
    { key: 'next', title: 'Next step', evidence: 'PLAN_EVIDENCE_FIELD', opportunityField: 'next_step' },
    { key: 'reach', title: 'Proposal', evidence: 'PLAN_EVIDENCE_STAGE', stageKey: 'proposal' },
  ];
  const p = (await plan('StartPlan', { opportunityId: o.id, steps })).plan;
  const until = async (wanted) => {
    for (let i = 0; i < 200; i++) {
      const now = (await plan('GetPlan', { planId: p.id })).plan;
      if (wanted(now)) return now;
      await new Promise((done) => setTimeout(done, 25));
    }
    throw new Error(`it never came: ${JSON.stringify((await plan('GetPlan', { planId: p.id })).plan)}`);
  };
  const done = (key) => (x) => x.steps.find((s) => s.key === key).state === 'PLAN_STEP_STATE_DONE';
  const m = await d.create('activity', { kind: 'ACTIVITY_KIND_MEETING', status: 'ACTIVITY_STATUS_DONE', subject: 'Met', opportunityId: o.id });
  const met = (await until(done('meet'))).steps[0];
  assert.equal(met.evidenceService, 'contacts');
  assert.equal(met.evidenceId, m.id);
  await d.call('RecordService/UpdateRecord', { record: { opportunity: { id: o.id, nextStep: 'Call' } } });
  await until(done('next'));
  await d.call('RecordService/DeleteRecord', { type: 'activity', id: m.id });
  await until((x) => !done('meet')(x));
  await d.call('OpportunityService/MoveOpportunity', { id: o.id, stageKey: 'proposal' });
  assert.equal((await until(done('reach'))).closedSteps, 2);
  await d.call('OpportunityService/CloseOpportunity', { id: o.id, outcome: 'STAGE_KIND_LOST' });
  assert.match((await until((x) => x.state === 'PLAN_STATE_ABANDONED')).endReason, /lost/);
});

test('an account has plans, too: its meetings, documents and won deals close their steps', async () => {
  const own = { token: rep.token };
  const account = await d.create('account', { name: 'Harbour Works', ownerId: rep.id, isKeyAccount: true });
  const o = await d.create('opportunity', { name: 'New crane', accountId: account.id, ownerId: rep.id }, own);
  await d.settled();
  const steps = [
    { key: 'meet', title: 'Meet', evidence: 'PLAN_EVIDENCE_ACTIVITY' },
    { key: 'again', title: 'Meet about the crane', evidence: 'PLAN_EVIDENCE_ACTIVITY' },
    { key: 'frame', title: 'Sign the frame contract', evidence: 'PLAN_EVIDENCE_DOCUMENT', documentType: 'DOCUMENT_TYPE_CONTRACT' },
    { key: 'win', title: 'Win something', evidence: 'PLAN_EVIDENCE_DEAL_WON' },
  ];
  const p = (await plan('StartPlan', { accountId: account.id, steps, name: 'Their year' }, own)).plan;
  assert.equal(p.ownerId, rep.id);
  const closed = async () => { await d.settled(); return (await plan('GetPlan', { planId: p.id }, own)).plan.steps.filter((x) => x.state === 'PLAN_STEP_STATE_DONE').map((x) => x.key); };
  const met = (about) => d.create('activity', { kind: 'ACTIVITY_KIND_MEETING', status: 'ACTIVITY_STATUS_DONE', subject: 'Met', ...about });
  await met({ accountId: account.id });
  assert.deepEqual(await closed(), ['meet']);
  await met({ opportunityId: o.id });
  assert.deepEqual(await closed(), ['meet', 'again']);
  const frame = await d.create('document', { title: 'Frame', type: 'DOCUMENT_TYPE_CONTRACT', accountIds: [account.id] }, own);
  const answer = await exchange(`${d.url}/v1/files?name=frame.txt`, { method: 'PUT', headers: { authorization: `Bearer ${rep.token}` }, body: 'signed, too' });
  await d.call('DocumentService/AddRevision', { requestId: request_id(), documentId: frame.id, fileHash: answer.json.hash, makeCurrent: true }, own);
  await wait('the document that is in force is heard of', async () => (await closed()).includes('frame'));
  await d.call('OpportunityService/CloseOpportunity', { id: o.id, outcome: 'STAGE_KIND_WON' }, own);
  await wait('the deal that was won is heard of', async () => (await closed()).includes('win'));
  const listed = (await plan('ListPlans', { accountId: account.id }, own)).plans;
  assert.deepEqual(listed.map((x) => [x.name, x.accountId, x.closedSteps]), [['Their year', account.id, 4]]);
  assert.match(d.tool('plan', 'list', '--account', account.id).out, /Their year +Harbour Works +done +4\/4/);
  await refused('invalid_argument', plan('StartPlan', { accountId: account.id, opportunityId: o.id, steps, name: 'Both' }));
  const other = (await plan('StartPlan', { accountId: account.id, templateId: template.id }, own)).plan;
  await d.call('RecordService/DeleteRecord', { type: 'account', id: account.id });
  await wait('its account is gone', async () => (await plan('GetPlan', { planId: other.id })).plan.state === 'PLAN_STATE_ABANDONED');
});

test('there are templates from the first start on, and what they wait for is there', async () => {
  const { records } = await d.call('RecordService/ListRecords', { type: 'plan_template', pageSize: 50 });
  const first = records.map((r) => r.planTemplate).filter((t) => t.id !== template.id);
  assert.deepEqual(first.map((t) => [t.name, t.situation]).sort(), [['Complex sale', 'complex sale'], ['Key account review', 'key account'], ['Renewal', 'renewal']]);
  const o = await d.create('opportunity', { name: 'Barge', ownerId: rep.id }, { token: rep.token });
  for (const t of first) assert.equal((await plan('StartPlan', { opportunityId: o.id, templateId: t.id })).plan.closedSteps, 0);
});

const about = async (o) => (await plan('ListPlans', { opportunityId: o.id })).plans ?? [];
test('a plan starts by itself, once, for the deals that its template says', async () => {
  const steps = [{ key: 'ask', title: 'Ask them' }, { key: 'sign', title: 'Sign', evidence: 'PLAN_EVIDENCE_DOCUMENT', documentType: 'DOCUMENT_TYPE_CONTRACT' }];
  const pipelines = (await d.call('RecordService/ListRecords', { type: 'pipeline', pageSize: 10 })).records;
  const startPipelineId = pipelines.find((r) => r.pipeline.isDefault).pipeline.id;
  const make = (more) => d.create('planTemplate', { steps, ...more });
  assert.equal((await refused('invalid_argument', make({ name: 'X', startPipelineId, startStageKey: 'nowhere' }))).field, 'plan_template.start_stage_key');
  const any = await make({ name: 'Any', startPipelineId, startStageKey: 'qualification' });
  const mills = await make({ name: 'Mills', situation: 'Renewal', industry: 'mills', startStageKey: 'qualification' });
  const account = await d.create('account', { name: 'Old Mill', industry: 'Mills' });
  await d.settled();
  const own = { token: rep.token };
  const o = await d.create('opportunity', { name: 'Old mill, next year', type: 'renewal', accountId: account.id, ownerId: rep.id }, own);
  const other = await d.create('opportunity', { name: 'New mill', type: 'new', accountId: account.id, ownerId: rep.id }, own);
  const move = async (x, stageKey) => { await d.call('OpportunityService/MoveOpportunity', { id: x.id, stageKey }, own); await d.settled(); };
  await d.settled();
  assert.deepEqual(await about(o), []);
  await move(o, 'qualification');
  await move(other, 'qualification');
  await wait('both are started', async () => (await about(o)).length === 2);
  assert.deepEqual((await about(o)).map((p) => [p.templateId, p.ownerId]).sort(), [[any.id, rep.id], [mills.id, rep.id]].sort());
  assert.deepEqual((await about(other)).map((p) => p.templateId), [any.id]);
  await plan('AbandonPlan', { planId: (await about(other))[0].planId, reason: 'not yet' });
  await move(other, 'proposal');
  await move(other, 'qualification');
  assert.equal((await about(other)).length, 1);
  await d.call('RecordService/UpdateRecord', { record: { planTemplate: { id: any.id, retired: true } } });
  const late = await d.create('opportunity', { name: 'Third mill', ownerId: rep.id, stageKey: 'qualification' }, own);
  await d.settled();
  assert.deepEqual(await about(late), []);

  const contract = await d.create('document', { title: 'Contract', type: 'DOCUMENT_TYPE_CONTRACT', opportunityIds: [o.id, other.id] }, own);
  await d.settled();
  assert.deepEqual((await about(o)).map((p) => p.closedSteps), [0, 0]); // a draft
  const answer = await exchange(`${d.url}/v1/files?name=contract.txt`, { method: 'PUT', headers: { authorization: `Bearer ${rep.token}` }, body: 'signed' });
  await d.call('DocumentService/AddRevision', { requestId: request_id(), documentId: contract.id, fileHash: answer.json.hash, makeCurrent: true }, own);
  await wait('its steps are done', async () => (await about(o)).every((p) => p.closedSteps === 1));
  const { plan: p } = await plan('GetPlan', { planId: (await about(o))[0].planId });
  assert.deepEqual([p.steps[1].evidenceService, p.steps[1].evidenceId], ['opportunities', contract.id]);
  const again = (await plan('StartPlan', { opportunityId: late.id, steps })).plan;
  assert.equal(again.closedSteps ?? 0, 0);
  await d.call('RecordService/UpdateRecord', { record: { document: { id: contract.id, opportunityIds: [late.id] } } }, own);
  await wait('what is linked later counts, too', async () => (await about(late))[0].closedSteps === 1);
  assert.equal((await plan('StartPlan', { opportunityId: late.id, steps })).plan.closedSteps, 1); // and what is so at the start
});

test('by the tool: templates from a file, plans started, listed, shown', async () => {
  const say = (...args) => {
    const done = d.tool(...args);
    assert.equal(done.status, 0, done.all);
    return done.out;
  };
  const path = join(d.data, 'template.json');
  writeFileSync(path, JSON.stringify({ name: 'By file', industry: 'Ships', steps: [{ key: 'ask', title: 'Ask them', dueDays: 3 }, { key: 'sign', title: 'Sign' }] }));
  assert.match(say('plan', 'template', 'set', path), /made: By file/);
  writeFileSync(path, say('plan', 'template', 'show', 'By file').replace('Ships', 'Boats'));
  assert.match(say('plan', 'template', 'set', path), /changed: By file/);
  assert.match(say('plan', 'template', 'list'), /By file +Boats +2/);
  assert.match(say('plan', 'template', 'list'), /Renewal +renewal/);
  assert.notEqual(d.tool('plan', 'template', 'show').status, 0);
  const o = await d.create('opportunity', { name: 'Tug', ownerId: rep.id });
  const id = say('plan', 'start', o.id, 'by file', '--name', 'Tug plan').match(/Tug plan: 2 steps, 0 closed already \((.*)\)/)[1];
  await plan('SkipStep', { planId: id, stepKey: 'sign', reason: 'they trust us' });
  assert.match(say('plan', 'show', id), /Tug plan of Tug, Rita Rep: active, 1 of 2[^]*sign +Sign[^]*skipped[^]*they trust us/);
  assert.match(say('plan', 'list', '--owner', rep.email, '--template', 'By file', '--state', 'active'), /Tug plan +Tug +active +1\/2[^]*1 plans: 1 active, 0 done; 1 of 2 steps/);
  assert.equal(JSON.parse(say('plan', 'show', id, '--json')).steps[1].skipReason, 'they trust us');
  assert.equal(d.tool('plan', 'list', '--state', 'never').status, 2);
  assert.equal(d.tool('plan', 'start', o.id, 'No such').status, 1);
});

test('the whole of it is in the log', () => d.verify());

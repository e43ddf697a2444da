// Plans with the real processes: templates, steps by hand, progress on one page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, request_id, shared } from './lib.mjs';

const d = shared();
const plan = (method, body, options) => d.call(`PlanService/${method}`, /^(Get|List)/.test(method) ? body : { requestId: request_id(), ...body }, options);

let rep, template;
test('a plan is started from a template, and its steps close by hand, in any order', async () => {
  rep = await d.user('Rita Rep', 'rep');
  template = await d.create('planTemplate', {
    name: 'Complex sale', situation: 'complex sale',
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
  assert.deepEqual(all.plans.map((x) => x.name), ['Quick', 'Complex sale']);
  assert.deepEqual(all.plans[0].opportunityName, 'Crane');
  assert.deepEqual(all.plans[0].nextTitle, 'Visit', 'what has a day comes first');
  assert.equal(all.totals.plans, '2');
  assert.equal(all.totals.steps, '5');
  assert.equal(all.totals.closedSteps, '2');
  const mine = await plan('ListPlans', { ownerId: rep.id });
  assert.deepEqual(mine.plans.map((x) => x.templateId), [template.id]);
  const page = await plan('ListPlans', { pageSize: 1 });
  assert.equal((await plan('ListPlans', { pageSize: 1, pageToken: page.nextPageToken })).plans[0].name, 'Complex sale');
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

test('the whole of it is in the log', () => d.verify());

// Rules that cannot be asked: how often leads went past them stands beside them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request_id, shared } from './lib.mjs';

const d = shared();

test('a rule whose territory was deleted says how often it was passed over; the others say nothing', async () => {
  const anna = await d.user('Anna', 'rep');
  await d.settled();
  const pool = await d.create('pool', { name: 'all', members: [{ userId: anna.id, weight: 1 }] });
  const north = await d.create('territory', { name: 'North', kind: 'TERRITORY_KIND_GEOGRAPHY' });
  await d.settled();
  const conditions = [{ field: 'territory', operator: 'OPERATOR_IS', values: [north.id] }];
  const rules = [
    { name: 'first', poolId: pool.id, conditions },
    { name: 'second', poolId: pool.id },
  ];
  await d.call('LeadService/PublishPolicy', { requestId: request_id(), policy: { rules } });
  await d.capture({ email: 'before@buyer.example' });
  assert.ok(!d.tool('policy', 'show').out.includes('skipped'));
  await d.call('RecordService/DeleteRecord', { requestId: request_id(), type: 'territory', id: north.id });
  await d.settled();
  for (let i = 0; i < 3; i++) {
    const { lead } = await d.capture({ email: `after${i}@buyer.example` });
    assert.equal(lead.ownerId, anna.id);
    assert.match(d.tool('policy', 'show').out, new RegExp(`1 {2}first.*\n +${i + 1} times? it was skipped: a territory`));
  }
  assert.doesNotMatch(d.tool('policy', 'show').out, /2 {2}second.*\n.*skipped/);
  const shown = await d.call('LeadService/GetPolicy', {});
  assert.deepEqual(shown.skipped.map((s) => [s.ruleIndex ?? 0, s.skip, s.count]), [[0, 'RULE_SKIP_TERRITORY_GONE', '3']]);
  const checked = d.tool('policy', 'check', '-', { input: JSON.stringify(shown) });
  assert.match(checked.out, /there is no territory/, 'what is shown can be given back');
  d.verify();
});

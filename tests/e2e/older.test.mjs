// Stores of a program that did not have some tables and indexes yet: `baton verify` says so, and after a start they have them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { rmSync } from 'node:fs';
import { BUILD, Deployment, new_folder, request_id } from './lib.mjs';

const base = new_folder();
const d = new Deployment(join(base, 'data'));
after(async () => {
  try {
    await d.stop();
  } finally {
    if (!process.env.BATON_TEST_KEEP) rmSync(base, { recursive: true, force: true });
  }
});

// What tells of months, stages and users without being a record of its own; and indexes.
const LACKS = {
  opportunities: ['t.forecast_level', 't.forecast_item', 't.estimate', 't.analysis_item', 't.analysis_sum', 't.adoption_week', 'i.opportunity.owner_id'],
  leads: ['i.lead.owner_id'],
  contacts: ['t.contact_key', 'i.contact.account_id'],
};

test('what an older program did not keep is there after the start of a newer one', async () => {
  await d.up();
  await d.route_to([await d.user('Ann A', 'rep')]);
  await d.settled();
  const account = await d.create('account', { name: 'Alder' });
  await d.create('contact', { name: 'Cy C', email: 'cy@alder.example', accountId: account.id });
  for (let i = 1; i <= 5; i++) {
    const amount = { currencyCode: 'EUR', minorUnits: String(i * 10000) };
    const deal = await d.create('opportunity', { name: `Deal ${i}`, amount, closeDate: '2031-02-03', accountId: account.id });
    const record = { opportunity: { id: deal.id, revision: deal.revision, closeDate: '2031-03-04' } };
    await d.call('RecordService/UpdateRecord', { requestId: request_id(), record });
    await d.capture({ email: `n${i}@b.example` });
  }
  await d.settled();
  const forecast = async () => ({ ...(await d.call('ForecastService/GetForecast', { period: '2031-Q1' })), asOf: undefined });
  const before = await forecast();
  await d.stop();
  d.verify();
  for (const [service, buckets] of Object.entries(LACKS)) {
    const done = spawnSync(join(BUILD, 'tests', 'older'), [join(d.data, service), ...buckets], { encoding: 'utf8' });
    assert.deepEqual({ status: done.status, err: done.stderr }, { status: 0, err: '' });
  }
  const found = d.tool('verify');
  assert.notEqual(found.status, 0, found.all);
  assert.match(found.all, /table forecast_level: row .* is in the log but not there/);
  assert.match(found.all, /table lead: a row lacks its index entry/);
  await d.up();
  assert.deepEqual(await forecast(), before);
  for (const service of Object.keys(LACKS)) assert.match(d.output, new RegExp(`${service} start rows of another version are those of this one: [1-9]`));
  await d.stop();
  d.verify();
});

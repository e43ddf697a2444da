// A queue that is longer than one asking looks at: 5,000 leads wait, and the last is the one that fits.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { refused, request_id, shared } from './lib.mjs';

const COUNT = 5000, LOOKED_AT = 2000;
const d = shared();
const folder = mkdtempSync(join(tmpdir(), 'baton-queue-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('5,000 wait and the last one fits: said, reached by pages, and taken', async () => {
  const [keeper, anna] = [await d.user('Carl', 'rep'), await d.user('Anna', 'rep', { languages: ['de'] })];
  await d.settled();
  const pool = await d.create('pool', { name: 'queue', pull: true, keeperId: keeper.id, members: [{ userId: anna.id }, { userId: keeper.id }] });
  const rule = { name: 'all', poolId: pool.id, filters: ['FILTER_LANGUAGE'] };
  await d.call('LeadService/PublishPolicy', { requestId: request_id(), policy: { rules: [rule] } });
  const path = join(folder, 'many.csv');
  const rows = Array.from({ length: COUNT - 1 }, (_, i) => `many${i}@n${i}.example,fr`);
  writeFileSync(path, ['email,language', ...rows].join('\n'));
  const done = d.tool('lead', 'import', path);
  assert.equal(done.status, 0, done.all);
  const take = (more) => d.call('LeadService/TakeNextLead', { requestId: request_id(), poolId: pool.id, ...more }, { token: anna.token });
  assert.match((await refused('failed_precondition', take({}))).said, /none of the first 2000 .* more wait behind them/);
  const last = (await d.capture({ email: 'last@buyer.example', language: 'de' })).lead;
  assert.equal(last.queueId, pool.id);
  let page = { nextPageToken: '' };
  let asked = 0;
  for (; !page.lead; asked++) page = await take({ pageToken: page.nextPageToken });
  assert.equal(page.lead.id, last.id);
  assert.equal(page.lead.ownerId, anna.id);
  assert.equal(asked, Math.ceil(COUNT / LOOKED_AT));
  page = { nextPageToken: '' };
  const end = await refused('failed_precondition', (async () => { for (;;) page = await take({ pageToken: page.nextPageToken }); })());
  assert.match(end.said, /nothing in this queue can be yours now/);
  assert.equal((await refused('invalid_argument', take({ pageToken: 'nonsense' }))).field, 'page_token');
});

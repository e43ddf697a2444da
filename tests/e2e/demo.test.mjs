// The made-up company: everything that one tries first is there, once, and leads arrive.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request_id, shared, until } from './lib.mjs';

const d = shared(undefined, ['--demo']);
const TYPES = ['user', 'product', 'priceBookEntry', 'account', 'contact', 'opportunity', 'quota', 'activity', 'document'];
const counts = async () => Object.fromEntries(await Promise.all(TYPES.map(async (type) => [type, (await list(type)).length])));
const list = async (type) => {
  const found = [];
  let pageToken;
  do {
    const page = await d.call('RecordService/ListRecords', { type: type.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), pageSize: 200, pageToken });
    found.push(...(page.records ?? []).map((r) => r[type]));
    pageToken = page.nextPageToken;
  } while (pageToken);
  return found;
};

test('there are people, customers, deals, prices, quotas and papers', async () => {
  await until('it is built', () => d.output.includes('sign in as representative'), 60000);
  await until('leads arrive', async () => Number((await d.call('LeadService/GetCustody', {})).custody?.received ?? 0) > 0, 60000);
  const n = await counts();
  for (const type of TYPES) assert.ok(n[type] >= 3, `${type}: ${n[type]}`);
  const deals = await list('opportunity');
  for (const kind of ['OPEN', 'WON', 'LOST']) assert.ok(deals.some((o) => o.stageKind === `STAGE_KIND_${kind}`), kind);
  const contract = (await list('document')).find((doc) => doc.type === 'DOCUMENT_TYPE_CONTRACT');
  assert.equal(contract.currentNumber, 1);
  assert.match(d.tool('document', 'get', contract.id, '--out', '-').out, /ninety \(90\) days/);
});

test('whoever is named signs in, and has deals and a forecast', async () => {
  const [, email] = d.output.match(/as representative (\S+@\S+) \//);
  const { sessionToken: token } = await d.call('DirectoryService/SignIn', { requestId: request_id(), email, password: 'demo demo demo' }, { token: null });
  const mine = await d.call('ForecastService/GetForecast', {}, { token });
  assert.ok(mine.rows.length > 0);
});

test('building it again adds nothing', async () => {
  const before = await counts();
  assert.match(d.tool('demo').out, /there is a company already/);
  assert.deepEqual(await counts(), before);
});

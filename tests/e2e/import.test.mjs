// `baton lead import`: a real sales pipeline whole, and files as they come from anywhere.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { data_file, needs, shared } from './lib.mjs';

const folder = mkdtempSync(join(tmpdir(), 'baton-csv-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const d = shared();
const real = { skip: needs('sales_pipeline', 'sales_pipeline.csv') };

/** Brings a file in and gives the sum that the tool says, and its rows that were not taken. */
function bring_in(path, ...options) {
  const done = d.tool('lead', 'import', path, '--json', ...options);
  assert.ok(done.status !== null, 'it ended');
  const sum = JSON.parse(done.out.trim().split('\n').at(-1));
  const { rows, held, merged, repeated, rejected, refused, failed } = sum;
  assert.equal(held + merged + repeated + rejected + refused + failed, rows, `no row is left out: ${done.out}`);
  return { ...sum, status: done.status, err: done.err };
}

function file(name, content) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function leads(wanted = {}) {
  const found = [];
  let pageToken;
  do {
    const page = await d.call('LeadService/ListLeads', { pageSize: 200, pageToken, ...wanted });
    found.push(...(page.leads ?? []));
    pageToken = page.nextPageToken;
  } while (pageToken);
  return found;
}
const of_source = async (source) => (await leads()).filter((l) => l.leadSource === source);
const custody = async () => (await d.call('LeadService/GetCustody', {})).custody;

test('agents, managers and offices become people, teams, territories and pools', real, async () => {
  const done = d.tool('team', 'import', data_file('sales_pipeline', 'sales_teams.csv'), '--policy');
  assert.equal(done.status, 0, done.all);
  await d.settled();
  const users = await d.list('user');
  assert.equal(users.filter((u) => u.role === 'ROLE_REP').length, 35);
  assert.equal(users.filter((u) => u.role === 'ROLE_MANAGER').length, 6);
  assert.equal((await d.list('team')).length, 6);
  assert.equal((await d.list('territory')).length, 3);
  const again = d.tool('team', 'import', data_file('sales_pipeline', 'sales_teams.csv'), '--policy');
  assert.equal(again.status, 0, again.all);
  assert.equal((await d.list('user')).length, users.length, 'the same again adds nobody');
});

let first;
test('8,800 rows: each is held by somebody, merged or rejected with a reason', real, async () => {
  const path = join(folder, 'sales_pipeline.csv');
  copyFileSync(data_file('sales_pipeline', 'sales_pipeline.csv'), path);
  first = bring_in(path, '--with', `${data_file('sales_pipeline', 'accounts.csv')}:account`);
  assert.equal(first.status, 0, first.err);
  assert.equal(first.rows, 8800);
  assert.equal(first.refused + first.failed + first.repeated, 0);
  const sum = await custody();
  assert.equal(Number(sum.received), 8800);
  assert.equal(Number(sum.held), first.held);
  assert.equal(Number(sum.rejected ?? 0), first.rejected);
  for (const lead of await leads({ status: ['LEAD_STATUS_REJECTED'] })) assert.ok(lead.statusReason);
  if (first.rejected > 0) {
    const rejects = readFileSync(`${path}.rejects.csv`, 'utf8').trim().split('\n');
    assert.equal(rejects.length, first.rejected + 1);
    assert.match(rejects[0], /baton_reason/);
  }
});

test('company facts came from the other file', real, async () => {
  const all = await leads();
  const isdom = all.find((l) => l.company === 'Isdom');
  assert.ok(isdom, 'a company of the file');
  assert.ok(Number(isdom.numberOfEmployees) > 0, JSON.stringify(isdom));
  assert.ok(isdom.industry, JSON.stringify(isdom));
});

test('within a pool, each share stays within one lead per unit of weight', real, async () => {
  const held = new Map();
  for (const lead of (await leads()).filter((l) => l.poolId)) {
    const pool = held.get(lead.poolId) ?? new Map();
    held.set(lead.poolId, pool.set(lead.ownerId, (pool.get(lead.ownerId) ?? 0) + 1));
  }
  assert.ok(held.size >= 3, `${held.size} pools took part`);
  for (const pool of await d.list('pool')) {
    const got = held.get(pool.id);
    if (!got) continue;
    const total = [...got.values()].reduce((a, b) => a + b, 0);
    const weights = pool.members.reduce((a, m) => a + (m.weight ?? 1), 0);
    for (const m of pool.members) {
      const fair = ((m.weight ?? 1) * total) / weights, has = got.get(m.userId) ?? 0;
      assert.ok(Math.abs(has - fair) <= (m.weight ?? 1), `${pool.name}: ${has} where ${fair} would be fair`);
    }
  }
});

test('the same import again adds nothing, and verify proves the sum', real, async () => {
  const before = await custody();
  const again = bring_in(join(folder, 'sales_pipeline.csv'), '--with', `${data_file('sales_pipeline', 'accounts.csv')}:account`);
  assert.equal(again.held + again.merged + again.refused + again.failed, 0, JSON.stringify(again));
  assert.equal(again.repeated + again.rejected, 8800);
  assert.deepEqual(await custody(), before);
  d.verify();
});

// Files as they come: name, bytes, and the companies that must be there afterwards.
const utf8 = 'email,company,city\na1@x.example,Müller & Söhne,Köln\na2@x.example,"Quoted, Inc.",Ulm\n';
const latin1 = Buffer.from(utf8.replaceAll('a1@', 'l1@').replaceAll('a2@', 'l2@'), 'latin1');
const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(utf8.replaceAll('a1@', 'u1@').replaceAll('a2@', 'u2@'), 'utf16le')]);
const words = '我們是一家在台北的公司,想要了解你們的產品和價格;請在下個星期與我們的經理聯絡,謝謝,再見,這個問題對我們很重要'.split(/[,;]/);
const big5_text = `email,company,message\n${words.map((w, i) => `b${i}@x.example,台北${i}公司,${w}`).join('\n')}\n`;
const big5 = spawnSync('iconv', ['-f', 'UTF-8', '-t', 'BIG5'], { input: big5_text }).stdout;
const big5_guess = spawnSync('iconv', ['-f', 'UTF-8', '-t', 'BIG5'], { input: big5_text.replaceAll('\nb', '\ng') }).stdout;
const FILES = [
  ['bom', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(utf8)]), [], ['Müller & Söhne', 'Quoted, Inc.']],
  ['latin1', latin1, [], ['Müller & Söhne', 'Quoted, Inc.']],
  ['utf16', utf16, [], ['Müller & Söhne', 'Quoted, Inc.']],
  ['big5', big5, ['--charset', 'Big5'], ['台北0公司', '台北5公司']],
  ['semicolons', 'email;company\r\ns1@x.example;Semi GmbH\r\n', [], ['Semi GmbH']],
  ['tabs', 'email\tcompany\nt1@x.example\tTab Ltd\n', [], ['Tab Ltd']],
  ['lines', 'email,company,message\nq1@x.example,Lines AG,"first\nsecond ""quoted"" line"\nq2@x.example,After AG,x\n', [], ['Lines AG', 'After AG']],
  ['no-newline', 'email,company\nn1@x.example,Last Ltd', [], ['Last Ltd']],
];
for (const [name, content, options, companies] of FILES)
  test(`a file as it comes: ${name}`, async () => {
    const sum = bring_in(file(`${name}.csv`, content), ...options);
    assert.equal(sum.status, 0, sum.err);
    assert.equal(sum.held, sum.rows, JSON.stringify(sum));
    const got = (await of_source(name)).map((l) => l.company);
    for (const company of companies) assert.ok(got.includes(company), `${company} in ${got}`);
  });

test('Big5 is found without being told', async () => {
  const sum = bring_in(file('guess.csv', big5_guess));
  assert.equal(sum.status, 0, sum.err);
  const got = (await of_source('guess')).map((l) => l.company);
  assert.ok(got.includes('台北0公司'), got.join(' '));
});

test('a quoted cell keeps its lines', async () => {
  const lead = (await of_source('lines')).find((l) => l.company === 'Lines AG');
  assert.match(lead.message, /first\nsecond "quoted" line/);
});

test('ragged rows are written to a file with the reason and their line; the others are taken', async () => {
  const path = file('ragged.csv', 'email,company\nr1@x.example,One\nr2@x.example,Two,three,four\nr3@x.example,Three\n,,,,,\n');
  const sum = bring_in(path);
  assert.equal((await of_source('ragged')).filter((l) => l.status === 'LEAD_STATUS_ASSIGNED').length, sum.held);
  assert.ok(sum.held >= 2);
  assert.ok(sum.refused >= 1, JSON.stringify(sum));
  const rejects = readFileSync(`${path}.rejects.csv`, 'utf8');
  assert.match(rejects, /^email,company,/);
  assert.match(rejects, /r2@x\.example/);
  assert.match(rejects, /,"?3"?,/, 'the line it stood on');
});

test('a quote that is never closed does not swallow the file', async () => {
  const rows = Array.from({ length: 50 }, (_, i) => `o${i}@x.example,Open ${i}`);
  rows.splice(10, 0, 'bad@x.example,"never closed');
  const sum = bring_in(file('open.csv', `email,company\n${rows.join('\n')}\n`));
  assert.ok(sum.rows >= 50 && sum.held >= 40, JSON.stringify(sum));
});

// What is no table of leads: said in words, with a status, and nothing is brought in.
const BAD = [
  ['empty', ''],
  ['header-only', 'email,company\n'],
  ['binary', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 37) & 255))],
  ['nul', 'email,company\nz\0z@x.example,Nul\n'],
  ['one-long-line', 'x'.repeat(3 << 20)],
];
for (const [name, content] of BAD)
  test(`no table of leads: ${name}`, async () => {
    const before = await custody();
    const done = d.tool('lead', 'import', file(`bad-${name}.csv`, content), '--json');
    assert.ok([0, 1, 2, 4].includes(done.status), `${done.status}: ${done.all}`);
    const after_it = await custody();
    const added = Number(after_it.received ?? 0) - Number(before.received ?? 0);
    if (name !== 'nul') assert.equal(Number(after_it.held ?? 0), Number(before.held ?? 0), done.all);
    assert.ok(added < 4096);
    if (done.status !== 0) assert.match(done.err, /\w/);
  });

test('a file that is not there, and one that is a folder', () => {
  for (const path of [join(folder, 'none.csv'), folder]) {
    const done = d.tool('lead', 'import', path);
    assert.equal(done.status, 4, done.all);
    assert.match(done.err, /error/);
  }
});

test('--dry-run shows how a file is understood and brings in nothing', async () => {
  const before = await custody();
  const path = file('dry.csv', 'E-Mail;Firma;Kundennr\ny1@x.example;Trocken AG;17\n');
  const done = d.tool('lead', 'import', path, '--dry-run', '--map', 'company=Firma', '--map', 'external_id=Kundennr');
  assert.equal(done.status, 0, done.all);
  assert.match(done.out, /company/);
  assert.deepEqual(await custody(), before);
  assert.ok(!existsSync(`${path}.rejects.csv`));
  d.verify();
});

test('JSON lines come in like rows: nested keys, numbers, and what is none with its reason', async () => {
  const path = file('people.jsonl', [
    { id: 'j1', firstName: 'Ada', last_name: 'Lovelace', email: 'ada@json.example', address: { city: 'Berlin', country: 'DE' } },
    { id: 'j2', company: '王記', phone: '+886 2 1234567', number_of_employees: 250, colour: null, tags: ['a', 'b'] },
  ].map((o) => JSON.stringify(o)).join('\n') + '\n\n{"id": "j3", broken\n[1]\n{"last_name":"Nobody"}\n');
  const sum = bring_in(path, '--source', 'json', '--map', 'external_id=id');
  assert.deepEqual([sum.rows, sum.held, sum.refused, sum.rejected], [5, 2, 2, 1], sum.err);
  const found = await of_source('json');
  const ada = found.find((l) => l.email), firm = found.find((l) => l.company);
  assert.equal(ada.firstName, 'Ada');
  assert.deepEqual(ada.address, { city: 'Berlin', country: 'DE' });
  assert.equal(firm.numberOfEmployees, '250');
  assert.match(firm.message, /tags: \["a","b"\]/);
  const { original } = await d.call('LeadService/GetLead', { id: ada.id, withOriginal: true });
  assert.equal(original.contentType, 'application/json');
  assert.equal(JSON.parse(Buffer.from(original.body, 'base64')).id, 'j1');
  const rejects = readFileSync(`${path}.rejects.csv`, 'utf8').trim().split('\n');
  assert.equal(rejects.length, 4);
  assert.match(rejects[1], /it is no JSON/);
  assert.equal(bring_in(path, '--source', 'json', '--map', 'external_id=id').repeated, 3, 'again adds nothing');
});

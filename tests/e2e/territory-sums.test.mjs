// A sales pipeline of 8,800 rows and three territory models that are only planned: what each would move adds up, nothing
// moves by being asked, the switch moves just that, and the picture of the time machine is one.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { data_file, needs, shared, until } from './lib.mjs';

const folder = mkdtempSync(join(tmpdir(), 'baton-sums-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const d = shared();
const real = { skip: needs('sales_pipeline', 'sales_pipeline.csv') };
const REST_MS = 120000, ROWS = 8800;
const WEST = 'United States;Brazil;Panama', EAST = 'Belgium;China;Germany;Italy;Japan;Jordan;Kenya;Korea;Norway;Poland;Romania';
const models = {
  continents: ['territory,country', `West,${WEST}`, `East,${EAST}`],
  // the same countries by other names: where they lie they lie
  codes: ['territory,country', 'West,US;BRA;Panamá', 'East,BE;CN;Deutschland;Italien;日本;JO;KE;KR;NO;PL;RO'],
  sizes: ['territory,kind,min_employees', 'Large,department,5000', 'All,department,0'],
};

function tool(...args) {
  const done = d.tool(...args);
  assert.equal(done.status, 0, done.all);
  if (!args.includes('--json')) return done.out;
  return JSON.parse(args[0] === 'lead' || args[1] === 'import' ? done.out.trim().split('\n').at(-1) : done.out);
}

/** Every move of a preview, from the table; the answer itself beside them. */
function preview(model) {
  const path = join(folder, `${model}.moves.csv`);
  const would = tool('territory', 'preview', model, '--json', '--csv', path);
  const moves = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  return { ...would, lines: moves };
}

async function open_leads() {
  const found = new Map();
  let pageToken;
  do {
    const page = await d.call('LeadService/ListLeads', { pageSize: 200, pageToken });
    for (const l of page.leads ?? []) if (l.open) found.set(l.id, (l.territoryIds ?? []).join());
    pageToken = page.nextPageToken;
  } while (pageToken);
  return found;
}

test('1: three models are planned; what each would move adds up, and asking moves nothing', real, async (t) => {
  tool('team', 'import', data_file('sales_pipeline', 'sales_teams.csv'), '--policy');
  await d.settled();
  const path = join(folder, 'sales_pipeline.csv');
  copyFileSync(data_file('sales_pipeline', 'sales_pipeline.csv'), path);
  const accounts = `${data_file('sales_pipeline', 'accounts.csv')}:account`;
  assert.equal(tool('lead', 'import', path, '--with', accounts, '--map', 'address.country=office_location', '--json').rows, ROWS);
  for (const [name, rows] of Object.entries(models)) {
    const csv = join(folder, `${name}.csv`);
    writeFileSync(csv, `${rows.join('\n')}\n`);
    const done = tool('territory', 'import', csv, '--model', name, '--json');
    assert.equal(done.refused + done.rejectedRows, 0, name);
  }
  await d.settled();
  const before = await open_leads();
  for (const name of Object.keys(models)) {
    const would = preview(name);
    t.diagnostic(`${name}: ${would.moved} of ${would.lookedAt} would move`);
    assert.equal(would.lookedAt, before.size, 'every open lead is looked at, and no other');
    assert.equal(would.lines.length, would.moved, 'the table has each of them');
    assert.equal(new Set(would.lines.map((l) => l.match(/[0-9a-f-]{36}/)[0])).size, would.moved, 'each once');
    assert.equal(would.moves.length, would.moved);
    const from_to = new Map();
    for (const m of would.moves) from_to.set(m.reason, (from_to.get(m.reason) ?? 0) + 1);
    assert.equal([...from_to.values()].reduce((a, n) => a + n, 0), would.moved);
    assert.ok(from_to.size <= 4, `${[...from_to.keys()]}`);
    assert.ok(would.moved > 0);
  }
  assert.deepEqual(await open_leads(), before);
});

test('2: a switch moves just what was said; the same by other names moves everything once, back it is as it was', real, async () => {
  let before = await open_leads();
  for (const name of ['continents', 'sizes', 'codes', 'continents']) {
    const would = preview(name);
    tool('territory', 'switch', name);
    await until(`leads lie by ${name}`, () => preview(name).moved === 0, REST_MS);
    const now = await open_leads();
    const moved = [...now].filter(([id, where]) => before.get(id) !== where).map(([id]) => id);
    assert.equal(moved.length, would.moved, name);
    assert.deepEqual(moved.sort(), would.lines.map((l) => l.match(/[0-9a-f-]{36}/)[0]).sort(), name);
    before = now;
  }
  const names = new Map((await d.list('territory')).map((x) => [x.id, [x.name, x.modelId]]));
  const model = Object.fromEntries(tool('territory', 'model', '--json').map((m) => [m.name, m.id]));
  const count = (name) => [...before.values()].filter((id) => names.get(id)?.[0] === name && names.get(id)[1] === model.continents).length;
  const by_code = preview('codes');
  assert.equal(by_code.moved, count('West') + count('East'), 'a country is the same by its code and in any language');
});

test('3: the picture of the time machine is well-formed, of one size, and says who', real, async () => {
  const policy = join(folder, 'one.json');
  const [pool] = await d.list('pool');
  writeFileSync(policy, JSON.stringify({ rules: [{ name: 'one for all', poolId: pool.id }] }));
  const svg = join(folder, 'out.svg');
  const report = tool('policy', 'replay', '--json', '--policy', policy, '--svg', svg);
  assert.equal(report.differences, 0);
  const look = `
import sys, xml.dom.minidom
root = xml.dom.minidom.parse(sys.argv[1]).documentElement
assert root.namespaceURI == 'http://www.w3.org/2000/svg' and root.localName == 'svg', root.tagName
box = [float(x) for x in root.getAttribute('viewBox').split()]
assert len(box) == 4 and box[2] > 0 and box[3] > 0, box
n = 0
for e in root.getElementsByTagName('*'):
    for name in ('x', 'y', 'width', 'height', 'x1', 'x2', 'y1', 'y2'):
        if e.hasAttribute(name):
            v = float(e.getAttribute(name).rstrip('%'))
            assert -1 <= v <= max(box[2], box[3]) + 1, (e.toxml(), box)
            n += 1
print(n, len(root.getElementsByTagName('text')))
`;
  const looked = spawnSync('python3', ['-c', look, svg], { encoding: 'utf8' });
  assert.equal(looked.status, 0, looked.stderr);
  const [numbers, texts] = looked.stdout.split(' ').map(Number);
  assert.ok(numbers > 10 && texts > 3, looked.stdout);
  d.verify();
});

// `baton policy replay`: the decisions of a log made again, as they were and as another policy would make them.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { data_file, needs, request_id, shared } from './lib.mjs';

const folder = mkdtempSync(join(tmpdir(), 'baton-policy-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const d = shared();
const real = { skip: needs('sales_pipeline', 'sales_pipeline.csv') };

function file(name, content) {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function replay(...options) {
  const done = d.tool('policy', 'replay', '--json', ...options);
  assert.equal(done.status, 0, done.all);
  return JSON.parse(done.out);
}
const sum = (lines, key) => lines.reduce((a, l) => a + l[key], 0);

let anna, bob, carl, wide;
test('1: arrived, accepted, declined, given by hand, left: each decision comes out the same', async () => {
  [anna, bob, carl] = [await d.user('Anna', 'rep'), await d.user('Bob', 'rep'), await d.user('Carl', 'rep')];
  await d.settled();
  await d.route_to([anna, bob]);
  wide = await d.create('pool', { name: 'wide', members: [anna, bob, carl].map((u) => ({ userId: u.id })) });
  const made = [];
  for (let i = 0; i < 12; i++) made.push((await d.capture({ email: `c${i}@c.example`, company: `C${i}` })).lead);
  const of = (user) => made.filter((l) => l.ownerId === user.id);
  await d.call('LeadService/AcceptLead', { requestId: request_id(), id: of(anna)[0].id }, { token: anna.token });
  await d.call('LeadService/DeclineLead', { requestId: request_id(), id: of(anna)[1].id, reason: 'too far' }, { token: anna.token });
  await d.call('LeadService/AssignLead', { requestId: request_id(), id: of(bob)[0].id, ownerId: carl.id });
  const went = replay();
  assert.equal(went.decisions, 14);
  assert.equal(went.differences, 0);
  assert.equal(sum(went.persons, 'leads'), 14);
});

test('2: the policy in force as the other one: nothing moves', () => {
  const same = replay('--version', '1');
  assert.equal(same.moved, 0);
  for (const p of same.persons) assert.equal(p.leadsAfter, p.leads, p.name);
});

test('3: another policy: who would have what, in tables, as CSV and as a picture', () => {
  const policy = file('wide.json', { rules: [{ name: 'all three', poolId: wide.id }] });
  const [csv, svg] = [join(folder, 'out.csv'), join(folder, 'out.svg')];
  const other = replay('--policy', policy, '--csv', csv, '--svg', svg, '--list', '2');
  const line = (user) => other.persons.find((p) => p.id === user.id);
  assert.equal(line(carl).leads, 1);
  assert.ok(line(carl).leadsAfter >= 4, JSON.stringify(line(carl)));
  assert.ok(other.moved > 2);
  assert.equal(other.moves.length, 2);
  const next = replay('--policy', policy, '--list', '2', '--skip', '2');
  assert.notEqual(next.moves[0].leadId, other.moves[0].leadId);
  assert.match(readFileSync(csv, 'utf8'), /^person,.*"Carl",1,/m);
  assert.match(readFileSync(svg, 'utf8'), /^<svg [^]*Carl[^]*<\/svg>\n$/);
  assert.match(d.tool('policy', 'replay', '--policy', policy).out, /leads would be held by another now/);
});

test('4: from a day that is yet to come nothing is counted, and nothing moves', () => {
  const policy = file('wide.json', { rules: [{ name: 'all three', poolId: wide.id }] });
  const later = replay('--policy', policy, '--from', '2999-01-01');
  assert.equal(later.moved, 0);
  assert.equal(sum(later.persons, 'leads') + sum(later.persons, 'leadsAfter'), 0);
  assert.equal(replay('--to', '2001-01-01').decisions, 0);
});

test('5: what cannot be a policy, a version or a day is refused in words', () => {
  const cases = [
    [['--policy', file('a.json', '{"rules":[{"name":"x","poolId":"no pool"}]}')], 1, /pool/],
    [['--policy', file('b.json', '{"rules":[{"name":"x","conditions":[{"field":"shoe_size","operator":"OPERATOR_PRESENT"}],' + `"poolId":"${wide.id}"}]}`)], 1, /conditions\[0\]\.field/],
    [['--policy', file('c.json', 'no JSON')], 1, /./],
    [['--policy', join(folder, 'absent.json')], 1, /cannot read/],
    [['--version', '99'], 1, /no version 99/],
    [['--from', 'yesterday'], 2, /wants a day/],
    [['--policy', 'x', '--version', '1'], 2, /either/],
  ];
  for (const [options, status, words] of cases) {
    const done = d.tool('policy', 'replay', ...options);
    assert.equal(done.status, status, `${options.join(' ')}: ${done.all}`);
    assert.match(done.err, words);
  }
});

test('6: somebody leaves; what they hold in the other world goes on there, too', async () => {
  await d.tool('user', 'deactivate', anna.email);
  await d.settled();
  const policy = file('wide.json', { rules: [{ name: 'all three', poolId: wide.id }] });
  const other = replay('--policy', policy, '--list', '100');
  assert.equal(other.differences, 0);
  for (const move of other.moves) assert.notEqual(move.to, anna.id);
});

test('9: drafted, checked, published, rolled back, from the command line', () => {
  const policy = (...words) => d.tool('policy', ...words);
  const version = (done) => (assert.equal(done.status, 0, done.all), Number(JSON.parse(done.out).policy.version));
  const before = version(policy('show', '--json'));
  const shown = file('shown.json', policy('show', '--json').out);
  const odd = file('odd.json', { rules: [{ name: 'all', poolId: wide.id }, { name: 'late', poolId: wide.id }] });
  const checked = policy('check', odd);
  assert.equal(checked.status, 0);
  assert.match(checked.out, /warning: rule 2 'late' is never used/);
  assert.equal(policy('check', file('bad.json', { rules: [{ name: 'x', poolId: request_id() }] })).status, 1);
  assert.match(policy('check').out, /Nothing is to be said against it/);
  const drafted = version(policy('draft', odd, '--json'));
  assert.equal(drafted, before + 1);
  assert.equal(version(policy('show', '--json')), before, 'a draft decides nothing');
  assert.match(policy('show', '--version', String(drafted)).out, /a draft/);
  assert.equal(version(policy('draft', shown, '--version', String(drafted), '--json')), drafted);
  assert.equal(version(policy('publish', '--version', String(drafted), '--json')), drafted);
  assert.equal(version(policy('rollback', '--json')), before);
  assert.match(policy('show').out, new RegExp(`Version ${before}, in force`));
  assert.match(policy('show', '--version', String(drafted)).out, /not in force any more/);
  assert.equal(version(policy('publish', odd, '--json')), drafted + 1);
  assert.equal(policy('publish').status, 1);
  assert.equal(policy('rollback', '--version', String(drafted + 1)).status, 1, 'it is in force already');
  assert.equal(version(policy('rollback', '--version', String(before), '--json')), before);
});

test('10: decisions made before, between and after are those of the policy of then', async () => {
  for (let i = 0; i < 4; i++) await d.capture({ email: `z${i}@c.example` });
  assert.equal(replay().differences, 0);
  d.verify();
});

test('7: a sales pipeline of 8,800 rows: the same bit for bit, and what one pool for all would have moved', real, () => {
  assert.equal(d.tool('team', 'import', data_file('sales_pipeline', 'sales_teams.csv'), '--policy').status, 0);
  const path = join(folder, 'sales_pipeline.csv');
  copyFileSync(data_file('sales_pipeline', 'sales_pipeline.csv'), path);
  const done = d.tool('lead', 'import', path, '--with', `${data_file('sales_pipeline', 'accounts.csv')}:account`);
  assert.equal(done.status, 0, done.all);
  const policy = file('wide.json', { rules: [{ name: 'all three', poolId: wide.id }] });
  const other = replay('--policy', policy);
  assert.equal(other.differences, 0);
  assert.ok(other.decisions > 7000, `${other.decisions} decisions`);
  assert.ok(other.moved > other.leads / 2, `${other.moved} of ${other.leads} would move`);
  assert.equal(sum(other.persons, 'leads'), sum(other.months, 'leads'));
});

test('8: a backup can be asked as well', () => {
  const backup = join(folder, 'backup');
  assert.equal(d.tool('backup', backup).status, 0);
  const live = d.data;
  d.data = backup;
  try {
    assert.equal(replay().differences, 0);
  } finally {
    d.data = live;
  }
});

test('10: a dry run: who would get it and why, by any policy, and nothing changes', async () => {
  const custody = async () => JSON.stringify(await d.call('LeadService/GetCustody', {}));
  const before = await custody();
  const dry = (...words) => d.tool('policy', 'dry-run', ...words);
  const narrow = file('narrow.json', {
    rules: [
      { name: 'Acme', poolId: wide.id, conditions: [{ field: 'company', operator: 'OPERATOR_IS', values: ['Acme'] }] },
    ],
  });
  const acme = JSON.parse(dry(narrow, '--company', 'acme', '--json').out);
  assert.match(acme.reason, /^Rule 'Acme' matched/);
  assert.equal(acme.ownerId, acme.decision.decision.ownerId);
  assert.ok(acme.decision.rules[0].candidates.some((c) => c.userId === bob.id));
  assert.match(dry(narrow, '--company', 'Other').out, /no rule that matches it.*last resort/s);
  const { lead } = await d.capture({ email: 'dry@run.example', company: 'Acme' });
  const again = JSON.parse(dry('--lead', lead.id, '--json').out);
  assert.equal((await d.call('LeadService/GetLead', { id: lead.id })).lead.decisionCount, 1);
  assert.ok(again.ownerId);
  assert.equal(dry('--version', '99').status, 1);
  assert.equal(dry('--lead', request_id()).status, 1);
  assert.equal(dry(file('bad2.json', { rules: [{ name: 'x', poolId: request_id() }] })).status, 1);
  assert.notEqual(await custody(), before, 'the one that was captured');
});

test('12: in the shadow of the policy in force: what another would have done', async () => {
  const shadow = (...words) => d.tool('policy', 'shadow', ...words);
  const narrow = file('carl.json', { rules: [{ name: 'all to the three', poolId: wide.id }] });
  const version = JSON.parse(d.tool('policy', 'draft', narrow, '--json').out).policy.version;
  assert.match(shadow('status').out, /No policy stands in the shadow/);
  assert.equal(shadow(version).status, 0);
  assert.equal(shadow(version).status, 1, 'one at a time');
  assert.equal(d.tool('policy', 'draft', narrow, '--version', version).status, 1, 'not while it is looked at');
  for (let i = 0; i < 6; i++) await d.capture({ email: `s${i}@c.example`, company: `S${i}` });
  const report = JSON.parse(shadow('status', '--json').out).report;
  assert.equal(Number(report.decisions), 6);
  assert.equal(report.counts.reduce((a, c) => a + Number(c.would ?? 0), 0), 6);
  assert.equal(report.counts.reduce((a, c) => a + Number(c.had ?? 0), 0), 6);
  assert.equal(replay().differences, 0);
  assert.match(shadow('end').out, /6 decisions[^]*there no longer/);
  assert.equal(shadow('end').status, 1);
  assert.equal(replay().differences, 0);
});

test('11: what is different: rules that came, went, moved, or say something else', () => {
  const rule = (name, more = {}) => ({ name, poolId: wide.id, ...more });
  const one = file('one.json', { rules: [rule('a'), rule('b'), rule('c', { responseMinutes: 5 }), rule('d')] });
  const two = file('two.json', {
    rules: [rule('d'), rule('a'), rule('c', { filters: ['FILTER_OWN_STAFF'] }), rule('e')],
  });
  const diff = (...words) => d.tool('policy', 'diff', ...words);
  const told = JSON.parse(diff(one, two, '--json').out);
  assert.deepEqual(told.added, [{ name: 'e', to: 4 }]);
  assert.deepEqual(told.removed, [{ name: 'b', from: 2 }]);
  assert.deepEqual(told.moved, [{ name: 'd', from: 4, to: 1 }]);
  assert.deepEqual(told.changed.map((l) => [l.name, l.changes.map((c) => c.field)]), [['c', ['responseMinutes', 'filters']]]);
  assert.match(diff(one, two).out, /responseMinutes: 5 -> nothing/);
  assert.match(diff('now', 'now').out, /The rules are the same/);
  assert.equal(diff('99', 'now').status, 1);
  assert.equal(diff('now').status, 2);
});

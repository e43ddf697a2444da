// Partners: they bring leads in by API, form, mail and file, and see what they brought, as agreed, and nothing else.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exchange, refused, request_id, shared } from './lib.mjs';

let ann, pat, pia;
const d = shared(async () => {
  ann = await d.user('Ann Able', 'rep');
  [pat, pia] = [await d.user('Pat Partner', 'partner'), await d.user('Pia Partner', 'partner')];
  await d.route_to([ann]);
  await d.create('leadForm', { name: 'pats', partnerId: pat.id });
  await d.settled();
});

const list = async (who) => (await d.call('LeadService/ListLeads', { pageSize: 200 }, who)).leads ?? [];
const newest = async () => (await list({}))[0];
// What staff know of a lead and its partner does not.
const OURS = ['ownerId', 'poolId', 'score', 'flags', 'nextDueUs', 'responseDueAt', 'decisionCount', 'possibleDuplicateIds', 'mergedIntoId', 'previousOwnerIds'];

test('a partner\'s lead says whose it is, and shows its partner what was agreed', async () => {
  const said = {
    email: `${request_id()}@buyer.example`, lastName: 'Buyer', company: 'Big', leadSource: 'Our fair', rating: 'hot',
    campaignId: 'yours', productInterest: 'Relay',
  };
  const answer = (await d.capture(said, pat)).lead;
  const staff = await d.lead(answer.id);
  assert.equal(staff.leadSource, 'Partner');
  assert.equal(staff.capturedBy, pat.id);
  assert.equal(staff.ownerId, ann.id);
  assert.deepEqual(staff.attributes, [{ name: 'partner_source', value: 'Our fair' }]);
  assert.equal(staff.rating, undefined);
  assert.equal(staff.campaignId, undefined);
  assert.equal(staff.flags.length, 2);
  for (const seen of [answer, await d.lead(answer.id, pat), (await list(pat)).find((l) => l.id === answer.id)]) {
    assert.equal(seen.email, said.email);
    assert.equal(seen.status, 'LEAD_STATUS_ASSIGNED');
    assert.equal(seen.productInterest, 'Relay');
    for (const field of OURS) assert.equal(seen[field], undefined, field);
  }
  const { original } = await d.call('LeadService/GetLead', { id: answer.id, withOriginal: true }, pat);
  assert.match(Buffer.from(original.body, 'base64').toString(), /Our fair/);
  await refused('not_found', d.lead(answer.id, pia));
  assert.deepEqual(await list(pia), []);
  for (const [method, body] of [['AcceptLead', {}], ['CloseLead', { reason: 'CLOSE_REASON_NO_BUDGET' }], ['UpdateLead', { lead: { title: 'x' } }]])
    await refused('permission_denied', d.call(`LeadService/${method}`, { requestId: request_id(), id: answer.id, ...body }, pat));
});

test('two partners may call their leads the same', async () => {
  const bring = (who) => d.capture({ email: `${request_id()}@buyer.example`, externalId: '1', leadSource: 'fair' }, who);
  const [one, other, again] = [await bring(pat), await bring(pia), await bring(pat)];
  assert.notEqual(one.lead.id, other.lead.id);
  assert.equal(again.lead.id, one.lead.id);
  assert.equal(again.repeatedLead, true);
  assert.equal(again.lead.ownerId, undefined);
  const staff = await d.capture({ email: `${request_id()}@buyer.example`, externalId: '1', leadSource: 'fair' });
  assert.ok(!staff.repeatedLead);
});

test('what was merged into another\'s lead is told as merged, and not into which', async () => {
  const { lead: first } = await d.capture({ email: `${request_id()}@buyer.example`, company: 'Known' });
  const { lead } = await d.capture({ email: first.email, company: 'Known' }, pat);
  if (lead.status !== 'LEAD_STATUS_MERGED')
    await d.call('LeadService/MergeLeads', { requestId: request_id(), survivorId: first.id, loserIds: [lead.id] });
  const seen = await d.lead(lead.id, pat);
  assert.equal(seen.status, 'LEAD_STATUS_MERGED');
  for (const field of [...OURS, 'statusReason']) assert.equal(seen[field], undefined, field);
  assert.ok(!JSON.stringify(seen).includes(first.id));
  await refused('not_found', d.lead(first.id, pat));
});

test('by a form of their own, without signing in', async () => {
  const email = `${request_id()}@buyer.example`;
  const answer = await exchange(`${d.url}/forms/pats`, { method: 'POST', body: new URLSearchParams({ email }) });
  assert.equal(answer.status, 200);
  const lead = await newest();
  assert.equal(lead.email, email);
  assert.equal(lead.capturedBy, pat.id);
  assert.equal(lead.leadSource, 'Partner');
  assert.equal((await d.lead(lead.id, pat)).email, email);
  await refused('not_found', d.lead(lead.id, pia));
});

test('by mail', async () => {
  const mail = `From: Buyer <${request_id()}@buyer.example>\r\nMessage-ID: <${request_id()}@p.example>\r\n\r\nA price, please.\r\n`;
  const answer = await exchange(`${d.url}/v1/mail`, { method: 'POST', body: mail, headers: { authorization: `Bearer ${pat.token}` } });
  assert.equal(answer.status, 200, answer.text);
  assert.equal((await d.lead(answer.json.leadId)).capturedBy, pat.id);
  assert.ok((await list(pat)).some((l) => l.id === answer.json.leadId));
});

test('by a file, with their own token, twice the same', async () => {
  const file = join(d.data, 'brought.csv');
  writeFileSync(file, 'E-mail,Company\nfile1@buyer.example,One\nfile2@buyer.example,Two\n');
  const env = { ...process.env, NO_COLOR: '1', BATON_URL: `${d.url}/`, BATON_TOKEN: pat.token };
  const before = (await list(pat)).length;
  for (let i = 0; i < 2; i++) {
    const done = d.tool('lead', 'import', file, { env });
    assert.equal(done.status, 0, done.all);
  }
  const brought = await list(pat);
  assert.equal(brought.length, before + 2);
  const lead = await d.lead(brought.find((l) => l.email === 'file2@buyer.example').id);
  assert.equal(lead.capturedBy, pat.id);
  assert.equal(lead.leadSource, 'Partner');
  const stranger = d.tool('form', 'list', { env: { ...env, BATON_TOKEN: 'nobody' } });
  assert.equal(stranger.status, 1, stranger.all);
});

test('a partner who holds a lead sees all of it', async () => {
  const { lead } = await d.capture({ email: `${request_id()}@buyer.example` }, pat);
  await d.call('LeadService/AssignLead', { requestId: request_id(), id: lead.id, ownerId: pat.id });
  assert.equal((await d.lead(lead.id, pat)).ownerId, pat.id);
  d.verify();
});

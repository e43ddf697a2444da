// A customer who comes again: part of the lead that is open, known to who knows them, or listed for a person to decide.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request_id, shared } from './lib.mjs';

const d = shared();
let anna, bob;

test('the same customer again becomes part of the open lead, and is given back as it was', async () => {
  [anna, bob] = [await d.user('Anna', 'rep'), await d.user('Bob', 'rep')];
  await d.settled();
  await d.route_to([anna, bob]);
  const first = (await d.capture({ firstName: 'Ada', lastName: 'Lovelace', email: 'ada@home.example' })).lead;
  const again = (await d.capture({ lastName: 'Lovelace Ada', email: 'Ada+new@home.example', message: 'Hello?' })).lead;
  assert.equal(again.status, 'LEAD_STATUS_MERGED');
  assert.equal(again.mergedIntoId, first.id);
  const { lead } = await d.call('LeadService/GetLead', { id: again.id }, { token: (first.ownerId === anna.id ? anna : bob).token });
  assert.equal(lead.message, 'Hello?');
  assert.match(d.tool('lead', 'duplicates', first.id).out, new RegExp(again.id));
  const back = (await d.call('LeadService/UnmergeLead', { requestId: request_id(), id: again.id })).lead;
  assert.equal(back.status, 'LEAD_STATUS_ASSIGNED');
  assert.equal(back.ownerId, first.ownerId);
});

test('another name at the same address is listed, not merged', async () => {
  const grace = (await d.capture({ firstName: 'Grace', lastName: 'Hopper', email: 'shared@home.example' })).lead;
  const bao = (await d.capture({ firstName: 'Bao', lastName: 'Nguyen', email: 'shared@home.example' })).lead;
  assert.equal(bao.status, 'LEAD_STATUS_ASSIGNED');
  assert.deepEqual(bao.possibleDuplicateIds, [grace.id]);
});

test('a form posted fifty times with other words is one lead', async () => {
  await d.create('leadForm', { name: 'contact-us' });
  for (let i = 0; i < 50; i++) {
    const form = new URLSearchParams({ email: 'again@home.example', message: `number ${i}` });
    const answer = await fetch(`${d.url}/forms/contact-us`, { method: 'POST', body: form, redirect: 'manual' });
    assert.ok(answer.status < 400, `${answer.status}`);
  }
  const { custody } = await d.call('LeadService/GetCustody', {});
  assert.equal(Number(custody.merged), 49);
});

test('after a restart, too; the next of a closed lead goes to who held it', async () => {
  await d.stop();
  await d.up();
  await d.ready();
  const again = (await d.capture({ email: 'again@home.example' })).lead;
  assert.equal(again.status, 'LEAD_STATUS_MERGED');
  const { lead } = await d.call('LeadService/GetLead', { id: again.mergedIntoId });
  await d.call('LeadService/CloseLead', { requestId: request_id(), id: lead.id, reason: 'CLOSE_REASON_NO_ANSWER' });
  for (let i = 0; i < 3; i++) {
    const next = (await d.capture({ email: `again+${i}@home.example` })).lead;
    assert.equal(next.status, 'LEAD_STATUS_ASSIGNED');
    assert.equal(next.ownerId, lead.ownerId);
    await d.call('LeadService/CloseLead', { requestId: request_id(), id: next.id, reason: 'CLOSE_REASON_NO_ANSWER' });
  }
  d.verify();
});

test('a lead of an account goes to its owner', async () => {
  const account = await d.create('account', { name: 'Acme GmbH', website: 'https://www.acme.example', ownerId: bob.id });
  const contact = await d.create('contact', { lastName: 'Curie', email: 'marie@labs.example', accountId: account.id, ownerId: anna.id });
  await d.settled();
  for (let i = 0; i < 3; i++) {
    const { lead } = await d.capture({ email: `buyer${i}@acme.example` });
    assert.equal(lead.matchedAccountId, account.id);
    assert.equal(lead.ownerId, bob.id);
  }
  const { lead } = await d.capture({ lastName: 'Curie', email: 'marie@labs.example' });
  assert.equal(lead.matchedContactId, contact.id);
  assert.equal(lead.ownerId, bob.id);
  const { decisions } = await d.call('LeadService/ExplainLead', { id: lead.id });
  assert.match(decisions[0].summary, /the customer is known to Bob/);
});

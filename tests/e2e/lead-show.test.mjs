// One lead on one page: `baton lead show`, by id and by address.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request_id, shared } from './lib.mjs';

const d = shared();
let anna, first;

test('1: the page says who, from where, how it stands, who else, why, and what was written', async () => {
  anna = await d.user('Anna Fischer', 'rep');
  await d.settled();
  await d.route_to([anna]);
  await d.create('responseTemplate', { name: 'hello', subject: 'We have it', body: 'Dear {lead.name|customer}, soon.' });
  const lead = {
    firstName: 'Ada', lastName: 'Lovelace', company: 'Engines Ltd', email: 'ada@engines.example', leadSource: 'Fair',
    productInterest: 'Relay', message: 'First line\nsecond line',
  };
  first = (await d.call('LeadService/CaptureLead', { requestId: request_id(), lead, acknowledge: true })).lead;
  const again = (await d.capture({ firstName: 'Ada', lastName: 'Lovelace', email: 'ada+2@engines.example' })).lead;
  assert.equal(again.mergedIntoId, first.id);
  await d.call('LeadService/FollowLead', { requestId: request_id(), id: first.id }, { token: anna.token });
  const { status, out, all } = d.tool('lead', 'show', first.id);
  assert.equal(status, 0, all);
  for (const said of [
    /name +Ada Lovelace/, /company +Engines Ltd/, /e-mail +ada@engines\.example/, /source +Fair/, /wants +Relay/,
    /\| First line\n {2}\| second line/, /status +assigned/, /held by +Anna Fischer/, /answer due +20/,
    /complete +\d+ of 100/, /missing +\w/, new RegExp(`merged with +${again.id}`), /followed by +Anna Fischer/,
    /rule 'everything' matched/, /Subject: We have it/, /\| Dear Ada Lovelace, soon\./,
  ])
    assert.match(out, said);
});

test('2: by its address, in any case and with any tag, it is the lead that goes on; the others are named', () => {
  const { status, out, err } = d.tool('lead', 'show', 'ADA+else@engines.example');
  assert.equal(status, 0, err);
  assert.match(out, new RegExp(`^Lead ${first.id}`));
  assert.match(err, /also of this address: .*, merged/);
});

test('3: --json is the answer; what is not there is refused', () => {
  const { out } = d.tool('lead', 'show', 'ada@engines.example', '--json');
  const said = JSON.parse(out);
  assert.equal(said.lead.id, first.id);
  assert.ok(said.decisions.length > 0 && said.acknowledgement && said.lead.missing.length > 0);
  assert.equal(d.tool('lead', 'show', 'nobody@engines.example').status, 1);
  assert.equal(d.tool('lead', 'show', request_id()).status, 1);
  assert.equal(d.tool('lead', 'show').status, 2);
});

test('4: what has another address in common with it only in part is not found by it; control characters are not printed', async () => {
  const { lead } = await d.capture({ lastName: 'Bab\u001b[31mbage', email: 'charles@engines.example' });
  const { leads } = await d.call('LeadService/ListLeads', { email: 'charles@engines.example' });
  assert.deepEqual(leads.map((l) => l.id), [lead.id]);
  assert.ok(!d.tool('lead', 'show', lead.id).out.includes('\u001b'));
});

test('5: fifty times the same address: the one they became is found; a rep finds only their own', async () => {
  const one = (await d.capture({ email: 'often@engines.example' })).lead;
  for (let i = 0; i < 20; i++) await d.capture({ email: `often+${i}@engines.example` });
  const { out } = d.tool('lead', 'show', 'often@engines.example');
  assert.match(out, new RegExp(`^Lead ${one.id}`));
  const ben = await d.user('Ben', 'rep');
  await d.settled();
  const ask = { email: 'often@engines.example' };
  assert.equal((await d.call('LeadService/ListLeads', ask, { token: ben.token })).leads, undefined);
  assert.ok((await d.call('LeadService/ListLeads', ask, { token: anna.token })).leads.length > 0);
});

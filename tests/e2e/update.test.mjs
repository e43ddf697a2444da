// How complete a lead is, and putting right what is known of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, request_id, shared } from './lib.mjs';

const d = shared();
const captured = async () =>
  (await d.call('LeadService/CaptureLead', { requestId: request_id(), lead: { email: `${request_id()}@buyer.example` } })).lead;
const update = (id, body) => d.call('LeadService/UpdateLead', { requestId: request_id(), id, ...body });

test('what is missing is said, and less of it after a change', async () => {
  const { id } = await captured();
  const { lead } = await d.call('LeadService/GetLead', { id });
  assert.equal(lead.completeness, 20);
  assert.equal(lead.missing[0], 'phone');
  const now = (await update(id, { revision: lead.revision, lead: { phone: '+49 30 123456', address: { city: 'Berlin' } } })).lead;
  assert.equal(now.completeness, 43);
  assert.ok(!now.missing.includes('phone'));
  const again = (await update(id, { lead: { address: { country: 'DE' } }, clear: ['phone'] })).lead;
  assert.deepEqual(again.address, { city: 'Berlin', country: 'DE' });
  assert.equal(again.phone, undefined);
});

test('a change on an old revision, a wrong address and what is not to be changed are refused', async () => {
  const lead = await captured();
  await update(lead.id, { lead: { title: 'Buyer' } });
  await refused('aborted', update(lead.id, { revision: lead.revision, lead: { title: 'Seller' } }));
  assert.equal((await refused('invalid_argument', update(lead.id, { lead: { email: 'not one' } }))).field, 'email');
  assert.equal((await refused('invalid_argument', update(lead.id, { lead: { externalId: '7' } }))).field, 'external_id');
});

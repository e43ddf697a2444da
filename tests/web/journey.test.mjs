// A first day with the made-up company, as whoever tries Baton would go through it: a lead is accepted, looked into, converted; its
// deal is moved, quoted and counted in the forecast; the contract is found; a rule is changed after it was tried.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request_id, shared, until } from '../e2e/lib.mjs';
import { accessible, DESKTOP, fill, no_complaints, PASSWORD, picture, sign_in, skip, window_of } from './browser.mjs';

const d = shared(set_up, ['--demo']);
const REP = 'alva.drumwick@baton.example';
const day = (after) => new Date(Date.now() + after * 86_400_000).toISOString().slice(0, 10);
const panel = (page) => page.getByRole('complementary', { name: 'lead' });
const row = (page, name) => page.getByRole('row', { name: new RegExp(name) });
let desk, lead, user;

async function set_up() {
  if (skip) return;
  await until('the company is built', () => d.output.includes('sign in as representative'), 60000);
  user = (await d.list('user')).find((u) => u.email === REP);
  await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: user.id, newPassword: PASSWORD });
  ({ lead } = await d.capture({
    firstName: 'Mado', lastName: 'Inkwell', company: 'Lantern Optics', email: 'mado@lantern.example', phone: '+44 20 7946 0300', productInterest: 'Relay Five',
    address: { city: 'Hamburg', country: 'Germany' },
  }));
  if (lead.ownerId !== user.id) await d.call('LeadService/AssignLead', { requestId: request_id(), id: lead.id, ownerId: user.id });
}

test('the lead is there, says why, and is accepted', { skip }, async () => {
  desk = await window_of(DESKTOP);
  await sign_in(desk, d.url, { email: REP });
  await row(desk, 'Mado Inkwell').click();
  await panel(desk).getByRole('heading', { name: 'Why it is here' }).waitFor();
  assert.equal(await panel(desk).getByRole('link', { name: 'Call' }).getAttribute('href'), 'tel:+442079460300');
  await desk.keyboard.press('a');
  await panel(desk).getByRole('button', { name: 'Convert' }).waitFor();
});

test('it becomes an account, a person and a deal', { skip }, async () => {
  await desk.keyboard.press('v');
  const dialog = desk.getByRole('dialog', { name: 'Convert Mado Inkwell?' });
  assert.equal(await dialog.getByLabel('Name of the deal').inputValue(), 'Relay Five, Lantern Optics');
  await dialog.getByLabel('Amount').fill('12000');
  await accessible(desk, 'converting');
  await picture(desk, 'lead-convert');
  await desk.keyboard.press('Enter');
  await desk.getByText('Mado Inkwell is a customer now.').waitFor();
  await panel(desk).getByRole('link', { name: 'Lantern Optics' }).waitFor();
  await picture(desk, 'lead-converted');
  await panel(desk).getByRole('link', { name: 'Open it' }).click();
  await desk.getByRole('heading', { name: 'Relay Five, Lantern Optics' }).waitFor();
});

test('the deal gets its day, moves, and is quoted', { skip }, async () => {
  const id = new URL(desk.url()).pathname.split('/').pop();
  await desk.getByRole('button', { name: 'Change: Close date' }).click();
  await desk.getByLabel('Close date', { exact: true }).fill(day(0));
  await desk.keyboard.press('Enter');
  await until('it has its day', async () => (await d.call('RecordService/GetRecord', { type: 'opportunity', id })).record.opportunity.closeDate === day(0));
  await desk.getByRole('button', { name: /^Move/ }).click();
  await desk.getByRole('dialog').getByRole('button', { name: /Negotiation/ }).click();
  await until('it moved', async () => (await d.call('RecordService/GetRecord', { type: 'opportunity', id })).record.opportunity.stageKey === 'negotiation');
  await desk.getByRole('dialog').waitFor({ state: 'detached' });
  await desk.getByRole('button', { name: 'New quote', disabled: false }).waitFor();
  await desk.keyboard.press('q');
  await desk.waitForURL(/\/quote\//);
  await desk.getByLabel('Product, line 1', { exact: true }).first().click();
  await desk.keyboard.type('RLY-5');
  await desk.getByRole('option', { name: /RLY-5/ }).click();
  await desk.getByLabel('Country (taxes)').fill('DE');
  await desk.getByText('€2,606.10').first().waitFor(); // 2,190 and 19 %
  await desk.getByRole('status').filter({ hasText: 'Kept.' }).waitFor();
  await desk.getByRole('button', { name: 'Send', exact: true }).click();
  assert.match(await desk.getByRole('dialog').getByLabel('The customer').inputValue(), /\/quotes\//);
  await desk.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
});

test('the forecast counts it', { skip }, async () => {
  await desk.keyboard.press('g');
  await desk.keyboard.press('f');
  await desk.getByRole('button', { name: /^Commit €/ }).first().click();
  await desk.getByRole('complementary', { name: 'Behind the figure' }).getByRole('link', { name: 'Relay Five, Lantern Optics' }).waitFor();
  await desk.keyboard.press('Escape');
});

test('the contract is found', { skip }, async () => {
  await desk.keyboard.press('g');
  await desk.keyboard.press('o');
  await desk.getByLabel('Find documents').fill('framework');
  await row(desk, 'Framework agreement').click();
  await desk.getByRole('heading', { name: /Framework agreement/ }).waitFor();
  await picture(desk, 'journey-contract');
});

test('a lead of which nothing comes is closed with a reason', { skip }, async () => {
  const other = await d.capture({ firstName: 'Quill', lastName: 'Oakhanger', company: 'Red Kite Press', email: 'quill@redkite.example' });
  if (other.lead.ownerId !== user.id) await d.call('LeadService/AssignLead', { requestId: request_id(), id: other.lead.id, ownerId: user.id });
  await desk.goto(`${d.url}/leads`);
  await row(desk, 'Quill Oakhanger').click();
  await desk.keyboard.press('a');
  await panel(desk).getByRole('button', { name: 'Nothing came of it' }).click();
  const dialog = desk.getByRole('dialog', { name: 'Nothing came of Quill Oakhanger?' });
  await dialog.getByLabel('No budget').check();
  await accessible(desk, 'closing a lead');
  await picture(desk, 'lead-close');
  await dialog.getByRole('button', { name: 'Nothing came of it' }).click();
  await row(desk, 'Quill Oakhanger').waitFor({ state: 'detached' });
  await until('it is closed', async () => (await d.lead(other.lead.id)).status === 'LEAD_STATUS_DEAD');
});

test('the administrator sets up, tries a changed rule, and publishes it', { skip }, async () => {
  const page = await window_of(DESKTOP);
  await page.goto(d.output.match(/http\S+setup#token=\S+/)[0]);
  await fill(page, { 'Your name': 'Hesta Head', 'E-mail': 'head@baton.example', Password: PASSWORD, Organisation: 'Baton Demo' });
  await picture(page, 'journey-setup');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.locator('[role=status][data-state=live]').waitFor();
  await page.goto(`${d.url}/routing`);
  await page.getByRole('button', { name: 'What can be done with Countries of EMEA' }).click();
  await page.getByRole('menuitem', { name: 'Edit the rule' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit the rule' });
  await dialog.getByLabel('Working minutes to accept in').fill('45');
  await dialog.getByRole('button', { name: 'Keep' }).click();
  await page.getByRole('button', { name: 'Try the changed rules' }).click();
  await page.getByText(/leads would go to somebody else/).waitFor();
  await picture(page, 'journey-rules');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const publish = page.getByRole('dialog', { name: 'Publish' });
  await publish.getByLabel('What is new in it').fill('Faster');
  await publish.getByRole('button', { name: 'Publish' }).click();
  await until('it counts', async () => (await d.call('LeadService/GetPolicy', {})).policy.rules.find((r) => r.name === 'Countries of EMEA').responseMinutes === 45);
});

no_complaints();

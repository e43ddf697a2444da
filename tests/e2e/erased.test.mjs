// Whoever was erased is in no byte of the data folder: not in a store, also not where it has room again, not in an index of texts, not in what
// was printed. Every kind of record that can carry them does, before.
import assert from 'node:assert/strict';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { request_id, shared, until } from './lib.mjs';
import { MailServer } from './smtp.mjs';

const EMAIL = 'zelda@quixmoor.example';
/** In names, addresses, numbers and texts of theirs alone. */
const WORDS = ['zelda', 'quixmoor', '9018207', 'nimmergasse'];
const mail = await new MailServer().start();
let ann, bob, contact_id, lead_id, other, quote;
const d = shared(async () => {
  [ann, bob] = [await d.user('Ann Able', 'rep'), await d.user('Bob Bright', 'manager')];
  await d.settled();
  await d.route_to([ann]);
  other = await d.create('contact', { firstName: 'Otto', lastName: 'Other', email: 'otto@other.example' });
  await d.create('mailAccount', { name: 'office', server: `smtp://localhost:${mail.port}`, fromAddress: 'baton@hq.example', enabled: true });
  await make('RecordService/UpdateRecord', { record: { organisation: { publicUrl: 'https://baton.example' } } });
}, ['--private-network']);
after(() => mail.stop());
const call = (method, body = {}, who) => d.call(method, body, who);
const make = (method, body, who) => call(method, { requestId: request_id(), ...body }, who);

function* files(dir) {
  for (const one of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, one.name);
    if (one.isDirectory()) yield* files(path);
    else if (one.isFile()) yield path;
  }
}
/** Where which of the words are, as FILE: WORD at BYTE ... */
function found() {
  const all = [];
  for (const path of files(d.data)) {
    const text = readFileSync(path, 'latin1').toLowerCase();
    for (const word of WORDS) {
      const at = text.indexOf(word);
      if (at >= 0) all.push(`${relative(d.data, path)}: ${JSON.stringify(text.slice(Math.max(0, at - 60), at + 60))}`);
    }
  }
  return all;
}
const has = (file) => found().some((one) => one.startsWith(`${file}:`));

test('they are in every kind of record', async () => {
  const address = { street: 'Nimmergasse 77', city: 'Berlin', postalCode: '10115', country: 'DE' };
  const { lead } = await d.capture({ firstName: 'Zelda', lastName: 'Quixmoor', email: EMAIL, phone: '+49 30 9018207', message: 'Zelda asks.' });
  lead_id = lead.id;
  const became = (await make('LeadService/ConvertLead', { id: lead.id, opportunityName: 'Relays' }, ann)).lead;
  contact_id = became.convertedContactId;
  await d.settled();
  await make('RecordService/UpdateRecord', { record: { contact: { id: contact_id, title: 'Countess Zelda', mailingAddress: address } } }, ann);
  const note = await d.create('note', { text: `@[Bob](${bob.id}): Zelda likes tea.`, contactId: contact_id }, ann);
  await make('RecordService/UpdateRecord', { record: { note: { id: note.id, text: 'Zelda likes coffee.' } } }, ann);
  await d.create('activity', { kind: 'ACTIVITY_KIND_TASK', subject: 'Call Zelda', description: 'at Nimmergasse', contactId: contact_id, ownerId: ann.id }, ann);
  // their account is called like them
  await d.create('note', { text: `@[Bob](${bob.id}): a good customer`, accountId: became.convertedAccountId }, ann);
  const meeting = { kind: 'ACTIVITY_KIND_MEETING', subject: 'All', ownerId: ann.id, startAt: '2030-01-01T08:00:00Z', endAt: '2030-01-01T09:00:00Z' };
  await d.create('activity', { ...meeting, attendees: [{ contactId: contact_id }, { contactId: other.id }] }, ann);
  await d.create('consent', { contactId: contact_id, channel: 'CONSENT_CHANNEL_EMAIL', purpose: 'news', state: 'CONSENT_STATE_GIVEN', source: 'call', proof: 'Zelda said so' });
  await d.create('relationship', { kind: 'RELATIONSHIP_KIND_KNOWS', role: 'aunt of Zelda', fromContactId: contact_id, toContactId: other.id });
  // a list that changes them, with a row that is refused
  const folder = mkdtempSync(join(tmpdir(), 'baton-list-'));
  const list = join(folder, 'list.csv');
  writeFileSync(list, `first_name,last_name,email,birthday\nZelda,Quixmoor,${EMAIL},1970-01-01\nZelda,Quixmoor,zelda@quixmoor.test,never\n`);
  const imported = d.tool('contact', 'import', list, '--duplicates', 'update');
  rmSync(folder, { recursive: true });
  assert.match(imported.all, /birthday/, imported.all);
  const twin = await d.create('contact', { firstName: 'Zelda', lastName: 'Quixmoor', email: EMAIL });
  await make('DuplicateService/MergeContacts', { keepId: contact_id, loseId: twin.id });
  await d.capture({ firstName: 'Zelda', lastName: 'Quixmoor', email: EMAIL, message: 'It is Zelda again.' });
});

test('with quotes, letters and printed material', async () => {
  const book = await d.create('priceBook', { code: 'EU', name: 'Europe', currencyCode: 'EUR' });
  const relay = await d.create('product', { code: 'RELAY', name: 'Relay' });
  await d.create('priceBookEntry', { priceBookId: book.id, productId: relay.id, unitPrice: '1999' });
  const deal = await d.create('opportunity', { name: 'Sixty relays', contactId: contact_id, ownerId: ann.id }, ann);
  const head = { customerName: 'Zelda Quixmoor', recipient: 'Zelda', email: EMAIL, note: 'As Zelda wished', address: { street: 'Nimmergasse 77', city: 'Berlin' } };
  quote = (await make('QuoteService/CreateQuote', { opportunityId: deal.id, priceBookId: book.id, head }, ann)).quote;
  quote = (await make('QuoteService/SetQuoteLines', { quoteId: quote.id, lines: [{ productCode: 'RELAY' }] }, ann)).quote;
  const { token } = await make('QuoteService/SendQuote', { quoteId: quote.id }, ann);
  await until('the quote is at their server', () => mail.letters(EMAIL).length > 0);
  await make('QuoteService/AcceptQuote', { token, name: 'Zelda Quixmoor' }, { token: null });
  const shelf = await d.create('stockPlace', { name: 'Shelf', keeperIds: [bob.id] });
  const item = await d.create('collateralItem', { name: 'Brochure', sku: 'B1', unitCost: { currencyCode: 'EUR', minorUnits: '150' } });
  const order = { placeId: shelf.id, lines: [{ itemId: item.id, quantity: 2 }], contactId: contact_id, shipTo: 'Zelda, Nimmergasse 77', note: 'Zelda waits' };
  await make('CollateralService/OrderCollateral', order, ann);
  await make('RecordService/UpdateRecord', { record: { contact: { id: other.id, mailingAddress: { street: 'Weg 1', city: 'Bonn', postalCode: '53111', country: 'DE' } } } });
  const template = await d.create('letterTemplate', { name: 'Spring', kind: 'LETTER_KIND_LETTER', senderCountry: 'DE', body: 'Dear {contact.name|customer}' });
  await make('LetterService/MakeLetters', { templateId: template.id, contactIds: [other.id, contact_id] });
  const { records } = JSON.parse(d.tool('person', 'export', contact_id).out);
  const of = (type) => records.flatMap((r) => r[type] ?? []);
  assert.deepEqual(of('collateralOrder').map((o) => o.note), ['Zelda waits']);
  assert.deepEqual(of('quote').map((q) => q.head.customerName), ['Zelda Quixmoor']);
  assert.deepEqual(of('letterRun').map((r) => [r.template.name, r.contactIds]), [['Spring', [contact_id]]], 'of whom else it went to nothing is said');
  await d.settled();
  for (const service of ['leads', 'contacts', 'opportunities', 'documents', 'notifications']) assert.ok(has(join(service, 'data.mdb')), `they are in ${service}`);
});

test('erased, they are in no byte', async () => {
  await until('all letters have arrived', async () => !(await call('NotificationService/ListDeliveries', { open: true })).deliveries?.length);
  const done = d.tool('person', 'erase', contact_id, '--reason', 'by their wish', '--yes');
  assert.equal(done.status, 0, done.all);
  await d.settled();
  await until('nothing waits', async () => !(await call('NotificationService/ListNotifications', {}, ann)).notifications?.some((n) => /zelda/i.test(n.title + n.text)));
  await until('quotes say nothing of them', async () => !(await call('QuoteService/GetQuote', { quoteId: quote.id })).quote.head?.recipient);
  await d.settled();
  await d.stop();
  d.verify();
  const drawn = join(d.data, 'documents', 'files', 'made'), store = join(d.data, 'contacts', 'data.mdb'), root = process.getuid() === 0;
  mkdirSync(drawn, { recursive: true });
  writeFileSync(join(drawn, 'ab'.repeat(32)), 'drawn for Zelda');
  if (root) chownSync(store, 12345, 12345);
  const compact = d.tool('compact');
  assert.equal(compact.status, 0, compact.all);
  d.verify();
  assert.deepEqual(found(), []);
  if (root) assert.equal(statSync(store).uid, 12345);
  await d.up();
  assert.equal((await call('RecordService/GetRecord', { type: 'contact', id: other.id })).record.contact.lastName, 'Other');
});

test('what is damaged is not written anew', async () => {
  await d.stop();
  const store = join(d.data, 'contacts', 'data.mdb');
  const sound = readFileSync(store), damaged = Buffer.from(sound);
  // wherever it is: one of them may be where the file has room again
  for (let at = -1; (at = damaged.indexOf('otto@other.example', at + 1)) >= 0; ) damaged[at] ^= 1;
  writeFileSync(store, damaged);
  const compact = d.tool('compact');
  assert.equal(compact.status, 4, compact.all);
  assert.match(compact.all, /contacts is damaged/);
  assert.ok(readFileSync(store).equals(damaged));
  assert.ok(!existsSync(join(d.data, 'contacts', 'compacting')));
  writeFileSync(store, sound);
  assert.equal(d.tool('compact').status, 0);
  d.verify();
});

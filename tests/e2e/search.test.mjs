// Searching: people, accounts and leads by what is typed, in one box; only what the caller may see.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { data_file, exchange, needs, refused, request_id, shared, until } from './lib.mjs';

let ann, bob, max, pat;
const d = shared(async () => {
  const team = await d.create('team', { name: 'North' });
  [ann, bob] = [await d.user('Ann Able', 'rep', { teamId: team.id }), await d.user('Bob Baker', 'rep')];
  [max, pat] = [await d.user('Max Manager', 'manager'), await d.user('Pat Partner', 'partner')];
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { team: { id: team.id, managerId: max.id } } });
  await d.settled();
});

const box = (q, { token = d.token, ...more } = {}) =>
  exchange(`${d.url}/v1/search?${new URLSearchParams({ q, ...more })}`, { headers: { authorization: `Bearer ${token}` } });
const ids = async (q, options) => {
  const answer = await box(q, options);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.found.map((f) => f[f.type].id);
};
const contacts = async (search, more = {}, options = {}) => {
  const answer = await d.call('ContactService/SearchContacts', { search, ...more }, options);
  return { ...answer, ids: (answer.found ?? []).map((f) => (f.contact ?? f.account).id) };
};

test('one box finds accounts, contacts and leads, in one order', async () => {
  const account = await d.create('account', { name: 'Quetzal Optics GmbH' });
  const contact = await d.create('contact', { firstName: 'Zoë', lastName: 'Quetzalcoatl', phone: '+49 (0)89 7654321', accountId: account.id });
  const { lead } = await d.capture({ email: 'anyone@quetzal.example', lastName: 'Lead' });
  assert.deepEqual(await ids('quetzal'), [lead.id, account.id, contact.id]);
  assert.deepEqual(await ids('zoe quetz'), [contact.id]);
  assert.deepEqual(await ids('089/76543'), [contact.id]);
  assert.deepEqual(await ids('+49 89 7654321'), [contact.id]);
  assert.deepEqual(await ids('quetzalcoatel'), [contact.id]);
  const answer = await box('quetzal', { limit: 1 });
  assert.equal(answer.json.more, true);
  assert.deepEqual(answer.json.missing, []);
  assert.equal(answer.json.found[0].lead.lastName, 'Lead');
});

test('Chinese names by one character, by two, and as a whole', async () => {
  const one = await d.create('contact', { firstName: '小明', lastName: '歐陽' });
  const company = await d.create('account', { name: '臺灣歐萊股份有限公司' });
  assert.deepEqual(await ids('歐陽小明'), [one.id]);
  assert.deepEqual(await ids('小明'), [one.id]);
  assert.deepEqual(await ids('歐'), [one.id, company.id]);
  assert.deepEqual(await ids('台灣'), [company.id]);
});

test('what changes is found as it is now, what is deleted is not, also after a new start', async () => {
  const c = await d.create('contact', { firstName: 'Before', lastName: 'Xylophonist' });
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { contact: { id: c.id, firstName: 'After' } } });
  const gone = await d.create('contact', { firstName: 'Gone', lastName: 'Xylophonist' });
  await d.call('RecordService/DeleteRecord', { requestId: request_id(), type: 'contact', id: gone.id });
  const { lead } = await d.capture({ email: 'lead@xylophonist.example', lastName: 'Player' });
  await d.call('LeadService/UpdateLead', { requestId: request_id(), id: lead.id, lead: { lastName: 'Xylander' } });
  const look = async () => {
    assert.deepEqual(await ids('after xylophonist'), [c.id]);
    assert.equal((await contacts({ query: 'before xylophonist' })).found[0].rank.words, 1);
    assert.deepEqual((await ids('xylophonist')).sort(), [c.id, lead.id].sort());
    assert.deepEqual(await ids('xylander'), [lead.id]);
  };
  await look();
  const before = d.processes();
  for (const name of ['contacts', 'leads']) process.kill(before[name], 'SIGKILL');
  await until('both are there again', async () => {
    const now = d.processes();
    return now.contacts && now.leads && now.contacts !== before.contacts && now.leads !== before.leads
      && (await exchange(`${d.url}/readyz`)).status === 200;
  });
  await look();
});

test('everybody finds what their lists show them', async () => {
  await d.route_to([ann]);
  const { lead } = await d.capture({ email: 'secret@wombat.example', lastName: 'Wombat' });
  await d.settled();
  assert.equal((await d.lead(lead.id)).ownerId, ann.id);
  const account = await d.create('account', { name: 'Wombat Works', ownerId: bob.id });
  const own = await d.create('account', { name: 'Wombat Partners', ownerId: pat.id });
  assert.deepEqual((await ids('wombat', ann)).sort(), [lead.id, account.id, own.id].sort());
  assert.deepEqual((await ids('wombat', max)).sort(), [lead.id, account.id, own.id].sort());
  assert.deepEqual((await ids('wombat', bob)).sort(), [account.id, own.id].sort());
  assert.deepEqual(await ids('wombat', pat), [own.id]);
  const brought = (await d.capture({ email: 'pats@wombat.example' }, pat)).lead;
  assert.deepEqual((await ids('wombat', pat)).sort(), [brought.id, own.id].sort());
  const seen = (await box('wombat', pat)).json.found.find((f) => f.type === 'lead').lead;
  assert.equal(seen.ownerId, undefined);
  assert.equal((await exchange(`${d.url}/v1/search?q=wombat`)).status, 401);
});

test('by the values of fields that were added, as long as they are searched; partners by none', async () => {
  const update = (type, fields) => d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { [type]: fields } });
  const field = (name, kind, more = {}) => d.create('customField', { recordType: 'account', name, label: name, kind, ...more });
  const motto = await field('motto', 'CUSTOM_KIND_TEXT');
  const size = await field('size', 'CUSTOM_KIND_NUMBER', { searchable: true });
  const rank = await field('rank', 'CUSTOM_KIND_CHOICE', { choices: ['platypus', 'emu'], searchable: true });
  await field('kind', 'CUSTOM_KIND_TEXT', { recordType: 'contact', searchable: true });
  await refused('invalid_argument', field('day', 'CUSTOM_KIND_DATE', { searchable: true }));
  await refused('invalid_argument', field('deal_kind', 'CUSTOM_KIND_TEXT', { recordType: 'opportunity', searchable: true }));
  const custom = [{ name: 'motto', text: 'Ever onward' }, { name: 'size', numberE6: '731500000' }, { name: 'rank', choice: 'platypus' }];
  const one = await d.create('account', { name: 'Numbat Nurseries', ownerId: pat.id, custom });
  const person = await d.create('contact', { lastName: 'Numbatson', custom: [{ name: 'kind', text: 'marsupial' }] });
  for (const typed of ['731.5', '731', '731 platypus']) assert.deepEqual(await ids(typed), [one.id]);
  assert.deepEqual(await ids('numbat platy'), [one.id]);
  assert.deepEqual(await ids('marsupial'), [person.id]);
  assert.deepEqual(await ids('platypus', pat), []);
  assert.deepEqual(await ids('numbat', pat), [one.id]);
  assert.deepEqual(await ids('onward'), []);
  await update('customField', { id: motto.id, searchable: true });
  await until('what was there before is found', async () => (await ids('onward')).length === 1);
  await update('customField', { id: rank.id, searchable: false });
  await until('and not any more', async () => (await ids('platypus')).length === 0);
  await update('account', { id: one.id, custom: [custom[1]] });
  assert.deepEqual(await ids('onward'), []);
  await update('account', { id: one.id, custom });
  const before = d.processes().contacts;
  process.kill(before, 'SIGKILL');
  await until('contacts are there again', async () => {
    const now = d.processes().contacts;
    return now && now !== before && (await exchange(`${d.url}/readyz`)).status === 200;
  });
  assert.deepEqual(await ids('onward'), [one.id]);
  assert.deepEqual(await ids('731'), [one.id]);
  assert.deepEqual(await ids('platypus'), []);
  await update('customField', { id: size.id, retired: true });
  assert.deepEqual(await ids('731'), [one.id]);
});

test('filters, ranges, orders and pages', async () => {
  const account = await d.create('account', { name: 'Sorted' });
  const make = (lastName, fields = {}) => d.create('contact', { lastName, firstName: 'Sortable', accountId: account.id, ...fields });
  const names = ['Zimmer', 'Äpfel', 'Apfel', 'Österreich', 'Oslo', 'zebra'];
  const made = [];
  for (const name of names) made.push(await make(name));
  await d.create('contact', { lastName: 'Elsewhere', firstName: 'Sortable' });
  const filters = [{ field: 'account_id', values: [account.id] }];
  const by = async (language) =>
    (await contacts({ query: 'sortable', filters, order: 'SEARCH_ORDER_NAME', language })).found.map((f) => f.contact.lastName);
  assert.deepEqual(await by('de'), ['Apfel', 'Äpfel', 'Oslo', 'Österreich', 'zebra', 'Zimmer']);
  assert.deepEqual(await by('sv'), ['Apfel', 'Oslo', 'zebra', 'Zimmer', 'Äpfel', 'Österreich']);
  assert.deepEqual((await contacts({ filters, order: 'SEARCH_ORDER_NEWEST' })).ids, made.map((c) => c.id).reverse());
  const page = [];
  let pageToken;
  do {
    const answer = await contacts({ filters, order: 'SEARCH_ORDER_NEWEST' }, { pageSize: 4, pageToken });
    page.push(...answer.ids);
    pageToken = answer.nextPageToken;
  } while (pageToken);
  assert.deepEqual(page, made.map((c) => c.id).reverse());
  const createdFrom = made[3].createdAt;
  assert.deepEqual((await contacts({ filters, createdFrom, order: 'SEARCH_ORDER_NEWEST' })).ids, made.slice(3).map((c) => c.id).reverse());
  assert.deepEqual((await contacts({ filters, createdTo: made[1].createdAt })).ids, [made[1].id, made[0].id]);
  assert.deepEqual((await contacts({ query: 'sorted', filters })).ids, []);
  await refused('invalid_argument', contacts({ query: 'sorted', filters }, { types: ['account'] }));
  assert.equal((await refused('invalid_argument', contacts({ filters: [{ field: 'birthday', values: ['x'] }] }))).field, 'search.filters');
  assert.equal((await refused('invalid_argument', contacts({}, { types: ['lead'] }))).field, 'types');
  for (const token of ['x', '-1', '10000', '99999999999999999999'])
    assert.equal((await refused('invalid_argument', contacts({ query: 'a' }, { pageToken: token }))).field, 'page_token');
});

test('Chinese names are sorted by strokes', async () => {
  for (const lastName of ['陳', '丁', '王', '林']) await d.create('contact', { lastName, firstName: '筆畫' });
  const { found } = await contacts({ query: '筆畫', order: 'SEARCH_ORDER_NAME', language: 'zh-Hant' });
  assert.deepEqual(found.map((f) => f.contact.lastName), ['丁', '王', '林', '陳']);
});

test('leads by status, holder and queue', async () => {
  await d.route_to([bob], { name: 'Bob\'s' });
  const { lead } = await d.capture({ email: 'kiwi@fruit.example', lastName: 'Kiwifruit' });
  const search = async (filters, options) =>
    ((await d.call('LeadService/SearchLeads', { search: { query: 'kiwifruit', filters } }, options)).found ?? []).map((f) => f.lead.id);
  assert.deepEqual(await search([{ field: 'owner_id', values: [bob.id] }]), [lead.id]);
  assert.deepEqual(await search([{ field: 'owner_id', values: [ann.id] }]), []);
  assert.deepEqual(await search([{ field: 'status', values: ['LEAD_STATUS_ASSIGNED', 'LEAD_STATUS_NEW'] }]), [lead.id]);
  await d.call('LeadService/AcceptLead', { requestId: request_id(), id: lead.id }, bob);
  assert.deepEqual(await search([{ field: 'status', values: ['LEAD_STATUS_WORKING'] }], bob), [lead.id]);
  assert.deepEqual(await search([{ field: 'status', values: ['LEAD_STATUS_ASSIGNED'] }]), []);
});

test('a service that does not answer is named, and the rest is shown', async () => {
  const account = await d.create('account', { name: 'Solitaire' });
  const { leads } = d.processes();
  process.kill(leads, 'SIGSTOP');
  try {
    const answer = await box('solitaire');
    assert.deepEqual(answer.json.missing, ['leads']);
    assert.deepEqual(answer.json.found.map((f) => f[f.type].id), [account.id]);
  } finally {
    process.kill(leads, 'SIGCONT');
  }
  await until('leads is there again', async () => (await box('solitaire')).json.missing.length === 0);
});

test('views belong to somebody, and may be shared', async () => {
  const view = (fields, options) => d.create('savedView', { type: 'contact', ...fields }, options);
  const own = await view({ name: 'Mine', search: { query: 'wombat', order: 'SEARCH_ORDER_NAME' }, columns: ['name'] }, ann);
  assert.equal(own.ownerId, ann.id);
  const team = await view({ name: 'North\'s', teamId: (await d.call('DirectoryService/GetMe', {}, ann)).user.teamId }, max);
  const all = await view({ name: 'Everybody\'s', sharedWithAll: true, ownerId: bob.id }, max);
  assert.equal(all.ownerId, max.id);
  const seen = async (who) =>
    (await d.call('RecordService/ListRecords', { type: 'saved_view' }, who)).records.map((r) => r.savedView.id).sort();
  assert.deepEqual(await seen(ann), [own.id, team.id, all.id].sort());
  assert.deepEqual(await seen(bob), [all.id]);
  const change = (id, who) => d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { savedView: { id, name: 'New' } } }, who);
  await refused('not_found', change(own.id, bob));
  await refused('permission_denied', change(all.id, bob));
  await refused('permission_denied', d.call('RecordService/DeleteRecord', { requestId: request_id(), type: 'saved_view', id: team.id }, ann));
  await change(own.id, ann);
  await refused('invalid_argument', view({ name: ' ', type: 'contact' }, ann));
  await refused('invalid_argument', view({ name: 'x', type: 'user' }, ann));
});

test('whatever is typed is answered', async () => {
  await d.create('contact', { lastName: 'مريم الحسن' });
  assert.equal((await ids('الحسن')).length, 1);
  assert.ok((await ids('')).length > 0);
  assert.deepEqual(await ids('?!…'), []);
  for (const query of ['a'.repeat(10000), '王'.repeat(10000), 'a b '.repeat(2500), '\u202e'.repeat(100), '1'.repeat(10000)])
    assert.ok((await d.call('ContactService/SearchContacts', { search: { query } })).cut !== true);
  assert.equal((await box('x', { limit: 0 })).status, 400);
  assert.equal((await exchange(`${d.url}/v1/search?q=%ff%fe`, { headers: { authorization: `Bearer ${d.token}` } })).status, 400);
});

test('naughty strings are searched for and found', { skip: needs('names', 'blns.json') }, async () => {
  const all = JSON.parse(readFileSync(data_file('names', 'blns.json'), 'utf8'));
  for (const text of all) {
    if (text.includes('\0')) continue;
    const answer = await box(text);
    assert.equal(answer.status, 200, `${JSON.stringify(text)}: ${answer.text}`);
  }
});

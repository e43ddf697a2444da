// Clean data: what was typed is normalised, its quality is worked out, listed and counted, and accounts nearby are found.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { data_file, needs, refused, shared, until } from './lib.mjs';

const baton = shared();
const quality = (type, id, options) => baton.call('ContactService/GetQuality', { type, id }, options);
const mend = (body = {}, options) => baton.call('ContactService/ListToMend', { pageSize: 200, ...body }, options);
const report = (body) => baton.call('ContactService/GetQualityReport', { recordType: 'account', ...body });
const update = (type, fields, clear = []) =>
  baton.call('RecordService/UpdateRecord', { requestId: randomUUID(), record: { [type]: fields }, clear });
const get = async (type, id) => (await baton.call('RecordService/GetRecord', { type, id })).record[type];

test('what was typed stays, what is compared stands beside it', async () => {
  const [organisation] = await baton.list('organisation');
  await update('organisation', { id: organisation.id, locale: 'zh-Hant-TW' });
  await baton.settled();
  const typed = { name: ' Ａｃｍｅ  臺灣 ', phone: '０２-２３４５-６７８９', billingAddress: { city: '臺北市', postalCode: '１００' } };
  const account = await baton.create('account', typed);
  assert.equal(account.phone, typed.phone);
  assert.equal(account.normalized.name, 'Acme 臺灣');
  assert.equal(account.normalized.phoneE164, '+886223456789');
  assert.equal(account.normalized.address.postalCode, '100');
  assert.equal(account.normalized.address.countryCode, 'TW');
  const contact = await baton.create('contact', {
    lastName: 'Meier',
    email: ' Anna.Meier@MÜNCHEN.example ',
    phone: '089 1234567',
    mailingAddress: { country: 'Allemagne', postalCode: '01067' },
    normalized: { lastName: 'not mine to say' },
  });
  assert.equal(contact.normalized.lastName, 'Meier');
  assert.equal(contact.normalized.email, 'Anna.Meier@xn--mnchen-3ya.example');
  assert.equal(contact.normalized.phoneE164, '+49891234567');
  assert.equal(contact.normalized.address.postalCode, '01067');
  const slip = await baton.create('contact', { lastName: 'Slip', email: 'slip@gmial.com' });
  assert.equal(slip.email, 'slip@gmial.com');
  assert.match(slip.hints[0].message, /gmail\.com/);
});

test('quality has reasons, and confirming makes fresh', async () => {
  const boss = await baton.user('Quality Boss', 'rep');
  const account = await baton.create('account', { name: 'Half', website: 'https://half.example', ownerId: boss.id });
  const q = await quality('account', account.id);
  assert.equal(q.completenessPercent, 25);
  assert.equal(q.freshnessPercent, 100);
  assert.deepEqual(q.problems.map((p) => p.field).sort(), ['billing_address', 'phone']);
  const { fields } = await baton.call('ContactService/ConfirmFields', { requestId: randomUUID(), type: 'account', id: account.id });
  assert.deepEqual(fields.sort(), ['owner_id', 'website']);
  await refused('failed_precondition', baton.call('ContactService/ConfirmFields', { type: 'account', id: account.id, fields: ['phone'] }));
  await refused('invalid_argument', baton.call('ContactService/ConfirmFields', { type: 'account', id: account.id, fields: ['nothing'] }));

  const { records: list } = await mend({}, { token: boss.token });
  assert.equal(list[0].id, account.id);
  assert.equal(list[0].name, 'Half');
  await refused('permission_denied', mend({ userId: randomUUID() }, { token: boss.token }));
  await refused('permission_denied', mend({ nobodys: true }, { token: boss.token }));
  const orphan = await baton.create('account', { name: 'Nobody’s' });
  const { records: nobodys } = await mend({ nobodys: true });
  assert.ok(nobodys.some((r) => r.id === orphan.id) && nobodys.every((r) => r.id !== account.id));

  await update('account', { id: account.id, phone: '+886 2 2345 6789', billingAddress: { street: '1 Road' } });
  await until('nothing is left to mend', async () => !(await mend({ userId: boss.id })).records);
});

test('rules of the company', async () => {
  const owner = await baton.user('Rule Owner', 'rep');
  const full = { name: 'Ruled', phone: '+886 2 2345 6789', billingAddress: { street: '1 Road' }, ownerId: owner.id };
  const account = await baton.create('account', { ...full, website: 'x' });
  const rule = await baton.create('qualityRule', {
    name: 'Websites',
    recordType: 'account',
    conditions: [{ field: 'website', operator: 'QUALITY_OPERATOR_EQUALS', value: 'X' }],
    severity: 'SEVERITY_ERROR',
    message: 'Enter the real website.',
  });
  const found = await until('the sweep has found it', async () => (await mend({ userId: owner.id })).records, 20000);
  assert.equal(found[0].problems[0].ruleId, rule.id);
  assert.equal(found[0].problems[0].severity, 'SEVERITY_ERROR');
  await refused('invalid_argument', baton.create('qualityRule', {
    name: 'None', recordType: 'account', severity: 'SEVERITY_HINT', message: 'x',
    conditions: [{ field: 'website', operator: 'QUALITY_OPERATOR_OLDER_THAN_DAYS', value: 'many' }],
  }));
  await update('qualityRule', { id: rule.id, paused: true });
  await until('nothing is left', async () => !(await mend({ userId: owner.id })).records, 20000);
  assert.equal((await quality('account', account.id)).problems, undefined);
});

test('counts are those of a scan', async () => {
  await baton.settled();
  const accounts = await baton.list('account');
  const all = await Promise.all(accounts.map((a) => quality('account', a.id)));
  const sum = all.reduce((n, q) => n + (q.completenessPercent ?? 0), 0);
  const { rows: [total] } = await report({ by: 'QUALITY_GROUPING_FIELD' });
  assert.equal(Number(total.records), accounts.length);
  assert.equal(total.completenessPercent ?? 0, Math.floor(sum / accounts.length));
  const present = (field) => all.filter((q) => q.fields.find((f) => f.field === field).present).length;
  for (const { field, present: n } of total.fields) assert.equal(Number(n ?? 0), present(field), field);
  const { rows: owners } = await report({ by: 'QUALITY_GROUPING_OWNER' });
  assert.equal(owners.reduce((n, r) => n + Number(r.records ?? 0), 0), accounts.length);
  const { rows: days } = await report({ by: 'QUALITY_GROUPING_DAY' });
  assert.ok(days.length >= 1);
});

const germany = needs('geo', 'zipcodes.de.csv');
test('accounts nearby, by the postal codes of Germany', { skip: germany }, async () => {
  const lines = readFileSync(data_file('geo', 'zipcodes.de.csv'), 'utf8').split('\n').slice(1).filter(Boolean);
  const places = new Map();
  for (const line of lines) {
    const cells = line.split(',');
    if (line.includes('"') || places.has(cells[1])) continue;
    places.set(cells[1], { name: cells[2], lat: Number(cells.at(-2)), lon: Number(cells.at(-1)) });
  }
  const codes = [...places.keys()].filter((_, i) => i % 40 === 0);
  for (const code of codes) {
    const p = places.get(code);
    await baton.create('place', {
      country: 'DE', postalCode: code, name: p.name, latitudeE6: Math.round(p.lat * 1e6), longitudeE6: Math.round(p.lon * 1e6),
    });
  }
  await baton.settled();
  for (const code of codes)
    await baton.create('account', { name: `Of ${code}`, shippingAddress: { country: 'Deutschland', postalCode: code, city: places.get(code).name } });
  const metres = (a, b) => {
    const rad = (d) => (d * Math.PI) / 180;
    const h = Math.sin(rad(b.lat - a.lat) / 2) ** 2 + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lon - a.lon) / 2) ** 2;
    return 2 * 6371000 * Math.asin(Math.sqrt(h));
  };
  const here = { lat: 48.137, lon: 11.575 };
  const found = [];
  let pageToken;
  do {
    const page = await baton.call('ContactService/ListNearby', {
      latitudeE6: here.lat * 1e6, longitudeE6: here.lon * 1e6, radiusKm: 150, pageSize: 7, pageToken,
    });
    found.push(...(page.accounts ?? []));
    pageToken = page.nextPageToken;
  } while (pageToken);
  const expected = codes.filter((c) => metres(here, places.get(c)) <= 150000 + 5);
  assert.ok(found.length > 5);
  assert.deepEqual(new Set(found.map((a) => a.name)), new Set(expected.map((c) => `Of ${c}`)));
  for (let i = 0; i < found.length; i++) {
    const place = places.get(found[i].address.postalCode);
    assert.ok(Math.abs((found[i].distanceM ?? 0) - metres(here, place)) < 50);
    if (i) assert.ok((found[i].distanceM ?? 0) >= (found[i - 1].distanceM ?? 0));
    assert.match(found[i].geoUri, /^geo:-?\d+\.\d{6},-?\d+\.\d{6}$/);
    assert.equal(found[i].exactness, 'EXACTNESS_POSTAL_CODE');
  }
  const account = (await get('account', found[0].accountId));
  assert.equal(account.whereabouts.exactness, 'EXACTNESS_POSTAL_CODE');
});

test('places that come later move what is there, and a city that is not there is told', async () => {
  const account = await baton.create('account', {
    name: 'Early', billingAddress: { country: '台灣', postalCode: '11049-1', city: '高雄市' },
  });
  assert.equal(account.whereabouts, undefined);
  await baton.create('place', { country: 'Taiwan', postalCode: '110', name: '臺北市信義區', latitudeE6: 25033000, longitudeE6: 121567000 });
  const moved = await until('it is somewhere', async () => {
    const now = await get('account', account.id);
    return now.whereabouts && now;
  }, 30000);
  assert.equal(moved.whereabouts.exactness, 'EXACTNESS_DISTRICT');
  assert.ok(moved.hints.some((h) => h.field === 'billing_address.city' && /信義區/.test(h.message)));
  await update('account', { id: account.id, billingAddress: { country: '台灣', postalCode: '110', city: '台北市' } });
  assert.equal((await get('account', account.id)).hints, undefined);
  const { accounts } = await baton.call('ContactService/ListNearby', { latitudeE6: 25030000, longitudeE6: 121560000, radiusKm: 5 });
  assert.deepEqual(accounts.map((a) => a.name), ['Early']);
  await baton.call('RecordService/DeleteRecord', { requestId: randomUUID(), type: 'account', id: account.id });
  const none = await baton.call('ContactService/ListNearby', { latitudeE6: 25030000, longitudeE6: 121560000, radiusKm: 5 });
  assert.equal(none.accounts, undefined);
});

test('the rows are those of the log', async () => {
  await baton.settled();
  baton.verify();
});

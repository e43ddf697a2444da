// `baton contact import` and `export`, `baton import undo`, GET /v1/contacts/ID.vcf: lists and cards in and out.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BUILD, data_file, exchange, needs, shared, until } from './lib.mjs';

const folder = mkdtempSync(join(tmpdir(), 'baton-cards-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const d = shared();
const other = shared(); // what was exported from the one is brought into the other

function file(name, content) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Brings a file in; every row is accounted for. */
function bring_in(path, ...options) {
  const to = options[0] === other ? options.shift() : d;
  const done = to.tool('contact', 'import', path, '--json', ...options);
  assert.ok(done.out.trim(), done.err);
  const sum = JSON.parse(done.out.trim().split('\n').at(-1));
  const { rows, created, updated, unchanged, skipped, asked, rejected, failed } = sum;
  assert.equal(created + updated + unchanged + skipped + asked + rejected + failed, rows, done.out);
  return { ...sum, status: done.status, err: done.err };
}
const export_to = (name, format, ...options) => {
  const path = join(folder, name);
  const done = d.tool('contact', 'export', '--format', format, '--out', path, ...options);
  assert.equal(done.status, 0, done.all);
  return path;
};
const by_email = async (email, from = d) => (await from.list('contact')).find((c) => c.email === email);
const vcf = (d, id, token = d.token, query = '') =>
  exchange(`${d.url}/v1/contacts/${id}.vcf${query}`, { headers: token ? { authorization: `Bearer ${token}` } : {} });

test('a list in German: columns are guessed, companies become accounts, a preview changes nothing', async () => {
  const path = file('liste.csv', 'Vorname;Nachname;E-Mail;Firma;Telefon;Land;Geburtstag;Notiz\n' +
    'Ada;Lovelace;ada@x.example;Engines GmbH;030 1234567;Deutschland;10.12.1815;x\n' +
    'Charles;Babbage;charles@x.example;ENGINES GmbH;;;;\n' +
    ';;;;;;;nobody\n' +
    'Ada;L.;ADA@x.example;;;;;\n');
  const seen = d.tool('contact', 'import', path, '--preview');
  assert.equal(seen.status, 0, seen.all);
  assert.match(seen.out, /Notiz +\(left out\)/);
  assert.match(seen.out, /"firstName":"Ada"/);
  assert.match(seen.out, /2 would be new/);
  assert.match(seen.out, /1 known by their e-mail/);
  assert.equal((await d.list('contact')).length, 0);
  const sum = bring_in(path);
  assert.deepEqual([sum.created, sum.skipped, sum.rejected, sum.byEmail], [2, 1, 1, 1]);
  assert.match(readFileSync(`${path}.rejects.csv`, 'utf8'), /nobody";"4";"last_name: a contact has/);
  const ada = await by_email('ada@x.example');
  assert.equal(ada.birthday, '1815-12-10');
  assert.equal(ada.mailingAddress.country, 'Deutschland');
  const accounts = await d.list('account');
  assert.deepEqual(accounts.map((a) => a.name), ['Engines GmbH']);
  assert.equal(ada.accountId, accounts[0].id);
  assert.equal(ada.importId, sum.importId);
});

test('the same again does nothing twice', async () => {
  const before = await d.list('contact');
  const again = bring_in(join(folder, 'liste.csv'));
  assert.equal(again.again, true);
  assert.deepEqual(await d.list('contact'), before);
});

test('duplicates: skipped, updated, made, listed', async () => {
  const path = file('again.csv', 'e-mail,first name,last name,title,phone\nada@x.example,Ada,Lovelace,Countess,\n' +
    'new@x.example,New,One,,\n,Ada,Lovelace,,+49 30 1234567\n,Bob,Other,,+49 30 1234567\n');
  assert.deepEqual([bring_in(path, '--preview').skipped, bring_in(path, '--preview', '--duplicates', 'update').updated], [2, 2]);
  const asked = bring_in(path, '--duplicates', 'ask');
  assert.deepEqual([asked.asked, asked.created, asked.byEmail, asked.byPhone], [2, 2, 1, 1]);
  const listed = readFileSync(`${path}.duplicates.csv`, 'utf8').trim().split('\n');
  assert.equal(listed.length, 3);
  assert.match(listed[1], new RegExp(`the same as ${(await by_email('ada@x.example')).id} by email`));
  const updated = bring_in(path, '--duplicates', 'update');
  assert.equal(updated.updated, 2);
  const ada = await by_email('ada@x.example');
  assert.equal(ada.title, 'Countess');
  assert.equal(ada.birthday, '1815-12-10', 'what the row does not say stays');
  const n = (await d.list('contact')).length;
  assert.equal(bring_in(path, '--duplicates', 'create').created, 4);
  assert.equal((await d.list('contact')).length, n + 4);
});

test('undo: what was made goes, what was changed is as it was, what is in use or was changed since is listed', async () => {
  const was = await by_email('ada@x.example');
  const path = file('undo.csv', 'e-mail,first name,last name,title,company\nada@x.example,Ada,Changed,Queen,\n' +
    'u1@x.example,U,One,,Fresh Ltd\nu2@x.example,U,Two,,\nu3@x.example,U,Three,,\nu4@x.example,U,Four,,Fresh Ltd\n');
  const sum = bring_in(path, '--duplicates', 'update');
  assert.deepEqual([sum.updated, sum.created], [1, 4]);
  const u2 = await by_email('u2@x.example'), u3 = await by_email('u3@x.example'), u4 = await by_email('u4@x.example');
  await d.call('RecordService/UpdateRecord', { record: { contact: { id: u2.id, title: 'Boss' } } });
  await d.create('note', { text: 'met them', contactId: u3.id });
  await d.call('RecordService/DeleteRecord', { type: 'contact', id: u4.id });
  const done = d.tool('import', 'undo', sum.importId);
  assert.equal(done.status, 0, done.all);
  assert.match(done.out, new RegExp(`contact ${u2.id} U Two: it was changed since`));
  assert.match(done.out, new RegExp(`contact ${u3.id} U Three: somebody has written a note about them`));
  assert.match(done.out, /2 deleted, 1 put back, 1 were deleted already, 2 left as they are/);
  const ada = await by_email('ada@x.example');
  for (const field of ['lastName', 'title', 'email', 'birthday']) assert.equal(ada[field], was[field]);
  assert.equal(await by_email('u1@x.example'), undefined);
  assert.ok(!(await d.list('account')).some((a) => a.name === 'Fresh Ltd'));
  assert.match(d.tool('import', 'list').out, new RegExp(`${sum.importId} .*undone \\(4\\)`));
  // undone again it finds what it left; the list can be brought in anew
  assert.match(d.tool('import', 'undo', sum.importId).out, /0 deleted, 0 put back, 0 were deleted already, 2 left/);
  const anew = bring_in(path, '--duplicates', 'update');
  assert.notEqual(anew.importId, sum.importId);
  assert.deepEqual([anew.updated, anew.unchanged, anew.created], [1, 2, 2]);
  assert.equal(d.tool('import', 'undo', '0190a8e2-1111-7000-8000-000000000001').status, 1);
  d.verify();
});

test('cut off in the middle and repeated, every row is there once', async () => {
  const rows = 30000;
  const path = file('long.csv', `email,last name\n${Array.from({ length: rows }, (_, i) => `cut${i}@x.example,Row ${i}`).join('\n')}\n`);
  const begun = spawn(join(BUILD, 'baton'), ['contact', 'import', path, '--duplicates', 'create', '--data', d.data], { stdio: 'ignore' });
  const ended = new Promise((resolve) => begun.on('close', resolve));
  const status = async () => (await d.call('ContactListService/ListImports', {})).imports.find((i) => i.source === 'long.csv');
  await until('some rows are there', async () => Number((await status())?.created ?? 0) > 1000);
  begun.kill('SIGKILL');
  await ended;
  const half = Number((await status()).created);
  assert.ok(half < rows, `${half} rows were there when it was cut off`);
  const sum = bring_in(path, '--duplicates', 'create');
  assert.deepEqual([sum.created, sum.again], [rows, true]);
  const found = (await d.list('contact')).filter((c) => c.email?.startsWith('cut'));
  assert.equal(found.length, rows);
  assert.equal(new Set(found.map((c) => c.email)).size, rows);
  const undone = d.tool('import', 'undo', sum.importId, '--json');
  assert.deepEqual(JSON.parse(undone.out), { deleted: rows, restored: 0, gone: 0, kept: 0 });
  d.verify();
});

test('a card over HTTP, in either version, for whoever may see it', async () => {
  const ada = await by_email('ada@x.example');
  const card = await vcf(d, ada.id);
  assert.equal(card.status, 200);
  assert.equal(card.type, 'text/vcard');
  assert.match(card.text, /^BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada /);
  assert.match(card.text, /\r\nORG:Engines GmbH\r\n/);
  assert.match((await vcf(d, ada.id, d.token, '?version=3')).text, /VERSION:3.0\r\n/);
  assert.equal((await vcf(d, 'nobody')).status, 404);
  assert.equal((await vcf(d, '0190a8e2-1111-7000-8000-000000000001')).status, 404);
  assert.equal((await vcf(d, ada.id, null)).status, 401);
  const partner = await d.user('Part Ner', 'partner');
  assert.equal((await vcf(d, ada.id, partner.token)).status, 404);
  const [account] = await d.list('account');
  const of_account = await exchange(`${d.url}/v1/accounts/${account.id}.vcf`, { headers: { authorization: `Bearer ${d.token}` } });
  assert.match(of_account.text, /KIND:org\r\n/);
});

const cards = { skip: needs('vcards', 'ezvcard') };
test('cards of ten vendors are read or refused with a reason, and come back', cards, async () => {
  const names = ['io/text', 'issue', 'io/json', 'io/xml'].flatMap((f) => readdirSync(data_file('vcards', 'ezvcard', f)).map((n) => join(f, n)));
  for (const name of names) {
    const content = readFileSync(data_file('vcards', 'ezvcard', name));
    const path = file(name.replaceAll('/', '-'), content);
    if (!name.endsWith('.vcf')) {
      const done = d.tool('contact', 'import', path);
      assert.equal(done.status, 4, done.all);
      assert.match(done.err, /neither vCards nor CSV nor JSON lines/);
      continue;
    }
    const sum = bring_in(path, '--duplicates', 'create');
    assert.equal(sum.rejected, 0, name);
    assert.equal(sum.created, content.toString('latin1').match(/^BEGIN:VCARD/gim).length, name);
  }
  for (const format of ['vcard4', 'vcard3']) {
    const path = export_to(`${format}.vcf`, format);
    const sum = bring_in(path, '--duplicates', 'update');
    assert.equal(sum.unchanged, sum.rows, JSON.stringify(sum));
    const reader = 'import sys, vobject\nprint(sum(1 for c in vobject.readComponents(open(sys.argv[1], newline="").read()) if c.fn.value))';
    const read = spawnSync('/usr/bin/python3', ['-c', reader, path], { encoding: 'utf8' });
    assert.equal(read.stdout.trim(), String(sum.rows), read.stderr);
  }
});

const naughty = { skip: needs('names', 'blns.json') };
test('naughty strings come back unchanged through CSV, JSON lines and vCards', naughty, async () => {
  const strings = [...new Set(JSON.parse(readFileSync(data_file('names', 'blns.json'), 'utf8')))]
    .concat(["'=1", "''@x", '\t=2', '=cmd|x', '-1+1', '+1', '@a', "'", 'a\nb', ' both ends '])
    .filter((s) => s && Buffer.byteLength(s) <= 200 && !s.includes('\0'));
  const fields = (s) => ({ lastName: s, firstName: s, title: s, department: s, mailingAddress: { street: s, city: s } });
  const path = file('naughty.jsonl', strings.map((s, i) => JSON.stringify({ email: `naughty${i}@x.example`, ...fields(s) })).join('\n'));
  const sum = bring_in(path, '--duplicates', 'create');
  assert.equal(sum.created, strings.length, JSON.stringify(sum));
  const where = ['--where', `import_id=${sum.importId}`];
  const check = async (from, why) => {
    const found = new Map((await from.list('contact')).map((c) => [c.email, c]));
    strings.forEach((s, i) => {
      const { lastName, firstName, title, department, mailingAddress } = found.get(`naughty${i}@x.example`);
      assert.deepEqual({ lastName, firstName, title, department, mailingAddress: { street: mailingAddress.street, city: mailingAddress.city } }, fields(s), why);
    });
  };
  await check(d, 'as they came');
  for (const [format, name] of [['csv', 'n.csv'], ['jsonl', 'n.jsonl'], ['vcard4', 'n4.vcf'], ['vcard3', 'n3.vcf']]) {
    const out = export_to(name, format, ...where);
    if (format === 'csv') {
      const text = readFileSync(out, 'utf8');
      assert.ok(!/(^|,)"[=+@\t-]/m.test(text), 'no cell is a formula');
      assert.match(text, /"'=cmd\|x"/);
    }
    const there = bring_in(out, other);
    assert.equal(there.created, strings.length, `${format}: ${JSON.stringify(there)}`);
    await check(other, format);
    assert.equal(JSON.parse(other.tool('import', 'undo', there.importId, '--json').out).kept, 0);
  }
});

const text = 'first name,last name,email\nJürg,Müller,EMAIL\nZoë,"Quoted, ""Inc.""",2EMAIL\n';
const utf16 = (s) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(s, 'utf16le')]);
const forms = [
  ['bom', (s) => Buffer.from(`\ufeff${s}`)],
  ['utf16', utf16],
  ['latin1', (s) => Buffer.from(s, 'latin1')],
  ['latin1-named', (s) => Buffer.from(s, 'latin1'), '--encoding', 'ISO-8859-1'],
  ['semicolons', (s) => Buffer.from(s.replace(/,(?! )/g, ';'))],
  ['tabs', (s) => Buffer.from(s.replace(/,(?! )/g, '\t'))],
  ['crlf', (s) => Buffer.from(s.replaceAll('\n', '\r\n'))],
];
for (const [name, encode, ...options] of forms)
  test(`a file as it comes: ${name}`, async () => {
    const sum = bring_in(file(`${name}.csv`, encode(text.replaceAll('EMAIL', `${name}@form.example`))), ...options);
    assert.equal(sum.created, 2, JSON.stringify(sum));
    const found = (await d.list('contact')).filter((c) => c.email?.endsWith(`${name}@form.example`));
    assert.deepEqual(found.map((c) => c.lastName).sort(), ['Müller', 'Quoted, "Inc."']);
  });

test('Big5 is read with --encoding', async () => {
  const big5 = spawnSync('iconv', ['-f', 'UTF-8', '-t', 'BIG5'], { input: '姓名,電子郵件,公司\n陳小明,big5@form.example,台北公司\n' }).stdout;
  assert.equal(bring_in(file('big5.csv', big5), '--encoding', 'Big5').created, 1);
  const found = await by_email('big5@form.example');
  assert.equal(found.lastName, '陳小明');
  const wrong = d.tool('contact', 'import', file('big5b.csv', big5), '--encoding', 'nonsense');
  assert.equal(wrong.status, 4);
  assert.match(wrong.err, /the character set "nonsense" is not known/);
});

test('a row of 1 MB, a file that ends in a quote, and a card with a photo of 10 MB cost only themselves', async () => {
  const huge = bring_in(file('huge.csv', `email,last name\nh1@form.example,${'x'.repeat(1 << 20)}\nh2@form.example,Two\n`));
  assert.deepEqual([huge.created, huge.rejected], [1, 1]);
  assert.match(readFileSync(join(folder, 'huge.csv.rejects.csv'), 'utf8').slice(-200), /last_name: longer than 200 bytes/);
  const open = bring_in(file('open.csv', 'email,last name\no1@form.example,One\no2@form.example,"Two\n'));
  assert.deepEqual([open.created, open.rejected], [1, 1]);
  const photo = Buffer.alloc(10 << 20, 7).toString('base64').replace(/.{74}/g, '$&\r\n ');
  const path = file('photo.vcf', `BEGIN:VCARD\r\nVERSION:3.0\r\nN:Big;Photo\r\nPHOTO;ENCODING=b;TYPE=JPEG:${photo}\r\nEMAIL:photo@form.example\r\nEND:VCARD\r\n`);
  const sum = bring_in(path);
  assert.deepEqual([sum.created, sum.remarked], [1, 1]);
  assert.match(readFileSync(`${path}.remarks.vcf`, 'latin1').slice(0, 300), /X-BATON-REASON:PHOTO is larger than/);
  assert.ok(!existsSync(`${path}.rejects.vcf`), 'it was taken');
});

test('national numbers are known again where the list says whose they are', async () => {
  const list = (n) => file(`numbers${n}.csv`, `last name,phone,note\nNumber,030 7654321,${n}\n`);
  assert.equal(bring_in(list(1), '--country', 'Germany').created, 1);
  const again = bring_in(list(2), '--country', 'DE');
  assert.deepEqual([again.skipped, again.byPhone], [1, 1]);
});

test('an export is written down: what, in which form, how many', async () => {
  export_to('written.vcf', 'vcard3', '--where', 'owner_id=0190a8e2-1111-7000-8000-000000000001');
  const tail = spawn(join(BUILD, 'baton'), ['tail', '--from-start', '--json', '--data', d.data]);
  const written = /"recordsExported":\{"type":"contact","format":"EXPORT_FORMAT_VCARD3","whereField":"owner_id"/;
  let rest = '', found = false; // it is the last of many millions of bytes
  tail.stdout.on('data', (piece) => {
    found ||= written.test((rest += piece));
    rest = rest.slice(-1000);
  });
  try {
    await until('the export is in the log', () => found, 60000);
  } finally {
    tail.kill('SIGINT');
  }
});

test('mapping by hand; what there is no column or field for is said', () => {
  const path = file('map.csv', 'Wer,Adresse mail\nGrace Hopper,grace@form.example\n');
  const done = d.tool('contact', 'import', path, '--map', 'Wer=name', '--map', 'Adresse mail=email');
  assert.equal(done.status, 0, done.all);
  assert.match(done.out, /1 new/);
  assert.equal(d.tool('contact', 'import', path, '--map', 'Wen=name').status, 2);
  assert.equal(d.tool('contact', 'import', path, '--map', 'Wer=nonsense').status, 2);
  assert.equal(d.tool('contact', 'import', path, '--duplicates', 'maybe').status, 2);
  assert.equal(d.tool('contact', 'import', join(folder, 'nothing.csv')).status, 4);
});

test('accounts: in, known by their key, telephone or name, and out', async () => {
  const path = file('accounts.csv', '公司名稱,電話,國家,客戶編號,產業,員工數\n台積,03-5636688,Taiwan,T1,Chips,70000\nAcme,,,,,\n');
  const done = d.tool('account', 'import', path, '--json', '--map', '客戶編號=external_id');
  const sum = JSON.parse(done.out);
  assert.deepEqual([sum.created, sum.rejected], [2, 0], done.all);
  const again = JSON.parse(d.tool('account', 'import', file('accounts2.csv', 'name,phone,id\nTSMC,+886 3 5636688,\nACME,,\nX,,T1\n'), '--json').out);
  assert.deepEqual([again.skipped, again.byPhone, again.byName, again.byExternalId], [3, 1, 1, 1], JSON.stringify(again));
  const out = d.tool('account', 'export', '--format', 'jsonl');
  assert.ok(out.out.split('\n').some((l) => l.includes('"numberOfEmployees":"70000"')), out.out);
  assert.match(d.tool('account', 'export').out, /"台積"/);
});

test('a hundred thousand rows', async () => {
  const n = 100000;
  const row = (i) => `First ${i},Last ${i},many${i % 10 === 9 ? i - 5 : i}@many.example,+49 30 ${1000000 + i}`;
  const path = file('many.csv', `first name,last name,email,phone\n${Array.from({ length: n }, (_, i) => row(i)).join('\n')}\n`);
  const seen = bring_in(path, '--preview');
  assert.deepEqual([seen.created, seen.skipped], [n - n / 10, n / 10], 'a preview sees the duplicates within the list');
  const begin = Date.now();
  const sum = bring_in(path);
  const seconds = (Date.now() - begin) / 1000;
  assert.deepEqual([sum.created, sum.skipped], [n - n / 10, n / 10]);
  console.log(`# ${Math.round(n / seconds)} rows a second`);
  const out = export_to('many-out.csv', 'csv', '--where', `import_id=${sum.importId}`);
  assert.equal(readFileSync(out, 'utf8').split('\r\n').length, n - n / 10 + 2);
  assert.ok(!existsSync(`${path}.rejects.csv`));
});

// Letters to a real mail server: signing in, encryption, and everything such a server can say.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { refused, request_id, shared, until } from './lib.mjs';
import { MailServer } from './smtp.mjs';

const folder = mkdtempSync(join(tmpdir(), 'baton-mail-'));
const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
  '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate]);
process.env.SSL_CERT_FILE = certificate; // whom Baton trusts: this one alone

const d = shared(set_up, ['--private-network']);
const plain = new MailServer();
const closed = new MailServer();
let account, rep;

const deliveries = (ids) => d.call('NotificationService/ListDeliveries', { ids }).then((r) => r.deliveries ?? []);
const set = (fields) =>
  d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { mailAccount: { id: account.id, ...fields } } });

/** What became of one try to write to a user. */
async function tried(user) {
  const begin = () => d.call('NotificationService/TestDelivery', { requestId: request_id(), userId: user.id });
  const { deliveryIds } = await until('notifications knows them', () => begin().catch((e) => assert.equal(e.code, 'not_found')));
  assert.equal(deliveryIds?.length, 1);
  return ended(deliveryIds[0]);
}

const ended = (id) =>
  until(`delivery ${id} has ended`, async () => (await deliveries([id])).find((x) => x.endedAt), 20000);

const person = (name) =>
  d.create('user', { email: `${name}@staff.example`, name: `Frau ${name} 王`, role: 'ROLE_REP' });

async function set_up() {
  await plain.start();
  await closed.start('--tls', certificate, key, '--password', 'baton', 'open sesame');
  account = await d.create('mailAccount', {
    name: 'office',
    server: `smtp://localhost:${plain.port}`,
    fromAddress: 'baton@hq.example',
    fromName: 'Baton, 總部',
    enabled: true,
  });
  rep = await d.user('Rep', 'rep');
  await d.route_to([rep]);
  // The rule of two minutes runs while everything else is tested.
  rep.lead = (await d.capture({ lastName: 'Lovelace', company: '台積電', email: 'ada@buyer.example' })).lead;
}

after(() => {
  plain.stop();
  closed.stop();
  rmSync(folder, { recursive: true });
});

test('an account says what is wrong with it', async () => {
  for (const server of ['mail.example', 'http://mail.example', 'smtp://', 'smtp://a@b.example', 'smtp://b.example/x'])
    assert.equal((await refused('invalid_argument', set({ server }))).field, 'mail_account.server');
  assert.equal((await refused('invalid_argument', set({ fromAddress: 'nobody' }))).field, 'mail_account.from_address');
  await refused('not_found', d.call('NotificationService/SetMailPassword', { mailAccountId: rep.id, password: 'x' }));
});

test('a letter arrives as it was meant', async () => {
  const user = await person('anna');
  const done = await tried(user);
  assert.equal(done.state, 'DELIVERY_STATE_DELIVERED', JSON.stringify(done));
  assert.equal(done.attempts, 1);
  const [{ letter, sender }] = plain.letters('anna@staff.example');
  const read = spawnSync('/usr/bin/python3', ['-c', `
import email, email.policy, json, sys
m = email.message_from_string(sys.stdin.read(), policy=email.policy.default)
print(json.dumps([str(m[h]) for h in ('From', 'To', 'Subject', 'Message-ID')] + [m.defects == [], m.get_content()]))`],
  { input: letter, encoding: 'utf8' });
  const [from, to, subject, id, sound, text] = JSON.parse(read.stdout);
  assert.equal(sender, 'baton@hq.example');
  assert.equal(from, '"Baton, 總部" <baton@hq.example>');
  assert.equal(to, 'Frau anna 王 <anna@staff.example>');
  assert.equal(subject, 'Baton can reach you');
  assert.equal(id, `<${done.id}@hq.example>`);
  assert.ok(sound && text.includes('when you do not look at it'));
  const shown = d.tool('notify', 'test', user.email);
  assert.equal(shown.status, 0, shown.all);
  assert.match(shown.out, /mail +anna@staff\.example +delivered +1|mail +delivered +1/);
});

test('what a server can say', async () => {
  const rows = [
    ['no', 'DELIVERY_STATE_DEAD', 550],
    ['grey', 'DELIVERY_STATE_DEAD', 451],
    ['die', 'DELIVERY_STATE_DEAD', undefined],
    ['slow', 'DELIVERY_STATE_DELIVERED', 250],
  ];
  for (const [name, state, status] of rows) {
    const done = await tried(await person(name));
    assert.equal(done.state, state, JSON.stringify(done));
    assert.equal(done.status, status, name);
    assert.ok(state === 'DELIVERY_STATE_DELIVERED' || done.reason.length > 5);
  }
});

test('the dead are listed and tried again', async () => {
  const list = await d.call('NotificationService/ListDeliveries', { dead: true });
  assert.equal(list.deliveries.length, 3);
  assert.equal(list.dead, '3');
  assert.equal(list.deliveries[0].letter.toAddress, 'die@staff.example', 'newest first');
  const shown = d.tool('notify', 'list', 'dead');
  assert.match(shown.out, /mail +no@staff\.example +dead +1 +the other side said 550/, shown.all);
  assert.match(d.tool('status').out, /to the outside: 0 on the way, 3 given up/);
  const again = await d.call('NotificationService/ReplayDelivery', { requestId: request_id() });
  assert.deepEqual([again.replayed, again.left ?? '0'], [3, '0']);
  for (const { id, letter } of list.deliveries) {
    const done = await until('it was tried', async () => {
      const [x] = await deliveries([id]);
      return x.endedAt && x;
    });
    const wanted = letter.toAddress.startsWith('no@') ? 'DELIVERY_STATE_DEAD' : 'DELIVERY_STATE_DELIVERED';
    assert.equal(done.state, wanted, JSON.stringify(done));
  }
  assert.equal(plain.letters('grey@staff.example').length, 1);
});

test('signing in, and only over an encrypted connection that can be trusted', async () => {
  await set({ server: `smtp://localhost:${closed.port}`, userName: 'baton' });
  const user = await person('berta');
  const wrong = await tried(user);
  assert.equal(wrong.state, 'DELIVERY_STATE_DEAD', JSON.stringify(wrong));
  const body = { requestId: request_id(), mailAccountId: account.id, password: 'open sesame' };
  assert.deepEqual(await d.call('NotificationService/SetMailPassword', body), {});
  const done = await tried(user);
  assert.equal(done.state, 'DELIVERY_STATE_DELIVERED', JSON.stringify(done));
  assert.ok(closed.lines.filter((l) => l.rcpt).every((l) => l.encrypted));
  await set({ server: `smtp://127.0.0.1:${closed.port}` }); // not the name in the certificate
  const stranger = await tried(user);
  assert.equal(stranger.reason, "the host's certificate cannot be trusted");
  assert.equal(closed.letters('berta@staff.example').length, 1);
});

test('nobody is shown the password', async () => {
  const account_text = JSON.stringify(await d.call('RecordService/ListRecords', { type: 'mail_account' }));
  assert.ok(account_text.includes('baton@hq.example'));
  const tail = d.tool('tail', '--from-start', '--json', { timeout: 3000 }).out + d.tool('tail', '--from-start', { timeout: 3000 }).out;
  assert.ok(tail.includes('deliveryAttempted'));
  assert.ok(!account_text.includes('sesame') && !tail.includes('sesame') && !d.output.includes('sesame'));
});

test('an account that is switched off', async () => {
  await set({ enabled: false, server: `smtp://localhost:${plain.port}` });
  await d.call('NotificationService/SetMailPassword', { requestId: request_id(), mailAccountId: account.id });
  const answer = await d.call('NotificationService/TestDelivery', { requestId: request_id(), userId: rep.id });
  assert.equal(answer.deliveryIds, undefined);
  await set({ enabled: true });
});

test('a customer is written what was composed', async () => {
  await d.create('responseTemplate', { name: 'all', subject: 'Danke, 謝謝', body: 'We call you.\n.\nBaton' });
  const lead = { lastName: 'Kunde', email: 'kunde@buyer.example' };
  await d.call('LeadService/CaptureLead', { requestId: request_id(), acknowledge: true, lead });
  const [{ letter, sender }] = await until('the letter', () => {
    const found = plain.letters('kunde@buyer.example');
    return found.length ? found : false;
  });
  assert.equal(sender, 'baton@hq.example');
  const text = Buffer.from(letter.split(/\r?\n\r?\n/)[1], 'base64').toString();
  assert.equal(text, 'We call you.\r\n.\r\nBaton\r\n');
});

test('who has not looked gets a letter after two minutes', async () => {
  const letters = await until('the letter', () => {
    const found = plain.letters('rep@staff.example');
    return found.length ? found : false;
  }, 150000);
  assert.equal(letters.length, 1);
  const list = await d.call('NotificationService/ListDeliveries', {});
  const done = list.deliveries.find((x) => x.leadId === rep.lead.id);
  const { attemptedAt } = await ended(done.id);
  const waited = Date.parse(attemptedAt) - Date.parse(rep.lead.receivedAt);
  assert.ok(waited >= 120000 && waited < 130000, `${waited} ms`);
});

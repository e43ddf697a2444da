// A watched mailbox: every mail becomes a lead, once, whatever happens to the server, the connection or the watcher.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Dovecot, needs_dovecot } from './dovecot.mjs';
import { LONG, data_file, free_port, needs, request_id, shared, until } from './lib.mjs';

const SOON_MS = 20000, AT_ONCE_MS = 3000;
const d = shared();
const letter = (id, { text = 'A price, please.', head = '' } = {}) =>
  `From: Ada Lovelace <${id}@buyer.example>\r\nMessage-ID: <${id}@buyer.example>\r\n${head}Subject: Price\r\n\r\n${text}\r\n`;

async function leads() {
  const found = [];
  let pageToken;
  do {
    const page = await d.call('LeadService/ListLeads', { pageSize: 200, pageToken });
    found.push(...(page.leads ?? []));
    pageToken = page.nextPageToken;
  } while (pageToken);
  return found;
}
const of = async (id) => (await leads()).filter((l) => l.email === `${id}@buyer.example`);
const lead_of = (id, ms = SOON_MS) => until(`a lead from ${id}`, async () => (await of(id))[0], ms);
const state = (name) => JSON.parse(readFileSync(join(d.data, 'mailbox', `${name}.json`), 'utf8'));
const in_state = (name, what, ms = SOON_MS) =>
  until(`${name}: ${what}`, () => {
    try {
      return what(state(name));
    } catch {
      return false; // it is not there yet
    }
  }, ms);
const set = (name, port, args = [], password = server.password) =>
  d.tool('mailbox', 'set', name, '--host', 'localhost', '--port', String(port), '--user', 'sales', ...args, { input: `${password}\n` });
const remove = (name) => d.tool('mailbox', 'remove', name);
const watcher = () => d.processes().mailbox;

const server = new Dovecot();

describe('with a real server', { skip: needs_dovecot }, () => {
  before(() => server.start());
  after(() => server.remove());

  test('two hundred mails wait; the watcher is killed again and again; each is one lead', async () => {
    const run = request_id();
    const ids = Array.from({ length: 200 }, (_, i) => `w${i}-${run}`);
    for (const id of ids) server.deliver(letter(id));
    const done = set('sales', server.port, ['--security', 'none']);
    assert.equal(done.status, 0, done.all);
    for (const part of [20, 60, 110, 160]) {
      await in_state('sales', (s) => (s.lastUid ?? 0) >= part);
      process.kill(watcher(), 'SIGKILL');
    }
    await in_state('sales', (s) => s.lastUid >= 200);
    const mine = (await leads()).filter((l) => l.email?.includes(run));
    assert.equal(mine.length, 200);
    assert.equal(new Set(mine.map((l) => l.email)).size, 200);
    assert.ok(mine.every((l) => l.ownerId));
  });

  test('a new mail is told of at once', async () => {
    const id = request_id();
    await in_state('sales', (s) => s.state === 'connected');
    server.deliver(letter(id));
    await lead_of(id, AT_ONCE_MS);
  });

  test('the same mail twice is one lead', async () => {
    const id = request_id(), before_uid = state('sales').lastUid;
    server.deliver(letter(id));
    server.deliver(letter(id));
    await in_state('sales', (s) => s.lastUid >= before_uid + 2);
    assert.equal((await of(id)).length, 1);
  });

  test('bounces and automatic replies are kept as rejected, with the reason', async () => {
    const id = request_id();
    server.deliver(`Return-Path: <>\r\n${letter(`b${id}`)}`);
    server.deliver(letter(`a${id}`, { head: 'Auto-Submitted: auto-replied\r\n' }));
    assert.equal((await lead_of(`b${id}`)).status, 'LEAD_STATUS_REJECTED');
    assert.match((await lead_of(`a${id}`)).statusReason, /automatic reply/);
  });

  test('of a mail of 30 MiB the beginning is taken in; it is reported and keeps nobody waiting', async () => {
    const id = request_id();
    server.deliver(letter(`large-${id}`, { text: `${'x'.repeat(77)}\r\n`.repeat(400000) }));
    server.deliver(letter(`next-${id}`));
    await lead_of(`large-${id}`);
    await lead_of(`next-${id}`);
    assert.match(state('sales').lastError, /has 3\d+ bytes; the first 786432 were taken in/);
  });

  test('an empty mail is passed over', async () => {
    const id = request_id();
    server.deliver('\n');
    server.deliver(letter(id));
    await lead_of(id);
  });

  test('the server is restarted', async () => {
    const id = request_id();
    await server.stop();
    await in_state('sales', (s) => s.state !== 'connected');
    await server.start();
    server.deliver(letter(id));
    await lead_of(id, 60000);
  });

  test('the leads service is killed while mails come', async () => {
    const run = request_id();
    for (let i = 0; i < 20; i++) {
      server.deliver(letter(`k${i}-${run}`));
      if (i === 10) process.kill(d.processes().leads, 'SIGKILL');
    }
    await until('twenty leads', async () => (await leads().catch(() => [])).filter((l) => l.email?.includes(run)).length === 20, 60000);
  });

  test('baton status shows it; the password is nowhere but in its file', () => {
    const shown = d.tool('status');
    assert.match(shown.out, /sales .*localhost .*INBOX .*connected/);
    assert.ok(!d.tool('mailbox', 'list', '--json').all.includes('good'));
    assert.ok(!d.output.includes(server.password));
    assert.equal(statSync(join(d.data, 'mailboxes.json')).mode & 0o777, 0o600);
  });

  test('moved away when taken in, over TLS, with a product', async () => {
    const id = request_id();
    server.adm(['mailbox', 'create', '-u', 'sales', 'Web']);
    server.deliver(letter(id), 'Web');
    set('web', server.tls_port, ['--ca-file', server.ca, '--folder', 'Web', '--move-to', 'Done', '--product', 'pumps']);
    assert.equal((await lead_of(id)).productInterest, 'pumps');
    await until('moved', () => server.count('mailbox', 'Done', 'all') === 1 && server.count('mailbox', 'Web', 'all') === 0);
    assert.equal(state('web').lastError, undefined);
    remove('web');
  });

  test('marked as seen, by STARTTLS; then the folder is numbered anew', async () => {
    const first = request_id(), second = request_id();
    server.adm(['mailbox', 'create', '-u', 'sales', 'Anew']);
    server.deliver(letter(first), 'Anew');
    set('anew', server.port, ['--security', 'starttls', '--ca-file', server.ca, '--folder', 'Anew', '--after', 'seen']);
    await lead_of(first);
    await until('seen', () => server.count('mailbox', 'Anew', 'seen') === 1);
    const validity = state('anew').uidValidity;
    await server.renumber('Anew', () => server.deliver(letter(second), 'Anew'));
    await lead_of(second, 60000);
    await in_state('anew', (s) => s.uidValidity !== validity && s.lastUid >= 2 && s.repeated >= 1);
    assert.equal((await of(first)).length, 1);
    remove('anew');
  });

  test('baton mailbox test says what is wrong, and what is there', () => {
    const says = (port, args, password) => {
      set('probe', port, args, password);
      const { all, status } = d.tool('mailbox', 'test', 'probe');
      return `${status} ${all}`;
    };
    assert.match(says(server.tls_port, ['--ca-file', server.ca]), /^0 localhost takes sales and the password.\nINBOX has \d+ mails.\n.*IDLE/);
    assert.match(says(server.tls_port, ['--ca-file', server.ca], 'wrong'), /does not take this user and password/);
    assert.match(says(server.tls_port, []), /certificate cannot be trusted/);
    assert.match(says(server.port, []), /does not speak TLS there/);
    assert.match(says(1, []), /nobody answers at that address and port/);
    assert.match(says(server.port, ['--security', 'none', '--folder', 'Nowhere']), /the server says: .*doesn't exist/);
    remove('probe');
  });

  test('after an older backup is restored, what came since is taken in again', async () => {
    const id = request_id(), folder = join(server.dir, 'backup');
    assert.equal(d.tool('backup', folder).status, 0);
    server.deliver(letter(id));
    await lead_of(id);
    await d.stop();
    const restored = d.tool('restore', folder, '--replace');
    assert.equal(restored.status, 0, restored.all);
    await d.up();
    await lead_of(id, 60000);
  });

  test('real mails are all taken in', { skip: needs('emails') }, async () => {
    const names = readdirSync(data_file('emails'), { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile() && e.name.endsWith('.eml'));
    server.adm(['mailbox', 'create', '-u', 'sales', 'Real']);
    for (const e of names) server.deliver(readFileSync(`${e.parentPath ?? e.path}/${e.name}`), 'Real');
    set('real', server.port, ['--security', 'none', '--folder', 'Real']);
    await in_state('real', (s) => s.lastUid >= names.length, 60000);
    const { taken, repeated, passedOver } = state('real');
    assert.equal(Number(taken ?? 0) + Number(repeated ?? 0), names.length);
    assert.equal(passedOver, undefined);
    remove('real');
  });

  test('without TLS only on this machine; nonsense is refused', () => {
    const far = d.tool('mailbox', 'set', 'far', '--host', 'mail.example', '--user', 'u', '--security', 'none', { input: 'p\n' });
    assert.equal(far.status, 1);
    assert.match(far.err, /in the clear; that is allowed only on this machine/);
    assert.match(d.tool('mailbox', 'set', '../x', '--host', 'h', '--user', 'u', { input: 'p\n' }).err, /letters, digits/);
    assert.match(d.tool('mailbox', 'set', 'x', '--host', 'h', '--user', 'u', { input: '\n' }).err, /password/);
    assert.match(d.tool('mailbox', 'set', 'x', '--host', 'h/..@x', '--user', 'u', { input: 'p\n' }).err, /not the name or address/);
  });
});

// A server that signs anybody in and then does its worst.
const usual = (line) => {
  if (line.includes('CAPABILITY')) return '* CAPABILITY IMAP4rev1\r\n';
  if (line.includes('EXAMINE')) return '* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n';
  return line.endsWith(' 1:* (UID)') ? '* 1 FETCH (UID 1)\r\n' : '';
};
const bad_servers = {
  'never answers': () => '',
  'sends 10 GB in a literal': (c) => (c.includes('BODY') ? '* 1 FETCH (UID 1 BODY[]<0> {10737418240}\r\n' : undefined),
  'sends a literal without end': (c) => (c.includes('BODY') ? '* 1 FETCH (UID 1 BODY[]<0> {786433}\r\n' : undefined),
  'sends a line without end': (c, socket) => (c.includes('UID FETCH') ? flood(socket, 'x') : undefined),
  'sends lines without end': (c, socket) => (c.includes('UID FETCH') ? flood(socket, '* 1 EXISTS\r\n') : undefined),
  'says there is one mail, always another': (c) => (/FETCH \d+:\* \(UID\)/.test(c) ? '* 1 EXISTS\r\n* 1 FETCH (UID 1)\r\n' : undefined),
};
function flood(socket, text) {
  const chunk = text.repeat(4096);
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
  return '';
}
async function bad_server(answer) {
  const port = await free_port(), asked = [];
  const bad = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('* OK ready\r\n');
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n').filter(Boolean)) {
        asked.push(line);
        const [tag] = line.split(' ');
        const special = asked.some((l) => l.includes('EXAMINE')) ? answer(line, socket) : undefined;
        if (special === '') return;
        if (special?.includes('{')) return void socket.write(special + 'x'.repeat(100000));
        socket.write(`${special ?? usual(line)}${tag} OK done\r\n`);
      }
    });
  }).listen(port, '127.0.0.1');
  return { port, asked, close: () => bad.close() };
}
const resident = (pid) => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);

describe('with a bad server', () => {
  for (const [what, answer] of Object.entries(bad_servers)) {
    test(`that ${what}`, { skip: what === 'never answers' && !LONG ? 'takes a minute' : false }, async () => {
      const bad = await bad_server(answer);
      const name = `bad-${bad.port}`;
      set(name, bad.port, ['--security', 'none'], 'p');
      await in_state(name, (s) => (what.startsWith('says') ? s.state === 'connected' : s.lastError), 90000);
      await until('asked', () => bad.asked.length >= 5);
      if (!what.startsWith('says')) assert.match(state(name).lastError, /more than|does not end|without an end|in time|hung up/);
      if (what.includes('literal')) await in_state(name, (s) => s.passedOver === '1', 60000);
      assert.ok(resident(watcher()) < 40000, `${resident(watcher())} KiB`);
      remove(name);
      bad.close();
    });
  }
});

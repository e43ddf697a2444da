// `baton up`: starting, set-up, being killed in parts, being started twice, stopping.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUILD, Deployment, SERVICES, refused, request_id, shared, until } from './lib.mjs';

const d = shared();

const alive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('it says where it is and how to set it up', async () => {
  await until('it says that it is ready', () => d.output.includes(`Baton is ready: ${d.url}`));
  await until('it gives the link', () => d.output.includes(d.read('setup.token')));
  assert.deepEqual(Object.keys(d.processes()).sort(), [...SERVICES, 'gateway'].sort());
});

test('what opens doors is for its owner only', () => {
  const mode = (name) => statSync(join(d.data, name)).mode & 0o777;
  assert.equal(mode('admin.token'), 0o600);
  assert.equal(mode('setup.token'), 0o600);
  assert.equal(mode('.'), 0o700);
});

test('health, readiness, metrics and the schema need no key', async () => {
  for (const [path, type] of [
    ['/healthz', /./],
    ['/readyz', /./],
    ['/metrics', /^text\/plain/],
    ['/schema.binpb', /protobuf|octet-stream/],
  ]) {
    const response = await fetch(d.url + path);
    const body = Buffer.from(await response.arrayBuffer());
    assert.equal(response.status, 200, path);
    assert.match(response.headers.get('content-type') ?? '', type, path);
    assert.ok(body.length > 0, path);
  }
});

test('the set-up link works once', async () => {
  const body = {
    token: d.read('setup.token'),
    email: 'chief@hq.example',
    name: 'Chief',
    password: 'correct horse battery',
    organisationName: 'HQ',
    timeZone: 'Europe/Berlin',
  };
  const nobody = { token: null };
  await refused('unauthenticated', d.call('DirectoryService/CompleteSetup', { ...body, token: 'a'.repeat(64) }, nobody));
  await refused('invalid_argument', d.call('DirectoryService/CompleteSetup', { ...body, password: 'short' }, nobody));
  await refused('invalid_argument', d.call('DirectoryService/CompleteSetup', { ...body, timeZone: 'Mars/X' }, nobody));
  const { sessionToken, user } = await d.call('DirectoryService/CompleteSetup', body, nobody);
  assert.equal(user.email, 'chief@hq.example');
  const me = await d.call('DirectoryService/GetMe', {}, { token: sessionToken });
  assert.equal(me.organisation.name, 'HQ');
  const again = await d.ask('DirectoryService/CompleteSetup', body, nobody);
  assert.ok([400, 401].includes(again.status), `the second time: ${again.status} ${again.text}`);
});

test('a second start on the same folder ends with a message, and the first keeps its traffic', async () => {
  const before = d.processes();
  const second = spawnSync(join(BUILD, 'baton'), ['up', '--data', d.data, '--port', '0'], {
    encoding: 'utf8',
    timeout: 30000,
  });
  assert.equal(second.signal, null, 'it ends by itself');
  assert.notEqual(second.status, 0);
  assert.match(second.stderr, /already/);
  for (const name of [...SERVICES, 'gateway']) {
    const one = spawnSync(join(BUILD, `baton-${name}`), ['--data', d.data], { encoding: 'utf8', timeout: 30000 });
    assert.equal(one.signal, null, `a second ${name} ends by itself`);
    assert.notEqual(one.status, 0, name);
    assert.ok(one.stderr.length > 0, `a second ${name} says why`);
  }
  assert.deepEqual(d.processes(), before);
  const { lead } = await d.capture({ email: 'still@buyer.example' });
  assert.ok(lead.ownerId);
});

test('a service that is killed is started again where it was, and it says so', async () => {
  for (const name of [...SERVICES, 'gateway']) {
    const pid = d.processes()[name];
    process.kill(pid, 'SIGKILL');
    await until(`${name} runs again`, () => (d.processes()[name] ?? pid) !== pid);
    await until(`${name} is said to have died`, () => new RegExp(`${name} died \\(signal 9`).test(d.output));
  }
  await d.ready();
  const { lead } = await d.capture({ email: 'again@buyer.example' });
  assert.ok(lead.ownerId);
});

test('the operator sees every service', () => {
  const { status, out } = d.tool('status');
  assert.equal(status, 0);
  for (const name of SERVICES) assert.match(out, new RegExp(`${name}.*ready`));
  const json = d.tool('status', '--json');
  assert.doesNotThrow(() => json.out.trim().split('\n').map(JSON.parse), json.out);
});

test('the operator captures a lead and has it explained', () => {
  const captured = d.tool('lead', 'capture', '--email', 'tool@buyer.example', '--company', 'Tool & Co', '--json');
  assert.equal(captured.status, 0, captured.all);
  const id = captured.out.match(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f-]{17}/)?.[0];
  assert.ok(id, captured.out);
  const explained = d.tool('lead', 'explain', id);
  assert.equal(explained.status, 0, explained.all);
  assert.ok(explained.out.length > 0);
  assert.equal(d.tool('lead', 'explain', request_id()).status, 1, 'an unknown lead is refused');
  assert.equal(d.tool('lead', 'capture', '--no-such-option', 'x').status, 2, 'a wrong command line');
});

test('Ctrl-C ends every process and gives 0; a restart finds everything', async () => {
  const { custody } = await d.call('LeadService/GetCustody', {});
  const pids = Object.values(d.processes());
  await d.stop();
  assert.ok(!pids.some(alive), 'no process is left');
  assert.equal(d.tool('status').status, 3, 'nobody answers');
  d.verify();
  await d.up();
  assert.deepEqual((await d.call('LeadService/GetCustody', {})).custody, custody);
});

test('a folder that cannot be used is said to be, with a status of its own', async () => {
  const elsewhere = new Deployment('/dev/null/nowhere');
  const done = spawnSync(join(BUILD, 'baton'), ['up', '--data', elsewhere.data, '--port', '0'], {
    encoding: 'utf8',
    timeout: 30000,
  });
  assert.equal(done.status, 4, done.stderr);
  assert.match(done.stderr, /cannot/);
});

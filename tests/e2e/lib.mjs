// A whole Baton in a folder of its own, and clients of it: what every end-to-end test starts from.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const BUILD = process.env.BATON_BUILD ?? join(ROOT, 'build');
export const DATA = process.env.BATON_TEST_DATA ?? join(ROOT, '..', 'shared', 'data');
export const LONG = process.env.BATON_TEST_LONG === '1';
export const SERVICES = ['directory', 'contacts', 'leads', 'opportunities', 'documents', 'notifications'];
const READY_MS = 60000, STOP_MS = 30000, PATIENCE_MS = 30000, POLL_MS = 10;

export const data_file = (...path) => join(DATA, ...path);
/** For `{ skip: ... }`: false, or why not. */
export const needs = (...path) => (existsSync(data_file(...path)) ? false : `${data_file(...path)} is not here`);

/** Asks again and again until `ask` gives something true, and returns that. */
export async function until(what, ask, ms = PATIENCE_MS) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await ask();
    if (found) return found;
    if (Date.now() > end) throw new Error(`after ${ms} ms still not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A port that nobody listens on just now; it stays the same when the gateway is started again. */
export function free_port() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** What Baton refused: `code` in Connect's words, the HTTP status, the field it concerns. */
export class Refused extends Error {
  constructor(answer) {
    const error = answer.json ?? {};
    super(`${answer.status} ${error.code ?? ''}: ${error.message ?? answer.text.slice(0, 200)}`);
    this.status = answer.status;
    this.code = error.code;
    this.field = error.details?.[0]?.debug?.field;
    this.said = error.message;
  }
}

/** Expects a refusal with this code and returns it. */
export async function refused(code, promise) {
  try {
    await promise;
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    assert.equal(e.code, code, e.message);
    return e;
  }
  assert.fail(`this was not refused with ${code}`);
}

/** One HTTP exchange, whatever its outcome. */
export async function exchange(url, init = {}) {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const bytes = Buffer.from(await response.arrayBuffer());
  const answer = { status: response.status, headers: response.headers, bytes, text: bytes.toString('utf8') };
  answer.type = (response.headers.get('content-type') ?? '').split(';')[0];
  try {
    answer.json = JSON.parse(answer.text);
  } catch {
    answer.json = undefined;
  }
  return answer;
}

const sanitizer_words = /(ERROR: AddressSanitizer|ERROR: LeakSanitizer|runtime error:|Assertion .* failed)/;

export class Deployment {
  constructor(data) {
    this.data = data;
    this.output = '';
  }

  read(name) {
    return readFileSync(join(this.data, name), 'utf8').trim();
  }

  // --- its processes ---

  /** `baton up` on a port the system chooses, which stays the same when the gateway is started again. */
  async up(args = []) {
    this.child = spawn(join(BUILD, 'baton'), ['up', '--data', this.data, '--port', '0', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, BATON_DATA: '', NO_COLOR: '1' },
    });
    this.child.stdout.on('data', (d) => (this.output += d));
    this.child.stderr.on('data', (d) => (this.output += d));
    this.ended = new Promise((resolve) => this.child.on('close', (code, signal) => resolve({ code, signal })));
    try {
      await this.ready();
    } catch (e) {
      this.child.kill('SIGKILL');
      throw new Error(`${e.message}\n--- baton up said ---\n${this.output}`);
    }
    this.token = this.read('admin.token');
    return this;
  }

  /** Waits until every service answers. */
  async ready() {
    await until(
      'ready',
      async () => {
        if (this.child.exitCode !== null) throw new Error(`baton up ended with ${this.child.exitCode}`);
        if (!existsSync(join(this.data, 'gateway.url'))) return false;
        this.url = this.read('gateway.url');
        return (await exchange(`${this.url}/readyz`).catch(() => ({}))).status === 200;
      },
      READY_MS,
    );
  }

  /** Ends it as Ctrl-C does, and sees to it that it ended well. */
  async stop() {
    if (!this.child) return;
    this.child.kill('SIGINT');
    const late = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    const { code, signal } = await this.ended;
    clearTimeout(late);
    this.child = undefined;
    const found = this.output.match(sanitizer_words);
    assert.ok(!found, `something was found:\n${this.output}`);
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, `baton up did not end well:\n${this.output}`);
  }

  remove() {
    if (!process.env.BATON_TEST_KEEP) rmSync(this.data, { recursive: true, force: true });
  }

  /** Name -> process id of what `baton up` runs. */
  processes() {
    const found = {};
    for (const pid of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
      try {
        const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) . /s, '').split(' ')[0]);
        const name = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0].match(/baton-(\w+)$/)?.[1];
        if (parent === this.child.pid && name) found[name] = Number(pid);
      } catch {
        // it has just ended
      }
    }
    return found;
  }

  /** Runs the operator's tool on this deployment. */
  tool(...args) {
    const input = typeof args.at(-1) === 'object' ? args.pop() : {};
    const done = spawnSync(join(BUILD, 'baton'), [...args, '--data', this.data], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      timeout: 300000,
      env: { ...process.env, NO_COLOR: '1' },
      ...input,
    });
    return { status: done.status, out: done.stdout, err: done.stderr, all: done.stdout + done.stderr };
  }

  verify() {
    const { status, all } = this.tool('verify');
    assert.equal(status, 0, `baton verify:\n${all}`);
    return all;
  }

  // --- calls ---

  /** A Connect call as it goes over the wire. A token or a header that is null is not sent. */
  ask(method, body = {}, { token = this.token, headers = {}, get = false, raw = false, timeout_ms } = {}) {
    const url = `${this.url}/baton.v1.${method}`;
    const head = { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers };
    if (timeout_ms) head['connect-timeout-ms'] = String(timeout_ms);
    if (get) {
      const query = new URLSearchParams({ connect: 'v1', encoding: 'json', message: JSON.stringify(body) });
      return exchange(`${url}?${query}`, { headers: head });
    }
    for (const [name, value] of [['content-type', 'application/json'], ['connect-protocol-version', '1']])
      if (head[name] === undefined) head[name] = value;
    for (const name of Object.keys(head)) if (head[name] === null) delete head[name];
    return exchange(url, { method: 'POST', headers: head, body: raw ? body : JSON.stringify(body) });
  }

  /** A Connect call: the answer's message, or throws Refused. */
  async call(method, body, options) {
    const answer = await this.ask(method, body, options);
    if (answer.status !== 200) throw new Refused(answer);
    return answer.json;
  }

  // --- what most tests need ---

  async create(type, fields, options) {
    const body = { requestId: randomUUID(), record: { [type]: fields } };
    return (await this.call('RecordService/CreateRecord', body, options)).record[type];
  }

  async list(type, options = {}) {
    const found = [];
    let pageToken;
    do {
      const page = await this.call('RecordService/ListRecords', { type, pageSize: 200, pageToken }, options);
      found.push(...(page.records ?? []).map((r) => r[type]));
      pageToken = page.nextPageToken;
    } while (pageToken);
    return found;
  }

  /** A user with an API token. */
  async user(name, role, fields = {}) {
    const email = `${name.toLowerCase().replace(/\W+/g, '.')}@staff.example`;
    const user = await this.create('user', { email, name, role: `ROLE_${role.toUpperCase()}`, ...fields });
    const { token } = await this.call('DirectoryService/CreateToken', {
      requestId: randomUUID(),
      userId: user.id,
      name: 'test',
    });
    return { ...user, token };
  }

  /** One pool with these members, and one rule that sends everything to it. */
  async route_to(users, fields = {}) {
    const pool = await this.create('pool', {
      name: fields.name ?? 'everybody',
      members: users.map((u) => ({ userId: u.id, weight: u.weight ?? 1 })),
    });
    const rule = { name: 'everything', poolId: pool.id, ...fields.rule };
    await this.call('LeadService/PublishPolicy', { requestId: randomUUID(), policy: { rules: [rule] } });
    return pool;
  }

  /** Every follower has read all there is. What the gateway says of it is up to a second old. */
  async settled() {
    const begin = Date.now();
    await until('every follower is at the head', async () => {
      const { services } = await this.call('SystemService/ListServices', {});
      const head = Object.fromEntries(services.map((s) => [s.name, s.headSeq]));
      const behind = services.flatMap((s) => s.follows ?? []).filter((f) => f.cursorSeq !== head[f.service]);
      return Date.now() - begin > 1200 && behind.length === 0;
    });
  }

  capture(lead, options = {}) {
    return this.call('LeadService/CaptureLead', { requestId: options.requestId ?? randomUUID(), lead }, options);
  }

  lead(id, options) {
    return this.call('LeadService/GetLead', { id }, options).then((answer) => answer.lead);
  }

  async device(token, name = 'test') {
    const body = { requestId: randomUUID(), name, kind: 'DEVICE_KIND_PROGRAM', clientKey: randomUUID() };
    return (await this.call('NotificationService/RegisterDevice', body, { token })).device;
  }

  /** The user's event stream, or another one, from a cursor on. */
  stream(token, { cursor, headers = {}, path = '/v1/stream' } = {}) {
    return new Stream(this, token, cursor, headers, path);
  }
}

/** Server-sent events as they come. Does not reconnect by itself. */
export class Stream {
  constructor(deployment, token, cursor, headers, path) {
    this.events = [];
    this.cursor = cursor;
    this.wakers = new Set();
    this.ended = false;
    this.abort = new AbortController();
    const head = { accept: 'text/event-stream', ...headers };
    if (token) head.authorization = `Bearer ${token}`;
    if (cursor) head['last-event-id'] = cursor;
    this.opened = fetch(`${deployment.url}${path}`, { headers: head, signal: this.abort.signal });
    this.reading = this.read();
    this.reading.catch(() => {});
  }

  async read() {
    const decoder = new TextDecoder();
    let waiting = '';
    try {
      const response = await this.opened;
      this.status = response.status;
      this.type = response.headers.get('content-type');
      this.wake();
      if (response.status !== 200) return;
      for await (const chunk of response.body) {
        waiting += decoder.decode(chunk, { stream: true });
        const parts = waiting.split('\n\n');
        waiting = parts.pop();
        parts.forEach((part) => this.take(part));
      }
    } catch (e) {
      this.error = e;
    } finally {
      this.ended = true;
      this.wake();
    }
  }

  take(part) {
    const event = { data: '' };
    for (const line of part.split('\n')) {
      if (line.startsWith(':')) continue;
      const [, name, value] = line.match(/^(\w+): ?(.*)$/s) ?? [];
      if (name === 'data') event.data += (event.data ? '\n' : '') + value;
      else if (name) event[name] = value;
    }
    if (event.id) this.cursor = event.id;
    if (!event.data) return;
    event.at = Date.now();
    event.json = JSON.parse(event.data);
    this.events.push(event);
    this.wake();
  }

  wake() {
    for (const waker of this.wakers) waker();
  }

  /** The first event, of those there were and those to come, for which `fits` says yes. */
  async first(what, fits, ms = PATIENCE_MS) {
    return this.when(what, () => this.events.find(fits), ms);
  }

  /** Waits for something about the stream to be true. */
  when(what, ask, ms = PATIENCE_MS) {
    return new Promise((resolve, reject) => {
      const done = (f, value) => {
        clearTimeout(late);
        this.wakers.delete(look);
        f(value);
      };
      const look = () => {
        const found = ask();
        if (found) done(resolve, found);
      };
      const late = setTimeout(() => {
        const seen = this.events.map((e) => `${e.id} ${e.event} ${e.data}`).join('\n');
        done(reject, new Error(`after ${ms} ms the stream has not: ${what}\nstatus ${this.status}\n${seen}`));
      }, ms);
      this.wakers.add(look);
      look();
    });
  }

  open() {
    return this.when('opened', () => this.status !== undefined || this.ended);
  }

  async close() {
    this.abort.abort();
    await this.reading;
  }
}

export const new_folder = () => mkdtempSync(join(tmpdir(), 'baton-'));

/** One deployment for all tests of a file, set up before the first and ended after the last. */
export function shared(set_up = () => {}, args = []) {
  const d = new Deployment(new_folder());
  before(async () => {
    await d.up(args);
    await set_up();
  });
  after(async () => {
    try {
      await d.stop();
    } finally {
      d.remove();
    }
  });
  return d;
}

export { randomUUID as request_id };

/** Mulberry32: the same numbers, from 0 to below 1, for the same seed. */
export function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

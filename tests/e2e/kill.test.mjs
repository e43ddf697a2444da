// kill -9 of every service in turn while leads arrive: nothing acknowledged is lost, nothing happens twice, and
// every notification reaches its reader once. BATON_TEST_SEED repeats a run.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BUILD, Deployment, LONG, Refused, SERVICES, free_port, new_folder, random, request_id, until } from './lib.mjs';

const ROUNDS = LONG ? 1000 : 63, WRITERS = 8, ACKS_A_ROUND = 10, ROUND_MS = 60000;
const SEED = Number(process.env.BATON_TEST_SEED ?? 20260301);
const NAMES = [...SERVICES, 'gateway'];

/** Starts the services itself and starts them again at once, where `baton up` would wait longer and longer. */
class Bare extends Deployment {
  async up() {
    const port = String(await free_port());
    this.url = `http://127.0.0.1:${port}`;
    this.children = {};
    this.starts = {};
    for (const name of NAMES) this.start(name, name === 'gateway' ? ['--address', '127.0.0.1', '--port', port] : []);
    await this.ready();
    this.token = this.read('admin.token');
  }

  start(name, args) {
    const child = spawn(join(BUILD, `baton-${name}`), ['--data', this.data, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.children[name] = child;
    this.starts[name] = (this.starts[name] ?? 0) + 1;
    child.stderr.on('data', (text) => (this.output += text));
    child.on('exit', (code, signal) => {
      if (this.stopping) return;
      if (signal !== 'SIGKILL') this.unexpected = `${name} ended by itself (${code ?? signal})`;
      this.start(name, args);
    });
  }

  async ready() {
    const answers = async () => (await fetch(`${this.url}/readyz`).catch(() => ({}))).status === 200;
    await until('every service answers', answers, ROUND_MS);
  }

  async stop() {
    this.stopping = true;
    const ended = NAMES.map((n) => new Promise((resolve) => this.children[n].on('exit', (code, signal) => resolve(code ?? signal))));
    for (const name of NAMES.toReversed?.() ?? [...NAMES].reverse()) this.children[name].kill('SIGTERM');
    assert.deepEqual(await Promise.all(ended), NAMES.map(() => 0), this.output.slice(-4000));
  }
}

const d = new Bare(new_folder());
let reps;
before(async () => {
  await d.up();
  reps = await Promise.all(['Ann A', 'Bob B', 'Cia C'].map((name) => d.user(name, 'rep')));
  await d.route_to(reps);
  await d.settled();
});
after(async () => {
  try {
    await d.stop();
  } finally {
    d.remove();
  }
});

/** Captures leads one after the other, asking again with the same id until it is answered. */
async function write(state, number) {
  for (let i = 0; !state.done; i++) {
    const body = { requestId: request_id(), lead: { email: `w${number}n${i}@buyer.example`, company: 'Kill & Co' } };
    state.asked.add(body.lead.email);
    const { lead } = await insist(state, body);
    state.acknowledged.set(lead.id, body);
  }
}

async function insist(state, body) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await d.call('LeadService/CaptureLead', body, { timeout_ms: 2000 });
    } catch (e) {
      const passes = !(e instanceof Refused) || ['unavailable', 'deadline_exceeded', 'resource_exhausted'].includes(e.code);
      if (!passes) throw e;
      state.retries++;
      await until('the next attempt', () => true);
      if (attempt > 3000) throw e;
      await new Promise((resolve) => setTimeout(resolve, Math.min(5 * (attempt + 1), 100)));
    }
  }
}

/** Reads a stream, coming back with its cursor whenever it is cut off. */
async function listen(state, user) {
  let cursor = '0';
  while (!state.silent) {
    const stream = d.stream(user.token, { cursor });
    state.streams.set(user.id, stream);
    await stream.reading;
    for (const e of stream.events.filter((e) => e.event === 'notification'))
      state.heard.push({ user: user.id, id: e.json.id, lead: e.json.leadId });
    cursor = stream.cursor ?? cursor;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function kill_in_turn(state) {
  const next = random(SEED);
  for (let round = 0; round < ROUNDS; round++) {
    const name = NAMES[Math.floor(next() * NAMES.length)];
    const acks = state.acknowledged.size, starts = d.starts[name];
    const moment = Math.floor(next() * ACKS_A_ROUND);
    await until(`leads come in, round ${round}`, () => state.acknowledged.size >= acks + moment || state.failed, ROUND_MS);
    if (state.failed) return;
    d.children[name].kill('SIGKILL');
    await until(`${name} is started again, round ${round}`, () => d.starts[name] > starts, ROUND_MS);
    const then = state.acknowledged.size;
    await until(`leads come in after ${name} died, round ${round}`, () => state.acknowledged.size > then || state.failed, ROUND_MS);
  }
}

const heard_of = (state) => {
  const now = [...state.heard];
  for (const [user, stream] of state.streams)
    if (!stream.ended)
      now.push(...stream.events.filter((e) => e.event === 'notification').map((e) => ({ user, id: e.json.id, lead: e.json.leadId })));
  return now;
};

async function all_leads() {
  const leads = [];
  let pageToken;
  do {
    const page = await d.call('LeadService/ListLeads', { pageSize: 200, pageToken });
    leads.push(...(page.leads ?? []));
    pageToken = page.nextPageToken;
  } while (pageToken);
  return leads;
}

test(`${ROUNDS} deaths, seed ${SEED}`, { timeout: LONG ? 14000000 : 600000 }, async (t) => {
  const state = { done: false, silent: false, retries: 0, asked: new Set(), acknowledged: new Map(), heard: [], streams: new Map() };
  const writers = Array.from({ length: WRITERS }, (_, i) => write(state, i));
  writers.forEach((w) => w.catch((e) => (state.failed = e)));
  const listeners = reps.map((user) => listen(state, user));
  await kill_in_turn(state);
  state.done = true;
  await Promise.all(writers);
  await d.ready();
  t.diagnostic(`${state.acknowledged.size} acknowledged, ${state.retries} asked again`);

  await t.test('no service ended by itself', () => assert.equal(d.unexpected, undefined, d.output.slice(-4000)));

  const leads = await all_leads();
  const ids = new Set(leads.map((l) => l.id));
  await t.test('every acknowledged lead is there', () =>
    assert.deepEqual([...state.acknowledged.keys()].filter((id) => !ids.has(id)), []));
  await t.test('every lead is there once', () => {
    assert.equal(leads.length, ids.size);
    assert.equal(new Set(leads.map((l) => l.email)).size, leads.length, 'an address twice');
    assert.equal(leads.length, state.acknowledged.size);
    assert.ok(leads.every((l) => reps.some((u) => u.id === l.ownerId)), 'each is held by somebody of the pool');
  });
  await t.test('asking again, much later, still gives the same lead', async () => {
    for (const [id, body] of [...state.acknowledged].slice(0, 50))
      assert.equal((await d.call('LeadService/CaptureLead', body)).lead.id, id);
  });
  await t.test('fair all the same: within one lead of each other', () => {
    const held = reps.map((u) => leads.filter((l) => l.ownerId === u.id).length);
    assert.ok(Math.max(...held) - Math.min(...held) <= 1, held.join(' '));
  });
  await t.test('every reader got every notification exactly once', async () => {
    await until('the last notification', () => heard_of(state).length >= leads.length, ROUND_MS);
    state.silent = true;
    await Promise.all([...state.streams.values()].map((s) => s.close()));
    await Promise.all(listeners);
    const got = state.heard;
    assert.equal(new Set(got.map((n) => n.id)).size, got.length, 'a notification came twice');
    assert.equal(got.length, leads.length);
    const owner = new Map(leads.map((l) => [l.id, l.ownerId]));
    for (const n of got) assert.equal(n.user, owner.get(n.lead), 'somebody else was rung');
  });
  await t.test('verify finds nothing', () => void d.verify());
});

// Single flipped bits in the stores of a company that has worked for a while. Of a store that stands still each is
// found by `baton verify` and by the start of its service, or changes nothing; neither is not allowed. Of a running
// service: every answer it gives is right, or it ends and says why. BATON_TEST_SEED repeats a run.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, cpSync, mkdirSync, openSync, readFileSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BUILD, Deployment, LONG, SERVICES, exchange, free_port, new_folder, random, request_id, until } from './lib.mjs';

const FLIPS = LONG ? 10000 : 1000, RUNNING_FLIPS = LONG ? 1000 : 60, WORKERS = 2, LEADS = 150;
const FATAL = 70; // the status of whoever has said that the store is damaged
const SEED = Number(process.env.BATON_TEST_SEED ?? 20260308);

const d = new Deployment(new_folder());
const asked = []; // leads captured, by request
let reps;

/** Something of every kind of entry: rows, indexes, timers, replies and refusals, long records, free pages. */
async function work() {
  reps = await Promise.all(['Ann A', 'Bob B', 'Cia C'].map((name) => d.user(name, 'rep')));
  await d.route_to(reps);
  for (const user of reps) await d.device(user.token);
  await d.settled();
  for (let i = 0; i < LEADS; i++) {
    const message = i % 10 ? `Lot ${i}` : `Lot ${i} `.repeat(400);
    const body = { requestId: request_id(), lead: { email: `n${i}@buyer.example`, company: `Buyer ${i % 40}`, message } };
    const { lead } = await d.call('LeadService/CaptureLead', body);
    asked.push({ body, id: lead.id, owner: reps.find((u) => u.id === lead.ownerId) });
  }
  const change = (method, a) => d.call(`LeadService/${method}`, { requestId: request_id(), id: a.id }, { token: a.owner.token });
  for (const a of asked.filter((_, i) => i % 3 === 0)) await change('AcceptLead', a);
  for (const a of asked.filter((_, i) => i % 30 === 0)) await change('ConvertLead', a);
  for (const a of asked.slice(0, 5)) await assert.rejects(change('AcceptLead', { ...a, owner: reps.find((u) => u !== a.owner) }));
  const gone = await d.create('contact', { lastName: 'Soon Gone' });
  await d.call('RecordService/DeleteRecord', { requestId: request_id(), type: 'contact', id: gone.id, revision: gone.revision });
  await d.settled();
}

before(async () => {
  await d.up();
  try {
    await work();
  } finally {
    await d.stop();
  }
  mkdirSync(join(d.data, 'tmp'));
});
after(() => d.remove());

/** A program to its end, or to the line that says it is ready. */
function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: join(d.data, 'tmp') } });
    let text = '', ready = false;
    const hash = createHash('sha256');
    child.stdout.on('data', (data) => hash.update(data));
    child.stderr.on('data', (data) => {
      text += data;
      if (!ready && text.includes('start ready')) ready = child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, text, ready, hash: hash.digest('hex') }));
  });
}

const dump = (folder) => run('mdb_dump', ['-a', folder]);
const store_of = (data, service) => join(data, service, 'data.mdb');

/** What becomes of one bit: 'found', 'harmless', 'mended' (found, and the start put it right), or what is wrong with that. */
async function judge(data, service, whole) {
  const verified = await run(join(BUILD, 'baton'), ['verify', '--data', data]);
  const dumped = verified.code === 0 ? await dump(join(data, service)) : undefined;
  const started = await run(join(BUILD, `baton-${service}`), ['--data', data]);
  const refused = started.code > 0 && /baton verify/.test(started.text) && /baton restore/.test(started.text);
  if (verified.code === 4 && refused) return 'found';
  if (verified.code === 4 && started.ready && /was completed/.test(started.text)) {
    const again = await run(join(BUILD, 'baton'), ['verify', '--data', data]);
    if (again.code === 0 && (await dump(join(data, service))).hash === whole) return 'mended';
  }
  if (verified.code === 0 && dumped.code === 0 && dumped.hash === whole && started.ready) return 'harmless';
  return `verify ${verified.code ?? verified.signal}, dump ${dumped?.hash === whole}, start ${started.code ?? started.signal}: ${started.text}`;
}

function flip_in(file, at, bit) {
  const byte = Buffer.alloc(1), fd = openSync(file, 'r+');
  readSync(fd, byte, 0, 1, at);
  byte[0] ^= 1 << bit;
  writeSync(fd, byte, 0, 1, at);
  closeSync(fd);
}

/** The places: half of them anywhere, the others where LMDB's own numbers stand, at the beginning of a page. */
function places(images, n) {
  const next = random(SEED), all = [];
  const total = SERVICES.reduce((sum, s) => sum + images[s].length, 0);
  for (let i = 0; i < n; i++) {
    let at = Math.floor(next() * total), k = 0;
    while (at >= images[SERVICES[k]].length) at -= images[SERVICES[k++]].length;
    if (i % 2) at = (i % 20 === 1 ? i % 40 === 1 ? 0 : 4096 : at - (at % 4096)) + Math.floor(next() * 160);
    all.push({ service: SERVICES[k], at, bit: Math.floor(next() * 8) });
  }
  return all;
}

/** Bits of used pages alone, where something stands; `head`: at the beginning of the page, LMDB's own numbers. */
function used_place(image, next, head) {
  for (;;) {
    let at = Math.floor(next() * image.length);
    if (head) at += Math.floor(next() * 80) - (at % 4096);
    const page = at - (at % 4096), flags = image.readUInt16LE(page + 10);
    const lower = image.readUInt16LE(page + 12), upper = image.readUInt16LE(page + 14), offset = at - page;
    if (page >= 8192 && (flags === 1 || flags === 2) && (offset < lower || offset >= upper)) return { at, bit: Math.floor(next() * 8) };
  }
}

/** All services of the folder, of which one is started again and again. */
class Running {
  children = {};

  async start() {
    const port = String(await free_port());
    d.url = `http://127.0.0.1:${port}`;
    for (const name of SERVICES) if (name !== 'leads') this.spawn(name);
    this.spawn('gateway', ['--address', '127.0.0.1', '--port', port]);
    d.token = d.read('admin.token');
  }

  spawn(name, args = []) {
    const child = spawn(join(BUILD, `baton-${name}`), ['--data', d.data, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    child.said = '';
    child.stderr.on('data', (text) => (child.said += text));
    child.ended = new Promise((resolve) => child.on('close', (code, signal) => resolve((child.how = code ?? signal))));
    return (this.children[name] = child);
  }

  async end(...names) {
    for (const name of names) this.children[name].kill(name === 'leads' ? 'SIGKILL' : 'SIGTERM');
    await Promise.all(names.map((name) => this.children[name].ended));
  }
}

/** What is asked of the running service: everything it knows, by several ways, and old requests once more. */
const questions = () => [
  ['LeadService/ListLeads', { pageSize: 200 }],
  ['LeadService/GetCustody', {}],
  ['LeadService/GetPolicy', {}],
  ...asked.filter((_, i) => i % 3 === 0).map((a) => ['LeadService/GetLead', { id: a.id }]),
  ...asked.slice(0, 20).map((a) => ['LeadService/ExplainLead', { id: a.id }]),
  ...asked.slice(-20).map((a) => ['LeadService/CaptureLead', a.body]),
];

/** A connection that breaks is no answer either, as long as the gateway is there. */
const ask = (method, body) => d.ask(method, body).catch(() => ({ status: 0, json: { code: 'unavailable' } }));
const ask_all = () => Promise.all(questions().map(async ([method, body]) => [method, await ask(method, body)]));
const no_answer = (answer) => ['unavailable', 'deadline_exceeded'].includes(answer.json?.code);

async function flip_while_running(running, image, place, right) {
  const file = store_of(d.data, 'leads');
  writeFileSync(file, image);
  const leads = running.spawn('leads');
  await until('leads answers', async () => leads.how !== undefined || (await ask('LeadService/GetCustody')).status === 200);
  flip_in(file, place.at, place.bit);
  const wrong = (await ask_all()).filter(([, answer], i) => !no_answer(answer) && answer.text !== right[i]).map(([method]) => method);
  await until('leads answers, or has ended', async () => leads.how !== undefined || (await ask('LeadService/GetCustody')).status === 200);
  const how = leads.how;
  if (how === undefined) await running.end('leads');
  const verified = (await run(join(BUILD, 'baton'), ['verify', '--data', d.data])).code;
  const said = how === FATAL || /is damaged .*run `baton verify`/.test(leads.said);
  return { wrong, how, verified, said: leads.said, kind: wrong.length ? 'wrong' : how === undefined ? 'right' : said ? 'ended' : 'silent' };
}

test(`${RUNNING_FLIPS} bits of a running service's store, seed ${SEED}`, { timeout: LONG ? 3600000 : 300000 }, async (t) => {
  const running = new Running(), next = random(SEED + 1), image = readFileSync(store_of(d.data, 'leads'));
  const count = { right: 0, ended: 0, silent: 0, wrong: 0, 'found by verify': 0 }, bad = [];
  await running.start();
  try {
    running.spawn('leads');
    await until('all answer', async () => (await exchange(`${d.url}/readyz`).catch(() => ({}))).status === 200, 60000);
    let right;
    await until('each question has its answer', async () => (right = (await ask_all()).map(([, answer]) => answer.text)).every(Boolean));
    await running.end('leads');
    for (let i = 0; i < RUNNING_FLIPS; i++) {
      const place = used_place(image, next, i % 2), r = await flip_while_running(running, image, place, right);
      count[r.kind]++;
      count['found by verify'] += r.verified === 4;
      assert.equal(running.children.gateway.how, undefined, running.children.gateway.said);
      if (r.kind === 'wrong' || r.kind === 'silent' || (r.kind === 'ended' && r.verified !== 4))
        bad.push(`byte ${place.at} bit ${place.bit}: ${r.kind} ${r.how} verify ${r.verified}: ${[...new Set(r.wrong)]} ${r.said}`);
    }
  } finally {
    writeFileSync(store_of(d.data, 'leads'), image);
    await running.end(...Object.keys(running.children).filter((name) => running.children[name].how === undefined));
  }
  t.diagnostic(Object.entries(count).map(([what, n]) => `${n} ${what}`).join(', '));
  assert.deepEqual(bad, []);
});

test(`${FLIPS} bits of stores that stand still, seed ${SEED}`, { timeout: LONG ? 7200000 : 900000 }, async (t) => {
  const images = Object.fromEntries(SERVICES.map((s) => [s, readFileSync(store_of(d.data, s))]));
  const whole = {};
  for (const s of SERVICES) whole[s] = (await dump(join(d.data, s))).hash;
  const todo = places(images, FLIPS), count = { found: 0, harmless: 0, mended: 0 }, neither = [];
  const worker = async (number) => {
    const data = join(d.data, `worker-${number}`);
    for (const s of SERVICES) cpSync(join(d.data, s), join(data, s), { recursive: true });
    for (let p; (p = todo.pop()); ) {
      flip_in(store_of(data, p.service), p.at, p.bit);
      const result = await judge(data, p.service, whole[p.service]);
      if (result in count) count[result]++;
      else neither.push(`${p.service} byte ${p.at} bit ${p.bit}: ${result}`);
      writeFileSync(store_of(data, p.service), images[p.service]);
      rmSync(join(data, p.service, 'lock.mdb'), { force: true });
    }
    rmSync(data, { recursive: true });
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, i) => worker(i)));
  t.diagnostic(`${count.found} found by verify and at the start, ${count.mended} found and put right, ${count.harmless} changed nothing, ${neither.length} neither`);
  assert.deepEqual(neither, []);
  assert.ok(count.found > FLIPS / 4 && count.harmless > 0);
});

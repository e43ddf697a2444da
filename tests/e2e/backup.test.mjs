// Backup while leads arrive, restore, and the mending of a deployment in which one service was restored older than
// those that follow it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { BUILD, Deployment, SERVICES, new_folder, refused, request_id, until } from './lib.mjs';

const WRITERS = 4, FIRST_LEADS = 60, SOME = 40, CONVERTED_EACH = 3;
const base = new_folder();
const place = (name) => join(base, name);
const d = new Deployment(place('data'));
let reps;

const manifest = (dir) => JSON.parse(readFileSync(join(dir, 'backup.json'), 'utf8'));
const of_service = (dir, name) => manifest(dir).services.find((s) => s.name === name);
const contents = (dir) => Object.fromEntries(manifest(dir).services.map((s) => [s.name, [s.log_id, s.head_seq, s.chain_hash, s.content_hash]]));

/** Runs the tool on a data folder and expects this status. */
function tool(data, status, ...args) {
  const done = new Deployment(data).tool(...args);
  assert.equal(done.status, status, `baton ${args.join(' ')}:\n${done.all}`);
  return done.all;
}

async function follow_status(on, follower, followed) {
  const { services } = await on.call('SystemService/ListServices', {});
  return services.find((s) => s.name === follower).follows.find((f) => f.service === followed);
}

const capture = (on, name) => on.capture({ email: `${name}@buyer.example`, company: 'Backup & Co' }).then((a) => a.lead);
const custody = async (on) => Number((await on.call('LeadService/GetCustody', {})).custody.received);

async function capture_some(on, name, n) {
  const leads = [];
  for (let i = 0; i < n; i++) leads.push(await capture(on, `${name}${i}`));
  return leads;
}

/** Notifications about a lead, whoever got them. */
async function notifications_of(on, lead) {
  const owner = reps.find((u) => u.id === lead.ownerId);
  const { notifications } = await on.call('NotificationService/ListNotifications', { pageSize: 200 }, { token: owner.token });
  return (notifications ?? []).filter((n) => n.leadId === lead.id);
}

const stands_still = (on, follower, followed) =>
  until(`${follower} stands still`, async () => (await follow_status(on, follower, followed)).stopped);

/** The follower knows that the log of leads has come to this lead, although it does not read it. */
async function told_of(on, follower, lead) {
  const { capturedSeq } = await on.lead(lead.id);
  await until('it is told', async () => Number((await follow_status(on, follower, 'leads')).headSeq ?? 0) >= Number(capturedSeq));
}

/** Leads from several sides until told to stop; some become accounts and contacts at once. */
function load(on) {
  const state = { done: false, acknowledged: new Set() };
  const write = async (number) => {
    for (let i = 0; !state.done; i++) {
      const { id } = await capture(on, `w${number}n${i}`);
      state.acknowledged.add(id);
      if (i % CONVERTED_EACH === 0) await on.call('LeadService/ConvertLead', { requestId: request_id(), id });
    }
  };
  state.writers = Promise.all(Array.from({ length: WRITERS }, (_, i) => write(i)));
  state.end = () => ((state.done = true), state.writers);
  return state;
}

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
    if (!process.env.BATON_TEST_KEEP) rmSync(base, { recursive: true, force: true });
  }
});

test('a backup while leads arrive is a deployment that serves and goes on', async (t) => {
  const state = load(d), dir = place('running');
  await until('leads come in', () => state.acknowledged.size >= FIRST_LEADS);
  const before = new Set(state.acknowledged);
  const { stdout } = await promisify(execFile)(join(BUILD, 'baton'), ['backup', dir, '--data', d.data, '--json']);
  assert.equal(JSON.parse(stdout).services, SERVICES.length);
  assert.ok(state.acknowledged.size > before.size, 'leads came in all the while');
  await state.end();

  await t.test('for its owner only', () => {
    for (const path of ['.', 'leads']) assert.equal(statSync(join(dir, path)).mode & 0o777, 0o700);
    for (const path of ['admin.token', 'leads/data.mdb', 'backup.json']) assert.equal(statSync(join(dir, path)).mode & 0o777, 0o600);
  });

  const fresh = new Deployment(place('fresh'));
  assert.match(tool(fresh.data, 0, 'restore', dir), /baton verify/);
  fresh.verify(); // what each has read of another is in that one's log
  await t.test('what was restored is what the manifest says', () => {
    tool(fresh.data, 0, 'backup', place('again'));
    assert.deepEqual(contents(place('again')), contents(dir));
  });
  await fresh.up();
  try {
    await t.test('every lead acknowledged before is there, and it goes on', async () => {
      for (const id of before) assert.ok((await fresh.lead(id)).ownerId);
      const n = await custody(fresh), lead = await capture(fresh, 'after');
      assert.equal(await custody(fresh), n + 1);
      await fresh.settled();
      assert.equal((await notifications_of(fresh, lead)).length, 1);
    });
    await t.test('no follower stands still', async () => {
      const { services } = await fresh.call('SystemService/ListServices', {});
      assert.deepEqual(services.flatMap((s) => s.follows ?? []).filter((f) => f.stopped), []);
    });
    await t.test('nothing is restored over what runs', () => {
      assert.match(tool(fresh.data, 4, 'restore', dir, '--replace'), /running/);
      assert.ok(!existsSync(join(fresh.data, 'leads.restoring')));
    });
  } finally {
    await fresh.stop();
  }
  fresh.verify();
});

test('a folder that is not empty, a data folder without anything, a folder that is no backup', () => {
  assert.match(tool(d.data, 4, 'backup', place('running')), /not empty/);
  assert.match(tool(place('nothing'), 4, 'backup', place('of-nothing')), /nothing of Baton/);
  assert.ok(!existsSync(place('of-nothing')));
  mkdirSync(place('no-backup'));
  assert.match(tool(place('unused'), 4, 'restore', place('no-backup')), /no backup/);
  assert.match(tool(place('unused'), 4, 'restore', place('running'), '--only', 'nobody'), /not in this backup/);
  assert.ok(!existsSync(place('unused')));
});

test('stopped or running and idle: the same content', async () => {
  await d.settled();
  tool(d.data, 0, 'backup', place('idle'));
  await d.stop();
  tool(d.data, 0, 'backup', place('stopped'));
  assert.deepEqual(contents(place('stopped')), contents(place('idle')));
  await d.up();
});

test('one flipped byte anywhere: refused before anything is touched', () => {
  const dir = place('damaged');
  for (const file of ['leads/data.mdb', 'notifications/data.mdb', 'admin.token']) {
    cpSync(place('idle'), dir, { recursive: true });
    const bytes = readFileSync(join(dir, file));
    bytes[Math.floor(bytes.length / 2)] ^= 1;
    writeFileSync(join(dir, file), bytes);
    assert.match(tool(place('untouched'), 4, 'restore', dir), /damaged/);
    assert.ok(!existsSync(place('untouched')), file);
    rmSync(dir, { recursive: true });
  }
});

test('what is there already is kept, and moved aside only on demand', () => {
  const data = place('twice');
  tool(data, 0, 'restore', place('idle'));
  assert.match(tool(data, 4, 'restore', place('idle'), '--only', 'leads'), /--replace/);
  const said = tool(data, 0, 'restore', place('idle'), '--only', 'leads', '--replace');
  const [aside] = readdirSync(data).filter((n) => n.startsWith('replaced-'));
  assert.match(said, new RegExp(`${aside}/leads`));
  assert.deepEqual(readdirSync(join(data, aside)), ['leads']);
  assert.ok(existsSync(join(data, aside, 'leads', 'data.mdb')));
  tool(data, 0, 'verify');
});

test('leads restored older than its followers: they stand still, say why, and rejoin', async (t) => {
  const dir = place('older');
  const user_before = reps[0];
  tool(d.data, 0, 'backup', dir);
  const gone = await capture_some(d, 'gone', SOME);
  await d.settled();
  const received = await custody(d), read = Number((await follow_status(d, 'notifications', 'leads')).cursorSeq);
  const told = (await notifications_of(d, gone[0])).length;
  assert.equal(told, 1);
  await d.stop();
  tool(d.data, 0, 'restore', dir, '--only', 'leads', '--replace');
  const { head_seq } = of_service(dir, 'leads');

  await t.test('verify says so, and what mends it', () => {
    const said = tool(d.data, 4, 'verify');
    assert.match(said, new RegExp(`notifications: it has read leads up to ${read}, which is not in that log.*ends at ${head_seq}\\..*baton rejoin notifications leads`));
  });
  await t.test('a backup has it as it is', () => {
    tool(d.data, 0, 'backup', place('still'));
    tool(place('still-again'), 0, 'restore', place('still'));
    assert.match(tool(place('still-again'), 4, 'verify'), /notifications: it has read leads up to/);
  });
  await d.up();
  const why = await stands_still(d, 'notifications', 'leads');
  await t.test('status, log and metrics name both positions and the commands', async () => {
    for (const text of [why, tool(d.data, 0, 'status'), d.output]) {
      assert.match(text, new RegExp(`notifications has read leads up to ${read}, but its log ends at ${head_seq}`));
      assert.match(text, /baton restore BACKUP --only leads --replace/);
      assert.match(text, /baton rejoin notifications leads/);
    }
    const metrics = await (await fetch(`${d.url}/metrics`)).text();
    assert.match(metrics, /baton_follow_stopped\{service="notifications",of="leads"\} 1/);
  });
  let between;
  await t.test('nothing else breaks', async () => {
    assert.equal(await custody(d), received - SOME);
    between = await capture(d, 'between');
    await told_of(d, 'notifications', between);
    assert.ok(between.ownerId);
    await d.create('account', { name: 'Still & Co' });
    await refused('failed_precondition', d.call('SystemService/RejoinFollow', { requestId: request_id(), service: 'notifications', followed: 'contacts' }));
    await refused('failed_precondition', d.call('SystemService/RejoinFollow', { requestId: request_id(), service: 'notifications', followed: 'directory' }));
    await refused('invalid_argument', d.call('SystemService/RejoinFollow', { requestId: request_id(), service: 'nobody', followed: 'leads' }));
    await refused('permission_denied', d.call('SystemService/RejoinFollow', { requestId: request_id(), service: 'notifications', followed: 'leads' }, user_before));
    assert.equal((await notifications_of(d, between)).length, 0);
  });
  await t.test('rejoined, it says what stays', async () => {
    for (const follower of ['notifications', 'contacts', 'opportunities']) {
      if (!(await follow_status(d, follower, 'leads')).stopped) continue; // had read nothing with an effect from beyond
      const done = JSON.parse(tool(d.data, 0, 'rejoin', follower, 'leads', '--json'));
      assert.equal(done.new_seq, head_seq, follower);
      if (follower === 'notifications') assert.equal(done.stay, SOME);
    }
    assert.match(tool(d.data, 1, 'rejoin', 'notifications', 'leads'), /nothing to mend/);
  });
  await t.test('everything is followed again: what came meanwhile rings once, what comes rings', async () => {
    const [next] = await capture_some(d, 'next', 1);
    await d.settled();
    for (const lead of [between, next]) assert.equal((await notifications_of(d, lead)).length, 1);
  });
  await t.test('verify is good and says what stays', () =>
    assert.match(d.verify(), new RegExp(`notifications: ${SOME} records stem from what a restored service no longer has`)));
  await t.test('and still after a start', async () => {
    await d.stop();
    await d.up();
    const lead = await capture(d, 'started');
    await d.settled();
    assert.equal((await notifications_of(d, lead)).length, 1);
    d.verify();
  });
});

test('the directory restored older: the copies in leads become what the directory has', async (t) => {
  const dir = place('directory');
  tool(d.data, 0, 'backup', dir);
  const kept = (await d.list('user')).length;
  const newcomer = await d.user('Dan D', 'rep');
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { user: { id: reps[0].id, name: 'Ann Renamed' } } });
  await d.settled();
  const [lead] = await capture_some(d, 'to-newcomer', 1);
  await d.call('LeadService/AssignLead', { requestId: request_id(), id: lead.id, ownerId: newcomer.id });
  await d.stop();
  tool(d.data, 0, 'restore', dir, '--only', 'directory', '--replace');
  await d.up();
  await stands_still(d, 'leads', 'directory');
  const writing = load(d);
  await until('leads are taken', () => writing.acknowledged.size > 10);
  assert.match(tool(d.data, 0, 'rejoin', 'leads', 'directory'), /leads follows directory again/);
  const then = writing.acknowledged.size;
  await until('leads are still taken', () => writing.acknowledged.size > then + 10);
  await writing.end();
  for (const follower of ['notifications', 'contacts', 'opportunities', 'documents'])
    if ((await follow_status(d, follower, 'directory')).stopped) tool(d.data, 0, 'rejoin', follower, 'directory');
  await t.test('the directory has what it had', async () => assert.equal((await d.list('user')).length, kept));
  await t.test('leads routes to whom there is, and to nobody who is gone', async () => {
    await refused('invalid_argument', d.call('LeadService/AssignLead', { requestId: request_id(), id: lead.id, ownerId: newcomer.id }));
    const { lead: again } = await d.call('LeadService/AssignLead', { requestId: request_id(), id: lead.id, ownerId: reps[1].id });
    assert.equal(again.ownerId, reps[1].id);
    const { decisions } = await d.call('LeadService/ExplainLead', { id: (await capture(d, 'explained')).id });
    assert.ok(decisions.length > 0 && !JSON.stringify(decisions).includes('Ann Renamed'));
  });
  await t.test('what the directory says from now on arrives', async () => {
    const next = await d.user('Eve E', 'rep');
    await d.settled();
    await d.call('LeadService/AssignLead', { requestId: request_id(), id: lead.id, ownerId: next.id });
  });
  await t.test('verify is good', () => void d.verify());
});

test('the directory set up anew: leads keeps on and follows the new one', async (t) => {
  await d.stop();
  cpSync(join(d.data, 'directory'), place('directory-aside'), { recursive: true });
  rmSync(join(d.data, 'directory'), { recursive: true });
  await d.up();
  const why = await stands_still(d, 'leads', 'directory');
  assert.match(why, /directory was set up anew.*baton rejoin leads directory/);
  assert.ok((await capture(d, 'meanwhile')).ownerId);
  for (const follower of ['leads', 'notifications', 'contacts', 'opportunities', 'documents'])
    if ((await follow_status(d, follower, 'directory')).stopped) tool(d.data, 0, 'rejoin', follower, 'directory');
  await t.test('the last resort is of the new directory', async () => {
    const { record } = await d.call('RecordService/GetRecord', { type: 'organisation' });
    const lead = await capture(d, 'new-directory');
    assert.equal(lead.ownerId, record.organisation.lastResortUserId);
  });
  await t.test('verify is good', () => void d.verify());
});

test('leads set up anew: whatever came since rings once', async (t) => {
  await d.stop();
  rmSync(join(d.data, 'leads'), { recursive: true });
  await d.up();
  await stands_still(d, 'notifications', 'leads');
  const meanwhile = await capture(d, 'first-of-all');
  await told_of(d, 'notifications', meanwhile);
  assert.match(tool(d.data, 0, 'rejoin', 'notifications', 'leads'), /goes on behind 0/);
  for (const follower of ['contacts', 'opportunities']) {
    await stands_still(d, follower, 'leads');
    tool(d.data, 0, 'rejoin', follower, 'leads');
  }
  const then = await capture(d, 'second');
  await d.settled();
  for (const lead of [meanwhile, then]) {
    const { notifications } = await d.call('NotificationService/ListNotifications', { pageSize: 200 });
    assert.equal(notifications.filter((n) => n.leadId === lead.id).length, 1);
  }
  await t.test('verify is good', () => void d.verify());
});

// web: what people wait for in a browser, beside what we hold ourselves to: the first view on an empty cache, from page to page,
// from a key to what it finds, frames while a long list is scrolled, and from a lead's capture until its owner sees it. Over a
// company of so many leads, contacts and opportunities (--leads, --contacts, --opportunities).
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { BUILD, Deployment, request_id } from '../e2e/lib.mjs';
import { BROWSER, DESKTOP, enter, launch, PASSWORD } from '../web/chromium.mjs';

const { values: options } = parseArgs({ options: Object.fromEntries(
  ['leads', 'contacts', 'opportunities', 'suffix', 'programs', 'data'].map((name) => [name, { type: 'string', default: '' }])) });
const REPS = 20, AT_ONCE = 32, VIEWS = 7, ROUNDS = 8, LEADS = 20, SCROLLS = 60, SCROLL_PX = 900, REST_MS = 500, MOST_BYTES = 1 << 28;
const WANTED_MS = { first: 1000, page: 100, search: 100, frame: 50, lead: 150 };
const FIRST = ['Anna', 'Bao', 'Chidi', 'Dolores', 'Emil', 'Fatima', 'Grace', 'Hiro', '志明', '美玲'];
const LAST = ['Lindqvist', 'Okafor', 'Herrera', 'Natarajan', 'Kowalska', 'Moreau', '陳', '林', 'Smith', 'Weber'];
const STAGES = ['prospecting', 'qualification', 'needs_analysis', 'proposal', 'negotiation'];

const remark = (text) => console.log(`remark\tweb: ${text}`);
const row = (name, ms, peer) => console.log(`row\tweb-${name}${options.suffix}\t${ms.toFixed(1)}\tms\t${peer}`);
const part = (samples, p) => [...samples].sort((a, b) => a - b)[Math.min(samples.length - 1, Math.floor(p * samples.length))];
const pick = (list, i) => list[i % list.length];

// --- the company ---

const person = (i) => [pick(FIRST, i), pick(LAST, Math.floor(i / FIRST.length)), `p${i}@c${i % 997}.example`, `+49 30 ${String(1000000 + i)}`];

// Beside it this process goes on: connections that the gateway closes meanwhile are not taken for open ones.
async function import_file(d, kind, header, n, line) {
  if (n === 0) return;
  const path = join(options.data, `${kind}.csv`);
  writeFileSync(path, `${header}\n${Array.from({ length: n }, (_, i) => line(i)).join('\n')}\n`);
  await promisify(execFile)(join(BUILD, 'baton'), [kind, 'import', path, '--data', d.data], { maxBuffer: MOST_BYTES });
}

async function make_deals(d, n, reps) {
  let next = 0;
  const one = async () => {
    for (let i = next++; i < n; i = next++) {
      await d.create('opportunity', {
        name: `Deal ${i}`, ownerId: pick(reps, i).id, stageKey: pick(STAGES, i), closeDate: `2031-${String(1 + (i % 12)).padStart(2, '0')}-15`,
        amount: { currencyCode: 'EUR', minorUnits: String(100000 + i) },
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

async function build(d) {
  const reps = [];
  for (let i = 0; i < REPS; i++) reps.push(await d.user(`Rep Number${i}`, 'rep'));
  const boss = await d.user('Ada Admin', 'admin');
  for (const user of [reps[0], boss]) await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: user.id, newPassword: PASSWORD });
  await d.settled();
  await d.route_to(reps);
  const cells = (i) => person(i).map((c) => `"${c}"`).join(',');
  await import_file(d, 'contact', 'First name,Last name,Email,Phone', Number(options.contacts), cells);
  await import_file(d, 'lead', 'First name,Last name,Email,Phone,Company', Number(options.leads), (i) => `${cells(i + 5_000_000)},"Lot ${i}"`);
  for (let i = 0; i < REPS; i++) await d.create('account', { name: `Account ${i}` });
  await make_deals(d, Number(options.opportunities), reps);
  await d.settled();
  return { reps, boss };
}

// --- what is measured ---

const first_row = (label) => `[role=grid][aria-label="${label}"] [role=row][aria-rowindex="2"]`;
const PAGES = { '/contacts': first_row('People'), '/accounts': first_row('Accounts'), '/pipeline': '[data-board] [data-stage]', '/leads': 'nav[aria-label="Queues"]' };

/** From the click or the letters after this on until what `selector` names is painted. */
async function until_seen(page, selector, act) {
  await page.evaluate((wanted) => {
    let from;
    for (const type of ['click', 'input']) addEventListener(type, (e) => (from = e.timeStamp), { capture: true });
    window.shown = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`not seen: ${wanted}`)), 20000);
      const look = () => (from !== undefined && document.querySelector(wanted) ? requestAnimationFrame(() => resolve(performance.now() - from)) : requestAnimationFrame(look));
      look();
    });
  }, selector);
  await act();
  return page.evaluate(() => window.shown);
}

async function window_of(browser, d, user) {
  const context = await browser.newContext(DESKTOP);
  const page = await context.newPage();
  await enter(page, d.url, user.email, PASSWORD);
  return page;
}

/** In a window of its own, which has come to rest: its making is not what is waited for. */
async function seen_in_fresh(browser, options, url, selector) {
  const context = await browser.newContext(options);
  const fresh = await context.newPage();
  await fresh.waitForTimeout(REST_MS);
  const from = performance.now();
  await fresh.goto(url, { waitUntil: 'commit' });
  await fresh.locator(selector).waitFor();
  const ms = performance.now() - from;
  await context.close();
  return ms;
}

/** Signed in, but nothing of the application is in the browser; beside it a page of one drawing, which is all that can be had. */
async function first_views(browser, d, page) {
  const { cookies } = await page.context().storageState();
  const options = { ...DESKTOP, storageState: { cookies, origins: [] } };
  const samples = [], empty = [];
  for (let i = 0; i < VIEWS; i++) {
    samples.push(await seen_in_fresh(browser, options, `${d.url}/contacts`, PAGES['/contacts']));
    empty.push(await seen_in_fresh(browser, options, `${d.url}/icon.svg`, 'svg'));
  }
  remark(`the first view of nothing but an icon: median ${part(empty, 0.5).toFixed(0)} ms`);
  row('first', part(samples, 0.5), WANTED_MS.first);
}

async function pages(page) {
  const samples = new Map(Object.keys(PAGES).map((to) => [to, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [to, selector] of Object.entries(PAGES)) {
      const ms = await until_seen(page, selector, () => page.locator(`nav a[href="${to}"]`).first().click());
      if (round > 0) samples.get(to).push(ms); // the first time it is loaded
      await page.waitForTimeout(50);
    }
  }
  for (const [to, list] of samples) remark(`to ${to}: median ${part(list, 0.5).toFixed(0)} ms, slowest ${part(list, 1).toFixed(0)} ms`);
  row('page', part([...samples.values()].flat(), 0.5), WANTED_MS.page);
}

async function searches(page) {
  const samples = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [first, last] = person(round * 11 + 3);
    await page.keyboard.press('ControlOrMeta+k');
    const box = page.getByRole('dialog').locator('input');
    await box.waitFor();
    samples.push(await until_seen(page, '[role=dialog] [data-found]', () => box.fill(`${first} ${last}`)));
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  row('search', part(samples, 0.5), WANTED_MS.search);
}

/** How long the browser is at each frame, while what is under the mouse is turned by the wheel. */
async function frames_of(page) {
  await page.evaluate(() => {
    window.frames_ms = [];
    let last = performance.now();
    const next = (now) => {
      window.frames_ms.push(now - last);
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  for (let i = 0; i < SCROLLS; i++) await page.mouse.wheel(0, SCROLL_PX);
  return page.evaluate(() => window.frames_ms.slice(1));
}

/** A list; beside it a page with nothing on it: without a graphics processor that is not free either. */
async function scrolling(browser, page) {
  const bare = await browser.newPage(DESKTOP);
  await bare.setContent(`<div style="height: ${2 * SCROLLS * SCROLL_PX}px"></div>`);
  await bare.mouse.move(DESKTOP.viewport.width / 2, DESKTOP.viewport.height / 2);
  const floor = await frames_of(bare);
  await bare.close();
  await page.bringToFront();
  await page.locator('nav a[href="/contacts"]').first().click();
  await page.locator(PAGES['/contacts']).waitFor();
  await page.locator('[role=grid]').first().hover();
  const frames = await frames_of(page);
  for (const [of, list] of [['an empty page', floor], ['the list', frames]]) {
    remark(`${list.length} frames while ${of} is turned: median ${part(list, 0.5).toFixed(0)} ms, p95 ${part(list, 0.95).toFixed(0)} ms, slowest ${part(list, 1).toFixed(0)} ms`);
  }
  row('frame-p95', part(frames, 0.95), WANTED_MS.frame);
}

async function arrivals(page, d, owner) {
  const samples = [], answered = [];
  await page.locator('nav a[href="/leads"]').first().click();
  const pool = await d.create('pool', { name: 'only one', members: [{ userId: owner.id, weight: 1 }] });
  await d.call('LeadService/PublishPolicy', { requestId: request_id(), policy: { rules: [{ name: 'all', poolId: pool.id }] } });
  for (let i = 0; i < LEADS; i++) {
    const company = `Arrival ${i} of now`;
    const seen = page.evaluate((text) => new Promise((resolve) => {
      const look = () => (document.body.textContent.includes(text) ? requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now())) : requestAnimationFrame(look));
      look();
    }), company);
    const from = performance.timeOrigin + performance.now();
    await d.capture({ company, email: `now${i}@arrival.example` });
    answered.push(performance.timeOrigin + performance.now() - from);
    samples.push((await seen) - from);
  }
  remark(`whoever captured it was answered after ${part(answered, 0.5).toFixed(0)} ms`);
  row('lead', part(samples, 0.5), WANTED_MS.lead);
}

async function run() {
  mkdirSync(options.data, { recursive: true });
  const d = await new Deployment(join(options.data, 'baton')).up();
  const browser = await launch();
  try {
    const { reps, boss } = await build(d);
    remark(`${options.leads} leads, ${options.contacts} contacts, ${options.opportunities} opportunities`);
    const page = await window_of(browser, d, boss);
    await first_views(browser, d, page);
    await pages(page);
    await searches(page);
    await scrolling(browser, page);
    const mine = await window_of(browser, d, reps[0]);
    await arrivals(mine, d, reps[0]);
  } finally {
    await browser.close();
    await d.stop();
  }
}

if (!BROWSER) {
  console.error('web: there is no chromium');
  process.exit(1);
}
await run();

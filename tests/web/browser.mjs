// A browser, its windows, and what it complains about: what all tests of pages have in common.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BUILD, ROOT } from '../e2e/lib.mjs';
import { BROWSER, enter, launch, PASSWORD } from './chromium.mjs';

export { DESKTOP, PASSWORD, PHONE } from './chromium.mjs';
const PICTURES = join(BUILD, 'screenshots');
const AXE = createRequire(join(ROOT, 'tests/web/package.json'))('axe-core').source;

// As on a slow machine: BATON_WEB_THROTTLE, how many times slower pages are; BATON_WEB_LATE_MS, up to how much later they hear answers,
// so that some overtake others.
export const SLOWER = Number(process.env.BATON_WEB_THROTTLE ?? 1);
const LATE_MS = Number(process.env.BATON_WEB_LATE_MS ?? 0);
const PATIENCE_MS = 30000 * SLOWER; // what is promised to be faster is measured by its test

export const skip = BROWSER ? false : 'there is no chromium';

const complaints = [];
let browser;

before(async () => {
  mkdirSync(PICTURES, { recursive: true });
  if (BROWSER) browser = await launch();
});
after(() => browser?.close());

// Whatever the console says is a fault, but for what a test does on purpose: refusals and a gateway that is gone.
const EXPECTED = /Failed to load resource: (net::ERR_|the server responded with a status of (40[0139]|429|50[34]))/;
const NOT_THERE = /status of 404 .*\/baton\.v1\./;
const is_fault = (m) => ['error', 'warning'].includes(m.type()) && !EXPECTED.test(m.text()) && !NOT_THERE.test(`${m.text()} ${m.location().url}`);

/** In the page, for what goes through its service worker cannot be held from here. */
function hear_late(most_ms) {
  const ask = window.fetch;
  window.fetch = async (...request) => {
    const answer = await ask(...request);
    if (answer.url.includes('/baton.v1.')) await new Promise((resolve) => setTimeout(resolve, Math.random() * most_ms));
    return answer;
  };
}

async function slow_down(context) {
  if (LATE_MS > 0) await context.addInitScript(hear_late, LATE_MS);
  if (SLOWER > 1) {
    context.on('page', async (page) => (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: SLOWER }).catch(() => {}));
  }
}

/** A window of its own, like another device. `hidden`: nobody looks at it until `look` is called. */
export async function window_of(options, { hidden = false, prepare } = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  await prepare?.(context);
  await slow_down(context);
  if (hidden) {
    await context.addInitScript(() => {
      let state = 'hidden';
      Object.defineProperty(Document.prototype, 'visibilityState', { get: () => state });
      window.look = () => {
        state = 'visible';
        document.dispatchEvent(new Event('visibilitychange'));
      };
    });
  }
  const page = await context.newPage();
  page.on('pageerror', (e) => complaints.push(e.stack));
  page.on('console', (m) => is_fault(m) && complaints.push(m.text()));
  return page;
}

export async function fill(page, fields) {
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(text);
}

export const sign_in = (page, url, user) => enter(page, url, user.email, PASSWORD);

export const picture = (page, name) => page.screenshot({ path: join(PICTURES, `${name}.png`) });

/** WCAG 2.2 AA, as far as a program sees it. `except`: rules that a library's part breaks and we cannot mend. */
export async function accessible(page, name, except = []) {
  await page.evaluate(AXE); // the page's policy lets no other script in
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((a) => a.effect.getComputedTiming().endTime < Infinity).map((a) => a.finished)));
  const { violations } = await page.evaluate((off) => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    rules: Object.fromEntries(off.map((rule) => [rule, { enabled: false }])),
  }), except);
  const said = violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.slice(0, 3).map((n) => `   ${n.html.slice(0, 300)}\n   ${n.failureSummary}`).join('\n')}`);
  assert.deepEqual(said, [], `${name}: ${said.join('\n')}`);
}

export async function fits(page) {
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'nothing sticks out');
}

/** At the end of a file. */
export function no_complaints() {
  test('the browser had nothing to complain about', { skip }, () => assert.deepEqual(complaints, []));
}

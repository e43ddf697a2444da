// Web forms in a real browser: without any script, and inside another site's page.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { chromium } from 'playwright-core';
import { BUILD, request_id, shared, until } from '../e2e/lib.mjs';

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const PATIENCE_MS = 30000;
const PICTURES = join(BUILD, 'screenshots');
const skip = BROWSER ? false : 'there is no chromium';

let browser, friend, stranger;
const sites = [];
const d = shared(set_up);

/** Another web site: one page with this in it. */
async function site(body) {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><meta charset=utf-8><title>Another site</title><h1>Another site</h1>${body()}`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  sites.push(server);
  return `http://127.0.0.1:${server.address().port}`;
}

const snippet = (...options) => {
  const { status, out, all } = d.tool('form', 'snippet', 'quote', ...options);
  assert.equal(status, 0, all);
  return out;
};

async function set_up() {
  mkdirSync(PICTURES, { recursive: true });
  if (!BROWSER) return;
  browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS });
  friend = await site(() => snippet());
  stranger = await site(() => snippet());
  const form = {
    name: 'quote', title: '索取報價', language: 'zh-Hant', campaignId: 'spring', leadSource: 'Web site',
    thankYou: '我們會在一個工作天內回覆。', themeColour: '#0f766e', allowedOrigins: [friend],
    fields: [
      { name: 'name', label: '姓名', required: true },
      { name: 'email', label: '電子郵件', kind: 'FORM_FIELD_KIND_EMAIL', required: true, help: '我們會寄到這裡。' },
      { name: 'country', label: '國家或地區', kind: 'FORM_FIELD_KIND_COUNTRY' },
      { name: 'message', label: '留言', kind: 'FORM_FIELD_KIND_LONG_TEXT' },
      { name: 'agree', label: '我同意', kind: 'FORM_FIELD_KIND_CONSENT', required: true },
    ],
  };
  await d.create('leadForm', form);
  await d.settled();
}
after(async () => {
  await browser?.close();
  for (const server of sites) server.close();
});

async function page_of(options, complaints = []) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  page.on('console', (m) => /Content Security Policy|Refused|TypeError/.test(m.text()) && complaints.push(m.text()));
  page.on('pageerror', (e) => complaints.push(e.stack));
  return page;
}
const newest = async () => (await d.call('LeadService/ListLeads', { pageSize: 1 })).leads?.[0];
const with_mail = (email) => until(`a lead with ${email}`, async () => ((await newest())?.email === email ? newest() : false));

test('without JavaScript: a message beside what is missing, then thanks, and the lead with its campaign', { skip }, async () => {
  const complaints = [], email = `${request_id()}@buyer.example`;
  const page = await page_of({ viewport: { width: 390, height: 844 }, isMobile: true, javaScriptEnabled: false }, complaints);
  await page.goto(`${d.url}/forms/quote?utm_source=news&utm_campaign=flyer`);
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hant');
  assert.equal(await page.locator('[name=website2]').count(), 1);
  assert.equal(await page.locator('[name=website2]').isVisible(), false, 'the trap is not seen');
  await page.screenshot({ path: join(PICTURES, 'form.png'), fullPage: true });
  await page.getByLabel('電子郵件').fill(email);
  await page.getByLabel('國家或地區').selectOption({ label: '台灣' });
  await page.getByLabel('留言').fill('三個\n問題 & <b>');
  await page.getByRole('button').click();

  await page.getByRole('alert').waitFor();
  const name = page.getByLabel('姓名');
  assert.equal(await name.getAttribute('aria-invalid'), 'true');
  assert.equal(await page.locator(`#${await name.getAttribute('aria-describedby')}`).textContent(), '請填寫此欄位。');
  assert.equal(await page.getByLabel('電子郵件').inputValue(), email, 'nothing is lost');
  assert.equal(await page.getByLabel('留言').inputValue(), '三個\n問題 & <b>');
  assert.equal(await page.getByLabel('國家或地區').inputValue(), 'Taiwan');
  await page.screenshot({ path: join(PICTURES, 'form-wrong.png'), fullPage: true });
  assert.notEqual((await newest())?.email, email);

  await name.fill('王 小明');
  await page.getByLabel('我同意').check();
  await page.getByRole('button').click();
  await page.getByText('我們會在一個工作天內回覆。').waitFor();
  const lead = await with_mail(email);
  assert.equal(lead.campaignId, 'spring');
  assert.equal(lead.leadSource, 'Web site');
  assert.equal(lead.address.country, 'Taiwan');
  assert.deepEqual(lead.attributes, [{ name: 'utm_source', value: 'news' }, { name: 'utm_campaign', value: 'flyer' }]);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('nothing is wider than a phone, nothing is smaller than a finger', { skip }, async () => {
  const page = await page_of({ viewport: { width: 320, height: 640 }, isMobile: true });
  await page.goto(`${d.url}/forms/quote`);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  for (const control of await page.locator('input:visible, select, textarea, button').all())
    assert.ok((await control.boundingBox()).height >= 24);
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')].filter((c) => !c.labels.length)), []);
  await page.context().close();
});

test('inside a page of another site, as high as it is, with what that page\'s address says', { skip }, async () => {
  const complaints = [], email = `${request_id()}@buyer.example`;
  const page = await page_of({ viewport: { width: 1200, height: 900 } }, complaints);
  await page.goto(`${friend}/?utm_medium=mail`);
  const frame = page.frameLocator('iframe');
  await frame.getByLabel('姓名').waitFor();
  const height = () => page.locator('iframe').evaluate((f) => f.getBoundingClientRect().height);
  const inside = () => frame.locator('body').evaluate((b) => Math.ceil(b.getBoundingClientRect().height));
  await until('the frame is as high as the form', async () => (await height()) === (await inside()));
  const before = await height();
  await page.screenshot({ path: join(PICTURES, 'form-embedded.png'), fullPage: true });
  await frame.getByLabel('姓名').fill('Ada');
  await frame.getByLabel('電子郵件').fill(email);
  await frame.getByLabel('我同意').check();
  await frame.getByRole('button').click();
  await frame.getByText('我們會在一個工作天內回覆。').waitFor();
  await until('the frame is lower now', async () => (await height()) < before);
  const lead = await with_mail(email);
  assert.deepEqual(lead.attributes, [{ name: 'utm_medium', value: 'mail' }, { name: 'referrer', value: `${friend}/` }]);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a site that is not allowed cannot show it', { skip }, async () => {
  const complaints = [];
  const page = await page_of({}, complaints);
  await page.goto(stranger);
  await until('the browser says so', () => complaints.some((text) => /frame-ancestors/.test(text)));
  assert.equal(await page.frameLocator('iframe').getByLabel('姓名').count(), 0);
  await page.context().close();
});

test('the form itself, pasted into any site', { skip }, async () => {
  const email = `${request_id()}@buyer.example`;
  const pasted = await site(() => snippet('--html'));
  const page = await page_of({ javaScriptEnabled: false });
  await page.goto(pasted);
  await page.getByLabel('姓名').fill('Ada');
  await page.getByLabel('電子郵件').fill(email);
  await page.getByLabel('我同意').check();
  await page.getByRole('button').click();
  await page.getByText('我們會在一個工作天內回覆。').waitFor();
  assert.equal((await with_mail(email)).campaignId, 'spring');
  await page.context().close();
});

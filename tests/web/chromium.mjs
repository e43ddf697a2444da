// Debian's Chromium, as tests and benches of pages start it, and the windows they look through.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const FLAGS = '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

export const PASSWORD = 'correct horse battery staple';
export const DESKTOP = { viewport: { width: 1280, height: 800 }, locale: 'en-GB' };
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2, locale: 'en-GB' };

export const launch = () => chromium.launch({ executablePath: BROWSER, args: FLAGS.split(' ') });

/** At the door of a Baton: in, until what happens is heard. */
export async function enter(page, url, email, password) {
  await page.goto(url);
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('[role=status][data-state=live]').waitFor();
}

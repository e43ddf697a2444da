// The calendar, and administration, in a real browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request_id, shared, until } from '../e2e/lib.mjs';
import { accessible, DESKTOP, fits, no_complaints, PASSWORD, PHONE, picture, sign_in, skip, window_of } from './browser.mjs';

// Mantine names the days of its week views by their dates alone, and what stands in a month is 22 pixels high (a day shows the
// same larger).
const DAYS = ['label-content-name-mismatch'], MONTH = [...DAYS, 'target-size'];
const d = shared(set_up);
let ann, ada, desk;

async function set_up() {
  if (skip) return;
  ann = await d.user('Ann Able', 'rep');
  ada = await d.user('Ada Admin', 'admin');
  for (const user of [ann, ada]) await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: user.id, newPassword: PASSWORD });
}

const at = (hour, day = 0) => {
  const when = new Date();
  when.setHours(hour, 0, 0, 0);
  return new Date(when.getTime() + day * 86_400_000).toISOString();
};

test('the week shows what is planned; by keys something is planned anew', { skip }, async () => {
  await d.create('activity', { kind: 'ACTIVITY_KIND_MEETING', subject: 'Visit the plant', ownerId: ann.id, startAt: at(9), endAt: at(11), location: 'Hall 3' });
  await d.create('activity', { kind: 'ACTIVITY_KIND_CALL', subject: 'Every day', ownerId: ann.id, startAt: at(12), endAt: at(13), recurrence: 'FREQ=DAILY;COUNT=5' });
  desk = await window_of(DESKTOP);
  await sign_in(desk, `${d.url}/calendar`, ann);
  await desk.getByText('Visit the plant').first().waitFor();
  await desk.getByText('Every day').first().waitFor();
  assert.equal(await desk.getByRole('button', { name: 'Year', exact: true }).count(), 0, 'there is no year');
  await accessible(desk, 'a week', DAYS);
  await picture(desk, 'calendar-week');
  await desk.keyboard.press('c');
  const dialog = desk.getByRole('dialog', { name: 'Plan something' });
  await dialog.getByLabel('Subject').fill('Lunch with Ada');
  await accessible(desk, 'planning', DAYS);
  await desk.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await until('it is kept', async () => (await d.list('activity', { token: ann.token })).some((a) => a.subject === 'Lunch with Ada' && a.kind === 'ACTIVITY_KIND_MEETING'));
});

test('what is there is looked at, and done', { skip }, async () => {
  await desk.getByText('Visit the plant').first().click();
  const dialog = desk.getByRole('dialog', { name: 'Visit the plant' });
  await dialog.getByText('Hall 3').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await until('it is done', async () => (await d.list('activity', { token: ann.token })).find((a) => a.subject === 'Visit the plant').status === 'ACTIVITY_STATUS_DONE');
  await desk.keyboard.press('3');
  await desk.waitForURL(/view=month/);
  await desk.getByText('Every day').first().waitFor();
  await accessible(desk, 'a month', MONTH);
  await picture(desk, 'calendar-month');
});

test('on a phone, a day', { skip }, async () => {
  const phone = await window_of({ ...PHONE, locale: 'zh-TW', storageState: await desk.context().storageState() });
  await phone.goto(`${d.url}/calendar`);
  await phone.getByText('Every day').first().waitFor();
  await fits(phone);
  await picture(phone, 'calendar-phone-zh');
  await phone.context().close();
});

test('an administrator adds somebody to a team, sees how the services are, and lets somebody go', { skip }, async () => {
  const page = await window_of(DESKTOP);
  await sign_in(page, `${d.url}/admin`, ada);
  await page.getByRole('tab', { name: 'Teams' }).click();
  await page.getByLabel('New team').fill('North');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('rowheader', { name: 'North' }).waitFor();
  await accessible(page, 'teams');
  await page.getByRole('tab', { name: 'Users' }).click();
  await page.getByRole('button', { name: 'New user' }).click();
  const dialog = page.getByRole('dialog', { name: 'New user' });
  await dialog.getByLabel('Name', { exact: true }).fill('Nora North');
  await dialog.getByLabel('E-mail').fill('not an address');
  await dialog.getByLabel('Team').click();
  await page.getByRole('option', { name: 'North' }).click();
  await dialog.getByLabel('E-mail').fill('nora@staff.example');
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('rowheader', { name: 'Nora North' }).waitFor();
  await accessible(page, 'users');
  await picture(page, 'admin-users');
  const nora = await window_of(DESKTOP);
  await sign_in(nora, `${d.url}/`, { email: 'nora@staff.example' });
  await nora.getByRole('button', { name: 'More pages' }).click();
  await nora.getByRole('menuitem', { name: 'Import' }).waitFor();
  assert.equal(await nora.getByRole('menuitem', { name: 'Admin' }).count(), 0);
  await nora.context().close();
  await page.getByRole('row', { name: /Nora North/ }).getByRole('button', { name: 'Deactivate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
  await page.getByRole('row', { name: /Nora North.*has left/ }).waitFor();
  await page.getByRole('tab', { name: 'Services' }).click();
  await page.getByRole('listitem').filter({ hasText: 'notifications' }).getByText('ready').first().waitFor();
  await page.getByRole('listitem').filter({ hasText: 'notifications' }).getByText(/commits?, .* ms on average/).first().waitFor();
  await accessible(page, 'services');
  await picture(page, 'admin-services');
});

test('what people say of themselves', { skip }, async () => {
  await desk.goto(`${d.url}/settings`);
  const mine = desk.getByRole('region', { name: 'Profile' });
  await mine.getByLabel('Name', { exact: true }).fill('Ann Abler');
  await mine.getByLabel('Phone').fill('+49 30 901820');
  await mine.getByRole('combobox', { name: 'Time zone' }).fill('Taipei');
  await desk.getByRole('option', { name: 'Asia/Taipei' }).click();
  await mine.getByRole('switch', { name: 'Hours of my own' }).click();
  await mine.getByLabel('Monday').fill('9 to 5');
  await mine.getByRole('button', { name: 'Save' }).click();
  await mine.getByText('This is not understood').waitFor();
  await mine.getByLabel('Monday').fill('9-12, 13-17:30');
  await accessible(desk, 'a profile');
  await picture(desk, 'profile');
  await mine.getByRole('button', { name: 'Save' }).click();
  await desk.getByText('Ann Abler ·').waitFor();
  const { user } = await d.call('DirectoryService/GetMe', {}, { token: ann.token });
  assert.deepEqual([user.name, user.phone, user.timeZone, user.role], ['Ann Abler', '+49 30 901820', 'Asia/Taipei', 'ROLE_REP']);
  assert.deepEqual(user.workingHours.filter((h) => h.weekday === 1), [{ weekday: 1, startMinute: 540, endMinute: 720 }, { weekday: 1, startMinute: 780, endMinute: 1050 }]);
  await mine.getByRole('switch', { name: 'Hours of my own' }).click();
  await mine.getByRole('button', { name: 'Save' }).click();
  await until('the hours are those of the organisation', async () => (await d.call('DirectoryService/GetMe', {}, { token: ann.token })).user.workingHours === undefined);
});

no_complaints();

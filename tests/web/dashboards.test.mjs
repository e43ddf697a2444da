// Dashboards in a real browser: for whoever sells, for managers, for headquarters; figures with their units, and what is behind each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request_id, shared, until } from '../e2e/lib.mjs';
import { accessible, DESKTOP, fits, no_complaints, PASSWORD, PHONE, picture, sign_in, skip, window_of } from './browser.mjs';

const d = shared(set_up);
let mia, ann, boss, desk;

const euros = (n) => ({ currencyCode: 'EUR', minorUnits: `${n}00` });
const deal = (name, amount, owner, more = {}) => d.create('opportunity', { name, amount: euros(amount), ownerId: owner.id, ...more }, owner);
const end = (o, outcome, who, reason) => d.call('OpportunityService/CloseOpportunity', { requestId: request_id(), id: o.id, outcome: `STAGE_KIND_${outcome}`, reason }, who);

async function set_up() {
  if (skip) return;
  mia = await d.user('Mia Manager', 'manager');
  boss = await d.user('Bea Boss', 'admin');
  const team = await d.create('team', { name: 'North', managerId: mia.id });
  ann = await d.user('Ann Able', 'rep', { teamId: team.id });
  for (const user of [mia, ann, boss]) await d.call('DirectoryService/SetPassword', { requestId: request_id(), userId: user.id, newPassword: PASSWORD });
  await d.settled();
  await end(await deal('Won one', 2000, ann), 'WON', ann, 'Best fit');
  await end(await deal('Lost one', 700, ann), 'LOST', ann, 'Price');
  await deal('Open one', 9000, ann, { stageKey: 'negotiation', closeDate: new Date().toISOString().slice(0, 10) });
  await deal('Overdue one', 500, ann, { closeDate: '2020-01-01', nextStep: 'Call them', nextStepDueDate: '2020-01-02' });
  await d.create('activity', { kind: 'ACTIVITY_KIND_CALL', subject: 'Called them', status: 'ACTIVITY_STATUS_DONE', ownerId: ann.id }, ann);
  await until('the call counts', async () => (await d.call('AnalysisService/QueryMeasures', { measures: ['activities'] }, ann)).total?.values[0].count === '1');
}

const widget = (page, name) => page.getByRole('region', { name, exact: true });
const behind = (page) => page.getByRole('complementary', { name: 'Behind the figure' });

test('whoever sells sees their own, and what is behind it', { skip }, async () => {
  desk = await window_of(DESKTOP);
  await sign_in(desk, `${d.url}/dashboards`, ann);
  await desk.getByRole('heading', { name: 'My work' }).waitFor();
  await widget(desk, 'Won').getByText('1 deal', { exact: true }).waitFor();
  await widget(desk, 'Win rate').getByText('50 %').waitFor();
  await widget(desk, 'To close').getByRole('img', { name: 'To close, month by month' }).waitFor();
  await accessible(desk, 'my work');
  await picture(desk, 'dashboard-rep');
  await widget(desk, 'Won').getByRole('button').click();
  await behind(desk).getByRole('link', { name: 'Won one' }).waitFor();
  assert.equal(await behind(desk).getByRole('listitem').count(), 1);
  await accessible(desk, 'what is behind a figure');
  await picture(desk, 'dashboard-behind');
  await desk.keyboard.press('Escape');
  await behind(desk).waitFor({ state: 'detached' });
  await widget(desk, 'Pipeline by stage').getByRole('button', { name: /^Negotiation/ }).click();
  await behind(desk).getByRole('link', { name: 'Open one' }).waitFor();
  assert.equal(await behind(desk).getByRole('listitem').count(), 1);
  await desk.keyboard.press('Escape');
  await widget(desk, 'Activities').getByRole('button', { name: /^Call/ }).click();
  await behind(desk).getByText('Called them').waitFor();
  await desk.keyboard.press('Escape');
  await widget(desk, 'Deals at risk').getByRole('link', { name: 'Overdue one' }).waitFor();
  await desk.context().close();
});

test('managers see their people, and who enters what by a key', { skip }, async () => {
  desk = await window_of(DESKTOP);
  await sign_in(desk, `${d.url}/dashboards`, mia);
  await desk.getByRole('heading', { name: 'My team' }).waitFor();
  await widget(desk, 'Leader board').getByRole('row', { name: /Ann Able/ }).getByText('1 deal').waitFor();
  await widget(desk, 'Why deals are lost').getByRole('button', { name: /^Price/ }).click();
  await behind(desk).getByRole('link', { name: 'Lost one' }).waitFor();
  await desk.keyboard.press('Escape');
  await accessible(desk, 'my team');
  await picture(desk, 'dashboard-manager');
  await desk.keyboard.press('2');
  await widget(desk, 'Who enters what').getByRole('row', { name: /Ann Able/ }).waitFor();
  await accessible(desk, 'adoption');
  await picture(desk, 'dashboard-adoption');
  await desk.context().close();
});

test('headquarters sees months and teams', { skip }, async () => {
  desk = await window_of(DESKTOP);
  await sign_in(desk, `${d.url}/dashboards`, boss);
  await desk.getByRole('heading', { name: 'Headquarters' }).waitFor();
  await widget(desk, 'Won').getByRole('img', { name: 'Won, month by month' }).waitFor();
  await widget(desk, 'By team').getByRole('button', { name: /^North/ }).click();
  await behind(desk).getByRole('link', { name: 'Won one' }).waitFor();
  await desk.keyboard.press('Escape');
  await accessible(desk, 'headquarters');
  await picture(desk, 'dashboard-headquarters');
});

test('on a phone, in Chinese', { skip }, async () => {
  const phone = await window_of({ ...PHONE, locale: 'zh-TW' });
  await phone.goto(`${d.url}/dashboards`);
  await phone.getByLabel('電子郵件').fill(ann.email);
  await phone.getByLabel('密碼', { exact: true }).fill(PASSWORD);
  await phone.getByRole('button', { name: '登入' }).click();
  await phone.getByRole('heading', { name: '我的工作' }).waitFor();
  await widget(phone, '贏單').getByText('1 個商機').waitFor();
  await fits(phone);
  await accessible(phone, 'a dashboard on a phone');
  await picture(phone, 'dashboard-phone-zh');
  await widget(phone, '贏單').getByRole('button').tap();
  await phone.getByRole('link', { name: 'Won one' }).waitFor();
  await phone.context().close();
});

no_complaints();

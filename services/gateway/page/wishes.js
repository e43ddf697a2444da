// How somebody wants to be told: class by channel, quiet hours, digest, a pause.
import { call, change, serverNow } from './api.js';
import { $, make, say } from './dom.js';
import { CLASS, momentOf } from './words.js';

const CHANNEL = {
  CHANNEL_PUSH: 'Push', CHANNEL_MAIL: 'E-mail', CHANNEL_WEBHOOK: 'Webhook', CHANNEL_MQTT: 'MQTT', CHANNEL_TEMPLATE: 'HTTP',
};
const EVERYBODYS = ['CHANNEL_PUSH', 'CHANNEL_MAIL'];
const SNOOZE_H = 1;

let wishes = {}, routes = [], unsaved = 0, saved = Promise.resolve();

const minutesOf = (text) => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
const clockOf = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const chosen = (klass, channel) => (wishes.choices ?? []).find((c) => c.class === klass && c.channel === channel);

// All of them are kept each time, one time after the other; what is being typed meanwhile is not drawn over.
function keep(what) {
  wishes = { ...wishes, ...what };
  const { userId, ...all } = wishes;
  unsaved++;
  saved = saved.then(async () => {
    await change('NotificationService/SetPreferences', { preferences: all }).catch((error) => say(error.message, 'bad'));
    if (--unsaved === 0) await drawWishes().catch((error) => say(error.message, 'bad'));
  });
}

function choose(klass, channel, on) {
  const others = (wishes.choices ?? []).filter((c) => c.class !== klass || c.channel !== channel);
  return keep({ choices: [...others, { class: klass, channel, on }] });
}

function switchOf(label, on, act) {
  const box = make('input');
  box.type = 'checkbox';
  box.checked = on;
  box.setAttribute('aria-label', label);
  box.addEventListener('change', () => act(box.checked));
  return box;
}

function routeRow(route, channels) {
  const row = make('tr'), digest = wishes.digestClasses ?? [], name = CLASS[route.class] ?? route.class;
  row.append(make('th', '', name));
  for (const channel of channels) {
    const cell = make('td');
    cell.append(switchOf(`${name}: ${CHANNEL[channel]}`, (route.channels ?? []).includes(channel), (on) => choose(route.class, channel, on)));
    row.append(cell);
  }
  const cell = make('td');
  cell.append(switchOf(`${name}: once a day`, digest.includes(route.class),
    (on) => keep({ digestClasses: on ? [...digest, route.class] : digest.filter((c) => c !== route.class) })));
  row.append(cell);
  return row;
}

function drawTable() {
  const used = new Set([...EVERYBODYS, ...routes.flatMap((r) => r.channels ?? []), ...(wishes.choices ?? []).map((c) => c.channel)]);
  const channels = Object.keys(CHANNEL).filter((c) => used.has(c));
  const head = make('tr');
  head.append(make('th', '', ''), ...channels.map((c) => make('th', '', CHANNEL[c])), make('th', '', 'Once a day'));
  $('wishes').replaceChildren(head, ...routes.filter((r) => CLASS[r.class]).map((r) => routeRow(r, channels)));
}

function drawHours() {
  const form = $('hours').elements, [quiet] = wishes.quietHours ?? [];
  form.quiet.checked = Boolean(quiet);
  form.from.value = clockOf(quiet?.startMinute ?? (quiet ? 0 : 1200));
  form.to.value = clockOf((quiet?.endMinute ?? 420) % 1440);
  form.digest.value = clockOf(wishes.digestMinute ?? 480);
  const until = Date.parse(wishes.snoozeUntil ?? '');
  const paused = until > serverNow();
  $('snooze').textContent = paused ? `Paused until ${momentOf(until)}. Go on now` : 'Pause for an hour';
  $('snooze').onclick = () => keep({ snoozeUntil: paused ? undefined : new Date(serverNow() + SNOOZE_H * 3600000).toISOString() });
}

function takeHours() {
  const form = $('hours').elements, to = minutesOf(form.to.value);
  const quietHours = form.quiet.checked ? [{ startMinute: minutesOf(form.from.value), endMinute: to || 1440 }] : [];
  if (form.from.value && form.to.value && form.digest.value) keep({ quietHours, digestMinute: minutesOf(form.digest.value) });
}

export async function drawWishes() {
  const answer = await call('NotificationService/GetPreferences');
  wishes = answer.preferences ?? {};
  routes = answer.routes ?? [];
  drawTable();
  drawHours();
}

export function prepareWishes() {
  $('hours').addEventListener('change', takeHours);
  $('hours').addEventListener('submit', (event) => event.preventDefault());
}

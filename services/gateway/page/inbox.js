// The lead inbox: what there is, in order of its deadline; what comes, as it comes; what to do with it.
import { hearAlert, openCentre, prepareCentre } from './alerts.js';
import { call, change, serverNow } from './api.js';
import { drawCard, drawRing, newCard } from './card.js';
import { askReason, prepareReasons } from './decline.js';
import { $, copyOf, say, show } from './dom.js';
import { markSeen, startLive, stopLive } from './live.js';
import { closePanel, openPanel, openRecord, panelLead } from './panel.js';
import { nameOf } from './words.js';

// Their text says why the lead is where it is.
const WHY = ['NOTIFICATION_CLASS_LEAD_ASSIGNED', 'NOTIFICATION_CLASS_LEAD_REASSIGNED', 'NOTIFICATION_CLASS_LEAD_MERGED'];
const OPEN = ['LEAD_STATUS_ASSIGNED', 'LEAD_STATUS_WORKING'];
const PAGE = 100, PAGES_MAX = 5, ALL_EVERY_MS = 3000, MINE_EVERY_MS = 60000, EXPLAINED_AT_ONCE = 2;
const AFTER_DEADLINE_MS = 1500, LEAVE_MS = 6000;

const GROUPS = [
  ['Waiting for an answer', (e) => e.lead.status === 'LEAD_STATUS_ASSIGNED'],
  ['In work', (e) => e.lead.status !== 'LEAD_STATUS_ASSIGNED'],
];

const EMPTY = {
  rep: ['All answered', 'New leads appear here by themselves, the moment they are yours. Keep this page open.', ''],
  mine: ['Nothing waits for you', 'New leads appear here by themselves. “All leads” shows what everybody holds.', ''],
  all: ['No leads yet', 'Bring in the first one: a web form, a CSV file, the API, or on the console', 'baton lead capture --email ada@b.example --company "B"'],
};

let me, people, queue, entries, heard, selected, timers, loading, again, shownOnce, explaining, ended;

const isLead = () => me.role === 'ROLE_ADMIN' || me.role === 'ROLE_MANAGER';
const isMine = (lead) => lead.ownerId === me.id;
const holderOf = (lead) => (isMine(lead) ? 'you' : people.get(lead.ownerId) ?? 'nobody yet');
const cardOf = (id) => document.querySelector(`.card[data-id="${CSS.escape(id)}"]`);

function sorted() {
  const due = (e) => (e.lead.status === 'LEAD_STATUS_ASSIGNED' && Date.parse(e.lead.responseDueAt)) || Infinity;
  const first = (a, b) => (a.lead.id < b.lead.id ? -1 : 1);
  return [...entries.values()].sort((a, b) => {
    if (due(a) !== due(b)) return due(a) - due(b);
    return due(a) === Infinity ? first(b, a) : first(a, b);
  });
}

// --- drawing ---

function drawEmpty() {
  const [title, text, code] = EMPTY[queue === 'all' ? 'all' : isLead() ? 'mine' : 'rep'];
  const box = $('empty');
  show(box, entries.size === 0 && shownOnce);
  box.querySelector('h2').textContent = title;
  box.querySelector('p').textContent = text;
  box.querySelector('code').textContent = code;
  show(box.querySelector('code'), code !== '');
}

function drawTitle() {
  const n = [...entries.values()].filter((e) => isMine(e.lead) && e.lead.status === 'LEAD_STATUS_ASSIGNED').length;
  document.title = n ? `(${n}) Baton` : 'Baton';
}

// Cards stay the same elements, so that focus, scroll and animations survive.
function drawGroup(section, title, list) {
  show(section, list.length > 0);
  section.querySelector('h2 span').textContent = title;
  section.querySelector('h2 b').textContent = String(list.length);
  const ul = section.querySelector('ul');
  const kept = new Set(list.map((e) => e.lead.id));
  for (const card of [...ul.children]) if (!kept.has(card.dataset.id)) card.remove();
  list.forEach((entry, i) => {
    const card = cardOf(entry.lead.id) ?? newCard();
    drawCard(card, entry, { mine: isMine(entry.lead), holder: holderOf(entry.lead), selected: entry.lead.id === selected });
    if (ul.children[i] !== card) ul.insertBefore(card, ul.children[i] ?? null);
    if (entry.fresh) {
      card.classList.add('fresh');
      entry.fresh = false;
    }
  });
}

function draw() {
  const lists = $('lists');
  while (lists.children.length < GROUPS.length) lists.append(copyOf('group'));
  const list = sorted();
  GROUPS.forEach(([title, belongs], i) => drawGroup(lists.children[i], title, list.filter(belongs)));
  drawEmpty();
  drawTitle();
  look();
  explainSome();
}

function tick() {
  for (const entry of entries.values()) {
    const card = cardOf(entry.lead.id);
    const c = card && drawRing(card, entry);
    if (c && c.left < -AFTER_DEADLINE_MS && !entry.asked && isMine(entry.lead)) {
      entry.asked = true;
      reload();
    }
  }
}

// --- what there is ---

async function fetchLeads() {
  const leads = [];
  const request = { pageSize: PAGE, status: OPEN, ...(queue === 'mine' ? { ownerId: me.id } : {}) };
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await call('LeadService/ListLeads', request);
    leads.push(...(answer.leads ?? []));
    request.pageToken = answer.nextPageToken;
    if (!request.pageToken || (queue === 'all' && leads.length >= PAGE)) break;
  }
  return leads;
}

function leave(entry, why) {
  entry.leaving = why;
  entry.unseen.clear();
  setTimeout(() => {
    if (entries.get(entry.lead.id) !== entry || !entry.leaving) return;
    entries.delete(entry.lead.id);
    draw();
  }, LEAVE_MS);
}

function take(leads) {
  const there = new Set(leads.map((l) => l.id));
  for (const entry of [...entries.values()]) {
    if (there.has(entry.lead.id) || entry.leaving) continue;
    if (queue === 'mine' && entry.lead.status === 'LEAD_STATUS_ASSIGNED') leave(entry, 'Handed on: the time to accept it was over.');
    else entries.delete(entry.lead.id);
  }
  for (const lead of leads) {
    const known = entries.get(lead.id), n = heard.get(lead.id);
    const entry = known && !known.leaving ? known : { unseen: new Set(), fresh: shownOnce };
    entry.lead = lead;
    if (n && isMine(lead)) Object.assign(entry, { reason: n.reason, since: n.since, unseen: n.unseen });
    entries.set(lead.id, entry);
  }
}

// Asked for while one is under way, it is done once more afterwards.
async function reload() {
  again = loading;
  if (loading) return;
  loading = true;
  const asked = queue;
  try {
    const leads = await fetchLeads();
    if (asked === queue) {
      take(leads);
      shownOnce = true;
    }
    draw();
  } catch (error) {
    if (error.code === 'unauthenticated') return ended();
    if (error.code !== 'unavailable') say(error.message, 'bad');
  } finally {
    loading = false;
  }
  drawEmpty();
  if (again) reload();
}

// Leads that came without a notification (of others, or of long ago) say why they are where they are too.
async function explainSome() {
  if (explaining >= EXPLAINED_AT_ONCE) return;
  const entry = sorted().find((e) => e.reason === undefined && !e.leaving);
  if (!entry) return;
  entry.reason = null;
  explaining++;
  try {
    const { decisions = [] } = await call('LeadService/ExplainLead', { id: entry.lead.id });
    const last = decisions.at(-1);
    entry.reason ??= last?.summary ?? null;
    entry.since ??= Date.parse(last?.decision?.decidedAt) || undefined;
  } catch {
    // it may have gone to somebody else meanwhile
  }
  explaining--;
  if (me) draw();
}

// --- what comes ---

function hear(n, live = true) {
  const of = heard.get(n.leadId) ?? { unseen: new Set() };
  if (WHY.includes(n.class)) {
    of.reason = n.text;
    of.since = Date.parse(n.createdAt);
  }
  if (!n.seenAt) of.unseen.add(n.id);
  heard.set(n.leadId, of);
  if (!live) return;
  hearAlert(n);
  if (!n.silent && serverNow() - Date.parse(n.createdAt) < 60000) say(n.title);
  reload();
}

function cleared(ids) {
  for (const id of ids) for (const of of heard.values()) of.unseen.delete(id);
  for (const entry of entries.values()) cardOf(entry.lead.id)?.classList.toggle('unseen', entry.unseen.size > 0);
}

// Seen is what stands on a page that is being looked at.
function look() {
  if (document.visibilityState !== 'visible') return;
  const seen = [];
  for (const entry of entries.values()) {
    const box = entry.unseen.size && cardOf(entry.lead.id)?.getBoundingClientRect();
    if (box && box.bottom > 0 && box.top < innerHeight) seen.push(...entry.unseen);
  }
  if (seen.length) markSeen(seen);
}

function state(word) {
  const line = $('link');
  if (word === 'live' && line.dataset.state !== 'live') reload();
  line.dataset.state = word;
  line.lastElementChild.textContent = word;
}

// --- what to do ---

async function act(entry, doing, doIt) {
  const card = cardOf(entry.lead.id);
  card?.classList.add('busy');
  try {
    entry.lead = (await doIt()).lead;
    say(doing);
    return true;
  } catch (error) {
    if (error.code === 'unauthenticated') ended();
    else say(error.message, 'bad');
    return false;
  } finally {
    card?.classList.remove('busy');
    reload();
  }
}

async function accept({ id }) {
  const entry = entries.get(id);
  if (!entry || !isMine(entry.lead) || entry.lead.status !== 'LEAD_STATUS_ASSIGNED') return;
  const done = await act(entry, `${nameOf(entry.lead)} is yours.`, () => change('LeadService/AcceptLead', { id }));
  if (done) draw();
  if (done && panelLead() === id) open(id);
}

function decline({ id }) {
  const entry = entries.get(id);
  if (!entry || !isMine(entry.lead) || entry.lead.status !== 'LEAD_STATUS_ASSIGNED') return;
  askReason(nameOf(entry.lead), async (reason) => {
    const { lead } = await change('LeadService/DeclineLead', { id, reason });
    select(neighbour(id, 1) ?? neighbour(id, -1));
    entries.delete(id);
    if (panelLead() === id) closePanel();
    say(isMine(lead) ? 'Nobody else could take it; it stays with you.' : `Declined. It went to ${people.get(lead.ownerId) ?? 'the next colleague'}.`);
    draw();
    reload();
  });
}

// --- moving about ---

const shownIds = () => [...document.querySelectorAll('.card')].map((card) => card.dataset.id);

function neighbour(id, step) {
  const ids = shownIds(), at = ids.indexOf(id);
  return at < 0 ? ids[0] : ids[at + step];
}

function select(id) {
  if (!id) return;
  document.querySelector('.card.selected')?.classList.remove('selected');
  selected = id;
  const card = cardOf(id);
  card?.classList.add('selected');
  card?.scrollIntoView({ block: 'nearest' });
  card?.focus({ preventScroll: true });
}

function open(id) {
  const entry = entries.get(id);
  if (!entry) return;
  select(id);
  const waits = isMine(entry.lead) && entry.lead.status === 'LEAD_STATUS_ASSIGNED' && !entry.leaving;
  openPanel(entry.lead, {
    mine: isMine(entry.lead), holder: holderOf(entry.lead), accept: waits && accept, decline: waits && decline,
  }, cardOf(id));
}

// Also one that is not in the list: somebody else's, or long done.
export async function openLead(id) {
  if (entries.has(id)) return open(id);
  try {
    const { lead } = await call('LeadService/GetLead', { id });
    openPanel(lead, { mine: isMine(lead), holder: holderOf(lead) });
  } catch (error) {
    say(error.message, 'bad');
  }
}

// "#lead=ID": how a push or a mail leads here.
export function openLinked(hash) {
  const id = new URLSearchParams(hash.replace(/^#/, '')).get('lead');
  if (!id || !me) return false;
  history.replaceState(null, '', location.pathname);
  openLead(id);
  return true;
}

// What was searched for: a lead that stands on the page is opened there.
export function openFound(type, record, from) {
  if (type !== 'lead') openRecord(type, record, people.get(record.ownerId), from);
  else if (entries.has(record.id)) open(record.id);
  else openPanel(record, { mine: isMine(record), holder: holderOf(record) }, from);
}

function move(step) {
  const id = neighbour(selected, step);
  select(id);
  if (id && panelLead()) open(id);
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Enter: () => open(selected),
  ' ': () => (panelLead() === selected ? closePanel() : open(selected)),
  a: () => selected && accept({ id: selected }),
  d: () => selected && decline({ id: selected }),
  Escape: () => closePanel(),
};

function key(event) {
  const busy = event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]');
  if (!me || busy || event.target.closest('input, textarea, select')) return;
  const onButton = event.target.closest('button, a, summary') && ['Enter', ' '].includes(event.key);
  const does = !onButton && KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!does) return;
  event.preventDefault();
  does();
}

function click(event) {
  const card = event.target.closest('.card');
  if (!card) return;
  const id = card.dataset.id;
  if (event.target.closest('.accept')) accept({ id });
  else if (event.target.closest('.acts .decline')) decline({ id });
  else open(id);
}

function switchTo(name) {
  queue = name;
  entries.clear();
  shownOnce = false;
  closePanel();
  for (const button of $('queues').children) button.setAttribute('aria-pressed', String(button.dataset.queue === name));
  draw();
  reload();
}

async function learnPeople() {
  const request = { type: 'user', pageSize: 200 };
  do {
    const answer = await call('RecordService/ListRecords', request);
    for (const { user } of answer.records ?? []) people.set(user.id, user.name);
    request.pageToken = answer.nextPageToken;
  } while (request.pageToken && people.size < 2000);
}

async function learnNotifications() {
  const { notifications = [] } = await call('NotificationService/ListNotifications', { pageSize: PAGE });
  for (const n of notifications.reverse()) hear(n, false);
}

// Once for the page's whole life.
export function prepareInbox() {
  prepareReasons();
  prepareCentre();
  navigator.serviceWorker?.addEventListener('message', ({ data }) => openLinked(new URL(data.open, location.href).hash));
  document.addEventListener('keydown', key);
  $('lists').addEventListener('click', click);
  $('queues').addEventListener('click', (event) => event.target.dataset.queue && switchTo(event.target.dataset.queue));
  document.addEventListener('visibilitychange', () => me && document.visibilityState === 'visible' && (look(), reload()));
  addEventListener('scroll', () => me && look(), { passive: true });
}

export async function openInbox(user, whenEnded) {
  me = user;
  ended = whenEnded;
  [people, entries, heard] = [new Map(), new Map(), new Map()];
  [queue, selected, loading, again, shownOnce, explaining] = ['mine', undefined, false, false, false, 0];
  show($('queues'), isLead());
  $('who').textContent = user.name;
  timers = [setInterval(tick, 500), setInterval(() => reload(), MINE_EVERY_MS),
    setInterval(() => queue === 'all' && document.visibilityState === 'visible' && reload(), ALL_EVERY_MS)];
  learnPeople().then(() => me && draw()).catch(() => {});
  await learnNotifications().catch(() => {});
  await reload();
  openCentre(user, openLead);
  await startLive(user.id, { notification: (n) => hear(n), cleared, refresh: reload, state, ended });
}

export function closeInbox() {
  stopLive();
  closePanel();
  timers?.forEach(clearInterval);
  me = timers = undefined;
  document.title = 'Baton';
  $('lists').replaceChildren();
}

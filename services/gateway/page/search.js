// The search box: people, accounts and leads as one types. A combobox as the ARIA practices have it.
import { openFound } from './inbox.js';
import { $, make, say, show } from './dom.js';
import { nameOf } from './words.js';

const WAIT_MS = 120, SHOWN = 8;

const KINDS = {
  account: { word: 'account', name: (a) => a.name, facts: (a) => [a.industry, a.phone, a.website] },
  contact: { word: 'person', name: nameOf, facts: (c) => [c.title, c.email, c.mobilePhone ?? c.phone] },
  lead: { word: 'lead', name: nameOf, facts: (l) => [l.company, l.email, l.mobilePhone ?? l.phone] },
};

let found = [], at = -1, waiting, asking, asked = '';

const input = () => $('find');
const list = () => $('found');

function point(to) {
  at = to;
  [...list().children].forEach((item, i) => item.setAttribute('aria-selected', String(i === at)));
  if (at < 0) input().removeAttribute('aria-activedescendant');
  else input().setAttribute('aria-activedescendant', `found-${at}`);
  list().children[at]?.scrollIntoView({ block: 'nearest' });
}

function close() {
  clearTimeout(waiting);
  asking?.abort();
  show(list(), false);
  input().setAttribute('aria-expanded', 'false');
  point(-1);
}

function item({ type, [type]: record }, i) {
  const kind = KINDS[type];
  const row = make('li');
  row.id = `found-${i}`;
  row.setAttribute('role', 'option');
  const name = kind.name(record);
  const facts = kind.facts(record).filter((text) => text && text !== name).join(' · ');
  row.append(make('b', '', name), make('span', 'kind', kind.word), make('span', 'facts', facts));
  return row;
}

function draw(answer) {
  found = answer.found.slice(0, SHOWN);
  const rows = found.map(item);
  if (!rows.length) rows.push(make('li', 'none', answer.missing.length ? 'Not everything could be searched. Try again.' : 'Nothing found.'));
  list().replaceChildren(...rows);
  show(list());
  input().setAttribute('aria-expanded', 'true');
  point(found.length ? 0 : -1);
}

async function ask(text) {
  asking?.abort();
  asking = new AbortController();
  try {
    const query = new URLSearchParams({ q: text, limit: String(SHOWN) });
    const response = await fetch(`/v1/search?${query}`, { signal: asking.signal });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message ?? 'Nothing can be searched now.');
    if (text === input().value.trim()) draw(answer);
  } catch (error) {
    if (error.name !== 'AbortError') say(error.message, 'bad');
  }
}

// Only what is new is asked for, once whoever types pauses.
function typed() {
  const text = input().value.trim();
  clearTimeout(waiting);
  if (!text) {
    asked = '';
    return close();
  }
  if (text === asked && !list().hidden) return undefined;
  asked = text;
  waiting = setTimeout(ask, WAIT_MS, text);
  return undefined;
}

function choose(i) {
  const one = found[i];
  if (!one) return;
  close();
  input().blur();
  openFound(one.type, one[one.type], input());
}

const KEYS = {
  ArrowDown: () => (list().hidden ? typed() : point(Math.min(at + 1, found.length - 1))),
  ArrowUp: () => point(Math.max(at - 1, 0)),
  Enter: () => !list().hidden && choose(at),
  Escape: () => (list().hidden ? input().blur() : close()),
};

export function prepareSearch() {
  input().addEventListener('input', typed);
  input().addEventListener('focus', typed);
  input().addEventListener('keydown', (event) => {
    if (!KEYS[event.key] || event.isComposing) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  // before the box loses the focus
  list().addEventListener('pointerdown', (event) => {
    event.preventDefault();
    choose([...list().children].indexOf(event.target.closest('li')));
  });
  input().addEventListener('blur', close);
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target.closest('input, textarea, select') || $('desk').hidden || $('decline').open) return;
    event.preventDefault();
    input().focus();
  });
}

export function emptySearch() {
  input().value = '';
  asked = '';
  close();
}

// One lead as a card, and its countdown.
import { serverNow } from './api.js';
import { copyOf, make, show } from './dom.js';
import { factsOf, nameOf, remainingText } from './words.js';

const AMBER = 0.25;

// What a ring shows: the server said until when; here it is only counted down.
export function countdown({ lead, since }) {
  const due = Date.parse(lead.responseDueAt ?? '');
  if (lead.status !== 'LEAD_STATUS_ASSIGNED' || Number.isNaN(due)) return undefined;
  const left = due - serverNow();
  const start = Math.min(since ?? Date.parse(lead.updatedAt ?? lead.receivedAt), due - 1);
  const part = Math.max(0, Math.min(1, left / (due - start)));
  const state = left <= 0 ? 'breached' : lead.reminded || part < AMBER ? 'amber' : 'calm';
  return { left, part, state, text: remainingText(left) };
}

export function drawRing(card, entry) {
  const ring = card.querySelector('.ring');
  const c = countdown(entry);
  ring.dataset.state = c ? c.state : entry.lead.status === 'LEAD_STATUS_ASSIGNED' ? 'open' : 'done';
  ring.lastElementChild.textContent = c ? c.text : '';
  ring.classList.toggle('long', c?.text.length > 5);
  ring.setAttribute('aria-label', c ? (c.left > 0 ? `${c.text} left to accept` : 'deadline passed') : 'no deadline');
  ring.querySelector('circle:last-child').setAttribute('stroke-dashoffset', c ? String(100 - 100 * c.part) : '0');
  return c;
}

// `entry`: lead, reason, since, unseen, leaving; `mine`: its holder is who looks at it.
export function drawCard(card, entry, { mine, holder, selected }) {
  const { lead } = entry;
  const waits = lead.status === 'LEAD_STATUS_ASSIGNED';
  card.dataset.id = lead.id;
  card.dataset.status = waits ? 'waiting' : 'working';
  card.classList.toggle('unseen', entry.unseen.size > 0);
  card.classList.toggle('selected', selected);
  card.querySelector('.open').textContent = nameOf(lead);
  card.querySelector('.facts').replaceChildren(...factsOf(lead).map((text) => make('span', '', text)));
  const why = card.querySelector('.why');
  why.textContent = entry.reason ?? '';
  show(why, Boolean(entry.reason) && (waits || !mine));
  const note = card.querySelector('.note');
  note.textContent = entry.leaving ?? (mine ? '' : `with ${holder}`);
  show(note, note.textContent !== '');
  card.classList.toggle('leaving', Boolean(entry.leaving));
  show(card.querySelector('.acts'), mine && waits && !entry.leaving);
  drawRing(card, entry);
}

export function newCard() {
  return copyOf('card').firstElementChild;
}

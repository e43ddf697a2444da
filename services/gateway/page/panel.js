// The side panel: one lead's facts, and why it went where it went.
import { call } from './api.js';
import { $, copyOf, make, show } from './dom.js';
import { missingForm } from './missing.js';
import { momentOf, nameOf, rowsOf, statusOf } from './words.js';
import { writtenBlock } from './written.js';

const CANDIDATES_SHOWN = 12;

const TRIGGER = {
  ROUTE_TRIGGER_ARRIVED: 'When it arrived',
  ROUTE_TRIGGER_DECLINED: 'When it was declined',
  ROUTE_TRIGGER_DEADLINE_PASSED: 'When the deadline passed',
  ROUTE_TRIGGER_UNSEEN: 'When its holder did not look in time',
  ROUTE_TRIGGER_HOLDER_LEFT: 'When its holder left',
  ROUTE_TRIGGER_TERRITORY_MOVED: 'When it came to another territory',
  ROUTE_TRIGGER_CAME_BACK: 'When its day had come',
  ROUTE_TRIGGER_BY_HAND: 'By hand',
};

let shown, opener;

// Links only to what can be nothing but a way to reach somebody.
function reach(lead) {
  const ways = [];
  if (lead.phone || lead.mobilePhone) ways.push(['Call', `tel:${(lead.mobilePhone ?? lead.phone).replace(/[^+\d]/g, '')}`]);
  if (lead.email) ways.push(['E-mail', `mailto:${encodeURIComponent(lead.email).replace('%40', '@')}`]);
  if (/^https?:\/\//i.test(lead.website ?? '')) ways.push(['Website', lead.website]);
  return ways.map(([text, href]) => {
    const a = make('a', 'button', text);
    a.href = href;
    a.rel = 'noreferrer noopener';
    if (text === 'Website') a.target = '_blank';
    return a;
  });
}

function candidateRows(candidates, owner) {
  const list = make('ul', 'people');
  const add = (c) => {
    const item = make('li', c.userId === owner ? 'chosen' : '');
    item.append(make('b', '', c.name || 'somebody'), make('span', '', c.userId === owner ? 'got it' : c.text ?? ''));
    list.append(item);
  };
  const first = [...candidates].sort((a, b) => (b.userId === owner) - (a.userId === owner));
  first.slice(0, CANDIDATES_SHOWN).forEach(add);
  if (first.length > CANDIDATES_SHOWN) {
    const more = make('button', 'quiet', `and ${first.length - CANDIDATES_SHOWN} more`);
    more.addEventListener('click', () => {
      more.parentElement.remove();
      first.slice(CANDIDATES_SHOWN).forEach(add);
    });
    const item = make('li');
    item.append(more);
    list.append(item);
  }
  return list;
}

function ruleRow(rule, owner) {
  const item = make('li', rule.matched ? 'matched' : '');
  item.append(make('b', '', rule.name), make('span', '', rule.text ?? (rule.matched ? 'matched' : 'did not match')));
  if (rule.candidates?.length) {
    const title = rule.poolName ? `Pool ${rule.poolName}` : 'Candidates';
    item.append(make('h4', '', rule.hoursWaived ? `${title} (nobody was at work, so hours were left aside)` : title));
    item.append(candidateRows(rule.candidates, owner));
  }
  return item;
}

function decisionBlock(explained, newest) {
  const d = explained.decision ?? {};
  const block = make('details', 'decision');
  block.open = newest;
  const summary = make('summary');
  summary.append(make('span', '', TRIGGER[d.trigger] ?? 'Decision'), make('time', '', momentOf(d.decidedAt)));
  block.append(summary, make('p', 'sentence', explained.summary ?? ''));
  if (explained.rules?.length) {
    const rules = make('ol', 'rules');
    rules.append(...explained.rules.map((r) => ruleRow(r, d.ownerId)));
    block.append(rules);
  }
  return block;
}

// Whoever holds an open lead is asked for what is missing; what they say is shown at once.
function ask(lead, sheet) {
  const place = sheet.querySelector('.ask');
  const saved = (now) => {
    sheet.querySelector('dl').replaceChildren(...factRows(now));
    ask(now, sheet);
  };
  place.replaceChildren(...(lead.missing?.length ? [missingForm(lead, saved)] : []));
}

const factRows = (lead) => rowsOf(lead).flatMap(([label, text]) => [make('dt', '', label), make('dd', '', text)]);

async function explain(lead, sheet, mine) {
  const section = sheet.querySelector('.explain');
  const hint = section.querySelector('.hint');
  try {
    const answer = await call('LeadService/ExplainLead', { id: lead.id });
    const decisions = [...(answer.decisions ?? [])].reverse();
    hint.remove();
    if (mine && answer.lead?.open) ask(answer.lead, sheet);
    if (answer.acknowledgement)
      section.before(writtenBlock(answer.acknowledgement, answer.lead.acknowledgedAt));
    section.append(...decisions.map((d, i) => decisionBlock(d, i === 0)));
    if (!decisions.length) section.append(make('p', 'hint', lead.statusReason ?? 'Nothing has been decided about it.'));
  } catch (error) {
    hint.textContent = error.message;
  }
}

export const panelLead = () => shown;

// `acts`: accept(lead), decline(lead) where this user may, otherwise undefined; `holder`: the owner's name.
export function openPanel(lead, { mine, holder, accept, decline }, from) {
  const panel = $('panel');
  const again = shown === lead.id;
  if (!again) opener = from;
  shown = lead.id;
  const sheet = copyOf('sheet');
  sheet.querySelector('h2').textContent = nameOf(lead);
  sheet.querySelector('.sub').textContent = [lead.company !== nameOf(lead) && lead.company,
    mine ? statusOf(lead) : `with ${holder}, ${statusOf(lead)}`].filter(Boolean).join(' · ');
  sheet.querySelector('.reach').append(...reach(lead));
  const message = sheet.querySelector('blockquote');
  message.textContent = lead.message ?? '';
  show(message, Boolean(lead.message));
  sheet.querySelector('dl').append(...factRows(lead));
  const acts = sheet.querySelector('.acts');
  show(acts, Boolean(accept));
  acts.querySelector('.accept').addEventListener('click', () => accept?.(lead));
  acts.querySelector('.decline').addEventListener('click', () => decline?.(lead));
  sheet.querySelector('.close').addEventListener('click', closePanel);
  panel.replaceChildren(sheet);
  show(panel);
  document.body.classList.add('peeking');
  if (!again) panel.focus({ preventScroll: true });
  return explain(lead, panel, mine);
}

// An account or a contact: its facts alone.
export function openRecord(type, record, owner, from) {
  opener = from;
  shown = record.id;
  const sheet = copyOf('sheet');
  sheet.querySelector('h2').textContent = type === 'account' ? record.name : nameOf(record);
  sheet.querySelector('.sub').textContent = [type === 'account' ? 'account' : 'person', owner && `with ${owner}`].filter(Boolean).join(' · ');
  sheet.querySelector('.reach').append(...reach(record));
  sheet.querySelector('dl').append(...factRows({ ...record, address: record.mailingAddress ?? record.billingAddress }));
  for (const part of ['blockquote', '.acts', '.ask', '.explain']) sheet.querySelector(part).remove();
  sheet.querySelector('.close').addEventListener('click', closePanel);
  $('panel').replaceChildren(sheet);
  show($('panel'));
  document.body.classList.add('peeking');
  $('panel').focus({ preventScroll: true });
}

export function closePanel() {
  if (!shown) return;
  shown = undefined;
  show($('panel'), false);
  document.body.classList.remove('peeking');
  if (opener?.isConnected) opener.focus({ preventScroll: true });
}

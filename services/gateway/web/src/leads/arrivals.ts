// A lead that something happened to is brought by itself and put in its place: for one, the list is not asked anew.
import type { QueryClient } from '@tanstack/react-query';
import { Meanwhile } from '../api/fresh';
import { type Lead, LeadStatus } from '../gen/baton/v1/leads_pb';

const AT_ONCE = 4;
const MANY = 20;
export const OPEN = [LeadStatus.ASSIGNED, LeadStatus.WORKING];

// Everything open that I may see, or what its owner holds.
export interface Open {
  leads: Lead[];
  isCut: boolean;
  ownerId?: string;
  // When the list was asked for: leads that were brought by themselves since do not put off the next time.
  askedAt?: number;
}

export const meanwhile = new Meanwhile<Open>();

export const withoutLead = (page: Open, id: string): Open => ({ ...page, leads: page.leads.filter((one) => one.id !== id) });

// Of two states of a lead the newer counts; what is done with, or somebody else's, is not in the list.
export function withLead(page: Open, lead: Lead): Open {
  const at = page.leads.findIndex((one) => one.id === lead.id);
  if (at >= 0 && page.leads[at].revision > lead.revision) return page;
  if (!OPEN.includes(lead.status) || (page.ownerId && page.ownerId !== lead.ownerId)) return at < 0 ? page : withoutLead(page, lead.id);
  return { ...page, leads: at < 0 ? [lead, ...page.leads] : page.leads.map((one, i) => (i === at ? lead : one)) };
}

// `ask`: the lead as it is now; undefined: I may not see it any more.
export function bringer(client: QueryClient, ask: (id: string) => Promise<Lead | undefined>) {
  const waiting = new Set<string>();
  const acted = new Map<string, number>();
  let working = 0;
  let acts = 0;

  // What this page does itself: an answer from before it, or while it is under way, does not count. Whoever does it asks anew in the end.
  function begin(id: string) {
    acts++;
    acted.set(id, (acted.get(id) ?? 0) + 1);
  }

  function end(id: string) {
    const left = (acted.get(id) ?? 1) - 1;
    if (left > 0) acted.set(id, left);
    else acted.delete(id);
  }

  async function bring(id: string) {
    for (let before = -1; before !== acts && !acted.has(id);) {
      before = acts;
      const lead = await ask(id);
      if (before !== acts) continue;
      const change = (page: Open) => (lead ? withLead(page, lead) : withoutLead(page, id));
      meanwhile.tell(change);
      client.setQueriesData<Open>({ queryKey: ['leads'] }, (page) => page && change(page));
    }
  }

  function askAll() {
    waiting.clear();
    client.invalidateQueries({ queryKey: ['leads'] });
  }

  async function work() {
    working++;
    for (let [id] = waiting; id !== undefined; [id] = waiting) {
      waiting.delete(id);
      await bring(id).catch(askAll);
    }
    working--;
  }

  // Of many at once, all are asked for together.
  function arrived(id: string) {
    client.invalidateQueries({ queryKey: ['lead', id] });
    waiting.add(id);
    if (waiting.size > MANY) askAll();
    else if (working < AT_ONCE) work();
  }

  return { arrived, begin, end };
}

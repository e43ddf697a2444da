// What is looked at of plans, as it stands in the address.
export const STATES = ['active', 'done', 'abandoned'] as const;
export type State = (typeof STATES)[number];

export interface PlansSearch {
  owner?: string;
  team?: string;
  template?: string;
  // Absent: those under way.
  state?: State | 'all';
  // Shown beside the list.
  plan?: string;
}

const ID = /^[0-9a-f-]{36}$/;

export function checkPlansSearch(search: { [name: string]: unknown }): PlansSearch {
  const id = (name: 'owner' | 'team' | 'template' | 'plan') => (typeof search[name] === 'string' && ID.test(search[name]) ? { [name]: search[name] } : {});
  const state = ([...STATES, 'all'] as const).find((s) => s === search.state);
  return { ...id('owner'), ...id('team'), ...id('template'), ...id('plan'), ...(state && state !== 'active' ? { state } : {}) };
}

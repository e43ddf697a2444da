// What is looked at of routing, as it stands in the address.
export const VIEWS = ['rules', 'pools', 'territories'] as const;
export type RoutingView = (typeof VIEWS)[number];

export interface RoutingSearch {
  // Absent: the rules.
  view?: 'pools' | 'territories';
  // Of a set of territories; absent: the one that counts.
  model?: string;
}

export function checkRoutingSearch(search: { [name: string]: unknown }): RoutingSearch {
  return {
    ...(search.view === 'pools' || search.view === 'territories' ? { view: search.view } : {}),
    ...(typeof search.model === 'string' && /^[0-9a-f-]{36}$/.test(search.model) ? { model: search.model } : {}),
  };
}

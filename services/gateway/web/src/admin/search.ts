// What administrators look at, as it stands in the address.
export const TABS = ['users', 'teams', 'tokens', 'webhooks', 'audit', 'changes', 'services'] as const;
export type AdminTab = (typeof TABS)[number];

export interface AdminSearch {
  // Absent: users.
  tab?: AdminTab;
  // Of who did what: by whom, with which kind of record or which one, from which day to which.
  user?: string;
  type?: string;
  record?: string;
  from?: string;
  to?: string;
  services?: true;
}

const ID = /^[0-9a-f-]{36}$/;
const TYPE = /^[a-z_]{1,64}$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

export function checkAdminSearch(search: { [name: string]: unknown }): AdminSearch {
  const text = (name: string, like: RegExp) => (typeof search[name] === 'string' && like.test(search[name]) ? search[name] : undefined);
  const found: AdminSearch = {
    tab: TABS.find((k) => k === search.tab && k !== 'users'), user: text('user', ID), type: text('type', TYPE), record: text('record', ID), from: text('from', DAY), to: text('to', DAY),
    services: search.services === true ? true : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, v]) => v !== undefined));
}

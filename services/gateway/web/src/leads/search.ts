// What is looked at of the leads, as it stands in the address.
export const QUEUES = ['mine', 'team', 'unassigned', 'breaching'] as const;
export type Queue = (typeof QUEUES)[number];

export interface LeadSearch {
  queue?: Queue;
  lead?: string;
}

export function checkLeadSearch(search: { [name: string]: unknown }): LeadSearch {
  const queue = QUEUES.find((q) => q === search.queue);
  return { ...(queue && queue !== 'mine' ? { queue } : {}), ...(typeof search.lead === 'string' && search.lead ? { lead: search.lead } : {}) };
}

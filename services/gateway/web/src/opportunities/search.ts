// What is looked at of the pipeline, as it stands in the address.
export const VIEWS = ['board', 'table'] as const;
export type View = (typeof VIEWS)[number];

export const SORTS = ['name', 'stage', 'amount', 'probability', 'close', 'owner', 'days'] as const;
export type Sort = (typeof SORTS)[number];

export interface DealSearch {
  pipeline?: string;
  view?: 'table';
  // 'all', 'me' or a user's id; absent: what is usual for who looks.
  owner?: string;
  // Only these of the table; on a phone the one that is shown.
  stage?: string;
  attention?: true;
  sort?: Sort;
  deal?: string;
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);

export function checkDealSearch(search: { [name: string]: unknown }): DealSearch {
  const sort = SORTS.find((s) => s === search.sort);
  const words = { pipeline: text(search.pipeline), owner: text(search.owner), stage: text(search.stage), deal: text(search.deal) };
  return {
    ...Object.fromEntries(Object.entries(words).filter(([, v]) => v !== undefined)),
    ...(search.view === 'table' ? { view: 'table' as const } : {}),
    ...(search.attention === true ? { attention: true as const } : {}),
    ...(sort ? { sort } : {}),
  };
}

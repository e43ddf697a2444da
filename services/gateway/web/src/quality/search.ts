// What is looked at of quality, as it stands in the address.
export const VIEWS = ['duplicates', 'mend', 'report'] as const;
export type QualityView = (typeof VIEWS)[number];

export interface QualitySearch {
  view?: 'mend' | 'report';
  type?: 'account';
  // Whose list: a user's id, or 'nobody'.
  owner?: string;
}

export function checkQualitySearch(search: { [name: string]: unknown }): QualitySearch {
  return {
    ...(search.view === 'mend' || search.view === 'report' ? { view: search.view } : {}),
    ...(search.type === 'account' ? { type: 'account' as const } : {}),
    ...(typeof search.owner === 'string' && search.owner ? { owner: search.owner } : {}),
  };
}

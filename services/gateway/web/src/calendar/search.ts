// What is looked at of the calendar, as it stands in the address.
export const VIEWS = ['day', 'week', 'month'] as const;
export type View = (typeof VIEWS)[number];

export interface CalendarSearch {
  view?: View;
  date?: string;
  who?: string;
}

export function checkCalendarSearch(search: { [name: string]: unknown }): CalendarSearch {
  const view = VIEWS.find((v) => v === search.view);
  return {
    ...(view ? { view } : {}),
    ...(typeof search.date === 'string' && /^\d{4}-\d\d-\d\d$/.test(search.date) ? { date: search.date } : {}),
    ...(typeof search.who === 'string' && search.who ? { who: search.who } : {}),
  };
}

// What is looked at of the forecast, as it stands in the address.
export interface ForecastSearch {
  period?: string;
  user?: string;
  // A day; absent: now.
  at?: string;
  currency?: string;
}

export const PERIOD = /^(\d{4})(?:-(?:Q([1-4])|(\d{2})))?$/;

export function checkForecastSearch(search: { [name: string]: unknown }): ForecastSearch {
  const text = (name: string, like: RegExp) => (typeof search[name] === 'string' && like.test(search[name]) ? { [name]: search[name] } : {});
  return { ...text('period', PERIOD), ...text('user', /^[0-9a-f-]{36}$/), ...text('at', /^\d{4}-\d{2}-\d{2}$/), ...text('currency', /^[A-Z]{3}$/) };
}

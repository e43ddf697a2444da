// What is looked at of demand, as it stands in the address.
export interface DemandSearch {
  plan?: string;
  view?: 'changes';
  product?: string;
}

const ID = /^[0-9a-f-]{36}$/;

export function checkDemandSearch(search: { [name: string]: unknown }): DemandSearch {
  const id = (name: 'plan' | 'product') => (typeof search[name] === 'string' && ID.test(search[name]) ? { [name]: search[name] } : {});
  return { ...id('plan'), ...id('product'), ...(search.view === 'changes' ? { view: 'changes' as const } : {}) };
}

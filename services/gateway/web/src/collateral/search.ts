// What is looked at of printed material, as it stands in the address.
export interface CollateralSearch {
  view?: 'orders' | 'cost';
  // Of stock: only what was ever there.
  place?: string;
  low?: true;
  item?: string;
  orderId?: string;
  // Of orders: those that wait for approval, all, or those that a place still has to send. Absent: mine.
  which?: string;
  by?: 'team' | 'all';
}

const ID = /^[0-9a-f-]{36}$/;
const WHICH = /^(approval|all|[0-9a-f-]{36})$/;

export function checkCollateralSearch(search: { [name: string]: unknown }): CollateralSearch {
  const text = (name: string, like: RegExp) => (typeof search[name] === 'string' && like.test(search[name]) ? search[name] : undefined);
  const found: CollateralSearch = {
    view: search.view === 'orders' || search.view === 'cost' ? search.view : undefined, place: text('place', ID), low: search.low === true ? true : undefined,
    item: text('item', ID), orderId: text('orderId', ID), which: text('which', WHICH), by: search.by === 'team' || search.by === 'all' ? search.by : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, v]) => v !== undefined));
}

// What there is in the catalogue, as tables: which fields each kind has, how they are typed, and which stand in the list.
import { Role } from '../gen/baton/v1/options_pb';

export const KINDS = ['product', 'priceBook', 'priceBookEntry', 'offer', 'discountLimit', 'taxRate', 'currencyRate'] as const;
export type Kind = (typeof KINDS)[number];

export type FieldKind = 'text' | 'long' | 'day' | 'percent' | 'quantity' | 'rate' | 'price' | 'money' | 'currency' | 'tags' | 'yes' | 'product' | 'products' | 'book' | 'supersedes' | 'account' | 'role' | 'roles' | 'tiers' | 'parts';

export interface Field {
  name: string;
  kind: FieldKind;
  isRequired?: boolean;
  // Said when it is made, never after.
  isFixed?: boolean;
  // How wide in the list; absent: not in it.
  width?: number;
  grows?: boolean;
}

const VALID: Field[] = [{ name: 'validFrom', kind: 'day' }, { name: 'validTo', kind: 'day' }];
const NAMED: Field[] = [{ name: 'code', kind: 'text', isRequired: true, width: 120 }, { name: 'name', kind: 'text', isRequired: true, width: 200, grows: true }];

export const FIELDS: { [kind in Kind]: Field[] } = {
  product: [...NAMED, { name: 'family', kind: 'text', width: 140 }, { name: 'unit', kind: 'text', width: 80 }, { name: 'listPrice', kind: 'money', width: 120 }, { name: 'taxClass', kind: 'text' },
    { name: 'description', kind: 'long' }, { name: 'components', kind: 'parts', width: 160 }, { name: 'retired', kind: 'yes', width: 140 }],
  priceBook: [...NAMED, { name: 'market', kind: 'text', width: 120 }, { name: 'currencyCode', kind: 'currency', isRequired: true, width: 90 }, ...VALID, { name: 'supersedesId', kind: 'supersedes', isFixed: true }],
  priceBookEntry: [{ name: 'priceBookId', kind: 'book', isRequired: true, isFixed: true, width: 160 }, { name: 'productId', kind: 'product', isRequired: true, isFixed: true, width: 200, grows: true }, { name: 'unitPrice', kind: 'price', isRequired: true, width: 120 },
    { name: 'tiers', kind: 'tiers', width: 180 }, { name: 'accountId', kind: 'account', width: 150 }, { name: 'contract', kind: 'text', width: 100 }, ...VALID],
  offer: [...NAMED, { name: 'percentE4', kind: 'percent', width: 90 }, { name: 'amount', kind: 'money', width: 110 }, { name: 'productIds', kind: 'products', width: 160 }, { name: 'family', kind: 'text', width: 110 },
    { name: 'minQuantityE4', kind: 'quantity' }, { name: 'maxQuantityE4', kind: 'quantity' }, { name: 'markets', kind: 'tags' }, ...VALID],
  discountLimit: [{ name: 'role', kind: 'role', isRequired: true, width: 160 }, { name: 'family', kind: 'text', width: 160 }, { name: 'percentE4', kind: 'percent', isRequired: true, width: 110 }, { name: 'approvers', kind: 'roles', width: 260, grows: true }],
  taxRate: [{ name: 'name', kind: 'text', isRequired: true, width: 160, grows: true }, { name: 'country', kind: 'text', isRequired: true, width: 90 }, { name: 'region', kind: 'text', width: 120 }, { name: 'taxClass', kind: 'text', width: 120 },
    { name: 'percentE4', kind: 'percent', isRequired: true, width: 90 }, ...VALID],
  currencyRate: [{ name: 'fromCurrency', kind: 'currency', isRequired: true, width: 110 }, { name: 'toCurrency', kind: 'currency', isRequired: true, width: 110 }, { name: 'rateE9', kind: 'rate', isRequired: true, width: 140, grows: true }, { name: 'day', kind: 'day', isRequired: true, width: 130 }],
};

export const hasDays = (kind: Kind) => FIELDS[kind].some((f) => f.name === 'validFrom');
export const mayWrite = (kind: Kind, role: Role) => role === Role.ADMIN || (kind === 'offer' && role === Role.MANAGER);

// Accounts and contacts are looked at in the same way; what differs stands here as a table.
import { type Account, AccountType, type Contact } from '../gen/baton/v1/contacts_pb';
import { personName } from '../i18n/format';

export type Kind = 'account' | 'contact';
export type Customer = Account | Contact;

export type FieldKind = 'text' | 'email' | 'phone' | 'url' | 'number' | 'type' | 'person' | 'address' | 'tags' | 'yes' | 'account' | 'date';

export interface Field {
  name: string;
  kind: FieldKind;
  // Of columns.
  width?: number;
  // Is asked for when a new one is made.
  isNew?: boolean;
}

export interface KindOf {
  kind: Kind;
  path: '/accounts' | '/contacts';
  name: (record: Customer) => string;
  fields: Field[];
  // Those a list begins with.
  columns: string[];
  filters: ('owner' | 'type')[];
}

const field = (name: string, kind: FieldKind, width?: number, isNew?: boolean): Field => ({ name, kind, width, isNew });

export const KINDS: { [kind in Kind]: KindOf } = {
  account: {
    kind: 'account',
    path: '/accounts',
    name: (r) => (r as Account).name,
    columns: ['type', 'industry', 'phone', 'ownerId', 'tags', 'updatedAt'],
    filters: ['owner', 'type'],
    fields: [
      field('name', 'text', undefined, true), field('type', 'type', 110, true), field('industry', 'text', 140, true), field('phone', 'phone', 140, true),
      field('website', 'url', 170, true), field('billingAddress', 'address', 200, true), field('shippingAddress', 'address', 200), field('annualRevenue', 'number', 110),
      field('numberOfEmployees', 'number', 100), field('ownerId', 'person', 130), field('parentId', 'account', 150), field('isKeyAccount', 'yes', 90),
      field('tags', 'tags', 150),
    ],
  },
  contact: {
    kind: 'contact',
    path: '/contacts',
    name: (r) => personName(r as Contact) || (r as Contact).email || (r as Contact).phone || (r as Contact).mobilePhone || '?',
    columns: ['title', 'accountId', 'email', 'mobilePhone', 'ownerId', 'updatedAt'],
    filters: ['owner'],
    fields: [
      field('salutation', 'text'), field('firstName', 'text', undefined, true), field('lastName', 'text', undefined, true), field('accountId', 'account', 160, true),
      field('title', 'text', 140, true), field('department', 'text', 120), field('email', 'email', 190, true), field('phone', 'phone', 140), field('mobilePhone', 'phone', 140, true),
      field('mailingAddress', 'address', 200), field('birthday', 'date', 110), field('ownerId', 'person', 130), field('tags', 'tags', 150),
    ],
  },
};

export const ACCOUNT_TYPES = [AccountType.CUSTOMER, AccountType.PROSPECT, AccountType.PARTNER, AccountType.RESELLER, AccountType.INVESTOR];

// As filters of a search name them.
export const ACCOUNT_TYPE_NAME: { [type: number]: string } = Object.fromEntries(ACCOUNT_TYPES.map((type) => [type, `ACCOUNT_TYPE_${AccountType[type]}`]));

export const of = (record: Customer, name: string): unknown => (record as unknown as { [name: string]: unknown })[name];

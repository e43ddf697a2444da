// What the one box finds: people, accounts and leads, in one order.
import { type JsonObject, fromJson } from '@bufbuild/protobuf';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Account, AccountSchema, type Contact, ContactSchema } from '../gen/baton/v1/contacts_pb';
import { type Lead, LeadSchema } from '../gen/baton/v1/leads_pb';

export type Found = { type: 'account'; record: Account } | { type: 'contact'; record: Contact } | { type: 'lead'; record: Lead };

const LIMIT = 12;

function foundOf(json: JsonObject): Found[] {
  const lenient = { ignoreUnknownFields: true };
  if (json.account) return [{ type: 'account', record: fromJson(AccountSchema, json.account, lenient) }];
  if (json.contact) return [{ type: 'contact', record: fromJson(ContactSchema, json.contact, lenient) }];
  return json.lead ? [{ type: 'lead', record: fromJson(LeadSchema, json.lead, lenient) }] : [];
}

export const searchQuery = (text: string) => queryOptions({
  queryKey: ['search', text],
  enabled: text !== '',
  staleTime: 10_000,
  gcTime: 60_000,
  placeholderData: keepPreviousData,
  queryFn: async ({ signal }) => {
    const response = await fetch(`/v1/search?${new URLSearchParams({ q: text, limit: String(LIMIT) })}`, { signal });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message);
    return { found: (answer.found as JsonObject[]).flatMap(foundOf), isCut: (answer.missing ?? []).length > 0 };
  },
});

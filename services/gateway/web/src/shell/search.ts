// What the one box finds: people, accounts and leads, in one order, and documents by what they say.
import { type JsonObject, fromJson } from '@bufbuild/protobuf';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Account, AccountSchema, type Contact, ContactSchema } from '../gen/baton/v1/contacts_pb';
import { type Document, DocumentService } from '../gen/baton/v1/documents_pb';
import { type Lead, LeadSchema } from '../gen/baton/v1/leads_pb';
import { client } from '../api/client';

export type Found = { type: 'account'; record: Account } | { type: 'contact'; record: Contact } | { type: 'lead'; record: Lead }
  | { type: 'document'; record: Document; text: string };

const LIMIT = 12;
const DOCUMENTS = 4;
const documents = client(DocumentService);

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

// Nothing where what is typed has no words in it.
export const documentsQuery = (text: string, isFor: boolean) => queryOptions({
  queryKey: ['search', 'documents', text],
  enabled: isFor && text !== '',
  staleTime: 10_000,
  gcTime: 60_000,
  placeholderData: keepPreviousData,
  queryFn: async ({ signal }) => (await documents.searchDocuments({ query: text, pageSize: DOCUMENTS }, { signal })).found
    .flatMap(({ document, snippets }): Found[] => (document ? [{ type: 'document', record: document, text: snippets[0]?.text ?? '' }] : [])),
});

// The services that know people and companies.
import { ContactService } from '../gen/baton/v1/contacts_pb';
import { DuplicateService } from '../gen/baton/v1/duplicates_pb';
import { client } from './client';

export const contacts = client(ContactService);
export const duplicates = client(DuplicateService);

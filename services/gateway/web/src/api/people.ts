// Who is of the house.
import { queryOptions } from '@tanstack/react-query';
import type { User } from '../gen/baton/v1/directory_pb';
import { records } from './records';

const PEOPLE_MAX = 4000;

// Everybody, by id.
export const peopleQuery = queryOptions({
  queryKey: ['people'],
  staleTime: 300_000,
  queryFn: async ({ signal }) => {
    const people = new Map<string, User>();
    let pageToken = '';
    do {
      const page = await records.listRecords({ type: 'user', pageSize: 200, pageToken: pageToken || undefined }, { signal });
      for (const { record } of page.records) if (record.case === 'user') people.set(record.value.id, record.value);
      pageToken = page.nextPageToken;
    } while (pageToken && people.size < PEOPLE_MAX);
    return people;
  },
});

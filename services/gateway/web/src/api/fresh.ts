// Answers that are older than what was done since do not count.
import { type InvalidateOptions, type InvalidateQueryFilters, type Query, QueryClient, type QueryKey } from '@tanstack/react-query';

export const isUnknown = (query: Query) => query.state.data === undefined;

// TanStack asks anew where there was an answer before; a first one it would wait for, and take for what there is now.
export class Fresh extends QueryClient {
  override invalidateQueries<K extends QueryKey = QueryKey>(filters?: InvalidateQueryFilters<K>, options?: InvalidateOptions): Promise<void> {
    const first = this.getQueryCache().findAll({ ...filters, type: 'active', fetchStatus: 'fetching' }).filter(isUnknown);
    for (const query of first) query.cancel({ silent: true });
    return super.invalidateQueries(filters, options);
  }
}

// Before something is shown as it will be: no answer under way puts back what was. Whoever does that asks anew in the end.
export async function holdAnswers(client: QueryClient, ...keys: QueryKey[]): Promise<void> {
  await Promise.all(keys.map((queryKey) => client.cancelQueries({ queryKey })));
}

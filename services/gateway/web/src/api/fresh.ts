// Answers that are older than what was done since do not count.
import { type InvalidateOptions, type InvalidateQueryFilters, type Query, QueryClient, type QueryKey } from '@tanstack/react-query';

export const isUnknown = (query: Query) => query.state.data === undefined;

// TanStack asks anew where there was an answer before; a first one it would wait for, and take for what there is now. Here
// a first one is asked anew, but once: where more and more changes it is shown, and then asked for again.
export class Fresh extends QueryClient {
  private readonly asked = new Map<Query, { isOld: boolean }>();

  override invalidateQueries<K extends QueryKey = QueryKey>(filters?: InvalidateQueryFilters<K>, options?: InvalidateOptions): Promise<void> {
    const first = this.getQueryCache().findAll({ ...filters, type: 'active', fetchStatus: 'fetching' }).filter(isUnknown);
    const late = first.filter((query) => this.asked.has(query));
    for (const query of late) this.asked.set(query, { isOld: true });
    const anew = first.filter((query) => !late.includes(query));
    for (const query of anew) query.cancel({ silent: true });
    const done = super.invalidateQueries({ ...filters, predicate: (query) => !late.includes(query) && (filters?.predicate?.(query as never) ?? true) } as typeof filters, options);
    for (const query of anew) this.await(query);
    return done;
  }

  private async await(query: Query) {
    this.asked.set(query, { isOld: false });
    await query.promise?.catch(() => {}); // whoever looks at it hears of that
    const isOld = this.asked.get(query)?.isOld;
    this.asked.delete(query);
    if (isOld) await super.invalidateQueries({ queryKey: query.queryKey, exact: true });
  }
}

type Change<T> = (data: T) => T;

// What happens while an answer is under way is done to it, too; then it need not be asked for anew.
export class Meanwhile<T> {
  private readonly running = new Set<Change<T>[]>();

  async during(ask: () => Promise<T>): Promise<T> {
    const changes: Change<T>[] = [];
    this.running.add(changes);
    try {
      let data: T = await ask();
      for (const change of changes) data = change(data);
      return data;
    } finally {
      this.running.delete(changes);
    }
  }

  tell(change: Change<T>) {
    for (const changes of this.running) changes.push(change);
  }
}

// Before something is shown as it will be: no answer under way puts back what was. Whoever does that asks anew in the end.
export async function holdAnswers(client: QueryClient, ...keys: QueryKey[]): Promise<void> {
  await Promise.all(keys.map((queryKey) => client.cancelQueries({ queryKey })));
}

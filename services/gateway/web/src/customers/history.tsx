// Every change of a record: who, when, from what to what; and how it was can be brought back.
import { Button, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import { changesQuery, useRestore } from '../api/records';
import { type Change, ChangeKind } from '../gen/baton/v1/record_pb';
import { useFormat } from '../i18n/format';
import { Trouble } from '../ui/trouble';
import style from './customers.module.css';

// A value in JSON as a person reads it.
export function plain(json: string): string {
  if (!json) return '–';
  try {
    const value = JSON.parse(json);
    if (typeof value === 'string') return value;
    return Array.isArray(value) ? value.map(String).join(', ') : typeof value === 'object' ? Object.values(value).join(', ') : String(value);
  } catch {
    return json; // a long value that was cut
  }
}

const HIDDEN = ['normalized', 'revision', 'updated_at', 'whereabouts', 'hints', 'custom'];

function ChangeRow({ change, isNewest, restore }: { change: Change; isNewest: boolean; restore: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: people } = useQuery(peopleQuery);
  const who = people?.get(change.actor?.userId ?? '')?.name ?? (change.actor?.service || t('somebody'));
  return (
    <li className={style.change}>
      <div className={style.changeHead}>
        <span><b>{who}</b> {t(`history.kind.${change.kind}`)}{change.restoredSeq > 0n && ` (${t('history.restored')})`}</span>
        <time className={style.dim}>{format.moment(change.changedAt)}</time>
      </div>
      {change.kind === ChangeKind.UPDATED && change.values.filter((v) => !HIDDEN.includes(v.field)).map((v) => (
        <div key={v.field} className={style.diff}>
          <span className={style.dim}>{t(`field.${v.field.replace(/_(.)/g, (_, c: string) => c.toUpperCase())}`, v.field)}</span>
          <span><del>{plain(v.from)}</del> → <ins>{plain(v.to)}</ins></span>
        </div>
      ))}
      {!isNewest && <Button size="compact-xs" variant="subtle" onClick={restore}>{t('history.restore')}</Button>}
    </li>
  );
}

export function History({ kind, id }: { kind: Parameters<typeof changesQuery>[0]; id: string }) {
  const { t } = useTranslation();
  const asked = useInfiniteQuery(changesQuery(kind, id));
  const restore = useRestore(kind);
  if (asked.error) return <Trouble error={asked.error} again={asked.refetch} />;
  const changes = asked.data?.pages.flatMap((p) => p.changes) ?? [];
  return (
    <>
      <ul className={style.items}>{changes.map((c, i) => <ChangeRow key={String(c.seq)} change={c} isNewest={i === 0} restore={() => restore.mutate({ id, seq: c.seq })} />)}</ul>
      {asked.data && changes.length === 0 && <Text size="sm" c="dimmed">{t('history.none')}</Text>}
      {asked.hasNextPage && <Button size="xs" variant="subtle" loading={asked.isFetchingNextPage} onClick={() => asked.fetchNextPage()}>{t('more')}</Button>}
    </>
  );
}

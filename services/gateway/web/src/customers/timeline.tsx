// What has been with a customer, newest first, by day.
import { Button, Chip, Group, Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import { type TimelineItem, TimelineKind } from '../gen/baton/v1/contacts_pb';
import { msOf, useFormat } from '../i18n/format';
import { Icon, type IconName } from '../ui/icons';
import { Trouble } from '../ui/trouble';
import { timelineQuery } from './data';
import type { Kind } from './kinds';
import style from './customers.module.css';

const SHOWN: [TimelineKind, IconName][] = [
  [TimelineKind.ACTIVITY, 'calendar'], [TimelineKind.NOTE, 'note'], [TimelineKind.CHANGE, 'edit'], [TimelineKind.LEAD, 'inbox'], [TimelineKind.OPPORTUNITY, 'star'], [TimelineKind.LETTER, 'mail'],
];
const ICON = new Map(SHOWN);

export function byDay(items: TimelineItem[]): [number, TimelineItem[]][] {
  const days = new Map<number, TimelineItem[]>();
  for (const item of items) {
    const day = new Date(msOf(item.at)).setHours(0, 0, 0, 0);
    days.set(day, [...(days.get(day) ?? []), item]);
  }
  return [...days];
}

function Item({ item }: { item: TimelineItem }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: people } = useQuery(peopleQuery);
  const who = item.actor?.userId ? people?.get(item.actor.userId)?.name : item.actor?.service;
  const what = item.kind === TimelineKind.CHANGE
    ? t(item.fields.length > 0 ? 'timeline.changed' : 'timeline.made', { fields: format.list(item.fields.slice(0, 4).map((f) => t(`field.${f.replace(/_(.)/g, (_, c: string) => c.toUpperCase())}`, f))) })
    : item.title || t(`timeline.kind.${item.kind}`);
  return (
    <li className={style.item}>
      <span className={style.itemIcon}><Icon name={ICON.get(item.kind) ?? 'clock'} size={14} /></span>
      <div className={style.itemText}><span>{what}</span>{item.stageName && <span className={style.dim}> · {item.stageName}</span>}{who && <span className={style.dim}> · {who}</span>}</div>
      <time className={style.dim}>{format.clock(msOf(item.at))}</time>
    </li>
  );
}

export function Timeline({ kind, id }: { kind: Kind; id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const asked = useInfiniteQuery(timelineQuery(kind, id));
  const [off, setOff] = useState<TimelineKind[]>([]);
  const items = useMemo(() => asked.data?.pages.flatMap((p) => p.items) ?? [], [asked.data]);
  const kinds = SHOWN.filter(([k]) => items.some((i) => i.kind === k));
  const days = useMemo(() => byDay(items.filter((i) => !off.includes(i.kind))), [items, off]);
  if (asked.error) return <Trouble error={asked.error} again={asked.refetch} />;
  if (asked.isPending) return <Skeleton height={160} radius="md" />;
  return (
    <>
      {kinds.length > 1 && (
        <Group gap={6} mb="sm" role="group" aria-label={t('timeline.filter')}>
          {kinds.map(([k]) => <Chip key={k} size="xs" checked={!off.includes(k)} onChange={(on) => setOff(on ? off.filter((o) => o !== k) : [...off, k])}>{t(`timeline.kind.${k}`)}</Chip>)}
        </Group>
      )}
      {days.map(([day, list]) => (
        <section key={day}>
          <h4 className={style.day}>{format.day(day)}</h4>
          <ul className={style.items}>{list.map((item, i) => <Item key={`${item.recordId}.${i}`} item={item} />)}</ul>
        </section>
      ))}
      {items.length === 0 && <Text size="sm" c="dimmed">{t('timeline.empty')}</Text>}
      {asked.hasNextPage && <Button size="xs" variant="subtle" loading={asked.isFetchingNextPage} onClick={() => asked.fetchNextPage()}>{t('more')}</Button>}
    </>
  );
}

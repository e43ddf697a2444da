// What goes outside by mail, webhook, push or MQTT: what waits, what was given up and why, and trying that again.
import { Badge, Button, Group, SegmentedControl, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import { notifications } from '../api/client';
import { peopleQuery } from '../api/people';
import { DeliveryState } from '../gen/baton/v1/notifications_pb';
import { useFormat } from '../i18n/format';
import { Rows } from '../ui/rows';
import { complain, toast } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import style from './admin.module.css';

const PAGE = 50;
const EVERY_MS = 5000;
const WHICH = ['all', 'open', 'dead'] as const;

export function Deliveries({ names }: { names: Map<string, string> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const cache = useQueryClient();
  const { data: people } = useQuery(peopleQuery);
  const [which, setWhich] = useState<(typeof WHICH)[number]>('all');
  const asked = useInfiniteQuery({
    queryKey: ['deliveries', which],
    initialPageParam: '',
    refetchInterval: EVERY_MS,
    queryFn: ({ signal, pageParam }) => notifications.listDeliveries({ ...(which === 'open' ? { open: true } : which === 'dead' ? { dead: true } : {}), pageSize: PAGE, pageToken: pageParam || undefined }, { signal }),
    getNextPageParam: (page) => page.nextPageToken || undefined,
  });
  const again = useMutation({
    mutationFn: (deliveryIds: string[]) => notifications.replayDelivery({ deliveryIds }),
    onSuccess: ({ replayed }) => toast({ title: t('admin.replayed', { count: replayed }) }),
    onError: complain,
    onSettled: () => cache.invalidateQueries({ queryKey: ['deliveries'] }),
  });
  const [first] = asked.data?.pages ?? [];
  const rows = asked.data?.pages.flatMap((p) => p.deliveries) ?? [];
  const dead = Number(first?.dead ?? 0n);
  return (
    <section aria-label={t('admin.deliveries')} className={style.part}>
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t('admin.deliveries')}</Title>
        <Group gap="xs">
          <SegmentedControl size="xs" aria-label={t('admin.which')} value={which} onChange={(v) => setWhich(v as typeof which)}
            data={WHICH.map((w) => ({ value: w, label: t(`admin.delivery.${w}`, { count: Number(w === 'open' ? (first?.open ?? 0n) : (first?.dead ?? 0n)) }) }))} />
          {dead > 0 && <Button size="xs" variant="default" loading={again.isPending} onClick={() => again.mutate([])}>{t('admin.replayAll')}</Button>}
        </Group>
      </Group>
      {asked.error && <Trouble error={asked.error} again={asked.refetch} />}
      {asked.data && rows.length === 0 && <Text size="sm" c="dimmed">{t('admin.noDeliveries')}</Text>}
      {rows.length > 0 && (
        <Rows label={t('admin.deliveries')} minWidth={680} heads={['admin.what', 'admin.to', 'admin.state', 'admin.tries', 'admin.when', 'admin.acts'].map((k) => t(k))}>
          {rows.map((d) => (
            <Table.Tr key={d.id}>
              <Table.Th scope="row">{d.eventType || t(`admin.deliveryKind.${d.kind}`)}<Text size="xs" c="dimmed">{t(`admin.channel.${d.channel}`)}</Text></Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{names.get(d.laneId) ?? people?.get(d.userId)?.name ?? d.letter?.toAddress}</Table.Td>
              <Table.Td><Badge size="sm" variant={d.state === DeliveryState.DELIVERED ? 'light' : 'default'} tt="none">{t(`admin.deliveryState.${d.state}`)}</Badge>
                {(d.reason || d.status > 0) && <Text size="xs" c={d.state === DeliveryState.DEAD ? 'var(--late)' : 'dimmed'}>{[d.status || '', saidOf(d.reason)].filter(Boolean).join(' ')}</Text>}</Table.Td>
              <Table.Td className="num">{d.attempts}</Table.Td><Table.Td>{format.moment(d.attemptedAt ?? d.createdAt)}</Table.Td>
              <Table.Td>{d.state === DeliveryState.DEAD && <Button size="compact-xs" variant="default" disabled={again.isPending} onClick={() => again.mutate([d.id])}>{t('tryAgain')}</Button>}</Table.Td>
            </Table.Tr>
          ))}
        </Rows>
      )}
      {asked.hasNextPage && <Button size="xs" variant="subtle" loading={asked.isFetchingNextPage} onClick={() => asked.fetchNextPage()}>{t('more')}</Button>}
    </section>
  );
}

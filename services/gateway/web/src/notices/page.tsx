// The notification centre: what somebody was told, by what it is about, and what can be done about it at once.
import { Button, Group, SegmentedControl, Skeleton, Stack, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { notifications } from '../api/client';
import type { Notification } from '../gen/baton/v1/notifications_pb';
import { useFormat } from '../i18n/format';
import { leads } from '../leads/data';
import { noticesQuery, useLive } from '../live/live';
import { Empty } from '../ui/empty';
import { complain } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import { byThing, canAccept, isNew, type Shown, shownOf, waits } from './logic';
import style from './notices.module.css';

const SHOWN: Shown[] = ['unread', 'urgent', 'all'];

function useAct() {
  const client = useQueryClient();
  const { changed } = useLive();
  const after = {
    onError: complain,
    onSettled: () => {
      client.invalidateQueries({ queryKey: ['notifications'] });
      changed('leads', 'notifications');
    },
  };
  const acknowledge = useMutation({ mutationFn: (ids: string[]) => notifications.markAcknowledged({ notificationIds: ids }), ...after });
  const accept = useMutation({ mutationFn: (id: string) => leads.acceptLead({ id }), ...after });
  return { acknowledge, accept };
}

function Thing({ list, act }: { list: Notification[]; act: ReturnType<typeof useAct> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const [n, ...before] = list;
  const toKnow = list.filter(waits).map((w) => w.id);
  return (
    <li className={style.thing} data-new={list.some(isNew) || undefined}>
      <div className={style.head}><b>{n.title}</b><time className={style.dim}>{format.moment(n.createdAt)}</time></div>
      {n.text && <p className={style.text}>{n.text}</p>}
      {before.length > 0 && <details className={style.dim}><summary>{t('notices.before', { count: before.length })}</summary>
        <ul className={style.before}>{before.map((b) => <li key={b.id}>{b.title} · {format.moment(b.createdAt)}</li>)}</ul></details>}
      <Group gap="xs" mt={6}>
        {toKnow.length > 0 && <Button size="compact-sm" onClick={() => act.acknowledge.mutate(toKnow)}>{t('notices.known')}</Button>}
        {list.some(canAccept) && <Button size="compact-sm" onClick={() => act.accept.mutate(n.leadId)}>{t('leads.accept')}</Button>}
        {n.documentId && <Button size="compact-sm" variant="default" onClick={() => navigate({ to: '/documents/$id', params: { id: n.documentId } })}>{t('notices.openDocument')}</Button>}
        {(n.collateralItemId || n.collateralOrderId) && <Button size="compact-sm" variant="default" onClick={() => navigate({ to: '/collateral', search: n.collateralOrderId ? { view: 'orders', which: 'all', orderId: n.collateralOrderId } : { item: n.collateralItemId } })}>{t('notices.openCollateral')}</Button>}
        {n.leadId && <Button size="compact-sm" variant="default" onClick={() => navigate({ to: '/leads', search: { lead: n.leadId } })}>{t('notices.openLead')}</Button>}
      </Group>
    </li>
  );
}

export function NoticesPage() {
  const { t } = useTranslation();
  const { seen } = useLive();
  const { data, error, refetch } = useQuery(noticesQuery);
  const [shown, setShown] = useState<Shown>('all');
  const act = useAct();
  // Looking at the list is having seen it; what must be acknowledged stays.
  useEffect(() => {
    const look = () => document.visibilityState === 'visible' && seen((data ?? []).filter((n) => !n.seenAt).map((n) => n.id));
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [data, seen]);
  const things = byThing(shownOf(data ?? [], shown));
  return (
    <div className={style.page}>
      <Group justify="space-between" mb="md">
        <Title order={1}>{t('nav.notices')}</Title>
        <Button component={Link} to="/settings" size="xs" variant="subtle">{t('notices.wishes')}</Button>
      </Group>
      <SegmentedControl size="xs" mb="md" aria-label={t('notices.shown')} value={shown} onChange={(v) => setShown(v as Shown)} data={SHOWN.map((s) => ({ value: s, label: t(`notices.${s}`) }))} />
      {error && <Trouble error={error} again={refetch} />}
      {!data && !error && <Stack aria-busy="true">{[0, 1, 2].map((i) => <Skeleton key={i} height={70} radius="md" />)}</Stack>}
      {data && things.length === 0 && <Empty icon="bell" title={t('notices.none')} text={t('notices.noneText')} />}
      <ul className={style.list} aria-label={t('nav.notices')}>{things.map((list) => <Thing key={list[0].id} list={list} act={act} />)}</ul>
    </div>
  );
}

// Orders of printed material: one's own, those that wait for approval, and those that a place still has to send.
import { Badge, Group, Select, Skeleton, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { AccountLink, PersonName } from '../customers/value';
import { type CollateralOrder, CollateralOrderStatus } from '../gen/baton/v1/collateral_pb';
import { useFormat } from '../i18n/format';
import { useMoney } from '../i18n/money';
import { useMe } from '../shell/me';
import { Empty } from '../ui/empty';
import { type Column, List } from '../ui/table';
import { Trouble } from '../ui/trouble';
import { ordersQuery, useItems, usePlaces } from './data';
import { keeps } from './logic';
import type { CollateralSearch } from './search';
import style from './collateral.module.css';

const CARD = 92;
const BAD = [CollateralOrderStatus.REJECTED, CollateralOrderStatus.CANCELLED];
const QUIET = [CollateralOrderStatus.RECEIVED, CollateralOrderStatus.SHIPPED];

export function OrderStatus({ status }: { status: CollateralOrderStatus }) {
  const { t } = useTranslation();
  const color = status === CollateralOrderStatus.WAITING ? 'yellow' : BAD.includes(status) || QUIET.includes(status) ? 'gray' : 'baton';
  return <Badge size="sm" variant={color === 'gray' ? 'outline' : 'light'} color={color} c={color === 'gray' ? 'inherit' : color === 'yellow' ? 'var(--amber)' : undefined} style={{ flex: 'none' }}>{t(`collateral.status.${status}`)}</Badge>;
}

export function useWhat() {
  const items = useItems();
  const format = useFormat();
  return (o: CollateralOrder) => format.list(o.lines.map((l) => `${format.number(l.ordered)} × ${items.find((i) => i.id === l.itemId)?.name ?? '…'}`));
}

function useColumns(): Column<CollateralOrder>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const what = useWhat();
  const places = usePlaces();
  return useMemo(() => [
    { id: 'what', header: t('collateral.whatOrdered'), width: 240, grows: true, cell: (o) => <b>{what(o)}</b> },
    { id: 'status', header: t('collateral.statusOf'), width: 140, cell: (o) => <OrderStatus status={o.status} /> },
    { id: 'owner', header: t('collateral.by'), width: 130, cell: (o) => <PersonName id={o.ownerId} /> },
    { id: 'for', header: t('collateral.forWhom'), width: 150, cell: (o) => o.accountId && <AccountLink id={o.accountId} /> },
    { id: 'place', header: t('collateral.fromPlace'), width: 130, cell: (o) => places.find((p) => p.id === o.placeId)?.name },
    { id: 'cost', header: t('collateral.cost'), width: 110, cell: (o) => money.full(o.cost) },
    { id: 'campaign', header: t('collateral.campaign'), width: 130, cell: (o) => o.campaign },
    { id: 'created', header: t('collateral.when'), width: 120, cell: (o) => format.ago(o.createdAt) },
  ], [t, format, money, what, places]);
}

function Card({ order }: { order: CollateralOrder }) {
  const format = useFormat();
  const money = useMoney();
  const what = useWhat();
  return (
    <>
      <Group gap="xs" wrap="nowrap" justify="space-between"><b className="cut">{what(order)}</b><OrderStatus status={order.status} /></Group>
      <div className={`${style.facts} cut`}><PersonName id={order.ownerId} /><span>{format.ago(order.createdAt)}</span><span>{money.full(order.cost)}</span><span>{order.campaign}</span></div>
    </>
  );
}

// Whose orders there are to look at.
function useKinds() {
  const { t } = useTranslation();
  const me = useMe();
  const asker = { id: me.user.id, isAdmin: me.isAdmin, isLead: me.isLead };
  return [
    { value: 'mine', label: t('collateral.mine') },
    ...(me.isLead ? [{ value: 'approval', label: t('collateral.toApprove') }] : []),
    ...usePlaces().filter((p) => keeps(asker, p)).map((p) => ({ value: p.id, label: t('collateral.toSend', { place: p.name }) })),
    { value: 'all', label: t('collateral.allOrders') },
  ];
}

export function OrderList({ search, show }: { search: CollateralSearch; show: (change: Partial<CollateralSearch>) => void }) {
  const { t } = useTranslation();
  const kinds = useKinds();
  const columns = useColumns();
  const [active, setActive] = useState<string>();
  const { data, error, refetch, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(ordersQuery(search.which));
  const rows = useMemo(() => data?.pages.flatMap((p) => p.rows) ?? [], [data]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  useEffect(() => {
    if (rows.length === 0) more(); // a page may have nothing that I see, and the next one has
  }, [rows.length, more]);
  const open = (id: string) => {
    setActive(id);
    show({ orderId: search.orderId === id ? undefined : id });
  };
  return (
    <>
      <div className={style.bar}>
        <Select size="xs" w={240} aria-label={t('collateral.whose')} allowDeselect={false} value={search.which ?? 'mine'} data={kinds} onChange={(which) => show({ which: which === 'mine' ? undefined : (which ?? undefined), orderId: undefined })} />
      </div>
      {error && <Trouble error={error} again={refetch} />}
      {isPending && <Stack p="md" gap="xs" aria-busy="true">{[...Array(6).keys()].map((i) => <Skeleton key={i} height={30} />)}</Stack>}
      {data && rows.length === 0 && !hasNextPage && <Empty icon="boxes" title={t('collateral.noOrders')} text={search.which === undefined ? t('collateral.noOrdersText') : undefined} />}
      {rows.length > 0 && <List label={t('collateral.views.orders')} rows={rows} idOf={(o) => o.id} columns={columns} active={search.orderId ?? active} onActive={(id) => (search.orderId ? show({ orderId: id }) : setActive(id))} onOpen={open} onEnd={more}
        cardHeight={CARD} card={(o) => <Card order={o} />} />}
    </>
  );
}

// Printed material: what there is of it where, orders of it until they have come, and what it cost.
import { Button, Group, Menu, SegmentedControl, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useTranslation } from '../i18n/words';
import type { StockPlace } from '../gen/baton/v1/collateral_pb';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Icon } from '../ui/icons';
import { PeekFrame } from '../ui/peek';
import { Costs } from './cost';
import { usePlaces } from './data';
import { EditItem, EditPlace } from './edit';
import { ItemPeek } from './item';
import type { Basket } from './logic';
import { NewOrder } from './new';
import { OrderPeek } from './order';
import { OrderList } from './orders';
import type { CollateralSearch } from './search';
import { StockList } from './stock';
import style from './collateral.module.css';

type View = 'stock' | 'orders' | 'cost';
type Editing = 'item' | 'place' | StockPlace;

// What managers and administrators set up.
function SetUp({ edit }: { edit: (what: Editing) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const places = usePlaces();
  if (!me.isLead) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target><Button size="xs" variant="default">{t('collateral.setUp')}</Button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon name="plus" size={16} />} onClick={() => edit('item')}>{t('collateral.newItem')}</Menu.Item>
        {me.isAdmin && <Menu.Item leftSection={<Icon name="plus" size={16} />} onClick={() => edit('place')}>{t('collateral.newPlace')}</Menu.Item>}
        {me.isAdmin && places.length > 0 && <><Menu.Divider /><Menu.Label>{t('collateral.places')}</Menu.Label></>}
        {me.isAdmin && places.map((p) => <Menu.Item key={p.id} leftSection={<Icon name="edit" size={16} />} onClick={() => edit(p)}>{p.name}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}

export function CollateralPage() {
  const { t } = useTranslation();
  const me = useMe();
  const search = useSearch({ from: '/collateral' });
  const navigate = useNavigate({ from: '/collateral' });
  const show = useCallback((change: Partial<CollateralSearch>) => navigate({ search: (s) => ({ ...s, ...change }), replace: true }), [navigate]);
  const [selected, select] = useState(new Set<string>());
  const [basket, setBasket] = useState<Basket[]>();
  const [editing, setEditing] = useState<Editing>();
  const view: View = search.view === 'cost' && !me.isLead ? 'stock' : (search.view ?? 'stock');
  const views: View[] = me.isLead ? ['stock', 'orders', 'cost'] : ['stock', 'orders'];
  const turn = (to: string) => navigate({ search: to === 'stock' ? {} : { view: to as 'orders' } });
  const order = () => setBasket([...selected].map((itemId) => ({ itemId, quantity: 1 })));
  useCommands([
    { id: 'collateral.order', group: t('nav.collateral'), label: t('collateral.new'), keys: 'c', icon: <Icon name="plus" />, run: order },
    ...views.map((v, i) => ({ id: `collateral.${v}`, group: t('nav.collateral'), label: t(`collateral.views.${v}`), keys: String(i + 1), run: () => turn(v) })),
  ]);
  const peek = view === 'stock' && search.item ? <ItemPeek key={search.item} id={search.item} close={() => show({ item: undefined })} order={() => setBasket([{ itemId: search.item ?? '', quantity: 1 }])} />
    : view === 'orders' && search.orderId && <OrderPeek key={search.orderId} id={search.orderId} close={() => show({ orderId: undefined })} />;
  return (
    <PeekFrame peek={peek}>
      <div className={style.bar}>
        <Group gap="xs" justify="space-between">
          <Group gap="md"><Title order={1}>{t('nav.collateral')}</Title>
            <SegmentedControl size="xs" aria-label={t('collateral.view')} value={view} onChange={turn} data={views.map((value) => ({ value, label: t(`collateral.views.${value}`) }))} /></Group>
          <Group gap="xs"><SetUp edit={setEditing} /><Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={order}>{selected.size > 0 ? t('collateral.orderSelected', { count: selected.size }) : t('collateral.new')}</Button></Group>
        </Group>
      </div>
      {view === 'stock' && <StockList search={search} show={show} selected={selected} select={select} />}
      {view === 'orders' && <OrderList search={search} show={show} />}
      {view === 'cost' && <Costs search={search} show={show} />}
      {basket && <NewOrder first={basket} close={() => setBasket(undefined)} done={(made) => {
        setBasket(undefined);
        select(new Set());
        navigate({ search: { view: 'orders', orderId: made.id } });
      }} />}
      {editing === 'item' && <EditItem close={() => setEditing(undefined)} />}
      {editing && editing !== 'item' && <EditPlace place={editing === 'place' ? undefined : editing} close={() => setEditing(undefined)} />}
    </PeekFrame>
  );
}

// An order of printed material: what of it and how many, from where, for whom, and what it is charged to.
import { ActionIcon, Alert, Button, Group, Modal, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { refusalOf } from '../api/refusal';
import { AccountInput } from '../customers/value';
import { type CollateralOrder, CollateralOrderStatus } from '../gen/baton/v1/collateral_pb';
import { Icon } from '../ui/icons';
import { toast } from '../ui/toast';
import { collateral, stockQuery, useAct, useItems, usePlaces } from './data';
import { type Basket, looseOf, withItem } from './logic';
import style from './collateral.module.css';

const LINES_MOST = 50;

interface LinesProps {
  basket: Basket[];
  set: (basket: Basket[]) => void;
}

function Lines({ basket, set }: LinesProps) {
  const { t } = useTranslation();
  const items = useItems();
  const nameOf = (id: string) => items.find((i) => i.id === id)?.name ?? '…';
  const [typed, setTyped] = useState('');
  const more = items.filter((i) => !i.retired && !basket.some((b) => b.itemId === i.id)).map((i) => ({ value: i.id, label: `${i.name} (${i.sku})` }));
  return (
    <Stack gap="xs">
      {basket.map((line) => (
        <div key={line.itemId} className={style.line}>
          <span>{nameOf(line.itemId)}</span>
          <NumberInput size="xs" aria-label={t('collateral.quantityOf', { name: nameOf(line.itemId) })} min={1} max={1e6} allowDecimal={false} allowNegative={false} thousandSeparator value={line.quantity || ''}
            onChange={(n) => set(basket.map((b) => (b.itemId === line.itemId ? { ...b, quantity: Number(n) || 0 } : b)))} />
          <ActionIcon variant="subtle" color="gray" aria-label={t('collateral.without', { name: nameOf(line.itemId) })} onClick={() => set(basket.filter((b) => b.itemId !== line.itemId))}><Icon name="trash" size={16} /></ActionIcon>
        </div>
      ))}
      {basket.length < LINES_MOST && (
        <Select searchable data-autofocus={basket.length === 0 || undefined} label={t(basket.length === 0 ? 'collateral.what' : 'collateral.whatElse')} limit={50} nothingFoundMessage={t('collateral.noneFound')} data={more}
          value={null} searchValue={typed} onSearchChange={setTyped} onChange={(id) => {
            if (id) set(withItem(basket, id));
            setTyped('');
          }} />
      )}
    </Stack>
  );
}

export function NewOrder({ first, close, done }: { first: Basket[]; close: () => void; done: (order: CollateralOrder) => void }) {
  const { t } = useTranslation();
  const places = usePlaces().filter((p) => !p.closed);
  const [basket, setBasket] = useState(first);
  const [chosen, setChosen] = useState<string>();
  const [accountId, setAccountId] = useState('');
  // Where there is some of what is wanted first.
  const balances = useQuery(stockQuery()).data?.stock.find((s) => s.item?.id === basket[0]?.itemId)?.places ?? [];
  const place = chosen ?? (places.find((p) => looseOf(balances.find((b) => b.placeId === p.id)) > 0) ?? places[0])?.id;
  const order = useAct(collateral.orderCollateral, ({ order: made }) => {
    if (!made) return;
    toast({ title: t(made.status === CollateralOrderStatus.WAITING ? 'collateral.waits' : 'collateral.ordered') });
    done(made);
  }, () => undefined);
  const refusal = order.error ? refusalOf(order.error) : undefined;
  const isReady = place !== undefined && basket.length > 0 && basket.every((b) => b.quantity > 0);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    const text = (name: string) => String(said.get(name) ?? '').trim() || undefined;
    if (isReady) order.mutate({ placeId: place, lines: basket, accountId: accountId || undefined, shipTo: text('shipTo'), campaign: text('campaign'), note: text('note') });
  };
  return (
    <Modal opened onClose={close} title={t('collateral.new')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Lines basket={basket} set={setBasket} />
          <Select label={t('collateral.fromPlace')} allowDeselect={false} data={places.map((p) => ({ value: p.id, label: p.name }))} value={place ?? null} onChange={(v) => setChosen(v ?? undefined)} error={places.length === 0 ? t('collateral.noPlace') : undefined} />
          <AccountInput label={t('collateral.forWhom')} value={accountId} onChange={setAccountId} />
          <Textarea name="shipTo" label={t('collateral.shipTo')} autosize minRows={2} maxLength={1000} />
          <TextInput name="campaign" label={t('collateral.campaign')} maxLength={200} autoComplete="on" />
          <Textarea name="note" label={t('collateral.note')} autosize maxLength={4000} />
          {refusal && <Alert color="red" role="alert">{refusal.message}</Alert>}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" disabled={!isReady} loading={order.isPending}>{t('collateral.orderNow')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

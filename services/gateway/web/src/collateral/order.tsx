// One order beside the list: its lines from ordered to received, and what can be done with it now.
import { Button, Group, Modal, NumberInput, Skeleton, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { recordQuery } from '../api/records';
import { AccountLink, PersonName } from '../customers/value';
import type { CollateralOrder } from '../gen/baton/v1/collateral_pb';
import { useFormat } from '../i18n/format';
import { useMoney } from '../i18n/money';
import { useMe } from '../shell/me';
import { Facts, Peek } from '../ui/peek';
import { toast } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import { collateral, useAct, useItems, usePlaces } from './data';
import { type Act, actsOf, type Basket, openOf } from './logic';
import { OrderStatus } from './orders';
import style from './collateral.module.css';

interface Asked {
  orderId: string;
  lines: Basket[];
  text?: string;
}

const ASK: { [act in Act]: (asked: Asked) => Promise<{ order?: CollateralOrder }> } = {
  approve: ({ orderId, lines }) => collateral.approveOrder({ orderId, lines }),
  reject: ({ orderId, text }) => collateral.rejectOrder({ orderId, reason: text }),
  pick: ({ orderId }) => collateral.pickOrder({ orderId }),
  ship: ({ orderId, lines, text }) => collateral.shipOrder({ orderId, lines, tracking: text }),
  receive: ({ orderId, lines }) => collateral.receiveOrder({ orderId, lines }),
  cancel: ({ orderId, text }) => collateral.cancelOrder({ orderId, reason: text }),
};

// How many of each line an act may be about; the others are about the order as a whole.
const COUNTED: { [act in Act]?: (line: CollateralOrder['lines'][number]) => number } = { approve: (l) => l.ordered, ship: openOf.ship, receive: openOf.receive };
const REASONED: Act[] = ['reject', 'cancel'];

function Ask({ act, order, close }: { act: Act; order: CollateralOrder; close: () => void }) {
  const { t } = useTranslation();
  const items = useItems();
  const most = COUNTED[act];
  const [basket, setBasket] = useState(() => (most ? order.lines.filter((l) => most(l) > 0).map((l) => ({ itemId: l.itemId, quantity: most(l), most: most(l) })) : []));
  const [text, setText] = useState('');
  const ask = useAct(ASK[act], () => {
    toast({ title: t(`collateral.done.${act}`) });
    close();
  });
  const nameOf = (id: string) => items.find((i) => i.id === id)?.name ?? '…';
  const isReady = (act !== 'reject' || text.trim() !== '') && (!most || basket.some((b) => b.quantity > 0));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // All of it is what is meant where nothing is named; approval may name nothing of a line.
    const changed = basket.filter((b) => b.quantity !== b.most);
    const lines = (act === 'approve' || changed.length === 0 ? changed : basket.filter((b) => b.quantity > 0)).map(({ itemId, quantity }) => ({ itemId, quantity }));
    if (isReady) ask.mutate({ orderId: order.id, lines, text: text.trim() || undefined });
  };
  return (
    <Modal opened onClose={close} title={t(`collateral.acts.${act}`)} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {basket.map((b) => (
            <NumberInput key={b.itemId} label={nameOf(b.itemId)} min={act === 'approve' ? 1 : 0} max={b.most} clampBehavior="strict" allowDecimal={false} allowNegative={false} value={b.quantity}
              onChange={(n) => setBasket((all) => all.map((one) => (one.itemId === b.itemId ? { ...one, quantity: Number(n) || 0 } : one)))} />
          ))}
          {act === 'ship' && <TextInput label={t('collateral.tracking')} maxLength={200} value={text} onChange={(e) => setText(e.currentTarget.value)} />}
          {REASONED.includes(act) && <Textarea data-autofocus label={t('collateral.reason')} autosize minRows={2} maxLength={1000} value={text} onChange={(e) => setText(e.currentTarget.value)} />}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button>
            <Button type="submit" color={REASONED.includes(act) ? 'red.9' : undefined} disabled={!isReady} loading={ask.isPending}>{t(`collateral.acts.${act}`)}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

const STEPS = ['ordered', 'approved', 'picked', 'shipped', 'received', 'backOrdered'] as const;

function Lines({ order }: { order: CollateralOrder }) {
  const { t } = useTranslation();
  const format = useFormat();
  const items = useItems();
  return (
    <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('collateral.lines')}>
      <table className={style.rows}>
        <thead><tr><th scope="col">{t('collateral.item')}</th>{STEPS.map((s) => <th key={s} scope="col" className={style.n}>{t(`collateral.steps.${s}`)}</th>)}</tr></thead>
        <tbody>
          {order.lines.map((l) => (
            <tr key={l.itemId}><th scope="row">{items.find((i) => i.id === l.itemId)?.name ?? '…'}</th>
              {STEPS.map((s) => <td key={s} className={`${style.n} ${s === 'backOrdered' && l[s] > 0 ? style.late : ''}`}>{format.number(l[s])}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function About({ order }: { order: CollateralOrder }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const place = usePlaces().find((p) => p.id === order.placeId);
  return (
    <Facts rows={[
      [t('collateral.statusOf'), <OrderStatus key="status" status={order.status} />],
      [t('collateral.by'), <PersonName key="by" id={order.ownerId} />],
      [t('collateral.when'), format.moment(order.createdAt)],
      [t('collateral.fromPlace'), place?.name],
      [t('collateral.forWhom'), order.accountId && <AccountLink key="for" id={order.accountId} />],
      [t('collateral.shipTo'), order.shipTo && <span style={{ whiteSpace: 'pre-wrap' }}>{order.shipTo}</span>],
      [t('collateral.campaign'), order.campaign],
      [t('collateral.cost'), money.full(order.cost)],
      [t('collateral.tracking'), order.tracking],
      [t('collateral.decided'), order.decidedById && <><PersonName id={order.decidedById} /> {format.moment(order.decidedAt)}</>],
      [t('collateral.reason'), order.reason],
      [t('collateral.note'), order.note],
    ]} />
  );
}

export function OrderPeek({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const places = usePlaces();
  const { data: order, error, refetch } = useQuery({ ...recordQuery('collateralOrder', id), refetchInterval: 15_000 });
  const [asking, setAsking] = useState<Act>();
  const pick = useAct(ASK.pick, () => toast({ title: t('collateral.done.pick') }));
  const acts = order ? actsOf(order, { id: me.user.id, isAdmin: me.isAdmin, isLead: me.isLead }, places.find((p) => p.id === order.placeId)) : [];
  const start = (act: Act) => (act === 'pick' ? pick.mutate({ orderId: id, lines: [] }) : setAsking(act));
  return (
    <Peek title={t('collateral.order')} label={t('collateral.order')} close={close}
      foot={acts.length > 0 && <Group gap="xs">{acts.map((act, i) => <Button key={act} size="xs" variant={i === 0 && !REASONED.includes(act) ? 'filled' : 'default'} loading={act === 'pick' && pick.isPending} onClick={() => start(act)}>{t(`collateral.acts.${act}`)}</Button>)}</Group>}>
      {error && <Trouble error={error} again={refetch} />}
      {order === undefined && !error && <Skeleton height={200} />}
      {order === null && <Text size="sm">{t('collateral.gone')}</Text>}
      {order && <><About order={order} /><h3 className={style.h}>{t('collateral.lines')}</h3><Lines order={order} /></>}
      {order && asking && <Ask key={asking} act={asking} order={order} close={() => setAsking(undefined)} />}
    </Peek>
  );
}

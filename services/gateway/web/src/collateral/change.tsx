// What whoever keeps a place does with its stock: more came, it was counted, thrown away, or went to another place.
import { Alert, Button, Group, Modal, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { refusalOf } from '../api/refusal';
import type { CollateralItem, StockBalance, StockPlace } from '../gen/baton/v1/collateral_pb';
import { useFormat } from '../i18n/format';
import { toast } from '../ui/toast';
import { collateral, useAct, usePlaces } from './data';

export const CHANGES = ['receive', 'count', 'move', 'scrap'] as const;
export type Change = (typeof CHANGES)[number];

interface Asked {
  itemId: string;
  placeId: string;
  quantity: number;
  toPlaceId: string;
  note?: string;
}

const ASK: { [change in Change]: (a: Asked) => Promise<{ balance?: StockBalance }> } = {
  receive: ({ itemId, placeId, quantity, note }) => collateral.receiveStock({ itemId, placeId, quantity, note }),
  count: ({ itemId, placeId, quantity, note }) => collateral.countStock({ itemId, placeId, counted: quantity, note }),
  scrap: ({ itemId, placeId, quantity, note }) => collateral.scrapStock({ itemId, placeId, quantity, note }),
  move: ({ itemId, placeId, toPlaceId, quantity, note }) => collateral.moveStock({ itemId, placeId, toPlaceId, quantity, note }),
};

export function ChangeStock({ what, item, place, balance, close }: { what: Change; item: CollateralItem; place: StockPlace; balance?: StockBalance; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const others = usePlaces().filter((p) => p.id !== place.id);
  const [quantity, setQuantity] = useState<number | string>('');
  const [to, setTo] = useState(others.length === 1 ? others[0].id : '');
  const [note, setNote] = useState('');
  const act = useAct(ASK[what], ({ balance: now }) => {
    toast({ title: t('collateral.nowThere', { count: Number(now?.onHand ?? 0n), name: item.name, place: place.name }) });
    close();
  }, () => undefined);
  const refusal = act.error ? refusalOf(act.error) : undefined;
  const isReady = typeof quantity === 'number' && (what === 'count' || quantity > 0) && (what !== 'move' || to !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) act.mutate({ itemId: item.id, placeId: place.id, quantity, toPlaceId: to, note: note.trim() || undefined });
  };
  return (
    <Modal opened onClose={close} title={t(`collateral.asks.${what}`, { name: item.name, place: place.name })} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">{t('collateral.thereNow', { count: Number(balance?.onHand ?? 0n), picked: format.number(balance?.picked ?? 0n) })}</Text>
          <NumberInput data-autofocus label={t(what === 'count' ? 'collateral.counted' : 'collateral.quantity')} min={what === 'count' ? 0 : 1} max={1e9} allowDecimal={false} allowNegative={false} thousandSeparator value={quantity} onChange={setQuantity} />
          {what === 'move' && <Select label={t('collateral.toPlace')} allowDeselect={false} data={others.map((p) => ({ value: p.id, label: p.name }))} value={to || null} onChange={(v) => setTo(v ?? '')} />}
          <TextInput label={t('collateral.note')} maxLength={400} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
          {refusal && <Alert color="red" role="alert">{refusal.message}</Alert>}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" disabled={!isReady} loading={act.isPending}>{t('save')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

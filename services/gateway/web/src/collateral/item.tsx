// One item beside the list: where it lies, what its keeper does with it, and why there is what there is.
import { Badge, Button, Group, Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from '../i18n/words';
import { PersonName } from '../customers/value';
import type { CollateralItem, CollateralStock, StockBalance, StockMove, StockPlace } from '../gen/baton/v1/collateral_pb';
import { useFormat } from '../i18n/format';
import { useMoney } from '../i18n/money';
import { useMe } from '../shell/me';
import { Facts, Peek } from '../ui/peek';
import { Trouble } from '../ui/trouble';
import { ledgerQuery, stockQuery, usePlaces } from './data';
import { EditItem } from './edit';
import { Level } from './level';
import { keeps } from './logic';
import { CHANGES, type Change, ChangeStock } from './change';
import style from './collateral.module.css';

function Move({ move, places }: { move: StockMove; places: StockPlace[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const other = places.find((p) => p.id === move.otherPlaceId)?.name;
  const n = Number(move.quantity);
  return (
    <li>
      <b className={n < 0 ? style.late : undefined}>{n > 0 ? '+' : n < 0 ? '−' : ''}{format.number(Math.abs(n))}</b>
      <div>
        {t(`collateral.why.${move.why}`)}{other && ` ${t(n < 0 ? 'collateral.to' : 'collateral.from', { place: other })}`}
        {move.orderId && <> · <Link to="/collateral" search={{ view: 'orders', orderId: move.orderId }} className={style.link}>{t('collateral.order')}</Link></>}
        <div className={style.dim}>{format.moment(move.at)} <PersonName id={move.byId} />{move.campaign && ` · ${move.campaign}`}</div>
        {move.note && <div className={style.dim}>{move.note}</div>}
      </div>
    </li>
  );
}

function Ledger({ itemId, place }: { itemId: string; place: StockPlace }) {
  const { t } = useTranslation();
  const places = usePlaces();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(ledgerQuery(itemId, place.id));
  const moves = data?.pages.flatMap((p) => p.moves) ?? [];
  return (
    <section aria-label={t('collateral.ledgerOf', { place: place.name })}>
      <h3 className={style.h}>{t('collateral.ledgerOf', { place: place.name })}</h3>
      {error && <Trouble error={error} again={refetch} />}
      {!data && !error && <Skeleton height={80} />}
      {data && moves.length === 0 && <Text size="sm" c="dimmed">{t('collateral.neverAny')}</Text>}
      <ul className={style.moves}>{moves.map((m) => <Move key={String(m.number)} move={m} places={places} />)}</ul>
      {hasNextPage && <Button size="xs" variant="subtle" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>{t('collateral.older')}</Button>}
    </section>
  );
}

interface PlacesProps {
  places: StockPlace[];
  balances: StockBalance[];
  shown: string;
  look: (id: string) => void;
}

function Places({ places, balances, shown, look }: PlacesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <table className={style.rows}>
      <thead><tr><th scope="col">{t('collateral.place')}</th>{['onHand', 'picked', 'owed'].map((c) => <th key={c} scope="col" className={style.n}>{t(`collateral.${c}`)}</th>)}</tr></thead>
      <tbody>
        {places.map((p) => {
          const b = balances.find((one) => one.placeId === p.id);
          return (
            <tr key={p.id}><th scope="row"><Button size="compact-xs" variant={shown === p.id ? 'light' : 'subtle'} aria-pressed={shown === p.id} onClick={() => look(p.id)}>{p.name}</Button></th>
              <td className={style.n}>{format.number(b?.onHand ?? 0n)}</td><td className={style.n}>{format.number(b?.picked ?? 0n)}</td><td className={style.n}>{format.number(b?.backOrdered ?? 0n)}</td></tr>
          );
        })}
      </tbody>
    </table>
  );
}

function About({ item, stock }: { item: CollateralItem; stock: CollateralStock }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  return (
    <Facts rows={[
      [t('collateral.left'), <Level key="left" stock={stock} />],
      [t('collateral.lowLevel'), item.lowLevel ? format.number(item.lowLevel) : ''],
      [t('collateral.unitCost'), money.full(item.unitCost)],
      [t('collateral.unit'), item.unit],
      [t('collateral.languages'), item.languages.join(', ')],
      [t('collateral.document'), item.documentId && <Link to="/documents/$id" params={{ id: item.documentId }}>{t('notices.openDocument')}</Link>],
      [t('collateral.note'), item.note],
    ]} />
  );
}

export function ItemPeek({ id, close, order }: { id: string; close: () => void; order: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const asker = { id: me.user.id, isAdmin: me.isAdmin, isLead: me.isLead };
  const places = usePlaces();
  const { data, error, refetch } = useQuery(stockQuery());
  const stock = data?.stock.find((s) => s.item?.id === id);
  const [looked, setLooked] = useState<string>();
  const [change, setChange] = useState<Change>();
  const [isEditing, setEditing] = useState(false);
  const item = stock?.item;
  const place = places.find((p) => p.id === looked) ?? places.find((p) => stock?.places.some((b) => b.placeId === p.id)) ?? places[0];
  return (
    <Peek title={item?.name ?? t('collateral.item')} label={t('collateral.item')} close={close} sub={<>{item?.sku} {item?.retired && <Badge size="sm" variant="outline" color="gray" c="inherit">{t('collateral.retired')}</Badge>}</>}
      foot={item && <Group gap="xs">{!item.retired && <Button size="xs" onClick={order}>{t('collateral.orderThis')}</Button>}
        {me.isLead && <Button size="xs" variant="default" onClick={() => setEditing(true)}>{t('collateral.change')}</Button>}</Group>}>
      {error && <Trouble error={error} again={refetch} />}
      {!data && !error && <Skeleton height={160} />}
      {data && !stock && <Text size="sm">{t('collateral.gone')}</Text>}
      {stock && item && (
        <>
          <About item={item} stock={stock} />
          {places.length > 0 && place && <><h3 className={style.h}>{t('collateral.places')}</h3><Places places={places} balances={stock.places} shown={place.id} look={setLooked} /></>}
          {place && keeps(asker, place) && (
            <Group gap="xs" mt="sm">{CHANGES.map((c) => <Button key={c} size="xs" variant="default" disabled={c === 'move' && places.length < 2} onClick={() => setChange(c)}>{t(`collateral.acts.${c}`)}</Button>)}</Group>
          )}
          {place && <Ledger key={place.id} itemId={id} place={place} />}
          {change && place && <ChangeStock what={change} item={item} place={place} balance={stock.places.find((b) => b.placeId === place.id)} close={() => setChange(undefined)} />}
          {isEditing && <EditItem item={item} close={() => setEditing(false)} />}
        </>
      )}
    </Peek>
  );
}

// What there is of printed material, place by place, and how much of it is left.
import { Checkbox, Group, Select, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from '../i18n/words';
import type { CollateralStock } from '../gen/baton/v1/collateral_pb';
import { useFormat } from '../i18n/format';
import { Empty } from '../ui/empty';
import { type Column, List } from '../ui/table';
import { Trouble } from '../ui/trouble';
import { Words } from '../ui/words';
import { stockQuery, usePlaces } from './data';
import { Level } from './level';
import type { CollateralSearch } from './search';
import style from './collateral.module.css';

const CARD = 104;
const PLACES_SHOWN = 4;
const idOf = (s: CollateralStock) => s.item?.id ?? '';

function useColumns(placeId?: string): Column<CollateralStock>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const places = usePlaces();
  return useMemo(() => [
    { id: 'name', header: t('collateral.item'), width: 220, grows: true, cell: (s) => <><b>{s.item?.name}</b> {s.item?.retired && <span className={style.dim}>{t('collateral.retired')}</span>}</> },
    { id: 'sku', header: t('collateral.sku'), width: 110, cell: (s) => s.item?.sku },
    { id: 'left', header: t('collateral.left'), width: 190, cell: (s) => <Level stock={s} /> },
    { id: 'owed', header: t('collateral.owed'), width: 90, cell: (s) => (s.total?.backOrdered ? <span className={style.late}>{format.number(s.total.backOrdered)}</span> : '') },
    ...places.filter((p) => placeId === undefined || p.id === placeId).slice(0, PLACES_SHOWN).map((p): Column<CollateralStock> =>
      ({ id: p.id, header: p.name, width: 110, cell: (s) => <span className="num">{format.number(s.places.find((b) => b.placeId === p.id)?.onHand)}</span> })),
  ], [t, format, places, placeId]);
}

function Card({ stock }: { stock: CollateralStock }) {
  const places = usePlaces();
  const format = useFormat();
  return (
    <>
      <b className="cut" style={{ display: 'block' }}>{stock.item?.name}</b>
      <Level stock={stock} />
      <div className={`${style.facts} cut`}><span>{stock.item?.sku}</span>{stock.places.map((b) => <span key={b.placeId}>{places.find((p) => p.id === b.placeId)?.name} {format.number(b.onHand)}</span>)}</div>
    </>
  );
}

interface StockProps {
  search: CollateralSearch;
  show: (change: Partial<CollateralSearch>) => void;
  selected: Set<string>;
  select: (ids: Set<string>) => void;
}

export function StockList({ search, show, selected, select }: StockProps) {
  const { t } = useTranslation();
  const places = usePlaces();
  const columns = useColumns(search.place);
  const [typed, setTyped] = useState('');
  const find = useCallback((q?: string) => setTyped(q ?? ''), []);
  const [active, setActive] = useState<string>();
  const { data, error, refetch } = useQuery(stockQuery(search.place, search.low));
  const word = typed.toLowerCase();
  const rows = (data?.stock ?? []).filter((s) => `${s.item?.name} ${s.item?.sku}`.toLowerCase().includes(word));
  const isFiltered = search.place !== undefined || search.low !== undefined || typed !== '';
  const open = (id: string) => {
    setActive(id);
    show({ item: search.item === id ? undefined : id });
  };
  return (
    <>
      <div className={style.bar}>
        <Group gap="xs">
          <Words label={t('collateral.find')} q={typed} show={find} />
          <Select size="xs" className={style.filter} clearable placeholder={t('collateral.place')} aria-label={t('collateral.place')} value={search.place ?? null} data={places.map((p) => ({ value: p.id, label: p.name }))}
            onChange={(place) => show({ place: place ?? undefined })} />
          <Checkbox size="xs" label={t('collateral.onlyLow')} checked={search.low ?? false} onChange={(e) => show({ low: e.currentTarget.checked ? true : undefined })} />
        </Group>
      </div>
      {error && <Trouble error={error} again={refetch} />}
      {!data && !error && <Stack p="md" gap="xs" aria-busy="true">{[...Array(6).keys()].map((i) => <Skeleton key={i} height={30} />)}</Stack>}
      {data && rows.length === 0 && <Empty icon="boxes" title={t(search.low ? 'collateral.noneLow' : isFiltered ? 'collateral.noneFound' : 'collateral.none')} text={isFiltered ? undefined : t('collateral.noneText')} />}
      {rows.length > 0 && (
        <>
          <List label={t('collateral.views.stock')} rows={rows} idOf={idOf} columns={columns} active={search.item ?? active} onActive={(id) => (search.item ? show({ item: id }) : setActive(id))} onOpen={open}
            selected={selected} onSelect={select} cardHeight={CARD} card={(s) => <Card stock={s} />} />
          <div className={style.count} role="status">{t('collateral.count', { count: rows.length })}{data?.isCut && ` · ${t('customers.cut')}`}</div>
        </>
      )}
    </>
  );
}

// The catalogue: products, price books and what stands in them, offers, limits of discounts, taxes and rates.
import { Badge, Button, Group, Select, Skeleton, Tabs, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import { useDelete } from '../api/records';
import { useFormat } from '../i18n/format';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { Facts, Peek, PeekFrame } from '../ui/peek';
import { type Column, List } from '../ui/table';
import { Trouble } from '../ui/trouble';
import { Words } from '../ui/words';
import { Cell, useNamesOf } from './cell';
import { Cost } from './cost';
import { rowsQuery, useRows } from './data';
import { Edit } from './edit';
import { FIELDS, hasDays, type Kind, KINDS, mayWrite } from './kinds';
import { isFound, type Row, type Values, validOf } from './logic';
import type { CatalogueSearch } from './search';
import style from './catalogue.module.css';

const CARD = 84;

const today = () => new Date(serverNow()).toISOString().slice(0, 10);
const dayMs = (day: string) => new Date(`${day}T12:00:00`).getTime();

function Validity({ row }: { row: Row }) {
  const { t } = useTranslation();
  const format = useFormat();
  const valid = validOf(row, today());
  const days = row.validFrom || row.validTo ? `${row.validFrom ? format.day(dayMs(String(row.validFrom))) : ''} – ${row.validTo ? format.day(dayMs(String(row.validTo))) : ''}` : '';
  return <span className={style.valid}><Badge size="sm" variant={valid === 'now' ? 'light' : 'default'} tt="none">{t(row.supersededById ? 'catalogue.superseded' : `catalogue.valid.${valid}`)}</Badge>{days && <span className={style.dim}>{days}</span>}</span>;
}

function useTitle(kind: Kind) {
  const { t } = useTranslation();
  const names = useNamesOf();
  return (row: Row) => {
    if (kind === 'priceBookEntry') return names.product(String(row.productId));
    if (kind === 'discountLimit') return t(`role.${row.role}`);
    return kind === 'currencyRate' ? `${row.fromCurrency} → ${row.toCurrency}` : String(row.name);
  };
}

function useColumns(kind: Kind): Column<Row>[] {
  const { t } = useTranslation();
  return useMemo(() => [
    ...FIELDS[kind].flatMap((f) => (f.width ? [{ id: f.name, header: t(`catalogue.field.${f.name}`), width: f.width, grows: f.grows, cell: (row: Row) => <Cell field={f} row={row} /> }] : [])),
    ...(hasDays(kind) ? [{ id: 'valid', header: t('catalogue.validity'), width: 250, cell: (row: Row) => <Validity row={row} /> }] : []),
  ], [kind, t]);
}

interface Editing {
  row?: Row;
  first?: Values;
}

function RowPeek({ kind, row, mayEdit, edit, close }: { kind: Kind; row: Row; mayEdit: boolean; edit: (e: Editing) => void; close: () => void }) {
  const { t } = useTranslation();
  const titleOf = useTitle(kind);
  const remove = useDelete(kind);
  const asNew = () => edit({ first: { ...Object.fromEntries(FIELDS[kind].map((f) => [f.name, row[f.name]])), code: `${row.code}-${Number(row.version ?? 1n) + 1}`, supersedesId: row.id } });
  return (
    <Peek title={titleOf(row)} label={t(`catalogue.one.${kind}`)} close={close} foot={mayEdit && (
      <Group gap="xs">
        <Button size="xs" onClick={() => edit({ row })} rightSection={<kbd>E</kbd>}>{t('catalogue.change')}</Button>
        {kind === 'priceBook' && !row.supersededById && <Button size="xs" variant="default" onClick={asNew}>{t('catalogue.newVersion')}</Button>}
        <Button size="xs" variant="subtle" color="red" onClick={() => remove.mutate({ id: row.id }, { onSuccess: close })}>{t('delete')}</Button>
      </Group>
    )}>
      <Facts rows={FIELDS[kind].filter((f) => Object.hasOwn(row, f.name) && row[f.name] !== '' && !(Array.isArray(row[f.name]) && (row[f.name] as unknown[]).length === 0)).map((f) => [t(`catalogue.field.${f.name}`), <Cell key={f.name} field={f} row={row} />])} />
      {hasDays(kind) && <Validity row={row} />}
    </Peek>
  );
}

function Board({ kind, search, set }: { kind: Kind; search: CatalogueSearch; set: (change: Partial<CatalogueSearch>) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { data, error, refetch } = useQuery(rowsQuery(kind, search.book));
  const books = useRows('priceBook');
  const columns = useColumns(kind);
  const titleOf = useTitle(kind);
  const [active, setActive] = useState<string>();
  const [peeked, setPeeked] = useState<string>();
  const [editing, setEditing] = useState<Editing>();
  const mayEdit = mayWrite(kind, me.user.role);
  const look = useCallback((q?: string) => set({ q }), [set]);
  const rows = (data?.rows ?? []).filter((row) => !search.q || isFound({ ...row, title: titleOf(row) }, search.q)).sort((a, b) => titleOf(a).localeCompare(titleOf(b)) || (a.id < b.id ? -1 : 1));
  const row = data?.rows.find((r) => r.id === peeked);
  const fresh = () => setEditing({ first: kind === 'priceBookEntry' && search.book ? { priceBookId: search.book } : {} });
  useCommands([
    { id: 'catalogue.new', group: t('nav.catalogue'), label: t(`catalogue.new.${kind}`), keys: 'c', icon: <Icon name="plus" />, enabled: mayEdit, run: fresh },
    { id: 'catalogue.edit', group: t('nav.catalogue'), label: t(`catalogue.edit.${kind}`), keys: 'e', icon: <Icon name="edit" />, enabled: mayEdit && row !== undefined, run: () => row && setEditing({ row }) },
  ]);
  const open = (id: string) => {
    setActive(id);
    setPeeked(peeked === id ? undefined : id);
  };
  return (
    <PeekFrame peek={row && <RowPeek key={row.id} kind={kind} row={row} mayEdit={mayEdit} edit={setEditing} close={() => setPeeked(undefined)} />}>
      <Group gap="xs" className={style.bar}>
        <Words label={t('catalogue.find')} q={search.q ?? ''} show={look} />
        {kind === 'priceBookEntry' && <Select size="xs" clearable aria-label={t('catalogue.field.priceBookId')} placeholder={t('catalogue.field.priceBookId')} data={books.map((b) => ({ value: b.id, label: `${b.name}${b.supersededById ? ` (${t('catalogue.superseded')})` : ''}` }))}
          value={search.book ?? null} onChange={(book) => set({ book: book ?? undefined })} />}
        <span className={style.grows} />
        {mayEdit && <Button size="xs" leftSection={<Icon name="plus" size={14} />} onClick={fresh} rightSection={<kbd>C</kbd>}>{t(`catalogue.new.${kind}`)}</Button>}
      </Group>
      {kind === 'priceBookEntry' && <div className={style.cost}><Cost /></div>}
      {error && <Trouble error={error} again={refetch} />}
      {!data && !error && <Skeleton height={200} m="md" />}
      {data && rows.length === 0 && <Empty icon="boxes" title={t(search.q ? 'catalogue.noneFound' : `catalogue.none.${kind}`)} />}
      {rows.length > 0 && <List label={t(`catalogue.many.${kind}`)} rows={rows} idOf={(r) => r.id} columns={columns} active={active} onActive={setActive} onOpen={open} cardHeight={CARD}
        card={(r) => <><b className="cut">{titleOf(r)}</b><div className={style.cardFacts}>{FIELDS[kind].filter((f) => f.width && f.name !== 'name' && f.name !== 'productId').map((f) => <span key={f.name}><Cell field={f} row={r} /></span>)}{hasDays(kind) && <Validity row={r} />}</div></>} />}
      {data && <div className={style.count} role="status">{t('catalogue.count', { count: rows.length })}{data.isCut && ` · ${t('customers.cut')}`}</div>}
      {editing && <Edit kind={kind} {...editing} close={() => setEditing(undefined)} />}
    </PeekFrame>
  );
}

export function CataloguePage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/catalogue' });
  const navigate = useNavigate({ from: '/catalogue' });
  const kind = search.kind ?? 'product';
  const set = useCallback((change: Partial<CatalogueSearch>) => navigate({ search: (s) => ({ ...s, ...change }), replace: true }), [navigate]);
  const show = (next: Kind) => navigate({ search: next === 'product' ? {} : { kind: next }, replace: true });
  useCommands(KINDS.map((next, i) => ({ id: `catalogue.${next}`, group: t('nav.catalogue'), label: t(`catalogue.many.${next}`), keys: String(i + 1), run: () => show(next) })));
  return (
    <div className={style.page}>
      <header className={style.head}>
        <Title order={1}>{t('nav.catalogue')}</Title>
        <Tabs value={kind} onChange={(next) => show(next as Kind)}><Tabs.List className={style.tabs}>{KINDS.map((k) => <Tabs.Tab key={k} value={k} aria-controls="catalogue-panel">{t(`catalogue.many.${k}`)}</Tabs.Tab>)}</Tabs.List></Tabs>
      </header>
      <div className={style.panel} id="catalogue-panel" role="tabpanel" aria-label={t(`catalogue.many.${kind}`)}><Board key={kind} kind={kind} search={search} set={set} /></div>
    </div>
  );
}

// Accounts, or contacts: found, filtered, chosen, looked at beside the list, changed many at a time.
import { Button, Skeleton, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { useFormat } from '../i18n/format';
import { useCommands } from '../shell/commands';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { PeekFrame } from '../ui/peek';
import { type Column, List } from '../ui/table';
import { Trouble } from '../ui/trouble';
import { BulkBar } from './bulk';
import { Bar } from './filters';
import { foundQuery } from './data';
import { type Customer, KINDS, type Kind, of } from './kinds';
import { NewCustomer } from './new';
import { CustomerPeek } from './peek';
import type { ListSearch } from './search';
import { Value } from './value';
import style from './customers.module.css';

const CARD = 80;
const NONE: Customer[] = [];

function useColumns(kind: Kind): Column<Customer>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    const { name, fields } = KINDS[kind];
    return [
      { id: 'name', header: t('field.name'), width: 200, grows: true, cell: (r) => <b>{name(r)}</b> },
      ...fields.filter((f) => f.width).map((f): Column<Customer> => (
        { id: f.name, header: t(`field.${f.name}`), width: f.width ?? 120, grows: f.kind === 'text' || f.kind === 'email', cell: (r) => <Value field={f} value={of(r, f.name)} /> })),
      { id: 'createdAt', header: t('field.createdAt'), width: 110, cell: (r) => format.day(r.createdAt) },
      { id: 'updatedAt', header: t('field.updatedAt'), width: 110, cell: (r) => format.ago(r.updatedAt) },
    ];
  }, [kind, t, format]);
}

function CustomerCard({ record, kind }: { record: Customer; kind: Kind }) {
  const { name, fields, columns } = KINDS[kind];
  const shown = fields.filter((f) => columns.includes(f.name) && f.kind !== 'person' && f.kind !== 'tags').slice(0, 3);
  return (
    <>
      <div className="cut"><b>{name(record)}</b></div>
      <div className={style.cardFacts}>{shown.map((f) => <span key={f.name} className="cut"><Value field={f} value={of(record, f.name)} /></span>)}</div>
    </>
  );
}

export function CustomersPage({ kind, search }: { kind: Kind; search: ListSearch }) {
  const { t, i18n } = useTranslation();
  const { path, columns: first } = KINDS[kind];
  const navigate = useNavigate();
  const asked = useInfiniteQuery(foundQuery(kind, search, i18n.language));
  const [active, setActive] = useState<string>();
  const [selected, setSelected] = useState(() => new Set<string>());
  const [isNew, setNew] = useState(false);
  const columns = useColumns(kind);
  const pages = asked.data?.pages;
  const rows = useMemo(() => pages?.flatMap((p) => p.rows) ?? NONE, [pages]);
  const shown = search.columns?.split(',') ?? first;
  const hidden = columns.map((c) => c.id).filter((id) => id !== 'name' && !shown.includes(id));
  const show = useCallback((change: Partial<ListSearch>) => navigate({ to: path, search: (s: ListSearch) => ({ ...s, ...change }), replace: true }), [navigate, path]);
  const open = (id: string) => navigate({ to: kind === 'account' ? '/accounts/$id' : '/contacts/$id', params: { id } });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = asked;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  useCommands([
    { id: 'new', group: t(`kinds.${kind}`), label: t(`customers.new.${kind}`), keys: 'c', icon: <Icon name="plus" />, run: () => setNew(true) },
    { id: 'select.none', group: t(`kinds.${kind}`), label: t('customers.selectNone'), keys: 'Escape', isQuiet: true, enabled: selected.size > 0 && !search.peek, run: () => setSelected(new Set()) },
  ]);
  const isFiltered = Boolean(search.q || search.owner || search.type);
  const peeked = rows.find((r) => r.id === search.peek);
  return (
    <PeekFrame peek={search.peek && <CustomerPeek key={search.peek} kind={kind} id={search.peek} known={peeked} close={() => show({ peek: undefined })} open={() => open(search.peek ?? '')} />}>
      <Bar kind={kind} search={search} show={show} columns={columns} shown={shown} add={() => setNew(true)} />
      {selected.size > 0 && <BulkBar kind={kind} records={rows.filter((r) => selected.has(r.id))} done={() => setSelected(new Set())} />}
      {asked.error && <Trouble error={asked.error} again={asked.refetch} />}
      {asked.isPending && <Stack p="md" gap="xs" aria-busy="true">{[...Array(10).keys()].map((i) => <Skeleton key={i} height={30} />)}</Stack>}
      {pages && rows.length === 0 && !asked.isFetching && (
        <Empty icon={kind === 'account' ? 'building' : 'people'} title={t(isFiltered ? 'customers.none' : `customers.empty.${kind}`)}
          text={t(isFiltered ? 'customers.noneText' : 'customers.emptyText')}>
          {isFiltered ? <Button variant="light" onClick={() => navigate({ to: path, search: {} })}>{t('customers.all')}</Button>
            : <Button onClick={() => setNew(true)}>{t(`customers.new.${kind}`)}</Button>}
        </Empty>
      )}
      {rows.length > 0 && (
        <>
          <List label={t(`kinds.${kind}`)} rows={rows} idOf={(r) => r.id} columns={columns} hidden={hidden} active={search.peek ?? active}
            onActive={(id) => (search.peek ? show({ peek: id }) : setActive(id))} onOpen={open} onPeek={(id) => {
              setActive(id);
              show({ peek: search.peek === id ? undefined : id });
            }} selected={selected} onSelect={setSelected} onEnd={more} cardHeight={CARD} card={(r) => <CustomerCard record={r} kind={kind} />} />
          <div className={style.count} role="status">{t(hasNextPage ? 'customers.countMore' : 'customers.count', { count: rows.length })}{pages?.some((p) => p.isCut) && ` · ${t('customers.cut')}`}</div>
        </>
      )}
      {isNew && <NewCustomer kind={kind} close={() => setNew(false)} done={open} />}
    </PeekFrame>
  );
}

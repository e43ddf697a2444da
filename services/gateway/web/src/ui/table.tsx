// A list of many: as a table where there is room, as cards on a phone. Only what is in sight is drawn. Which row is the
// active one is said by the page; keys move it.
import { Checkbox } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from '../i18n/words';
import { type Command, useCommands } from '../shell/commands';
import { useSettings } from '../shell/settings';
import { usePhone } from './phone';
import { type Swipe, SwipeCard } from './swipe';
import style from './ui.module.css';

export interface Column<R> {
  id: string;
  header: string;
  width: number;
  cell: (row: R) => ReactNode;
  // Takes what room is left.
  grows?: boolean;
  isSorted?: boolean;
  sort?: () => void;
}

export interface ListProps<R> {
  label: string;
  rows: R[];
  idOf: (row: R) => string;
  columns: Column<R>[];
  hidden?: string[];
  active?: string;
  onActive: (id: string) => void;
  onOpen: (id: string) => void;
  onPeek?: (id: string) => void;
  selected?: Set<string>;
  onSelect?: (ids: Set<string>) => void;
  look?: (row: R) => { [attribute: `data-${string}`]: true | undefined };
  onSight?: (ids: string[]) => void;
  onEnd?: () => void;
  card: (row: R) => ReactNode;
  cardHeight: number;
  swipe?: (row: R) => Swipe | undefined;
}

const ROW = { cosy: 40, dense: 32 };

function useMoves<R>({ rows, idOf, active, onActive, onOpen, onPeek, selected, onSelect }: ListProps<R>) {
  const { t } = useTranslation();
  const at = useMemo(() => (active === undefined ? -1 : rows.findIndex((row) => idOf(row) === active)), [rows, idOf, active]);
  const move = (step: number) => {
    const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + step))];
    if (next) onActive(idOf(next));
  };
  const mark = () => {
    if (!active || !selected || !onSelect) return;
    const next = new Set(selected);
    if (!next.delete(active)) next.add(active);
    onSelect(next);
  };
  const quiet = (id: string, keys: string, label: string, run: () => void, enabled = true): Command =>
    ({ id, keys, label, run, enabled, group: t('keys.moving'), isQuiet: true });
  const some = rows.length > 0;
  useCommands([
    quiet('list.next', 'j', t('keys.next'), () => move(1), some),
    quiet('list.previous', 'k', t('keys.previous'), () => move(-1), some),
    quiet('list.down', 'ArrowDown', t('keys.next'), () => move(1), some),
    quiet('list.up', 'ArrowUp', t('keys.previous'), () => move(-1), some),
    quiet('list.open', 'Enter', t('keys.open'), () => active && onOpen(active), at >= 0),
    quiet('list.peek', 'Space', t('keys.peek'), () => active && (onPeek ?? onOpen)(active), at >= 0),
    ...(onSelect ? [quiet('list.select', 'x', t('keys.select'), mark, at >= 0)] : []),
  ]);
  return at;
}

function useSight<R>(props: ListProps<R>, indexes: number[]) {
  const { rows, idOf, onSight, onEnd } = props;
  const shown = indexes.map((i) => rows[i]).filter((row) => row !== undefined).map(idOf).join();
  const last = indexes.at(-1) ?? -1;
  useEffect(() => {
    const tell = () => document.visibilityState === 'visible' && shown && onSight?.(shown.split(','));
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, [shown, onSight]);
  useEffect(() => {
    if (last >= rows.length - 1 && rows.length > 0) onEnd?.();
  }, [last, rows.length, onEnd]);
}

export function List<R>(props: ListProps<R>) {
  return usePhone() ? <Cards {...props} /> : <Table {...props} />;
}

interface RowProps<R> {
  list: ListProps<R>;
  visible: Column<R>[];
  grid: string;
  height: number;
  index: number;
  start: number;
  isReached: boolean;
}

// While a list is turned only rows that come into sight are drawn: the others are given the same again.
const Row = memo(function Row<R>({ list, visible, grid, height, index, start, isReached }: RowProps<R>) {
  const { rows, idOf, active, onActive, onOpen, selected, onSelect, look } = list;
  const { t } = useTranslation();
  const row = rows[index];
  const id = idOf(row);
  const isActive = id === active;
  const isSelected = selected?.has(id) ?? false;
  const toggle = () => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect?.(next);
  };
  return (
    <div role="row" aria-rowindex={index + 2} aria-selected={onSelect ? isSelected : isActive} className={style.row} data-id={id} data-active={isActive || undefined}
      {...look?.(row)} tabIndex={isActive || isReached ? 0 : -1} style={{ gridTemplateColumns: grid, height, transform: `translateY(${start}px)` }}
      onFocus={(event) => event.target === event.currentTarget && !isActive && onActive(id)} onClick={() => onOpen(id)}>
      {onSelect && (
        <div role="gridcell" className={style.cell} onClick={(event) => event.stopPropagation()}>
          <input type="checkbox" className={style.check} tabIndex={-1} aria-label={t('select')} checked={isSelected} onChange={toggle} />
        </div>
      )}
      {visible.map((c, i) => <div key={c.id} role="gridcell" className={`${style.cell} ${i === 0 ? style.first : ''}`}>{c.cell(row)}</div>)}
    </div>
  );
}) as <R>(props: RowProps<R>) => ReactNode;

function Table<R>(props: ListProps<R>) {
  const { label, rows, idOf, columns, hidden, selected, onSelect } = props;
  const { t } = useTranslation();
  const scroll = useRef<HTMLDivElement>(null);
  const height = ROW[useSettings().density];
  const at = useMoves(props);
  const visible = useMemo(() => columns.filter((c) => !hidden?.includes(c.id)), [columns, hidden]);
  const virtual = useVirtualizer({
    count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => height, overscan: 8, getItemKey: (i) => (rows[i] ? idOf(rows[i]) : i),
  });
  const items = virtual.getVirtualItems().filter((i) => i.index < rows.length);
  useSight(props, items.map((i) => i.index));
  useEffect(() => virtual.measure(), [height, virtual]);
  useEffect(() => {
    if (at < 0) return;
    virtual.scrollToIndex(at, { align: 'auto' });
    const box = scroll.current;
    if (box?.contains(document.activeElement) && document.activeElement !== box) {
      requestAnimationFrame(() => box.querySelector<HTMLElement>('[data-active]')?.focus({ preventScroll: true }));
    }
  }, [at, virtual]);
  const grid = [...(onSelect ? ['2.4rem'] : []), ...visible.map((c) => (c.grows ? `minmax(${c.width}px, 1fr)` : `${c.width}px`))].join(' ');
  const minWidth = visible.reduce((sum, c) => sum + c.width, onSelect ? 38 : 0);
  const all = rows.length > 0 && selected !== undefined && selected.size >= rows.length && rows.every((row) => selected.has(idOf(row)));
  return (
    <div ref={scroll} className={style.table} role="grid" aria-label={label} aria-rowcount={rows.length + 1}>
      <div role="rowgroup" className={style.headGroup} style={{ minWidth }}>
        <div role="row" aria-rowindex={1} className={style.head} style={{ gridTemplateColumns: grid }}>
          {onSelect && (
            <div role="columnheader" className={style.headCell}>
              <Checkbox size="xs" aria-label={t('selectAll')} checked={all} indeterminate={!all && (selected?.size ?? 0) > 0}
                onChange={() => onSelect(all ? new Set() : new Set(rows.map(idOf)))} />
            </div>
          )}
          {visible.map((c, i) => (
            <div key={c.id} role="columnheader" className={`${style.headCell} ${i === 0 ? style.first : ''}`} aria-sort={c.isSorted ? 'ascending' : undefined}>
              {c.sort ? <button type="button" onClick={c.sort}>{c.header}{c.isSorted ? ' ↑' : ''}</button> : c.header}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={style.body} style={{ height: virtual.getTotalSize(), minWidth }}>
        {items.map(({ key, index, start }) => (
          <Row key={String(key)} list={props} visible={visible} grid={grid} height={height} index={index} start={start} isReached={at < 0 && index === 0} />
        ))}
      </div>
    </div>
  );
}

function Cards<R>(props: ListProps<R>) {
  const { label, rows, idOf, active, onOpen, look, card, cardHeight, swipe } = props;
  const scroll = useRef<HTMLDivElement>(null);
  useMoves(props);
  const virtual = useVirtualizer({
    count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => cardHeight, overscan: 5, getItemKey: (i) => (rows[i] ? idOf(rows[i]) : i),
  });
  const items = virtual.getVirtualItems();
  useSight(props, items.map((i) => i.index));
  return (
    <div ref={scroll} className={`${style.table} ${style.cards}`} tabIndex={0}>
      <div role="list" aria-label={label} className={style.body} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          const id = idOf(row);
          return (
            <div key={id} role="listitem" className={style.card} data-id={id} data-active={id === active || undefined} {...look?.(row)}
              style={{ height: cardHeight, boxSizing: 'border-box', transform: `translateY(${item.start}px)` }}>
              <SwipeCard swipe={swipe?.(row)} onClick={() => onOpen(id)}>{card(row)}</SwipeCard>
            </div>
          );
        })}
      </div>
    </div>
  );
}

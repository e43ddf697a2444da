// The pipeline as a board: a column a stage, cards that are drawn to another one, or sent there by a key.
import { draggable, dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { type Opportunity, StageKind } from '../gen/baton/v1/opportunities_pb';
import { useFormat } from '../i18n/format';
import { useMoney } from '../i18n/money';
import { useCommands } from '../shell/commands';
import { Facts } from './card';
import { addedTo, type Column, kindOf, sumsOf, sumText } from './logic';
import style from './opportunities.module.css';

const CARD = 118;

export interface BoardProps {
  columns: Column[];
  active?: string;
  // The name on a card; none where all are the same.
  faceOf: (id: string) => string;
  onActive: (id: string) => void;
  onPeek: (id: string) => void;
  onMove: (deal: Opportunity, stageKey: string) => void;
}

// A card that hangs in the air, and the column below it.
interface Drag {
  deal: Opportunity;
  over?: string;
}

function useDrag({ columns, onMove }: BoardProps): Drag | undefined {
  const [drag, setDrag] = useState<Drag>();
  const now = useRef({ columns, onMove });
  now.current = { columns, onMove };
  useEffect(() => {
    const dealOf = (id: unknown) => now.current.columns.flatMap((c) => c.deals).find((d) => d.id === id);
    const overOf = (targets: { data: { [key: string | symbol]: unknown } }[]) => targets[0]?.data.stageKey as string | undefined;
    return monitorForElements({
      canMonitor: ({ source }) => typeof source.data.dealId === 'string',
      onDragStart: ({ source }) => {
        const deal = dealOf(source.data.dealId);
        if (deal) setDrag({ deal });
      },
      onDropTargetChange: ({ location }) => setDrag((d) => d && { ...d, over: overOf(location.current.dropTargets) }),
      onDrop: ({ source, location }) => {
        setDrag(undefined);
        const deal = dealOf(source.data.dealId);
        const over = overOf(location.current.dropTargets);
        if (deal && over && over !== deal.stageKey) now.current.onMove(deal, over);
      },
    });
  }, []);
  return drag;
}

// j and k within a column, h and l from one to the next.
function useSteps({ columns, active, onActive, onPeek }: BoardProps) {
  const { t } = useTranslation();
  const column = columns.findIndex((c) => c.deals.some((d) => d.id === active));
  const at = columns[column]?.deals.findIndex((d) => d.id === active) ?? -1;
  const first = columns.find((c) => c.deals.length > 0)?.deals[0]?.id;
  const go = (id?: string) => id && onActive(id);
  const down = (step: number) => go(at < 0 ? first : columns[column]?.deals[Math.max(0, at + step)]?.id);
  const aside = (step: number) => {
    if (at < 0) return go(first);
    for (let i = column + step; columns[i]; i += step) {
      const deals = columns[i]?.deals ?? [];
      if (deals.length > 0) return go(deals[Math.min(at, deals.length - 1)]?.id);
    }
  };
  const quiet = (id: string, keys: string, label: string, run: () => void) => ({ id, keys, label: t(label), run, group: t('keys.moving'), isQuiet: true, enabled: first !== undefined });
  useCommands([
    quiet('list.next', 'j', 'keys.next', () => down(1)), quiet('list.previous', 'k', 'keys.previous', () => down(-1)),
    quiet('list.down', 'ArrowDown', 'keys.next', () => down(1)), quiet('list.up', 'ArrowUp', 'keys.previous', () => down(-1)),
    quiet('board.left', 'h', 'deals.leftColumn', () => aside(-1)), quiet('board.right', 'l', 'deals.rightColumn', () => aside(1)),
    quiet('board.arrowLeft', 'ArrowLeft', 'deals.leftColumn', () => aside(-1)), quiet('board.arrowRight', 'ArrowRight', 'deals.rightColumn', () => aside(1)),
    quiet('list.peek', 'Space', 'keys.peek', () => active && onPeek(active)),
  ]);
}

function Card({ deal, column, isActive, faceOf, onActive, onPeek }: { deal: Opportunity; column: Column; isActive: boolean } & BoardProps) {
  const ref = useRef<HTMLAnchorElement>(null);
  const [isDragged, setDragged] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    return draggable({ element, getInitialData: () => ({ dealId: deal.id }), onDragStart: () => setDragged(true), onDrop: () => setDragged(false) });
  }, [deal.id]);
  useEffect(() => {
    if (isActive && document.activeElement?.closest('[data-board]') && document.activeElement !== ref.current) ref.current?.focus({ preventScroll: true });
  }, [isActive]);
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onActive(deal.id);
    onPeek(deal.id);
  };
  return (
    <Link ref={ref} to="/pipeline/$id" params={{ id: deal.id }} preload={false} className={style.card} data-id={deal.id} data-active={isActive || undefined}
      data-dragged={isDragged || undefined} tabIndex={isActive ? 0 : -1} onFocus={() => isActive || onActive(deal.id)} onClick={open}>
      <Facts deal={deal} stage={column.stage} owner={faceOf(deal.ownerId)} />
    </Link>
  );
}

function useDropTarget(stageKey: string, isClosed: boolean) {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (!element || isClosed) return undefined;
    return dropTargetForElements({ element, getData: () => ({ stageKey }), canDrop: ({ source }) => typeof source.data.dealId === 'string' });
  }, [stageKey, isClosed]);
  return ref;
}

function Head({ column, drag }: { column: Column; drag?: Drag }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const isComing = drag?.over === column.stage.key && drag.deal.stageKey !== column.stage.key;
  const sums = isComing ? addedTo(column.sums, sumsOf([drag.deal])) : column.sums;
  return (
    <header className={style.columnHead}>
      <h2><span className="cut">{column.stage.name}</span> <span className={style.count}>{format.number(column.count + (isComing ? 1 : 0))}</span></h2>
      <div className="num" data-coming={isComing || undefined}><span>{sumText(sums, money.short) || '–'}</span>
        {sums.length > 0 && <span className={style.dim} title={t('deals.weighted')}>{t('deals.weightedShort', { sum: sumText(sums, money.short, true) })}</span>}</div>
    </header>
  );
}

function StageColumn({ column, drag, ...props }: { column: Column; drag?: Drag } & BoardProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const target = useDropTarget(column.stage.key, column.stage.retired);
  const { deals } = column;
  const virtual = useVirtualizer({ count: deals.length, getScrollElement: () => scroll.current, estimateSize: () => CARD, overscan: 4, getItemKey: (i) => deals[i]?.id ?? i });
  const at = deals.findIndex((d) => d.id === props.active);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, virtual]);
  return (
    <section ref={target} className={style.column} data-stage={column.stage.key} data-over={drag?.over === column.stage.key || undefined} aria-label={column.stage.name}>
      <Head column={column} drag={drag} />
      <div ref={scroll} className={style.cards}>
        <ul style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const deal = deals[item.index];
            return deal && (
              <li key={deal.id} style={{ height: CARD, transform: `translateY(${item.start}px)` }}>
                <Card {...props} deal={deal} column={column} isActive={deal.id === props.active} />
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}

// Won and lost: narrow, and a place to let go of a card. What is in them stands in the table.
function Zone({ column, drag }: { column: Column; drag?: Drag }) {
  const money = useMoney();
  const { t } = useTranslation();
  const target = useDropTarget(column.stage.key, column.stage.retired);
  const isWon = kindOf(column.stage) === StageKind.WON;
  return (
    <section ref={target} className={style.zone} data-stage={column.stage.key} data-kind={isWon ? 'WON' : 'LOST'} data-over={drag?.over === column.stage.key || undefined}
      data-waiting={drag !== undefined || undefined} aria-label={column.stage.name}>
      <Link from="/pipeline" to="/pipeline" search={(s) => ({ ...s, view: 'table' as const, stage: column.stage.key, deal: undefined })} className={style.zoneLink}>
        <h2>{column.stage.name}</h2><span className={style.count}>{t('deals.count', { count: column.count })}</span>
        <span className={`${style.dim} num`}>{sumText(column.sums, money.short)}</span>
      </Link>
    </section>
  );
}

export function Board(props: BoardProps) {
  const drag = useDrag(props);
  useSteps(props);
  const open = props.columns.filter((c) => kindOf(c.stage) === StageKind.OPEN);
  const closed = props.columns.filter((c) => kindOf(c.stage) !== StageKind.OPEN);
  const first = open.find((c) => c.deals.length > 0)?.deals[0]?.id;
  const active = props.active ?? first;
  return (
    <div className={style.board} data-board>
      {open.map((column) => <StageColumn key={column.stage.key} {...props} active={active} column={column} drag={drag} />)}
      <div className={style.zones}>{closed.map((column) => <Zone key={column.stage.key} column={column} drag={drag} />)}</div>
    </div>
  );
}

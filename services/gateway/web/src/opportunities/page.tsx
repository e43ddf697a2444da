// The pipeline: what may become of whom, stage by stage; as a board, as a table, on a phone a stage at a time.
import { Badge, Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import { peopleQuery } from '../api/people';
import { type Opportunity, type Pipeline, StageKind } from '../gen/baton/v1/opportunities_pb';
import { useMoney } from '../i18n/money';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { PeekFrame } from '../ui/peek';
import { usePhone } from '../ui/phone';
import { List } from '../ui/table';
import { Trouble } from '../ui/trouble';
import { type Acts, useActs } from './acts';
import { Facts } from './card';
import { boardQuery, dealsQuery, pipelineOf, pipelinesQuery } from './data';
import { DealPeek } from './deal';
import { Head, Strip } from './head';
import { attentionOf, type Column, columnsOf, isUrgent, kindOf, nextStage, sortedBy, sumsOf, sumText, totalOf } from './logic';
import { NewDeal } from './new';
import type { DealSearch } from './search';
import { useDealColumns } from './table';
import style from './opportunities.module.css';

const Board = lazy(() => import('./board').then((m) => ({ default: m.Board })));
const CARD = 128;

// Of whom, and where: what is asked of the server.
function useDeals(pipeline: Pipeline | undefined, owner: string) {
  const me = useMe();
  const id = owner === 'me' ? me.user.id : owner;
  const asked = useQuery(owner === 'all' ? dealsQuery('pipeline_id', pipeline?.id ?? '') : dealsQuery('owner_id', id));
  const deals = useMemo(() => asked.data?.found.filter((d) => d.pipelineId === pipeline?.id), [asked.data, pipeline?.id]);
  return { ...asked, deals, isCut: asked.data?.isCut };
}

function Chips({ columns, here, show }: { columns: Column[]; here: string; show: (stage: string) => void }) {
  const { t } = useTranslation();
  return (
    <nav className={style.chips} aria-label={t('deals.stages')}>
      {columns.map(({ stage, count }) => (
        <Link key={stage.key} from="/pipeline" to="/pipeline" search={(s) => ({ ...s, stage: stage.key, deal: undefined })} className={style.chip} data-here={stage.key === here || undefined}
          aria-current={stage.key === here ? 'page' : undefined} ref={(e) => { if (stage.key === here) e?.scrollIntoView({ block: 'nearest', inline: 'center' }); }}
          onClick={() => show(stage.key)}>
          <span>{stage.name}</span><span className={style.count}>{count || ''}</span>
        </Link>
      ))}
    </nav>
  );
}

interface ListingProps {
  pipeline: Pipeline;
  rows: Opportunity[];
  acts: Acts;
  active?: string;
  whoIs: (id: string) => string;
  faceOf: (id: string) => string;
  onActive: (id: string) => void;
  onOpen: (id: string) => void;
  onPeek: (id: string) => void;
}

// Rows of a table, or the cards of a stage: pushed to the right a card goes one stage on, to the left it is asked where.
function Listing({ pipeline, rows, acts, active, whoIs, faceOf, onActive, onOpen, onPeek }: ListingProps) {
  const { t } = useTranslation();
  const { sort } = useSearch({ from: '/pipeline' });
  const navigate = useNavigate({ from: '/pipeline' });
  const columns = useDealColumns({ pipeline, whoIs, sort, sortBy: (by) => navigate({ search: (s) => ({ ...s, sort: by }), replace: true }) });
  const stageOf = (deal: Opportunity) => pipeline.stages.find((s) => s.key === deal.stageKey);
  const swipe = (deal: Opportunity) => {
    const next = kindOf(stageOf(deal) ?? {} as never) === StageKind.OPEN ? nextStage(pipeline, deal) : undefined;
    return {
      yes: next ? { label: next.name, run: () => acts.move(deal, next) } : { label: t('deals.moveTo'), run: () => acts.askWhere(deal) },
      no: { label: t('deals.moveTo'), run: () => acts.askWhere(deal) },
    };
  };
  return (
    <List label={t('nav.pipeline')} rows={rows} idOf={(d) => d.id} columns={columns} active={active} onActive={onActive} onOpen={onOpen} onPeek={onPeek} cardHeight={CARD} swipe={swipe}
      card={(d) => <div className={style.phoneCard}><Facts deal={d} stage={stageOf(d)} owner={faceOf(d.ownerId)} /></div>} />
  );
}

function Sum({ count, sums }: Pick<Column, 'count' | 'sums'>) {
  const { t } = useTranslation();
  const money = useMoney();
  return (
    <footer className={style.foot}>
      <span>{t('deals.count', { count })}</span><b className="num">{sumText(sums, money.full)}</b>
      {sums.length > 0 && <span className="num">{t('deals.weightedShort', { sum: sumText(sums, money.full, true) })}</span>}
    </footer>
  );
}

export function PipelinePage() {
  const { t } = useTranslation();
  const me = useMe();
  const isPhone = usePhone();
  const search = useSearch({ from: '/pipeline' });
  const navigate = useNavigate({ from: '/pipeline' });
  const asked = useQuery(pipelinesQuery);
  const { data: people } = useQuery(peopleQuery);
  const pipelines = useMemo(() => asked.data ?? [], [asked.data]);
  const pipeline = pipelineOf(pipelines, search.pipeline);
  const owner = search.owner ?? (me.isLead ? 'all' : 'me');
  const { deals, error, refetch, isCut } = useDeals(pipeline, owner);
  const { acts, dialogs } = useActs(pipelines);
  const [active, setActive] = useState<string>();
  const [isAdding, setAdding] = useState(false);
  const now = Math.floor(serverNow() / 60_000) * 60_000;
  const whoIs = useCallback((id: string) => (id === me.user.id ? t('you') : id ? (people?.get(id)?.name ?? t('somebody')) : ''), [people, me.user.id, t]);
  const faceOf = useCallback((id: string) => (owner === 'all' ? (people?.get(id)?.name ?? '') : ''), [people, owner]);
  const needs = useCallback((d: Opportunity) => isUrgent(attentionOf(d, pipeline?.stages.find((s) => s.key === d.stageKey), now)), [pipeline, now]);
  const shown = useMemo(() => (deals ?? []).filter((d) => !search.attention || needs(d)), [deals, search.attention, needs]);
  const { data: board } = useQuery(boardQuery(pipeline?.id ?? '', owner === 'all' ? '' : owner === 'me' ? me.user.id : owner, isCut === true && !search.attention));
  // There are more than are listed, and it is known what all come to.
  const isCounted = isCut === true && board !== undefined && !search.attention;
  const columns = useMemo(() => (pipeline ? columnsOf(pipeline, shown, isCounted ? board : undefined) : []), [pipeline, shown, board, isCounted]);
  const view = search.view ?? 'board';
  const stage = isPhone && view === 'board' ? (search.stage ?? columns[0]?.stage.key ?? '') : search.stage;
  const rows = useMemo(() => {
    const some = stage ? shown.filter((d) => d.stageKey === stage) : shown;
    return pipeline ? sortedBy(some, search.sort, pipeline, whoIs, now) : [];
  }, [shown, stage, search.sort, pipeline, whoIs, now]);

  const set = useCallback((change: DealSearch) => navigate({ search: (s) => ({ ...s, ...change }), replace: true }), [navigate]);
  const show = (deal?: string) => set({ deal });
  const at = search.deal ?? active;
  const current = shown.find((d) => d.id === at);
  const move = (id: string) => {
    setActive(id);
    if (search.deal) show(id);
  };
  const open = (id: string) => {
    setActive(id);
    show(id);
  };
  const peek = (id: string) => show(search.deal === id ? undefined : id);
  useCommands([
    { id: 'deal.new', group: t('nav.pipeline'), label: t('deals.new'), keys: 'c', icon: <Icon name="plus" />, enabled: pipeline !== undefined, run: () => setAdding(true) },
    { id: 'deal.move', group: t('nav.pipeline'), label: t('deals.moveName', { name: current?.name ?? '' }), keys: 'm', icon: <Icon name="right" />, enabled: current !== undefined,
      run: () => current && acts.askWhere(current) },
    { id: 'deal.view', group: t('nav.pipeline'), label: t('deals.otherView'), keys: 'v', icon: <Icon name="columns" />, run: () => set({ view: view === 'table' ? undefined : 'table', stage: undefined }) },
  ]);
  const trouble = asked.error ?? error;
  const isLoading = !trouble && (!pipeline || !deals);
  const isEmpty = deals?.length === 0;
  const listing = { rows, acts, active: at, whoIs, faceOf, onActive: move, onOpen: open, onPeek: peek };
  return (
    <div className={style.page}>
      {pipeline && <Head pipelines={pipelines} pipeline={pipeline} owner={owner} view={view} set={set} add={() => setAdding(true)} />}
      {deals && !isEmpty && <Strip deals={deals} counted={isCounted ? totalOf(columns.filter((c) => kindOf(c.stage) === StageKind.OPEN)) : undefined} urgent={deals.filter(needs).length} isOnlyUrgent={search.attention === true} now={now} />}
      <PeekFrame peek={search.deal && <DealPeek key={search.deal} id={search.deal} known={deals?.find((d) => d.id === search.deal)} acts={acts} close={() => show(undefined)}
        open={() => navigate({ to: '/pipeline/$id', params: { id: search.deal ?? '' } })} />}>
        {trouble && <Trouble error={trouble} again={asked.error ? asked.refetch : refetch} />}
        {isLoading && <div className={style.board} aria-busy="true">{[0, 1, 2, 3].map((i) => <Skeleton key={i} className={style.column} height="60%" radius="md" />)}</div>}
        {isEmpty && pipeline && (
          <Empty icon="pipeline" title={t(owner === 'me' ? 'deals.empty.mine' : 'deals.empty.title')} text={t('deals.empty.text')}>
            <Button onClick={() => setAdding(true)} rightSection={<kbd>C</kbd>}>{t('deals.new')}</Button>
            {owner !== 'all' && <Button variant="subtle" onClick={() => set({ owner: 'all' })}>{t('deals.everybodys')}</Button>}
          </Empty>
        )}
        {pipeline && deals && !isEmpty && (
          <>
            {isPhone && view === 'board' && <Chips columns={columns} here={stage ?? ''} show={() => setActive(undefined)} />}
            {!isPhone && view === 'board' && (
              <Suspense><Board columns={columns} active={at} faceOf={faceOf} onActive={move} onPeek={peek}
                onMove={(deal, key) => acts.move(deal, pipeline.stages.find((s) => s.key === key) ?? pipeline.stages[0] as never)} /></Suspense>
            )}
            {(isPhone || view === 'table') && (
              <>
                {stage && !isPhone && <div className={style.filters}><Badge size="lg" variant="light" tt="none" rightSection={
                  <button type="button" className={style.clear} aria-label={t('deals.allStages')} onClick={() => set({ stage: undefined })}><Icon name="close" size={12} /></button>
                }>{pipeline.stages.find((s) => s.key === stage)?.name ?? stage}</Badge></div>}
                {rows.length === 0 ? <Empty icon="pipeline" title={t('deals.nothingHere')} /> : <Listing {...listing} pipeline={pipeline} />}
                <Sum {...(isCounted ? totalOf(columns.filter((c) => !stage || c.stage.key === stage)) : { count: rows.length, sums: sumsOf(rows) })} />
              </>
            )}
          </>
        )}
        {isCut && <Badge m="xs" variant="light">{t('deals.cut')}</Badge>}
      </PeekFrame>
      {isAdding && pipeline && (
        <NewDeal pipeline={pipeline} close={() => setAdding(false)} done={(deal) => {
          setAdding(false);
          refetch();
          open(deal.id);
        }} />
      )}
      {dialogs}
    </div>
  );
}

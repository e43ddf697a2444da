// All plans: how far they are, what is late, what is next; the steps of one beside the list.
import { Group, Select, Skeleton, Stack, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { listQuery } from '../api/records';
import { useAccountName } from '../customers/data';
import { PersonInput, PersonName } from '../customers/value';
import type { PlanProgress, PlanTotals } from '../gen/baton/v1/plans_pb';
import { useFormat } from '../i18n/format';
import { useMe } from '../shell/me';
import { Empty } from '../ui/empty';
import { Peek, PeekFrame } from '../ui/peek';
import { type Column, List } from '../ui/table';
import { Trouble } from '../ui/trouble';
import { planQuery, plansQuery, templatesQuery } from './data';
import { partOf } from './logic';
import { type PlansSearch, STATES } from './search';
import { Bar, Steps } from './steps';
import style from './plans.module.css';

const CARD = 112;
type Show = (change: Partial<PlansSearch>) => void;

function AccountName({ id }: { id: string }) {
  return <>{useAccountName(id)}</>;
}

function Of({ plan }: { plan: PlanProgress }) {
  return plan.accountId ? <AccountName id={plan.accountId} /> : <>{plan.opportunityName}</>;
}

function useColumns(): Column<PlanProgress>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(() => [
    { id: 'name', header: t('plans.plan'), width: 170, grows: true, cell: (p) => <b>{p.name || t('plans.unnamed')}</b> },
    { id: 'deal', header: t('plans.deal'), width: 180, grows: true, cell: (p) => <Of plan={p} /> },
    { id: 'owner', header: t('field.ownerId'), width: 130, cell: (p) => <PersonName id={p.ownerId} /> },
    { id: 'progress', header: t('plans.progress'), width: 170, cell: (p) => <Bar closed={p.closedSteps} all={p.steps} label={t('plans.progressOf', { name: p.name })} /> },
    { id: 'late', header: t('plans.late'), width: 70, cell: (p) => p.lateSteps > 0 && <span className={style.late}>{format.number(p.lateSteps)}</span> },
    { id: 'next', header: t('plans.next'), width: 200, grows: true, cell: (p) => p.nextTitle },
    { id: 'due', header: t('plans.due'), width: 120, cell: (p) => format.day(p.nextDueAt) },
  ], [t, format]);
}

function Card({ plan }: { plan: PlanProgress }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <Group justify="space-between" wrap="nowrap" gap="xs"><b className="cut"><Of plan={plan} /></b>{plan.lateSteps > 0 && <span className={style.late}>{t('plans.lateCount', { count: plan.lateSteps })}</span>}</Group>
      <Bar closed={plan.closedSteps} all={plan.steps} label={t('plans.progressOf', { name: plan.name })} />
      <div className={`${style.dim} cut`}><span>{plan.name}</span><PersonName id={plan.ownerId} />{plan.nextTitle && <span>{plan.nextTitle} {format.day(plan.nextDueAt)}</span>}</div>
    </>
  );
}

function Totals({ totals, isCut }: { totals: PlanTotals; isCut: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const tile = (label: string, value: string, isBad = false) => <div className={style.tile}><dt>{label}</dt><dd className={isBad ? style.late : undefined}>{value}</dd></div>;
  return (
    <>
      <dl className={style.totals}>
        {tile(t('plans.state.active'), format.number(totals.activePlans))}
        {tile(t('plans.state.done'), format.number(totals.donePlans))}
        {tile(t('plans.stepsClosed'), t('plans.stepsOfAll', { closed: format.number(totals.closedSteps), all: format.number(totals.steps), percent: partOf(totals.closedSteps, totals.steps) }))}
        {tile(t('plans.lateSteps'), format.number(totals.lateSteps), totals.lateSteps > 0n)}
      </dl>
      {isCut && <p className={style.cut}>{t('plans.cut')}</p>}
    </>
  );
}

function Filters({ search, show }: { search: PlansSearch; show: Show }) {
  const { t } = useTranslation();
  const { isLead } = useMe();
  const { data: templates = [] } = useQuery(templatesQuery);
  const teams = useInfiniteQuery({ ...listQuery('team'), enabled: isLead }).data?.pages.flatMap((p) => p.rows) ?? [];
  return (
    <Group gap="xs">
      <Select size="xs" className={style.filter} aria-label={t('plans.stateOf')} allowDeselect={false} value={search.state ?? 'active'} data={[...STATES, 'all'].map((s) => ({ value: s, label: t(`plans.state.${s}`) }))}
        onChange={(s) => show({ state: s === 'active' ? undefined : (s as PlansSearch['state']) })} />
      <Select size="xs" className={style.filter} clearable placeholder={t('plans.template')} aria-label={t('plans.template')} value={search.template ?? null} data={templates.map((p) => ({ value: p.id, label: p.name }))}
        onChange={(template) => show({ template: template ?? undefined })} />
      {isLead && <Select size="xs" className={style.filter} clearable placeholder={t('admin.team')} aria-label={t('admin.team')} value={search.team ?? null} data={teams.map((team) => ({ value: team.id, label: team.name }))}
        onChange={(team) => show({ team: team ?? undefined })} />}
      <div className={style.filter}><PersonInput size="xs" placeholder={t('field.ownerId')} value={search.owner ?? ''} onChange={(owner) => show({ owner: owner || undefined })} /></div>
    </Group>
  );
}

function PlanPeek({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(planQuery(id));
  const where = data && (data.accountId ? { to: '/accounts/$id', params: { id: data.accountId } } as const : { to: '/pipeline/$id', params: { id: data.opportunityId } } as const);
  return (
    <Peek title={data?.name || t('plans.plan')} label={t('plans.plan')} close={close} open={where ? () => navigate(where) : undefined}
      sub={where && <Link {...where}>{t(data.accountId ? 'plans.openAccount' : 'plans.openDeal')}</Link>}>
      {error && <Trouble error={error} again={refetch} />}
      {!data && !error && <Skeleton height={200} />}
      {data && <Steps plan={data} />}
    </Peek>
  );
}

export function PlansPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/plans' });
  const navigate = useNavigate({ from: '/plans' });
  const [active, setActive] = useState<string>();
  const columns = useColumns();
  const asked = useInfiniteQuery(plansQuery(search));
  const pages = asked.data?.pages;
  const rows = useMemo(() => pages?.flatMap((p) => p.plans) ?? [], [pages]);
  const show = useCallback<Show>((change) => navigate({ search: (s) => ({ ...s, ...change }), replace: true }), [navigate]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = asked;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const totals = pages?.[0]?.totals;
  const open = (id: string) => {
    setActive(id);
    show({ plan: search.plan === id ? undefined : id });
  };
  return (
    <PeekFrame peek={search.plan && <PlanPeek key={search.plan} id={search.plan} close={() => show({ plan: undefined })} />}>
      <div className={style.bar}>
        <Title order={1} mb={8}>{t('nav.plans')}</Title>
        <Filters search={search} show={show} />
      </div>
      {totals && totals.plans > 0n && <Totals totals={totals} isCut={pages?.[0]?.cut ?? false} />}
      {asked.error && <Trouble error={asked.error} again={asked.refetch} />}
      {asked.isPending && <Stack p="md" gap="xs" aria-busy="true">{[...Array(8).keys()].map((i) => <Skeleton key={i} height={30} />)}</Stack>}
      {pages && rows.length === 0 && <Empty icon="task" title={t('plans.nothing')} text={t('plans.nothingText')} />}
      {rows.length > 0 && <List label={t('nav.plans')} rows={rows} idOf={(p) => p.planId} columns={columns} active={search.plan ?? active} onActive={(id) => (search.plan ? show({ plan: id }) : setActive(id))}
        onOpen={open} onEnd={more} cardHeight={CARD} card={(p) => <Card plan={p} />} look={(p) => ({ 'data-late': p.lateSteps > 0 || undefined })} />}
    </PeekFrame>
  );
}

// What is to be made, stocked and delivered: expected units by product and month, and what changed since the plan before.
import { Button, Group, SegmentedControl, Select, Skeleton, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from '../i18n/words';
import type { DemandPlan, DemandUnits } from '../gen/baton/v1/demand_pb';
import { useFormat } from '../i18n/format';
import { useCommands } from '../shell/commands';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { Peek, PeekFrame } from '../ui/peek';
import { saveFile } from '../ui/save';
import { toast } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import { Changes } from './changes';
import { planQuery, plansQuery, useMake } from './data';
import { byProduct, csvOf, monthsIn, unitsOf } from './logic';
import { useMonth, useUnits } from './units';
import type { DemandSearch } from './search';
import style from './demand.module.css';

const COLUMNS = ['product', 'month', 'warehouse', 'expected', 'p10', 'p50', 'p90', 'deals'];

function Grid({ rows, open }: { rows: DemandUnits[]; open: (product: string) => void }) {
  const { t } = useTranslation();
  const units = useUnits();
  const month = useMonth();
  const products = byProduct(rows);
  const months = monthsIn(products);
  return (
    <div className={style.gridBox} tabIndex={0} role="region" aria-label={t('demand.table')}>
      <table className={style.grid}>
        <thead><tr><th scope="col">{t('demand.product')}</th>{months.map((m) => <th key={m} scope="col">{month(m)}</th>)}<th scope="col">{t('demand.total')}</th></tr></thead>
        <tbody>
          {products.map((p) => (
            <tr key={p.id}>
              <th scope="row"><button type="button" className={style.open} onClick={() => open(p.id)}>{p.code || p.id}</button></th>
              {months.map((m) => {
                const sum = p.months.get(m);
                return <td key={m} className="num">{sum && <><b>{units(sum.expected)}</b>{!Number.isNaN(sum.p10) && <span className={style.range}>{units(sum.p10)}–{units(sum.p90)}</span>}</>}</td>;
              })}
              <td className="num"><b>{units(p.total)}</b></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// The rows of one product: each month and warehouse with its range.
function ProductPeek({ rows, close }: { rows: DemandUnits[]; close: () => void }) {
  const { t } = useTranslation();
  const units = useUnits();
  const month = useMonth();
  return (
    <Peek title={rows[0]?.productCode || t('demand.product')} label={t('demand.product')} close={close}>
      <table className={style.rows}>
        <thead><tr>{['month', 'warehouse', 'expected', 'range', 'deals'].map((c) => <th key={c} scope="col">{t(`demand.${c}`)}</th>)}</tr></thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.month + r.warehouseId}><th scope="row">{month(r.month)}</th><td>{r.warehouseCode || t('demand.nowhere')}</td><td className="num">{units(unitsOf(r.expectedE4))}</td>
              <td className="num">{units(unitsOf(r.p10E4))}–{units(unitsOf(r.p90E4))}</td><td className="num">{r.deals}</td></tr>
          ))}
        </tbody>
      </table>
    </Peek>
  );
}

function About({ plan }: { plan: DemandPlan }) {
  const { t } = useTranslation();
  const format = useFormat();
  const left = (['unquoted', 'undated', 'later'] as const).filter((what) => plan[what] > 0).map((what) => t(`demand.${what}`, { count: plan[what] }));
  return (
    <p className={style.dim}>
      {t('demand.made', { when: format.moment(plan.madeAt), count: plan.deals })} {left.length > 0 && t('demand.notIn', { what: format.list(left) })} {plan.unlearned && t('demand.unlearned')}
    </p>
  );
}

export function DemandPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const search = useSearch({ from: '/demand' });
  const navigate = useNavigate({ from: '/demand' });
  const set = (change: Partial<DemandSearch>) => navigate({ search: (s) => ({ ...s, ...change }), replace: true });
  const { data: plans = [] } = useQuery(plansQuery);
  const { data, error, refetch } = useQuery(planQuery(search.plan));
  const make = useMake(() => {
    set({ plan: undefined });
    toast({ title: t('demand.counted') });
  });
  const rows = data?.rows ?? [];
  const save = () => saveFile(`demand-${data?.plan?.id ?? ''}.csv`, csvOf(rows, COLUMNS.map((c) => t(`demand.${c}`))), 'text/csv');
  useCommands([{ id: 'demand.make', group: t('nav.demand'), label: t('demand.make'), keys: 'c', icon: <Icon name="plus" />, run: () => make.mutate() }]);
  const button = <Button size="xs" loading={make.isPending} onClick={() => make.mutate()}>{t('demand.make')}</Button>;
  return (
    <PeekFrame peek={search.product && rows.length > 0 && <ProductPeek rows={rows.filter((r) => r.productId === search.product)} close={() => set({ product: undefined })} />}>
      <div className={style.page}>
        <header className={style.head}>
          <Title order={1}>{t('nav.demand')}</Title>
          <Group gap="xs">
            {plans.length > 0 && <Select size="xs" aria-label={t('demand.which')} allowDeselect={false} value={search.plan ?? plans[0]?.id ?? null} data={plans.map((p) => ({ value: p.id, label: format.moment(p.madeAt) }))}
              onChange={(id) => set({ plan: id === plans[0]?.id ? undefined : (id ?? undefined) })} />}
            {data?.plan && <SegmentedControl size="xs" aria-label={t('demand.view')} value={search.view ?? 'plan'} onChange={(v) => set({ view: v === 'changes' ? 'changes' : undefined })} data={['plan', 'changes'].map((value) => ({ value, label: t(`demand.views.${value}`) }))} />}
            {rows.length > 0 && <Button size="xs" variant="default" leftSection={<Icon name="download" size={15} />} onClick={save}>CSV</Button>}
            {data?.plan && button}
          </Group>
        </header>
        {error && <Trouble error={error} again={refetch} />}
        {!data && !error && <Skeleton height={240} radius="md" />}
        {data && !data.plan && <Empty icon="forecast" title={t('demand.none')} text={t('demand.noneText')}>{button}</Empty>}
        {data?.plan && <About plan={data.plan} />}
        {data?.plan && search.view === 'changes' && <Changes plan={search.plan} />}
        {data?.plan && search.view !== 'changes' && (rows.length > 0 ? <Grid rows={rows} open={(product) => set({ product })} /> : <Empty icon="search" title={t('demand.nothing')} text={t('demand.nothingText')} />)}
      </div>
    </PeekFrame>
  );
}

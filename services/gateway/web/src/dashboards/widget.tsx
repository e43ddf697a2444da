// One part of a dashboard: figures as numbers, bars, a line, a way through stages or a table.
import { Progress, Skeleton, Table, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from '../i18n/words';
import { type DashboardWidget, type Measure, MeasureDimension, type MeasureGroup, type QueryMeasuresResponse, WidgetChart } from '../gen/baton/v1/analysis_pb';
import { useFormat } from '../i18n/format';
import { useMoney } from '../i18n/money';
import { Trouble } from '../ui/trouble';
import { Adoption, Advice } from './advice';
import { measuresQuery, widgetQuery } from './data';
import { Figure } from './figure';
import { type Asked, currencyOf, monthsOf, sizeOf } from './logic';
import { useNames, useOrder } from './names';
import style from './dashboards.module.css';

const MonthChart = lazy(() => import('./chart').then((m) => ({ default: m.MonthChart })));

export interface Behind {
  title: string;
  asked: Asked;
}

interface PartProps {
  widget: DashboardWidget;
  title: string;
  data: QueryMeasuresResponse;
  measures: Map<string, Measure>;
  open: (behind: Behind) => void;
}

// What opens the records behind a figure of a group, or of all of them.
function useFigures({ widget, title, data, measures, open }: PartProps) {
  const nameOf = useNames(widget);
  const { t } = useTranslation();
  return (group: MeasureGroup | undefined, at: number, isBig = false) => {
    const measure = widget.measures[at];
    const name = group && group !== data.total ? nameOf(group) : title;
    const label = `${name}, ${t(`dashboards.measure.${measure}`, { defaultValue: measure })}`;
    const where = group?.records[at];
    return <Figure key={`${group?.keys.join()}${measure}`} value={group?.values[at]} before={widget.compare ? group?.before[at] : undefined} measure={measures.get(measure)} label={label} isBig={isBig}
      open={() => where && open({ title: label, asked: { measure, where, by: group === data.total ? [] : widget.by, keys: group?.keys ?? [] } })} />;
  };
}

function Numbers(props: PartProps) {
  const { widget, data } = props;
  const { t } = useTranslation();
  const figure = useFigures(props);
  return (
    <div className={style.numbers}>
      {widget.measures.map((m, i) => (
        <div key={m}>{figure(data.total, i, true)}{widget.measures.length > 1 && <div className={style.dim}>{t(`dashboards.measure.${m}`, { defaultValue: m })}</div>}</div>
      ))}
      {widget.target > 0n && <Target {...props} />}
    </div>
  );
}

function Target({ widget, data }: PartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const value = data.total?.values[0];
  const now = widget.targetCurrency ? (value?.amounts.find((a) => a.currencyCode === widget.targetCurrency)?.minorUnits ?? 0n) : (value?.count ?? 0n);
  const percent = Math.round((100 * Number(now)) / Number(widget.target));
  const target = widget.targetCurrency ? money.short({ currencyCode: widget.targetCurrency, minorUnits: widget.target }) : format.number(widget.target);
  return <div><Progress value={Math.min(100, percent)} aria-label={t('dashboards.target', { percent, target })} /><span className={style.dim}>{t('dashboards.target', { percent, target })}</span></div>;
}

function Bars(props: PartProps) {
  const { widget, data, measures } = props;
  const nameOf = useNames(widget);
  const { t } = useTranslation();
  const inOrder = useOrder(widget);
  const figure = useFigures(props);
  const isShare = measures.get(widget.measures[0])?.unit === 'per mille';
  const currency = currencyOf(data.groups, 0);
  const isOne = widget.measures.length === 1;
  const most = Math.max(1, ...data.groups.map((g) => sizeOf(g.values[0], isShare, currency)));
  return (
    <ul className={style.bars} data-wide={!isOne || undefined}>
      {inOrder(data.groups).map((g) => (
        <li key={g.keys.join()}>
          <span className={style.barName}>{nameOf(g)}</span>
          <span className={style.bar} aria-hidden="true"><i style={{ width: `${(100 * sizeOf(g.values[0], isShare, currency)) / most}%` }} /></span>
          <span className={style.barFigures}>
            {widget.measures.map((m, i) => (isOne ? figure(g, i) : <span key={m}><span className={style.dim} aria-hidden="true">{t(`dashboards.measure.${m}`, { defaultValue: m })}</span>{figure(g, i)}</span>))}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Months(props: PartProps) {
  const { widget, title, data, measures } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const nameOf = useNames(widget);
  const figure = useFigures(props);
  const measure = measures.get(widget.measures[0]);
  const isShare = measure?.unit === 'per mille';
  const currency = currencyOf(data.groups, 0);
  const months = monthsOf(data.firstDay, data.lastDay);
  const of = (month: string) => data.groups.find((g) => g.keys[0] === month);
  const line = (pick: 'values' | 'before') => months.map((m) => sizeOf(of(m)?.[pick][0], isShare, currency));
  const text = (v: number) => (isShare ? `${v / 10} %` : currency ? money.short({ currencyCode: currency, minorUnits: BigInt(Math.round(v)) }) : format.number(v));
  return (
    <>
      <Suspense fallback={<Skeleton height={190} />}>
        <MonthChart label={t('dashboards.chartOf', { title })} months={months} now={line('values')} before={widget.compare ? line('before') : undefined} isBars={widget.chart === WidgetChart.BARS} text={text} />
      </Suspense>
      {widget.compare && <p className={style.dim}>{t('dashboards.dashed')}</p>}
      <ul className={style.months}>{data.groups.map((g) => <li key={g.keys.join()}><span className={style.dim}>{nameOf(g)}</span>{figure(g, 0)}</li>)}</ul>
    </>
  );
}

function Rows(props: PartProps) {
  const { widget, data } = props;
  const { t } = useTranslation();
  const nameOf = useNames(widget);
  const figure = useFigures(props);
  return (
    <Table.ScrollContainer minWidth={150 + 130 * widget.measures.length} type="native">
      <Table verticalSpacing={4}>
        <Table.Thead><Table.Tr><Table.Th>{t('dashboards.of')}</Table.Th>{widget.measures.map((m) => <Table.Th key={m}>{t(`dashboards.measure.${m}`, { defaultValue: m })}</Table.Th>)}</Table.Tr></Table.Thead>
        <Table.Tbody>{data.groups.map((g) => <Table.Tr key={g.keys.join()}><Table.Th scope="row">{nameOf(g)}</Table.Th>{widget.measures.map((m, i) => <Table.Td key={m}>{figure(g, i)}</Table.Td>)}</Table.Tr>)}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Measured({ widget, title, user, open }: Omit<PartProps, 'data' | 'measures'> & { user?: string }) {
  const { t } = useTranslation();
  const { data: measures } = useQuery(measuresQuery);
  const { data, error, refetch } = useQuery(widgetQuery(widget, user));
  if (error) return <Trouble error={error} again={refetch} />;
  if (!data || !measures) return <Skeleton height={120} />;
  const parts = { widget, title, data, measures, open };
  if (widget.by.length === 0) return <Numbers {...parts} />;
  if (data.groups.length === 0) return <p className={style.dim}>{t('dashboards.nothing')}</p>;
  const isMonths = widget.by.length === 1 && widget.by[0] === MeasureDimension.MONTH && widget.chart !== WidgetChart.TABLE;
  return (
    <>
      {isMonths ? <Months {...parts} /> : widget.chart === WidgetChart.TABLE || widget.by.length > 1 ? <Rows {...parts} /> : <Bars {...parts} />}
      {data.groupsLeftOut > 0 && <p className={style.dim}>{t('andMore', { count: data.groupsLeftOut })}</p>}
    </>
  );
}

const WIDE = [WidgetChart.ADOPTION, WidgetChart.ADVICE];

export function Widget({ widget, user, open }: { widget: DashboardWidget; user?: string; open: (behind: Behind) => void }) {
  const { t } = useTranslation();
  const title = t(`dashboards.first.${widget.title}`, { defaultValue: widget.title });
  return (
    <section className={style.widget} aria-label={title} data-wide={WIDE.includes(widget.chart) || widget.measures.length > 2 || undefined}>
      <header className={style.widgetHead}><Title order={2}>{title}</Title>{widget.measures.length > 0 && <span className={style.dim}>{t(`dashboards.period.${widget.period}`)}</span>}</header>
      {widget.chart === WidgetChart.ADOPTION && <Adoption user={user} />}
      {widget.chart === WidgetChart.ADVICE && <Advice user={user} />}
      {!WIDE.includes(widget.chart) && <Measured widget={widget} title={title} user={user} open={open} />}
    </section>
  );
}

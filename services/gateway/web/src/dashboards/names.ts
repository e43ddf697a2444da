// What the groups of figures are called.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { listAll, listQuery } from '../api/records';
import { type DashboardWidget, MeasureDimension, type MeasureGroup } from '../gen/baton/v1/analysis_pb';
import { ActivityKind } from '../gen/baton/v1/contacts_pb';
import { localeOf } from '../i18n/format';
import { pipelinesQuery } from '../opportunities/data';

const STAGES = ['open', 'entered', 'left', 'dropped', 'conversion'];
const CATEGORIES: { [name: string]: string } = { omitted: 'dashboards.omitted', pipeline: 'forecast.pipeline', best_case: 'forecast.bestCase', commit: 'forecast.commit', closed: 'forecast.closed' };

const isOfStages = (widget: DashboardWidget) => widget.by.includes(MeasureDimension.DETAIL) && STAGES.includes(widget.measures[0]);

// Stages stand in the order of their pipeline, all else as the server has it.
export function useOrder(widget: DashboardWidget): (groups: MeasureGroup[]) => MeasureGroup[] {
  const { data: pipelines = [] } = useQuery({ ...pipelinesQuery, enabled: isOfStages(widget) });
  const at = widget.by.indexOf(MeasureDimension.DETAIL);
  const places = new Map(pipelines.flatMap((p) => p.stages).map((s, i) => [s.key, i]));
  const placeOf = (group: MeasureGroup) => places.get(group.keys[at]) ?? places.size;
  return (groups) => (isOfStages(widget) ? [...groups].sort((a, b) => placeOf(a) - placeOf(b)) : groups);
}

export function useNames(widget: DashboardWidget): (group: MeasureGroup) => string {
  const { t, i18n } = useTranslation();
  const [measure] = widget.measures;
  const isBy = (dimension: MeasureDimension) => widget.by.includes(dimension);
  const byDetail = isBy(MeasureDimension.DETAIL);
  const { data: pipelines } = useQuery({ ...pipelinesQuery, enabled: isOfStages(widget) });
  const { data: products } = useQuery({ queryKey: ['products', 'names'], enabled: byDetail && measure === 'won', queryFn: async ({ signal }) => (await listAll('product', signal)).found });
  const teams = useInfiniteQuery({ ...listQuery('team'), enabled: isBy(MeasureDimension.TEAM) }).data?.pages.flatMap((p) => p.rows);
  const territories = useInfiniteQuery({ ...listQuery('territory'), enabled: isBy(MeasureDimension.TERRITORY) }).data?.pages.flatMap((p) => p.rows);
  const month = new Intl.DateTimeFormat(localeOf(i18n.language, navigator.languages), { month: 'short', year: 'numeric', timeZone: 'UTC' });

  function detailOf(key: string): string {
    if (STAGES.includes(measure)) return pipelines?.flatMap((p) => p.stages).find((s) => s.key === key)?.name ?? key;
    if (measure === 'expected') return CATEGORIES[key] ? t(CATEGORIES[key]) : key;
    if (measure === 'won') return products?.find((p) => p.id === key)?.name ?? key;
    if (measure.startsWith('cohort')) return t('dashboards.months', { count: Number(key) });
    if (measure !== 'activities') return key;
    const kind = ActivityKind[key.toUpperCase() as keyof typeof ActivityKind];
    return kind === undefined ? key : t(`activityKind.${kind}`);
  }
  function nameOf(dimension: MeasureDimension, key: string, known: string): string {
    if (known) return known;
    if (!key) return t('dashboards.none');
    if (dimension === MeasureDimension.MONTH) return month.format(new Date(`${key}-01T00:00:00Z`));
    if (dimension === MeasureDimension.TEAM) return teams?.find((team) => team.id === key)?.name ?? '…';
    if (dimension === MeasureDimension.TERRITORY) return territories?.find((territory) => territory.id === key)?.name ?? '…';
    return dimension === MeasureDimension.DETAIL ? detailOf(key) : t('somebody');
  }
  return (group) => group.keys.map((key, i) => nameOf(widget.by[i], key, group.names[i] ?? '')).join(' · ');
}

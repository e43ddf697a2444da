// What was sent cost, by campaign or team: each with its months.
import { Button, Group, SegmentedControl, Skeleton } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { listQuery } from '../api/records';
import type { CollateralCost } from '../gen/baton/v1/collateral_pb';
import { useMonth } from '../demand/units';
import { useFormat } from '../i18n/format';
import { majorOf, useMoney } from '../i18n/money';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { saveFile } from '../ui/save';
import { Trouble } from '../ui/trouble';
import { costQuery } from './data';
import { byName, csvOf, monthText } from './logic';
import type { CollateralSearch } from './search';
import style from './collateral.module.css';

const BY = ['campaign', 'team', 'all'] as const;
const COLUMNS = ['month', 'units', 'cost', 'currency'];

function useName(by: (typeof BY)[number]) {
  const { t } = useTranslation();
  const teams = useInfiniteQuery({ ...listQuery('team'), enabled: by === 'team' }).data?.pages.flatMap((p) => p.rows) ?? [];
  return (of: string) => {
    if (by === 'all') return t('collateral.inAll');
    if (of === '') return t(by === 'team' ? 'collateral.noTeam' : 'collateral.noCampaign');
    return by === 'team' ? (teams.find((team) => team.id === of)?.name ?? '…') : of;
  };
}

function Sums({ costs, nameOf }: { costs: CollateralCost[]; nameOf: (of: string) => string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const month = useMonth();
  return (
    <div className={style.box} tabIndex={0} role="region" aria-label={t('collateral.views.cost')}>
      <table className={style.rows}>
        <thead><tr><th scope="col">{t('field.name')}</th><th scope="col">{t('collateral.month')}</th><th scope="col" className={style.n}>{t('collateral.units')}</th><th scope="col" className={style.n}>{t('collateral.cost')}</th></tr></thead>
        {byName(costs).map((sum) => (
          <tbody key={sum.currencyCode + sum.of}>
            <tr><th scope="row"><b>{nameOf(sum.of)}</b></th><td>{sum.months.length > 1 && t('collateral.inAll')}</td><td className={style.n}><b>{format.number(sum.units)}</b></td><td className={style.n}><b>{money.full(sum)}</b></td></tr>
            {sum.months.map((m) => <tr key={String(m.month)}><td /><td>{month(monthText(m.month))}</td><td className={style.n}>{format.number(m.units)}</td><td className={style.n}>{money.full(m)}</td></tr>)}
          </tbody>
        ))}
      </table>
    </div>
  );
}

export function Costs({ search, show }: { search: CollateralSearch; show: (change: Partial<CollateralSearch>) => void }) {
  const { t } = useTranslation();
  const by = search.by ?? 'campaign';
  const nameOf = useName(by);
  const { data, error, refetch } = useQuery(costQuery(by));
  const save = () => saveFile(`collateral-${by}.csv`, csvOf(data?.costs ?? [], [t('field.name'), ...COLUMNS.map((c) => t(`collateral.${c}`))], nameOf, majorOf), 'text/csv');
  return (
    <>
      <div className={style.bar}>
        <Group gap="xs">
          <SegmentedControl size="xs" aria-label={t('collateral.costBy')} value={by} onChange={(v) => show({ by: v === 'campaign' ? undefined : (v as 'team') })} data={BY.map((value) => ({ value, label: t(`collateral.costsBy.${value}`) }))} />
          {data && data.costs.length > 0 && <Button size="xs" variant="default" leftSection={<Icon name="download" size={15} />} onClick={save}>CSV</Button>}
        </Group>
      </div>
      <div className={style.page}>
        {error && <Trouble error={error} again={refetch} />}
        {!data && !error && <Skeleton height={160} />}
        {data && data.costs.length === 0 && <Empty icon="boxes" title={t('collateral.noCost')} text={t('collateral.noCostText')} />}
        {data && data.costs.length > 0 && <Sums costs={data.costs} nameOf={nameOf} />}
        {data?.isCut && <p className={style.dim}>{t('customers.cut')}</p>}
      </div>
    </>
  );
}

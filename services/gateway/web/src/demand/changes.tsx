// What is other in a plan than in the one before, and why.
import { Skeleton, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { useFormat } from '../i18n/format';
import { Empty } from '../ui/empty';
import { Rows } from '../ui/rows';
import { Trouble } from '../ui/trouble';
import { changesQuery } from './data';
import { unitsOf } from './logic';
import { useMonth, useUnits } from './units';
import style from './demand.module.css';

export function Changes({ plan }: { plan?: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const units = useUnits();
  const month = useMonth();
  const { data, error, refetch } = useQuery(changesQuery(plan));
  const signed = (n: number) => (n > 0 ? `+${units(n)}` : units(n));
  if (error) return <Trouble error={error} again={refetch} />;
  if (!data) return <Skeleton height={200} />;
  if (data.changes.length === 0) return <Empty icon="check" title={t('demand.same')} />;
  return (
    <>
      <p className={style.dim}>{data.withPlan ? t('demand.since', { when: format.moment(data.withPlan.madeAt) }) : t('demand.first')}</p>
      <div className={style.gridBox}>
        <Rows label={t('demand.views.changes')} minWidth={640} heads={['product', 'month', 'warehouse', 'before', 'after', 'why'].map((c) => t(`demand.${c}`))}>
          {data.changes.map((c) => (
            <Table.Tr key={c.productId + c.month + c.warehouseId}>
              <Table.Th scope="row">{c.productCode || c.productId}</Table.Th><Table.Td>{month(c.month)}</Table.Td><Table.Td>{c.warehouseCode || t('demand.nowhere')}</Table.Td>
              <Table.Td className="num">{units(unitsOf(c.beforeE4))}</Table.Td><Table.Td className="num">{units(unitsOf(c.afterE4))}</Table.Td>
              <Table.Td>{c.why.map((w) => <div key={w.reason}>{t('demand.because', { units: signed(unitsOf(w.unitsE4)), reason: t(`demand.reason.${w.reason}`), count: w.deals })}</div>)}</Table.Td>
            </Table.Tr>
          ))}
        </Rows>
      </div>
    </>
  );
}

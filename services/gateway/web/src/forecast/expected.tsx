// What a period will bring, learned from earlier deals: nine times of ten more than the one, nine of ten less than the other.
import { Alert, Skeleton, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { useMoney } from '../i18n/money';
import { Trouble } from '../ui/trouble';
import type { Behind } from './behind';
import { expectedQuery, type Whose } from './data';
import style from './forecast.module.css';

export function Expected({ whose, currency, quota, show }: { whose: Whose; currency: string; quota: bigint; show: (behind: Behind) => void }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { data, error, refetch } = useQuery(expectedQuery(whose, currency));
  const text = (minorUnits: bigint) => money.short({ currencyCode: currency, minorUnits });
  const most = data ? Math.max(1, Number(data.p90), Number(quota)) : 1;
  const at = (n: bigint) => `${(100 * Number(n)) / most}%`;
  return (
    <section className={style.box} aria-label={t('forecast.expected')}>
      <header className={style.boxHead}><Title order={2}>{t('forecast.expected')}</Title></header>
      {error && <Trouble error={error} again={refetch} />}
      {!data && !error && <Skeleton height={140} />}
      {data && (
        <>
          {data.unlearned && <Alert color="yellow" variant="light" mb="sm" p="xs">{t('forecast.unlearned')}</Alert>}
          <div className={style.range} role="img" aria-label={t('forecast.rangeOf', { p10: text(data.p10), p50: text(data.p50), p90: text(data.p90) })}>
            <i data-look="closed" style={{ left: 0, width: at(data.closed) }} /><i data-look="range" style={{ left: at(data.p10), width: `calc(${at(data.p90)} - ${at(data.p10)})` }} />
            <i data-look="middle" style={{ left: at(data.p50) }} />{quota > 0n && <i data-look="quota" style={{ left: at(quota) }} />}
          </div>
          <dl className={style.chances}>
            {(['p10', 'p50', 'p90'] as const).map((p) => <div key={p}><dt>{t(`forecast.${p}`)}</dt><dd className="num">{text(data[p])}</dd></div>)}
          </dl>
          <p className={style.dim}>{t('forecast.from', { closed: text(data.closed), open: text(data.fromOpen), fresh: text(data.fromNew) })}</p>
          {data.deals.length > 0 && <button type="button" className={style.figure} onClick={() => show({ what: 'expected', title: t('forecast.expected'), currency, deals: data.deals })}>{t('forecast.openDeals', { count: data.openDeals })}</button>}
        </>
      )}
    </section>
  );
}

// From what the period came to then to what it came to later, step by step; each step opens the deals that made it.
import { SegmentedControl, Skeleton, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import { ForecastChangeKind } from '../gen/baton/v1/forecast_pb';
import { useMoney } from '../i18n/money';
import { dayOf, msOfDay } from '../opportunities/logic';
import { Trouble } from '../ui/trouble';
import type { Behind } from './behind';
import { changesQuery, type Whose } from './data';
import { bars } from './logic';
import style from './forecast.module.css';

const SINCE = { week: 7, month: 30, quarter: 90 };
type Since = keyof typeof SINCE;
const DAY_MS = 86_400_000;

export function Waterfall({ whose, currency, show }: { whose: Whose; currency: string; show: (behind: Behind) => void }) {
  const { t } = useTranslation();
  const money = useMoney();
  const [since, setSince] = useState<Since>('week');
  const end = whose.asOf ? msOfDay(whose.asOf) : serverNow();
  const { data, error, refetch } = useQuery(changesQuery(whose, dayOf(end - SINCE[since] * DAY_MS)));
  const flows = data?.flows.find((f) => f.currencyCode === currency);
  const steps = (flows?.flows ?? []).filter((f) => f.kind !== ForecastChangeKind.WON && f.deals > 0);
  const won = flows?.flows.find((f) => f.kind === ForecastChangeKind.WON && f.deals > 0);
  const places = bars(flows?.begin ?? 0n, steps.map((f) => f.amount));
  const text = (minorUnits: bigint) => money.short({ currencyCode: currency, minorUnits });
  const open = (kind: ForecastChangeKind) => show({ what: 'changes', title: t(`forecast.change.${kind}`), currency, changes: (flows?.changes ?? []).filter((c) => c.kind === kind) });
  const bar = (i: number, look: string) => <span className={style.bar}><i data-look={look} style={{ left: `${places[i]?.from ?? 0}%`, width: `${places[i]?.width ?? 0}%` }} /></span>;
  return (
    <section className={style.box} aria-label={t('forecast.changes')}>
      <header className={style.boxHead}><Title order={2}>{t('forecast.changes')}</Title>
        <SegmentedControl size="xs" aria-label={t('forecast.since')} value={since} onChange={(v) => setSince(v as Since)} data={(Object.keys(SINCE) as Since[]).map((value) => ({ value, label: t(`forecast.sinces.${value}`) }))} /></header>
      {error && <Trouble error={error} again={refetch} />}
      {!data && !error && <Skeleton height={140} />}
      {data && (
        <ul className={style.steps}>
          <li><span>{t('forecast.begin')}</span>{bar(0, 'sum')}<b className="num">{text(flows?.begin ?? 0n)}</b></li>
          {steps.map((f, i) => (
            <li key={f.kind}><button type="button" className={style.figure} onClick={() => open(f.kind)}>{t(`forecast.change.${f.kind}`)} <span className={style.dim}>({f.deals})</span></button>
              {bar(i + 1, f.amount < 0n ? 'down' : 'up')}<b className="num">{f.amount > 0n ? '+' : ''}{text(f.amount)}</b></li>
          ))}
          <li><span>{t('forecast.end')}</span>{bar(steps.length + 1, 'sum')}<b className="num">{text(flows?.end ?? 0n)}</b></li>
          {won && <li><button type="button" className={style.figure} onClick={() => open(won.kind)}>{t('forecast.ofItWon')} <span className={style.dim}>({won.deals})</span></button><span /><b className="num">{text(won.amount)}</b></li>}
        </ul>
      )}
    </section>
  );
}

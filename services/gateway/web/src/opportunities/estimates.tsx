// What was thought of a deal, by whom and when.
import { Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import { peopleQuery } from '../api/people';
import type { Estimate, Opportunity, Pipeline } from '../gen/baton/v1/opportunities_pb';
import { useFormat } from '../i18n/format';
import { useMoney } from '../i18n/money';
import { Trouble } from '../ui/trouble';
import { estimatesQuery } from './data';
import { msOfDay } from './logic';
import style from './opportunities.module.css';

const Chart = lazy(() => import('./chart').then((m) => ({ default: m.Chart })));
const SHOWN = 50;

function Words({ of, pipelines }: { of: Estimate; pipelines: Pipeline[] }) {
  const format = useFormat();
  const money = useMoney();
  const stage = pipelines.find((p) => p.id === of.pipelineId)?.stages.find((s) => s.key === of.stageKey)?.name ?? of.stageKey;
  return <>{[stage, money.full(of.amount), `${of.probability} %`, of.closeDate && format.day(msOfDay(of.closeDate))].filter(Boolean).join(' · ')}</>;
}

export function Estimates({ deal, pipelines }: { deal: Opportunity; pipelines: Pipeline[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, refetch } = useQuery(estimatesQuery(deal.id));
  const { data: people } = useQuery(peopleQuery);
  const now = useMemo(() => serverNow(), [data]);
  const hasAmounts = data?.some((e) => e.amount);
  return (
    <section className={style.section}>
      <Title order={3}>{t('deals.estimates')}</Title>
      {error && <Trouble error={error} again={refetch} />}
      {!data && !error && <Skeleton height={170} />}
      {data && hasAmounts && (
        <>
          <Text size="xs" c="dimmed" className={style.legend}><span data-line="amount">{t('deals.field.amount')}</span><span data-line="weighted">{t('deals.weighted')}</span></Text>
          <Suspense fallback={<Skeleton height={170} />}><Chart estimates={data} now={now} /></Suspense>
        </>
      )}
      {data && (
        <ol className={style.changes} reversed>
          {[...data].reverse().slice(0, SHOWN).map((e) => (
            <li key={String(e.seq)}>
              <div><Words of={e} pipelines={pipelines} /></div>
              <span className={style.dim}>{format.moment(Number(e.atUs / 1000n))}{e.actor?.userId && ` · ${people?.get(e.actor.userId)?.name ?? t('somebody')}`}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

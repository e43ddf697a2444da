// The deals behind a figure, beside it: of a sum, of a change, or of what is expected.
import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from '../i18n/words';
import { recordQuery } from '../api/records';
import { PersonName } from '../customers/value';
import type { DealChance, ForecastChange } from '../gen/baton/v1/forecast_pb';
import { useFormat } from '../i18n/format';
import { useMoney } from '../i18n/money';
import { msOfDay } from '../opportunities/logic';
import { Empty } from '../ui/empty';
import { Peek } from '../ui/peek';
import { Trouble } from '../ui/trouble';
import { behindQuery, type Figure } from './data';
import style from './forecast.module.css';

export type Behind =
  | { what: 'sum'; title: string; figure: Figure }
  | { what: 'changes'; title: string; currency: string; changes: ForecastChange[] }
  | { what: 'expected'; title: string; currency: string; deals: DealChance[] };

function Deal({ id, name, amount, children }: { id: string; name: string; amount: string; children?: ReactNode }) {
  return (
    <li><Link to="/pipeline/$id" params={{ id }} className={style.dealName}>{name}</Link><b className="num">{amount}</b><span className={style.dim}>{children}</span></li>
  );
}

function Sum({ figure }: { figure: Figure }) {
  const { t } = useTranslation();
  const money = useMoney();
  const format = useFormat();
  const { data, error, refetch } = useQuery(behindQuery(figure));
  if (error) return <Trouble error={error} again={refetch} />;
  if (!data) return <Skeleton height={160} />;
  if (data.deals.length === 0) return <Empty icon="pipeline" title={t('forecast.noDeals')} />;
  return (
    <>
      {figure.whose.asOf && <Text size="sm" c="dimmed" mb="xs">{t('forecast.asNow')}</Text>}
      {data.isCut && <Text size="sm" c="dimmed" mb="xs">{t('forecast.cut')}</Text>}
      <ul className={style.deals}>{data.deals.map((d) => <Deal key={d.id} id={d.id} name={d.name} amount={money.full(d.amount)}>{format.day(msOfDay(d.closeDate))} · <PersonName id={d.ownerId} /></Deal>)}</ul>
    </>
  );
}

function Changed({ change, currency }: { change: ForecastChange; currency: string }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { data } = useQuery({ ...recordQuery('opportunity', change.opportunityId), retry: false });
  return <Deal id={change.opportunityId} name={data?.name ?? t('kind.opportunity')} amount={money.full({ currencyCode: currency, minorUnits: change.amount })}>{t(`forecast.change.${change.kind}`)}</Deal>;
}

function Chances({ deals, currency }: { deals: DealChance[]; currency: string }) {
  const { t } = useTranslation();
  const money = useMoney();
  const format = useFormat();
  return (
    <ul className={style.deals}>
      {deals.map((d) => (
        <Deal key={d.opportunityId} id={d.opportunityId} name={d.name} amount={money.full({ currencyCode: currency, minorUnits: d.expected })}>
          {t('forecast.chance', { percent: Math.round(d.winsPermille / 10), said: d.saidPercent, alike: format.number(d.alike) })}
        </Deal>
      ))}
    </ul>
  );
}

export function BehindPeek({ behind, close }: { behind: Behind; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Peek title={behind.title} label={t('forecast.behind')} close={close}>
      {behind.what === 'sum' && <Sum figure={behind.figure} />}
      {behind.what === 'changes' && <ul className={style.deals}>{behind.changes.map((c) => <Changed key={`${c.opportunityId}${c.kind}`} change={c} currency={behind.currency} />)}</ul>}
      {behind.what === 'expected' && <Chances deals={behind.deals} currency={behind.currency} />}
    </Peek>
  );
}

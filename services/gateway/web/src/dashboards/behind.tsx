// The records behind a figure, beside it.
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import { PersonName } from '../customers/value';
import { useFormat } from '../i18n/format';
import { useMoney } from '../i18n/money';
import { msOfDay } from '../opportunities/logic';
import { Empty } from '../ui/empty';
import { Peek } from '../ui/peek';
import { Trouble } from '../ui/trouble';
import { behindQuery } from './data';
import { type Asked, isExact } from './logic';
import type { Behind } from './widget';
import style from './dashboards.module.css';

function Records({ asked }: { asked: Asked }) {
  const { t } = useTranslation();
  const money = useMoney();
  const format = useFormat();
  const { data: people } = useQuery(peopleQuery);
  const { data, error, refetch } = useQuery({ ...behindQuery(asked, (id) => people?.get(id)?.teamId ?? ''), enabled: people !== undefined });
  if (error) return <Trouble error={error} again={refetch} />;
  if (!data) return <Skeleton height={160} />;
  if (data.deals.length + data.activities.length === 0) return <Empty icon="search" title={t('dashboards.noRecords')} />;
  return (
    <>
      {!isExact(asked) && <p className={style.dim}>{t('dashboards.notExact')}</p>}
      {data.isCut && <p className={style.dim}>{t('customers.cut')}</p>}
      <ul className={style.records}>
        {data.deals.map((d) => (
          <li key={d.id}><Link to="/pipeline/$id" params={{ id: d.id }}>{d.name}</Link><b className="num">{money.full(d.amount)}</b><span className={style.dim}>{d.closeDate && format.day(msOfDay(d.closeDate))} · <PersonName id={d.ownerId} /></span></li>
        ))}
        {data.activities.map((a) => <li key={a.id}><span>{a.subject}</span><span className={style.dim}>{format.day(a.doneAt)} · <PersonName id={a.ownerId} /></span></li>)}
      </ul>
    </>
  );
}

export function BehindPeek({ behind: { title, asked }, close }: { behind: Behind; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Peek title={title} label={t('forecast.behind')} close={close}>
      {asked.where.type === 'lead' ? <Link to="/leads">{t('dashboards.toLeads')}</Link> : <Records asked={asked} />}
    </Peek>
  );
}

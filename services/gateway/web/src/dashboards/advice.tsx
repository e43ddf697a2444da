// What stands out and is not chance, and who enters what.
import { Skeleton, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import { AdviceKind, type AdoptionUser } from '../gen/baton/v1/analysis_pb';
import { useFormat } from '../i18n/format';
import { Trouble } from '../ui/trouble';
import { adoptionQuery, adviceQuery } from './data';
import style from './dashboards.module.css';

export function Advice({ user }: { user?: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(adviceQuery(user));
  if (error) return <Trouble error={error} again={refetch} />;
  if (!data) return <Skeleton height={120} />;
  if (data.advice.length === 0) return <p className={style.dim}>{t('dashboards.noAdvice')}</p>;
  return (
    <ul className={style.advice}>
      {data.advice.map((a) => (
        <li key={`${a.opportunityId}${a.userId}${a.territoryId}${a.reason}`}>
          {a.kind === AdviceKind.DEAL ? <Link to="/pipeline/$id" params={{ id: a.opportunityId }}>{a.name}</Link>
            : a.kind === AdviceKind.PERSON ? <Link to="/pipeline" search={{ owner: a.userId }}>{a.name}</Link> : <b>{a.name}</b>}
          <span>{saidOf(a.reason)}</span>
        </li>
      ))}
    </ul>
  );
}

const LAST = 8;

function Weeks({ of }: { of: AdoptionUser }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...of.weeks.map((w) => Number(w.created + w.changed)));
  const label = of.weeks.slice(-LAST).map((w) => `${w.firstDay}: ${w.created + w.changed}`).join(', ');
  return <span className={style.weeks} role="img" aria-label={t('dashboards.weeksOf', { name: of.name, label })}>{of.weeks.slice(-LAST).map((w) => <i key={w.firstDay} style={{ height: `${Math.max(4, (100 * Number(w.created + w.changed)) / most)}%` }} />)}</span>;
}

export function Adoption({ user }: { user?: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, refetch } = useQuery(adoptionQuery(user));
  if (error) return <Trouble error={error} again={refetch} />;
  if (!data) return <Skeleton height={120} />;
  const columns = ['who', 'weeks', 'created', 'changed', 'late', 'complete', 'last'];
  return (
    <>
      <Table.ScrollContainer minWidth={640} type="native">
        <Table verticalSpacing={4}>
          <Table.Thead><Table.Tr>{columns.map((c) => <Table.Th key={c}>{t(`dashboards.adoption.${c}`)}</Table.Th>)}</Table.Tr></Table.Thead>
          <Table.Tbody>
            {data.users.map((u) => (
              <Table.Tr key={u.userId}>
                <Table.Th scope="row">{u.name}</Table.Th><Table.Td><Weeks of={u} /></Table.Td>
                <Table.Td className="num">{format.number(u.created)}</Table.Td><Table.Td className="num">{format.number(u.changed)}</Table.Td>
                <Table.Td className="num">{u.enteredAfter > 0n ? t('dashboards.hours', { count: Number(u.medianLateHours) }) : '–'}</Table.Td>
                <Table.Td className="num">{u.completePermille > 0 ? `${Math.round(u.completePermille / 10)} %` : '–'}</Table.Td>
                <Table.Td>{u.lastAt ? format.ago(u.lastAt) : t('dashboards.never')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {data.usersLeftOut > 0 && <p className={style.dim}>{t('andMore', { count: data.usersLeftOut })}</p>}
    </>
  );
}

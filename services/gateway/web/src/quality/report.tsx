// How complete and how fresh the records of each owner are, and each field of all.
import { Button, Progress, Skeleton, Table, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import type { Kind } from '../customers/kinds';
import { useFormat } from '../i18n/format';
import { Empty } from '../ui/empty';
import { Trouble } from '../ui/trouble';
import { fieldsQuery, ownersQuery } from './data';
import { fieldOf } from './logic';
import style from './quality.module.css';

function Share({ percent, label }: { percent: number; label: string }) {
  return <div className={style.share}><Progress value={percent} size="md" aria-label={label} /><span className="num">{percent} %</span></div>;
}

function Fields({ kind }: { kind: Kind }) {
  const { t } = useTranslation();
  const { data } = useQuery(fieldsQuery(kind));
  if (!data || data.records === 0n) return null;
  const percent = (count: bigint) => Math.round((100 * Number(count)) / Number(data.records));
  return (
    <>
      <Title order={2} mt="xl" mb="xs">{t('quality.byField')}</Title>
      <Table.ScrollContainer minWidth={460} type="native">
        <Table verticalSpacing={6}>
          <Table.Thead><Table.Tr>{['conflict.field', 'quality.there', 'quality.fresh'].map((k) => <Table.Th key={k}>{t(k)}</Table.Th>)}</Table.Tr></Table.Thead>
          <Table.Tbody>
            {data.fields.map((f) => {
              const own = fieldOf(kind, f.field);
              const name = own ? t(`field.${own.name}`) : f.field;
              return (
                <Table.Tr key={f.field}><Table.Th scope="row">{name}</Table.Th>
                  <Table.Td><Share percent={percent(f.present)} label={`${name}: ${t('quality.there')}`} /></Table.Td>
                  <Table.Td><Share percent={percent(f.fresh)} label={`${name}: ${t('quality.fresh')}`} /></Table.Td></Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

export function Report({ kind, mend }: { kind: Kind; mend: (owner: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: people } = useQuery(peopleQuery);
  const { data, error, refetch } = useQuery(ownersQuery(kind));
  if (error) return <Trouble error={error} again={refetch} />;
  if (!data) return <Skeleton height={200} radius="md" m="md" />;
  if (data.length === 0) return <Empty icon="check" title={t('quality.noRecords')} />;
  const nameOf = (id: string) => (id ? (people?.get(id)?.name ?? t('somebody')) : t('quality.nobody'));
  return (
    <div className={style.mend}>
      <Title order={2} mb="xs">{t('quality.byOwner')}</Title>
      <Table.ScrollContainer minWidth={620} type="native">
        <Table verticalSpacing={6}>
          <Table.Thead><Table.Tr>{['owner', 'records', 'there', 'fresh', 'toMend'].map((k) => <Table.Th key={k}>{t(`quality.${k}`)}</Table.Th>)}</Table.Tr></Table.Thead>
          <Table.Tbody>
            {data.map((row) => (
              <Table.Tr key={row.ownerId}>
                <Table.Th scope="row">{nameOf(row.ownerId)}</Table.Th><Table.Td className="num">{format.number(row.records)}</Table.Td>
                <Table.Td><Share percent={row.completenessPercent} label={`${nameOf(row.ownerId)}: ${t('quality.there')}`} /></Table.Td>
                <Table.Td><Share percent={row.freshnessPercent} label={`${nameOf(row.ownerId)}: ${t('quality.fresh')}`} /></Table.Td>
                <Table.Td className="num">{row.toMend > 0n ? <Button size="compact-xs" variant="light" onClick={() => mend(row.ownerId || 'nobody')}
                  aria-label={t('quality.toMendOf', { count: Number(row.toMend), text: format.number(row.toMend), name: nameOf(row.ownerId) })}>{format.number(row.toMend)}</Button> : 0}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Fields kind={kind} />
    </div>
  );
}

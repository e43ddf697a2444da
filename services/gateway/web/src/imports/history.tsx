// The imports there were, the newest first.
import { Skeleton, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { PersonName } from '../customers/value';
import { useFormat } from '../i18n/format';
import { Rows } from '../ui/rows';
import { Trouble } from '../ui/trouble';
import { importsQuery } from './data';
import { UndoButton } from './undo';

export function History() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, refetch } = useQuery(importsQuery);
  if (error) return <Trouble error={error} again={refetch} />;
  if (!data) return <Skeleton height={120} mt="xl" />;
  if (data.length === 0) return <Text c="dimmed" mt="xl">{t('imports.none')}</Text>;
  return (
    <>
      <Title order={2} mt="xl" mb="xs">{t('imports.earlier')}</Title>
      <Rows label={t('imports.earlier')} minWidth={560} heads={['from', 'begun', 'by_', 'created', 'updated', 'state'].map((k) => t(`imports.${k}`))}>
        {data.map((im) => (
          <Table.Tr key={im.id}>
            <Table.Th scope="row">{im.source}</Table.Th><Table.Td>{format.moment(im.begunAt)}</Table.Td><Table.Td><PersonName id={im.userId} /></Table.Td>
            <Table.Td className="num">{format.number(im.created)}</Table.Td><Table.Td className="num">{format.number(im.updated)}</Table.Td>
            <Table.Td><UndoButton id={im.id} name={im.source} isSmall instead={im.isUndone ? t('imports.takenBack', { count: Number(im.takenBack) }) : undefined} /></Table.Td>
          </Table.Tr>
        ))}
      </Rows>
    </>
  );
}

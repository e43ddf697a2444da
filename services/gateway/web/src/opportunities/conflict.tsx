// Somebody else was faster: what they made of the deal, field by field, and whether it is to be done all the same.
import { Button, Group, Modal, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import type { Opportunity, Pipeline } from '../gen/baton/v1/opportunities_pb';
import { type Change, lastChangeQuery } from './data';
import { FieldText } from './fields';
import { changedFields, type Compared } from './logic';

interface ConflictProps {
  change: Change;
  now: Opportunity;
  pipeline: Pipeline;
  close: () => void;
  again: () => void;
}

export function Conflict({ change, now, pipeline, close, again }: ConflictProps) {
  const { t } = useTranslation();
  const { data: people } = useQuery(peopleQuery);
  const { data: last } = useQuery(lastChangeQuery(now.id, now.revision));
  const who = people?.get(last?.actor?.userId ?? '')?.name ?? t('somebody');
  const fields = [...new Set([...changedFields(change.deal, now), ...(Object.keys(change.values) as Compared[])])];
  const show = (field: Compared, value: unknown) =>
    field === 'stageKey' ? (pipeline.stages.find((s) => s.key === value)?.name ?? '') : <FieldText field={field} value={value} />;
  const wanted = (field: Compared) => (field in change.values ? change.values[field] : change.deal[field]);
  return (
    <Modal opened onClose={close} size="lg" title={t('deals.conflictTitle', { name: now.name })} closeButtonProps={{ 'aria-label': t('close') }}>
      <Text size="sm" c="dimmed" mb="sm">{t('deals.conflictText', { who })}</Text>
      <Table>
        <Table.Thead><Table.Tr><Table.Th>{t('deals.whatField')}</Table.Th><Table.Th>{t('deals.yours')}</Table.Th><Table.Th>{t('deals.theirs')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {fields.map((field) => (
            <Table.Tr key={field}>
              <Table.Th scope="row">{t(`deals.field.${field}`)}</Table.Th><Table.Td>{show(field, wanted(field))}</Table.Td><Table.Td>{show(field, now[field])}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={again}>{t('deals.takeMine')}</Button>
        <Button data-autofocus onClick={close}>{t('deals.takeTheirs')}</Button>
      </Group>
    </Modal>
  );
}

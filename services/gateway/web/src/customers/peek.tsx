// A customer beside the list: how to reach them, the facts, and what was last.
import { Skeleton, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { recordQuery } from '../api/records';
import { Peek } from '../ui/peek';
import { Reach } from '../ui/reach';
import { Trouble } from '../ui/trouble';
import { CustomerFacts } from './facts';
import { type Customer, KINDS, type Kind } from './kinds';
import { Timeline } from './timeline';
import { PersonName } from './value';

export function CustomerPeek({ kind, id, known, close, open }: { kind: Kind; id: string; known?: Customer; close: () => void; open: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(recordQuery(kind, id));
  const record = (data ?? known) as Customer | undefined;
  return (
    <Peek title={record ? KINDS[kind].name(record) : t(`kind.${kind}`)} label={t(`kind.${kind}`)} close={close} open={open}
      sub={record?.ownerId && <>{t('leads.withName', { name: '' })}<PersonName id={record.ownerId} /></>}>
      {error && <Trouble error={error} again={refetch} />}
      {!record && !error && <Skeleton height={240} radius="md" />}
      {record && (
        <>
          <Reach of={record} />
          <CustomerFacts kind={kind} record={record} />
          <Title order={3} mt="lg" mb="xs">{t('customers.tab.timeline')}</Title>
          <Timeline kind={kind} id={id} />
        </>
      )}
    </Peek>
  );
}

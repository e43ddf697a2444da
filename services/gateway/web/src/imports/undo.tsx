// All that an import did is taken back: it is asked first, and said what had to stay.
import { Button, Group, Modal, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import { complain } from '../ui/toast';
import { type Undone, useUndoImport } from './data';

const SHOWN = 200;

function Kept({ undone }: { undone: Undone }) {
  const { t } = useTranslation();
  return (
    <>
      <Text size="sm">{t('imports.undone', { deleted: undone.deleted, restored: undone.restored, gone: undone.gone })}</Text>
      {undone.kept.length > 0 && (
        <>
          <Text size="sm" fw={600} mt="md">{t('imports.kept', { count: undone.kept.length })}</Text>
          <Table verticalSpacing={4}><Table.Tbody>{undone.kept.slice(0, SHOWN).map((k) => <Table.Tr key={k.id}><Table.Th scope="row">{k.name}</Table.Th><Table.Td>{saidOf(k.reason)}</Table.Td></Table.Tr>)}</Table.Tbody></Table>
        </>
      )}
    </>
  );
}

interface UndoProps {
  id: string;
  name: string;
  // What stands there when it was taken back.
  instead?: string;
  done?: () => void;
  isSmall?: boolean;
}

export function UndoButton({ id, name, instead, done, isSmall }: UndoProps) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const undo = useUndoImport();
  const close = () => {
    setAsking(false);
    if (undo.data) done?.();
  };
  return (
    <>
      {instead ?? <Button variant="default" size={isSmall ? 'compact-xs' : undefined} onClick={() => setAsking(true)} aria-label={t('imports.undoName', { name })}>{t('imports.undo')}</Button>}
      <Modal opened={isAsking} onClose={close} title={t('imports.undoName', { name })} closeButtonProps={{ 'aria-label': t('close') }}>
        {undo.data ? <Kept undone={undo.data} /> : <Text size="sm">{t('imports.undoText')}</Text>}
        <Group justify="flex-end" mt="md">
          {undo.data ? <Button onClick={close}>{t('close')}</Button> : (
            <>
              <Button variant="default" onClick={close}>{t('cancel')}</Button>
              <Button color="red.9" loading={undo.isPending} onClick={() => undo.mutate(id, { onError: complain })} data-autofocus>{t('imports.undo')}</Button>
            </>
          )}
        </Group>
      </Modal>
    </>
  );
}

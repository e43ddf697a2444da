// Another file for a document: it is on its way while somebody says what is new in it.
import { Alert, Button, Checkbox, Group, Modal, Progress, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from '../i18n/words';
import type { Document } from '../gen/baton/v1/documents_pb';
import { documents, useAct } from './data';
import { UNWANTED, upload } from './upload';

function useComing(file: File) {
  const [coming, setComing] = useState<{ part: number; waits?: boolean; hash?: string; error?: string }>({ part: 0 });
  useEffect(() => {
    const stop = new AbortController();
    upload(file, { part: (part) => setComing({ part }), waits: () => setComing((c) => ({ ...c, waits: true })) }, stop.signal)
      .then((hash) => setComing({ part: 1, hash }), (error: Error) => !stop.signal.aborted && setComing({ part: 0, error: error.message }));
    return () => stop.abort(UNWANTED);
  }, [file]);
  return coming;
}

export function Bring({ document, file, close }: { document: Document; file: File; close: () => void }) {
  const { t } = useTranslation();
  const { part, waits, hash, error } = useComing(file);
  const [note, setNote] = useState('');
  const [isCurrent, setCurrent] = useState(!document.reviewRequired);
  const add = useAct(() => documents.addRevision({ documentId: document.id, fileHash: hash, note: note.trim() || undefined, makeCurrent: isCurrent || undefined }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (hash) add.mutate(undefined, { onSuccess: close });
  };
  return (
    <Modal opened onClose={close} title={t('documents.newRevision')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack>
          <div>
            <Group justify="space-between" wrap="nowrap" gap="xs"><Text size="sm" className="cut">{file.name}</Text><Text size="xs" c="dimmed" role="status">{waits ? t('documents.waits') : hash ? t('documents.there') : `${Math.floor(part * 100)} %`}</Text></Group>
            <Progress value={part * 100} size="sm" mt={4} aria-label={t('documents.come', { name: file.name })} />
          </div>
          {error && <Alert color="red" variant="light" role="alert">{error}</Alert>}
          <Textarea label={t('documents.whatIsNew')} autosize minRows={2} maxRows={8} maxLength={4000} data-autofocus value={note} onChange={(e) => setNote(e.currentTarget.value)} />
          <Checkbox label={t('documents.atOnce')} description={document.reviewRequired ? t('documents.afterReview') : undefined} disabled={document.reviewRequired} checked={isCurrent} onChange={(e) => setCurrent(e.currentTarget.checked)} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" disabled={!hash} loading={add.isPending}>{t('save')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

// A plan begins: from a template, or with steps of one's own.
import { Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { type About, plans, templatesQuery, usePlanAct } from './data';
import { stepsOf } from './logic';

const OWN = 'own';

export function StartPlan({ of, close }: { of: About; close: () => void }) {
  const { t } = useTranslation();
  const { data: templates = [] } = useQuery(templatesQuery);
  const [chosen, setChosen] = useState<string>();
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  const from = chosen ?? templates[0]?.id ?? OWN;
  const template = templates.find((p) => p.id === from);
  const steps = stepsOf(text);
  const start = usePlanAct(() => plans.startPlan({ ...of, name: name.trim() || undefined, ...(template ? { templateId: template.id } : { steps }) }), close);
  const isReady = template ? true : name.trim() !== '' && steps.length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) start.mutate(undefined);
  };
  return (
    <Modal opened onClose={close} title={t('plans.start')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack>
          <Select label={t('plans.template')} allowDeselect={false} value={from} onChange={(v) => setChosen(v ?? undefined)} data-autofocus
            data={[...templates.map((p) => ({ value: p.id, label: p.name })), { value: OWN, label: t('plans.own') }]} />
          {template && <Text size="sm" c="dimmed">{template.steps.map((s) => s.title).join(' → ')}</Text>}
          <TextInput label={t('plans.name')} maxLength={200} placeholder={template?.name} value={name} onChange={(e) => setName(e.currentTarget.value)} />
          {!template && <Textarea label={t('plans.steps')} description={t('plans.stepsText')} autosize minRows={4} maxRows={14} value={text} onChange={(e) => setText(e.currentTarget.value)} />}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" disabled={!isReady} loading={start.isPending}>{t('plans.begin')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

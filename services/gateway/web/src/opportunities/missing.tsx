// What a stage asks for and is not there yet; whom it lets goes on without, and says why.
import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import type { Refusal } from '../api/refusal';
import type { Opportunity, PipelineStage, StageConditions } from '../gen/baton/v1/opportunities_pb';
import type { Values } from './data';
import { type Field, FieldInput, fieldOf } from './fields';

interface MissingProps {
  deal: Opportunity;
  stage?: PipelineStage;
  conditions: StageConditions;
  refusal?: Refusal;
  isSending: boolean;
  close: () => void;
  send: (values: Values, overrideReason?: string) => void;
}

export function Missing({ deal, stage, conditions, refusal, isSending, close, send }: MissingProps) {
  const { t } = useTranslation();
  const [values, setValues] = useState<{ [field: string]: unknown }>({});
  const [isOver, setOver] = useState(false);
  const [why, setWhy] = useState('');
  const fields = conditions.missingFields.flatMap((path) => fieldOf(path) ?? []);
  const elsewhere = [
    ...conditions.missingFields.filter((path) => !fieldOf(path)),
    ...conditions.missingDocuments.map((type) => t(`deals.document.${type}`)),
  ];
  const refused = refusal?.field?.replace(/^(record\.)?opportunity\./, '').split('.')[0];
  const hasPlace = fields.some((f) => f === refused);
  const isFull = fields.every((f) => values[f] !== undefined && values[f] !== '') && elsewhere.length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isOver) send({}, why.trim());
    else if (isFull) send(values);
  };
  const input = (field: Field, i: number) => (
    <FieldInput key={field} field={field} label={t(`deals.field.${field}`)} autoFocus={i === 0} required value={values[field]}
      error={refused === field ? refusal?.message : undefined} onChange={(value) => setValues((now) => ({ ...now, [field]: value }))} />
  );
  return (
    <Modal opened onClose={close} title={t('deals.missingTitle', { stage: stage?.name ?? '' })} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">{t(isOver ? 'deals.overText' : 'deals.missingText', { name: deal.name })}</Text>
          {!isOver && fields.map(input)}
          {!isOver && elsewhere.length > 0 && <Alert color="orange">{t('deals.elsewhere', { fields: elsewhere.join(', ') })}</Alert>}
          {isOver && <Textarea label={t('deals.why')} autoFocus autosize minRows={2} maxLength={500} value={why} onChange={(e) => setWhy(e.currentTarget.value)} />}
          {refusal && !hasPlace && <Alert color="red" role="alert">{refusal.message}</Alert>}
          <Group justify="flex-end">
            {conditions.mayOverride && <Button variant="subtle" mr="auto" onClick={() => setOver(!isOver)}>{t(isOver ? 'deals.fillIn' : 'deals.without')}</Button>}
            <Button variant="default" onClick={close}>{t('cancel')}</Button>
            <Button type="submit" loading={isSending} disabled={isOver ? !why.trim() : !isFull}>{t('deals.move')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

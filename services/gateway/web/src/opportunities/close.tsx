// A deal is won or lost: which of the stages that say so, and why: one of the pipeline's reasons, where it has any.
import { Button, Group, Modal, SegmentedControl, Select, Text, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { type Opportunity, type Pipeline, type PipelineStage, StageKind } from '../gen/baton/v1/opportunities_pb';
import type { Closing } from './data';
import { kindOf } from './logic';

const USUAL = { won: ['fit', 'price', 'trust'], lost: ['price', 'competitor', 'budget', 'silence', 'fit'] };

interface CloseProps {
  deal: Opportunity;
  pipeline: Pipeline;
  stage: PipelineStage;
  stages: PipelineStage[];
  close: () => void;
  send: (stage: PipelineStage, closing: Closing) => void;
}

export function Close({ deal, pipeline, stage: first, stages, close, send }: CloseProps) {
  const { t } = useTranslation();
  const [stage, setStage] = useState(first);
  const [reason, setReason] = useState('');
  const [lostTo, setLostTo] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const outcome = kindOf(stage) === StageKind.WON ? 'won' : 'lost';
  const reasons = outcome === 'won' ? pipeline.winReasons : pipeline.lossReasons;
  const isEnough = reasons.length > 0 ? reasons.includes(reason) : outcome === 'won' || reason.trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isEnough) send(stage, { reason: reason.trim(), lostTo: outcome === 'lost' ? lostTo.trim() : '' });
  };
  return (
    <Modal opened onClose={close} title={t(`deals.${outcome}Title`, { name: deal.name })} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        {stages.length > 1 && (
          <SegmentedControl fullWidth mb="md" aria-label={t('deals.stages')} value={stage.key} data={stages.map((s) => ({ value: s.key, label: s.name }))}
            onChange={(key) => setStage(stages.find((s) => s.key === key) ?? first)} />
        )}
        <Text size="sm" c="dimmed" mb="sm">{t(`deals.${outcome}Text`)}</Text>
        {reasons.length > 0 ? (
          <Select data-autofocus label={t('deals.why')} data={reasons} searchable value={reason || null} onChange={(why) => setReason(why ?? '')} />
        ) : (
          <>
            <Group gap={6} mb="sm" role="group" aria-label={t('deals.usual')}>
              {USUAL[outcome].map((key) => (
                <Button key={key} size="compact-sm" variant="default" radius="xl" onClick={() => {
                  setReason(t(`deals.${outcome}Reason.${key}`));
                  field.current?.focus();
                }}>{t(`deals.${outcome}Reason.${key}`)}</Button>
              ))}
            </Group>
            <TextInput ref={field} data-autofocus label={t('deals.why')} required={outcome === 'lost'} withAsterisk={false} maxLength={200} autoComplete="off" value={reason}
              onChange={(event) => setReason(event.currentTarget.value)} />
          </>
        )}
        {outcome === 'lost' && <TextInput mt="sm" label={t('deals.lostTo')} maxLength={200} autoComplete="off" value={lostTo} onChange={(event) => setLostTo(event.currentTarget.value)} />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>{t('cancel')}</Button>
          <Button type="submit" disabled={!isEnough} color={outcome === 'lost' ? 'red.9' : undefined}>{t(`deals.${outcome}`)} <kbd style={{ marginLeft: 8 }}>Enter</kbd></Button>
        </Group>
      </form>
    </Modal>
  );
}

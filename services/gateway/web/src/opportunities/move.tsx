// Where a deal goes next: a list of stages, by keys, mouse or thumb.
import { Modal, Stack, UnstyledButton } from '@mantine/core';
import { type KeyboardEvent, useRef } from 'react';
import { useTranslation } from '../i18n/words';
import { type Opportunity, type Pipeline, type PipelineStage, StageKind } from '../gen/baton/v1/opportunities_pb';
import { usePhone } from '../ui/phone';
import { kindOf, nextStage } from './logic';
import style from './opportunities.module.css';

interface MoveProps {
  deal: Opportunity;
  pipeline: Pipeline;
  close: () => void;
  move: (stage: PipelineStage) => void;
}

export function Move({ deal, pipeline, close, move }: MoveProps) {
  const { t } = useTranslation();
  const isPhone = usePhone();
  const list = useRef<HTMLDivElement>(null);
  const next = nextStage(pipeline, deal);
  const stages = pipeline.stages.filter((s) => !s.retired || s.key === deal.stageKey);
  const keys = (event: KeyboardEvent) => {
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    const digit = Number(event.key);
    if (step) buttons[(buttons.indexOf(document.activeElement as HTMLButtonElement) + step + buttons.length) % buttons.length]?.focus();
    else if (digit && stages[digit - 1]) move(stages[digit - 1] as PipelineStage);
    else return;
    event.preventDefault();
  };
  return (
    <Modal opened onClose={close} title={t('deals.moveTitle', { name: deal.name })} closeButtonProps={{ 'aria-label': t('close') }} yOffset={isPhone ? 'auto' : undefined}
      classNames={isPhone ? { inner: style.low } : undefined}>
      <Stack gap={2} ref={list} onKeyDown={keys} role="group" aria-label={t('deals.stages')}>
        {stages.map((stage, i) => (
          <UnstyledButton key={stage.key} className={style.target} data-kind={StageKind[kindOf(stage)]} aria-current={stage.key === deal.stageKey || undefined}
            data-autofocus={stage.key === (next?.key ?? deal.stageKey) || undefined} onClick={() => move(stage)}>
            <span className={style.dot} aria-hidden="true" />
            <span style={{ flex: 1 }}>{stage.name}</span>
            {stage.key === deal.stageKey && <span className={style.dim}>{t('deals.here')}</span>}
            {i < 9 && <kbd>{i + 1}</kbd>}
          </UnstyledButton>
        ))}
      </Stack>
    </Modal>
  );
}

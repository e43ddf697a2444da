// The steps of a plan: what is done, what is late, what waits for what; each is closed and opened where it stands.
import { Button, Checkbox, Menu, Progress, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import { peopleQuery } from '../api/people';
import { PersonName } from '../customers/value';
import { type Plan, PlanEvidence, PlanState, type PlanStep, PlanStepState } from '../gen/baton/v1/plans_pb';
import { useFormat } from '../i18n/format';
import { Icon } from '../ui/icons';
import { toast } from '../ui/toast';
import { AskReason } from './ask';
import { plans, usePlanAct } from './data';
import { isLate, isOpen, partOf, waitsFor } from './logic';
import style from './plans.module.css';

interface Of {
  planId: string;
  stepKey: string;
}

function useSteps(plan: Plan) {
  const { t } = useTranslation();
  const reopen = usePlanAct((of: Of) => plans.reopenStep(of));
  const told = (key: string) => (_: Plan, of: Of) => toast({ title: t(key, { title: plan.steps.find((s) => s.key === of.stepKey)?.title }), undo: () => reopen.mutate(of) });
  const complete = usePlanAct((of: Of) => plans.completeStep(of), told('plans.closed'));
  const skip = usePlanAct((of: Of & { reason: string }) => plans.skipStep(of), told('plans.skipped'));
  return { complete, reopen, skip };
}

function When({ plan, step }: { plan: Plan; step: PlanStep }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: people } = useQuery(peopleQuery);
  if (!isOpen(step)) {
    const who = people?.get(step.closedById)?.name;
    return <span>{t(step.state === PlanStepState.SKIPPED ? 'plans.wasSkipped' : who ? 'plans.wasClosedBy' : 'plans.wasClosed', { when: format.day(step.closedAt), name: who ?? t('somebody') })}{step.skipReason && `: ${step.skipReason}`}</span>;
  }
  const before = waitsFor(plan, step);
  if (before.length > 0) return <span>{t('plans.after', { titles: format.list(before) })}</span>;
  return (
    <>
      {step.dueAt && <span className={isLate(step, serverNow()) ? style.late : undefined}>{t(isLate(step, serverNow()) ? 'plans.lateSince' : 'plans.dueOn', { when: format.day(step.dueAt) })}</span>}
      {step.evidence !== PlanEvidence.UNSPECIFIED && !step.byHand && <span>{t(`plans.evidence.${step.evidence}`)}</span>}
    </>
  );
}

function Step({ plan, step, acts }: { plan: Plan; step: PlanStep; acts: ReturnType<typeof useSteps> }) {
  const { t } = useTranslation();
  const [isSkipping, setSkipping] = useState(false);
  const of = { planId: plan.id, stepKey: step.key };
  const isActive = plan.state !== PlanState.ABANDONED;
  return (
    <li className={style.step} data-closed={!isOpen(step) || undefined}>
      <Checkbox size="sm" aria-label={step.title} checked={!isOpen(step)} indeterminate={step.state === PlanStepState.SKIPPED} disabled={!isActive}
        onChange={() => (isOpen(step) ? acts.complete.mutate(of) : acts.reopen.mutate(of))} />
      <div className={style.stepText}>
        <div className={style.stepTitle}>{step.title}</div>
        <div className={style.dim}><PersonName id={step.assigneeId || plan.ownerId} /><When plan={plan} step={step} /></div>
      </div>
      {isActive && isOpen(step) && (
        <Menu position="bottom-end" width={190}>
          <Menu.Target><UnstyledButton className={style.dots} aria-label={t('plans.actsOf', { title: step.title })}><Icon name="more" /></UnstyledButton></Menu.Target>
          <Menu.Dropdown><Menu.Item onClick={() => setSkipping(true)}>{t('plans.skip')}</Menu.Item></Menu.Dropdown>
        </Menu>
      )}
      {isSkipping && <AskReason title={t('plans.skipTitle', { title: step.title })} button={t('plans.skip')} isPending={acts.skip.isPending} close={() => setSkipping(false)}
        say={(reason) => acts.skip.mutate({ ...of, reason }, { onSuccess: () => setSkipping(false) })} />}
    </li>
  );
}

export function Bar({ closed, all, label }: { closed: number; all: number; label: string }) {
  return <div className={style.progress}><Progress value={partOf(closed, all)} size="sm" aria-label={label} /><span className="num">{closed}/{all}</span></div>;
}

export function Steps({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const [isEnding, setEnding] = useState(false);
  const acts = useSteps(plan);
  const abandon = usePlanAct((reason: string) => plans.abandonPlan({ planId: plan.id, reason }));
  return (
    <>
      {plan.endReason && <p className={style.dim}>{t('plans.abandonedWhy', { reason: plan.endReason })}</p>}
      <ol className={style.steps} aria-label={t('plans.stepsOf', { name: plan.name })}>{plan.steps.map((step) => <Step key={step.key} plan={plan} step={step} acts={acts} />)}</ol>
      {plan.state === PlanState.ACTIVE && <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setEnding(true)}>{t('plans.abandon')}</Button>}
      {isEnding && <AskReason title={t('plans.abandonTitle', { name: plan.name })} button={t('plans.abandon')} isPending={abandon.isPending} close={() => setEnding(false)}
        say={(reason) => abandon.mutate(reason, { onSuccess: () => setEnding(false) })} />}
    </>
  );
}

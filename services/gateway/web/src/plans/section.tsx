// The plans of a deal or an account, and another one.
import { Button, Skeleton, Title, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from '../i18n/words';
import { Role } from '../gen/baton/v1/options_pb';
import { type PlanProgress, PlanState } from '../gen/baton/v1/plans_pb';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Icon } from '../ui/icons';
import { type About, planQuery, plansOfQuery } from './data';
import { StartPlan } from './start';
import { Bar, Steps } from './steps';
import style from './plans.module.css';

function One({ plan }: { plan: PlanProgress }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(plan.state === PlanState.ACTIVE);
  const { data } = useQuery({ ...planQuery(plan.planId), enabled: isOpen });
  return (
    <div className={style.plan}>
      <UnstyledButton className={style.planHead} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <b className="cut">{plan.name || t('plans.unnamed')}</b>
        {plan.state === PlanState.ABANDONED ? <span className={style.dim}>{t('plans.state.abandoned')}</span> : <Bar closed={plan.closedSteps} all={plan.steps} label={t('plans.progressOf', { name: plan.name })} />}
      </UnstyledButton>
      {isOpen && (data ? <Steps plan={data} /> : <Skeleton height={60} />)}
    </div>
  );
}

// Partners have no plans.
export function Plans({ of }: { of: About }) {
  const { user } = useMe();
  return user.role === Role.PARTNER ? null : <Section of={of} />;
}

function Section({ of }: { of: About }) {
  const { t } = useTranslation();
  const { data } = useQuery(plansOfQuery(of));
  const [isStarting, setStarting] = useState(false);
  const kind = 'opportunityId' in of ? 'nav.pipeline' : 'kinds.account';
  useCommands([{ id: 'plan.start', group: t(kind), label: t('plans.start'), keys: 'p', icon: <Icon name="plus" />, run: () => setStarting(true) }]);
  return (
    <section className={style.section} aria-label={t('plans.title')}>
      <div className={style.sectionHead}><Title order={3}>{t('plans.title')}</Title><Button size="compact-sm" variant="default" onClick={() => setStarting(true)}>{t('plans.start')}</Button></div>
      {!data && <Skeleton height={40} />}
      {data?.length === 0 && <p className={style.dim}>{t('plans.none')}</p>}
      {data?.map((plan) => <One key={plan.planId} plan={plan} />)}
      {isStarting && <StartPlan of={of} close={() => setStarting(false)} />}
    </section>
  );
}

// What a page knows of plans without asking anybody: what is late, what waits for what, how far they are.
import { type Plan, type PlanStep, PlanState, PlanStepState } from '../gen/baton/v1/plans_pb';
import { msOf } from '../i18n/format';
import type { State } from './search';

export const STATE: { [state in State]: PlanState } = { active: PlanState.ACTIVE, done: PlanState.DONE, abandoned: PlanState.ABANDONED };

export const isOpen = (step: PlanStep) => step.state === PlanStepState.OPEN;
export const isLate = (step: PlanStep, now: number) => isOpen(step) && msOf(step.dueAt) < now;

// Titles of what is to be done before it.
export function waitsFor(plan: Plan, step: PlanStep): string[] {
  return plan.steps.filter((s) => step.dependsOn.includes(s.key) && isOpen(s)).map((s) => s.title);
}

// What can be done now comes first to hand.
export const nextOf = (plan: Plan): PlanStep | undefined => plan.steps.find((s) => isOpen(s) && waitsFor(plan, s).length === 0);

export const partOf = (closed: number | bigint, all: number | bigint) => (Number(all) > 0 ? Math.round((100 * Number(closed)) / Number(all)) : 0);

const MOST = 50;

// One step a line; behind it in brackets its working days: "Visit them (3)".
export function stepsOf(text: string): { key: string; title: string; dueDays?: number }[] {
  const lines = text.split('\n').map((line) => line.trim()).filter(Boolean).slice(0, MOST);
  return lines.map((line, i) => {
    const [, title, days] = /^(.*?)(?:\s*[(（](\d{1,3})[)）])?$/.exec(line) ?? [];
    return { key: `step_${i + 1}`, title: (title || line).slice(0, 200), ...(days && Number(days) <= 250 ? { dueDays: Number(days) } : {}) };
  });
}

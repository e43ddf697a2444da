// What can be done with a deal wherever it is shown, and what is asked for meanwhile.
import { useState } from 'react';
import { useTranslation } from '../i18n/words';
import { create } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { serverNow } from '../api/clock';
import { currentOf } from '../api/records';
import { type Refusal, refusalOf } from '../api/refusal';
import { type Opportunity, type Pipeline, type PipelineStage, type StageConditions, StageKind } from '../gen/baton/v1/opportunities_pb';
import { timestampOf } from '../i18n/format';
import { Close } from './close';
import { Conflict } from './conflict';
import { type Change, type Closing, useChange, usePutBack, type Values } from './data';
import { kindOf } from './logic';
import { Missing } from './missing';
import { Move } from './move';

type Asked =
  | { what: 'move'; deal: Opportunity }
  | { what: 'close'; deal: Opportunity; stage: PipelineStage }
  | { what: 'missing'; change: Change; conditions: StageConditions; refusal?: Refusal }
  | { what: 'conflict'; change: Change; now: Opportunity };

export interface Acts {
  move: (deal: Opportunity, stage: PipelineStage) => void;
  askWhere: (deal: Opportunity) => void;
  close: (deal: Opportunity, kind: StageKind.WON | StageKind.LOST) => void;
  edit: (deal: Opportunity, values: Values) => void;
}

// What will be different by a move, as far as one knows beforehand.
const guessOf = (stage: PipelineStage) => ({
  probability: stage.probability, stageKind: kindOf(stage), stageEnteredAt: create(TimestampSchema, timestampOf(Math.round(serverNow()))),
});

export function useActs(pipelines: Pipeline[]) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked>();
  const putBack = usePutBack();
  const stageOf = (deal: Opportunity) => pipelines.find((p) => p.id === deal.pipelineId)?.stages.find((s) => s.key === deal.stageKey);
  const end = () => setAsked(undefined);
  const change = useChange({
    missing: (it, conditions) => setAsked({ what: 'missing', change: it, conditions }),
    conflict: (it, now) => setAsked({ what: 'conflict', change: it, now }),
    refused: (it, error) => {
      if (!it.asked || currentOf(error)) return false;
      setAsked({ what: 'missing', change: it, conditions: it.asked, refusal: refusalOf(error) });
      return true;
    },
    done: end,
    said: (before, now) => (before.stageKey === now.stageKey ? t('deals.saved', { name: now.name }) : t('deals.moved', { name: now.name, stage: stageOf(now)?.name ?? '' })),
  });
  const go = (deal: Opportunity, stage: PipelineStage, closing?: Closing) => {
    end();
    const kind = kindOf(stage);
    const outcome = kind === StageKind.WON || kind === StageKind.LOST ? kind : undefined;
    const said = closing && { outcomeReason: closing.reason, lostTo: closing.lostTo };
    change.mutate({ deal, values: { stageKey: stage.key }, closing, outcome, guess: { ...guessOf(stage), ...said } });
  };
  const acts: Acts = {
    move: (deal, stage) => {
      if (stage.key === deal.stageKey) return end();
      if (kindOf(stage) === StageKind.OPEN) go(deal, stage);
      else setAsked({ what: 'close', deal, stage });
    },
    askWhere: (deal) => setAsked({ what: 'move', deal }),
    close: (deal, kind) => {
      const stage = pipelines.find((p) => p.id === deal.pipelineId)?.stages.find((s) => kindOf(s) === kind && !s.retired);
      if (stage) setAsked({ what: 'close', deal, stage });
    },
    edit: (deal, values) => change.mutate({ deal, values }),
  };
  const giveUp = (deal: Opportunity) => {
    putBack(deal);
    end();
  };
  const pipeline = (deal: Opportunity) => pipelines.find((p) => p.id === deal.pipelineId);
  const at = asked && pipeline('deal' in asked ? asked.deal : asked.change.deal);
  const dialogs = asked && at && (
    <>
      {asked.what === 'move' && <Move deal={asked.deal} pipeline={at} close={end} move={(stage) => acts.move(asked.deal, stage)} />}
      {asked.what === 'close' && <Close deal={asked.deal} pipeline={at} stage={asked.stage} stages={at.stages.filter((s) => kindOf(s) === kindOf(asked.stage) && !s.retired)} close={end}
        send={(stage, closing) => go(asked.deal, stage, closing)} />}
      {asked.what === 'missing' && (
        <Missing deal={asked.change.deal} conditions={asked.conditions} refusal={asked.refusal} isSending={change.isPending}
          stage={at.stages.find((s) => s.key === asked.change.values.stageKey)} close={() => giveUp(asked.change.deal)}
          send={(values, overrideReason) => change.mutate({ ...asked.change, values: { ...values, stageKey: asked.change.values.stageKey }, overrideReason, asked: asked.conditions })} />
      )}
      {asked.what === 'conflict' && (
        <Conflict change={asked.change} now={asked.now} pipeline={at} close={end} again={() => {
          end();
          change.mutate({ ...asked.change, deal: asked.now });
        }} />
      )}
    </>
  );
  return { acts, dialogs, isAsking: asked !== undefined };
}

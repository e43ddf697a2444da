// What a card and a row show of a deal.
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import { useAccountName } from '../customers/data';
import type { Opportunity, PipelineStage } from '../gen/baton/v1/opportunities_pb';
import { useFormat } from '../i18n/format';
import { useMoney } from '../i18n/money';
import { attentionOf, daysInStage, isOpen, msOfDay } from './logic';
import style from './opportunities.module.css';

export function AccountName({ id }: { id: string }) {
  return <>{useAccountName(id)}</>;
}

const initials = (name: string) => name.split(/\s+/).map((w) => [...w][0]).slice(0, 2).join('');

export function Face({ name }: { name: string }) {
  return <span className={style.face} title={name}><span aria-hidden="true">{initials(name)}</span><span className="sr">{name}</span></span>;
}

export function Dot({ deal, stage }: { deal: Opportunity; stage?: PipelineStage }) {
  const { t } = useTranslation();
  const attention = attentionOf(deal, stage, serverNow());
  if (!attention) return null;
  const words = t(`deals.attention.${attention}`, { count: stage?.idleDays });
  return <i className={style.flag} data-attention={attention} title={words}><span className="sr">{words}</span></i>;
}

export function Facts({ deal, stage, owner }: { deal: Opportunity; stage?: PipelineStage; owner: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const days = daysInStage(deal, serverNow());
  return (
    <>
      <span className={style.cardName}><Dot deal={deal} stage={stage} /><span className="cut">{deal.name}</span></span>
      <span className={`${style.cardAccount} cut`}>{deal.accountId ? <AccountName id={deal.accountId} /> : deal.nextStep}</span>
      <span className={style.cardRow}>
        <b className="num">{money.full(deal.amount) || t('deals.noAmount')}</b>
        <span className={style.dim}>{deal.probability} %</span>
      </span>
      <span className={style.cardRow}>
        <span className={style.dim}>{deal.closeDate ? format.day(msOfDay(deal.closeDate)) : t('deals.noDate')}{isOpen(deal) && ` · ${t('deals.days', { count: days })}`}</span>
        {owner && <Face name={owner} />}
      </span>
    </>
  );
}

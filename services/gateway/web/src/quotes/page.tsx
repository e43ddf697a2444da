// A quote: its lines and to whom it goes, priced as they are typed; approved, sent, revised; on paper beside it.
import { Alert, Button, CopyButton, Group, Modal, Select, Skeleton, Textarea, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import { recordQuery } from '../api/records';
import { type Quote, QuoteStatus, type QuoteVersion } from '../gen/baton/v1/quotes_pb';
import { useMoney } from '../i18n/money';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Icon } from '../ui/icons';
import { usePhone } from '../ui/phone';
import { Trouble } from '../ui/trouble';
import { complain, toast } from '../ui/toast';
import { productsQuery, quoteQuery, quotes, useQuoteAct } from './data';
import { type Head, useDraft } from './draft';
import { FixedLines, focusCell, Lines, Totals } from './lines';
import { isLast, mayChange } from './logic';
import { StatusBadge } from './section';
import style from './quotes.module.css';

function ToWhom({ head, set, problem }: { head: Head; set: (change: Partial<Head>) => void; problem?: { field: string; text: string } }) {
  const { t } = useTranslation();
  const error = (field: string) => (problem?.field === field ? problem.text : undefined);
  const text = (field: 'customerName' | 'recipient' | 'email' | 'country', max: number, more?: object) => (
    <TextInput size="xs" label={t(`quotes.head.${field}`)} maxLength={max} value={head[field] ?? ''} error={error(field)} onChange={(e) => set({ [field]: e.currentTarget.value })} {...more} />
  );
  return (
    <details className={style.head} open>
      <summary>{t('quotes.toWhom')}</summary>
      <div className={style.headFields}>
        {text('customerName', 200)}{text('recipient', 200)}{text('email', 254, { type: 'email' })}
        {text('country', 2, { placeholder: 'DE', onChange: (e: { currentTarget: HTMLInputElement }) => set({ country: e.currentTarget.value.toUpperCase() }) })}
        <TextInput size="xs" type="date" label={t('quotes.head.validUntil')} value={head.validUntil ?? ''} error={error('validUntil')} onChange={(e) => set({ validUntil: e.currentTarget.value })} />
        <Select size="xs" label={t('quotes.head.language')} allowDeselect={false} data={[{ value: 'en', label: 'English' }, { value: 'zh-Hant', label: '繁體中文' }]} value={head.language || 'en'} onChange={(language) => set({ language: language ?? 'en' })} />
        <Textarea size="xs" className={style.wide} label={t('quotes.head.note')} autosize minRows={1} maxRows={5} maxLength={4000} value={head.note ?? ''} onChange={(e) => set({ note: e.currentTarget.value })} />
      </div>
    </details>
  );
}

function Builder({ quote }: { quote: Quote }) {
  const { t } = useTranslation();
  const { data: products = [] } = useQuery(productsQuery);
  const draft = useDraft(quote);
  const add = () => {
    draft.add();
    focusCell(draft.drafts.length, 'product');
  };
  useCommands([{ id: 'quote.line', group: t('quotes.title'), label: t('quotes.add'), keys: 'c', icon: <Icon name="plus" />, run: add }]);
  return (
    <>
      {draft.trouble && <Alert color="red" variant="light" role="alert" mb="sm">{draft.trouble} {draft.isOld && <Button size="compact-xs" variant="default" onClick={draft.reload}>{t('quotes.reload')}</Button>}</Alert>}
      <ToWhom head={draft.head} set={draft.setHead} problem={draft.headProblem} />
      <Lines quote={quote} drafts={draft.drafts} priced={draft.priced} products={products} faults={draft.faults} problem={draft.lineProblem} set={draft.set} add={add} remove={draft.remove} />
      <Totals quote={quote} discount={draft.discount} setDiscount={draft.setDiscount} isLate={draft.isSaving} />
      <p className={style.dim} role="status">{draft.isSaving ? t('quotes.saving') : draft.trouble || draft.faults.length > 0 || draft.lineProblem || draft.headProblem ? t('quotes.notSaved') : t('quotes.saved')}</p>
    </>
  );
}

function Reject({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const reject = useQuoteAct(id, (reason: string) => quotes.rejectQuote({ quoteId: id, reason }));
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reject.mutate(reason, { onSuccess: close, onError: complain });
  };
  return (
    <Modal opened onClose={close} title={t('quotes.reject')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <TextInput data-autofocus label={t('quotes.rejectWhy')} required withAsterisk={false} maxLength={400} value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
        <Group justify="flex-end" mt="md"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={reject.isPending}>{t('quotes.reject')}</Button></Group>
      </form>
    </Modal>
  );
}

function Sent({ token, close }: { token: string; close: () => void }) {
  const { t } = useTranslation();
  const link = `${location.origin}/quotes/${token}`;
  return (
    <Modal opened onClose={close} title={t('quotes.sent')} closeButtonProps={{ 'aria-label': t('close') }}>
      <TextInput readOnly label={t('quotes.link')} value={link} onFocus={(e) => e.currentTarget.select()} />
      <Group justify="flex-end" mt="md"><CopyButton value={link}>{({ copied, copy }) => <Button onClick={copy} data-autofocus>{t(copied ? 'quotes.copied' : 'quotes.copy')}</Button>}</CopyButton></Group>
    </Modal>
  );
}

function Acts({ quote }: { quote: Quote }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const [isRejecting, setRejecting] = useState(false);
  const [token, setToken] = useState('');
  const quoteId = quote.id;
  const ask = useQuoteAct(quoteId, () => quotes.requestApproval({ quoteId }));
  const approve = useQuoteAct(quoteId, () => quotes.approveQuote({ quoteId, revision: quote.revision }));
  const send = useQuoteAct(quoteId, () => quotes.sendQuote({ quoteId }));
  const revise = useQuoteAct(quoteId, () => quotes.reviseQuote({ quoteId }));
  const isEmpty = quote.lines.length === 0;
  const needs = quote.approvers.length > quote.approvals.length;
  const isMine = quote.authorId === me.user.id;
  const maySay = quote.status === QuoteStatus.IN_APPROVAL && !isMine && (me.isAdmin || quote.approvers[quote.approvals.length] === me.user.role);
  const maySend = quote.status === QuoteStatus.APPROVED || (quote.status === QuoteStatus.DRAFT && !needs);
  const sendIt = () => send.mutate(undefined, { onError: complain, onSuccess: (answer) => {
    const { token: link, refused, reason, line } = answer as { token: string; refused: boolean; reason: string; line: number };
    if (refused) toast({ title: line ? t('quotes.refusedLine', { line, reason }) : reason, kind: 'bad' });
    else setToken(link);
  } });
  const reviseIt = () => revise.mutate(undefined, { onError: complain, onSuccess: ({ quote: next }) => next && navigate({ to: '/quote/$id', params: { id: next.id } }) });
  return (
    <Group gap="xs" className={style.acts}>
      {quote.status === QuoteStatus.DRAFT && needs && <Button disabled={isEmpty} loading={ask.isPending} onClick={() => ask.mutate(undefined, { onError: complain })}>{t('quotes.ask')}</Button>}
      {maySay && <Button loading={approve.isPending} onClick={() => approve.mutate(undefined, { onError: complain })}>{t('quotes.approve')}</Button>}
      {maySay && <Button variant="default" onClick={() => setRejecting(true)}>{t('quotes.reject')}</Button>}
      {maySend && <Button disabled={isEmpty} loading={send.isPending} onClick={sendIt}>{t('quotes.send')}</Button>}
      {!isEmpty && (quote.status === QuoteStatus.SENT || quote.status === QuoteStatus.APPROVED || quote.status === QuoteStatus.DECLINED || quote.status === QuoteStatus.EXPIRED) && (
        <Button variant="default" loading={revise.isPending} onClick={reviseIt}>{t('quotes.revise')}</Button>
      )}
      {!isEmpty && <Button variant="default" component="a" href={`/v1/quotes/${quote.id}.pdf`} target="_blank" rel="noreferrer noopener" leftSection={<Icon name="note" size={15} />}>PDF</Button>}
      {isRejecting && <Reject id={quoteId} close={() => setRejecting(false)} />}
      {token && <Sent token={token} close={() => setToken('')} />}
    </Group>
  );
}

function Versions({ quote, versions }: { quote: Quote; versions: QuoteVersion[] }) {
  const { t } = useTranslation();
  const money = useMoney();
  if (versions.length < 2) return null;
  return (
    <nav className={style.versions} aria-label={t('quotes.versions')}>
      {versions.map((v) => (
        <Link key={v.id} to="/quote/$id" params={{ id: v.id }} className={style.version} aria-current={v.id === quote.id ? 'page' : undefined}>
          {t('quotes.version', { version: String(v.version) })} · {t(`quotes.status.${v.status}`)} · <span className="num">{money.full({ currencyCode: quote.currencyCode, minorUnits: v.total })}</span>
        </Link>
      ))}
    </nav>
  );
}

// Drawn anew whenever the quote is another.
function Paper({ quote }: { quote: Quote }) {
  const { t } = useTranslation();
  const isPhone = usePhone();
  if (isPhone || quote.lines.length === 0) return null;
  return <iframe key={String(quote.revision)} className={style.paper} title={t('quotes.paper')} src={`/v1/quotes/${quote.id}.pdf?revision=${quote.revision}#toolbar=0&view=FitH`} />;
}

export function QuotePage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/quote/$id' });
  const { data, error, refetch } = useQuery(quoteQuery(id));
  const quote = data?.quote;
  const { data: deal } = useQuery(recordQuery('opportunity', quote?.opportunityId ?? ''));
  if (error && !data) return <Trouble error={error} again={refetch} />;
  if (!quote) return <div className={style.page}><Skeleton height={320} radius="md" /></div>;
  const role = quote.approvers[quote.approvals.length];
  return (
    <div className={style.page}>
      <header className={style.top}>
        <div>
          {deal && <Link to="/pipeline/$id" params={{ id: deal.id }} className={style.back}><Icon name="left" size={14} />{deal.name}</Link>}
          <Group gap="xs"><Title order={1}>{t('quotes.name', { number: String(quote.number), version: String(quote.version) })}</Title><StatusBadge status={quote.status} /></Group>
        </div>
        <Acts quote={quote} />
      </header>
      {quote.problem && <Alert color="red" variant="light" mb="sm">{saidOf(quote.problem)}</Alert>}
      {role !== undefined && !isLast(quote.status) && <Alert color="yellow" variant="light" mb="sm">{t(quote.status === QuoteStatus.IN_APPROVAL ? 'quotes.waits' : 'quotes.needs', { role: t(`role.${role}`) })}</Alert>}
      {quote.declineReason && <Alert color="red" variant="light" mb="sm">{t('quotes.declined', { who: quote.decidedBy, reason: quote.declineReason })}</Alert>}
      <Versions quote={quote} versions={data.versions} />
      <div className={style.body}>
        <section className={style.build} tabIndex={0} aria-label={t('quotes.lines')}>{mayChange(quote.status) ? <Builder key={quote.id} quote={quote} /> : <><FixedLines quote={quote} /><Totals quote={quote} isLate={false} /></>}</section>
        <Paper quote={quote} />
      </div>
    </div>
  );
}

// What somebody holds that is to be mended, the worst first; each thing is mended where it stands.
import { Badge, Button, Group, Select, Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import { listQuery, recordQuery, useUpdate } from '../api/records';
import { KINDS, type Kind, of } from '../customers/kinds';
import { ValueInput } from '../customers/value';
import { type Problem, ProblemKind, Severity, type ToMend } from '../gen/baton/v1/contacts_pb';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Empty } from '../ui/empty';
import { Trouble } from '../ui/trouble';
import { complain } from '../ui/toast';
import { mendQuery, useConfirm } from './data';
import { fieldOf } from './logic';
import style from './quality.module.css';

const LOOK: { [severity: number]: { color: string; variant: 'light' | 'outline'; c?: string } } = {
  [Severity.ERROR]: { color: 'red', variant: 'light' }, [Severity.WARNING]: { color: 'gray', variant: 'outline', c: 'var(--amber)' }, [Severity.HINT]: { color: 'gray', variant: 'light' },
};

function useRuleName(id: string) {
  const { data } = useInfiniteQuery({ ...listQuery('qualityRule'), enabled: id !== '', staleTime: 60_000 });
  return data?.pages.flatMap((p) => p.rows).find((rule) => rule.id === id)?.name;
}

function Mend({ kind, id, path, close }: { kind: Kind; id: string; path: string; close: () => void }) {
  const { t } = useTranslation();
  const { data: record } = useQuery(recordQuery(kind, id));
  const [draft, setDraft] = useState<{ value: unknown }>();
  const update = useUpdate(kind, (_, now) => complain(new Error(t('conflict.fresh', { name: KINDS[kind].name(now) }))));
  const field = fieldOf(kind, path);
  if (!field || !record) return <Skeleton height={30} />;
  const value = draft ? draft.value : of(record, field.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate({ id, revision: record.revision, values: { [field.name]: value } }, { onSuccess: close });
  };
  return (
    <form onSubmit={submit} className={style.mending} onKeyDown={(e) => e.key === 'Escape' && close()}>
      <ValueInput field={field} size="xs" autoFocus value={value} onChange={(next) => setDraft({ value: next })} />
      <Group gap={4}><Button size="compact-xs" type="submit" loading={update.isPending}>{t('save')}</Button>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={close}>{t('cancel')}</Button></Group>
    </form>
  );
}

function What({ problem, kind, id }: { problem: Problem; kind: Kind; id: string }) {
  const { t } = useTranslation();
  const confirm = useConfirm();
  const rule = useRuleName(problem.ruleId);
  const [isMending, setMending] = useState(false);
  const field = fieldOf(kind, problem.field);
  const name = field ? t(`field.${field.name}`) : problem.field;
  const text = problem.kind === ProblemKind.MISSING ? t('quality.missing', { field: name }) : problem.kind === ProblemKind.STALE ? t('quality.stale', { field: name }) : saidOf(problem.message);
  return (
    <li className={style.problem}>
      <Badge size="sm" tt="none" {...LOOK[problem.severity]}>{t(`quality.severity.${problem.severity}`)}</Badge>
      <div className={style.problemText}>
        <Text size="sm">{text}</Text>
        {problem.kind === ProblemKind.RULE && <Text size="xs" c="dimmed">{t('quality.rule', { name: rule ?? '' })}</Text>}
        {isMending && <Mend kind={kind} id={id} path={problem.field} close={() => setMending(false)} />}
      </div>
      {!isMending && (
        <Group gap={4}>
          {problem.kind === ProblemKind.STALE && <Button size="compact-xs" variant="light" loading={confirm.isPending} onClick={() => confirm.mutate({ kind, id, field: problem.field })}>{t('quality.confirm')}</Button>}
          {field && <Button size="compact-xs" variant="default" onClick={() => setMending(true)} aria-label={t('quality.mendField', { field: name })}>{t('quality.mend')}</Button>}
        </Group>
      )}
    </li>
  );
}

function Item({ record, isHere }: { record: ToMend; isHere: boolean }) {
  const { t } = useTranslation();
  const kind = record.type as Kind;
  return (
    <article className={style.item} data-here={isHere || undefined} aria-label={record.name}>
      <Group justify="space-between" wrap="nowrap">
        <div className="cut"><Link to={kind === 'account' ? '/accounts/$id' : '/contacts/$id'} params={{ id: record.id }} className={style.itemName}>{record.name || t(`kind.${kind}`)}</Link>
          <span className={style.since}> {t(`kind.${kind}`)}</span></div>
        <span className={`${style.since} num`}>{t('quality.complete', { count: record.completenessPercent })}</span>
      </Group>
      <ul className={style.problems}>{record.problems.map((p, i) => <What key={`${p.kind}${p.field}${p.ruleId}${i}`} problem={p} kind={kind} id={record.id} />)}</ul>
    </article>
  );
}

function Whose({ owner, choose }: { owner?: string; choose: (owner?: string) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { data: people } = useQuery(peopleQuery);
  const others = [...(people?.values() ?? [])].filter((u) => u.id !== me.user.id).map((u) => ({ value: u.id, label: u.name }));
  return (
    <Select size="xs" w={220} searchable allowDeselect={false} aria-label={t('quality.whose')} value={owner ?? me.user.id} onChange={(id) => choose(id && id !== me.user.id ? id : undefined)}
      data={[{ value: me.user.id, label: t('quality.mine') }, { value: 'nobody', label: t('quality.nobodys') }, ...others]} />
  );
}

export function MendList({ owner, choose }: { owner?: string; choose: (owner?: string) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const asked = useInfiniteQuery(mendQuery(owner));
  const [at, setAt] = useState(0);
  const rows = asked.data?.pages.flatMap((p) => p.records) ?? [];
  const here = Math.min(at, rows.length - 1);
  const box = () => document.querySelector('[data-here] button');
  const go = (step: number) => {
    setAt(Math.max(0, Math.min(rows.length - 1, here + step)));
    requestAnimationFrame(() => box()?.scrollIntoView({ block: 'nearest' }));
  };
  useCommands([
    { id: 'list.next', keys: 'j', label: t('keys.next'), group: t('keys.moving'), isQuiet: true, enabled: rows.length > 1, run: () => go(1) },
    { id: 'list.previous', keys: 'k', label: t('keys.previous'), group: t('keys.moving'), isQuiet: true, enabled: rows.length > 1, run: () => go(-1) },
    { id: 'edit', keys: 'e', label: t('quality.mend'), group: t('nav.quality'), enabled: rows.length > 0, run: () => (box() as HTMLElement | null)?.click() },
  ]);
  return (
    <div className={style.mend}>
      {me.isLead && <Group mb="sm"><Whose owner={owner} choose={choose} /></Group>}
      {asked.error && <Trouble error={asked.error} again={asked.refetch} />}
      {!asked.data && !asked.error && <Skeleton height={200} radius="md" />}
      {asked.data && rows.length === 0 && <Empty icon="check" title={t('quality.nothing')} text={t('quality.nothingText')} />}
      {rows.map((record, i) => <Item key={record.id} record={record} isHere={i === here} />)}
      {asked.hasNextPage && <Button variant="subtle" loading={asked.isFetchingNextPage} onClick={() => asked.fetchNextPage()}>{t('more')}</Button>}
    </div>
  );
}

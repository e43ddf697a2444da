// The rules in their order, as they are and as they would be: tried on the newest leads, let run along, published, taken back.
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { ActionIcon, Alert, Button, Group, Menu, Modal, Skeleton, Stack, TextInput } from '@mantine/core';
import { create } from '@bufbuild/protobuf';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { changedBy } from '../api/records';
import { peopleQuery } from '../api/people';
import { FindingSeverity, type Policy, type PolicyFinding, type Rule, RuleSchema } from '../gen/baton/v1/leads_pb';
import { useFormat } from '../i18n/format';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { toast } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import { findingsQuery, leads, policyQuery, useRouting } from './data';
import { draftOf, isForAll, isSame, landsAt, moved } from './logic';
import { RuleEdit, useRuleWords } from './rule';
import { Shadow } from './shadow';
import { Trial } from './trial';
import style from './routing.module.css';

interface RowProps {
  rule: Rule;
  at: number;
  all: number;
  findings: PolicyFinding[];
  mayEdit: boolean;
  edit: () => void;
  move: (to: number) => void;
  remove: () => void;
  copy: () => void;
}

function Findings({ list }: { list: PolicyFinding[] }) {
  if (list.length === 0) return null;
  return <ul className={style.findings}>{list.map((f) => <li key={f.text} data-bad={f.severity === FindingSeverity.ERROR || undefined}>{f.text}</li>)}</ul>;
}

// Drawn by its number to above or below another.
function useDrag(at: number, mayEdit: boolean, move: (to: number) => void) {
  const row = useRef<HTMLLIElement>(null);
  const [over, setOver] = useState<'above' | 'below'>();
  const now = useRef(move);
  now.current = move;
  useEffect(() => {
    const element = row.current;
    const dragHandle = element?.firstElementChild;
    if (!element || !dragHandle || !mayEdit) return undefined;
    const isRule = ({ source }: { source: { data: { [key: string | symbol]: unknown } } }) => typeof source.data.rule === 'number';
    const half = (y: number) => {
      const { top, height } = element.getBoundingClientRect();
      return y > top + height / 2 ? 'below' : 'above';
    };
    const letGo = draggable({ element, dragHandle, getInitialData: () => ({ rule: at, move: (to: number) => now.current(to) }) });
    const noMore = dropTargetForElements({
      element, canDrop: isRule,
      onDrag: ({ location }) => setOver(half(location.current.input.clientY)),
      onDragLeave: () => setOver(undefined),
      onDrop: ({ source, location }) => {
        setOver(undefined);
        const { rule, move: go } = source.data as { rule: number; move: (to: number) => void };
        go(landsAt(rule, at, half(location.current.input.clientY) === 'below'));
      },
    });
    return () => {
      letGo();
      noMore();
    };
  }, [at, mayEdit]);
  return { row, over };
}

function Row({ rule, at, all, findings, mayEdit, edit, move, remove, copy }: RowProps) {
  const { t } = useTranslation();
  const words = useRuleWords();
  const { row, over } = useDrag(at, mayEdit, move);
  return (
    <li ref={row} className={style.rule} data-over={over}>
      <span className={style.place} data-grip={mayEdit || undefined} title={mayEdit ? t('routing.grip') : undefined}>{at + 1}</span>
      <div className={style.ruleText}>
        <b>{rule.name}</b>
        <div>{rule.conditions.length === 0 ? t('routing.everyLead') : rule.conditions.map((c, i) => <span key={i} className={style.chip}>{words.condition(c)}</span>)} <span className={style.to}>→ {words.pool(rule)}</span></div>
        <div className={style.dim}>{words.rest(rule).join(' · ')}</div>
        <Findings list={findings} />
      </div>
      {mayEdit && (
        <Group gap={2} wrap="nowrap" className={style.acts}>
          <ActionIcon variant="subtle" color="gray" disabled={at === 0} aria-label={t('routing.up', { name: rule.name })} data-by={-1} onClick={() => move(at - 1)}><Icon name="left" size={15} /></ActionIcon>
          <ActionIcon variant="subtle" color="gray" disabled={at === all - 1} aria-label={t('routing.down', { name: rule.name })} data-by={1} onClick={() => move(at + 1)}><Icon name="right" size={15} /></ActionIcon>
          <Menu position="bottom-end" width={190}>
            <Menu.Target><ActionIcon variant="subtle" color="gray" aria-label={t('routing.actsOf', { name: rule.name })}><Icon name="more" size={15} /></ActionIcon></Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<Icon name="edit" size={15} />} onClick={edit}>{t('routing.edit')}</Menu.Item>
              <Menu.Item leftSection={<Icon name="plus" size={15} />} onClick={copy}>{t('routing.copy')}</Menu.Item>
              <Menu.Item color="red" leftSection={<Icon name="trash" size={15} />} onClick={remove}>{t('delete')}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      )}
    </li>
  );
}

function Publish({ draft, close, done }: { draft: Policy; close: () => void; done: () => void }) {
  const { t } = useTranslation();
  const [comment, setComment] = useState('');
  const publish = useRouting(() => leads.publishPolicy({ policy: changedBy(draft, comment.trim() ? { comment: comment.trim() } : {}) }), ({ policy }) => {
    toast({ title: t('routing.published', { version: String(policy?.version ?? '') }) });
    done();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    publish.mutate(undefined);
  };
  return (
    <Modal opened onClose={close} title={t('routing.publish')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={t('routing.comment')} maxLength={400} data-autofocus value={comment} onChange={(e) => setComment(e.currentTarget.value)} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={publish.isPending}>{t('routing.publish')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

function InForce({ policy }: { policy: Policy | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: people } = useQuery(peopleQuery);
  const { isAdmin } = useMe();
  const back = useRouting(() => leads.rollBackPolicy({}), ({ policy: now }) => toast({ title: t('routing.wentBack', { version: String(now?.version ?? '') }) }));
  if (!policy) return <p className={style.dim}>{t('routing.none')}</p>;
  return (
    <div className={style.force}>
      <span>{t('routing.inForce', { version: String(policy.version), when: format.moment(policy.publishedAt), name: people?.get(policy.publishedBy)?.name ?? t('somebody') })}{policy.comment && ` “${policy.comment}”`}</span>
      {isAdmin && policy.parentVersion > 0n && <Button size="compact-xs" variant="default" loading={back.isPending} onClick={() => back.mutate(undefined)}>{t('routing.back', { version: String(policy.parentVersion) })}</Button>}
    </div>
  );
}

function List({ rules, findings, mayEdit, change }: { rules: Rule[]; findings: PolicyFinding[]; mayEdit: boolean; change: (rules: Rule[]) => void }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<{ at: number; rule: Rule }>();
  const fresh = () => setEditing({ at: rules.length, rule: create(RuleSchema, {}) });
  useCommands([{ id: 'routing.new', group: t('nav.routing'), label: t('routing.newRule'), keys: 'c', icon: <Icon name="plus" />, enabled: mayEdit, run: fresh }]);
  // Above the first that takes every lead there is room for another; below it none would ever be asked.
  const catchAll = rules.findIndex(isForAll);
  const keep = (rule: Rule) => {
    const { at } = editing!;
    const isNew = at >= rules.length;
    change(isNew ? moved([...rules, rule], rules.length, catchAll < 0 || isForAll(rule) ? rules.length : catchAll) : rules.map((one, i) => (i === at ? rule : one)));
    setEditing(undefined);
  };
  // The button that was pressed goes along, so that it can be pressed again.
  const list = useRef<HTMLOListElement>(null);
  const [pressed, setPressed] = useState<{ at: number; by: string }>();
  const move = (from: number, to: number) => {
    const by = (document.activeElement as HTMLElement | null)?.dataset.by;
    if (from === to) return;
    if (by) setPressed({ at: to, by });
    change(moved(rules, from, to));
  };
  useEffect(() => {
    const [button, other] = pressed ? [pressed.by, String(-Number(pressed.by))].map((by) => list.current?.children[pressed.at]?.querySelector<HTMLButtonElement>(`[data-by="${by}"]`)) : [];
    (button?.disabled ? other : button)?.focus();
  }, [pressed]);
  return (
    <>
      {rules.length === 0 && <Empty icon="pipeline" title={t('routing.noRules')} text={t('routing.noRulesText')} />}
      <ol ref={list} className={style.rules} aria-label={t('routing.view.rules')}>
        {rules.map((rule, i) => (
          <Row key={i} rule={rule} at={i} all={rules.length} mayEdit={mayEdit} findings={findings.filter((f) => f.ruleName !== '' && f.ruleIndex === i)} edit={() => setEditing({ at: i, rule })}
            move={(to) => move(i, to)} remove={() => change(rules.filter((_, at) => at !== i))} copy={() => setEditing({ at: rules.length, rule: changedBy(rule, { name: t('routing.copyOf', { name: rule.name }) }) })} />
        ))}
      </ol>
      {catchAll < 0 && rules.length > 0 && <p className={style.dim}>{t('routing.noCatchAll')}</p>}
      {mayEdit && <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={fresh} rightSection={<kbd>C</kbd>}>{t('routing.newRule')}</Button>}
      {editing && <RuleEdit rule={editing.rule} title={t(editing.at < rules.length ? 'routing.edit' : 'routing.newRule')} close={() => setEditing(undefined)} keep={keep} />}
    </>
  );
}

function Board({ policy }: { policy: Policy | null }) {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const [edited, setEdited] = useState<Rule[]>();
  const [isPublishing, setPublishing] = useState(false);
  const rules = edited ?? policy?.rules ?? [];
  const isChanged = edited !== undefined && !isSame(policy ?? undefined, edited);
  const draft = useMemo(() => draftOf(policy ?? undefined, rules), [policy, rules]);
  const { data: findings = [], error } = useQuery({ ...findingsQuery(draft, JSON.stringify(draft, (_, v) => (typeof v === 'bigint' ? String(v) : v))), enabled: rules.length > 0 });
  const isBad = findings.some((f) => f.severity === FindingSeverity.ERROR);
  return (
    <div className={style.two}>
      <div>
        <InForce policy={policy} />
        {isChanged && (
          <Alert variant="light" p="xs" mb="sm">
            <Group gap="xs"><b>{t('routing.changed')}</b><span style={{ flex: 1 }} />
              <Button size="xs" variant="default" onClick={() => setEdited(undefined)}>{t('routing.discard')}</Button>
              <Button size="xs" disabled={isBad || rules.length === 0} onClick={() => setPublishing(true)}>{t('routing.publish')}</Button></Group>
          </Alert>
        )}
        {error && <Trouble error={error} />}
        <Findings list={findings.filter((f) => f.ruleName === '')} />
        <List rules={rules} findings={findings} mayEdit={isAdmin} change={setEdited} />
      </div>
      <div className={style.side}>
        {rules.length > 0 && <Trial draft={draft} isChanged={isChanged} isFirst={!policy} />}
        <Shadow draft={draft} isChanged={isChanged && !isBad} />
      </div>
      {isPublishing && <Publish draft={draft} close={() => setPublishing(false)} done={() => {
        setPublishing(false);
        setEdited(undefined);
      }} />}
    </div>
  );
}

export function Rules() {
  const { data, error, refetch } = useQuery(policyQuery);
  if (error) return <Trouble error={error} again={refetch} />;
  if (data === undefined) return <Skeleton height={240} radius="md" />;
  return <Board policy={data} />;
}

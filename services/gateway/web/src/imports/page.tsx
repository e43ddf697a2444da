// A list is brought in: what each column is, what would come of it, how far it is, what was not taken, and back again.
import { Alert, Button, FileButton, Group, Radio, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type DragEvent, useMemo, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { freshId } from '../api/id';
import { peopleQuery } from '../api/people';
import type { Kind } from '../customers/kinds';
import { PersonInput } from '../customers/value';
import { DuplicatePolicy } from '../gen/baton/v1/contact_lists_pb';
import { useFormat } from '../i18n/format';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Icon } from '../ui/icons';
import { History } from './history';
import { chosen, guess, type Table } from './logic';
import { Mapping, useTargetName } from './mapping';
import { Outcomes } from './outcome';
import { CHARSETS, charsetOf, FILE_MAX, tableOf, Unreadable } from './read';
import { begin, forgetRun, type Job, useRun } from './run';
import style from './imports.module.css';

const POLICIES = [DuplicatePolicy.SKIP, DuplicatePolicy.UPDATE, DuplicatePolicy.ASK, DuplicatePolicy.CREATE];
const KINDS: Kind[] = ['contact', 'account'];
const TYPES = '.csv,.tsv,.txt,.vcf,.jsonl,.ndjson,.json,text/csv,text/vcard,application/jsonl';

interface Source {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  hash: string;
  charset: string;
  table: Table;
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>) {
  if (!isSecureContext) return freshId();
  return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((v) => v.toString(16).padStart(2, '0')).join('');
}

async function sourceOf(file: File, language: string): Promise<Source> {
  if (file.size > FILE_MAX) throw new Unreadable('large');
  const bytes = new Uint8Array(await file.arrayBuffer());
  const charset = charsetOf(bytes, language);
  return { name: file.name, bytes, hash: await hashOf(bytes), charset, table: tableOf(bytes, charset) };
}

function Drop({ take, error }: { take: (file: File) => void; error?: string }) {
  const { t } = useTranslation();
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) take(file);
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <section className={style.drop} data-over={isOver || undefined} onDragOver={over} onDragLeave={() => setOver(false)} onDrop={drop} aria-label={t('imports.choose')}>
      <Icon name="upload" size={30} />
      <Text fw={600}>{t('imports.drop')}</Text>
      <Text size="sm" c="dimmed" ta="center">{t('imports.forms')}</Text>
      <FileButton onChange={(file) => file && take(file)} accept={TYPES} inputProps={{ 'aria-label': t('imports.file') }}>
        {(props) => <Button {...props} id="import-choose" rightSection={<kbd>C</kbd>}>{t('imports.choose')}</Button>}
      </FileButton>
      {error && <Alert color="red" variant="light" role="alert">{error}</Alert>}
    </section>
  );
}

interface Wishes {
  kind: Kind;
  targets: string[];
  policy: DuplicatePolicy;
  ownerId: string;
  country: string;
}

function Options({ wishes, set, source, recode }: { wishes: Wishes; set: (change: Partial<Wishes>) => void; source: Source; recode: (charset: string) => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md" className={style.options}>
      <Radio.Group label={t('imports.what')} value={wishes.kind} onChange={(kind) => set({ kind: kind as Kind, targets: guess(source.table.columns, kind as Kind) })}>
        <Group mt={6}>{KINDS.map((kind) => <Radio key={kind} value={kind} label={t(`kinds.${kind}`)} />)}</Group>
      </Radio.Group>
      <Radio.Group label={t('imports.policy')} value={String(wishes.policy)} onChange={(policy) => set({ policy: Number(policy) })}>
        <Stack mt={6} gap={8}>{POLICIES.map((p) => <Radio key={p} value={String(p)} label={t(`imports.policies.${p}`)} description={t(`imports.policyText.${p}`)} />)}</Stack>
      </Radio.Group>
      <PersonInput label={t('imports.owner')} value={wishes.ownerId} onChange={(ownerId) => set({ ownerId })} />
      <TextInput label={t('imports.country')} description={t('imports.countryText')} maxLength={100} value={wishes.country} onChange={(e) => set({ country: e.currentTarget.value })} />
      {source.charset !== 'utf-8' && !source.charset.startsWith('utf-16') && (
        <Select label={t('imports.charset')} description={t('imports.charsetText')} allowDeselect={false} data={[...CHARSETS]} value={source.charset} onChange={(c) => c && recode(c)} />
      )}
    </Stack>
  );
}

function usePeople() {
  const { data } = useQuery(peopleQuery);
  return useMemo(() => {
    const byName = new Map([...(data?.values() ?? [])].flatMap((u) => [[u.name.toLowerCase(), u.id], [u.email.toLowerCase(), u.id], [u.id, u.id]] as const));
    return (text: string) => byName.get(text.trim().toLowerCase());
  }, [data]);
}

function useJob(source: Source, wishes: Wishes): Job {
  const { t } = useTranslation();
  const nameOf = useTargetName();
  const people = usePeople();
  return {
    ...wishes, name: source.name.slice(0, 60), hash: source.hash, table: source.table, form: source.table.form, people,
    why: (target, why) => `${target ? `${nameOf(target)}: ` : ''}${t(`imports.why.${why}`)}`,
  };
}

function Prepare({ source, recode, back }: { source: Source; recode: (charset: string) => void; back: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const me = useMe();
  const run = useRun();
  const [wishes, setWishes] = useState<Wishes>(() => {
    const [contact, account] = KINDS.map((kind) => guess(source.table.columns, kind)) as [string[], string[]];
    const kind = account.filter(Boolean).length > contact.filter(Boolean).length ? 'account' : 'contact';
    return { kind, targets: kind === 'account' ? account : contact, policy: DuplicatePolicy.SKIP, ownerId: me.user.id, country: '' };
  });
  const set = (change: Partial<Wishes>) => {
    setWishes((now) => ({ ...now, ...change }));
    forgetRun();
  };
  const job = useJob(source, wishes);
  const isMapped = wishes.targets.some(Boolean);
  const preview = () => void begin(job, true);
  const go = () => void begin(job, false);
  const isReady = run?.isPreview && run.isDone;
  useCommands([
    { id: 'import.go', group: t('nav.imports'), label: t(isReady ? 'imports.go' : 'imports.preview'), keys: 'mod+Enter', icon: <Icon name="upload" />, enabled: isMapped, run: isReady ? go : preview },
    { id: 'import.back', group: t('nav.imports'), label: t('imports.other'), keys: 'Escape', isQuiet: true, run: back },
  ]);
  return (
    <>
      <Group justify="space-between" mb="md">
        <div>
          <Title order={2}>{source.name}</Title>
          <Text size="sm" c="dimmed">{t('imports.rows', { count: source.table.rows.length, text: format.number(source.table.rows.length), form: t(`imports.form.${source.table.form}`), charset: source.charset.toUpperCase() })}</Text>
        </div>
        <Button variant="default" onClick={back}>{t('imports.other')}</Button>
      </Group>
      <div className={style.prepare}>
        <Mapping table={source.table} kind={wishes.kind} targets={wishes.targets} choose={(at, target) => set({ targets: chosen(wishes.targets, at, target) })} />
        <Options wishes={wishes} set={set} source={source} recode={recode} />
      </div>
      <div className={style.acts}>
        {!isMapped && <Text size="sm" c="dimmed">{t('imports.nothing')}</Text>}
        {!isReady && <Button onClick={preview} disabled={!isMapped} loading={run?.isRunning} rightSection={<kbd>Ctrl ↵</kbd>}>{t('imports.preview')}</Button>}
        {isReady && <Button onClick={go} rightSection={<kbd>Ctrl ↵</kbd>}>{t('imports.goCount', { count: run.done, text: format.number(run.done) })}</Button>}
      </div>
      {run && <Outcomes run={run} />}
    </>
  );
}

export function ImportsPage() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const run = useRun();
  const [source, setSource] = useState<Source>();
  const [error, setError] = useState<string>();
  const take = (file: File) => sourceOf(file, i18n.language).then((read) => {
    setSource(read);
    setError(undefined);
  }, (e) => setError(t(`imports.unreadable.${e instanceof Unreadable ? e.message : 'other'}`)));
  const recode = (charset: string) => {
    forgetRun();
    setSource((s) => s && { ...s, charset, table: tableOf(s.bytes, charset) });
  };
  const back = () => {
    if (run?.isRunning && !run.isPreview) return;
    forgetRun();
    setSource(undefined);
  };
  const isUnderWay = run && !run.isPreview;
  useCommands([{ id: 'import.choose', group: t('nav.imports'), label: t('imports.choose'), keys: 'c', icon: <Icon name="upload" />, enabled: !source && !isUnderWay,
    run: () => document.getElementById('import-choose')?.click() }]);
  return (
    <div className={style.page}>
      <Title order={1} mb="md">{t('nav.imports')}</Title>
      {isUnderWay ? <Outcomes run={run} again={back} /> : source ? <Prepare key={`${source.hash}${source.charset}`} source={source} recode={recode} back={back} /> : <Drop take={take} error={error} />}
      {!source && !isUnderWay && me.isLead && <History />}
    </div>
  );
}

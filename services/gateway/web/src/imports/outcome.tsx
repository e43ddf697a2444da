// How far an import is, what came of its rows, and what was not taken.
import { Alert, Badge, Button, Group, Progress, Table as Grid, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from '../i18n/words';
import { refusalOf } from '../api/refusal';
import { ImportResult } from '../gen/baton/v1/contact_lists_pb';
import { useFormat } from '../i18n/format';
import { useMe } from '../shell/me';
import { saveFile } from '../ui/save';
import { csvOf } from './read';
import { goOn, halt, type Outcome, type Run } from './run';
import { UndoButton } from './undo';
import style from './imports.module.css';

const RESULTS = [ImportResult.CREATED, ImportResult.UPDATED, ImportResult.UNCHANGED, ImportResult.SKIPPED, ImportResult.ASKED, ImportResult.REJECTED];

function Counts({ run }: { run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = run.isPreview ? 'imports.would' : 'imports.result';
  return (
    <dl className={style.counts}>
      {RESULTS.filter((r) => run.counts[r] || r === ImportResult.CREATED).map((r) => (
        <div key={r} data-bad={r === ImportResult.REJECTED || undefined}><dt>{t(`${words}.${r}`)}</dt><dd className="num">{format.number(run.counts[r] ?? 0)}</dd></div>
      ))}
    </dl>
  );
}

function Reason({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation();
  if (outcome.reason) return <>{outcome.reason}</>;
  return <>{outcome.knownBy && t('imports.knownBy', { by: t(`imports.by.${outcome.knownBy}`) })}</>;
}

// Of a preview the first rows, of an import those that were not taken.
function Rows({ run }: { run: Run }) {
  const { t } = useTranslation();
  const outcomes = run.isPreview ? [...run.aside.slice(0, 20), ...run.examples.filter((o) => !run.aside.includes(o)).slice(0, 30)] : run.aside.slice(0, 100);
  if (outcomes.length === 0) return null;
  const shown = run.job.targets.flatMap((target, i) => (target ? i : [])).slice(0, 4);
  return (
    <Grid.ScrollContainer minWidth={560} type="native">
      <Grid verticalSpacing={4} aria-label={t(run.isPreview ? 'imports.previewed' : 'imports.aside')}>
        <Grid.Thead><Grid.Tr>
          <Grid.Th>{t('imports.line')}</Grid.Th><Grid.Th>{t('imports.comes')}</Grid.Th>{shown.map((i) => <Grid.Th key={i}>{run.job.table.columns[i]}</Grid.Th>)}
        </Grid.Tr></Grid.Thead>
        <Grid.Tbody>
          {outcomes.map((o) => (
            <Grid.Tr key={o.row.line} data-bad={o.result === ImportResult.REJECTED || undefined}>
              <Grid.Td className="num">{o.row.line}</Grid.Td>
              <Grid.Td><Badge size="sm" variant="light" tt="none" color={o.result === ImportResult.REJECTED ? 'red' : o.result === ImportResult.CREATED ? 'baton' : 'gray'}>{t(`imports.one.${o.result}`)}</Badge>
                <Text size="xs" c="dimmed"><Reason outcome={o} /></Text></Grid.Td>
              {shown.map((i) => <Grid.Td key={i}><div className={style.example}>{o.row.cells[i]}</div></Grid.Td>)}
            </Grid.Tr>
          ))}
        </Grid.Tbody>
      </Grid>
    </Grid.ScrollContainer>
  );
}

function Bar({ run }: { run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  const total = run.job.table.rows.length;
  const text = t('imports.progress', { done: format.number(run.done), total: format.number(total) });
  return (
    <Group wrap="nowrap" gap="md" mb="sm">
      <div style={{ flex: 1 }}>
        <Progress.Root size="lg"><Progress.Section value={(100 * run.done) / total} aria-label={text} animated={run.isRunning} /></Progress.Root>
        <Text size="sm" c="dimmed" role="status" className="num">{text}</Text>
      </div>
      {run.isRunning ? <Button variant="default" onClick={halt}>{t('imports.stop')}</Button> : <Button onClick={() => void goOn()}>{t('imports.goOn')}</Button>}
    </Group>
  );
}

function Aside({ run }: { run: Run }) {
  const { t } = useTranslation();
  const save = (result: ImportResult, name: string) => {
    const rows = run.aside.filter((o) => o.result === result).map((o) => ({ row: o.row, reason: o.reason || [o.knownBy, o.id].filter(Boolean).join(' ') }));
    saveFile(`${run.job.name}.${name}.csv`, `\ufeff${csvOf(run.job.table.columns, rows)}`, 'text/csv');
  };
  const files = [[ImportResult.REJECTED, 'rejects'], [ImportResult.ASKED, 'duplicates']] as const;
  return <>{files.map(([result, name]) => (run.counts[result] ?? 0) > 0 && <Button key={name} variant="default" onClick={() => save(result, name)}>{t(`imports.save.${name}`)}</Button>)}</>;
}

export function Outcomes({ run, again }: { run: Run; again?: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const changed = (run.counts[ImportResult.CREATED] ?? 0) + (run.counts[ImportResult.UPDATED] ?? 0);
  return (
    <section className={style.outcome} aria-label={t(run.isPreview ? 'imports.previewed' : 'imports.came')}>
      {again && <h2 className={style.outcomeHead}>{run.job.name}</h2>}
      {run.wasBegun && !run.isPreview && <Alert color="yellow" variant="light" mb="sm">{t('imports.again')}</Alert>}
      {run.wasBegun && run.isPreview && <Alert color="yellow" variant="light" mb="sm">{t('imports.before')}</Alert>}
      {!run.isDone && <Bar run={run} />}
      {run.error !== undefined && <Alert color="red" variant="light" role="alert" mb="sm">{refusalOf(run.error).message}</Alert>}
      <Counts run={run} />
      {!run.isRunning && !run.isPreview && (
        <Group mb="md" gap="xs">
          {run.isDone && again && <Button onClick={again}>{t('imports.another')}</Button>}
          {run.isDone && <Button variant="default" component={Link} to={run.job.kind === 'account' ? '/accounts' : '/contacts'}>{t(`kinds.${run.job.kind}`)}</Button>}
          <Aside run={run} />
          {me.isLead && changed > 0 && <UndoButton id={run.importId} name={run.job.name} done={again} />}
        </Group>
      )}
      <Rows run={run} />
    </section>
  );
}

// Pairs that may be the same, the surest first: side by side, each field from one or the other, merged or told apart.
import { Badge, Button, Group, Modal, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { type Customer, KINDS, type Kind, of } from '../customers/kinds';
import { PersonName, Value } from '../customers/value';
import { MatchLevel } from '../gen/baton/v1/duplicates_pb';
import { useFormat } from '../i18n/format';
import { useCommands } from '../shell/commands';
import { Empty } from '../ui/empty';
import { Trouble } from '../ui/trouble';
import { type Alike, duplicatesQuery, useDismiss, useMerge } from './data';
import { compared, fieldOf, keeperOf, pickOf, type Picks, type Side, takesOf } from './logic';
import style from './quality.module.css';

const SIDES: Side[] = [0, 1];
const MILLION = 1_000_000;
const LOOK: { [level: number]: { variant: string; color: string } } = { [MatchLevel.DIFFERENT]: { variant: 'light', color: 'red' }, [MatchLevel.EQUAL]: { variant: 'light', color: 'baton' } };

function Reasons({ alike, kind }: { alike: Alike; kind: Kind }) {
  const { t } = useTranslation();
  const name = (field: string) => {
    const own = fieldOf(kind, field);
    return own ? t(`field.${own.name}`) : t(`quality.match.${field}`);
  };
  return (
    <Group gap={4} className={style.reasons}>
      {alike.pair.reasons.map((r) => (
        <Badge key={r.fieldName} size="sm" tt="none" {...(LOOK[r.level] ?? { variant: 'default' })}>
          {t(`quality.level.${r.level}`, { field: name(r.fieldName) })}
        </Badge>
      ))}
    </Group>
  );
}

function Pairs({ rows, kind, at, show }: { rows: Alike[]; kind: Kind; at: number; show: (at: number) => void }) {
  const { t } = useTranslation();
  const { name } = KINDS[kind];
  return (
    <ul className={style.pairs} aria-label={t('quality.view.duplicates')}>
      {rows.map(({ pair, records: [a, b] }, i) => (
        <li key={pair.id}>
          <UnstyledButton className={style.pair} aria-current={i === at || undefined} onClick={() => show(i)}>
            <span className="cut"><b>{name(a)}</b></span><span className="cut">{name(b)}</span>
            <span className={`${style.sure} num`}>{t('quality.sure', { percent: Math.floor((100 * pair.score) / MILLION) })}</span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}

function Column({ record, kind, isKept, keep }: { record: Customer; kind: Kind; isKept: boolean; keep: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <th scope="col">
      <label className={style.keep}>
        <input type="radio" name="keep" checked={isKept} onChange={keep} />
        <span>{t(isKept ? 'quality.kept' : 'quality.keep')}<span className="sr">: {KINDS[kind].name(record)}</span></span>
      </label>
      <Link to={kind === 'account' ? '/accounts/$id' : '/contacts/$id'} params={{ id: record.id }}>{KINDS[kind].name(record)}</Link>
      <div className={style.since}>{t('quality.since', { day: format.day(record.createdAt) })} · <PersonName id={record.ownerId} /></div>
    </th>
  );
}

interface CompareProps {
  kind: Kind;
  alike: Alike;
  keep: Side;
  setKeep: (side: Side) => void;
  picks: Picks;
  pick: (field: string, side: Side) => void;
}

function Compare({ kind, alike: { records }, keep, setKeep, picks, pick }: CompareProps) {
  const { t } = useTranslation();
  const rows = compared(kind, records);
  return (
    <table className={style.compare}>
      <thead><tr><th scope="col"><span className="sr">{t('conflict.field')}</span></th>
        {SIDES.map((side) => <Column key={side} record={records[side]} kind={kind} isKept={keep === side} keep={() => setKeep(side)} />)}</tr></thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.field.name} data-same={row.isSame || undefined}>
            <th scope="row">{t(`field.${row.field.name}`)}</th>
            {SIDES.map((side) => {
              const value = <Value field={row.field} value={of(records[side], row.field.name)} />;
              const isTaken = pickOf(row, keep, picks) === side;
              return (
                <td key={side} data-taken={(!row.isSame && isTaken) || undefined}>
                  {row.isSame ? value : (
                    <label>
                      <input type="radio" name={row.field.name} checked={isTaken} onChange={() => pick(row.field.name, side)} aria-label={t('quality.of', { field: t(`field.${row.field.name}`), name: KINDS[kind].name(records[side]) })} />
                      <span>{row.only !== undefined && row.only !== side ? <i>{t('quality.empty')}</i> : value}</span>
                    </label>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Dismiss({ alike, kind, close, done }: { alike: Alike; kind: Kind; close: () => void; done: () => void }) {
  const { t } = useTranslation();
  const dismiss = useDismiss();
  const [a, b] = alike.records.map(KINDS[kind].name);
  return (
    <Modal opened onClose={close} title={t('quality.different')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Text size="sm">{t('quality.differentText', { a, b })}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={close}>{t('cancel')}</Button>
        <Button data-autofocus loading={dismiss.isPending} onClick={() => dismiss.mutate(alike, { onSuccess: done })}>{t('quality.different')}</Button>
      </Group>
    </Modal>
  );
}

function Pair({ alike, kind, next }: { alike: Alike; kind: Kind; next: () => void }) {
  const { t } = useTranslation();
  const merge = useMerge();
  const [keep, setKeep] = useState<Side>(() => keeperOf(kind, alike.records));
  const [picks, setPicks] = useState<Picks>({});
  const [isAsking, setAsking] = useState(false);
  const rows = useMemo(() => compared(kind, alike.records), [kind, alike]);
  const go = () => {
    const { [keep]: kept, [1 - keep]: lost } = alike.records;
    if (kept && lost && !merge.isPending) merge.mutate({ kind, keep: kept, lose: lost, take: takesOf(rows, keep, picks) }, { onSuccess: next });
  };
  useCommands([
    { id: 'quality.merge', group: t('nav.quality'), label: t('quality.merge'), keys: 'm', run: go },
    { id: 'quality.different', group: t('nav.quality'), label: t('quality.different'), keys: 'd', run: () => setAsking(true) },
    { id: 'quality.other', group: t('nav.quality'), label: t('quality.keepOther'), keys: 'x', run: () => setKeep(keep === 0 ? 1 : 0) },
  ]);
  return (
    <section className={style.two} aria-label={t('quality.two')}>
      <Reasons alike={alike} kind={kind} />
      <div className={style.compareBox}><Compare kind={kind} alike={alike} keep={keep} setKeep={setKeep} picks={picks} pick={(field, side) => setPicks({ ...picks, [field]: side })} /></div>
      <div className={style.acts}>
        <Button variant="default" onClick={() => setAsking(true)} rightSection={<kbd>D</kbd>}>{t('quality.different')}</Button>
        <Button loading={merge.isPending} onClick={go} rightSection={<kbd>M</kbd>}>{t('quality.merge')}</Button>
      </div>
      {isAsking && <Dismiss alike={alike} kind={kind} close={() => setAsking(false)} done={next} />}
    </section>
  );
}

export function Duplicates({ kind }: { kind: Kind }) {
  const { t } = useTranslation();
  const asked = useInfiniteQuery(duplicatesQuery(kind));
  const [at, setAt] = useState(0);
  const rows = asked.data?.pages.flatMap((p) => p.rows) ?? [];
  const here = Math.min(at, rows.length - 1);
  const alike = rows[here];
  const go = (step: number) => {
    setAt(Math.max(0, Math.min(rows.length - 1, here + step)));
    if (here + step >= rows.length - 2 && asked.hasNextPage && !asked.isFetchingNextPage) asked.fetchNextPage();
  };
  const quiet = (id: string, keys: string, label: string, step: number) => ({ id, keys, label: t(label), group: t('keys.moving'), isQuiet: true, enabled: rows.length > 1, run: () => go(step) });
  useCommands([quiet('list.next', 'j', 'keys.next', 1), quiet('list.previous', 'k', 'keys.previous', -1), quiet('list.down', 'ArrowDown', 'keys.next', 1), quiet('list.up', 'ArrowUp', 'keys.previous', -1)]);
  if (asked.error) return <Trouble error={asked.error} again={asked.refetch} />;
  if (!asked.data) return <Skeleton height={280} radius="md" m="md" />;
  if (!alike) return <Empty icon="check" title={t('quality.noDuplicates')} text={t('quality.noDuplicatesText')} />;
  return (
    <div className={style.duplicates}>
      <Pairs rows={rows} kind={kind} at={here} show={setAt} />
      <nav className={style.pager} aria-label={t('quality.view.duplicates')}>
        <Button size="xs" variant="default" disabled={here === 0} onClick={() => go(-1)}>{t('keys.previous')}</Button>
        <span className="num">{here + 1} / {rows.length}{asked.hasNextPage ? '+' : ''}</span>
        <Button size="xs" variant="default" disabled={here === rows.length - 1} onClick={() => go(1)}>{t('keys.next')}</Button>
      </nav>
      <Pair key={alike.pair.id} alike={alike} kind={kind} next={() => setAt(here)} />
    </div>
  );
}

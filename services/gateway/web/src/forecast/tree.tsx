// Whoever is below, and whoever is below them: what each has, what they say themselves, and what was made of it.
import { ActionIcon, Button, Group, Modal, NumberInput, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import type { ForecastRow, ForecastSums, GetForecastResponse } from '../gen/baton/v1/forecast_pb';
import { amountOf, majorOf, useMoney } from '../i18n/money';
import { useMe } from '../shell/me';
import { Icon } from '../ui/icons';
import type { Behind } from './behind';
import { type Adjusting, forecastQuery, useAdjust, type Whose } from './data';
import { CATEGORIES, CATEGORY, sumOf } from './logic';
import style from './forecast.module.css';

function Adjust({ row, sums, period, currency, close }: { row: ForecastRow; sums?: ForecastSums; period: string; currency: string; close: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const adjust = useAdjust();
  const isOwn = row.userId === me.user.id;
  const before = isOwn ? sums?.own : sums?.adjusted;
  const isThere = isOwn ? sums?.own !== undefined && sums.own !== 0n : Boolean(sums?.adjustedById);
  const [major, setMajor] = useState<number | ''>(isThere && before !== undefined ? majorOf({ currencyCode: currency, minorUnits: before }) : '');
  const [reason, setReason] = useState(isOwn ? '' : (sums?.adjustedReason ?? ''));
  const send = (change: Partial<Adjusting>) => adjust.mutate({ period, currencyCode: currency, ...(isOwn ? {} : { userId: row.userId }), reason: reason.trim() || undefined, ...change }, { onSuccess: close });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (major !== '') send({ minorUnits: amountOf(currency, major).minorUnits });
  };
  return (
    <Modal opened onClose={close} title={t(isOwn ? 'forecast.own' : 'forecast.adjustOf', { name: row.name })} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <NumberInput data-autofocus label={t('forecast.number', { currency })} hideControls thousandSeparator min={0} value={major} onChange={(n) => setMajor(n === '' ? '' : Number(n))} />
        <TextInput mt="sm" label={t('forecast.reason')} required={!isOwn} withAsterisk={false} maxLength={1000} value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
        <Group justify="flex-end" mt="md">
          {isThere && <Button variant="subtle" mr="auto" loading={adjust.isPending} disabled={!isOwn && !reason.trim()} onClick={() => send({})}>{t('forecast.takeBack')}</Button>}
          <Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={adjust.isPending} disabled={major === '' || (!isOwn && !reason.trim())}>{t('save')}</Button>
        </Group>
      </form>
    </Modal>
  );
}

interface RowsProps {
  answer: GetForecastResponse;
  whose: Whose;
  currency: string;
  level: number;
  show: (behind: Behind) => void;
}

function Row({ row, answer, whose, currency, level, show }: RowsProps & { row: ForecastRow }) {
  const { t } = useTranslation();
  const me = useMe();
  const money = useMoney();
  const { data: people } = useQuery(peopleQuery);
  const [isOpen, setOpen] = useState(false);
  const [isAdjusting, setAdjusting] = useState(false);
  const sums = sumOf(row.sums, currency);
  const hasBelow = row.withBelow && row.people > 1 && Boolean(row.userId) && row.userId !== whose.userId;
  const below = { ...whose, userId: row.userId };
  const { data: inner } = useQuery({ ...forecastQuery(below), enabled: isOpen && hasBelow });
  const name = row.userId ? row.name : t('forecast.nobodys');
  const text = (minorUnits?: bigint) => (minorUnits ? money.short({ currencyCode: currency, minorUnits }) : '–');
  const mayAdjust = Boolean(row.userId) && !whose.asOf && (row.userId === me.user.id || me.isLead);
  const figure = (category: (typeof CATEGORIES)[number]) => {
    const value = sums?.[category];
    if (!value || !row.userId) return text(value);
    return (
      <button type="button" className={style.figure} aria-label={t('forecast.figureOf', { what: t(`forecast.${category}`), name, sum: text(value) })} onClick={() => show({
        what: 'sum', title: `${name}: ${t(`forecast.${category}`)}`,
        figure: { whose: below, isAlone: !row.withBelow, category: CATEGORY[category], currency, firstDay: answer.firstDay, lastDay: answer.lastDay },
      })}>{text(value)}</button>
    );
  };
  return (
    <>
      <tr>
        <th scope="row" style={{ paddingLeft: `${0.5 + level * 1.2}rem` }}>
          <span className={style.name}>
            {hasBelow ? <ActionIcon size="sm" variant="subtle" color="gray" aria-expanded={isOpen} aria-label={t('forecast.below', { name })} onClick={() => setOpen(!isOpen)}><span className={style.turn} data-open={isOpen || undefined}><Icon name="right" size={14} /></span></ActionIcon> : <span className={style.noTurn} />}
            <span className="cut">{name}{row.left ? ` (${t('forecast.left')})` : ''}</span>
            {hasBelow && <span className={style.dim}>{row.people}</span>}
          </span>
        </th>
        {CATEGORIES.map((c) => <td key={c} className="num">{figure(c)}</td>)}
        <td className="num">{text(sums?.quota)}</td>
        <td className="num">{text(sums?.own)}</td>
        <td className="num">{sums?.adjustedById ? <span title={sums.adjustedReason}>{text(sums.adjusted)}<span className={style.why}>{people?.get(sums.adjustedById)?.name}: {sums.adjustedReason}</span></span> : '–'}</td>
        <td>{mayAdjust && <ActionIcon variant="subtle" color="gray" aria-label={t('forecast.adjustOf', { name })} onClick={() => setAdjusting(true)}><Icon name="edit" size={15} /></ActionIcon>}
          {isAdjusting && <Adjust row={row} sums={sums} period={answer.period} currency={currency} close={() => setAdjusting(false)} />}</td>
      </tr>
      {isOpen && inner && <Rows answer={inner} whose={below} currency={currency} level={level + 1} show={show} />}
    </>
  );
}

function Rows(props: RowsProps) {
  return <>{props.answer.rows.map((row) => <Row key={`${row.userId}${row.withBelow}`} {...props} row={row} />)}</>;
}

export function Tree(props: Omit<RowsProps, 'level'>) {
  const { t } = useTranslation();
  return (
    <div className={style.treeBox} tabIndex={0} role="region" aria-label={t('forecast.people')}>
      <table className={style.tree}>
        <thead><tr><th scope="col">{t('forecast.who')}</th>{CATEGORIES.map((c) => <th key={c} scope="col">{t(`forecast.${c}`)}</th>)}
          {['quota', 'ownShort', 'adjusted'].map((k) => <th key={k} scope="col">{t(`forecast.${k}`)}</th>)}<th scope="col"><span className="sr">{t('forecast.adjust')}</span></th></tr></thead>
        <tbody><Rows {...props} level={0} /></tbody>
      </table>
      {props.answer.rowsLeftOut > 0 && <Text size="sm" c="dimmed" p="xs">{t('andMore', { count: props.answer.rowsLeftOut })}</Text>}
    </div>
  );
}

// Sets of territories that are planned beside those that count: copied, looked through for who would move, switched to.
import { Button, Group, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import { type TerritoryModel, TerritoryModelStatus } from '../gen/baton/v1/directory_pb';
import { useFormat } from '../i18n/format';
import { useMe } from '../shell/me';
import { toast } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import { directory, movesQuery, useRouting } from './data';
import style from './routing.module.css';

const SHOWN = 30;

function Moves({ model }: { model: TerritoryModel }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(movesQuery(model.id));
  if (error) return <Trouble error={error} again={refetch} />;
  if (!data) return <p className={style.dim}>…</p>;
  return (
    <>
      <p role="status" className={style.result}>{t('routing.wouldMove', { count: data.moves.length, all: data.lookedAt })}{data.isCut && ' …'}</p>
      <ul className={style.moves}>{data.moves.slice(0, SHOWN).map((m) => <li key={m.leadId}><Link to="/leads" search={{ lead: m.leadId }}>{t('routing.lead')}</Link> {saidOf(m.reason)}</li>)}</ul>
      {data.moves.length > SHOWN && <p className={style.dim}>{t('andMore', { count: data.moves.length - SHOWN })}</p>}
    </>
  );
}

export function Models({ models, shown, show }: { models: TerritoryModel[]; shown: string; show: (model?: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { isAdmin } = useMe();
  const [looked, setLooked] = useState('');
  const copy = useRouting((name: string) => directory.copyTerritoryModel({ id: shown || undefined, name }), ({ territoryModel }) => show(territoryModel?.id));
  const go = useRouting((id: string) => directory.switchTerritoryModel({ id }), () => {
    toast({ title: t('routing.switched') });
    show(undefined);
  });
  if (!isAdmin) return null;
  const model = models.find((m) => m.id === shown);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get('name')).trim();
    if (name) copy.mutate(name, { onSuccess: () => form.reset() });
  };
  return (
    <section className={style.card} aria-label={t('routing.models')}>
      <h2 className={style.h}>{t('routing.models')}</h2>
      <p className={style.dim}>{t('routing.modelsText')}</p>
      {model && model.status !== TerritoryModelStatus.ACTIVE && (
        <>
          <p>{model.name}: {model.copying ? t('routing.copying') : t(`routing.model.${model.status}`)}{model.activatesAt && ` · ${format.moment(model.activatesAt)}`}</p>
          <Group gap="xs"><Button size="xs" variant="default" disabled={model.copying} onClick={() => setLooked(model.id)}>{t('routing.whoMoves')}</Button>
            <Button size="xs" disabled={model.copying} loading={go.isPending} onClick={() => go.mutate(model.id)}>{t('routing.switch')}</Button></Group>
          {looked === model.id && <Moves model={model} />}
        </>
      )}
      <form onSubmit={submit}><Group gap="xs" align="end" mt="sm"><TextInput size="xs" name="name" label={t('routing.newModel')} maxLength={200} required withAsterisk={false} /><Button type="submit" size="xs" variant="default" loading={copy.isPending}>{t('routing.copyModel')}</Button></Group></form>
    </section>
  );
}

// Territories: a tree of who works where, by which rules leads come to lie in it, on a map, and other sets of them.
import { ActionIcon, Button, Group, Menu, Select, Skeleton } from '@mantine/core';
import { create } from '@bufbuild/protobuf';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import { useDelete } from '../api/records';
import { type Territory, type TerritoryModel, TerritoryModelStatus, TerritorySchema, UserStatus } from '../gen/baton/v1/directory_pb';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { Trouble } from '../ui/trouble';
import { modelsQuery, territoriesQuery } from './data';
import { type Leaf, partsOf, treeOf } from './logic';
import { PlacesMap } from './map';
import { Models } from './models';
import { TerritoryEdit } from './territory';
import style from './routing.module.css';

const SHOWN = 6;

function Lists({ parts }: { parts: string[][] }) {
  const { t } = useTranslation();
  return <>{parts.map((list, i) => <span key={i} className={style.chip}>{list.slice(0, SHOWN).join(', ')}{list.length > SHOWN && ` ${t('andMore', { count: list.length - SHOWN })}`}</span>)}</>;
}

interface RowProps {
  leaf: Leaf;
  edit: () => void;
  add: () => void;
  remove: () => void;
}

function Row({ leaf: { territory, depth }, edit, add, remove }: RowProps) {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const { data: people } = useQuery(peopleQuery);
  const who = [...(people?.values() ?? [])].filter((u) => u.status === UserStatus.ACTIVE && (u.territoryIds.includes(territory.id) || (territory.originId !== '' && u.territoryIds.includes(territory.originId))));
  return (
    <li className={style.leaf} style={{ paddingInlineStart: `${Math.min(depth, 6) * 1.2}rem` }}>
      <div className={style.ruleText}>
        <b>{territory.name}</b> <span className={style.dim}>{t(`routing.kind.${territory.kind}`)}{territory.priority > 0 && ` · ${t('routing.priorityOf', { n: territory.priority })}`}</span>
        <div>{territory.rules.map((rule, i) => <span key={i}>{i > 0 && <span className={style.dim}> {t('routing.or')} </span>}<Lists parts={partsOf(rule)} /></span>)}</div>
        {who.length > 0 && <div className={style.dim}>{who.slice(0, SHOWN).map((u) => u.name).join(', ')}{who.length > SHOWN && ` ${t('andMore', { count: who.length - SHOWN })}`}</div>}
      </div>
      {isAdmin && (
        <Menu position="bottom-end" width={190}>
          <Menu.Target><ActionIcon variant="subtle" color="gray" aria-label={t('routing.actsOf', { name: territory.name })}><Icon name="more" size={15} /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Icon name="edit" size={15} />} onClick={edit}>{t('routing.editTerritory')}</Menu.Item>
            <Menu.Item leftSection={<Icon name="plus" size={15} />} onClick={add}>{t('routing.below')}</Menu.Item>
            <Menu.Item color="red" leftSection={<Icon name="trash" size={15} />} onClick={remove}>{t('delete')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}

function Tree({ all, model }: { all: Territory[]; model: string }) {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const [editing, setEditing] = useState<Territory>();
  const remove = useDelete('territory');
  const tree = treeOf(all);
  const fresh = (parentId?: string) => setEditing(create(TerritorySchema, { ...(parentId ? { parentId } : {}), ...(model ? { modelId: model } : {}) }));
  useCommands([{ id: 'routing.new', group: t('nav.routing'), label: t('routing.newTerritory'), keys: 'c', icon: <Icon name="plus" />, enabled: isAdmin, run: () => fresh() }]);
  return (
    <>
      {tree.length === 0 && <Empty icon="web" title={t('routing.noTerritories')} text={t('routing.noTerritoriesText')} />}
      <ul className={style.tree} aria-label={t('routing.view.territories')}>
        {tree.map((leaf) => <Row key={leaf.territory.id} leaf={leaf} edit={() => setEditing(leaf.territory)} add={() => fresh(leaf.territory.id)} remove={() => remove.mutate({ id: leaf.territory.id })} />)}
      </ul>
      {isAdmin && <Button size="xs" mt="sm" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => fresh()} rightSection={<kbd>C</kbd>}>{t('routing.newTerritory')}</Button>}
      {editing && <TerritoryEdit territory={editing} all={all} close={() => setEditing(undefined)} />}
    </>
  );
}

export const activeOf = (models: TerritoryModel[]) => models.find((m) => m.status === TerritoryModelStatus.ACTIVE);

export function Territories({ model, show }: { model?: string; show: (model?: string) => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(territoriesQuery);
  const { data: models } = useQuery(modelsQuery);
  if (error) return <Trouble error={error} again={refetch} />;
  if (!data || !models) return <Skeleton height={240} radius="md" />;
  const active = activeOf(models)?.id ?? '';
  const shown = model ?? active;
  const all = data.filter((one) => one.modelId === shown);
  const hasPlain = !active || data.some((one) => !one.modelId);
  const options = [...(hasPlain ? [{ value: 'none', label: t('routing.noModel') }] : []), ...models.map((m) => ({ value: m.id, label: `${m.name} (${t(`routing.model.${m.status}`)})` }))];
  return (
    <div className={style.two}>
      <div>
        {models.length > 0 && <Group mb="sm"><Select size="xs" aria-label={t('routing.modelOf')} allowDeselect={false} value={shown || 'none'} data={options} onChange={(id) => show(id === active || (id === 'none' && !active) ? undefined : id === 'none' ? undefined : (id ?? undefined))} /></Group>}
        <Tree key={shown} all={all} model={shown} />
      </div>
      <div className={style.side}>
        <PlacesMap tree={treeOf(all)} />
        <Models models={models} shown={shown} show={show} />
      </div>
    </div>
  );
}

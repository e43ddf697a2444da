// Pools: people among whom leads are shared, each with a share, and queues from which they take the next.
import { ActionIcon, Badge, Button, Checkbox, Group, Menu, Modal, NumberInput, Skeleton, Stack, TextInput } from '@mantine/core';
import { create } from '@bufbuild/protobuf';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import { changedBy, records, saveEdit, useDelete } from '../api/records';
import { PersonInput, PersonName } from '../customers/value';
import { UserStatus } from '../gen/baton/v1/directory_pb';
import { type Pool, type PoolMember, PoolMemberSchema, PoolSchema } from '../gen/baton/v1/leads_pb';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { Trouble } from '../ui/trouble';
import { poolsQuery, useRouting } from './data';
import style from './routing.module.css';

const SHOWN = 12;

function Members({ members, set }: { members: PoolMember[]; set: (members: PoolMember[]) => void }) {
  const { t } = useTranslation();
  const { data: people } = useQuery(peopleQuery);
  const name = (id: string) => people?.get(id)?.name ?? t('somebody');
  const add = (userId: string) => userId && !members.some((m) => m.userId === userId) && set([...members, create(PoolMemberSchema, { userId })]);
  return (
    <fieldset className={style.fields}>
      <legend>{t('routing.members')}</legend>
      <ul className={style.members}>
        {members.map((m, i) => (
          <li key={m.userId}>
            <span className={style.grows}>{name(m.userId)}</span>
            <NumberInput size="xs" w={90} min={1} max={1_000_000} allowDecimal={false} aria-label={t('routing.weightOf', { name: name(m.userId) })} value={m.weight || 1}
              onChange={(n) => set(members.map((one, at) => (at === i ? changedBy(one, { weight: Number(n) || 1 }) : one)))} />
            <ActionIcon variant="subtle" color="gray" aria-label={t('routing.removeMember', { name: name(m.userId) })} onClick={() => set(members.filter((_, at) => at !== i))}><Icon name="close" size={15} /></ActionIcon>
          </li>
        ))}
      </ul>
      <PersonInput key={members.length} label={t('routing.addMember')} value="" onChange={add} />
    </fieldset>
  );
}

function PoolEdit({ pool: before, close }: { pool: Pool; close: () => void }) {
  const { t } = useTranslation();
  const [pool, setPool] = useState(before);
  const set = (change: Partial<Pool>) => setPool((p) => changedBy(p, change));
  const save = useRouting(async () => {
    const values = { name: pool.name.trim(), members: pool.members, pull: pool.pull || undefined, keeperId: pool.pull ? pool.keeperId || undefined : undefined };
    if (pool.id) return saveEdit('pool', { id: pool.id, revision: before.revision, values });
    return records.createRecord({ record: { record: { case: 'pool', value: create(PoolSchema, values) } } });
  }, close);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (pool.name.trim()) save.mutate(undefined);
  };
  return (
    <Modal opened onClose={close} title={t(pool.id ? 'routing.editPool' : 'routing.newPool')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput label={t('field.name')} required withAsterisk={false} maxLength={200} data-autofocus value={pool.name} onChange={(e) => set({ name: e.currentTarget.value })} />
          <Members members={pool.members} set={(members) => set({ members })} />
          <Checkbox label={t('routing.pull')} description={t('routing.pullText')} checked={pool.pull} onChange={(e) => set({ pull: e.currentTarget.checked })} />
          {pool.pull && <PersonInput label={t('routing.keeper')} value={pool.keeperId} onChange={(keeperId) => set({ keeperId })} />}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" disabled={!pool.name.trim()} loading={save.isPending}>{t('save')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Card({ pool, edit, remove }: { pool: Pool; edit: () => void; remove: () => void }) {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const { data: people } = useQuery(peopleQuery);
  const all = pool.members.reduce((sum, m) => sum + (m.weight || 1), 0);
  const isAway = (id: string) => people !== undefined && people.get(id)?.status !== UserStatus.ACTIVE;
  return (
    <li className={style.card}>
      <Group justify="space-between" wrap="nowrap" align="start">
        <h2 className={style.h}>{pool.name} {pool.pull && <Badge size="sm" variant="light" tt="none">{t('routing.queue')}</Badge>}</h2>
        {isAdmin && (
          <Menu position="bottom-end" width={170}>
            <Menu.Target><ActionIcon variant="subtle" color="gray" aria-label={t('routing.actsOf', { name: pool.name })}><Icon name="more" size={15} /></ActionIcon></Menu.Target>
            <Menu.Dropdown><Menu.Item leftSection={<Icon name="edit" size={15} />} onClick={edit}>{t('routing.editPool')}</Menu.Item>
              <Menu.Item color="red" leftSection={<Icon name="trash" size={15} />} onClick={remove}>{t('delete')}</Menu.Item></Menu.Dropdown>
          </Menu>
        )}
      </Group>
      {pool.members.length === 0 && <p className={style.late}>{t('routing.nobody')}</p>}
      <ul className={style.shares}>
        {pool.members.slice(0, SHOWN).map((m) => (
          <li key={m.userId} data-away={isAway(m.userId) || undefined}><span>{people?.get(m.userId)?.name ?? t('somebody')}</span>
            <span className={style.bars} aria-hidden="true"><i data-then style={{ width: `${(100 * (m.weight || 1)) / all}%` }} /></span><span className="num">{Math.round((100 * (m.weight || 1)) / all)} %</span></li>
        ))}
      </ul>
      {pool.members.length > SHOWN && <p className={style.dim}>{t('andMore', { count: pool.members.length - SHOWN })}</p>}
      {pool.keeperId && <p className={style.dim}>{t('routing.keeper')}: <PersonName id={pool.keeperId} /></p>}
    </li>
  );
}

export function Pools() {
  const { t } = useTranslation();
  const { isAdmin } = useMe();
  const { data, error, refetch } = useQuery(poolsQuery);
  const [editing, setEditing] = useState<Pool>();
  const remove = useDelete('pool');
  const fresh = () => setEditing(create(PoolSchema, {}));
  useCommands([{ id: 'routing.new', group: t('nav.routing'), label: t('routing.newPool'), keys: 'c', icon: <Icon name="plus" />, enabled: isAdmin, run: fresh }]);
  if (error) return <Trouble error={error} again={refetch} />;
  if (!data) return <Skeleton height={200} radius="md" />;
  return (
    <>
      {isAdmin && <Group mb="sm"><Button size="xs" leftSection={<Icon name="plus" size={14} />} onClick={fresh}>{t('routing.newPool')}</Button></Group>}
      {data.length === 0 && <Empty icon="people" title={t('routing.noPoolsYet')} text={t('routing.noPoolsText')} />}
      <ul className={style.cards}>{data.map((pool) => <Card key={pool.id} pool={pool} edit={() => setEditing(pool)} remove={() => remove.mutate({ id: pool.id })} />)}</ul>
      {editing && <PoolEdit pool={editing} close={() => setEditing(undefined)} />}
    </>
  );
}

// For administrators: who works here, in which teams, by which tokens programs come in, what goes outside, who did and changed what, and how the services are.
import { Alert, Badge, Button, Group, Modal, Paper, PasswordInput, Select, Skeleton, Stack, Table, Tabs, Text, TextInput, Title } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import { client as clientOf, directory } from '../api/client';
import { peopleQuery } from '../api/people';
import { listQuery, useCreate } from '../api/records';
import { refusalOf } from '../api/refusal';
import { PersonInput } from '../customers/value';
import { type User, UserStatus } from '../gen/baton/v1/directory_pb';
import { Role } from '../gen/baton/v1/options_pb';
import { type ServiceStatus, SystemService } from '../gen/baton/v1/system_pb';
import { useFormat } from '../i18n/format';
import { useMe } from '../shell/me';
import { Rows } from '../ui/rows';
import { complain, toast } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import { Audit } from './audit';
import { Changes } from './changes';
import { lagOf, meanMs } from './logic';
import { type AdminTab, TABS } from './search';
import { Tokens } from './tokens';
import { Webhooks } from './webhooks';
import style from './admin.module.css';

const system = clientOf(SystemService);
const ROLES = [Role.REP, Role.MANAGER, Role.INSIDE, Role.ADMIN, Role.PARTNER, Role.SERVICE];
const LOOK_MS = 5000;

function useTeams() {
  const { data } = useInfiniteQuery(listQuery('team'));
  return data?.pages.flatMap((p) => p.rows) ?? [];
}

function NewUser({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const teams = useTeams();
  const make = useCreate('user');
  const add = useMutation({
    mutationFn: async (said: FormData) => {
      const text = (name: string) => String(said.get(name) ?? '').trim();
      const user = await make.mutateAsync({ name: text('name'), email: text('email'), role: Number(text('role')), teamId: text('team') || undefined });
      if (user && text('password')) await directory.setPassword({ userId: user.id, newPassword: text('password') });
    },
    onSuccess: close,
    onSettled: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
  const refusal = add.error ? refusalOf(add.error) : undefined;
  const at = refusal?.field?.split('.').pop();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    add.mutate(new FormData(event.currentTarget));
  };
  return (
    <Modal opened onClose={close} title={t('admin.newUser')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput name="name" label={t('field.name')} required withAsterisk={false} maxLength={200} data-autofocus error={at === 'name' ? refusal?.message : undefined} />
          <TextInput name="email" type="email" label={t('field.email')} required withAsterisk={false} maxLength={254} error={at === 'email' ? refusal?.message : undefined} />
          <Select name="role" label={t('admin.role')} allowDeselect={false} defaultValue={String(Role.REP)} data={ROLES.map((r) => ({ value: String(r), label: t(`role.${r}`) }))} />
          {teams.length > 0 && <Select name="team" label={t('admin.team')} clearable data={teams.map((team) => ({ value: team.id, label: team.name }))} />}
          <PasswordInput name="password" label={t('door.password')} description={t('door.long')} autoComplete="new-password" minLength={8} visibilityToggleButtonProps={{ 'aria-label': t('door.showPassword') }} />
          {refusal && !['name', 'email'].includes(at ?? '') && <Alert color="red" role="alert">{refusal.message}</Alert>}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={add.isPending}>{t('save')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

// Whoever leaves cannot be brought back by a click, so it is asked who takes over.
function Leave({ user, close }: { user: User; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [successor, setSuccessor] = useState('');
  const leave = useMutation({
    mutationFn: () => directory.deactivateUser({ userId: user.id, successorId: successor || undefined }),
    onSuccess: () => {
      toast({ title: t('admin.left', { name: user.name }) });
      close();
    },
    onError: complain,
    onSettled: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
  return (
    <Modal opened onClose={close} title={t('admin.leaves', { name: user.name })} closeButtonProps={{ 'aria-label': t('close') }}>
      <Text size="sm" mb="sm">{t('admin.leavesText')}</Text>
      <PersonInput label={t('admin.successor')} value={successor} onChange={setSuccessor} />
      <Group justify="flex-end" mt="md"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button color="red" loading={leave.isPending} onClick={() => leave.mutate()}>{t('admin.deactivate')}</Button></Group>
    </Modal>
  );
}

function Users() {
  const { t } = useTranslation();
  const me = useMe();
  const { data, error, refetch } = useQuery(peopleQuery);
  const teams = new Map(useTeams().map((team) => [team.id, team.name]));
  const [isNew, setNew] = useState(false);
  const [leaving, setLeaving] = useState<User>();
  const [typed, setTyped] = useState('');
  if (error) return <Trouble error={error} again={refetch} />;
  const users = [...(data?.values() ?? [])].filter((u) => `${u.name} ${u.email}`.toLowerCase().includes(typed.toLowerCase())).sort((a, b) => a.name.localeCompare(b.name));
  return (
    <>
      <Group mb="sm" justify="space-between">
        <TextInput size="xs" type="search" aria-label={t('admin.findUser')} placeholder={t('admin.findUser')} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} />
        <Button size="xs" onClick={() => setNew(true)}>{t('admin.newUser')}</Button>
      </Group>
      {!data && <Skeleton height={160} />}
      <Rows label={t('admin.users')} minWidth={560} heads={['field.name', 'field.email', 'admin.role', 'admin.team', 'admin.state', 'admin.act'].map((k) => t(k))}>
        {users.map((u) => (
          <Table.Tr key={u.id}>
            <Table.Th scope="row">{u.name}</Table.Th><Table.Td>{u.email}</Table.Td><Table.Td>{t(`role.${u.role}`)}</Table.Td><Table.Td>{teams.get(u.teamId)}</Table.Td>
            <Table.Td><Badge size="sm" variant="light" color={u.status === UserStatus.ACTIVE ? 'baton' : 'gray'}>{t(u.status === UserStatus.ACTIVE ? 'admin.active' : 'admin.inactive')}</Badge></Table.Td>
            <Table.Td>{u.status === UserStatus.ACTIVE && u.id !== me.user.id && <Button size="compact-xs" variant="default" onClick={() => setLeaving(u)}>{t('admin.deactivate')}</Button>}</Table.Td>
          </Table.Tr>
        ))}
      </Rows>
      {isNew && <NewUser close={() => setNew(false)} />}
      {leaving && <Leave user={leaving} close={() => setLeaving(undefined)} />}
    </>
  );
}

function Teams() {
  const { t } = useTranslation();
  const { data: people } = useQuery(peopleQuery);
  const teams = useTeams();
  const make = useCreate('team');
  const [manager, setManager] = useState('');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    make.mutate({ name: String(new FormData(form).get('name')).trim(), managerId: manager || undefined }, { onSuccess: () => {
      form.reset();
      setManager('');
    }, onError: complain });
  };
  return (
    <>
      <form onSubmit={submit}>
        <Group align="end" mb="md"><TextInput size="xs" name="name" label={t('admin.newTeam')} required withAsterisk={false} maxLength={200} />
          <PersonInput size="xs" label={t('admin.manager')} value={manager} onChange={setManager} /><Button type="submit" size="xs" loading={make.isPending}>{t('save')}</Button></Group>
      </form>
      <Table verticalSpacing={6}>
        <Table.Thead><Table.Tr><Table.Th>{t('field.name')}</Table.Th><Table.Th>{t('admin.manager')}</Table.Th><Table.Th>{t('admin.members')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {teams.map((team) => (
            <Table.Tr key={team.id}><Table.Th scope="row">{team.name}</Table.Th><Table.Td>{people?.get(team.managerId)?.name}</Table.Td>
              <Table.Td>{[...(people?.values() ?? [])].filter((u) => u.teamId === team.id && u.status === UserStatus.ACTIVE).length}</Table.Td></Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

// It stands still because what it follows is not what it has read: it goes on from where that is now, which is asked first.
function Rejoin({ service, followed }: { service: string; followed: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const rejoin = useMutation({
    mutationFn: () => system.rejoinFollow({ service, followed }),
    onSuccess: () => setAsking(false),
    onError: complain,
    onSettled: () => client.invalidateQueries({ queryKey: ['services'] }),
  });
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setAsking(true)}>{t('admin.rejoin')}</Button>
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={t('admin.rejoinTitle', { service, followed })} closeButtonProps={{ 'aria-label': t('close') }}>
        <Text size="sm">{t('admin.rejoinText')}</Text>
        <Group justify="flex-end" mt="md"><Button variant="default" onClick={() => setAsking(false)}>{t('cancel')}</Button><Button loading={rejoin.isPending} onClick={() => rejoin.mutate()}>{t('admin.rejoin')}</Button></Group>
      </Modal>
    </>
  );
}

function ServiceCard({ service, lag }: { service: ServiceStatus; lag: [string, number, string][] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isReady = service.state === 'ready';
  return (
    <Paper withBorder radius="md" p="sm" component="li" className={style.service}>
      <Group justify="space-between"><Title order={3}>{service.name}</Title><Badge color={isReady ? 'baton' : 'red'} variant="light">{saidOf(service.state)}</Badge></Group>
      <Text size="xs" c="dimmed">{t('admin.version', { version: service.version })}</Text>
      <Text size="sm">{t('admin.log', { count: Number(service.headSeq), text: format.number(service.headSeq) })}</Text>
      <Text size="sm">{t('admin.memory', { text: format.number(service.residentBytes / 1048576n), store: format.number(service.storeBytes / 1048576n) })}</Text>
      <Text size="sm">{t('admin.asked', { commands: format.number(service.commands), queries: format.number(service.queries), refusals: format.number(service.refusals) })}</Text>
      <Text size="sm">{t('admin.commits', { count: Number(service.commits), text: format.number(service.commits), ms: format.number(meanMs(service)) })}</Text>
      <Text size="xs" c="dimmed">{t('admin.upSince', { when: format.moment(Number(service.startedUs / 1000n)) })}</Text>
      {lag.map(([name, behind, stopped]) => (
        <div key={name}>
          <Text size="xs" c={behind || stopped ? 'var(--amber)' : 'dimmed'}>{stopped ? saidOf(stopped) : t(behind ? 'admin.behind' : 'admin.follows', { name, count: behind })}</Text>
          {stopped && <Rejoin service={service.name} followed={name} />}
        </div>
      ))}
    </Paper>
  );
}

function Services() {
  const { data, error, refetch } = useQuery({ queryKey: ['services'], refetchInterval: LOOK_MS, queryFn: ({ signal }) => system.listServices({}, { signal }) });
  if (error && !data) return <Trouble error={error} again={refetch} />;
  if (!data) return <Skeleton height={200} />;
  return <ul className={style.services}>{data.services.map((s) => <ServiceCard key={s.name} service={s} lag={lagOf(s, data.services)} />)}</ul>;
}

export function AdminPage() {
  const { t } = useTranslation();
  const { tab = 'users' } = useSearch({ from: '/admin' });
  const navigate = useNavigate({ from: '/admin' });
  return (
    <div className={style.page}>
      <Title order={1} mb="md">{t('nav.admin')}</Title>
      <Tabs value={tab} keepMounted={false} onChange={(next) => navigate({ search: next === 'users' ? {} : { tab: (next ?? 'users') as AdminTab } })}>
        <Tabs.List mb="md">{TABS.map((k) => <Tabs.Tab key={k} value={k}>{t(`admin.${k}`)}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="users"><Users /></Tabs.Panel>
        <Tabs.Panel value="teams"><Teams /></Tabs.Panel>
        <Tabs.Panel value="tokens"><Tokens /></Tabs.Panel>
        <Tabs.Panel value="webhooks"><Webhooks /></Tabs.Panel>
        <Tabs.Panel value="audit"><Audit /></Tabs.Panel>
        <Tabs.Panel value="changes"><Changes /></Tabs.Panel>
        <Tabs.Panel value="services"><Services /></Tabs.Panel>
      </Tabs>
    </div>
  );
}

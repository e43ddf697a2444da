// The bar above a list: what is looked for, filters, order, columns, and views that are kept.
import { ActionIcon, Button, Checkbox, Group, Menu, Modal, Popover, SegmentedControl, Select, Stack, TextInput, Title, Tooltip } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useCallback, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { listQuery, useCreate, useDelete } from '../api/records';
import type { SavedView } from '../gen/baton/v1/contacts_pb';
import { useMe } from '../shell/me';
import { Icon } from '../ui/icons';
import type { Column } from '../ui/table';
import { complain, toast } from '../ui/toast';
import { usePhone } from '../ui/phone';
import { Words } from '../ui/words';
import { ACCOUNT_TYPE_NAME, ACCOUNT_TYPES, type Customer, KINDS, type Kind } from './kinds';
import { fromSaved, isSame, type ListSearch, searchOf } from './search';
import { PersonInput } from './value';
import style from './customers.module.css';

type Show = (change: Partial<ListSearch>) => void;
const GONE: ListSearch = { q: undefined, owner: undefined, type: undefined, order: undefined, columns: undefined, view: undefined };

function SaveView({ kind, search, shown, close, saved }: { kind: Kind; search: ListSearch; shown: string[]; close: () => void; saved: (id: string) => void }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const [share, setShare] = useState('me');
  const create = useCreate('savedView');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    create.mutate({ name, type: kind, search: searchOf(search, i18n.language), columns: shown, sharedWithAll: share === 'all' || undefined,
      teamId: share === 'team' ? me.user.teamId : undefined }, {
      onSuccess: (view) => {
        if (view) saved(view.id);
        close();
      },
      onError: complain,
    });
  };
  return (
    <Modal opened onClose={close} title={t('customers.saveView')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput name="name" label={t('customers.viewName')} required withAsterisk={false} maxLength={200} data-autofocus />
          <SegmentedControl aria-label={t('customers.shareWith')} value={share} onChange={setShare}
            data={[{ value: 'me', label: t('customers.forMe') }, ...(me.user.teamId ? [{ value: 'team', label: t('customers.forTeam') }] : []), { value: 'all', label: t('customers.forAll') }]} />
          <Button type="submit" loading={create.isPending}>{t('save')}</Button>
        </Stack>
      </form>
    </Modal>
  );
}

function Views({ kind, search, show, shown }: { kind: Kind; search: ListSearch; show: Show; shown: string[] }) {
  const { t } = useTranslation();
  const me = useMe();
  const { data } = useInfiniteQuery(listQuery('savedView'));
  const [isSaving, setSaving] = useState(false);
  const remove = useDelete('savedView');
  const views = (data?.pages.flatMap((p) => p.rows) ?? []).filter((v) => v.type === kind);
  const current = views.find((v) => v.id === search.view);
  const isChanged = !current || !isSame(search, fromSaved(current.search, current.columns, current.id));
  const open = (v: SavedView) => show({ ...GONE, ...fromSaved(v.search, v.columns, v.id) });
  return (
    <>
      <Menu position="bottom-start" width={240}>
        <Menu.Target>
          <Button size="xs" variant="subtle" color="gray" leftSection={<Icon name="star" size={15} />}>{current?.name ?? t('customers.views')}{current && isChanged ? ' *' : ''}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => show(GONE)}>{t(`customers.everything.${kind}`)}</Menu.Item>
          <Menu.Item onClick={() => show({ ...GONE, owner: me.user.id })}>{t('customers.mine')}</Menu.Item>
          {views.length > 0 && <Menu.Divider />}
          {views.map((v) => <Menu.Item key={v.id} onClick={() => open(v)} rightSection={v.id === search.view ? <Icon name="check" size={14} /> : undefined}>{v.name}</Menu.Item>)}
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="plus" size={14} />} onClick={() => setSaving(true)}>{t('customers.saveView')}</Menu.Item>
          {current?.ownerId === me.user.id && (
            <Menu.Item color="red" leftSection={<Icon name="trash" size={14} />} onClick={() => {
              remove.mutate({ id: current.id });
              show({ view: undefined });
            }}>{t('customers.deleteView')}</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {isSaving && <SaveView kind={kind} search={search} shown={shown} close={() => setSaving(false)} saved={(view) => {
        show({ view });
        toast({ title: t('customers.viewSaved') });
      }} />}
    </>
  );
}

function Columns({ columns, shown, show }: { columns: Column<Customer>[]; shown: string[]; show: Show }) {
  const { t } = useTranslation();
  const toggle = (id: string) => {
    const next = shown.includes(id) ? shown.filter((c) => c !== id) : [...shown, id];
    show({ columns: next.join(',') || 'name' });
  };
  return (
    <Popover position="bottom-end" withArrow>
      <Popover.Target>
        <Tooltip label={t('customers.columns')}><ActionIcon variant="subtle" color="gray" aria-label={t('customers.columns')}><Icon name="columns" /></ActionIcon></Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={6}>{columns.filter((c) => c.id !== 'name').map((c) => <Checkbox key={c.id} size="xs" label={c.header} checked={shown.includes(c.id)} onChange={() => toggle(c.id)} />)}</Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

export function Bar({ kind, search, show, columns, shown, add }: { kind: Kind; search: ListSearch; show: Show; columns: Column<Customer>[]; shown: string[]; add: () => void }) {
  const { t } = useTranslation();
  const isPhone = usePhone();
  const { filters } = KINDS[kind];
  const look = useCallback((q?: string) => show({ q }), [show]);
  return (
    <div className={style.bar}>
      <Group gap="xs" wrap="nowrap" className={style.barTop}>
        <Title order={1}>{t(`kinds.${kind}`)}</Title>
        <Views kind={kind} search={search} show={show} shown={shown} />
        <span style={{ flex: 1 }} />
        {!isPhone && <Columns columns={columns} shown={shown} show={show} />}
        {isPhone ? <ActionIcon size="lg" onClick={add} aria-label={t(`customers.new.${kind}`)}><Icon name="plus" /></ActionIcon>
          : <Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={add}>{t(`customers.new.${kind}`)}</Button>}
      </Group>
      <Group gap="xs" className={style.filters}>
        <Words label={t(`customers.search.${kind}`)} q={search.q ?? ''} show={look} />
        <div className={style.filter}><PersonInput size="xs" placeholder={t('field.ownerId')} value={search.owner ?? ''} onChange={(owner) => show({ owner: owner || undefined })} /></div>
        {filters.includes('type') && (
          <Select size="xs" className={style.filter} clearable placeholder={t('field.type')} aria-label={t('field.type')} value={search.type ?? null}
            data={ACCOUNT_TYPES.map((type) => ({ value: ACCOUNT_TYPE_NAME[type], label: t(`accountType.${type}`) }))} onChange={(type) => show({ type: type ?? undefined })} />
        )}
        <Select size="xs" className={style.filter} aria-label={t('customers.order')} allowDeselect={false} value={search.order ?? (search.q ? 'best' : 'newest')}
          data={[...(search.q ? ['best'] : []), 'newest', 'name'].map((o) => ({ value: o, label: t(`customers.orders.${o}`) }))}
          onChange={(order) => show({ order: order === 'best' ? undefined : (order as 'name') })} />
      </Group>
    </div>
  );
}

// One box for everything: what is typed finds records and whatever can be done here; behind ">" only the latter.
import { VisuallyHidden } from '@mantine/core';
import { Spotlight } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Role } from '../gen/baton/v1/options_pb';
import { useTranslation } from '../i18n/words';
import { personName } from '../i18n/format';
import { leadName } from '../leads/logic';
import type { LeadSearch } from '../leads/search';
import { Icon, type IconName } from '../ui/icons';
import { type Command, keysOf, shownKeys, useAllCommands } from './commands';
import { store } from './palette_store';
import { useMe } from './me';
import { documentsQuery, type Found, searchQuery } from './search';
import style from './shell.module.css';

const WAIT_MS = 80;
const AT_ONCE = { duration: 0 }; // the next key is for the box already

const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

export function fits(command: Pick<Command, 'label' | 'group'>, typed: string): boolean {
  const text = fold(`${command.label} ${command.group}`);
  return fold(typed).split(/\s+/).filter(Boolean).every((word) => text.includes(word));
}

function useLater(text: string) {
  const [late, setLate] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setLate(text), text ? WAIT_MS : 0);
    return () => clearTimeout(timer);
  }, [text]);
  return late;
}

const ICON: { [type in Found['type']]: IconName } = { account: 'building', contact: 'people2', lead: 'inbox', document: 'note' };

function wordsOf(found: Found): { name: string; facts: string } {
  if (found.type === 'document') return { name: found.record.title, facts: found.text };
  const { type, record } = found;
  if (type === 'account') return { name: record.name, facts: [record.industry, record.phone, record.website].filter(Boolean).join(' · ') };
  if (type === 'contact') {
    return { name: personName(record) || record.email, facts: [record.title, record.email, record.mobilePhone || record.phone].filter(Boolean).join(' · ') };
  }
  const name = leadName(record);
  return { name, facts: [record.company, record.email, record.mobilePhone || record.phone].filter((f) => f && f !== name).join(' · ') };
}

const PAGE = { account: '/accounts/$id', contact: '/contacts/$id', document: '/documents/$id' } as const;

function useOpen() {
  const navigate = useNavigate();
  return ({ type, record }: Found) => (type === 'lead' ? navigate({ to: '/leads', search: (now: LeadSearch) => ({ ...now, lead: record.id }) })
    : navigate({ to: PAGE[type], params: { id: record.id } }));
}

// What is listed comes after it was typed: the first of it is meant, not what stood there before.
function pointAtFirst() {
  const list = document.getElementById(store.getState().listId);
  list?.querySelector('[data-selected]')?.removeAttribute('data-selected');
  list?.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
  store.updateState((state) => ({ ...state, selected: 0 }));
}

export function Palette() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const isOnlyCommands = typed.startsWith('>');
  const text = isOnlyCommands ? '' : typed.trim();
  const late = useLater(text);
  const { data, isFetching, isError } = useQuery(searchQuery(late));
  const { user } = useMe();
  const { data: inText = [] } = useQuery(documentsQuery(late, user.role !== Role.PARTNER));
  const open = useOpen();
  const listed = useAllCommands().filter((c) => !c.isQuiet && c.enabled !== false && fits(c, typed.replace(/^>/, '')));
  const found = text ? [...(data?.found ?? []), ...inText] : [];
  const nothing = found.length + listed.length === 0;
  const first = found[0]?.record.id;
  useEffect(pointAtFirst, [first, typed]);
  return (
    <Spotlight.Root store={store} query={typed} onQueryChange={setTyped} shortcut={null} scrollable maxHeight="60dvh"
      transitionProps={AT_ONCE} onSpotlightClose={() => setTyped('')}
      title={t('shell.search')} styles={{ header: { display: 'none' } }}>
      <Spotlight.Search autoFocus placeholder={t('palette.hint')} aria-label={t('shell.search')} leftSection={<Icon name="search" />} />
      <VisuallyHidden role="status">{typed && t('palette.count', { count: found.length })}</VisuallyHidden>
      <Spotlight.ActionsList aria-label={t('palette.found')}>
        {found.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.records')}>
            {found.map((f) => {
              const { name, facts } = wordsOf(f);
              return (
                <Spotlight.Action key={f.record.id} data-found={f.type} onClick={() => open(f)}>
                  <div className={style.found}>
                    <Icon name={ICON[f.type]} />
                    <div className={style.foundText}><div>{name}</div>{facts && <div className={style.foundKind}>{facts}</div>}</div>
                    <span className={style.foundKind}>{t(`kind.${f.type}`)}</span>
                  </div>
                </Spotlight.Action>
              );
            })}
          </Spotlight.ActionsGroup>
        )}
        {listed.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.commands')}>
            {listed.map((c) => (
              <Spotlight.Action key={c.id} onClick={c.run}>
                <div className={style.found}>
                  {c.icon ?? <Icon name="right" />}
                  <div className={style.foundText}><div>{c.label}</div></div>
                  {keysOf(c) && <span>{shownKeys(keysOf(c) ?? '').map((k) => <kbd key={k}>{k}</kbd>)}</span>}
                </div>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        )}
        {nothing && !isFetching && <Spotlight.Empty>{t(isError || data?.isCut ? 'palette.cut' : 'palette.nothing')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

// The frame of every page: a rail of ways and a bar above, or, on a phone, a bar below.
import { Group, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { LANGUAGES, saidOf, setLanguage } from '../i18n';
import { startOutbox, useOnline, useOutbox } from '../api/outbox';
import { noticesQuery, useLive } from '../live/live';
import { startWorker } from '../live/worker';
import { Icon, Mark } from '../ui/icons';
import { idle } from '../ui/idle';
import { usePhone } from '../ui/phone';
import { toast } from '../ui/toast';
import { type Command, shownKeys, useCommands } from './commands';
import { useMe, useSignOut } from './me';
import { WAYS } from './nav';
import { openPalette } from './palette_store';
import { settings } from './settings';
import style from './shell.module.css';

// What nobody needs at first sight is loaded behind it.
const Help = lazy(() => import('./help').then((m) => ({ default: m.Help })));
const Person = lazy(() => idle().then(() => import('./person')).then((m) => ({ default: m.Person })));
const More = lazy(() => import('./person').then((m) => ({ default: m.More })));
const Palette = lazy(() => idle().then(() => import('./palette')).then((m) => ({ default: m.Palette })));

export function useWays() {
  const me = useMe();
  return WAYS.filter((way) => way.isFor?.(me) ?? true);
}

function LiveDot() {
  const { t } = useTranslation();
  const { state } = useLive();
  return <span className={style.live} data-state={state} role="status"><i aria-hidden="true" /><span>{t(`live.${state}`)}</span></span>;
}

function useUnseen() {
  const { data = [] } = useQuery(noticesQuery);
  const urgent = data.filter((n) => n.mustAcknowledge && !n.acknowledgedAt).length;
  return { unseen: data.filter((n) => !n.seenAt).length, urgent };
}

// What is new, and what must be acknowledged.
function Bell() {
  const { t } = useTranslation();
  const { unseen, urgent } = useUnseen();
  const label = urgent ? t('notices.toKnow', { count: urgent }) : unseen ? t('notices.count', { count: unseen }) : t('nav.notices');
  return (
    <Link to="/notifications" className={style.bell} aria-label={label} title={label}>
      <Icon name="bell" size={20} />
      {(unseen > 0 || urgent > 0) && <span className={style.bellDot} data-urgent={urgent > 0 || undefined}>{urgent || unseen}</span>}
    </Link>
  );
}

// Whether there is a network, and what waits for one.
function Offline() {
  const { t } = useTranslation();
  const kept = useOutbox().length;
  const isOnline = useOnline();
  if (isOnline && kept === 0) return null;
  return <div className={style.offline} role="status">{isOnline ? '' : t('offline.now')} {kept > 0 && t('offline.waiting', { count: kept })}</div>;
}

function useWaiting() {
  const { t } = useTranslation();
  const { changed } = useLive();
  useEffect(() => startOutbox((refusals, count) => {
    changed('leads', 'lead', 'timeline', 'notes', 'activitys');
    if (refusals.length > 0) toast({ title: t('offline.refused', { count: refusals.length }), text: refusals.map(saidOf).join(' '), kind: 'bad' });
    else toast({ title: t('offline.sent', { count }) });
  }), [t, changed]);
}

function Bar() {
  const { t } = useTranslation();
  return (
    <header className={style.bar}>
      <span className={style.brand}><Mark /></span>
      <UnstyledButton className={style.search} onClick={() => openPalette()} aria-haspopup="dialog">
        <Icon name="search" size={16} /><span>{t('shell.searchHint')}</span><kbd>/</kbd>
      </UnstyledButton>
      <Group gap="xs" wrap="nowrap" ml="auto">
        <LiveDot />
        <Bell />
        <Suspense fallback={<span className={style.noPerson} />}><Person /></Suspense>
      </Group>
    </header>
  );
}

function Rail() {
  const { t } = useTranslation();
  const ways = useWays();
  const seldom = ways.filter((way) => way.isSeldom);
  return (
    <nav className={style.rail} aria-label={t('shell.ways')}>
      <span className={style.railMark}><Mark size={26} /></span>
      {ways.filter((way) => !way.isSeldom).map((way) => (
        <Link key={way.to} to={way.to} className={style.way} activeProps={{ 'data-here': true }} title={shownKeys(way.keys).join(' ')}>
          <Icon name={way.icon} size={20} /><span>{t(way.label)}</span>
        </Link>
      ))}
      {seldom.length > 0 && <Suspense><More ways={seldom} isBeside /></Suspense>}
    </nav>
  );
}

function BottomBar() {
  const { t } = useTranslation();
  const ways = useWays();
  const more = ways.filter((way) => !way.isMain);
  return (
    <nav className={style.bottom} aria-label={t('shell.ways')}>
      {ways.filter((way) => way.isMain).slice(0, 4).map((way) => (
        <Link key={way.to} to={way.to} className={style.tab} activeProps={{ 'data-here': true }}><Icon name={way.icon} size={22} /><span>{t(way.label)}</span></Link>
      ))}
      {more.length > 0 && <Suspense><More ways={more} /></Suspense>}
    </nav>
  );
}

export function Shell({ children }: { children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const isPhone = usePhone();
  const signOut = useSignOut();
  useWaiting();
  useEffect(() => {
    idle().then(() => startWorker((path) => navigate({ to: '/leads', search: { lead: new URLSearchParams(path.split('#')[1]).get('lead') ?? undefined } })));
  }, [navigate]);
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  const [isHelping, setHelping] = useState(false);
  const go = useWays().map((way): Command => ({
    id: `go${way.to}`, group: t('keys.going'), label: t('shell.goTo', { place: t(way.label) }), keys: way.keys, icon: <Icon name={way.icon} />,
    run: () => navigate({ to: way.to }),
  }));
  const other = i18n.language === 'en' ? 'zh-Hant' : 'en';
  useCommands([
    ...go,
    { id: 'palette', group: t('keys.general'), label: t('shell.palette'), keys: 'mod+k', isQuiet: true, run: () => openPalette() },
    { id: 'search', group: t('keys.general'), label: t('shell.search'), keys: '/', isQuiet: true, run: () => openPalette() },
    { id: 'help', group: t('keys.general'), label: t('shell.help'), keys: '?', run: () => setHelping(true) },
    { id: 'night', group: t('keys.general'), label: t(colorScheme === 'dark' ? 'shell.toDay' : 'shell.toNight'), run: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark') },
    { id: 'language', group: t('keys.general'), label: t('shell.toLanguage', { language: LANGUAGES[other] }), run: () => {
      settings.set({ language: other });
      setLanguage(other);
    } },
    { id: 'out', group: t('keys.general'), label: t('shell.signOut'), icon: <Icon name="out" />, run: signOut },
  ]);
  return (
    <div className={style.shell}>
      <a href="#main" className={style.skip}>{t('shell.skip')}</a>
      {!isPhone && <Rail />}
      <Bar />
      <Offline />
      <main id="main" className={style.main} tabIndex={-1}><Suspense>{children}</Suspense></main>
      {isPhone && <BottomBar />}
      <Suspense><Palette /></Suspense>
      <Suspense>{isHelping && <Help isOpen close={() => setHelping(false)} />}</Suspense>
    </div>
  );
}

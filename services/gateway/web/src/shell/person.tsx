// Menus of the frame: who is signed in with what they like, and the ways there is no room for.
import { Avatar, Menu, SegmentedControl, Text, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useTranslation } from '../i18n/words';
import { LANGUAGES, type Language, setLanguage } from '../i18n';
import { Icon } from '../ui/icons';
import { shownKeys } from './commands';
import { useMe, useSignOut } from './me';
import type { Way } from './nav';
import { settings, useSettings } from './settings';
import style from './shell.module.css';

export function Person() {
  const { t, i18n } = useTranslation();
  const { user } = useMe();
  const signOut = useSignOut();
  const { density } = useSettings();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const initials = user.name.split(/\s+/).map((w) => w[0]).slice(0, 2).join('');
  const choice = (label: string, value: string, options: [string, string][], set: (value: string) => void) => (
    <div className={style.choice}>
      <Text size="xs" c="dimmed">{label}</Text>
      <SegmentedControl fullWidth size="xs" aria-label={label} value={value} onChange={set} data={options.map(([v, l]) => ({ value: v, label: l }))} />
    </div>
  );
  return (
    <Menu position="bottom-end" width={270} closeOnItemClick={false}>
      <Menu.Target>
        <UnstyledButton className={style.person}>
          <VisuallyHidden>{t('shell.person', { name: user.name })}</VisuallyHidden>
          <Avatar aria-hidden="true" size={30} radius="xl" color="baton" variant="filled">{initials}</Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label><Text size="sm" fw={600} c="var(--mantine-color-text)">{user.name}</Text>{user.email}</Menu.Label>
        <Menu.Divider />
        {choice(t('settings.language'), i18n.language, Object.entries(LANGUAGES), (value) => {
          settings.set({ language: value as Language });
          setLanguage(value as Language);
        })}
        {choice(t('settings.light'), colorScheme, [['light', t('settings.day')], ['dark', t('settings.night')], ['auto', t('settings.auto')]],
          (value) => setColorScheme(value as 'light'))}
        {choice(t('settings.density'), density, [['cosy', t('settings.cosy')], ['dense', t('settings.dense')]], (value) => settings.set({ density: value as 'cosy' }))}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="out" size={16} />} onClick={signOut}>{t('shell.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

// `isBeside`: in the rail, not in the bar below.
export function More({ ways, isBeside = false }: { ways: Way[]; isBeside?: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const here = useLocation({ select: (l) => l.pathname });
  return (
    <Menu position={isBeside ? 'right-end' : 'top-end'} width={230}>
      <Menu.Target>
        <UnstyledButton className={isBeside ? style.way : style.tab} aria-label={isBeside ? t('shell.moreWays') : undefined} data-here={(isBeside && ways.some((way) => here.startsWith(way.to))) || undefined}>
          <Icon name="more" size={isBeside ? 20 : 22} /><span>{t('shell.more')}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {ways.map((way) => (
          <Menu.Item key={way.to} leftSection={<Icon name={way.icon} size={18} />} rightSection={isBeside && <kbd>{shownKeys(way.keys).join(' ')}</kbd>} onClick={() => navigate({ to: way.to })}>{t(way.label)}</Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

// Every key that works here, and what it does.
import { Modal, Title } from '@mantine/core';
import { useTranslation } from '../i18n/words';
import { type Command, keysOf, shownKeys, useAllCommands } from './commands';
import style from './shell.module.css';

export function Help({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const { t } = useTranslation();
  const groups = new Map<string, Command[]>();
  for (const c of useAllCommands()) if (keysOf(c)) groups.set(c.group, [...(groups.get(c.group) ?? []), c]);
  return (
    <Modal opened={isOpen} onClose={close} title={t('shell.help')} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <div style={{ columns: '16rem 2', columnGap: '2rem' }}>
        {[...groups].map(([group, list]) => (
          <section key={group} className={style.helpGroup}>
            <Title order={3}>{group}</Title>
            {list.map((c) => (
              <div key={c.id} className={style.helpRow}>
                <span>{c.label}</span><span>{shownKeys(keysOf(c) ?? '').map((k) => <kbd key={k}>{k}</kbd>)}</span>
              </div>
            ))}
          </section>
        ))}
      </div>
    </Modal>
  );
}

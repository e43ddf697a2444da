// The side panel beside a list; on a phone a sheet from below. Escape closes it, and the list has the focus again.
import { ActionIcon, Drawer, Title, Tooltip } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from '../i18n/words';
import { useCommands } from '../shell/commands';
import { Icon } from './icons';
import { usePhone } from './phone';
import style from './ui.module.css';

interface Peek {
  title: string;
  sub?: ReactNode;
  label: string;
  close: () => void;
  open?: () => void;
  foot?: ReactNode;
  children: ReactNode;
}

export function PeekFrame({ children, peek }: { children: ReactNode; peek?: ReactNode }) {
  return (
    <div className={style.peekFrame}>
      <div className={style.peekList}>{children}</div>
      {peek}
    </div>
  );
}

export function Peek(props: Peek) {
  const { t } = useTranslation();
  const isPhone = usePhone();
  const box = useRef<HTMLElement>(null);
  const { close } = props;
  useCommands([{ id: 'peek.close', group: t('keys.moving'), label: t('close'), keys: 'Escape', isQuiet: true, run: () => leave() }]);

  function leave() {
    close();
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[role=grid] [data-active], [role=grid] [tabindex="0"]')?.focus({ preventScroll: true }));
  }
  useEffect(() => {
    if (!isPhone && !document.activeElement?.closest('[role=grid]')) box.current?.focus({ preventScroll: true });
  }, [isPhone]);
  if (isPhone) {
    return (
      <Drawer.Root opened onClose={close} position="bottom" size="85dvh" padding={0}>
        <Drawer.Overlay />
        <Drawer.Content className={style.sheet} aria-label={props.title}>
          <Drawer.Body className={style.sheetBody}><Parts {...props} /></Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
    );
  }
  return <aside ref={box} className={style.peek} aria-label={props.label} tabIndex={-1}><Parts {...props} close={leave} /></aside>;
}

function Parts({ title, sub, close, open, foot, children }: Peek) {
  const { t } = useTranslation();
  return (
    <>
      <header className={style.peekHead}>
        <div style={{ flex: 1, minWidth: 0 }}>
          <Title order={2} style={{ overflowWrap: 'anywhere' }}>{title}</Title>
          {sub && <div style={{ color: 'var(--mantine-color-dimmed)', fontSize: '0.8125rem' }}>{sub}</div>}
        </div>
        {open && <Tooltip label={t('openPage')}><ActionIcon variant="subtle" color="gray" onClick={open} aria-label={t('openPage')}><Icon name="link" /></ActionIcon></Tooltip>}
        <ActionIcon variant="subtle" color="gray" onClick={close} aria-label={t('close')}><Icon name="close" /></ActionIcon>
      </header>
      <div className={style.peekBody} tabIndex={0} role="region" aria-label={title}>{children}</div>
      {foot && <footer className={style.peekFoot}>{foot}</footer>}
    </>
  );
}

export function Facts({ rows }: { rows: [string, ReactNode][] }) {
  return <dl className={style.facts}>{rows.filter(([, value]) => value).map(([label, value]) => [<dt key={`${label}t`}>{label}</dt>, <dd key={label}>{value}</dd>])}</dl>;
}

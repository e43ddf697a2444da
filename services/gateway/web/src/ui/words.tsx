// What is typed is looked for once whoever types pauses; going back in the browser writes it here.
import { TextInput } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Icon } from './icons';
import style from './ui.module.css';

const TYPE_MS = 120;

export function Words({ label, q, show }: { label: string; q: string; show: (q?: string) => void }) {
  const router = useRouter();
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  useEffect(() => {
    if (typed === q) return;
    const { pathname } = router.latestLocation;
    // Whoever has gone on meanwhile, to a page that is only being loaded, is not fetched back.
    const timer = setTimeout(() => router.latestLocation.pathname === pathname && show(typed || undefined), TYPE_MS);
    return () => clearTimeout(timer);
  }, [typed, q, show, router]);
  return (
    <TextInput size="xs" className={style.words} leftSection={<Icon name="search" size={14} />} aria-label={label} placeholder={label}
      value={typed} onChange={(e) => setTyped(e.currentTarget.value)} maxLength={200} type="search" />
  );
}

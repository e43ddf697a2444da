// Where files are dropped, and what is on its way.
import { ActionIcon, CloseButton, FileButton, Progress, Text } from '@mantine/core';
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { refusalOf } from '../api/refusal';
import { Icon } from '../ui/icons';
import { UNWANTED, upload } from './upload';
import style from './documents.module.css';

export interface Sending {
  key: number;
  name: string;
  part: number;
  state: 'goes' | 'waits' | 'refused';
  text?: string;
}

const AT_ONCE = 3;

// `keep` is told of each file that is there, and by which hash.
export function useUploads(keep: (file: File, hash: string) => Promise<unknown>) {
  const [rows, setRows] = useState<Sending[]>([]);
  const waiting = useRef<{ key: number; file: File }[]>([]);
  const going = useRef(new Map<number, AbortController>());
  const next = useRef(1);
  const set = (key: number, change: Partial<Sending>) => setRows((list) => list.map((r) => (r.key === key ? { ...r, ...change } : r)));
  const gone = (key: number) => setRows((list) => list.filter((r) => r.key !== key));
  useEffect(() => () => going.current.forEach((stop) => stop.abort()), []);

  async function send(key: number, file: File) {
    const stop = new AbortController();
    going.current.set(key, stop);
    try {
      const hash = await upload(file, { part: (part) => set(key, { part, state: 'goes' }), waits: () => set(key, { state: 'waits' }) }, stop.signal);
      await keep(file, hash);
      gone(key);
    } catch (error) {
      if (!stop.signal.aborted) set(key, { state: 'refused', text: error instanceof Error && error.constructor === Error ? error.message : refusalOf(error).message });
    }
    going.current.delete(key);
    start();
  }
  function start() {
    while (going.current.size < AT_ONCE) {
      const first = waiting.current.shift();
      if (!first) return;
      send(first.key, first.file);
    }
  }
  const add = (files: Iterable<File>) => {
    const added = [...files].map((file) => ({ key: next.current++, file }));
    waiting.current.push(...added);
    setRows((list) => [...list, ...added.map(({ key, file }): Sending => ({ key, name: file.name, part: 0, state: 'goes' }))]);
    start();
  };
  const stop = (key: number) => {
    waiting.current = waiting.current.filter((w) => w.key !== key);
    going.current.get(key)?.abort(UNWANTED);
    gone(key);
  };
  return { rows, add, stop };
}

export function Uploads({ rows, stop }: { rows: Sending[]; stop: (key: number) => void }) {
  const { t } = useTranslation();
  if (rows.length === 0) return null;
  return (
    <ul className={style.uploads} aria-label={t('documents.onTheWay')}>
      {rows.map((r) => (
        <li key={r.key} className={style.upload} data-state={r.state}>
          <span className="cut">{r.name}</span>
          {r.state === 'refused' ? <Text size="xs" c="var(--late)" role="alert" className={style.uploadText}>{r.text}</Text>
            : <Progress value={100 * r.part} size="sm" aria-label={t('documents.come', { name: r.name })} className={style.uploadText} />}
          <span className={style.dim}>{r.state === 'waits' ? t('documents.waits') : r.state === 'goes' ? `${Math.floor(100 * r.part)} %` : ''}</span>
          <CloseButton size="sm" aria-label={t('documents.stop', { name: r.name })} onClick={() => stop(r.key)} />
        </li>
      ))}
    </ul>
  );
}

const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');

export function DropZone({ take, label, children }: { take: (files: File[]) => void; label: string; children: ReactNode }) {
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setOver(false);
    take([...event.dataTransfer.files]);
  };
  const leave = (event: DragEvent) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setOver(false);
  return (
    <div className={style.zone} onDragOver={over} onDragLeave={leave} onDrop={drop}>
      {children}
      {isOver && <div className={style.over}><Icon name="upload" size={28} /><span>{label}</span></div>}
    </div>
  );
}

// A small button where there is no room for words.
export function FileAction({ take, label }: { take: (files: File[]) => void; label: string }) {
  return <FileButton multiple onChange={take}>{(props) => <ActionIcon {...props} size="lg" aria-label={label}><Icon name="plus" /></ActionIcon>}</FileButton>;
}

// What can be done now, each with its key: the palette, the keyboard and the help page read the same list.
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react';
import { settings } from './settings';

export interface Command {
  id: string;
  group: string;
  label: string;
  // 'a', 'Enter', 'mod+k', or one after the other: 'g l'.
  keys?: string;
  icon?: ReactNode;
  enabled?: boolean;
  // Only a key, nothing for the palette: moving about.
  isQuiet?: boolean;
  run: () => void;
}

type Layer = { current: Command[] };
const layers: Layer[] = [];
const listeners = new Set<() => void>();
let version = 0;
const SEQUENCE_MS = 1200;

function changed() {
  version++;
  for (const listener of listeners) listener();
}

export const keysOf = (c: Command) => settings.get().keys[c.id] ?? c.keys;

// The newest first: what stands on top of a page comes before the page.
export function commands(): Command[] {
  const found = new Map<string, Command>();
  for (const layer of [...layers].reverse()) for (const c of layer.current) if (!found.has(c.id)) found.set(c.id, c);
  return [...found.values()];
}

export function useCommands(list: Command[]) {
  const layer = useRef<Command[]>(list);
  layer.current = list;
  const shape = list.map((c) => `${c.id}${c.enabled !== false}${c.label}`).join();
  useEffect(() => {
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      changed();
    };
  }, []);
  useEffect(changed, [shape]);
}

export function useAllCommands(): Command[] {
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => version,
  );
  return commands();
}

export function nameOfKey(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${key === ' ' ? 'Space' : key}`;
}

const TYPING = 'input, textarea, select, [contenteditable=true], [role=listbox], [role=combobox]';
const PRESSABLE = 'button, a, summary, [role=button], [role=tab], [role=menuitem], [role=checkbox], [role=switch], [role=radio]';

function isFor(event: KeyboardEvent, name: string): boolean {
  const target = event.target as HTMLElement;
  if (event.defaultPrevented || event.isComposing) return false;
  if (name.startsWith('mod+')) return true;
  const type = target instanceof HTMLInputElement ? target.type : '';
  if (target.closest(TYPING) && type !== 'checkbox' && type !== 'radio') return false;
  if (type === 'radio' && /^(Arrow|Space)/.test(name)) return false;
  const isButtons = name === 'Enter' || name === 'Space';
  return !(isButtons && target.closest(PRESSABLE)) && !document.querySelector('[role=dialog][aria-modal=true]');
}

// Listens for the page's whole life; returns how to stop.
export function startKeys(): () => void {
  let first = '';
  let firstAt = 0;
  const press = (event: KeyboardEvent) => {
    const name = nameOfKey(event);
    const typing = (event.target as HTMLElement).closest<HTMLElement>('main input, main textarea');
    if (name === 'Escape' && typing && !event.defaultPrevented) typing.blur(); // keys are for the page again
    if (!isFor(event, name)) return;
    const both = event.timeStamp - firstAt < SEQUENCE_MS && first ? `${first} ${name}` : '';
    const able = commands().filter((c) => c.enabled !== false);
    const command = able.find((c) => both && keysOf(c) === both) ?? able.find((c) => keysOf(c) === name);
    first = '';
    if (command) {
      event.preventDefault();
      command.run();
    } else if (able.some((c) => keysOf(c)?.startsWith(`${name} `))) {
      [first, firstAt] = [name, event.timeStamp];
    }
  };
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}

const mac = /Mac|iPhone|iPad/.test(navigator.platform);
const SHOWN: { [key: string]: string } = { Escape: 'Esc', ArrowDown: '↓', ArrowUp: '↑' };

export const shownKeys = (keys: string) => keys.split(' ')
  .map((k) => k.replace('mod+', mac ? '⌘' : 'Ctrl ').replace(/\b[a-z]$/, (c) => c.toUpperCase()).replace(/\w+$/, (w) => SHOWN[w] ?? w));

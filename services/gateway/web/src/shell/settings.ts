// What somebody likes on this device: language, light, density, keys. Every tab hears of a change.
import { useSyncExternalStore } from 'react';
import type { Language } from '../i18n';

export interface Settings {
  language?: Language;
  density: 'cosy' | 'dense';
  keys: { [command: string]: string };
}

const PLACE = 'baton.settings';
const listeners = new Set<() => void>();

function read(): Settings {
  try {
    return { density: 'cosy', keys: {}, ...JSON.parse(localStorage.getItem(PLACE) ?? '{}') };
  } catch {
    return { density: 'cosy', keys: {} }; // private windows may have no storage
  }
}

let now = read();

function tell() {
  for (const listener of listeners) listener();
}

export const settings = {
  get: () => now,
  set(change: Partial<Settings>) {
    now = { ...now, ...change };
    try {
      localStorage.setItem(PLACE, JSON.stringify(now));
    } catch {
      // then it holds for this page alone
    }
    tell();
  },
};

addEventListener('storage', (event) => {
  if (event.key !== PLACE) return;
  now = read();
  tell();
});

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useSettings = () => useSyncExternalStore(subscribe, settings.get);

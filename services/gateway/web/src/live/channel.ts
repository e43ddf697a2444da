// One event stream for all tabs of a browser: the tab that holds the lock reads it and tells the others. What a tab
// changes, it tells them, too. Where a browser has no locks (an address without https), every tab reads its own.
import type { NotificationJson } from './wire';

export type LiveState = 'connecting' | 'live' | 'reconnecting';

export type Said =
  | { kind: 'notification'; notification: NotificationJson }
  | { kind: 'cleared'; ids: string[] }
  | { kind: 'refresh' }
  | { kind: 'state'; state: LiveState; device: string }
  | { kind: 'changed'; keys: string[] }
  | { kind: 'ended' }
  | { kind: 'ask' };

type Hear = (said: Said) => void;

export interface Channel {
  // To the other tabs.
  say: Hear;
  // To this one, too.
  tell: Hear;
  close: () => void;
}

export function openChannel(name: string, hear: Hear): Channel {
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel(`baton.${name}`) : undefined;
  channel?.addEventListener('message', (event: MessageEvent<Said>) => hear(event.data));
  const say = (said: Said) => channel?.postMessage(said);
  return {
    say,
    tell: (said) => {
      say(said);
      hear(said);
    },
    close: () => channel?.close(),
  };
}

// Runs `lead` once this tab is the one that reads; what it returns ends that. Returns how to give up.
export function whenLeading(name: string, lead: () => () => void): () => void {
  if (!navigator.locks || !('BroadcastChannel' in window)) return lead();
  const wish = new AbortController();
  let done = () => {};
  navigator.locks.request(`baton.${name}`, { signal: wish.signal }, () => {
    const end = lead();
    return new Promise<void>((resolve) => {
      done = () => {
        end();
        resolve();
      };
    });
  }).catch(() => {}); // given up before it came to this tab
  return () => {
    wish.abort();
    done();
  };
}

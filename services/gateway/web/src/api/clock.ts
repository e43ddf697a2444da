// The server's clock minus ours, narrowed by every answer: its Date header is right to the second.
let low = -Infinity;
let high = Infinity;

export function learnClock(header: string | null, before: number, after: number) {
  const date = Date.parse(header ?? '');
  if (Number.isNaN(date)) return;
  const from = date - after;
  const to = date + 1000 - before;
  if (from > high || to < low) [low, high] = [from, to]; // a clock was set
  else [low, high] = [Math.max(low, from), Math.min(high, to)];
}

export function serverNow(): number {
  return Date.now() + (low === -Infinity ? 0 : (low + high) / 2);
}

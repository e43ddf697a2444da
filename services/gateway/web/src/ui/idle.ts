// What nobody needs at first sight waits until the browser has shown it, but no longer than this.
const MOST_MS = 1000;

export const idle = () => new Promise<void>((resolve) => {
  if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: MOST_MS });
  else setTimeout(resolve, MOST_MS / 5); // Safari
});

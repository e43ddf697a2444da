// The page's side of the service worker: it is registered, told to forget, and leads here what was clicked.
const PATH = `${import.meta.env.BASE_URL}sw.js`;

export const canWork = () => 'serviceWorker' in navigator;

export async function startWorker(open: (path: string) => void) {
  if (!canWork()) return;
  navigator.serviceWorker.addEventListener('message', ({ data }) => data?.open && open(data.open));
  await navigator.serviceWorker.register(PATH, { scope: import.meta.env.BASE_URL }).catch(() => {}); // without it pages work, with a network
}

export const worker = () => navigator.serviceWorker.getRegistration(import.meta.env.BASE_URL);

// What is kept belongs to whoever was signed in.
export async function forget() {
  if (canWork()) (await worker())?.active?.postMessage('forget');
}

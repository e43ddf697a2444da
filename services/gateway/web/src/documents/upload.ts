// A file on its way: in pieces, as tus has it, and on after a break, also when the page was left meanwhile.
import { DetailedError, Upload } from 'tus-js-client';
import { saidOf } from '../i18n';

const RETRY_MS = [0, 1000, 3000];
const AGAIN_MS = 5000;

// Why somebody ends one: what has come of it is thrown away. Otherwise it goes on when the file is chosen again.
export const UNWANTED = 'unwanted';

export interface Hear {
  // How much of it has come, from 0 to 1.
  part: (part: number) => void;
  // Nobody answers; it goes on by itself.
  waits: () => void;
}

// Why the server takes no more of it; undefined: it did not say, and may yet take it.
function reasonOf(error: Error): string | undefined {
  const answer = error instanceof DetailedError ? error.originalResponse : null;
  const status = answer?.getStatus() ?? 0;
  if (!answer || status < 400 || status >= 500 || [408, 409, 423, 429].includes(status)) return undefined;
  try {
    return saidOf(JSON.parse(answer.getBody()).message ?? error.message);
  } catch {
    return error.message;
  }
}

// What it is called by from then on.
export function upload(file: File, hear: Hear, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let hash = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const it = new Upload(file, {
      endpoint: `${location.origin}/v1/files`,
      headers: { 'Connect-Protocol-Version': '1' },
      metadata: { filename: file.name },
      retryDelays: RETRY_MS,
      removeFingerprintOnSuccess: true,
      onProgress: (sent, all) => hear.part(all > 0 ? sent / all : 1),
      onAfterResponse: (_, answer) => {
        hash = answer.getHeader('Baton-File') ?? hash;
      },
      onSuccess: () => {
        end();
        resolve(hash);
      },
      onError: (error) => {
        const reason = reasonOf(error);
        if (reason !== undefined) {
          end();
          reject(new Error(reason));
          return;
        }
        hear.waits();
        timer = setTimeout(go, AGAIN_MS);
      },
    });
    const go = () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      it.start();
    };
    const stop = () => {
      end();
      it.abort(signal.reason === UNWANTED).catch(() => {}); // what is left of it is forgotten by itself
      reject(signal.reason);
    };
    function end() {
      clearTimeout(timer);
      removeEventListener('online', go);
      signal.removeEventListener('abort', stop);
    }
    addEventListener('online', go);
    signal.addEventListener('abort', stop);
    it.findPreviousUploads().then(([before]) => {
      if (signal.aborted) return;
      if (before) it.resumeFromPreviousUpload(before);
      it.start();
    }, reject);
  });
}

// The way to the server. Questions are GETs, so that browser and service worker can keep their answers; changes have a
// request id, so that asking again is safe.
import { Code, ConnectError, type Client, type Interceptor, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import type { DescService } from '@bufbuild/protobuf';
import i18next from 'i18next';
import { DirectoryService } from '../gen/baton/v1/directory_pb';
import { NotificationService } from '../gen/baton/v1/notifications_pb';
import { learnClock } from './clock';
import { freshId } from './id';

const ATTEMPTS = 3;
const PAUSE_MS = 300;

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

const clocked: Interceptor = (next) => async (request) => {
  const before = Date.now();
  const answer = await next(request);
  learnClock(answer.header.get('date'), before, Date.now());
  return answer;
};

// fetch fails without a word where nobody answers.
const named: Interceptor = (next) => async (request) => {
  try {
    return await next(request);
  } catch (error) {
    const cause = error instanceof ConnectError ? error.cause : error;
    if (request.signal.aborted || !(cause instanceof TypeError)) throw error;
    throw new ConnectError(i18next.t('offline.noAnswer'), Code.Unavailable, undefined, undefined, cause);
  }
};

const identified: Interceptor = (next) => (request) => {
  const message = request.message as { requestId?: string };
  if (!request.stream && request.method.input.field.requestId && !message.requestId) message.requestId = freshId();
  return next(request);
};

const repeated: Interceptor = (next) => async (request) => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await next(request);
    } catch (error) {
      const again = ConnectError.from(error).code === Code.Unavailable && navigator.onLine && !request.signal.aborted;
      if (!again || attempt === ATTEMPTS) throw error;
      await pause(PAUSE_MS * attempt);
    }
  }
};

const options = { baseUrl: location.origin, useBinaryFormat: true, interceptors: [identified, repeated, named, clocked] };
const transport = createConnectTransport({ ...options, useHttpGet: true });
const posting = createConnectTransport(options);

export const client = <S extends DescService>(service: S): Client<S> => createClient(service, transport);

// Of questions that are longer than an address can be.
export const longClient = <S extends DescService>(service: S): Client<S> => createClient(service, posting);

// What the first view needs; others come with the pages that ask them.
export const directory = client(DirectoryService);
export const notifications = client(NotificationService);

// With it the answer's session is a cookie that no script sees.
export const AS_COOKIE = { headers: { 'Baton-Session': 'cookie' } };

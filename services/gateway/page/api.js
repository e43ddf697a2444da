// Calls to the server, its refusals, and its clock.

export class Refusal extends Error {
  constructor(code, message, field) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

// The server's clock minus ours, narrowed by every answer: its Date header is right to the second.
let low = -Infinity, high = Infinity;

function learnClock(response, before, after) {
  const date = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(date)) return;
  const from = date - after, to = date + 1000 - before;
  if (from > high || to < low) [low, high] = [from, to]; // a clock was set
  else [low, high] = [Math.max(low, from), Math.min(high, to)];
}

export function serverNow() {
  return Date.now() + (low === -Infinity ? 0 : (low + high) / 2);
}

// UUID version 7: ids in time order are cheap for the store.
export function freshId() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  const ms = Date.now();
  for (let i = 0; i < 6; i++) b[i] = Math.floor(ms / 2 ** (40 - 8 * i)) & 255;
  b[6] = (b[6] & 15) | 0x70;
  b[8] = (b[8] & 63) | 0x80;
  const hex = [...b].map((v) => v.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

async function refusalOf(response) {
  let body = {};
  try {
    body = await response.json();
  } catch {
    // something between us and the server answered
  }
  const detail = (body.details ?? []).find((d) => d.type === 'baton.v1.FieldViolation');
  const code = body.code ?? (response.status === 401 ? 'unauthenticated' : 'unavailable');
  return new Refusal(code, body.message ?? `The server answered ${response.status}.`, detail?.debug?.field);
}

async function once(method, request, headers) {
  const before = Date.now();
  let response;
  try {
    response = await fetch(`/baton.v1.${method}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Connect-Protocol-Version': '1', ...headers },
      body: JSON.stringify(request),
    });
  } catch {
    throw new Refusal('unavailable', 'Baton does not answer.');
  }
  learnClock(response, before, Date.now());
  if (!response.ok) throw await refusalOf(response);
  return response.json();
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Asks again when nobody answered: the request id makes sure that it happens once.
export async function call(method, request = {}, headers = {}) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(method, request, headers);
    } catch (error) {
      if (error.code !== 'unavailable' || attempt === 3) throw error;
      await pause(300 * attempt);
    }
  }
}

export function change(method, request, headers) {
  return call(method, { requestId: freshId(), ...request }, headers);
}

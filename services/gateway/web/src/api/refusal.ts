// Why the server said no, as a page shows it.
import { Code, ConnectError } from '@connectrpc/connect';
import { FieldViolationSchema } from '../gen/baton/v1/common_pb';
import { saidOf } from '../i18n';

export interface Refusal {
  code: Code;
  message: string;
  // As messages name it: lastName, or address.city.
  field?: string;
}

const camel = (path: string) => path.replace(/_(.)/g, (_, c: string) => c.toUpperCase());

export function refusalOf(error: unknown): Refusal {
  const e = ConnectError.from(error);
  const [violation] = e.findDetails(FieldViolationSchema);
  return { code: e.code, message: saidOf(e.rawMessage), field: violation?.field ? camel(violation.field) : undefined };
}

export const isSignedOut = (error: unknown) => ConnectError.from(error).code === Code.Unauthenticated;
export const isOffline = (error: unknown) => ConnectError.from(error).code === Code.Unavailable;
export const isConflict = (error: unknown) => ConnectError.from(error).code === Code.Aborted;

// Why the server said no, as a page shows it.
import { Code, ConnectError } from '@connectrpc/connect';
import { FieldViolationSchema } from '../gen/baton/v1/common_pb';
import { type Record, RecordSchema } from '../gen/baton/v1/record_pb';

export interface Refusal {
  code: Code;
  message: string;
  // As messages name it: lastName, or address.city.
  field?: string;
  // Of a conflict: what there is now.
  current?: Record;
}

const camel = (path: string) => path.replace(/_(.)/g, (_, c: string) => c.toUpperCase());

export function refusalOf(error: unknown): Refusal {
  const e = ConnectError.from(error);
  const [violation] = e.findDetails(FieldViolationSchema);
  const [current] = e.findDetails(RecordSchema);
  return { code: e.code, message: e.rawMessage, field: violation?.field ? camel(violation.field) : undefined, current };
}

export const isSignedOut = (error: unknown) => ConnectError.from(error).code === Code.Unauthenticated;
export const isOffline = (error: unknown) => ConnectError.from(error).code === Code.Unavailable;
export const isConflict = (error: unknown) => ConnectError.from(error).code === Code.Aborted;

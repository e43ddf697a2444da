// How far a service is behind those it follows: name, records, and why it stands still, if it does.
import type { ServiceStatus } from '../gen/baton/v1/system_pb';

export function lagOf(service: ServiceStatus, all: ServiceStatus[]): [string, number, string][] {
  const heads = new Map(all.map((s) => [s.name, s.headSeq]));
  return service.follows.map((f) => [f.service, Math.max(0, Number((heads.get(f.service) ?? f.headSeq) - f.cursorSeq)), f.stopped]);
}

// How far a service is behind those it follows: name, records, and why it stands still, if it does.
import type { ServiceStatus } from '../gen/baton/v1/system_pb';

export function lagOf(service: ServiceStatus, all: ServiceStatus[]): [string, number, string][] {
  const heads = new Map(all.map((s) => [s.name, s.headSeq]));
  return service.follows.map((f) => [f.service, Math.max(0, Number((heads.get(f.service) ?? f.headSeq) - f.cursorSeq)), f.stopped]);
}

// How long it took on average to write down what came together.
export const meanMs = (service: Pick<ServiceStatus, 'commits' | 'commitUs'>) => (service.commits > 0n ? Math.round(Number(service.commitUs) / Number(service.commits) / 100) / 10 : 0);

// What a webhook can be told of.
export const EVENTS = ['lead.assigned', 'lead.accepted', 'lead.declined', 'lead.escalated', 'lead.converted', 'lead.closed', 'lead.reopened', 'lead.merged'];

// Records whose changes administrators look through; those of customers and deals stand on their own pages.
export const AUDITED = ['user', 'team', 'organisation', 'pool', 'territory', 'territoryModel', 'pipeline', 'qualityRule', 'customField', 'product', 'priceBook', 'priceBookEntry', 'offer', 'discountLimit', 'taxRate',
  'webhookEndpoint', 'planTemplate', 'dashboard', 'documentSettings'] as const;
export type Audited = (typeof AUDITED)[number];

// What a record is called by, whatever kind it is of.
export function nameOf(record: object): string {
  const r = record as { [name: string]: unknown };
  const found = ['name', 'title', 'label', 'code', 'key', 'contract'].map((k) => r[k]).find((v) => typeof v === 'string' && v !== '');
  return String(found ?? r.id);
}

// What a browser needs of the schema: strip.mjs IN OUT copies a FileDescriptorSet without options, and with no
// more than the methods that the pages call, the kinds of records they show, and the messages that those mention.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema, MethodOptionsSchema } from '@bufbuild/protobuf/wkt';

const [input, output] = process.argv.slice(2);
const set = fromBinary(FileDescriptorSetSchema, readFileSync(input));
const SOURCES = join(import.meta.dirname, 'src');
const RECORDS = ['organisation', 'user', 'team', 'territory', 'pool', 'account', 'contact', 'activity', 'note', 'relationship', 'consent', 'custom_field',
  'saved_view', 'calendar', 'record_share', 'opportunity', 'pipeline', 'quality_rule',
  'quote', 'product', 'price_book', 'document', 'document_revision', 'document_settings', 'plan_template', 'dashboard', 'territory_model', 'place',
  'price_book_entry', 'offer', 'discount_limit', 'tax_rate', 'currency_rate', 'webhook_endpoint', 'account_plan',
  'collateral_item', 'stock_place', 'collateral_order'];

const pages = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((f) => /\.tsx?$/.test(f) && !f.startsWith('gen'))
  .map((f) => readFileSync(join(SOURCES, f), 'utf8')).join('\n');
const isCalled = (name) => new RegExp(`\\.${name[0].toLowerCase()}${name.slice(1)}\\b`).test(pages);
const PUBLIC = /^\.baton\.v1\.(FieldViolation|StageConditions)$/; // details of refusals

const messages = new Map();
for (const file of set.file) for (const m of file.messageType) messages.set(`.${file.package}.${m.name}`, m);

const kept = new Set();
function keep(name) {
  const message = messages.get(name);
  if (!message || kept.has(name)) return;
  kept.add(name);
  for (const field of message.field) if (field.typeName) (keep(field.typeName), kept.add(field.typeName));
}

const record = messages.get('.baton.v1.Record');
record.field = record.field.filter((f) => RECORDS.includes(f.name));
for (const file of set.file) {
  for (const service of file.service) service.method = service.method.filter((m) => isCalled(m.name));
  file.service = file.service.filter((service) => service.method.length > 0);
  for (const service of file.service) for (const method of service.method) {
    keep(method.inputType);
    keep(method.outputType);
    method.options = method.options && create(MethodOptionsSchema, { idempotencyLevel: method.options.idempotencyLevel });
  }
}
for (const name of messages.keys()) if (PUBLIC.test(name)) keep(name);

for (const file of set.file) {
  if (!file.package.startsWith('baton.')) continue;
  const own = (m) => `.${file.package}.${m.name}`;
  file.messageType = file.messageType.filter((m) => kept.has(own(m)));
  file.enumType = file.enumType.filter((e) => kept.has(own(e)) || e.name === 'Code');
  file.extension = [];
  file.options = undefined;
  file.sourceCodeInfo = undefined;
  for (const m of file.messageType) {
    m.options = undefined;
    for (const field of m.field) field.options = undefined;
  }
}
writeFileSync(output, toBinary(FileDescriptorSetSchema, set));

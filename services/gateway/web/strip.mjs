// What a browser needs of the schema: strip.mjs IN OUT copies a FileDescriptorSet without our own options, and without
// messages that no method of the public API mentions (events, rows).
import { readFileSync, writeFileSync } from 'node:fs';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema, MethodOptionsSchema } from '@bufbuild/protobuf/wkt';

const [input, output] = process.argv.slice(2);
const set = fromBinary(FileDescriptorSetSchema, readFileSync(input));
const PUBLIC = /^\.baton\.v1\.(FieldViolation)$/; // details of refusals

const messages = new Map();
for (const file of set.file) for (const m of file.messageType) messages.set(`.${file.package}.${m.name}`, m);

const kept = new Set();
function keep(name) {
  const message = messages.get(name);
  if (!message || kept.has(name)) return;
  kept.add(name);
  for (const field of message.field) if (field.typeName) (keep(field.typeName), kept.add(field.typeName));
}

const bare = (options) => options && (delete options.$unknown, options);
for (const file of set.file) {
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
  file.options = bare(file.options);
  file.sourceCodeInfo = undefined;
  for (const m of file.messageType) {
    bare(m.options);
    for (const field of m.field) bare(field.options);
  }
}
writeFileSync(output, toBinary(FileDescriptorSetSchema, set));

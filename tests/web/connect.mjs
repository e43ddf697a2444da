// The reference of the Connect protocol: its server with a trivial LeadService, and its clients.
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { compressionGzip, connectNodeAdapter, createConnectTransport as createNodeTransport } from '@connectrpc/connect-node';
import { createConnectTransport as createWebTransport } from '@connectrpc/connect-web';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(dirname(HERE));
const BUF = join(HERE, 'node_modules', '.bin', 'buf');
export const MISSING_ID = '00000000-0000-7000-8000-000000000404';

export { Code, ConnectError, compressionGzip, createClient, createNodeTransport, createWebTransport };

export function buf(...args) {
  const done = spawnSync(BUF, args, { cwd: ROOT, encoding: 'utf8', timeout: 60000 });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

/** The JavaScript that protoc-gen-es makes of our schema, as a client of Baton would have it. */
export async function generated() {
  const template = {
    version: 'v2',
    plugins: [{ local: join(HERE, 'node_modules', '.bin', 'protoc-gen-es'), out: 'gen', opt: ['target=js', 'import_extension=js'] }],
  };
  const { status, err } = buf('generate', '--template', JSON.stringify(template), '-o', HERE);
  if (status !== 0) throw new Error(err);
  return import('./gen/baton/v1/leads_pb.js');
}

/** What a server says its schema is. */
export const registry_of = (bytes) => createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));

/** The reference server: knows one lead that does not exist, and answers the rest with nothing. */
export async function reference(LeadService) {
  const handler = connectNodeAdapter({
    routes: (router) =>
      router.service(LeadService, {
        getLead(request) {
          if (request.id === MISSING_ID) throw new ConnectError('there is no such lead', Code.NotFound);
          return { lead: { id: request.id, company: 'x'.repeat(request.withOriginal ? 5000 : 1) } };
        },
        listLeads: () => ({}),
        captureLead: (request) => ({ lead: request.lead }),
        acceptLead: () => {
          throw new ConnectError('there is no such lead', Code.NotFound);
        },
      }),
  });
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

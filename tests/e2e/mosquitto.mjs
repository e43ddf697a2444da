// An MQTT broker of its own folder, ports and certificate: Mosquitto, as Debian has it.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { free_port, until } from './lib.mjs';

const PROGRAM = '/usr/sbin/mosquitto';
/** For `{ skip: ... }`. */
export const needs_mosquitto = existsSync(PROGRAM) ? false : `${PROGRAM} is not here`;
const READER = ['-u', 'reader', '-P', 'anything'];

/** Knows `baton` with `password`, who may write below `baton/` alone, and a reader of everything. */
export class Mosquitto {
  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), 'baton-mosquitto-'));
    this.password = 'a good "password\\"';
    this.messages = []; // what the reader was given: { topic, payload, retain }
  }

  async start() {
    this.port ??= await free_port();
    this.tls_port ??= await free_port();
    if (!existsSync(join(this.dir, 'conf'))) this.#write();
    this.child = spawn(PROGRAM, ['-c', join(this.dir, 'conf')], { stdio: 'ignore' });
    this.ended = new Promise((resolve) => this.child.on('close', resolve));
    await until('mosquitto listens', () => this.#listens(), 20000);
    return this;
  }

  #listens() {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1', () => (socket.destroy(), resolve(true)));
      socket.on('error', () => resolve(false));
    });
  }

  #write() {
    this.certificate = join(this.dir, 'certificate.pem');
    const key = join(this.dir, 'key.pem'), users = join(this.dir, 'users');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', this.certificate], { stdio: 'ignore' });
    execFileSync('mosquitto_passwd', ['-b', '-c', users, 'baton', this.password]);
    execFileSync('mosquitto_passwd', ['-b', users, READER[1], READER[3]]);
    writeFileSync(join(this.dir, 'acl'), 'user baton\ntopic write baton/#\nuser reader\ntopic read #\n', { mode: 0o600 });
    writeFileSync(join(this.dir, 'conf'), `
user ${userInfo().username}
password_file ${users}
acl_file ${this.dir}/acl
allow_anonymous false
persistence true
persistence_location ${this.dir}/
log_dest file ${this.dir}/log
listener ${this.port} 127.0.0.1
listener ${this.tls_port} 127.0.0.1
certfile ${this.certificate}
keyfile ${key}
`);
  }

  #sub(...args) {
    return ['-h', '127.0.0.1', '-p', String(this.port), ...READER, '-t', '#', ...args];
  }

  /** Somebody who hears all, and whose messages the broker keeps while they or it are away. */
  async listen() {
    this.reader = spawn('mosquitto_sub', this.#sub('-q', '1', '-i', 'reader', '-c', '-F', '%j'), { stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface({ input: this.reader.stdout }).on('line', (line) => this.messages.push(JSON.parse(line)));
    await until('the reader has subscribed', () => {
      execFileSync('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(this.port), '-u', 'baton', '-P', this.password, '-q', '1', '-t', 'baton/hello', '-m', '{}']);
      return this.messages.length > 0;
    });
  }

  of(user) {
    return this.messages.filter((m) => m.topic === `baton/users/${user.id}/notifications`);
  }

  /** What the broker gives somebody who comes late. */
  kept() {
    return spawnSync('mosquitto_sub', this.#sub('-W', '1'), { encoding: 'utf8' }).stdout;
  }

  async stop() {
    if (!this.child) return;
    this.child.kill('SIGTERM');
    await this.ended;
    this.child = undefined;
  }

  async remove() {
    this.reader?.kill();
    await this.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

// An IMAP server of its own folder, ports and certificate: Dovecot, as Debian has it.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { free_port, until } from './lib.mjs';

const PROGRAM = '/usr/sbin/dovecot';
/** For `{ skip: ... }`. */
export const needs_dovecot = existsSync(PROGRAM) ? false : `${PROGRAM} is not here`;

export class Dovecot {
  async start() {
    this.dir ??= mkdtempSync(join(tmpdir(), 'baton-dovecot-'));
    this.port ??= await free_port();
    this.tls_port ??= await free_port();
    this.password ??= 'a good "password\\"';
    if (!existsSync(join(this.dir, 'conf'))) this.#write();
    this.child = spawn(PROGRAM, ['-F', '-c', join(this.dir, 'conf')], { stdio: 'ignore' });
    this.ended = new Promise((resolve) => this.child.on('close', resolve));
    await until('dovecot answers', () => this.#answers(), 20000);
    return this;
  }

  #answers() {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1');
      socket.on('data', () => (socket.destroy(), resolve(true))).on('error', () => resolve(false));
    });
  }

  #write() {
    const root = process.getuid() === 0, me = root ? 'nobody' : userInfo().username;
    const group = execFileSync('id', ['-gn', me], { encoding: 'utf8' }).trim();
    for (const name of ['run', 'state', 'mail']) mkdirSync(join(this.dir, name), { recursive: true });
    this.#certify();
    writeFileSync(join(this.dir, 'users'), `sales:{PLAIN}${this.password}\n`);
    writeFileSync(join(this.dir, 'conf'), `
base_dir = ${this.dir}/run
state_dir = ${this.dir}/state
log_path = ${this.dir}/log
protocols = imap
listen = 127.0.0.1
default_login_user = ${me}
default_internal_user = ${me}
default_internal_group = ${group}
mail_uid = ${me}
mail_gid = ${group}
first_valid_uid = 1
mail_home = ${this.dir}/mail/%u
mail_location = maildir:~/Maildir
ssl = yes
ssl_cert = <${this.dir}/cert.pem
ssl_key = <${this.dir}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
passdb {
  driver = passwd-file
  args = ${this.dir}/users
}
userdb {
  driver = static
  args = uid=${me} gid=${group} home=${this.dir}/mail/%u
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Done {
    auto = create
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${this.port}
  }
  inet_listener imaps {
    port = ${this.tls_port}
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`);
    chmodSync(this.dir, 0o755);
    if (root) execFileSync('chown', ['-R', `${me}:${group}`, join(this.dir, 'mail')]);
  }

  /** Of localhost, by itself. */
  #certify() {
    this.ca = join(this.dir, 'cert.pem');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
      '-addext', 'subjectAltName=DNS:localhost', '-keyout', join(this.dir, 'key.pem'), '-out', this.ca], { stdio: 'ignore' });
  }

  adm(args, input) {
    const done = spawnSync('doveadm', ['-c', join(this.dir, 'conf'), ...args], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
    if (done.status !== 0) throw new Error(`doveadm ${args.join(' ')}: ${done.stderr}`);
    return done.stdout;
  }

  /** Puts a mail into a folder. */
  deliver(mail, folder = 'INBOX') {
    this.adm(['save', '-u', 'sales', '-m', folder], mail);
  }

  count(...query) {
    return this.adm(['search', '-u', 'sales', ...query]).trim().split('\n').filter(Boolean).length;
  }

  async stop() {
    if (!this.child) return;
    this.child.kill('SIGTERM');
    await this.ended;
    this.child = undefined;
  }

  /** The numbers of a folder's mails begin anew, as after a move to another machine. */
  async renumber(folder, then) {
    await this.stop();
    const path = join(this.dir, 'mail', 'sales', 'Maildir', `.${folder}`);
    for (const name of readdirSync(path).filter((n) => n.startsWith('dovecot'))) rmSync(join(path, name));
    await this.start();
    then();
  }

  async remove() {
    await this.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

// A mail server that says what it was given: aiosmtpd, as Debian has it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT, until } from './lib.mjs';

/** A mail server; `lines` is what it said. */
export class MailServer {
  async start(...args) {
    this.lines = [];
    this.child = spawn('/usr/bin/python3', [join(ROOT, 'tests/e2e/smtp.py'), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.child.stdout }).on('line', (line) => this.lines.push(JSON.parse(line)));
    await until('the mail server listens', () => this.lines.length > 0);
    this.port = this.lines[0].port;
    return this;
  }

  letters(to) {
    return this.lines.filter((l) => l.to?.includes(to));
  }

  stop() {
    this.child.stdin.end();
  }
}

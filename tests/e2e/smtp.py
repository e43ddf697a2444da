#!/usr/bin/env python3
"""A mail server on loopback for tests: says on standard output what it took, one JSON line a letter.

usage: smtp.py [--tls CERTIFICATE KEY] [--password NAME PASSWORD]
What it does to a letter is said by the recipient's name: grey (451 the first time), no (550), die (hangs up in the
letter the first time), slow (answers after a second); everybody else gets theirs.
"""
import argparse
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def say(**what):
    print(json.dumps(what), flush=True)


class Mailbox:
    def __init__(self):
        self.seen = set()

    def first(self, name):
        known = name in self.seen
        self.seen.add(name)
        return not known

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split('@')[0]
        say(rcpt=address, encrypted=session.ssl is not None, user=session.authenticated)
        if name == 'no':
            return '550 nobody of that name'
        if name.startswith('grey') and self.first(name):
            return '451 come again later'
        envelope.rcpt_tos.append(address)
        return '250 ok'

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].split('@')[0]
        if name.startswith('die') and self.first(name):
            server.transport.abort()
            return '451 nobody hears this'
        if name.startswith('slow'):
            await asyncio.sleep(1)
        say(to=envelope.rcpt_tos, sender=envelope.mail_from, letter=envelope.content.decode('ascii'))
        return '250 taken'


def authenticator(name, password):
    def check(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login.decode(), data.password.decode()) == (name, password))
    return check


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--tls', nargs=2)
    parser.add_argument('--password', nargs=2)
    options = parser.parse_args()
    more = {}
    if options.tls:
        more['tls_context'] = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        more['tls_context'].load_cert_chain(*options.tls)
    if options.password:
        more.update(authenticator=authenticator(*options.password), auth_required=True,
                    auth_require_tls=options.tls is not None)
    mailbox = Mailbox()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(mailbox, **more), '127.0.0.1', 0)
    say(port=server.sockets[0].getsockname()[1])
    end = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await end


asyncio.run(main())

"""A mail server on loopback for tests: smtp.py [--auth] [--tls CERT KEY] [--starttls CERT KEY].

Says {"port": ..} first, then one JSON line for each message it took. What it answers depends on the recipient: later@ gets 451,
nobody@ gets 550, late-later@ and late-nobody@ the same after the text. Ends when its standard input closes.
"""

import argparse
import asyncio
import email
import email.policy
import json
import logging
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

# It warns of logins in the clear; here nothing leaves this machine.
warnings.simplefilter("ignore")
logging.getLogger("mail.log").setLevel(logging.ERROR)

USER, PASSWORD = b"uncordon", b"right and secret"


def say(thing):
    print(json.dumps(thing), flush=True)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("later@"):
            return "451 4.3.0 the mailbox is busy"
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(to.startswith("late-later@") for to in envelope.rcpt_tos):
            return "451 4.3.2 the disk is full"
        if any(to.startswith("late-nobody@") for to in envelope.rcpt_tos):
            return "554 5.7.1 looks like spam"
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        say(
            {
                "hello": session.host_name,
                "tls": server.transport.get_extra_info("sslcontext") is not None,
                "user": session.auth_data.login.decode() if session.auth_data else None,
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "headers": {name.lower(): str(value) for name, value in message.items()},
                "body": message.get_content().replace("\r\n", "\n"),
                "raw": envelope.original_content.decode("latin-1"),
            }
        )
        return "250 OK"


def login(server, session, envelope, mechanism, data):
    if (data.login, data.password) == (USER, PASSWORD):
        return AuthResult(success=True, auth_data=data)
    # As badly as a server can: it repeats what it was told.
    told = data.password.decode()
    return AuthResult(success=False, handled=False, message=f"535 5.7.8 {told} is wrong")


def context(pair):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*pair)
    return made


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--auth", action="store_true")
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--starttls", nargs=2)
    asked = parser.parse_args()
    options = {
        "hostname": "post.test",
        "authenticator": login if asked.auth else None,
        "auth_required": asked.auth,
        # With TLS from the first byte on aiosmtpd does not know that the way is protected.
        "auth_require_tls": False,
        "tls_context": context(asked.starttls) if asked.starttls else None,
        "require_starttls": bool(asked.starttls),
    }
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), loop=loop, **options),
        host="127.0.0.1",
        port=0,
        ssl=context(asked.tls) if asked.tls else None,
    )
    say({"port": server.sockets[0].getsockname()[1]})
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())

"""A real SMTP server on loopback that records what it accepts, and can misbehave."""

import asyncio
import logging
import socket
import threading
import time
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from functools import cached_property

from aiosmtpd.controller import Controller

# It tells each command otherwise, and slows down with every line.
logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Received:
    sender: str
    recipients: tuple
    content: bytes
    at: float
    connection: int

    @cached_property
    def mail(self):
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def message_id(self):
        return self.mail["Message-ID"]

    @property
    def text(self):
        return self.mail.get_body(("plain",)).get_content()

    @property
    def html(self):
        body = self.mail.get_body(("html",))
        return body.get_content() if body else ""


class AnyPortController(Controller):
    def _trigger_server(self):
        # It knocks at the port it was given, which was "any".
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Banner:
    """A server that says one line to each caller, or nothing at all."""

    def __init__(self, line=""):
        self._line = f"{line}\r\n".encode() if line else b""
        self._callers = []

    def __enter__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._answer, daemon=True).start()
        return self

    def __exit__(self, *_):
        # Wakes the thread that waits for a caller.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for caller in self._callers:
            caller.close()

    def _answer(self):
        with suppress(OSError):
            while True:
                caller, _ = self._socket.accept()
                self._callers.append(caller)
                caller.sendall(self._line)


class Sink:
    """Use as a context manager.

    `delay` is the pause before a message is accepted, `linger` the pause between
    accepting it and saying so, in seconds.
    `answers["DATA"].append("451 later")` gives that answer once instead of 250;
    `always["RCPT"] = "550 nobody"` gives it each time; "hang" gives none at all,
    "hang-after" takes the message and then says nothing, "drop-after" takes it and
    hangs up. Between `pause()` and `resume()` nobody listens at the port.
    """

    def __init__(self, delay=0.0, linger=0.0):
        self.delay = delay
        self.linger = linger
        self.received = []
        self.connections = 0
        self.answers = {
            "MAIL": deque(),
            "RCPT": deque(),
            "DATA": deque(),
            "RSET": deque(),
        }
        self.always = {}
        self._lock = threading.Lock()
        self._controller = self._listener(port=0)

    def _listener(self, port):
        return AnyPortController(
            self, hostname="127.0.0.1", port=port, ready_timeout=10, decode_data=False
        )

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *_):
        self._controller.stop()

    def pause(self):
        """Go away: whoever knocks is refused."""
        self._controller.stop()

    def resume(self):
        """Come back at the same address."""
        self._controller = self._listener(self.port)
        self._controller.start()

    @property
    def port(self):
        return self._controller.port

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def copies(self):
        """Message-ID -> how many copies were accepted."""
        with self._lock:
            return Counter(one.message_id for one in self.received)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        session.number = self.connections
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        envelope.mail_from = address
        return await self._answer("MAIL")

    async def handle_RSET(self, server, session, envelope):  # noqa: N802
        return await self._answer("RSET")

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = await self._answer("RCPT")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        await asyncio.sleep(self.delay)
        wanted = self._next("DATA")
        if wanted and not wanted.endswith("-after"):
            return await self._say(wanted)
        one = Received(
            sender=envelope.mail_from,
            recipients=tuple(envelope.rcpt_tos),
            content=envelope.original_content,
            at=time.time(),
            connection=session.number,
        )
        with self._lock:
            self.received.append(one)
        await asyncio.sleep(self.linger)
        if wanted == "drop-after":
            server.transport.abort()
        return await self._say(wanted or "250 accepted")

    def _next(self, command):
        queue = self.answers[command]
        return queue.popleft() if queue else self.always.get(command)

    async def _answer(self, command):
        return await self._say(self._next(command) or "250 OK")

    async def _say(self, answer):
        if answer.startswith("hang"):
            await asyncio.sleep(600)
        return answer

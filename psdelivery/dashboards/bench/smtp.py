"""A mail server that takes everything and keeps nothing, in a process of its own.

`python -m psdelivery.dashboards.bench.smtp` prints its port and serves until it is
ended. Only on loopback: it is no more than the other end of the bench of the outbox.
"""

import socketserver
import sys

HOST = "127.0.0.1"


class Taker(socketserver.StreamRequestHandler):
    """One connection: says yes to every command and to every mail."""

    def handle(self) -> None:
        self.answer("220 bench")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.answer("354 go on")
                self.read_mail()
            self.answer("221 bye" if word == b"QUIT" else "250 ok")
            if word == b"QUIT":
                return

    def read_mail(self) -> None:
        """Read on to the line with nothing but a dot."""
        while self.rfile.readline() not in {b".\r\n", b""}:
            pass

    def answer(self, text: str) -> None:
        """Send a line."""
        self.wfile.write(f"{text}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def main() -> None:
    """Serve, after the port was printed."""
    with Server((HOST, 0), Taker) as server:
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()

"""A small server that speaks the issues API of GitLab, with all its moods."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit

PATH = "acme/group/collaboration"
TOKEN = "glpat-secret"
ISSUES = f"/api/v4/projects/{PATH.replace('/', '%2F')}"
STARTED = "2027-02-01T09:%02d:00.000Z"


class Gitlab(ThreadingHTTPServer):
    """`mood` says how the next matching requests are answered: (method, what)."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.issues, self.notes, self.asked = {}, {}, []
        self.mood, self.minute = [], 0
        self.per_page = None

    @property
    def host(self):
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self):
        return f"http://{self.host}/{PATH}"

    def now(self):
        self.minute += 1
        return STARTED % self.minute

    def make(self, title, description):
        number = len(self.issues) + 1
        self.issues[number] = {
            "iid": number,
            "title": title.strip(),
            "description": description,
            "state": "opened",
            "web_url": f"{self.url}/-/issues/{number}",
            "created_at": STARTED % 0,
            "updated_at": self.now(),
        }
        return self.issues[number]

    def change(self, number, **fields):
        """What somebody at the customer does to an issue."""
        self.issues[number].update(fields, updated_at=self.now())

    def say(self, number, text, *, system=False):
        rows = self.notes.setdefault(number, [])
        author = {"name": "Cy Ops"}
        note = {"id": 100 + len(rows), "body": text, "author": author}
        rows.append(note | {"created_at": self.now(), "system": system})
        self.change(number)

    def count(self, method):
        return sum(one.startswith(method) for one in self.asked)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments):
        """Nothing is to be read on the screen."""

    def answer(self, code, body, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def handle_any(self):
        server, parts = self.server, urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        server.asked.append(f"{self.command} {parts.path.removeprefix(ISSUES)}")
        if self.headers.get("PRIVATE-TOKEN") != TOKEN:
            return self.answer(401, {"message": "401 Unauthorized"})
        mood = self.mood()
        if isinstance(mood, tuple):
            code, headers = mood
            return self.answer(code, {"message": str(code)}, **headers)
        if mood == "html":
            return self.answer(200, b"<html>")
        if not parts.path.startswith(ISSUES):
            return self.answer(404, {"message": "404 Project Not Found"})
        return self.serve(parts, body, drops=mood == "drop")

    do_GET = do_POST = do_PUT = handle_any

    def mood(self):
        moods = self.server.mood
        if moods and moods[0][0] == self.command:
            return moods.pop(0)[1]
        return None

    def serve(self, parts, body, *, drops):
        path = unquote(parts.path.removeprefix(ISSUES)).strip("/").split("/")
        code, found, headers = self.found(path, parse_qs(parts.query), body)
        if drops:
            # The work is done, and nobody hears of it.
            self.close_connection = True
            return self.connection.close()
        return self.answer(code, found, **headers)

    def found(self, path, query, body):
        server = self.server
        if path == [""]:
            return 200, {"id": 1}, {}
        if len(path) == 1:
            if self.command == "POST":
                return 201, server.make(body["title"], body["description"]), {}
            return self.page(list(self.wanted(query)), query)
        number = int(path[1])
        if number not in server.issues:
            return 404, {"message": "404 Not found"}, {}
        if path[2:] == ["notes"]:
            return self.page(server.notes.get(number, []), query)
        if self.command == "PUT":
            server.change(number, **body)
        return 200, server.issues[number], {}

    def wanted(self, query):
        numbers = {int(one) for one in query.get("iids[]", [])}
        since = query.get("created_after", [""])[0]
        for issue in self.server.issues.values():
            if (not numbers or issue["iid"] in numbers) and issue["created_at"] > since:
                yield issue

    def page(self, rows, query):
        size = self.server.per_page or int(query["per_page"][0])
        page = int(query["page"][0])
        more = len(rows) > page * size
        part = rows[(page - 1) * size : page * size]
        return 200, part, {"X_Next_Page": str(page + 1) if more else ""}


@contextmanager
def running_gitlab():
    server = Gitlab()
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()

"""A visitor of a real web process: cookies, tokens, no help of the test client."""

import http.client
import re
import urllib.parse
from dataclasses import dataclass
from http.cookies import SimpleCookie

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    text: str


class Visitor:
    """Speaks as behind a proxy with HTTPS, so that secure cookies come back."""

    def __init__(self, port, *, host="localhost", seen_by_proxy="198.51.100.7"):
        self.port = port
        self.origin = f"https://{host}"
        self.headers = {
            "Host": host,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": seen_by_proxy,
        }
        self.cookies = {}

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, values):
        """Fill in the form that stands at the path."""
        token = TOKEN.search(self.get(path).text).group(1)
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **values})
        return self.send(path, body.encode(), FORM)

    def send(self, path, body, content_type, **headers):
        headers |= {"Content-Type": content_type, "Referer": self.origin + path}
        return self._ask("POST", path, body, **headers)

    def _ask(self, method, path, body=None, **headers):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = self.headers | headers | ({"Cookie": cookies} if cookies else {})
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {key: one.value for key, one in SimpleCookie(line).items()}
        text = response.read().decode(errors="replace")
        connection.close()
        return Answer(response.status, dict(response.headers), text)

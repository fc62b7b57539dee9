"""The company's log-in against a small server of its own, over real HTTP."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.urls import reverse
from jwt.algorithms import RSAAlgorithm

from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from psdelivery.people.models import User
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

CLIENT_ID, SECRET = "portal", "portal's secret"
LOG_IN = "/accounts/company/"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Company(ThreadingHTTPServer):
    """Discovery, tokens, keys and people of a company, on the loopback."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Desk)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.person = {
            "sub": "anna-1",
            "email": "Anna@Example.com",
            "email_verified": True,
            "given_name": "Anna",
            "family_name": "Ash",
        }
        self.key, self.asked, self.challenge, self.nobody_home = KEY, [], "", False

    def id_token(self, **claims):
        now = int(time.time())
        told = {"iss": self.address, "aud": CLIENT_ID, "iat": now, "exp": now + 60}
        told |= {"sub": self.person["sub"]} | claims
        return jwt.encode(told, self.key, algorithm="RS256", headers={"kid": "k1"})


class Desk(BaseHTTPRequestHandler):
    def do_GET(self):
        company = self.server
        company.asked.append(self.path)
        answers = {
            "/.well-known/openid-configuration": {
                "issuer": company.address,
                "authorization_endpoint": f"{company.address}/authorize",
                "token_endpoint": f"{company.address}/token",
                "userinfo_endpoint": f"{company.address}/userinfo",
                "jwks_uri": f"{company.address}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            },
            "/keys": {"keys": [json.loads(RSAAlgorithm.to_jwk(KEY.public_key()))
                               | {"kid": "k1", "alg": "RS256", "use": "sig"}]},
            "/userinfo": company.person,
        }  # fmt: skip
        is_let_in = self.path != "/userinfo" or (
            self.headers["Authorization"] == "Bearer access"
        )
        is_known = self.path in answers and not company.nobody_home and is_let_in
        self.answer(200 if is_known else 404, answers.get(self.path, {}))

    def do_POST(self):
        company = self.server
        company.asked.append(self.path)
        size = int(self.headers["Content-Length"])
        sent = parse_qs(self.rfile.read(size).decode())
        verifier = sent.get("code_verifier", [""])[0].encode()
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest())
        basic = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        is_right = (
            sent["code"] == ["one-time"]
            and digest.decode().rstrip("=") == company.challenge
            and self.headers["Authorization"] == f"Basic {basic}"
        )
        token = {"access_token": "access", "token_type": "Bearer"}
        token["id_token"] = company.id_token()
        self.answer(200 if is_right else 400, token if is_right else {"error": "no"})

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture
def company(settings):
    server = Company()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.OIDC_SERVER_URL = server.address
    settings.OIDC_NAME = "Example Ltd"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [{
                "provider_id": "sign-on", "name": "Example Ltd",
                "client_id": CLIENT_ID, "secret": SECRET,
                "settings": {"server_url": server.address},
            }],
            "OAUTH_PKCE_ENABLED": True,
        }
    }  # fmt: skip
    yield server
    server.shutdown()
    server.server_close()


def go_there(client, company, next_page=""):
    """To the company and back, as the browser of somebody who is logged in there."""
    away = client.get(LOG_IN, {"next": next_page} if next_page else {})
    asked = {k: v[0] for k, v in parse_qs(urlsplit(away.url).query).items()}
    assert away.url.startswith(f"{company.address}/authorize")
    assert asked["client_id"] == CLIENT_ID
    company.challenge = asked["code_challenge"]
    back = urlsplit(asked["redirect_uri"]).path
    return client.get(back, {"code": "one-time", "state": asked["state"]})


@pytest.fixture
def anna():
    return UserFactory(email="anna@example.com", roles=[Role.PSE])


def test_there_is_no_button_and_no_way_while_it_is_not_set_up(client):
    html = client.get(reverse("account_login")).content.decode()

    assert "Log in with" not in html
    assert client.get(LOG_IN).url == reverse("account_login")


def test_somebody_known_is_let_in_by_a_verified_address(client, company, anna):
    html = client.get(reverse("account_login") + "?next=/people/").content.decode()
    assert "Log in with Example Ltd" in html
    assert f'href="{LOG_IN}?next=%2Fpeople%2F"' in html

    answer = go_there(client, company, "/people/")

    assert answer.url == "/people/"
    assert client.session["_auth_user_id"] == str(anna.pk)
    assert {"/token", "/keys", "/userinfo"} <= set(company.asked)
    assert SocialAccount.objects.get().user == anna
    assert Event.objects.filter(verb="company-log-in-linked").count() == 1


def test_the_second_time_it_is_the_same_person_whatever_the_address(
    client, company, anna
):
    go_there(client, company)
    client.logout()
    company.person["email"] = "ash@example.com"

    go_there(client, company)

    assert client.session["_auth_user_id"] == str(anna.pk)
    assert User.objects.count() == 1


def test_nobody_is_made_unless_the_operator_says_so(client, company, settings):
    answer = go_there(client, company)
    assert answer.status_code == 403
    assert "Nobody with your address is known here" in answer.content.decode()
    assert not User.objects.exists()

    settings.OIDC_CREATE_PEOPLE = True
    go_there(client, company)

    person = User.objects.get()
    assert (person.email, person.first_name) == ("anna@example.com", "Anna")
    assert (person.role_set, person.has_usable_password()) == (frozenset(), False)
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_address_that_nobody_vouches_for_opens_nothing(
    client, company, anna, verified
):
    company.person["email_verified"] = verified

    answer = go_there(client, company)

    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("is_linked", [False, True])
def test_who_has_left_stays_outside(client, company, anna, is_linked):
    if is_linked:
        go_there(client, company)
        client.logout()
    User.objects.update(is_active=False)

    answer = go_there(client, company)

    assert answer.url == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def wrong_key(company):
    company.key = OTHER_KEY


def of_another_portal(company):
    company.id_token = lambda: Company.id_token(company, aud="another")


def too_old(company):
    company.id_token = lambda: Company.id_token(company, exp=int(time.time()) - 60)


def of_another_person(company):
    company.id_token = lambda: Company.id_token(company, sub="bob-1")


@pytest.mark.parametrize(
    "forge", [wrong_key, of_another_portal, too_old, of_another_person]
)
def test_a_token_that_is_not_right_opens_nothing(client, company, anna, forge):
    forge(company)

    answer = go_there(client, company)

    assert "The log-in did not work" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_server_that_is_away_is_told(client, company, anna):
    company.nobody_home = True

    answer = client.get(LOG_IN)

    assert answer.status_code == 503
    assert "The log-in did not work" in answer.content.decode()


def test_an_answer_that_nobody_asked_for_opens_nothing(client, company, anna):
    answer = client.get(f"{LOG_IN}back/", {"code": "one-time", "state": "made-up"})

    assert "_auth_user_id" not in client.session
    assert answer.status_code in {200, 302, 401, 403}

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from psdelivery.settings.guards import (
    refuse_clock_offset,
    refuse_demo,
    refuse_demo_beyond_loopback,
)

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "psdelivery.settings.production",
    "SECRET_KEY": "aB3$" + "".join(map(chr, range(97, 123))) * 3,
    "ALLOWED_HOSTS": "delivery.example.com",
    "DATABASE_URL": "postgres://psdelivery:password@localhost/psdelivery",
    "REDIS_URL": "redis://localhost:6379/0",
}
EMBEDDED = {"DJANGO_SETTINGS_MODULE": "psdelivery.settings.embedded"}
SHOW = (
    "from django.conf import settings as s; print(s.DATABASES['default']['ENGINE'],"
    " s.CELERY_BROKER_URL, len(s.SECRET_KEY), s.SECRET_KEY[:9], sep='|')"
)

pytestmark = pytest.mark.unit


def _run(*arguments, **environment):
    names = {"PATH", "HOME", "LANG"}
    kept = {name: value for name, value in os.environ.items() if name in names}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
    )


def _refusal(**environment):
    run = _run("-c", SHOW, **environment)
    assert run.returncode != 0
    return run.stderr.strip().splitlines()[-1]


def test_production_passes_the_deployment_check_without_a_warning(tmp_path):
    run = _run(
        *("manage.py", "check", "--deploy", "--fail-level", "INFO"),
        PSD_VAR_DIR=str(tmp_path),
        **PRODUCTION,
    )

    assert run.returncode == 0, run.stderr
    assert "no issues" in run.stdout


ASK = """
import django, json; django.setup()
from django.test import Client
def ask(path, **headers):
    answer = Client(headers={"host": "delivery.example.com", **headers}).get(path)
    return [answer.status_code, dict(answer.items())]
https = {"x-forwarded-proto": "https"}
print(json.dumps([ask("/accounts/logout/"), ask("/healthz"), ask("/healthz", **https)]))
"""
SHOW_COOKIES = (
    "from django.conf import settings as s;"
    "print(s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,"
    " s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SECURE,"
    " s.CSRF_COOKIE_SAMESITE, s.X_FRAME_OPTIONS)"
)


def test_production_insists_on_https_and_says_so_for_a_year(tmp_path):
    run = _run("-c", ASK, PSD_VAR_DIR=str(tmp_path), **PRODUCTION)
    assert run.returncode == 0, run.stderr
    plain, probe, secure = json.loads(run.stdout.splitlines()[-1])

    assert plain[0] == 301
    assert plain[1]["Location"] == "https://delivery.example.com/accounts/logout/"
    # The health check of the container comes without HTTPS.
    assert probe[0] == 200
    assert "Strict-Transport-Security" not in probe[1]
    assert secure[1]["Strict-Transport-Security"] == (
        "max-age=31536000; includeSubDomains; preload"
    )
    assert "unsafe" not in secure[1]["Content-Security-Policy"]


def test_production_cookies_travel_by_https_alone(tmp_path):
    run = _run("-c", SHOW_COOKIES, PSD_VAR_DIR=str(tmp_path), **PRODUCTION)

    assert run.stdout.split() == ["True", "True", "Lax", "True", "Lax", "DENY"]


@pytest.mark.parametrize(
    "missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"]
)
def test_production_does_not_start_without(missing):
    environment = {k: v for k, v in PRODUCTION.items() if k != missing}

    assert missing in _refusal(**environment)


def test_production_refuses_demo_users():
    assert "DEMO=1 is refused" in _refusal(DEMO="1", **PRODUCTION)


def test_production_refuses_a_shifted_clock():
    assert "PSD_CLOCK_OFFSET_HOURS" in _refusal(
        PSD_CLOCK_OFFSET_HOURS="1", **PRODUCTION
    )


def test_demo_users_are_refused_with_another_host_than_this_machine(tmp_path):
    refusal = _refusal(
        DEMO="1",
        ALLOWED_HOSTS="localhost,delivery.example.com",
        PSD_VAR_DIR=str(tmp_path),
        **EMBEDDED,
    )

    assert "delivery.example.com" in refusal


def test_the_embedded_default_needs_no_setting_and_keeps_its_key(tmp_path):
    first = _run("-c", SHOW, PSD_VAR_DIR=str(tmp_path), **EMBEDDED)
    second = _run("-c", SHOW, PSD_VAR_DIR=str(tmp_path), **EMBEDDED)

    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    engine, broker, length, _ = first.stdout.split("|")
    assert engine == "django.db.backends.sqlite3"
    assert broker.startswith("filesystem:")
    assert int(length) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("hosts", [[], ["localhost"], ["127.0.0.1", "[::1]"]])
def test_demo_users_are_allowed_on_loopback(hosts):
    refuse_demo_beyond_loopback(True, hosts)


@pytest.mark.parametrize("host", ["*", ".localhost", "192.168.0.4", "example.com"])
def test_demo_users_are_refused_on(host):
    with pytest.raises(ImproperlyConfigured, match=re.escape(host)):
        refuse_demo_beyond_loopback(True, ["localhost", host])

    refuse_demo_beyond_loopback(False, ["localhost", host])


def test_without_demo_and_offset_nothing_is_refused():
    refuse_demo(False)
    refuse_clock_offset(timedelta())


def test_every_variable_that_is_read_is_documented_and_the_other_way_round():
    sources = [
        *(ROOT / "psdelivery/settings").glob("*.py"),
        *[ROOT / "psdelivery/run.py", ROOT / "psdelivery/wsgi.py"],
        ROOT / "docker-compose.yml",
    ]
    text = "".join(path.read_text() for path in sources)
    calls = r"(?:env\.\w+|from_url|environ\.get|setdefault)\(\s*"
    read = re.findall(rf"{calls}\"([A-Z_]+)\"|\$\{{([A-Z_]+)", text)
    documented = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)

    for_tests = {"TEST_DATABASE_URL", "TEST_REDIS_URL"}
    assert {a or b for a, b in read} | for_tests == set(documented)


def test_no_style_or_script_may_stand_in_a_page(settings):
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    allowed = [source for sources in directives.values() for source in sources]
    assert [source for source in allowed if "unsafe" in source] == []
    assert directives["default-src"] == ["'self'"]

"""The lock against guessing holds over threads, processes and restarts."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.services.browsing import Visitor

pytestmark = [pytest.mark.services, pytest.mark.full]

LOG_IN = "/accounts/login/"
PASSWORD = "a long and quiet river"
MAKE_ADA = f"""
from django.core.cache import cache
from django.core.management import call_command
from psdelivery.people.models import User
call_command("createcachetable", verbosity=0)
cache.clear()
User.objects.filter(username="ada").delete()
User.objects.create_user("ada", "ada@example.com", "{PASSWORD}")
"""
FORGIVE = "from django.core.cache import cache; cache.clear()"


def try_to_log_in(portal, password):
    visitor = Visitor(portal.port)
    return visitor.post(LOG_IN, {"login": "ada", "password": password}).status


def test_tries_at_the_same_moment_are_counted_one_by_one(make_portal):
    with make_portal() as portal:
        portal.collect_static()
        portal.python(MAKE_ADA)
        web = portal.start_web()
        with ThreadPoolExecutor(8) as pool:
            tries = [pool.submit(try_to_log_in, portal, "wrong") for _ in range(16)]
        answers = [one.result() for one in tries]
        web.stop()
        portal.start_web()
        after_a_restart = try_to_log_in(portal, PASSWORD)
        portal.python(FORGIVE)
        afterwards = try_to_log_in(portal, PASSWORD)

    assert 1 <= answers.count(422) <= 5
    assert set(answers) == {422, 429}
    assert after_a_restart == 429
    assert afterwards == 302

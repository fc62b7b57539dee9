import pytest

from psdelivery.outbox.checks import check_lease

pytestmark = pytest.mark.unit


def test_a_lease_as_long_as_a_talk_may_take_is_fine(settings):
    settings.OUTBOX_LEASE_SECONDS, settings.EMAIL_TIMEOUT = 120, 20

    assert check_lease(None) == []


def test_a_lease_that_a_slow_server_outlasts_is_warned_about(settings):
    settings.OUTBOX_LEASE_SECONDS, settings.EMAIL_TIMEOUT = 119, 20

    (warning,) = check_lease(None)

    assert warning.id == "outbox.W001"
    assert "120 s" in warning.msg

"""Combinations of settings that the portal refuses to start with."""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ImproperlyConfigured

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


def refuse_demo_beyond_loopback(demo: bool, hosts: Iterable[str]) -> None:
    """Demo users have known passwords, so only this machine may reach them."""
    foreign = sorted(set(hosts) - LOOPBACK_HOSTS)
    if demo and foreign:
        raise ImproperlyConfigured(
            "DEMO=1 makes users with known passwords and is refused with any "
            f"allowed host but loopback. Remove from ALLOWED_HOSTS: {foreign}"
        )


def refuse_demo(demo: bool) -> None:
    """Demo users never exist in production, whatever the hosts are."""
    if demo:
        raise ImproperlyConfigured("DEMO=1 is refused in the production settings.")


def refuse_clock_offset(offset: timedelta) -> None:
    """A shifted clock would send real reminders on wrong days."""
    if offset:
        raise ImproperlyConfigured(
            "PSD_CLOCK_OFFSET_HOURS is refused in the production settings."
        )

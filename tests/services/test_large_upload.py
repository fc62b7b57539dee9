"""200 MB sent to a real web process: told in words, and kept nowhere."""

import re
from itertools import islice
from pathlib import Path

import pytest

from tests.services.browsing import TOKEN, Visitor

pytestmark = [pytest.mark.services, pytest.mark.full]

MEGABYTE = 1024 * 1024
PASSWORD = "a long and quiet river"
PREPARE = f"""
from psdelivery.playbooks.models import Step
from tests.services.classroom import open_class
link, _ = open_class("upload")
step = Step.objects.get(pk=link)
step.assignee.set_password("{PASSWORD}")
step.assignee.save()
answer = [step.pk, step.assignee.username]
"""
BOUNDARY = "psd-boundary"
HEAD = f"multipart/form-data; boundary={BOUNDARY}"


def body_of(token, megabytes):
    """The parts of a form with a file of so many megabytes, one after the other."""
    yield (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"'
        f"\r\n\r\n{token}\r\n--{BOUNDARY}\r\n"
        'Content-Disposition: form-data; name="note"\r\n\r\nTyped with care'
        f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="evidence_file"; '
        'filename="large.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    ).encode()
    for _ in range(megabytes):
        yield b"x" * MEGABYTE
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def upload(visitor, path, token, megabytes, sent=None):
    """Announce so many megabytes and send them, or only the first of them."""
    length = sum(map(len, body_of(token, 0))) + megabytes * MEGABYTE
    body = islice(body_of(token, megabytes), sent)
    return visitor.send(path, body, HEAD, **{"Content-Length": str(length)})


def memory_of(web):
    """The most memory that any process of the group ever had, in megabytes."""
    most = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = int((entry / "stat").read_text().split()[4]) == web.group
            status = (entry / "status").read_text()
        except OSError:
            continue
        peak = re.search(r"VmHWM:\s+(\d+) kB", status)
        if is_ours and peak:
            most = max(most, int(peak.group(1)) // 1024)
    return most


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_two_hundred_megabytes_are_refused_and_kept_nowhere(make_portal):
    with make_portal() as portal:
        portal.collect_static()
        step, name = portal.python(PREPARE)
        web = portal.start_web()
        stranger, visitor = Visitor(portal.port), Visitor(portal.port)
        token = TOKEN.search(stranger.get("/accounts/login/").text).group(1)
        log_in = visitor.post("/accounts/login/", {"login": name, "password": PASSWORD})
        assert log_in.status == 302
        page = f"/playbooks/steps/{step}/"
        token_inside = TOKEN.search(visitor.get(page).text).group(1)
        before = memory_of(web)

        refused = upload(visitor, f"{page}complete/", token_inside, 200)
        # Answered before the rest has come: nobody waits for it.
        unread = upload(stranger, "/accounts/login/", token, 200, sent=2)

        assert refused.status == 422, refused.text[:500]
        assert "20 MB" in refused.text
        assert "Typed with care" in refused.text
        assert unread.status == 413
        assert memory_of(web) - before < 100
        files = [path for path in portal.folder.rglob("*") if path.is_file()]
        assert [path for path in files if path.stat().st_size > 20 * MEGABYTE] == []
        state = portal.rows(f"SELECT state FROM playbooks_step WHERE id = {step}")
        assert state == [("open",)]
        assert visitor.get(page).status == 200

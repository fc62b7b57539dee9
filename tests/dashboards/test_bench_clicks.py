"""What the bench clicks on is what My day shows."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from psdelivery.dashboards.bench.clicks import FORM
from psdelivery.playbooks.choices import EvidenceWanted
from tests.dashboards.conftest import NOW

pytestmark = pytest.mark.django_db


@time_machine.travel(NOW)
def test_a_step_of_my_day_is_ticked_as_the_bench_ticks_it(register, due, coordinator):
    step, asking = due(register(), 2, 3, evidence_wanted=EvidenceWanted.NONE)
    step.__class__.objects.filter(pk=asking.pk).update(
        evidence_wanted=EvidenceWanted.NOTE
    )
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator)

    page = client.get(reverse("dashboards:my-day")).content.decode()
    forms = list(FORM.finditer(page))

    # Not that of the step that asks for a note.
    path = reverse("playbooks:step-complete", args=[step.pk])
    assert [form["path"] for form in forms] == [path]
    typed = {"csrfmiddlewaretoken": forms[0]["token"], "next": "/"}
    assert client.post(path, typed).status_code == 302
    step.refresh_from_db()
    assert not step.is_open

import pytest
from django.urls import reverse

from psdelivery.people.choices import Role
from tests.factories.people import PracticeFactory, RegionFactory, UserFactory
from tests.factories.shipped import ship_playbooks
from tests.factories.training import make_engagement

pytestmark = pytest.mark.django_db


def test_editing_keeps_what_nobody_touched(client):
    ship_playbooks()
    engagement = make_engagement(kind="blended", title="Roll-out")
    place = (engagement.region, engagement.practice)
    editor = UserFactory(
        roles=[Role.COORDINATOR], region=RegionFactory(), practice=PracticeFactory()
    )
    client.force_login(editor)
    url = reverse("engagements:engagement-edit", args=[engagement.pk])

    forms = client.get(url).context["forms"]
    shown = {
        form.add_prefix(name): form[name].value()
        for form in (forms.what, forms.paper)
        for name in form.fields
    }
    typed = {name: value for name, value in shown.items() if value not in (None, False)}
    answer = client.post(url, typed | {"paper-billing_terms": "upon_sow"})

    engagement.refresh_from_db()
    assert answer.status_code == 302
    assert engagement.kind == "blended"
    assert (engagement.region, engagement.practice) == place
    assert engagement.paper.billing_terms == "upon_sow"

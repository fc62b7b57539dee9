import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_smoke(client, coordinator, consulting, at_now):
    client.force_login(coordinator)
    for path in ["", "checklist/", "checklist/?show=all", "team/", "schedule/", "mail/", "documents/", "history/", "edit/", "gate/closed_won/", "team/add/?role=pm", "move/?target=cancelled", "move/?target=prospect"]:
        r = client.get(f"/engagements/{consulting.pk}/{path}")
        assert r.status_code == 200, path
        print(path, len(r.content))
    assert client.get(reverse("engagements:engagement-list")).status_code == 200
    assert client.get(reverse("engagements:engagement-add")).status_code == 200
    assert client.get(reverse("engagements:offering-list")).status_code == 200
    r = client.get(reverse("engagements:engagement-export"))
    print(b"".join(r.streaming_content).decode())

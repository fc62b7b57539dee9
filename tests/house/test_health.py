import pytest
from celery import current_app
from django.urls import reverse


@pytest.fixture
def broker_is_down():
    before = current_app.conf.broker_write_url
    current_app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    yield
    current_app.conf.broker_write_url = before


def test_a_live_process_says_ok_to_anybody(client):
    response = client.get(reverse("healthz"))

    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_the_portal_is_ready_with_database_and_broker(client):
    response = client.get(reverse("readyz"))

    assert response.status_code == 200
    assert response.json() == {"database": True, "broker": True}


@pytest.mark.django_db
@pytest.mark.usefixtures("broker_is_down")
def test_the_portal_is_not_ready_without_its_broker(client):
    response = client.get(reverse("readyz"))

    assert response.status_code == 503
    assert response.json() == {"database": True, "broker": False}

"""Delivery kits, what is taken over from them, and the lessons that come back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.choices import Status
from engagements.execution.models import Deliverable, EngagementLink, KitItem, Lesson
from engagements.execution.rules.kits import (
    KitLink,
    deliverables_to_take,
    links_to_take,
    reasons_against_answering,
    reasons_without_kit,
)
from engagements.execution.services.kits import change_item, load_kits
from engagements.models import Engagement, Offering
from engagements.services.shipped import load_offerings
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Step
from tests.factories.engagements import NOW, OfferingFactory
from tests.factories.people import UserFactory
from tests.factories.plan import (
    DeliverableFactory,
    KitItemFactory,
    LessonFactory,
    LinkFactory,
)


def url(name, record):
    return reverse(f"execution:{name}", args=[record.pk])


@pytest.fixture
def manager(db):
    return UserFactory(roles=[Role.PRACTICE_MANAGER])


@pytest.mark.unit
def test_only_what_is_not_there_is_taken_each_title_and_address_once():
    plan, same = (
        KitItem(pk=pk, kind="deliverable", title=title)
        for pk, title in [(1, "Plan"), (2, "plan ")]
    )
    guide = KitItem(pk=3, kind="guide", title="Guide")
    assert deliverables_to_take([plan, same, guide], []) == [plan]
    assert deliverables_to_take([plan], [Deliverable(title="PLAN")]) == []
    assert deliverables_to_take([plan], [Deliverable(title="X", kit_item_id=1)]) == []

    links = [KitLink("A", "https://a"), KitLink("B", "https://a"), KitLink("C", "")]
    assert links_to_take(links, []) == links[:1]
    assert links_to_take(links, [EngagementLink(url="https://a")]) == []
    assert reasons_without_kit([], [])
    assert reasons_without_kit([plan], []) == []


@pytest.mark.unit
def test_a_lesson_is_answered_once_and_dismissed_with_a_reason():
    new, old = Lesson(), Lesson(state="taken")

    assert reasons_against_answering(new, "taken", "") == []
    assert [r.code for r in reasons_against_answering(new, "dismissed", " ")] == ["why"]
    assert [r.code for r in reasons_against_answering(old, "taken", "")] == ["answered"]


@pytest.mark.django_db
def test_shipped_kits_come_once_and_what_was_edited_stays(manager):
    load_offerings()
    assert load_kits() == load_kits() == KitItem.objects.count() > 30
    item = KitItem.objects.get(offering__key="scm-migration", key="migration-plan")
    change_item(item, {"title": "Our plan", "is_active": False}, by=manager, now=NOW)

    load_kits()

    item.refresh_from_db()
    assert (item.title, item.is_active) == ("Our plan", False)
    sold = Offering.objects.exclude(kind="training").exclude(kind="dedicated")
    assert not sold.filter(kit_items=None).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_one_click_takes_the_kit_over_and_a_second_adds_nothing(consulting, pm, as_):
    Engagement.objects.filter(pk=consulting.pk).update(status=Status.ACTIVE)
    client, take = as_(pm), url("kit-take", consulting)
    refused = client.post(take)
    assert refused.status_code == 409
    assert "technical architect" in refused.content.decode()
    link = {"title": "Automation", "url": "https://kit.example/auto"}
    offering = OfferingFactory(kit_links=[link])
    consulting.offerings.add(offering)
    template = KitItemFactory(
        offering=offering, title="Plan", acceptance_criteria="- Read",
        url="https://kit.example/plan",
    )  # fmt: skip
    KitItemFactory(offering=offering, is_active=False)
    tab = f"{consulting.get_absolute_url()}deliverables/"
    assert "Take the kit over" in client.get(tab).content.decode()

    for _time in range(2):
        client.post(take)

    plan = Deliverable.objects.get()
    assert (plan.kit_item, plan.acceptance_criteria) == (template, "- Read")
    links = EngagementLink.objects.filter(engagement=consulting)
    assert sorted(links.values_list("url", flat=True)) == [
        "https://kit.example/auto", "https://kit.example/plan",
    ]  # fmt: skip
    assert not Step.objects.get(engagement=consulting, key="kit-chosen").is_open
    assert "Take the kit over" not in client.get(tab).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_links_are_added_and_taken_off(consulting, pm, as_):
    DeliverableFactory(engagement=consulting)
    client = as_(pm)
    bad = {"title": "Wiki", "kind": "tool", "url": "javascript:1"}
    assert client.post(url("link-add", consulting), bad).status_code == 422

    client.post(url("link-add", consulting), bad | {"url": "https://wiki.example"})
    client.post(url("link-remove", EngagementLink.objects.get()))

    assert not EngagementLink.objects.exists()
    foreign = LinkFactory()
    assert client.post(url("link-remove", foreign)).status_code == 403


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_a_lesson_goes_to_the_offering_and_its_answer_comes_back(
    consulting, pm, manager, as_
):
    Engagement.objects.filter(pk=consulting.pk).update(status=Status.ACTIVE)
    offering, other = OfferingFactory(), OfferingFactory()
    consulting.offerings.add(offering)
    where, told = url("lesson-add", consulting), {"text": "Ask early"}
    wrong = as_(pm).post(where, told | {"offering": other.pk})
    assert wrong.status_code == 422
    as_(pm).post(where, told | {"offering": offering.pk})
    assert as_(pm).get(url("kit-detail", offering)).status_code == 403

    client, lesson = as_(manager), Lesson.objects.get()
    assert "Ask early" not in client.get("/").content.decode()
    consulting.practice.manager = manager
    consulting.practice.save()
    assert "Ask early" in client.get("/").content.decode()
    assert "Ask early" in client.get(url("kit-detail", offering)).content.decode()
    answer = url("lesson-answer", lesson)
    assert client.post(answer, {"state": "dismissed"}).status_code == 422
    client.post(answer, {"state": "taken", "answer": "In the welcome mail now"})
    assert client.post(answer, {"state": "taken"}).status_code == 422

    tab = as_(pm).get(f"{consulting.get_absolute_url()}deliverables/")
    assert "In the welcome mail now" in tab.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_the_kit_is_edited_on_the_page_of_the_offering(manager, as_):
    offering, client = OfferingFactory(), as_(manager)
    KitItemFactory(offering=offering, title="Runbook")
    add = url("kit-item-add", offering)
    typed = {"title": "Guide", "kind": "guide", "order": "1", "is_active": "on"}
    assert client.post(add, typed).status_code == 422
    typed["url"] = "https://kit.example/guide"
    assert client.post(add, typed | {"title": "Runbook"}).status_code == 422

    client.post(add, typed)
    item = KitItem.objects.get(title="Guide")
    client.post(url("kit-item-edit", item), typed | {"title": "Long guide"})

    item.refresh_from_db()
    assert (item.title, item.edited_at) == ("Long guide", NOW)


@pytest.mark.django_db
def test_queries_of_a_kit_do_not_grow(manager, as_):
    offering, client = OfferingFactory(), as_(manager)

    def asked(rows):
        KitItemFactory.create_batch(rows, offering=offering)
        LessonFactory.create_batch(rows, offering=offering)
        with CaptureQueriesContext(connection) as found:
            client.get(url("kit-detail", offering))
        return len(found)

    asked(1)
    assert asked(2) == asked(27)

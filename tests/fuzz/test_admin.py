"""Django's own admin pages, as far as the portal opens them, with nonsense in them."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.fuzz.bodies import Body
from tests.fuzz.rounds import quick_rounds
from tests.fuzz.test_headers import inline_in, missing_in
from tests.fuzz.walk import answer_to, case_of

ODD = ["q=%00", "q=%ED%A0%80", "p=abc", "o=abc", "id=" + "9" * 21, "id__exact=x", "e=1"]
ANSWERED = {200, 302, 403, 404}


def addresses_of(model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    one = model._default_manager.first()
    yield reverse(f"{name}_add")
    if one is not None:
        yield reverse(f"{name}_change", args=[one.pk])


@pytest.mark.parametrize(
    "model", admin.site._registry, ids=lambda model: model.__name__
)
def test_a_form_of_the_admin_is_answered(model, world, me):
    wrong = []

    for path in addresses_of(model):
        if me.client.get(path).status_code != 200:
            continue
        spec = Body(lambda world, client, path=path: path)
        case = case_of(spec, world, me.client)
        for one in quick_rounds(case):
            answer = answer_to(case, one.body)
            if answer not in ANSWERED:
                wrong.append(f"{path}, {one.label}: {answer}")

    assert wrong == []


def test_no_page_of_the_admin_holds_script_or_style(world, me):
    lists = [
        reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        for meta in (model._meta for model in admin.site._registry)
    ]
    forms = [path for model in admin.site._registry for path in addresses_of(model)]
    wrong = []

    for path in [reverse("admin:index"), *lists, *forms]:
        answer = me.client.get(path)
        wrong += [f"{path}: {one}" for one in missing_in(answer)]
        wrong += [f"{path}: {one}" for one in inline_in(answer.content.decode())]

    assert wrong == []


@pytest.mark.parametrize(
    "model", admin.site._registry, ids=lambda model: model.__name__
)
def test_a_list_of_the_admin_is_answered(model, world, me):
    meta = model._meta
    path = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")

    for odd in ODD:
        assert me.client.get(f"{path}?{odd}").status_code in ANSWERED

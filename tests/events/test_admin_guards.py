"""Rows edited inside another row's form: refused in words, and only for whoever may."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override
from wagtail.admin.panels import FieldPanel, ObjectList

from cms.models import Organisation
from events.admin.guards import GuardedInlinePanel
from events.models import OrganisationCode

pytestmark = pytest.mark.django_db

HANDLER = ObjectList(
    [
        FieldPanel("name"),
        GuardedInlinePanel(
            "codes", panels=[FieldPanel("code")], once=("code",), permission="events.change_organisationcode"
        ),
    ]
).bind_to_model(Organisation)


def one_of(group: str) -> Any:
    user = get_user_model().objects.create_user(f"one-of-{group.lower()}-{timezone.now().timestamp()}")
    user.groups.add(Group.objects.get(name=group))
    return user


def form_of(organisation: Organisation, user: Any, *codes: str) -> Any:
    sent = {"name": "Stad Gent", "codes-TOTAL_FORMS": str(len(codes)), "codes-INITIAL_FORMS": "0"}
    sent |= {f"codes-{number}-code": code for number, code in enumerate(codes)}
    return HANDLER.get_form_class()(sent, instance=organisation, for_user=user)


@pytest.fixture
def organisation() -> Organisation:
    return Organisation.objects.create(name="Gent")


def test_who_may_adds_a_code(organisation: Organisation) -> None:
    form = form_of(organisation, one_of("Organisers"), "GENT-2027")

    assert form.is_valid()
    form.save()
    assert OrganisationCode.objects.get().code == "GENT-2027"


def test_who_may_not_changes_the_rest_of_the_form_and_no_code(organisation: Organisation) -> None:
    form = form_of(organisation, one_of("Editors"), "EDITOR-2027")

    assert form.is_valid()
    form.save()
    organisation.refresh_from_db()
    assert (organisation.name, OrganisationCode.objects.count()) == ("Stad Gent", 0)


@pytest.mark.parametrize(("group", "shown"), [("Organisers", True), ("Editors", False)])
def test_the_codes_are_shown_to_who_may_change_them(organisation: Organisation, group: str, shown: bool) -> None:
    organisation.codes.add(OrganisationCode(code="SECRET-2027"))
    organisation.save()
    request = RequestFactory().get("/admin/")
    request.user = one_of(group)
    form = HANDLER.get_form_class()(instance=organisation, for_user=request.user)

    html = HANDLER.get_bound_panel(instance=organisation, request=request, form=form).render_html()

    assert ("SECRET-2027" in html) == shown


def test_the_same_code_twice_in_another_case_is_refused_in_words(organisation: Organisation) -> None:
    form = form_of(organisation, one_of("Organisers"), "GENT-2027", "gent-2027")

    with override("en"):
        assert not form.is_valid()
        assert form.formsets["codes"].non_form_errors() == ["Two rows have the same code; one of them is enough."]

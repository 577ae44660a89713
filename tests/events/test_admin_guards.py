"""Rows edited inside another row's form: refused in words, and only for whoever may."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.admin.panels import FieldPanel, ObjectList

from cms.admin.guards import GuardedInlinePanel
from cms.models import Organisation
from events import actions
from events.models import OrganisationCode
from tests import factories

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


def sent_to_the_address_book(organisation: Organisation, **more: str) -> dict[str, str]:
    """What the organisation's own form posts, with no rows below it unless `more` says so."""
    sent = {"name": organisation.name, "kind": organisation.kind, "country": organisation.country}
    for rows in ("memberships", "email_domains", "codes"):
        sent |= {f"{rows}-TOTAL_FORMS": "0", f"{rows}-INITIAL_FORMS": "0"}
    return sent | more


def test_an_editor_of_the_address_book_cannot_give_free_seats(client: Client, organisation: Organisation) -> None:
    scheme = factories.scheme()
    client.force_login(one_of("Editors"))

    client.post(
        reverse("organisations:edit", args=[organisation.pk]),
        sent_to_the_address_book(
            organisation,
            name="Stad Gent",
            **{"codes-TOTAL_FORMS": "1", "codes-0-code": "EDITOR-2027"},
            **{"email_domains-TOTAL_FORMS": "1", "email_domains-0-domain": "stad.gent"},
            **{
                "memberships-TOTAL_FORMS": "1",
                "memberships-0-scheme": str(scheme.pk),
                "memberships-0-role": "purchaser",
                "memberships-0-valid_from": "2020-01-01",
            },
        ),
    )

    organisation.refresh_from_db()
    given = (organisation.codes.count(), organisation.email_domains.count(), organisation.memberships.count())
    assert (organisation.name, given) == ("Stad Gent", (0, 0, 0))


def test_a_domain_is_kept_as_mail_writes_it(client: Client, organisation: Organisation) -> None:
    client.force_login(one_of("Organisers"))

    client.post(
        reverse("organisations:edit", args=[organisation.pk]),
        sent_to_the_address_book(
            organisation, **{"email_domains-TOTAL_FORMS": "1", "email_domains-0-domain": " @Stad.Gent "}
        ),
    )

    assert list(organisation.email_domains.values_list("domain", flat=True)) == ["stad.gent"]


def test_an_organisation_that_took_part_cannot_be_deleted_and_the_page_says_why(client: Client, at: datetime) -> None:
    scheme = factories.scheme()
    member = factories.member(scheme, code="GENT-2027")
    actions.register(event=factories.event(scheme=scheme), order=factories.order(organisation_code="GENT-2027"), at=at)
    client.force_login(one_of("Organisers"))

    answer = client.post(reverse("organisations:delete", args=[member.pk]))

    assert (answer.status_code, answer.context["keeping"]) == (409, "1 recht op ledenprijs")
    assert Organisation.objects.filter(pk=member.pk).exists()

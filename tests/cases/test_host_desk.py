"""An editor asks the host from the edit screen and reads there what became of it."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from cases.actions.signing import url_of
from cases.models import CasePage, HostSignOff
from cases.substance import digest_of
from cms.content import both
from cms.translate import translate_page
from tests import factories
from tests.cases.sign_off_support import agreed, answer, ask, newest, publish

pytestmark = pytest.mark.django_db


def test_an_editor_asks_the_host_from_the_edit_screen_and_reads_what_became_of_it(writer, report, mails):
    host = factories.organisation("Alsico")
    edit = reverse("wagtailadmin_pages:edit", args=[report.pk])
    ask_address = reverse("cases_ask_host", args=[report.pk])
    assert ask_address in writer.get(edit).content.decode()
    assert writer.get(ask_address).status_code == 200

    with mails():
        asked = writer.post(ask_address, {"organisation": host.pk, "email": "an@example.org", "language": "nl"})

    assert asked.url == edit
    text = writer.get(edit).content.decode()
    assert "an@example.org" in text
    assert gettext("The text as it is now") in text
    sign_off = HostSignOff.objects.get()
    assert (sign_off.asked_by, sign_off.organisation) == (writer.person, host)
    answer(sign_off, at=timezone.now())
    text = writer.get(edit).content.decode()
    assert "An Peeters, zaakvoerder" in text
    assert gettext("Nothing keeps this text from going live.") in text


def test_what_is_wrong_is_said_on_the_form_and_nobody_is_mailed(writer, report, mails):
    draft = newest(report)
    draft.strategies = []
    draft.save_revision(clean=False)
    address = reverse("cases_ask_host", args=[report.pk])

    with mails():
        incomplete = writer.post(
            address, {"organisation": factories.organisation().pk, "email": "an@example.org", "language": "nl"}
        )
        wrong = writer.post(address, {"organisation": "", "email": "an", "language": "fr"})

    assert [len(response.context["form"].errors) for response in (incomplete, wrong)] == [1, 3]
    assert mail.outbox == []
    assert not HostSignOff.objects.exists()


@pytest.mark.parametrize("group", ["Organisers", "Finance"])
def test_who_does_not_write_the_report_does_not_ask_its_host(client, report, group):
    client.force_login(factories.user(group))

    answered = client.get(reverse("cases_ask_host", args=[report.pk]))

    assert answered.status_code == 302
    assert answered.url == reverse("wagtailadmin_home")


def test_an_editor_is_told_in_the_language_of_the_admin_and_not_in_the_hosts(report, client, mails):
    asked = ask(report, at=timezone.now(), by=factories.user("Editors"))

    with mails():
        client.post(url_of(asked).replace("/nl/", "/en/"), {"name": "An Peeters", "answer": "agreed"})

    assert mail.outbox[-1].extra_headers["Content-Language"] == "nl"


def test_the_report_speaks_its_own_language_on_a_page_in_the_other(client, asked):
    text = client.get(url_of(asked).replace("/nl/", "/en/")).content.decode()

    assert '<div lang="nl">' in text
    assert 'id="approach">Aanpak</h2>' in text


def test_from_a_translation_the_host_is_asked_about_the_text_it_rests_on(writer, report, at):
    agreed(report, at=at)
    report = publish(report)
    texts = [both("Op bezoek in Ronse", "A visit to Ronse"), both("Kort.", "Short."), both("Waarom.", "Why.")]
    english = translate_page(report, [*texts, both("Hoe.", "How."), both(report.slug, "visit-to-ronse")])
    HostSignOff.objects.all().delete()

    asked = writer.post(
        reverse("cases_ask_host", args=[english.pk]),
        {"organisation": factories.organisation().pk, "email": "an@example.org", "language": "nl"},
    )

    assert asked.url == reverse("wagtailadmin_pages:edit", args=[report.pk])
    answer(HostSignOff.objects.get(), at=timezone.now())
    assert CasePage.objects.get(pk=english.pk).obstacles() == []
    # The deed itself, whoever calls it.
    assert ask(CasePage.objects.get(pk=english.pk), at=timezone.now()).content_digest == digest_of(newest(report))

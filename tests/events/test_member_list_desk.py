"""The member list at the desk: a file is judged, and exactly what was shown is written, without choosing it again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cms.admin.handed_in import MOST_KEPT
from events.models import Membership
from tests import factories
from tests.events.desk import logged_in

pytestmark = pytest.mark.django_db
FILE = b"organisation;scheme;domains\nStad Proef;gdca;proef.be\nSteun vzw;gdca;\n"


@pytest.fixture
def scheme():
    return factories.scheme(slug="gdca")


def check(client, content=FILE):
    url = reverse("tour_schemes:import_members")
    return client.post(url, {"file": SimpleUploadedFile("leden.csv", content)})


def write(client, checked):
    return client.post(reverse("tour_schemes:import_members"), {"checked": checked})


def test_what_was_checked_is_written_without_the_file(organiser, scheme):
    checked = check(organiser)
    assert (Membership.objects.count(), "Write these 2 rows" in checked.content.decode()) == (0, True)

    written = write(organiser, checked.context["checked"]).content.decode()

    assert "2 rows were written." in written
    assert "Write these" not in written
    assert Membership.objects.count() == 2


def test_one_row_is_told_as_one(organiser, scheme):
    checked = check(organiser, b"organisation;scheme\nStad Proef;gdca\n")

    assert "Write this row" in checked.content.decode()
    assert "1 row was written." in write(organiser, checked.context["checked"]).content.decode()


def test_when_the_list_changed_meanwhile_nothing_is_written_before_it_was_seen_again(organiser, scheme):
    checked = check(organiser).context["checked"]
    membership = Membership.objects.create(organisation=factories.organisation("Steun vzw"), scheme=scheme)

    asked = write(organiser, checked)
    assert "Nothing was written: the list has changed since the file was checked." in asked.content.decode()
    assert [result.outcome for result in asked.context["results"]] == ["new", "same"]
    assert list(Membership.objects.all()) == [membership]
    write(organiser, asked.context["checked"])

    assert Membership.objects.count() == 2


def test_what_another_person_checked_or_nobody_did_is_not_written(organiser, scheme):
    checked = check(organiser).context["checked"]

    for sent, client in ((checked, logged_in("Organisers")), (checked[:-2] + "xx", organiser), ("", organiser)):
        assert "Choose the file again." in write(client, sent).content.decode()
    assert Membership.objects.count() == 0


def test_a_wrong_row_leaves_nothing_to_write_and_says_so(organiser, scheme):
    page = check(organiser, FILE + b";nergens;\n")

    assert "Nothing can be written yet: 1 row is wrong." in page.content.decode()
    assert page.context["checked"] == ""


def test_a_file_that_says_what_the_list_says_has_nothing_to_write(organiser, scheme):
    write(organiser, check(organiser).context["checked"])

    page = check(organiser)

    assert "There is nothing to write" in page.content.decode()
    assert page.context["checked"] == ""


def test_a_heading_alone_is_told_to_hold_no_rows(organiser, scheme):
    page = check(organiser, b"organisation;scheme\n")

    assert page.context["form"].errors == {"file": ["The file holds no rows below its heading."]}


def test_more_than_one_request_may_carry_is_refused_before_anything_is_written(organiser, scheme):
    # Of this alphabet nothing is won by packing.
    noise = "".join(chr(0x4E00 + (n * n * 7919 + n * 104729) % 20000) for n in range(MOST_KEPT // 2))
    rows = "\n".join(f"Stad {n};gdca;{noise[n * 200 : n * 200 + 200]}" for n in range(4000))

    page = check(organiser, f"organisation;scheme;evidence\n{rows}\n".encode())

    assert page.context["form"].errors == {"file": ["The file is too large: make two of it."]}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["=SOM(1;2) vzw", "'=SOM vzw", "+Plus", "-", "@Werk", "'s Hertogenbosch"])
def test_the_list_that_was_exported_says_what_the_list_says_however_a_name_begins(organiser, scheme, kind, name):
    organisation = factories.member(scheme)
    organisation.name = name
    organisation.save()
    file = organiser.get(reverse("tour_schemes:export_members"), {"format": kind}).content

    url = reverse("tour_schemes:import_members")
    page = organiser.post(url, {"file": SimpleUploadedFile(f"leden.{kind}", file)})

    assert [(result.outcome, result.name) for result in page.context["results"]] == [("same", name)]

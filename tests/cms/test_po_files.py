"""A translation made outside the admin comes back as a PO file; a file that is wrong is met with a sentence."""

import polib
import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail_localize.models import StringTranslation, Translation

from cms.actions.po_files import MOST_BYTES
from cms.actions.translating import publish_translation
from tests.cms.translated import sent_to_be_translated, standard_page, twin_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english_words")]


@pytest.fixture
def page():
    return standard_page()


@pytest.fixture
def translation(page, at_once):
    with at_once():
        return sent_to_be_translated(page)


def exported(desk, translation):
    return desk.get(reverse("wagtail_localize:download_pofile", args=[translation.pk])).content


def translated(content):
    file = polib.pofile(content.decode())
    for entry in file:
        entry.msgstr = f"EN: {entry.msgid}"
    return file


def upload(desk, translation, content):
    url = reverse("wagtail_localize:upload_pofile", args=[translation.pk])
    answer = desk.post(url, {"file": SimpleUploadedFile("page.po", content), "next": "/admin/"})
    assert answer.status_code == 302
    return [str(message) for message in get_messages(answer.wsgi_request)]


def given():
    return dict(StringTranslation.objects.values_list("context__path", "data"))


def test_a_file_goes_out_is_translated_and_comes_back_onto_the_page(desk, page, translation, at_once):
    file = translated(exported(desk, translation))

    assert upload(desk, translation, str(file).encode()) == ["5 texts taken from the file."]

    with at_once():
        publish_translation(translation=translation)
    twin = twin_of(page)
    assert (twin.live, twin.title, twin.intro) == (True, "EN: Over", "EN: Kort.")
    assert "<p>EN: Ga kijken.</p><p>EN: Schrijf u in.</p>" in str(twin.body)


def test_what_was_translated_before_goes_out_with_the_file(desk, translation):
    upload(desk, translation, str(translated(exported(desk, translation))).encode())

    assert {entry.msgstr for entry in polib.pofile(exported(desk, translation).decode())} == {
        "EN: Over", "EN: over", "EN: Kort.", "EN: Ga kijken.", "EN: Schrijf u in.",
    }  # fmt: skip


def test_a_byte_order_mark_of_a_windows_tool_does_no_harm(desk, translation):
    content = b"\xef\xbb\xbf" + str(translated(exported(desk, translation))).encode()

    assert upload(desk, translation, content) == ["5 texts taken from the file."]


def without_header(content):
    return content.split(b"\n\n", 1)[1]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (without_header, "This PO file does not say which page it belongs to: its header is missing. Export it again."),
        (lambda _content: b"", "This PO file does not say which page it belongs to: its header is missing."),
        (lambda content: content.replace(b"Kort", b"K\xf6rt"), "The letters of this file are broken"),
        (lambda content: content.decode().encode("utf-16"), "This is not a PO file."),
        (lambda _content: b"PK\x03\x04 a spreadsheet", "This is not a PO file."),
        (lambda _content: b"\xff\xd8\xff\xe0 a photograph", "The letters of this file are broken"),
        (lambda content: content.replace(b'msgid "Kort', b'msgstrange "Kort'), "This is not a PO file."),
        (lambda _content: b"/etc/passwd", "This is not a PO file."),
        (lambda content: content + b"#" * MOST_BYTES, "This file is too large: a PO file of a page has at most 2 MB."),
    ],
    ids=["no header", "empty", "latin-1", "utf-16", "zip", "jpeg", "broken", "the name of a file", "too large"],
)
def test_a_file_that_cannot_be_used_is_met_with_a_sentence_and_changes_nothing(desk, translation, spoil, told):
    content = str(translated(exported(desk, translation))).encode()

    [message] = upload(desk, translation, spoil(content))

    assert message.startswith(told)
    assert given() == {}


def test_the_file_of_another_page_is_refused(desk, translation, at_once):
    with at_once():
        other = sent_to_be_translated(standard_page(title="Ander", slug="ander"))
    other_file = str(translated(exported(desk, other))).encode()

    assert upload(desk, translation, other_file) == ["This PO file belongs to another page or another language."]
    assert given() == {}


def test_no_file_at_all_is_said(desk, translation):
    answer = desk.post(reverse("wagtail_localize:upload_pofile", args=[translation.pk]))

    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["Choose the PO file first."]


def test_what_the_translator_was_not_sure_of_is_left_out_and_counted(desk, translation):
    file = translated(exported(desk, translation))
    next(entry for entry in file if entry.msgid == "Kort.").flags.append("fuzzy")

    assert upload(desk, translation, str(file).encode()) == [
        "4 texts taken from the file.",
        "Marked as uncertain (fuzzy), and left out: 1.",
    ]
    assert "intro" not in given()


def test_a_text_that_left_the_page_is_counted(desk, translation):
    file = translated(exported(desk, translation))
    file.append(polib.POEntry(msgid="Vroeger.", msgctxt="intro", msgstr="Formerly."))

    assert upload(desk, translation, str(file).encode()) == [
        "5 texts taken from the file.",
        "Not on the page any more, and left out: 1.",
    ]


def test_a_correction_made_in_the_admin_after_the_export_is_kept(desk, translation):
    upload(desk, translation, str(translated(exported(desk, translation))).encode())
    old = exported(desk, translation)
    corrected = StringTranslation.objects.get(context__path="intro")
    corrected.data = "Brief."
    corrected.save()

    assert upload(desk, translation, old.replace(b"EN: Over", b"About"))[-2:] == [
        "4 texts taken from the file.",
        "Changed here after the file was exported, and kept as they are here: 1.",
    ]
    assert (given()["intro"], given()["title"]) == ("Brief.", "About")


def test_a_translation_with_forbidden_html_is_taken_and_counts_as_missing(desk, translation):
    file = translated(exported(desk, translation))
    next(entry for entry in file if entry.msgid == "Kort.").msgstr = "<script>alert(1)</script>"
    upload(desk, translation, str(file).encode())

    assert Translation.objects.get().get_progress() == (5, 4)

"""A visit report is public once its host agreed to this very text."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from cases.models import CaseImage, CasePage, HostSignOff, ImpactFigure, Lesson
from cases.substance import digest_of, digests_of
from cms.content import both
from cms.refusals import CannotGoLive
from cms.translate import translate_page
from tests import factories
from tests.cases.case_forms import case_form
from tests.cases.sign_off_support import CHANGED, NOT_YET, agreed, answer, ask, lacks, newest, publish

pytestmark = pytest.mark.django_db


def test_a_visit_report_is_not_public_before_its_host_agreed(report):
    assert lacks(report) == [NOT_YET]
    with pytest.raises(CannotGoLive):
        publish(report)


def test_a_case_asks_no_host():
    assert factories.case_page(both=False).obstacles() == []


def test_it_is_public_once_the_host_agreed(report, at):
    agreed(report, at=at)

    assert lacks(report) == []
    assert publish(report).live


def test_a_question_without_an_answer_is_no_yes(report, at):
    ask(report, at=at)

    assert lacks(report) == [NOT_YET]


def test_a_host_that_asks_for_a_change_is_quoted(report, at):
    answer(ask(report, at=at), at=at, said="refused", note="Noem onze klant niet.")

    assert lacks(report) == ["The host asks for a change: Noem onze klant niet."]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Iets anders"},
        {"intro": "Langer."},
        {"context": "<p>Waarom niet.</p>"},
        {"cost": "1 miljoen"},
        {"municipality": "Gent"},
        {"strategies": ["recycle"]},
        {"licence": "cc-by-4.0"},
    ],
)
def test_a_change_of_what_people_read_needs_the_hosts_yes_again(report, at, change):
    agreed(report, at=at)
    draft = newest(report)
    for name, value in change.items():
        setattr(draft, name, value)
    draft.save_revision(clean=False)

    assert lacks(report) == [CHANGED]
    with pytest.raises(CannotGoLive):
        publish(report)


@pytest.mark.parametrize(
    "part",
    [
        ImpactFigure(label="Restwaarde", value=18, unit="%", status="expected", source_name="ExpoLAB", year=2016),
        Lesson(phase="award", title="Vraag restwaarde", text="Met waarborg."),
    ],
)
def test_so_does_a_part_that_comes_or_changes(report, at, part):
    agreed(report, at=at)
    draft = newest(report)
    part.locale = draft.locale
    getattr(draft, "lessons" if isinstance(part, Lesson) else "figures").add(part)
    draft.save_revision()

    assert lacks(report) == [CHANGED]


@pytest.mark.parametrize(
    "change",
    [
        {"slug": "anders"},
        {"seo_title": "Voor zoekmachines"},
        {"search_description": "Kort"},
        {"checked_on": "2027-01-12"},
        {"context": '<p data-block-key="x1">Waarom.</p>\r\n'},
        {"intro": " Kort. "},
        {"expire_at": timezone.now() + timedelta(days=900)},
    ],
)
def test_what_nobody_reads_in_it_needs_no_new_yes(report, at, change):
    agreed(report, at=at)
    draft = newest(report)
    for name, value in change.items():
        setattr(draft, name, value)
    draft.save_revision()

    assert lacks(report) == []


def test_a_text_that_was_agreed_to_and_is_changed_back_needs_no_new_yes(report, at):
    agreed(report, at=at)
    for intro in ("Anders.", "Kort."):
        draft = newest(report)
        draft.intro = intro
        draft.save_revision()

    assert lacks(report) == []


def test_a_text_reads_the_same_from_the_form_the_revision_and_the_table(report, writer, at):
    draft = newest(report)
    draft.figures.add(
        ImpactFigure(
            label="Restwaarde", value="18", unit="%", status="expected", source_name="C", year=2016, locale=draft.locale
        )
    )
    draft.save_revision()
    agreed(report, at=at)
    before = digest_of(newest(report))
    live = publish(report)

    figure = {
        "label": "Restwaarde",
        "value": "18",
        "unit": "%",
        "status": "expected",
        "source_name": "C",
        "year": "2016",
    }
    was_there = {"figures-INITIAL_FORMS": "1", "figures-0-id": str(live.figures.get().pk)}
    posted = case_form(live, figures=[figure], intro="Kort.") | was_there | {"action-publish": "1"}
    response = writer.post(reverse("wagtailadmin_pages:edit", args=[live.pk]), posted)

    assert response.status_code == 302
    assert digest_of(live) == digest_of(newest(report)) == before


def test_the_last_word_on_a_text_counts(report, at):
    agreed(report, at=at)
    answer(ask(report, at=at), at=at + timedelta(hours=1), said="refused", note="Toch niet.")

    assert lacks(report) == ["The host asks for a change: Toch niet."]


def test_a_yes_to_one_report_says_nothing_about_another(report, at):
    other = factories.visit_report()

    agreed(report, at=at)

    assert lacks(other) == [NOT_YET]


def test_a_translation_rests_on_the_text_it_is_translated_from(report, at):
    agreed(report, at=at)
    report = publish(report)
    texts = [both("Op bezoek in Ronse", "A visit to Ronse"), both("Kort.", "Short."), both("Waarom.", "Why.")]

    english = translate_page(report, [*texts, both("Hoe.", "How."), both(report.slug, "visit-to-ronse")])
    english.refresh_from_db()

    assert english.obstacles() == []
    HostSignOff.objects.all().delete()
    with override("en"):
        assert english.obstacles() == [NOT_YET]


def test_the_form_sends_a_report_to_review_before_the_host_answered_and_publishes_it_only_after(report, writer, at):
    address = reverse("wagtailadmin_pages:edit", args=[report.pk])
    review_is_there = case_form(report, intro="Kort.") | {"action-submit": "1"}
    published = case_form(report, intro="Kort.") | {"action-publish": "1"}

    refused = writer.post(address, published)
    assert refused.context["form"].non_field_errors() == [gettext(NOT_YET)]
    assert writer.post(address, review_is_there).status_code == 302

    agreed(report, at=at)
    writer.force_login(factories.user("admin"))  # who waits for a reviewer does not write on meanwhile
    assert writer.post(address, published).status_code == 302
    assert CasePage.objects.get(pk=report.pk).live


@pytest.fixture
def gate(report):
    """An image of the report, which stands in its list and in its text."""
    image = get_image_model().objects.create(title="Poort", file=get_test_image_file(colour="red"))
    draft = newest(report)
    draft.images.add(CaseImage(image=image, alternative="Een poort", credit="Iemand", locale=draft.locale))
    draft.save_revision()
    return image


def replaced(image):
    """As the admin's own form does it: another file below the same number."""
    image.file = get_test_image_file(filename="anders.png", colour="blue")
    image._set_image_file_metadata()
    image.save()


@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning")  # Wagtail leaves its own open
def test_a_file_that_is_replaced_needs_the_hosts_yes_again(report, gate, at):
    agreed(report, at=at)
    assert lacks(report) == []

    replaced(gate)

    assert lacks(report) == [CHANGED]


@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning")
def test_so_does_one_that_stands_in_a_text(report, gate, at):
    draft = newest(report)
    draft.images.set([])
    draft.approach = f'<p>Hoe.</p><embed alt="Een poort" embedtype="image" format="left" id="{gate.pk}"/>'
    draft.save_revision()
    agreed(report, at=at)

    replaced(gate)

    assert lacks(report) == [CHANGED]


def test_a_yes_from_before_files_counted_by_what_is_in_them_stands(report, gate, at):
    sign_off = agreed(report, at=at)
    now, before = digests_of([newest(report)])[0]
    assert now != before

    HostSignOff.objects.filter(pk=sign_off.pk).update(content_digest=before)

    assert lacks(report) == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_files_of_a_report_are_asked_for_at_once(report, number, django_assert_num_queries):
    draft = newest(report)
    for place in range(number):
        image = get_image_model().objects.create(title=f"{place}", file=get_test_image_file(), file_hash=f"{place}")
        draft.images.add(CaseImage(image=image, alternative="Een poort", credit="Iemand", locale=draft.locale))

    with django_assert_num_queries(1):
        digest_of(draft)

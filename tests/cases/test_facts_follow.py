"""A fact of a case is changed once, in Dutch, and the English shows it; a text waits for its translator."""

from datetime import date
from decimal import Decimal
from threading import Thread

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from wagtail_localize.models import StringTranslation, Translation

from cases.models import CasePage, CaseParty, CaseSource, ImpactFigure, Lesson, SearchText
from cases.search.texts import cpv_word
from cms.actions import following
from cms.actions.following import carry_facts
from cms.actions.translating import publish_translation
from tests import factories
from tests.cms.translated import changed, give, in_english, state, twin_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(at_once):
    page = factories.case_page(title="Stadskantoor", both=False)
    page.parties.add(CaseParty(organisation=factories.organisation("Stad"), role="buyer", sort_order=0))
    page.lessons.add(Lesson(phase="award", title="Vraag waarborg", text="Op papier."))
    page.figures.add(
        ImpactFigure(
            label="Minder in 2018", value=Decimal(18), unit="%", status="expected", source_name="C2C", year=2018
        )
    )
    page.sources.add(CaseSource(name="Jaarverslag", sort_order=0))
    with at_once():
        page.save_revision().publish()
    with at_once():
        in_english(CasePage.objects.get(pk=page.pk))
    return CasePage.objects.get(pk=page.pk)


def figure(page):
    return page.figures.get()


def with_figure(case, **facts):
    case = CasePage.objects.get(pk=case.pk)
    row = case.figures.get()
    for name, value in facts.items():
        setattr(row, name, value)
    case.figures.set([row])
    case.save_revision().publish()


def test_facts_of_the_page_and_its_parts_follow_and_nothing_is_marked(case, at_once):
    with at_once():
        changed(case, cpv=["45213150"], checked_on=date(2027, 1, 4), goals=[1])
    with at_once():
        with_figure(case, value=Decimal(20), year=2020)

    twin = twin_of(case)
    assert (twin.cpv, twin.checked_on, twin.goals) == (["45213150"], date(2027, 1, 4), [1])
    assert "452" in twin.cpv_beginnings
    assert (figure(twin).value, figure(twin).year, figure(twin).label) == (20, 2020, "EN: Minder in 2018")
    assert state(case) == "up-to-date"


def test_a_new_number_waits_with_its_new_label(case, at_once):
    """Twenty under "in 2018" would be a false statement; eighteen in 2018 is an old one."""
    with at_once():
        with_figure(case, label="Minder in 2020", value=Decimal(20))

    assert (figure(twin_of(case)).value, figure(twin_of(case)).label) == (18, "EN: Minder in 2018")
    assert state(case) == "out-of-date"

    give(Translation.objects.get())
    with at_once():
        changed(case, checked_on=date(2027, 1, 4))  # translated, not published: still waiting together
    assert (figure(twin_of(case)).value, figure(twin_of(case)).label) == (18, "EN: Minder in 2018")

    with at_once():
        publish_translation(translation=Translation.objects.get())
    assert (figure(twin_of(case)).value, figure(twin_of(case)).label) == (20, "EN: Minder in 2020")
    assert state(case) == "up-to-date"


def test_a_part_without_texts_is_added_one_with_texts_waits_and_one_taken_out_goes(case, at_once):
    newcomer = factories.organisation("Nieuwkomer")
    page = CasePage.objects.get(pk=case.pk)
    page.parties.add(CaseParty(organisation=newcomer, role="supplier", sort_order=1))
    page.lessons.set([Lesson(phase="use", title="Meet het", text="Elk jaar.")])
    with at_once():
        page.save_revision().publish()

    twin = twin_of(case)
    assert [party.organisation.name for party in twin.parties.all()] == ["Stad", "Nieuwkomer"]
    assert {party.locale.language_code for party in twin.parties.all()} == {"en"}
    assert list(twin.lessons.all()) == []
    assert state(case) == "out-of-date"


def test_sources_follow_and_are_written_once(case, at_once):
    page = CasePage.objects.get(pk=case.pk)
    page.sources.set([CaseSource(name="Jaarverslag", sort_order=0), CaseSource(name="Bestek", sort_order=1)])
    with at_once():
        page.save_revision().publish()

    assert [source.name for source in twin_of(case).sources.all()] == ["Jaarverslag", "Bestek"]
    assert carry_facts(translation=Translation.objects.get()) is False


def test_the_search_finds_the_english_by_its_new_code(case, at_once):
    with at_once():
        changed(case, cpv=["45213150"])

    found = SearchText.objects.filter(vector=SearchQuery(cpv_word("452131"), config="simple"))
    assert twin_of(case).pk in found.values_list("page", flat=True)


def test_a_text_taken_out_in_dutch_is_taken_out_in_english(case, at_once):
    with at_once():
        changed(case, intro="")

    assert twin_of(case).intro == ""


def test_a_draft_of_the_english_stays_a_draft_while_its_live_page_follows(case, at_once):
    twin = twin_of(case)
    twin.intro = "A draft."
    twin.save_revision()
    with at_once():
        changed(case, goals=[2])

    twin = twin_of(case)
    assert (twin.goals, twin.intro, twin.has_unpublished_changes) == ([2], "EN: Kort.", True)
    assert twin.get_latest_revision_as_object().intro == "A draft."

    with at_once():
        twin.get_latest_revision().publish()
    assert (twin_of(case).goals, twin_of(case).intro) == ([2], "A draft.")


def test_922_parts_made_anew_many_times_keep_one_row_for_each_language(case, at_once):
    """wagtail-localize #922: a unique-constraint error with parts of parts. Ours have one level."""
    for number in range(3):
        page = CasePage.objects.get(pk=case.pk)
        page.lessons.add(Lesson(phase="use", title=f"Les {number}", text="Kort.", sort_order=number))
        with at_once():
            page.save_revision().publish()
        give(Translation.objects.get())
        with at_once():
            publish_translation(translation=Translation.objects.get())

    dutch, english = (list(page.lessons.values_list("translation_key", flat=True)) for page in (case, twin_of(case)))
    assert len(dutch) == 4
    assert dutch == english
    assert StringTranslation.objects.filter(context__path__startswith="lessons.").count() == 8


@pytest.mark.django_db(transaction=True)
def test_an_english_text_published_while_the_facts_follow_is_not_written_over(monkeypatch):
    """Started when the English was read and not written yet: it has to wait, or what it wrote is lost."""
    page = factories.case_page(title="Stadskantoor", both=False)
    page.save_revision().publish()
    in_english(CasePage.objects.get(pk=page.pk))
    CasePage.objects.filter(pk=page.pk).update(goals=[2])
    carry = following._carry

    def publish_in_english():
        try:
            changed(twin_of(page), intro="Anew.")
        finally:
            connection.close()

    publishing = Thread(target=publish_in_english)

    def carry_meanwhile(*args):
        if publishing.ident is None:
            publishing.start()
            publishing.join(1)  # without the lock it is done by then
        return carry(*args)

    monkeypatch.setattr(following, "_carry", carry_meanwhile)
    assert carry_facts(translation=Translation.objects.get()) is True
    publishing.join(30)

    assert twin_of(page).intro == "Anew."

"""The decision paper on screen and as a PDF: on the Tour's visits or on the pilot, with everything that went in."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from payments.actions.asking import keep_answers
from payments.actions.experimenting import close_experiment, start_experiment
from payments.evidence import Chosen, gaps, season_paper
from payments.lab.decision import doubts
from payments.lab_figures import visits
from payments.models import CostLine, RevenueModel
from tests import factories
from tests.conftest import NOON
from tests.payments.lab.lab_support import costs, programme, visit
from tests.payments.lab.test_experimenting import LOOK, assign, experiment
from tests.payments.lab.test_scenario_page import sent
from tests.payments.lab.test_study_pages import HEAD, four, study

pytestmark = pytest.mark.django_db
URL = "/admin/revenue-lab/paper/"
D = Decimal


@pytest.fixture
def manager() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.user("Programme managers"))
    return client


def model(name: str, kind: str = "cost_price", quota: int | None = None, **parameters: Any) -> RevenueModel:
    return RevenueModel.objects.create(name=name, kind=kind, parameters=parameters, free_quota=quota)


def tables(shown: Any) -> dict[str, dict[str, list[str]]]:
    return {
        part["caption"]: {row[0]: row[1:] for row in part["rows"]}
        for section in shown["sections"]
        for part in section["parts"]
        if part["kind"] == "table"
    }


def test_the_pilot_s_paper_says_which_figures_are_known(manager: Client) -> None:
    for_all, members = model("Cost price", quota=0), model("Free for members", "members_free")
    shown = manager.get(URL, {"season": "pilot", "models": [for_all.pk, members.pk]}).context
    told = tables(shown)
    assert told["As it was"]["Left to be found"] == ["€10,832.50"]
    side = told["What each model would have brought, the one that leaves least first"]
    assert {name: cells[-1] for name, cells in side.items()} == {
        "Cost price": "€5,618.90",
        "Free for members": "€10,832.50",
    }
    went_in = told["What went in"]
    assert went_in["Participants"][1] == "Vlaanderen Circulair, page of the pilot"
    assert went_in["Price, excl. VAT"] == ["€95.00", "example"]
    assert went_in["Cost price"][1] == "revenue model"


def test_a_figure_of_the_pilot_can_be_changed_and_is_an_example_then(manager: Client) -> None:
    shown = manager.get(URL, {"season": "pilot", "participants": 120, "price": "150"}).context
    went_in = tables(shown)["What went in"]
    assert (went_in["Participants"], went_in["Price, excl. VAT"][0]) == (["120", "example"], "€150.00")
    assert manager.get(URL, {"season": "pilot", "visits": 0}).context["pilot"].errors.keys() == {"visits"}


def test_a_season_s_paper_has_the_ledger_s_figures_and_what_is_missing(manager: Client) -> None:
    with_costs, without = visit(paid=2, free=1, name="Fabriek"), visit(free=1, name="Haven")
    costs(with_costs, fixed="900", participant="20")
    programme("100")
    kept = model("Kostprijs", quota=0)
    shown = manager.get(URL, {"season": "2027", "models": [kept.pk]}).context
    told = tables(shown)
    assert told["As it is booked until now"]["Paid by participants, excl. VAT"] == ["€190.00"]
    assert told["What went in"]["Paid by participants, excl. VAT"] == ["€190.00", "ledger"]
    assert told["What went in"]["Costs of the visits"][0] == "€960.00"
    assert told["What went in"]["Their part of the programme costs"][0] == "€100.00"
    assert any(name.startswith("Fabriek") for name in told["What went in"])
    missing = gaps(visits(), NOON + timedelta(days=30))
    assert (missing.without_costs, missing.only_planned, missing.not_noted) == (1, 1, 4)
    assert gaps(visits(), NOON).not_noted == 0
    assert [gaps(visits(), at).to_come for at in (NOON, NOON + timedelta(days=30))] == [2, 0]
    CostLine.objects.update(actual=D(1), actual_on=NOON.date())
    assert gaps(visits(), NOON).only_planned == 0
    assert without.name


def test_studies_a_scenario_and_closed_experiments_stand_in_it(manager: Client) -> None:
    asked = study(name="Bevraging", is_example=True)
    keep_answers(study=asked, text=HEAD + four(12))
    empty = study(name="Zonder antwoorden")
    made = experiment()
    assign(made, [visit(free=2)], [visit(free=1)])
    start_experiment(experiment=made, at=NOON, by=None)
    query = {"season": "2027", "studies": [asked.pk, empty.pk], "scenario": urlencode(sent())}
    before = manager.get(URL, query)
    assert made.name not in before.content.decode()
    close_experiment(experiment=made, conclusion="", at=LOOK, by=None)
    answer = manager.get(URL, query)
    told = tables(answer.context)
    assert told["Van Westendorp, convention of 1976"]["Bevraging (example)"][:2] == ["12", "0"]
    assert "Bevraging" in told["What went in"] and "Zonder antwoorden" not in told["What went in"]
    assert answer.context["said"] == ["Left out: Zonder antwoorden. It has no four points to show."]
    assert any(caption.startswith("A season drawn 500 times") for caption in told)
    assert f"{made.name}: not decidable with this many" in answer.content.decode()


def test_a_model_that_cannot_be_put_to_these_visits_is_named(manager: Client) -> None:
    broken = model("Kapot", "group", seats=1)
    shown = manager.get(URL, {"season": "pilot", "models": [broken.pk]}).context
    assert shown["made"].evidence.models == []
    assert shown["said"][0].startswith("Left out: Kapot.")


@pytest.mark.parametrize(
    "query",
    [
        {"season": "1999"},
        {"season": "period"},
        {"season": "period", "since": "2027-02-01", "until": "2027-01-01"},
        {"season": "period", "since": "0001-01-01", "until": "2027-01-01"},
        {"season": "period", "since": "2031-01-01", "until": "2031-02-01"},
        {"season": "pilot", "price": "x"},
        {"season": "pilot", "models": ["999999"]},
    ],
)
def test_what_cannot_be_written_is_said_in_words(manager: Client, query: dict[str, Any]) -> None:
    answer = manager.get(URL, query)
    assert (answer.status_code, answer.context["made"]) == (200, None)
    assert answer.context["said"]
    pdf = manager.get(f"{URL}paper.pdf", query | {"language": "nl"})
    assert (pdf.status_code, pdf["Content-Type"]) == (400, "text/plain; charset=utf-8")


def test_a_scenario_that_cannot_be_drawn_is_left_out_and_named(manager: Client) -> None:
    for query in ("rows=1", urlencode(sent(runs=1)), "%00", "a" * 200):
        shown = manager.get(URL, {"season": "pilot", "scenario": query}).context
        assert shown["made"].scenario is None
        assert shown["said"][0].startswith("Left out: Scenario.")


def test_at_most_six_models_stand_side_by_side(manager: Client) -> None:
    models = [model(f"Model {number}").pk for number in range(7)]
    assert manager.get(URL, {"season": "pilot", "models": models}).context["form"].errors.keys() == {"models"}
    assert len(manager.get(URL).context["form"]["models"].value()) == 6


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pdf_is_in_the_language_that_was_asked_for(manager: Client, language: str) -> None:
    kept = model("Kostprijs", quota=0)
    answer = manager.get(f"{URL}paper.pdf", {"season": "pilot", "models": [kept.pk], "language": language})
    read = PdfReader(BytesIO(answer.content))
    said = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    assert (answer["Content-Type"], read.trailer["/Root"]["/Lang"]) == ("application/pdf", language)
    with override(language):
        assert ("€ 10.832,50" if language == "nl" else "€10,832.50") in said.replace("\xa0", " ")
    assert manager.get(f"{URL}paper.pdf", {"season": "pilot", "language": "de"}).status_code == 400


def test_every_table_of_the_page_has_a_caption_and_headings(manager: Client) -> None:
    html = manager.get(URL, {"season": "pilot"}).content.decode()
    paper = html.split("<article", 1)[1].split("</article>")[0]
    assert paper.count("<table") == paper.count("<caption>") > 0
    assert paper.count('<th scope="row">') == paper.count("<tbody><tr>") + paper.count("</tr><tr>")
    assert "style=" not in paper


@pytest.mark.parametrize("count", [1, 3])
def test_a_paper_asks_as_much_for_three_visits_and_models_as_for_one(
    count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        costs(visit(paid=1), fixed="900")
        model(f"Model {number}")
    chosen = Chosen(list(RevenueModel.objects.all()))
    with django_assert_num_queries(11):
        made, _left_out = season_paper(NOON.date(), NOON.date() + timedelta(days=60), chosen, at=NOON)
    assert len(made.evidence.models) == made.evidence.visits == count


@pytest.mark.parametrize(
    ("is_demo", "with_example", "codes"),
    [(False, False, []), (False, True, ["example"]), (True, False, ["demo"]), (True, True, ["example", "demo"])],
)
def test_a_demonstration_and_an_entered_example_are_told_apart(
    settings: Any, is_demo: bool, with_example: bool, codes: list[str]
) -> None:
    """The ledger's own figures are never called examples; those of a demonstration are called made up."""
    settings.BEST_PRACTICE_TOUR = settings.BEST_PRACTICE_TOUR | {"DEMO": is_demo}
    visit(paid=1)
    asked = study(name="Bevraging", is_example=True)
    keep_answers(study=asked, text=HEAD + four(12))
    made, _left_out = season_paper(
        NOON.date(), NOON.date() + timedelta(days=60), Chosen(studies=[asked] if with_example else []), at=NOON
    )
    assert [code for code in doubts(made.evidence) if code in ("example", "demo")] == codes


def test_one_visit_and_one_participant_are_said_in_the_singular(manager: Client) -> None:
    shown = manager.get(URL, {"season": "pilot", "visits": 1, "participants": 1}).context
    assert shown["made"].about == "The pilot: 1 visit, 1 participant; the other figures are examples."
    refused = manager.get(URL, {"season": "pilot", "fee_share": 1}).context["pilot"]
    assert list(refused.errors) == ["fee_share"]

"""The decision paper on the pilot's figures, in both languages: what it says, and that its PDF says the same."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.utils.translation import override
from pypdf import PdfReader

from payments.admin.lab.compare import measured
from payments.decision_paper import Paper, Scenario, pdf, pilot_inputs, sections
from payments.lab.decision import Evidence, StudyFinding
from payments.lab.outcome import as_booked, season, would_have
from payments.lab.pilot import Inputs, visits_of
from payments.lab.plans import Plan
from payments.lab.season import Assumptions, PlannedVisit, Range, Tariff, simulate, tornado

D = Decimal


def pilot(**facts) -> Paper:
    inputs = Inputs()
    visits = visits_of(inputs)
    plans = [
        ("Cost price for everybody", Plan("cost_price", {}, 0)),
        ("Free for members", Plan("members_free")),
        ("Funder pays members", Plan("subsidy", {"per_participant": 95, "for_members": True})),
    ]
    models = [(name, season(name, would_have(plan, visits))) for name, plan in plans]
    booked = season("pilot", [as_booked(visit) for visit in visits])
    evidence = Evidence(booked, inputs.visits, models, **{"is_example": True, "not_noted": 101, **facts})
    return Paper("Decision paper", "The pilot: 8 visits.", evidence, pilot_inputs(inputs))


def told(made: Paper) -> dict[str, list]:
    return {section["heading"]: section["parts"] for section in sections(made)}


def rows(parts: list, place: int = 0) -> dict[str, list[str]]:
    found = [part for part in parts if part["kind"] == "table"][place]["rows"]
    return {row[0]: row[1:] for row in found}


def text(parts: list) -> str:
    return " ".join(run["text"] for part in parts for run in part.get("runs", []))


def test_every_figure_of_the_pilot_s_paper() -> None:
    with override("en"):
        made = told(pilot())
        assert rows(made["The data"]) == {
            "Visits": ["8"],
            "Participants": ["101"],
            "of whom paying": ["45"],
            "Paid by participants, excl. VAT": ["€4,275.00"],
            "Payment fees": ["€85.50"],
            "Cost, with the share of the programme": ["€15,022.00"],
            "Result": ["-€10,832.50"],
            "Cost covered": ["28.3 %"],
            "Left to be found": ["€10,832.50"],
            "Contribution per participant": ["€19.48"],
            "Participants that would carry it, in this mix": ["658"],
            # 0.8 x 15,022 / (45 x (1 - 0.8 x 0.02)) = 271.41 (rounded up) and 15,022 / (45 x 0.98) = 340.64.
            "Price that covers 80 %": ["€271.41"],
            "Price that covers all": ["€340.64"],
        }
        assert rows(made["The models side by side"]) == {
            "Funder pays members": ["€4,275.00", "€5,320.00", "€85.50", "-€5,512.50", "63.5 %", "178", "€5,512.50"],
            "Cost price for everybody": ["€9,595.00", "€0.00", "€191.90", "-€5,618.90", "63.1 %", "181", "€5,618.90"],
            "Free for members": ["€4,275.00", "€0.00", "€85.50", "-€10,832.50", "28.3 %", "658", "€10,832.50"],
        }
        assert rows(made["The risks"])["A fifth fewer participants"] == ["-€11,226.00", "-€6,970.00", "-€7,055.12"]
        assert text(made["The recommendation the numbers allow"]).startswith(
            "The figures do not choose: “Funder pays members” leaves €5,512.50 to be found, "
            "and “Cost price for everybody” only €106.40 more."
        )


def test_what_would_have_to_be_measured_next_names_figures() -> None:
    with override("en"):
        items = told(pilot())["What would have to be measured next"][0]["items"]
        assert [text(item) for item in items] == [
            "Figures that are called an example were filled in by hand: put the real ones in their place.",
            "Ask at least 30 purchasers the four prices of Van Westendorp.",
            "Of 101 seats nobody noted whether somebody came.",
            "Try a model on some of the next visits and not on others, and write down beforehand what would decide. "
            "To see 30 % become 50 % takes 93 people in each group.",
        ]


def test_where_every_figure_comes_from_is_said() -> None:
    with override("en"):
        sources = rows(told(pilot())["The data"], 1)
    assert sources["Visits"] == ["8", "Vlaanderen Circulair, page of the pilot"]
    assert sources["Participants"] == ["101", "Vlaanderen Circulair, page of the pilot"]
    assert {value[1] for name, value in sources.items() if name not in ("Visits", "Participants")} == {"example"}


def test_studies_scenario_and_experiments_stand_in_it() -> None:
    visit = PlannedVisit("v", 20, 12.0, D(95), D(900), D(25))
    flat = [Tariff(95.0, lambda n: 95.0 * n)]
    unsure = Assumptions(demand=Range(0.5, 1, 1.5))
    scenario = Scenario(
        "Cost price", simulate([visit], flat, unsure, runs=200, seed=4), tornado([visit], flat, unsure, runs=200)
    )
    study = StudyFinding("Survey", 34, 2, 88.5, (80, 95), 60, 120, True)
    made = pilot(studies=[study], experiments=[("Early bird", "not decidable")])
    with override("en"):
        parts = told(Paper(made.title, made.about, made.evidence, made.inputs, scenario))
        assert rows(parts["What people say they would pay"]) == {
            "Survey (example)": ["34", "2", "€88.50", "€80.00 – €95.00", "€60.00 – €120.00"]
        }
        assert text(parts["What was tried"][0]["items"][0]) == "Early bird: not decidable with this many"
        captions = [part["caption"] for part in parts["The risks"]]
        assert captions[1:] == ["A season drawn 200 times under “Cost price” (seed 4)", "What matters most"]
        assert list(rows(parts["The risks"], 2)) == ["Demand"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pdf_says_what_the_page_says(language: str) -> None:
    with override(language):
        made = pilot()
        read = PdfReader(BytesIO(pdf(made, on=date(2027, 1, 4))))
        said = " ".join(" ".join(page.extract_text() for page in read.pages).split())
        cells = [
            cell
            for section in sections(made)
            for part in section["parts"]
            for row in part.get("rows", [])
            for cell in row
        ]
    assert read.trailer["/Root"]["/Lang"] == language
    missing = [cell for cell in cells if " ".join(cell.split()) not in said and len(cell) < 24]
    assert missing == []


def test_what_is_left_out_and_what_is_to_come_stands_with_the_recommendation() -> None:
    """Not at the end of the paper only; and what was booked until now is not called as it was."""
    with override("en"):
        made = told(pilot(without_costs=3, to_come=5, in_experiment=1))
        said = text(made["The recommendation the numbers allow"])
        captions = [part["caption"] for part in made["The data"]]
        over = [part["caption"] for part in told(pilot())["The data"]]
    assert "Of 8 visits 3 have no cost line: what they cost themselves is not among these costs." in said
    assert "Of 8 visits 5 are still to come: this is a forecast, with whoever registered until now." in said
    assert "1 of them is in a running experiment" in said
    assert (captions[0], over[0]) == ("As it is booked until now", "As it was")


def test_a_contribution_is_rounded_and_not_cut_off() -> None:
    """-6.16 over 57 participants is -0.108: -0.11 on the page, in the table and in the paper."""
    booked = replace(pilot().evidence.booked, participants=57, revenue=D("0"), fees=D("6.16"), variable=D(0))
    with override("en"):
        data = rows(told(replace(pilot(), evidence=replace(pilot().evidence, booked=booked)))["The data"])
    assert data["Contribution per participant"] == ["-€0.11"]
    assert measured(booked)["contribution"] == D("-0.11")


def test_fees_are_called_payment_fees_in_the_table_of_models() -> None:
    with override("en"):
        (compared,) = told(pilot())["The models side by side"]
    assert compared["columns"][3] == "Payment fees"


def test_a_label_and_a_sentence_have_a_width_of_their_own() -> None:
    """A model's sentence beside a label of several words: neither is squeezed into one word a line."""
    made = pilot()
    sentence = "Wie niet gratis komt, kiest wat hij betaalt: 30 % niets, de anderen gemiddeld € 55,00 (een aanname)."
    inputs = [*made.inputs, ("Betaal wat u kunt (demo)", sentence, "verdienmodel")]
    with override("nl"):
        read = PdfReader(BytesIO(pdf(replace(made, inputs=inputs), on=date(2027, 1, 4))))
    lines = [line.strip() for page in read.pages for line in page.extract_text().splitlines()]
    assert any("Kosten per deelnemer" in line for line in lines)
    assert any("Betaal wat u kunt (demo)" in line for line in lines)
    assert any("Wie niet gratis komt, kiest" in line for line in lines)

"""A programme manager decides by which model the Tour carries itself; in Dutch, in Chromium (feature 21).

The journey, before it was built:

1. The manager enters what a visit will cost, and derives its cost price with the working.
2. The season as it was says what finance's report says, to the cent.
3. Four models are put side by side on the three visits that were held: revenue, coverage, participants, subsidy, seats.
   No order that was sold changes.
4. A scenario of the visits to come says how likely a loss is and what it depends on; its address says the same again.
5. An experiment is written down and started, and not compared before its look; another, whose visits are over, is
   closed: not decidable.
6. The decision paper is read, and taken along as a PDF in Dutch and English.
"""

import csv
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.stories.finance_support import log_in, no_serious_fault, read_csv

#: One journey, step after step: all of it on one worker.
pytestmark = pytest.mark.xdist_group("revenue lab")

LAB = "/admin/revenue-lab/"
HELD = ("Schoonmaken zonder wegwerp", "Laptops een tweede keer aankopen", "Gerecycleerd garen in het bestek")
MODELS = (
    "Kostprijs voor iedereen (demo)",
    "Gratis voor leden, anderen kostprijs (demo)",
    "Sponsor per bezoek (demo)",
    "Vroegboekprijs (demo)",
)
NOW = datetime.now(ZoneInfo("Europe/Brussels")).date()
TODAY = NOW.isoformat()
#: After the visits of the demonstration that are to come.
FAR = (NOW + timedelta(days=400)).isoformat()


@pytest.fixture
def manager(open_page: Any) -> Page:
    page: Page = open_page(1280, 900, locale="nl-BE", bypass_csp=True)
    log_in(page, "manager")
    return page


def choose(page: Page, group: str, names: tuple[str, ...]) -> None:
    """Tick the boxes of these names; a label may say more after it."""
    for name in names:
        page.locator(f"label:has(input[name={group}])", has_text=name).locator("input").check()


def text_of(page: Page) -> str:
    """All the page says, once it has come in whole."""
    page.wait_for_load_state()
    return page.locator("main").inner_text()


def test_costs_are_entered_and_a_cost_price_is_derived(manager: Page, shoot: Any) -> None:
    """850 for the visit and 22 for each of 25: 1,400 over 25, with the programme's share, rounded up."""
    page = manager
    page.goto(LAB + "costs/new/")
    to_come = page.locator("select[name=event] option", has_text="Laptops die terugkomen")
    page.select_option("select[name=event]", str(to_come.get_attribute("value")))
    page.fill("[name=expected]", "25")
    for number, (name, basis, planned) in enumerate((("Gids en zaal", "fixed", "850"), ("Lunch", "participant", "22"))):
        page.click("#id_lines-ADD")
        page.fill(f"[name=lines-{number}-name]", name)
        page.select_option(f"[name=lines-{number}-basis]", basis)
        page.fill(f"[name=lines-{number}-planned]", planned)
    shoot(page, "lab-costs-form")
    page.get_by_role("button", name="Toevoegen", exact=True).click()
    page.get_by_role("link", name="Laptops die terugkomen").click()
    number_of = page.url.rstrip("/").rsplit("/", 1)[1]

    page.goto(f"{LAB}costs/{number_of}/cost-price/")
    page.get_by_role("button", name="De kostprijs afleiden").click()

    text = text_of(page)
    assert "850,00 + 550,00" in text
    no_serious_fault(page)
    shoot(page, "lab-cost-price")

    page.goto(f"{LAB}costs/edit/{number_of}/")
    page.fill("[name=lines-0-planned]", "-5")
    page.locator("main form button[type=submit]").last.click()
    assert "kon niet worden opgeslagen vanwege fouten" in text_of(page)
    assert "minstens 0" in text_of(page)


def test_the_season_says_what_finance_says(manager: Page, shoot: Any) -> None:
    page = manager
    page.goto(LAB)
    answer = page.request.get(LAB + "?export=csv")
    assert answer.ok
    lab = list(csv.DictReader(StringIO(answer.body().decode("utf-8-sig"))))
    year = TODAY[:4]
    report = {row["event"]: row for row in read_csv(page, "free-seats", f"since={year}-01-01&until={year}-12-31")}
    assert set(HELD) <= {row["event"] for row in lab}
    for row in lab:
        finance = report[row["event"]]
        told = [Decimal(row[name]) for name in ("revenue", "paying", "fees")]
        assert told == [Decimal(finance[name]) for name in ("net", "paid", "fees")], row["event"]
    no_serious_fault(page)
    widths = "part => [part.scrollWidth, part.clientWidth]"
    needed, there = page.locator(".tour-wide > .tour-scroll").last.evaluate(widths)
    assert needed <= there, "every column of the season is in sight"
    shoot(page, "lab-season")


def test_four_models_on_three_visits(manager: Page, shoot: Any) -> None:
    page = manager
    sold = page.request.get("/admin/reports/paid-tickets/?export=csv").body()
    page.goto(LAB + "compare/")
    choose(page, "visit", HELD)
    choose(page, "model", MODELS)
    page.locator("main form").get_by_role("button").last.click()

    text = text_of(page)
    for name in MODELS:
        assert name in text
    for measure in ("Opbrengst excl. btw", "Dekking", "Deelnemers", "Plaatsen voor break-even", "Nog te vinden"):
        assert measure in text, measure
    assert "Iedereen die kwam, zou ook tegen deze prijs gekomen zijn." in text
    assert page.request.get("/admin/reports/paid-tickets/?export=csv").body() == sold
    again = page.url
    page.goto(again)
    assert text_of(page) == text
    no_serious_fault(page)
    shoot(page, "lab-compare")


def test_a_scenario_says_how_likely_a_loss_is(manager: Page, shoot: Any) -> None:
    page = manager
    page.goto(LAB + "scenarios/")
    page.get_by_label("Verdienmodel", exact=False).select_option(label="Sponsor per bezoek (demo)")
    page.fill("[name=runs]", "2000")
    page.get_by_role("button", name="Het seizoen trekken").click()

    text = text_of(page)
    assert "Kans op verlies" in text and "Het meeste hangt af van" in text
    address = page.url
    page.goto(address)
    assert text_of(page) == text
    no_serious_fault(page)
    shoot(page, "lab-scenario")

    page.fill("[name=v1-price]", "-1")
    page.fill("[name=v2-capacity]", "1000000000")
    page.get_by_role("button", name="Het seizoen trekken").click()
    problems = page.get_by_role("alert").inner_text()
    assert "Rij 1, Prijs" in problems and "Rij 2, Plaatsen" in problems
    shoot(page, "lab-scenario-refused")


def test_an_experiment_ends_not_decidable(manager: Page, shoot: Any) -> None:
    page = manager
    page.goto(LAB + "experiments/new/")
    form = page.locator("main form[method=post]")
    form.locator("[name=name]").fill("Sponsor of niet")
    form.locator("[name=hypothesis]").fill("Met een sponsor raken meer plaatsen bezet.")
    form.locator("[name=measure]").select_option("filled")
    form.locator("[name=control]").select_option(label=MODELS[0])
    form.locator("[name=trial]").select_option(label=MODELS[2])
    form.locator("[name=share_now]").fill("0.5")
    form.locator("[name=share_hoped]").fill("0.8")
    form.locator("[name=look_on]").fill(FAR)
    form.locator("[name=decision_rule]").fill("Beter: invoeren. Anders: verder meten.")
    choose(page, "control_visits", ("Een kantoorgebouw als materialenbank",))
    choose(page, "trial_visits", ("Werkkledij: van kast tot sorteerband",))
    shoot(page, "lab-experiment-form")
    form.get_by_role("button", name="Toevoegen", exact=True).click()
    page.get_by_role("link", name="Sponsor of niet").click()
    page.get_by_role("link", name="Starten").click()
    page.locator("main form[method=post]").get_by_role("button").last.click()
    text = text_of(page)
    assert "Oordeel" not in text
    assert page.get_by_role("link", name="Meten en afsluiten").count() == 0

    # One whose visits are over, and whose look has come.
    page.goto(LAB + "experiments/")
    page.get_by_role("link", name="Vroegboekprijs of kostprijs (demo, te meten)").click()
    page.get_by_role("link", name="Meten en afsluiten").click()
    page.locator("main form[method=post] textarea").fill("Twee bezoeken beslissen niets; we meten verder.")
    page.locator("main form[method=post]").get_by_role("button").last.click()

    text = text_of(page)
    assert "niet te beslissen met zo weinig" in text.lower()
    assert "Twee bezoeken beslissen niets; we meten verder." in text
    no_serious_fault(page)
    shoot(page, "lab-experiment-closed")


def test_the_decision_paper_is_read_and_taken_along(manager: Page, shoot: Any) -> None:
    page = manager
    page.goto(LAB + "paper/")
    page.select_option("[name=season]", TODAY[:4])
    choose(page, "models", MODELS)
    page.locator("main form").get_by_role("button").last.click()

    text = text_of(page)
    for heading in ("De vraag", "Wat de cijfers toelaten aan te bevelen", "De risico’s", "Wat nu gemeten moet worden"):
        assert heading in text, heading
    assert "Vroegboekprijs of kostprijs (demo, te meten): niet te beslissen met zo weinig" in text
    no_serious_fault(page)
    shoot(page, "lab-paper")
    for label, heading in (("Pdf in het Nederlands", "De vraag"), ("Pdf in het Engels", "The question")):
        answer = page.request.get(str(page.get_by_role("link", name=label).get_attribute("href")))
        assert answer.headers["content-type"] == "application/pdf"
        read = PdfReader(BytesIO(answer.body()))
        assert heading in " ".join(part.extract_text() for part in read.pages)


def test_the_lab_on_a_phone(open_page: Any, shoot: Any) -> None:
    page = open_page(390, 844, locale="nl-BE", bypass_csp=True)
    log_in(page, "manager")
    for path in ("", "compare/", "scenarios/", "studies/", "paper/?season=pilot"):
        page.goto(LAB + path)
        no_serious_fault(page)
        shoot(page, f"lab-phone-{path.split('/')[0] or 'season'}")
    for path, cell in (("paper/?season=pilot", ".tour-paper td"), ("scenarios/", "[name=v1-per_participant]")):
        page.goto(LAB + path)
        box = page.locator(cell).first.bounding_box()
        assert box and box["x"] + box["width"] <= 390, f"{path}: its figures stand beyond the edge"

"""Experiments on screen: sized before they start, no figure until the look, and a verdict that is reasoned."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from events.actions import cancel_event
from events.models import Event
from payments.actions.experimenting import close_experiment, start_experiment
from payments.experiment_findings import has
from payments.models import Experiment
from tests import factories
from tests.conftest import NOON
from tests.payments.lab.lab_support import visit
from tests.payments.lab.test_experimenting import LOOK, assign, experiment

pytestmark = pytest.mark.django_db
URL = "/admin/revenue-lab/experiments/"
#: Days of the look that have come and have not, whenever this runs.
COME, FAR = date(2020, 1, 2), date(2188, 2, 11)


@pytest.fixture
def manager() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.user("Programme managers"))
    return client


def facts(made: Experiment, **changed: Any) -> dict[str, Any]:
    return {
        "name": made.name,
        "hypothesis": "Wie vroeg beslist, komt.",
        "measure": "filled",
        "control": made.control_id,
        "trial": made.trial_id,
        "share_now": "0.6",
        "share_hoped": "0.8",
        "alpha": "0.05",
        "power": "0.8",
        "look_on": LOOK.date().isoformat(),
        "decision_rule": "Beter: invoeren.",
        **changed,
    }


def coming(**facts: Any) -> Any:
    """A visit that has not begun, whenever this runs."""
    return factories.event(**{"starts_at": timezone.now() + timedelta(days=30), **facts})


def another(like: Experiment, name: str, **changed: Any) -> Experiment:
    """A second draft on the same two models."""
    kept = {name: getattr(like, name) for name in DRAFTED}
    return Experiment.objects.create(**kept | {"name": name} | changed)


DRAFTED = ["hypothesis", "measure", "control", "trial", "share_now", "share_hoped", "look_on", "decision_rule"]


def around(look_on: date, *visits: Any) -> Any:
    """Puts the visits ten days before the look; the moment to start is ten more before that."""
    held = timezone.make_aware(datetime.combine(look_on - timedelta(days=10), time(14)))
    Event.objects.filter(pk__in=[one.pk for one in visits]).update(starts_at=held, ends_at=held + timedelta(hours=3))
    return held - timedelta(days=10)


def running(look_on: date) -> Experiment:
    """17 seats of 41 against 19 of 47: counts that no other figure on a page would be."""
    made = experiment(look_on=look_on)
    first = [visit(paid=17, capacity=41, name="Controle A"), visit(capacity=43, name="Controle B")]
    first.append(visit(capacity=43, name="Controle C"))
    second = [visit(paid=19, capacity=47, name="Proef A"), visit(capacity=53, name="Proef B")]
    assign(made, first, second)
    return start_experiment(experiment=made, at=around(look_on, *first, *second), by=None)


def test_a_draft_is_kept_with_its_visits_and_a_visit_is_in_one_group(manager: Client) -> None:
    made = experiment()
    one, other = coming(name="Een"), coming(name="Twee")
    double = facts(made, name="Nieuw", control_visits=[one.pk], trial_visits=[one.pk, other.pk])
    answer = manager.post(f"{URL}new/", double)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["trial_visits"])
    sent = facts(made, name="Nieuw", control_visits=[one.pk], trial_visits=[other.pk])
    assert manager.post(f"{URL}new/", sent).status_code == 302
    kept = Experiment.objects.get(name="Nieuw")
    assert [(row.event, row.group) for row in kept.visits.order_by("group")] == [(one, "control"), (other, "trial")]
    swapped = facts(made, name="Nieuw", control_visits=[other.pk], trial_visits=[one.pk])
    assert manager.post(f"{URL}edit/{kept.pk}/", swapped).status_code == 302
    assert [(row.event, row.group) for row in kept.visits.order_by("group")] == [(other, "control"), (one, "trial")]


def test_every_field_of_the_form_has_help(manager: Client) -> None:
    form = manager.get(f"{URL}new/").context["form"]
    assert [name for name, field in form.fields.items() if not field.help_text] == []


def test_the_calculator_says_what_it_takes_and_what_the_tour_has(manager: Client) -> None:
    coming(capacity=24)
    tried = {"share_now": "0.6", "share_hoped": "0.8", "alpha": "0.05", "power": "0.8", "control": 3, "trial": 3}
    shown = manager.get(f"{URL}new/", tried).context
    # R: power.prop.test(p1 = .6, p2 = .8, power = .8) asks 81.2; three against three visits: 2 of 20 ways.
    assert (shown["need"].per_group, shown["need"].smallest_p, shown["need"].can_decide) == (82, 0.1, False)
    assert (shown["has"].visits, shown["has"].seats) == (1, 24)
    assert str(shown["form"]["share_hoped"].value()) == "0.8"
    assert manager.get(f"{URL}new/", tried | {"control": 4, "trial": 4}).context["need"].can_decide is True
    assert manager.get(f"{URL}new/", tried | {"share_now": "0.8"}).context["size_problem"]
    assert manager.get(f"{URL}new/", tried | {"power": "x"}).context["size"].errors.keys() == {"power"}


def test_starting_repeats_the_design_and_a_refusal_is_a_message(manager: Client) -> None:
    made = experiment()
    assert made.decision_rule in manager.get(f"{URL}{made.pk}/start/").content.decode()
    answer = manager.post(f"{URL}{made.pk}/start/", follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    Experiment.objects.update(look_on=timezone.localdate() + timedelta(days=60))
    assign(made, [coming()], [coming()])
    answer = manager.post(f"{URL}{made.pk}/start/", follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["success"]
    made.refresh_from_db()
    assert (made.is_started, made.per_group) == (True, 82)


def test_a_started_experiment_is_read_only(manager: Client) -> None:
    made = running(FAR)
    for url in (f"edit/{made.pk}/", f"delete/{made.pk}/"):
        assert manager.get(URL + url).status_code == 302
        assert manager.post(URL + url, facts(made, hypothesis="anders")).status_code == 302
    made.refresh_from_db()
    assert made.hypothesis == "Wie vroeg beslist, komt."
    answer = manager.post(f"{URL}{made.pk}/close/", {"conclusion": "te vroeg"}, follow=True)
    assert {message.level_tag for message in answer.context["messages"]} == {"error"}
    made.refresh_from_db()
    assert not made.is_closed


def test_no_page_about_a_running_experiment_says_a_count(manager: Client) -> None:
    """Nothing in the HTML of the list, the experiment and its deeds, for whoever may see them, tells who registered."""
    made = running(FAR)
    counts = ["17", "19", "41.5", "40.4", "36"]
    pages = ["", f"inspect/{made.pk}/", f"{made.pk}/start/", f"{made.pk}/close/", "new/", "results/"]
    finance = Client()
    finance.force_login(factories.user("Finance"))
    for client in (manager, finance):
        for url in pages:
            answer = client.get(URL + url)
            if answer.status_code != 200:
                continue
            shown = _text(answer.content.decode())
            assert [count for count in counts if count in shown] == [], url
    paper = manager.get("/admin/revenue-lab/paper/?season=pilot").content.decode()
    assert made.name not in paper


def _text(html: str) -> str:
    """What the page's own part says: without the frame, its addresses and the day of the look."""
    main = html.split("<main", 1)[-1].split("</main>")[0] if "<main" in html else html
    words: list[str] = []
    for piece in main.split("<"):
        words.append(piece.rpartition(">")[2])
    return " ".join(" ".join(words).split())


def test_on_the_day_of_the_look_it_is_closed_once_with_figures_rule_and_verdict(manager: Client) -> None:
    made = running(COME)
    with override("en"):
        assert "17" not in _text(manager.get(f"{URL}{made.pk}/close/").content.decode())
        answer = manager.post(f"{URL}{made.pk}/close/", {"conclusion": "Staking op dag twee."}, follow=True)
        shown = answer.context
        again = manager.post(f"{URL}{made.pk}/close/", {"conclusion": "anders"}, follow=True)
    assert [(name, yes, of) for _group, name, yes, of, _share in shown["rows"]] == [
        ("Controle A", 17, 41),
        ("Controle B", 0, 43),
        ("Controle C", 0, 43),
        ("Proef A", 19, 47),
        ("Proef B", 0, 53),
    ]
    assert (shown["found"].ways, shown["found"].control.yes, shown["found"].trial.of) == (10, 17, 100)
    assert shown["sentence"].startswith("Not decidable with this many: 19 % against 13.4 % (p = ")
    html = answer.content.decode()
    assert "Staking op dag twee." in html
    assert made.decision_rule in html
    assert [message.level_tag for message in again.context["messages"]] == ["error"]
    made.refresh_from_db()
    assert made.conclusion == "Staking op dag twee."


@pytest.mark.parametrize("verdict", ["better", "worse"])
def test_a_verdict_is_a_sentence_with_its_figures(manager: Client, verdict: str) -> None:
    made = experiment()
    full, empty = ([visit(paid=n) for n in counts] for counts in ((5, 6, 7, 8), (0, 0, 0, 1)))
    assign(made, *((empty, full) if verdict == "better" else (full, empty)))
    start_experiment(experiment=made, at=NOON, by=None)
    close_experiment(experiment=made, conclusion="", at=LOOK, by=None)
    with override("en"):
        sentence = manager.get(f"{URL}inspect/{made.pk}/").context["sentence"]
    shares = "32.5 % against 1.2 %" if verdict == "better" else "1.2 % against 32.5 %"
    assert sentence == f"The trial is {verdict}: {shares} (p = 0.029, below 0.05)."


def test_the_list_says_in_which_state_each_is(manager: Client) -> None:
    with override("en"):
        made = running(FAR)
        assert "running, not compared until 11 Feb 2188" in _text(manager.get(URL).content.decode())
        due = another(made, "Nu", look_on=COME)
        assert "draft" in _text(manager.get(URL).content.decode())
        one, other = visit(), visit()
        assign(due, [one], [other])
        start_experiment(experiment=due, at=around(COME, one, other), by=None)
        assert "the day of the look has come: close it" in _text(manager.get(URL).content.decode())
        close_experiment(experiment=due, conclusion="", at=LOOK, by=None)
        assert "closed: not decidable with this many" in _text(manager.get(URL).content.decode())


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_experiments_as_for_one(
    manager: Client, django_assert_num_queries: Any, count: int
) -> None:
    first = experiment()
    for number in range(1, count):
        another(first, f"Nog {number}")
    manager.get(URL)
    with django_assert_num_queries(10):
        assert len(manager.get(URL).context["object_list"]) == count


@pytest.mark.parametrize(
    ("group", "reads", "changes"), [("Programme managers", 200, 200), ("Finance", 200, 302), ("Organisers", 302, 302)]
)
def test_finance_reads_what_programme_managers_try(group: str, reads: int, changes: int) -> None:
    made = experiment()
    client = Client()
    client.force_login(factories.user(group))
    assert {client.get(URL + url).status_code for url in ("", f"inspect/{made.pk}/")} == {reads}
    pages = ["new/", f"edit/{made.pk}/", f"delete/{made.pk}/", f"{made.pk}/start/", f"{made.pk}/close/"]
    assert {client.get(URL + url).status_code for url in pages} == {changes}


def test_what_the_tour_has_tells_nothing_of_visits_of_a_running_experiment() -> None:
    """Three participants of a visit that is over; nine of one in a running experiment are in no sum until the look."""
    made = experiment()
    tried, other = visit(paid=9), visit()
    assign(made, [tried], [other])
    start_experiment(experiment=made, at=NOON, by=None)
    visit(paid=3)
    at = LOOK + timedelta(days=30)
    assert has(at).participants == 3
    close_experiment(experiment=made, conclusion="", at=at, by=None)
    assert has(at).participants == 12


@pytest.mark.parametrize(("look_on", "offered"), [(FAR, False), (COME, True)])
def test_the_look_is_offered_from_its_day_on(manager: Client, look_on: date, offered: bool) -> None:
    made = running(look_on)
    html = manager.get(f"{URL}inspect/{made.pk}/").content.decode()
    assert (f"{made.pk}/close/" in html) == offered


def test_a_cancelled_visit_is_named_as_left_out(manager: Client) -> None:
    made = running(COME)
    cancel_event(event=made.visits.get(event__name="Controle B").event, at=NOON)
    close_experiment(experiment=made, conclusion="", at=LOOK, by=None)
    with override("en"):
        answer = manager.get(f"{URL}inspect/{made.pk}/", headers={"accept-language": "en"})
    assert [name for _group, name, *_figures in answer.context["rows"]] == [
        "Controle A",
        "Controle C",
        "Proef A",
        "Proef B",
    ]
    assert answer.context["found"].left_out == ["Controle B"]
    assert "or are no longer published: Controle B." in answer.content.decode()


def test_a_refusal_to_start_names_the_day_or_the_other_experiment(manager: Client) -> None:
    """And a look can be planned between 2000 and 2199 only."""
    made = experiment(look_on=timezone.localdate() + timedelta(days=20))
    one, other = coming(name="Fabriek"), coming()
    assign(made, [one], [other])

    def said() -> str:
        with override("en"):
            answer = manager.post(f"{URL}{made.pk}/start/", follow=True)
        return " ".join(str(message).strip() for message in answer.context["messages"])

    assert said().startswith("The last of these visits ends on ")
    Experiment.objects.update(look_on=timezone.localdate() + timedelta(days=60))
    theirs = another(made, "De eerste", look_on=timezone.localdate() + timedelta(days=60))
    assign(theirs, [one], [coming()])
    start_experiment(experiment=theirs, at=timezone.now(), by=None)
    assert said() == ("A visit is in one running experiment at a time. Running already: De eerste, with Fabriek.")
    refused = manager.post(f"{URL}edit/{made.pk}/", facts(made, look_on="9999-12-31")).context["form"]
    assert list(refused.errors) == ["look_on"]


def test_what_the_lab_hides_is_the_comparison_and_the_books_stay_readable_with_a_mark(manager: Client) -> None:
    made = running(FAR)
    with override("en"):
        season = _text(manager.get(f"/admin/revenue-lab/?since={FAR:%Y}-01-01").content.decode())
        compare = f"/admin/revenue-lab/compare/?visit={made.visits.first().event_id}&model={made.control_id}"
        compared = _text(manager.get(compare).content.decode())
        due = running_due()
        assert "in an experiment whose look has come" in _text(
            manager.get(f"/admin/revenue-lab/?since={COME.replace(year=2019)}&until={COME}").content.decode()
        )
        explained = " ".join(manager.get(f"{URL}{due.pk}/start/").content.decode().split())
    assert season.count("in a running experiment until 11 Feb 2188") == 5
    assert "in a running experiment until 11 Feb 2188" in compared
    assert "The books are not hidden" in explained


def running_due() -> Experiment:
    """Another, on visits of its own, whose look has come."""
    made = Experiment.objects.get()
    due = another(made, "Nu", look_on=COME)
    one, other = visit(), visit()
    assign(due, [one], [other])
    return start_experiment(experiment=due, at=around(COME, one, other), by=None)


def test_a_group_whose_visits_were_all_cancelled_is_closed_as_not_decidable(manager: Client) -> None:
    made = running(COME)
    for row in made.visits.filter(group="trial"):
        cancel_event(event=row.event, at=NOON)
    made = close_experiment(experiment=made, conclusion="", at=LOOK, by=None)
    assert (made.verdict, made.figures["trial"]) == ("not decidable", [])
    with override("en"):
        shown = manager.get(f"{URL}inspect/{made.pk}/").context
    assert shown["sentence"].startswith("Not decidable with this many: – against 13.4 %")
    assert shown["found"].left_out == ["Proef A", "Proef B"]

"""Demo content of the lab's questions: two price studies and three experiments, each called an example. Safe to load twice.

Nobody was asked: the answers are invented, drawn from a fixed seed so that every demonstration shows the same curves.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from cms.demo import needed_home
from events.models import Event, EventPage
from payments.actions.asking import keep_answers
from payments.actions.experimenting import assign_visits, close_experiment, start_experiment
from payments.demo_month import visit
from payments.models import Experiment, PriceStudy, RevenueModel

Method = PriceStudy.Method
#: The experiment that is loaded last.
DRAFT = "Kostprijs tegen vroegboekprijs (demo, ontwerp)"
#: Segment, how many, what its price that is neither cheap nor expensive lies around, what they paid.
PEOPLE = [("lid", 20, 70, ""), ("gast", 12, 100, "95.00")]
#: Two people who named a price as expensive below one they named as cheap.
FALLING = "90,70,60,120,gast,\n40,110,80,140,lid,\n"
ASKED = (35, 60, 85, 110, 140)
INVENTED = "Verzonnen antwoorden (demo): niemand werd bevraagd."


def load() -> None:
    """Load what is not there yet."""
    today = timezone.localdate()
    _study(
        "Vier prijzen, voorbeeld (demo)",
        Method.FOUR_PRICES,
        "Vanaf welke prijs excl. btw vindt u een bedrijfsbezoek te goedkoop om goed te zijn? En goedkoop? Duur? Te duur?",
        four_prices(),
        today,
    )
    _study(
        "Gevraagde prijzen, voorbeeld (demo)",
        Method.ASKED_PRICES,
        "Zou u inschrijven voor een bedrijfsbezoek als het 35, 60, 85, 110 of 140 euro excl. btw kostte?",
        asked_prices(),
        today,
    )
    _closed()
    _due()
    _draft(today)


def is_loaded() -> bool:
    """Whether the last of the experiments is there."""
    return Experiment.objects.filter(name=DRAFT).exists()


def four_prices() -> str:
    """32 answers in order and two that fall, as a file."""
    draw = Random(34)  # noqa: S311  (an example, not a secret)
    rows = []
    for segment, count, around, paid in PEOPLE:
        for _person in range(count):
            middle = draw.gauss(around, 14)
            steps = [middle * share + draw.gauss(0, 4) for share in (0.45, 0.75, 1.15, 1.55)]
            prices = sorted(max(5, 5 * round(step / 5)) for step in steps)
            rows.append(",".join([*map(str, prices), segment, paid]))
    return "too_cheap,cheap,expensive,too_expensive,segment,paid\n" + "\n".join(rows) + "\n" + FALLING


def asked_prices() -> str:
    """20 people, each up to a highest price, of whom the last contradicts itself."""
    draw = Random(20)  # noqa: S311
    lines = []
    for person in range(1, 20):
        highest = draw.gauss(92, 28)
        lines += [f"{person},{price},{'ja' if price <= highest else 'nee'}" for price in ASKED]
    lines += [f"20,{price},{'ja' if price in (35, 110) else 'nee'}" for price in ASKED]
    return "person,price,answer\n" + "\n".join(lines) + "\n"


def _study(name: str, method: str, question: str, answers: str, today: date) -> None:
    if PriceStudy.objects.filter(name=name).exists():
        return
    study = PriceStudy(
        name=name,
        method=method,
        question=question,
        source=INVENTED,
        starts_on=today - timedelta(days=40),
        ends_on=today - timedelta(days=12),
        is_example=True,
    )
    study.full_clean()
    study.save()
    keep_answers(study=study, text=answers)


def _closed() -> None:
    """On two visits that are over, by the deeds as they would have gone: fixed before them, looked at after both.

    One visit against one can decide nothing, which is what the example shows.
    """
    control, trial = visit("cleaning"), visit("laptops")
    last = max(control.ends_at, trial.ends_at)
    made = _experiment(
        "Vroegboekprijs (demo, afgesloten)",
        hypothesis="Verzonnen voorbeeld: wie vroeg minder betaalt, schrijft zich ook in, zodat meer plaatsen bezet zijn.",
        look_on=timezone.localdate(last) + timedelta(days=1),
        decision_rule="Beter: volgend seizoen invoeren. Slechter of niet te beslissen: kostprijs houden.",
    )
    if made is None or last > timezone.now() - timedelta(days=1):
        return
    assign_visits(experiment=made, control=[control], trial=[trial])
    start_experiment(experiment=made, at=min(control.starts_at, trial.starts_at) - timedelta(days=1), by=None)
    close_experiment(
        experiment=made,
        conclusion="Voorbeeld (demo): er werd op deze bezoeken geen andere prijs gevraagd.",
        at=last + timedelta(days=2),
        by=None,
    )


def _due() -> None:
    """Started before two visits that are over, and not looked at yet: there to be closed."""
    control, trial = visit("cleaning"), visit("past")
    last = max(control.ends_at, trial.ends_at)
    if last > timezone.now() - timedelta(days=1):
        return
    made = _experiment(
        "Vroegboekprijs of kostprijs (demo, te meten)",
        hypothesis="Verzonnen voorbeeld: met een vroegboekprijs raken meer plaatsen bezet.",
        look_on=timezone.localdate(last) + timedelta(days=1),
        decision_rule="Beter: invoeren. Slechter of niet te beslissen: kostprijs houden en verder meten.",
    )
    if made is not None:
        assign_visits(experiment=made, control=[control], trial=[trial])
        start_experiment(experiment=made, at=min(control.starts_at, trial.starts_at) - timedelta(days=1), by=None)


def _draft(today: date) -> None:
    coming = list(
        Event.objects.published()
        .exclude(status=Event.Status.CANCELLED)
        .filter(starts_at__gt=timezone.now(), pk__in=EventPage.objects.descendant_of(needed_home()).values("event"))
        .order_by("starts_at")[:4]
    )
    made = _experiment(
        DRAFT,
        hypothesis="Voorbeeld: met een vroegboekprijs raken meer plaatsen bezet.",
        look_on=max([today + timedelta(days=120), *(timezone.localdate(one.ends_at) for one in coming)]),
        decision_rule="Beter: invoeren. Slechter of niet te beslissen: kostprijs houden en verder meten.",
    )
    if made is not None:
        assign_visits(experiment=made, control=coming[::2], trial=coming[1::2])


def _experiment(name: str, **facts: Any) -> Experiment | None:
    """A draft on two of the demonstration's models; None when it is there already, or a model is not."""
    models = {model.kind: model for model in RevenueModel.objects.filter(name__contains="(demo)")}
    if Experiment.objects.filter(name=name).exists() or not {"cost_price", "early_bird"} <= set(models):
        return None
    made = Experiment(
        name=name,
        measure=Experiment.Measure.FILLED,
        control=models["cost_price"],
        trial=models["early_bird"],
        share_now="0.6",
        share_hoped="0.8",
        **facts,
    )
    made.full_clean()
    made.save()
    return made

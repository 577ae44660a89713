"""Revenue models as data: what each seat would have paid, and what else would have come in.

A plan is applied to visits as they were; it reads seats and changes none, so a model never touches a sold registration.
Who came is taken as given: that nobody would have stayed away at another price is an assumption, listed with the others
(`Charge.assumptions`); scenarios (payments.lab.season) put a price response in its place.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from payments.lab.break_even import cents
from payments.lab.refusal import CannotCompute, amount, share, whole
from payments.lab.seats import Seat, Visit
from payments.splitting import split

ZERO = Decimal(0)


@dataclass(frozen=True)
class Plan:
    """A model with its parameters, and how many free seats members have.

    `free_quota` is per member organisation and visit: None is no limit, 0 is none. The first seats to be registered are
    the free ones.
    """

    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    free_quota: int | None = None


@dataclass
class Charge:
    """What a plan asks for one visit. `prices` go with the visit's seats, excl. VAT; `support` comes from others."""

    prices: list[Decimal]
    #: Income from participants that is of no one seat: deposits kept. (what, amount)
    lumps: list[tuple[str | Promise, Decimal]] = field(default_factory=list)
    #: Income from a sponsor or a funder. (what, amount)
    support: list[tuple[str | Promise, Decimal]] = field(default_factory=list)
    #: Of the support, what comes with each participant.
    moving_support: Decimal = ZERO
    assumptions: list[str] = field(default_factory=list)

    @property
    def revenue(self) -> Decimal:
        """What participants bring, excl. VAT."""
        return sum(self.prices, start=ZERO) + sum((value for _what, value in self.lumps), start=ZERO)

    @property
    def supported(self) -> Decimal:
        return sum((value for _what, value in self.support), start=ZERO)


def free_seats(plan: Plan, visit: Visit) -> list[bool]:
    """For each seat whether it is a free one: a member's, within its organisation's quota."""
    taken: Counter[str] = Counter()
    free = []
    for seat in visit.seats:
        within = plan.free_quota is None or taken[seat.organisation] < plan.free_quota
        free.append(seat.member and within)
        taken[seat.organisation] += seat.member
    return free


def charged(plan: Plan, visits: Sequence[Visit]) -> list[Charge]:
    """What the plan would have asked on these visits, one Charge per visit. Raises CannotCompute.

    A season pass looks at all of them together; every other model at each by itself.
    """
    if plan.kind not in KINDS:
        raise CannotCompute(_("There is no revenue model “%(name)s”."), name=plan.kind)
    if plan.free_quota is not None:
        whole(plan.free_quota, _("The quota of free seats"))
    if not visits:
        raise CannotCompute(_("There is no visit in this season."))
    for visit in visits:
        visit.check()
    if unknown := set(plan.parameters) - set(KINDS[plan.kind].parameters):
        raise CannotCompute(_("This model has no “%(names)s”."), names=", ".join(sorted(unknown)))
    asked = KINDS[plan.kind].ask(plan, visits)
    for charge in asked:
        charge.assumptions.insert(0, str(_("Everybody who came would have come at this price too.")))
    return asked


def check(plan: Plan) -> None:
    """Raises CannotCompute for a plan that no visit could be put to: a parameter missing, unknown, out of bounds."""
    charged(plan, [Visit("", date(2000, 1, 1), 1, ZERO, (Seat("", "", False, 0),))])


def _price(plan: Plan, name: str, visit: Visit | None = None) -> Decimal:
    """A parameter that is an amount; without it the visit's own price, where there is a visit."""
    value = plan.parameters.get(name)
    if value in (None, ""):
        if visit is None:
            raise CannotCompute(_("This model lacks “%(name)s”."), name=name)
        return visit.price
    return amount(value, name)


def _number(plan: Plan, name: str, *, least: int = 1) -> int:
    if name not in plan.parameters:
        raise CannotCompute(_("This model lacks “%(name)s”."), name=name)
    return whole(plan.parameters[name], name, least=least)


def _part(plan: Plan, name: str, otherwise: float) -> Decimal:
    return Decimal(str(share(plan.parameters.get(name, otherwise), name)))


def _per_seat(plan: Plan, visit: Visit, price: Callable[[Seat, int, Decimal], Decimal]) -> Charge:
    """Each seat that is not free pays price(seat, its place among those who pay, from 0, the usual price)."""
    usual = _price(plan, "price", visit)
    prices: list[Decimal] = []
    place = 0
    for seat, free in zip(visit.seats, free_seats(plan, visit), strict=True):
        prices.append(ZERO if free else cents(price(seat, place, usual)))
        place += not free
    return Charge(prices)


def _flat_for(plan: Plan, visit: Visit) -> Charge:
    return _per_seat(plan, visit, lambda _seat, _place, usual: usual)


def _flat(plan: Plan, visits: Sequence[Visit]) -> list[Charge]:
    return [_flat_for(plan, visit) for visit in visits]


def _tiered(plan: Plan, visits: Sequence[Visit]) -> list[Charge]:
    """The first `seats` of each tier pay its price; the last tier is for all who are left."""
    ladder, last = rungs(plan.parameters)
    return [
        _per_seat(plan, visit, lambda _seat, place, _usual: ladder[place] if place < len(ladder) else last)
        for visit in visits
    ]


def rungs(parameters: Mapping[str, Any]) -> tuple[list[Decimal], Decimal]:
    """The price of the first, second, … seat by the tiers, and of all seats after them. Raises CannotCompute."""
    tiers = parameters.get("tiers") or []
    if not isinstance(tiers, list) or not all(isinstance(tier, Mapping) and "price" in tier for tier in tiers):
        raise CannotCompute(_("Tiers are steps with a price, and with seats but for the last."))
    if not tiers:
        raise CannotCompute(_("This model lacks “%(name)s”."), name="tiers")
    ladder = [
        price
        for tier in tiers[:-1]
        for price in [amount(tier["price"], "price")] * whole(tier.get("seats"), "seats", least=1, most=10_000)
    ]
    return ladder, amount(tiers[-1]["price"], "price")


def check_early(parameters: Mapping[str, Any]) -> None:
    """Raises CannotCompute where an early price is above the usual one that stands beside it."""
    early, usual = parameters.get("early_price"), parameters.get("price")
    if early in (None, "") or usual in (None, ""):
        return
    if amount(early, "early_price") > amount(usual, "price"):
        raise CannotCompute(
            _("The early price (%(early)s) is above the usual one (%(price)s): who is early should pay no more."),
            early=early,
            price=usual,
        )


def _early_bird(plan: Plan, visits: Sequence[Visit]) -> list[Charge]:
    days, early = _number(plan, "days"), _price(plan, "early_price")
    check_early(plan.parameters)
    asked = [
        _per_seat(plan, visit, lambda seat, _place, usual: early if seat.days_before >= days else usual)
        for visit in visits
    ]
    for visit, charge in zip(visits, asked, strict=True):
        charge.assumptions.append(str(_("Nobody would have registered earlier to pay less.")))
        if early > _price(plan, "price", visit):
            charge.assumptions.append(
                str(_("On “%(visit)s” the early price is above the usual one: who is early pays more."))
                % {"visit": visit.name}
            )
    return asked


def _group(plan: Plan, visits: Sequence[Visit]) -> list[Charge]:
    """From `seats` paying seats in one registration, all of them pay (1 - discount)."""
    least, kept = _number(plan, "seats", least=2), 1 - _part(plan, "discount", 0)
    asked = []
    for visit in visits:
        paying = Counter(
            seat.registration for seat, free in zip(visit.seats, free_seats(plan, visit), strict=True) if not free
        )
        large = {registration for registration, seats in paying.items() if seats >= least}
        charge = _flat_for(plan, visit)
        charge.prices = [
            cents(price * kept) if seat.registration in large else price
            for seat, price in zip(visit.seats, charge.prices, strict=True)
        ]
        asked.append(charge)
    for charge in asked:
        charge.assumptions.append(str(_("Nobody would have brought more colleagues to pay less.")))
    return asked


def _season_pass(plan: Plan, visits: Sequence[Visit]) -> list[Charge]:
    """A pass for `seats` seats in the season. Who would have paid more than its price by the seat takes one.

    What a pass costs is divided over the seats it was used for, to the cent.
    """
    at, most = _price(plan, "pass_price"), _number(plan, "seats")
    asked = _flat(plan, visits)
    used: dict[str, list[tuple[int, int]]] = {}
    for v, (visit, charge) in enumerate(zip(visits, asked, strict=True)):
        for s, (seat, price) in enumerate(zip(visit.seats, charge.prices, strict=True)):
            if price:
                used.setdefault(seat.organisation, []).append((v, s))
    for seats in used.values():
        covered = seats[:most]
        if sum(asked[v].prices[s] for v, s in covered) <= at:
            continue
        for (v, s), part in zip(covered, split(at, [Decimal(1)] * len(covered)), strict=True):
            asked[v].prices[s] = part
    for charge in asked:
        charge.assumptions.append(
            str(_("An organisation takes a pass when it would have paid more by the seat; it knows so beforehand."))
        )
    return asked


def _sponsor(plan: Plan, visits: Sequence[Visit]) -> list[Charge]:
    asked = _flat(plan, visits)
    for charge in asked:
        charge.support.append((_("Sponsor"), _price(plan, "sponsor")))
    return asked


def _subsidy(plan: Plan, visits: Sequence[Visit]) -> list[Charge]:
    """A funder pays for each participant, or for each member only (`for_members`)."""
    each, members = _price(plan, "per_participant"), bool(plan.parameters.get("for_members", False))
    asked = _flat(plan, visits)
    for visit, charge in zip(visits, asked, strict=True):
        counted = sum(1 for seat in visit.seats if seat.member or not members)
        charge.moving_support = cents(each * counted)
        charge.support.append((_("Subsidy per participant"), charge.moving_support))
    return asked


def _pay_what_you_can(plan: Plan, visits: Sequence[Visit]) -> list[Charge]:
    """Of those who are not free, `nothing` (a share) pay nothing and the others `average` each, spread over all."""
    each = _price(plan, "average") * (1 - _part(plan, "nothing", 0))
    asked = [_per_seat(plan, visit, lambda _seat, _place, _usual: each) for visit in visits]
    for charge in asked:
        charge.assumptions.append(
            str(
                _(
                    "Those who pay would pay %(average)s on average, and %(nothing)s %% would pay nothing: a guess "
                    "until it is measured."
                )
                % {
                    "average": number_format(_price(plan, "average"), 2),
                    "nothing": number_format((_part(plan, "nothing", 0) * 100).normalize()),
                }
            )
        )
    return asked


def _deposit(plan: Plan, visits: Sequence[Visit]) -> list[Charge]:
    """Everybody leaves a deposit, members too; it is kept of who did not come. Where nobody noted it, they came."""
    deposit = _price(plan, "deposit")
    asked = _flat(plan, visits)
    for visit, charge in zip(visits, asked, strict=True):
        missed = sum(1 for seat in visit.seats if seat.attended is False)
        charge.lumps.append((_("Deposits of who did not come"), cents(deposit * missed)))
        charge.assumptions.append(str(_("As many would have stayed away with a deposit as did without.")))
    return asked


@dataclass(frozen=True)
class Kind:
    """A revenue model: its name, what it takes, and how it asks. Parameters that are prices may be left out where the
    visit's own price serves."""

    title: Promise
    parameters: tuple[str, ...]
    ask: Callable[[Plan, Sequence[Visit]], list[Charge]]


KINDS: dict[str, Kind] = {
    "cost_price": Kind(_("cost price for everybody who is not free"), ("price",), _flat),
    "members_free": Kind(_("free for members"), ("price",), _flat),
    "tiered": Kind(_("tiered"), ("tiers",), _tiered),
    "early_bird": Kind(_("early bird"), ("price", "early_price", "days"), _early_bird),
    "group": Kind(_("group bundle"), ("price", "seats", "discount"), _group),
    "season_pass": Kind(_("season pass"), ("price", "pass_price", "seats"), _season_pass),
    "sponsor": Kind(_("sponsor"), ("price", "sponsor"), _sponsor),
    "subsidy": Kind(_("subsidy per participant"), ("price", "per_participant", "for_members"), _subsidy),
    "pay_what_you_can": Kind(_("pay what you can"), ("average", "nothing"), _pay_what_you_can),
    "deposit": Kind(_("deposit against no-show"), ("price", "deposit"), _deposit),
}

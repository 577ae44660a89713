"""The facets cases are narrowed by: AND across facets, OR within one. Names and values are those of the address.

A facet counts its options over the cases that meet all other facets: what ticking one more would give.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from cases import cpv
from cases.taxonomy import BuyerKind, Goal, Market, Phase, ProductGroup, Sdg, Strategy
from cms.countries import COUNTRIES

#: Facet -> the values chosen, each once; facets nothing is chosen of are left out.
Chosen = dict[str, tuple[str, ...]]
#: A case as CasePageQuerySet.filed() gives it.
Row = Mapping[str, Any]


class Option(NamedTuple):
    value: str
    label: str
    #: Of cases.
    number: int
    is_chosen: bool


class Shown(NamedTuple):
    """A facet as the page shows it."""

    name: str
    title: str
    options: list[Option]

    @property
    def chosen(self) -> list[Option]:
        return [option for option in self.options if option.is_chosen]


@dataclass(frozen=True)
class Facet:
    """One way to narrow: its name in the address, and the column of the row it looks at."""

    name: str
    title: Any
    column: str
    labels: Callable[[], dict[str, Any]]

    def clean(self, written: Iterable[str]) -> tuple[str, ...]:
        """Those of the values that exist, each once, in the order of the facet: one address for one choice."""
        asked = set(written)
        return tuple(value for value in self.labels() if value in asked)

    def unknown(self, written: Iterable[str]) -> list[str]:
        """Those of the values that do not exist, in one order: whoever reads the answer is told."""
        return sorted({value for value in written if value.strip() and not self.clean([value])})

    def values(self, row: Row) -> set[str]:
        found = row[self.column]
        return {str(value) for value in (found if isinstance(found, list) else [found]) if value}

    def shown(self, rows: Iterable[Row], chosen: tuple[str, ...]) -> Shown:
        """The options some case has, in their order, and those chosen."""
        counts = Counter(value for row in rows for value in self.values(row))
        options = [
            Option(value, str(label), counts[value], value in chosen)
            for value, label in self.labels().items()
            if counts[value] or value in chosen
        ]
        return Shown(self.name, str(self.title), options)


class CpvFacet(Facet):
    """Any beginning of a code may be asked for; the codes that cases have are offered."""

    #: Offered without being asked for: the most frequent ones.
    MOST = 12

    def clean(self, written: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({cpv.beginning(text) for text in written} - {""}))

    def shown(self, rows: Iterable[Row], chosen: tuple[str, ...]) -> Shown:
        counts: Counter[str] = Counter()
        codes: Counter[str] = Counter()
        for row in rows:
            counts.update(self.values(row))
            codes.update(row["cpv"])
        offered = {cpv.beginning(code): cpv.described(code) for code, _count in codes.most_common(self.MOST)}
        for beginning in chosen:
            whole = beginning.ljust(8, "0")
            offered.setdefault(beginning, cpv.described(whole) if whole in cpv.NAMES else f"{beginning}…")
        options = [Option(value, label, counts[value], value in chosen) for value, label in sorted(offered.items())]
        return Shown(self.name, str(self.title), options)


def _of(choices: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {str(value): label for value, label in choices}


#: In the order of the page: the purchasers' own goals first.
FACETS: list[Facet] = [
    Facet("goal", _("Green Deal goals"), "goals", _of(Goal.choices)),
    Facet("phase", _("Procurement phase of a lesson"), "phases", _of(Phase.choices)),
    Facet("strategy", _("Circular strategy"), "strategies", _of(Strategy.choices)),
    Facet("group", _("Product group"), "product_groups", _of(ProductGroup.choices)),
    CpvFacet("cpv", _("CPV code"), "cpv_beginnings", dict),
    Facet("market", _("Market"), "markets", _of(Market.choices)),
    Facet("buyer", _("Kind of buyer"), "buyer_kind", _of(BuyerKind.choices)),
    Facet("country", _("Country"), "country", _of(COUNTRIES)),
    Facet(
        "sdg",
        _("Sustainable Development Goals"),
        "sdgs",
        lambda: {str(value): f"{value} {label}" for value, label in Sdg.choices},
    ),
]
NAMES = tuple(facet.name for facet in FACETS)


def chosen_in(asked: Mapping[str, Iterable[str]]) -> Chosen:
    """What is chosen in these values per facet: what no facet knows is left out."""
    return {facet.name: values for facet in FACETS if (values := facet.clean(asked.get(facet.name, ())))}


def unknown_in(asked: Mapping[str, Iterable[str]]) -> list[tuple[Facet, list[str]]]:
    """Each facet with the values it does not know, in the order of the page."""
    found = [(facet, facet.unknown(asked.get(facet.name, ()))) for facet in FACETS]
    return [(facet, values) for facet, values in found if values]


def narrow(rows: Iterable[Row], chosen: Chosen) -> tuple[list[Row], list[Shown]]:
    """The rows that meet every facet, and each facet counted with its own choice left out. One pass."""
    wanted = {name: set(values) for name, values in chosen.items()}
    by_name = {facet.name: facet for facet in FACETS}
    met: list[Row] = []
    #: Per facet the rows that fail in it alone: what another choice within it would bring.
    alone: dict[str, list[Row]] = {name: [] for name in by_name}
    for row in rows:
        failed = [name for name, values in wanted.items() if values.isdisjoint(by_name[name].values(row))]
        if not failed:
            met.append(row)
        elif len(failed) == 1:
            alone[failed[0]].append(row)
    shown = [facet.shown([*met, *alone[facet.name]], chosen.get(facet.name, ())) for facet in FACETS]
    return met, [facet for facet in shown if facet.options]

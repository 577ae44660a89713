"""The organisations of a role in one cell: "Bouwer nv (architect); Leverancier bv", whatever signs they hold."""

import re
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from cms.models import Organisation

#: An organisation and its part in the case.
Party = tuple[Organisation, str]

#: Up to the next semicolon; one with a backslash before it belongs to the text.
_ENTRY = re.compile(r"(?:\\[\\;]|[^;])+")


def written_parties(parties: Iterable[tuple[str, str]]) -> str:
    """Names and parts as one cell, as read_parties takes it apart."""
    return "; ".join(re.sub(r"([\\;])", r"\\\1", f"{name} ({part})" if part else name) for name, part in parties)


def read_parties(cell: str, before: list[Party]) -> list[Party]:
    """Who the cell names, each from the address book. Raises ValidationError in words for who is not there.

    Where a text can be read in two ways ("Bouwer (Gent)" may be a name, or a name and a part) it says what is there
    already, `before`; else its longest part that is a name is the name.
    """
    entries = (re.sub(r"\\([\\;])", r"\1", entry) for entry in _ENTRY.findall(cell))
    return [_read(entry, before) for entry in entries if entry.strip()]


def single_spaced(text: str) -> str:
    return " ".join(text.split())


def _read(written: str, before: list[Party]) -> Party:
    ways = list(_ways(written.strip()))
    names = Q()
    for name, _part in ways:
        names |= Q(name__iexact=name) | Q(name__iexact=single_spaced(name))
    known: dict[str, list[Organisation]] = {}
    for organisation in Organisation.objects.filter(names).order_by("pk"):
        known.setdefault(single_spaced(organisation.name).casefold(), []).append(organisation)
    readings = [
        [(organisation, part) for organisation in known.get(single_spaced(name).casefold(), [])] for name, part in ways
    ]
    for party in (party for several in readings for party in several):
        if party in before:
            return party
    for several in filter(None, readings):
        if len(several) > 1:
            raise ValidationError(_("More than one organisation is called “%(name)s”.") % {"name": several[0][0].name})
        return several[0]
    raise ValidationError(
        _("“%(name)s” is not in the address book: add or import it there first.") % {"name": single_spaced(written)}
    )


def _ways(written: str) -> Iterator[tuple[str, str]]:
    """Name and part: the whole text as a name, then what stands before each of its brackets, the longest first."""
    yield written, ""
    if not written.endswith(")"):
        return
    for bracket in reversed([match.start() for match in re.finditer(r"\(", written)]):
        if name := written[:bracket].strip():
            yield name, single_spaced(written[bracket + 1 : -1])

"""What a client asks for: `fields=title,images(fill-300x200,width-800)` and `expand=breadcrumbs,navigation`."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cms.api import Problem
from cms.conf import configured
from cms.headless.components import components
from cms.headless.fields import Told
from cms.headless.reading import Reading

#: Field -> the renditions asked of it; a field nothing is asked of has the default ones.
Choice = dict[str, tuple[str, ...]]

ALWAYS = ("id", "type")
MOST_FIELDS = 60
LONGEST = 2_000
PART = re.compile(r"(?P<name>\*|[a-z][a-z0-9_]*)(?:\((?P<specs>[a-z0-9|,-]+)\))?")


def wrong(parameter: str, text: str) -> Problem:
    """A 422 that names the parameter."""
    return Problem(
        422, _("The request has errors."), [{"loc": ["query", parameter], "msg": text, "type": "value_error"}]
    )


def once(request: HttpRequest, name: str) -> str:
    """The parameter, "" when it is left out. Raises Problem when it is there twice: which one counts?"""
    given = request.GET.getlist(name)
    if len(given) > 1:
        raise wrong(name, _("Give this once, with commas between the values."))
    return given[0] if given else ""


def chosen_fields(written: str, types: Iterable[Mapping[str, Told]], default: Iterable[str] | None = None) -> Choice:
    """The fields asked for of pages of these types; with nothing asked the default ones, else all.

    Raises Problem 422 for a field no type has, a rendition that is not on the list or asked of what has no images.
    """
    specs = tuple(configured.API_DEFAULT_RENDITIONS)
    known: dict[str, Told] = {}
    for told in types:
        for name, one in told.items():
            # Of two types with a field of one name, renditions can be asked when either has images there.
            if name not in known or one.has_images:
                known[name] = one
    if not written.strip():
        return dict.fromkeys(known if default is None else default, specs)
    choice: Choice = {name: specs for name in ALWAYS if name in known}
    for name, asked in _parts(written):
        if name == "*":
            choice |= {one: choice.get(one, specs) for one in known}
            continue
        if name not in known:
            raise wrong("fields", _("There is no field %(name)s here.") % {"name": name})
        if asked and not known[name].has_images:
            raise wrong("fields", _("%(name)s has no images: ask no renditions of it.") % {"name": name})
        for spec in asked:
            if spec not in configured.API_RENDITIONS:
                allowed = ", ".join(configured.API_RENDITIONS)
                raise wrong(
                    "fields",
                    _("No rendition %(spec)s: ask for one of %(allowed)s.") % {"spec": spec, "allowed": allowed},
                )
        choice[name] = asked or specs
    return choice


def _parts(written: str) -> list[tuple[str, tuple[str, ...]]]:
    if len(written) > LONGEST:
        raise wrong("fields", _("Use at most %(max)s characters.") % {"max": LONGEST})
    parts, place = [], 0
    text = "".join(written.split())
    while True:
        found = PART.match(text, place)
        if found is None:
            raise wrong("fields", _("Write the fields as title,intro,images(fill-300x200)."))
        parts.append((found["name"], tuple(dict.fromkeys(filter(None, (found["specs"] or "").split(","))))))
        place = found.end()
        if place == len(text):
            break
        if text[place] != ",":
            raise wrong("fields", _("Write the fields as title,intro,images(fill-300x200)."))
        place += 1
    if len(parts) > MOST_FIELDS:
        raise wrong("fields", _("Use at most %(max)s items.") % {"max": MOST_FIELDS})
    return parts


def chosen_components(written: str, reading: Reading) -> list[str]:
    """The components to put into the answer. Raises Problem 422 for one there is not."""
    names = list(dict.fromkeys(filter(None, (part.strip() for part in written.split(",")))))
    for name in names:
        one = components().get(name)
        if one is None or not one.offered(reading.reader):
            there = ", ".join(key for key, known in components().items() if known.offered(reading.reader))
            raise wrong("expand", _("Choose from these: %(choices)s.") % {"choices": there})
    return names


def known_parameters(model: Any) -> set[str]:
    """The names a query schema gives its parameters."""
    return {field.alias or name for name, field in model.model_fields.items()}

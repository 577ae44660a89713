"""The countries an organisation or a visit can be in: the European Union and its neighbours, in two-letter codes."""

from django.utils.translation import gettext_lazy as _

COUNTRIES = [
    ("BE", _("Belgium")),
    ("NL", _("Netherlands")),
    ("LU", _("Luxembourg")),
    ("FR", _("France")),
    ("DE", _("Germany")),
    ("AT", _("Austria")),
    ("BG", _("Bulgaria")),
    ("CH", _("Switzerland")),
    ("CY", _("Cyprus")),
    ("CZ", _("Czechia")),
    ("DK", _("Denmark")),
    ("EE", _("Estonia")),
    ("ES", _("Spain")),
    ("FI", _("Finland")),
    ("GB", _("United Kingdom")),
    ("GR", _("Greece")),
    ("HR", _("Croatia")),
    ("HU", _("Hungary")),
    ("IE", _("Ireland")),
    ("IT", _("Italy")),
    ("LT", _("Lithuania")),
    ("LV", _("Latvia")),
    ("MT", _("Malta")),
    ("NO", _("Norway")),
    ("PL", _("Poland")),
    ("PT", _("Portugal")),
    ("RO", _("Romania")),
    ("SE", _("Sweden")),
    ("SI", _("Slovenia")),
    ("SK", _("Slovakia")),
]
CODES = frozenset(code for code, _name in COUNTRIES)


def by_name() -> list[tuple[str, str]]:
    """For a list people choose from: Belgium and its neighbours first, the rest by its name in the active language."""
    named = [(code, str(name)) for code, name in COUNTRIES]
    return named[:5] + sorted(named[5:], key=lambda country: country[1])

"""What a person may fill in: numbers checked with python-stdnum, texts of one line; with messages they can act on."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.be import vat as be_vat
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError as NotANumber


def normal_vat_number(value: str) -> str:
    """ "BE 0123.456.789" -> "BE0123456789". Empty stays empty.

    The country's own check digits are verified (Belgium: 97 minus the first eight digits modulo 97, which
    python-stdnum implements). Raises ValidationError.
    """
    if not value.strip():
        return ""
    try:
        return str(eu_vat.validate(value))
    except NotANumber:
        raise ValidationError(
            _("%(number)s is not a valid VAT number. Write it with its country code, for instance BE 0xxx.xxx.xxx."),
            code="vat_number",
            params={"number": value[:40]},
        ) from None


#: What a VAT number begins with where that is not the country's own code. Northern Ireland has XI, the rest of the
#: United Kingdom none; Switzerland and Norway have numbers of their own, so theirs is of wherever they registered.
VAT_PREFIX = {"GR": "EL", "GB": "XI"}
ANY_PREFIX = frozenset(["CH", "NO"])


def check_vat_country(number: str, country: str) -> None:
    """A VAT number in its normal form is of this country (two letters). Raises ValidationError; empty is fine."""
    expected = VAT_PREFIX.get(country, country)
    if not number or country in ANY_PREFIX or number.startswith(expected):
        return
    raise ValidationError(
        _(
            "%(number)s is not a VAT number of this country: here it begins with %(expected)s. Choose the country the "
            "number is of, or leave it out."
        ),
        code="vat_country",
        params={"number": number, "expected": expected},
    )


def normal_enterprise_number(value: str, country: str) -> str:
    """A Belgian enterprise number as ten digits; a number of another country as it was written, without spaces.

    Raises ValidationError when a Belgian number fails its check digits.
    """
    value = "".join(value.split())
    if not value or country != "BE":
        return value
    try:
        return str(be_vat.validate(value))
    except NotANumber:
        raise ValidationError(
            _("%(number)s is not a valid Belgian enterprise number: ten digits, written 0xxx.xxx.xxx."),
            code="enterprise_number",
            params={"number": value[:40]},
        ) from None


def normal_peppol_id(value: str) -> str:
    """ "0208:0123456749": scheme and number. A Belgian one has an enterprise number's check digits.

    Peppol's rule PEPPOL-COMMON-R043 checks the same. Raises ValidationError.
    """
    value = "".join(value.split())
    if not value:
        return ""
    scheme, colon, number = value.partition(":")
    if not (colon and scheme.isdigit() and len(scheme) == 4 and number):
        raise ValidationError(
            _("Write a Peppol id as scheme and number, for instance 0208:0123456749."), code="peppol_id"
        )
    if scheme == "0208":
        number = normal_enterprise_number(number, "BE")
    return f"{scheme}:{number}"


#: They turn round what is read after them: in a mail of ours "exe.pdf" would be "fdp.exe". The isolates are among them.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Control characters (line breaks and tabs too), halves of characters, line and paragraph separators.
NOT_IN_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def check_one_line(value: str) -> None:
    """Raises ValidationError for what no name or number has in it, and what in our mails would be lines of its own."""
    if any(character in TURNING or unicodedata.category(character) in NOT_IN_A_LINE for character in value):
        raise ValidationError(_("Write this on one line, without invisible control characters."), code="one_line")

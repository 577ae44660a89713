"""Names in the network: under which scheme a party is found on Peppol, by its Peppol id or by its numbers."""

import re
from typing import NamedTuple

#: ISO 6523 / EAS: the Belgian enterprise number (KBO/BCE); mandatory for Belgian companies on Peppol.
BELGIAN = "0208"
#: EAS codes of VAT numbers, for whoever is not found by an enterprise number.
VAT_SCHEMES = {
    "AT": "9914",
    "BE": "9925",
    "BG": "9926",
    "CH": "9927",
    "CY": "9928",
    "CZ": "9929",
    "DE": "9930",
    "EE": "9931",
    "ES": "9920",
    "FR": "9957",
    "GB": "9932",
    "GR": "9933",
    "HR": "9934",
    "HU": "9910",
    "IE": "9935",
    "LT": "9937",
    "LU": "9938",
    "LV": "9939",
    "MT": "9943",
    "NL": "9944",
    "PL": "9945",
    "PT": "9946",
    "RO": "9947",
    "SI": "9949",
    "SK": "9950",
}


class Identifier(NamedTuple):
    scheme: str
    value: str


def endpoint(*, peppol_id: str, country: str, enterprise_number: str, vat_number: str, reference: str) -> Identifier:
    """Where an access point delivers: the Peppol id given, else the Belgian number, else the VAT number.

    Peppol wants an address of everybody (rule R010) and knows no scheme for whoever has none of these, a private
    person for instance; a mailbox is none to it (CL008). There our own `reference` stands under the country's VAT
    scheme: it is nobody's number, so it leads nowhere, and such a document is not sent over Peppol (see is_reachable).
    """
    if peppol_id:
        scheme, _colon, value = peppol_id.partition(":")
        return Identifier(scheme, value)
    if number := belgian_number(country, enterprise_number, vat_number):
        return Identifier(BELGIAN, number)
    return Identifier(VAT_SCHEMES.get(country, VAT_SCHEMES["BE"]), vat_number or reference)


def is_reachable(*, peppol_id: str, country: str, enterprise_number: str, vat_number: str) -> bool:
    """Has an address of its own on Peppol, as far as its numbers tell."""
    return bool(peppol_id or belgian_number(country, enterprise_number, vat_number))


def belgian_number(country: str, enterprise_number: str, vat_number: str) -> str:
    """The ten digits of a Belgian enterprise, from its VAT number when need be; empty when there are none."""
    if country != "BE":
        return ""
    found = (number for number in (enterprise_number, vat_number.removeprefix("BE")) if is_belgian_number(number))
    return next(found, "")


def is_belgian_number(number: str) -> bool:
    """Ten digits whose last two are 97 minus the first eight modulo 97, as Peppol's rule R043 checks."""
    return bool(re.fullmatch(r"\d{10}", number)) and 97 - int(number[:8]) % 97 == int(number[8:])

"""The European Commission's register of VAT numbers, asked over its REST service. It is often away; nobody waits.

https://ec.europa.eu/taxation_customs/vies/#/technical-information
"""

from typing import NamedTuple

import requests

from cms.conf import configured
from payments.models import BillingDetails

Vies = BillingDetails.Vies
#: Seconds to connect, and to read.
TIMEOUT = (3, 8)
#: What VIES says when it does know: everything else is trouble at a member state, and no verdict.
_VERDICTS = {"VALID": Vies.VALID, "INVALID": Vies.INVALID}


class Answer(NamedTuple):
    state: str
    text: str


def ask(vat_number: str) -> Answer:
    """Whether the register knows this number ("BE0123456749"). Never raises for what the network does."""
    country, number = vat_number[:2], vat_number[2:]
    url = f"{configured.VIES_URL.rstrip('/')}/ms/{'EL' if country == 'GR' else country}/vat/{number}"
    try:
        response = requests.get(url, timeout=TIMEOUT, headers={"Accept": "application/json"})
        response.raise_for_status()
        told = response.json()
        said = str(told.get("userError", ""))
        is_valid = bool(told["isValid"])
    except (requests.RequestException, ValueError, KeyError, AttributeError, TypeError) as error:
        return Answer(Vies.UNAVAILABLE, f"{type(error).__name__}: {error}")
    if is_valid:
        name = str(told.get("name") or "").strip(" -")
        return Answer(Vies.VALID, name or said)
    return Answer(_VERDICTS.get(said, Vies.UNAVAILABLE if said else Vies.INVALID), said)

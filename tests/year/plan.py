"""What happens in the year, in proportions. Dealt as cards, so that they hold to the card at any size."""

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

SEED = 2027
FIRST = date(2027, 1, 1)
#: A month is closed on the third of the next: what is told of it on the first two days is still in it.
CLOSED_ON = 3
#: The last day of all: December is closed on it.
LAST = date(2028, 1, CLOSED_ON)

#: How they come, in a hundred.
WAYS = {"free": 20, "online": 50, "invoice": 30}
#: What becomes of those who pay online, in a hundred.
ONLINE = {
    "kept": 58,
    "abandoned": 8,
    "cancelled before paying": 2,
    "slow method": 4,
    "slow method that fails": 2,
    "cancelled": 10,
    "cancelled in part": 4,
    "price lowered": 3,
    "moved": 2,
    "substituted": 2,
    "member after all": 1,
    "dispute lost": 1,
    "dispute won": 1,
    "refunded in the dashboard": 1,
    "refund sent back": 1,
}
#: Of those who pay by invoice, in fifty.
INVOICE = {
    "paid": 20,
    "paid, then an order number": 1,
    "an order number, then paid": 1,
    "paid in two": 3,
    "paid too much": 2,
    "paid online": 5,
    "paid late": 3,
    "never paid": 4,
    "cancelled": 3,
    "paid, then cancelled": 3,
    "price lowered": 2,
    "paid, then price lowered": 1,
    "moved": 1,
    "substituted": 1,
}
#: Of free seats, in ten.
FREE = {"kept": 8, "cancelled": 1, "substituted": 1}
#: Seats of a registration, in twenty.
SEATS = {1: 12, 2: 5, 3: 2, 6: 1}

#: A visit every so many days, until two months into the next year.
DAYS_BETWEEN_VISITS = 3
#: One in so many visits is cancelled, ten days before; one in so many has partners.
CANCELLED_VISITS, PARTNERED_VISITS = 20, 4


class Tariff(NamedTuple):
    """Where a visit is taxed and what it costs, excl. VAT."""

    country: str
    rate: str
    price: str | None

    @property
    def facts(self) -> dict[str, object]:
        return {"vat_country": self.country, "vat_rate": Decimal(self.rate), "price": self.price}


#: Of ten visits; the last is free for everybody.
TARIFFS = (
    *[Tariff("BE", "21.00", "95.00")] * 4,
    *[Tariff("BE", "21.00", "37.15")] * 2,
    Tariff("BE", "6.00", "60.25"),
    Tariff("NL", "21.00", "80.00"),
    Tariff("DE", "19.00", "71.43"),
    Tariff("BE", "21.00", None),
)


def dealt(cards: dict, chance: random.Random) -> Iterator:
    """Cards without end: the whole deck shuffled, then again."""
    deck = [card for card, count in cards.items() for _number in range(count)]
    while True:
        chance.shuffle(deck)
        yield from deck

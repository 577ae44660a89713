"""An amount shared over several, to the cent."""

from decimal import Decimal


def split(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """Share an amount over weights so that the shares add up to it to the cent (largest remainder method).

    Equal or zero weights share equally. Raises ValueError without weights.
    """
    if not weights:
        raise ValueError("An amount cannot be shared over nobody.")
    cents = int(amount * 100)
    total = sum(weights)
    shares = [Decimal(cents) * weight / total if total else Decimal(cents) / len(weights) for weight in weights]
    whole = [int(share.to_integral_value(rounding="ROUND_FLOOR")) for share in shares]
    left = cents - sum(whole)
    by_remainder = sorted(range(len(weights)), key=lambda i: (whole[i] - shares[i], i))
    for i in by_remainder[:left]:
        whole[i] += 1
    return [Decimal(cent) / 100 for cent in whole]

"""Deeds about price studies: keep the answers of a file, all of them or none, and forget them."""

from django.db import transaction

from payments.lab.files import demand_rows, price_rows
from payments.models import PriceAnswer, PriceStudy

Method = PriceStudy.Method


@transaction.atomic
def keep_answers(*, study: PriceStudy, text: str) -> int:
    """Add the answers of a CSV to the study; returns how many people. A column `segment` and a column `paid` are kept.

    Four prices: too_cheap, cheap, expensive, too_expensive. Asked prices: person, price, answer; who a person is, is
    not kept. Raises CannotCompute that names the line, and keeps nothing then.
    """
    if study.method == Method.FOUR_PRICES:
        made = [
            PriceAnswer(
                study=study,
                segment=row.segment,
                paid=row.paid,
                too_cheap=row.answer.too_cheap,
                cheap=row.answer.cheap,
                expensive=row.answer.expensive,
                too_expensive=row.answer.too_expensive,
            )
            for row in price_rows(text)
        ]
    else:
        made = [
            PriceAnswer(
                study=study,
                segment=row.segment,
                paid=row.paid,
                said={str(price): yes for price, yes in row.answer.answers},
            )
            for row in demand_rows(text)
        ]
    PriceAnswer.objects.bulk_create(made)
    return len(made)


def forget_answers(*, study: PriceStudy) -> int:
    """Delete every answer of the study, for good; returns how many there were. The study itself stays."""
    count, _by_model = PriceAnswer.objects.filter(study=study).delete()
    return count

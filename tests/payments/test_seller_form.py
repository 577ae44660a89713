"""The seller's particulars on screen."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from payments import actions
from payments.models import BankStatement, SellerSettings
from tests import factories
from tests.payments.statements_support import THEIRS, camt, entry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("posted", "number"),
    [("7,veertien", "2"), ("0", "1"), ("7,21,999", "3")],
)
def test_of_several_days_the_wrong_one_is_named_in_words(posted, number):
    factories.seller()
    client = Client()
    client.force_login(factories.user("admin"))

    with translation.override("en"):
        seller = SellerSettings.load()
        answer = client.post(
            f"/admin/settings/payments/sellersettings/{seller.pk}/", {"remind_after_days": posted}, follow=True
        )

    (told,) = answer.context["form"].errors["remind_after_days"]
    assert number in told and "array" not in told and "reeks" not in told


@pytest.mark.parametrize(("closing", "refused"), [("114.95", True), ("0.00", False)])
def test_the_account_changes_once_the_present_one_holds_nothing(at, closing, refused):
    seller = factories.seller()
    moved = [] if Decimal(closing) else [entry("-114.95", code="PMNT/ICDT/BOOK")]
    content = camt(entry("114.95"), *moved, opening="0.00", name="S1")
    actions.import_statement(content=content, file_name="", by=None, at=at)
    assert BankStatement.objects.get().closing == Decimal(closing)

    seller.iban = THEIRS
    try:
        seller.clean()
    except ValidationError as refusal:
        told = " ".join(refusal.message_dict["iban"])
    else:
        told = ""

    assert ("BE17999123456721" in told and "114,95" in told) is refused

"""The seller's particulars on screen."""

import pytest
from django.test import Client
from django.utils import translation

from payments.models import SellerSettings
from tests import factories

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

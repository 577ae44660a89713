"""Money in words a reader of either language expects."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from cms.templatetags.cms_tags import money

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "amount", "currency", "said"),
    [
        ("nl", "1234.50", "EUR", f"€{SPACE}1.234,50"),
        ("nl", "-265.20", "EUR", f"€{SPACE}-265,20"),
        ("en", "1234.50", "EUR", "€1,234.50"),
        ("en", "-265.20", "EUR", "-€265.20"),
        ("en", "-8.00", "GBP", f"GBP{SPACE}-8.00"),
    ],
)
def test_the_sign_stands_where_the_language_puts_it(language, amount, currency, said):
    with override(language):
        assert money(Decimal(amount), currency) == said

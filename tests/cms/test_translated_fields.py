"""What the languages share is entered once. A new field makes one of these claims fail until somebody decides."""

import pytest
from wagtail.models import get_translatable_models

from cms.models import HomePage, ResultsPage, StandardPage
from tests.cms.treatments import PAGE, spread, treatments

CLAIMS = {
    # The number of a key figure stands in its block and is shared there: see the test below.
    HomePage: PAGE | spread(translated="hero about figures figures_note results lessons future partners"),
    StandardPage: PAGE | spread(translated="body", shared="in_footer"),
    ResultsPage: PAGE | spread(translated="counting"),
}


@pytest.mark.parametrize("model", CLAIMS, ids=lambda model: model.__name__)
def test_each_field_is_translated_or_shared_on_purpose(model):
    assert treatments(model) == CLAIMS[model]


def test_every_translatable_model_of_the_house_makes_a_claim():
    ours = {model for model in get_translatable_models(include_subclasses=True) if model._meta.app_label == "cms"}

    assert ours == set(CLAIMS)

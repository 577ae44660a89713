"""Two pages, one event: the second language can tell about no other. A new field makes a claim fail."""

import pytest
from wagtail.models import get_translatable_models

from events.models import EventIndexPage, EventPage
from tests.cms.treatments import PAGE, spread, treatments

CLAIMS = {
    EventIndexPage: PAGE,
    EventPage: PAGE | spread(translated="programme practical", shared="event case"),
}


@pytest.mark.parametrize("model", CLAIMS, ids=lambda model: model.__name__)
def test_each_field_is_translated_or_shared_on_purpose(model):
    assert treatments(model) == CLAIMS[model]


def test_every_translatable_model_of_the_events_makes_a_claim():
    ours = {model for model in get_translatable_models(include_subclasses=True) if model._meta.app_label == "events"}

    assert ours == set(CLAIMS)

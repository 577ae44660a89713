"""What the languages share of a case is entered once. A new field makes a claim fail until somebody decides."""

import pytest
from wagtail.models import get_translatable_models

from cases.models import CaseDocument, CaseImage, CaseIndexPage, CasePage, CaseParty, ImpactFigure, Lesson, QuizItem
from tests.cms.treatments import PAGE, spread, treatments

CLAIMS = {
    CaseIndexPage: PAGE,
    CasePage: PAGE
    | spread(
        translated="year travel context approach effort cost next_steps "
        "parties images lessons figures documents quiz",  # the parts say themselves what of them is shared
        shared="kind municipality country buyer_kind markets product_groups cpv contract_forms strategies "
        "primary_strategy ladder goals sdgs checked_on licence sources",
        undecided="cpv_beginnings",  # follows from the codes when the page is saved
    ),
    CaseParty: spread(translated="part", shared="organisation role"),
    CaseImage: spread(translated="alternative caption credit", shared="image"),
    Lesson: spread(translated="title text conditions pitfalls when_not", shared="phase"),
    ImpactFigure: spread(
        translated="label unit baseline functional_unit period note",
        shared="value quantity direction status method source_name source_url year verified_on verified_by",
    ),
    QuizItem: spread(translated="question answer_1 answer_2 answer_3 answer_4 why", shared="phase right"),
    CaseDocument: spread(translated="title", replaceable="document"),
}


@pytest.mark.parametrize("model", CLAIMS, ids=lambda model: model.__name__)
def test_each_field_is_translated_or_shared_on_purpose(model):
    assert treatments(model) == CLAIMS[model]


def test_every_translatable_model_of_the_cases_makes_a_claim():
    ours = {model for model in get_translatable_models(include_subclasses=True) if model._meta.app_label == "cases"}

    assert ours == set(CLAIMS)

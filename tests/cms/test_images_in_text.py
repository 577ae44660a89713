"""An image in the text of a page says what is on it and who made it, or the page does not go live."""

import pytest
from django.utils.translation import override
from wagtail import blocks
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from cms.blocks import ImageBlock
from cms.images import _lacking
from cms.models import StandardPage
from cms.refusals import CannotGoLive
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english_words():
    with override("en"):
        yield


@pytest.fixture
def image():
    return get_image_model().objects.create(title="hal.png", file=get_test_image_file())


def draft(*images):
    home = factories.ground()
    body = [("text", "<p>Zie:</p>"), *(("image", facts) for facts in images)]
    page = StandardPage(title="Over", slug="over", live=False, locale=home.locale, body=body)
    return home.add_child(instance=page)


def facts(image, **changes):
    return {"image": image, "alternative": "Een hal vol stof.", "caption": "", "credit": "Tour, CC BY 4.0"} | changes


def test_an_image_that_says_all_keeps_nothing_from_going_live(image):
    page = draft(facts(image))

    page.save_revision().publish()

    assert page.obstacles() == []
    assert StandardPage.objects.get(pk=page.pk).live


@pytest.mark.parametrize("blank", ["", "   "])
def test_an_image_without_a_description_is_named_with_its_place(image, blank):
    page = draft(facts(image), facts(image, alternative=blank), facts(image, alternative=blank, credit=""))

    assert page.obstacles() == [
        "The image in “Text”, block 3, lacks: description.",
        "The image in “Text”, block 4, lacks: description, credit.",
    ]
    with pytest.raises(CannotGoLive):
        page.save_revision().publish()
    assert not StandardPage.objects.get(pk=page.pk).live


def test_a_block_whose_image_was_not_chosen_yet_would_break_the_page(image):
    assert draft(facts(None)).obstacles() == ["The image in “Text”, block 2, lacks: image."]


def test_an_image_inside_lists_and_structures_is_found_too(image):
    gallery = blocks.StreamBlock([("row", blocks.StructBlock([("pictures", blocks.ListBlock(ImageBlock()))]))])
    gallery.set_name("gallery")
    value = gallery.to_python(
        [
            {"type": "row", "value": {"pictures": [facts(image.pk), facts(image.pk, alternative="")]}},
        ]
    )

    assert list(_lacking(gallery, value)) == [["description"]]


def test_the_form_of_a_page_says_what_keeps_it(client):
    page = draft(facts(None))
    page.save_revision()
    client.force_login(factories.user("admin"))

    text = client.get(f"/admin/pages/{page.pk}/edit/").content.decode()

    with override("nl"):
        told = StandardPage.objects.get(pk=page.pk).obstacles()
    assert len(told) == 1
    assert told[0] in text

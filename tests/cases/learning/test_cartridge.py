"""The Common Cartridge 1.3: what is in it, by rules written down from the profile, and that it is the same each time.

The profile's own schemas could not be had: `manage.py check_packages --schemas DIR` runs them for who has them.
"""

import pytest
from lxml import etree
from lxml import html as lxml_html

from cases import learning
from tests.cases.learning.courses import manifest, signed_off_case, unpacked

pytestmark = pytest.mark.django_db

CP = "{http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1}"
LOM = "{http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest}"
QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"


def package(**facts):
    return learning.common_cartridge(learning.course_of(signed_off_case(**facts)))


def test_the_manifest_is_as_the_profile_of_a_cartridge_asks():
    content = package()
    tree = manifest(content)

    assert tree.tag == f"{CP}manifest"
    assert [node.tag.removeprefix(CP) for node in tree] == ["metadata", "organizations", "resources"]
    assert [node.text for node in tree.find(f"{CP}metadata")][:2] == ["IMS Common Cartridge", "1.3.0"]
    organisation = tree.find(f"{CP}organizations/{CP}organization")
    assert organisation.get("structure") == "rooted-hierarchy"
    (root,) = organisation
    assert root.find(f"{CP}title") is None and root.get("identifierref") is None
    resources = {node.get("identifier"): node for node in tree.iter(f"{CP}resource")}
    asked = [item.get("identifierref") for item in tree.iter(f"{CP}item") if item.get("identifierref")]
    assert asked == ["page-1", "page-2", "quiz"]
    assert set(asked) | {node.get("identifierref") for node in tree.iter(f"{CP}dependency")} == set(resources)
    assert all(
        node.get("href") in {file.get("href") for file in node}
        for node in tree.iter()
        if node.get("type") == "webcontent" and node.get("href")
    )
    assert {node.get("type") for node in resources.values()} == {
        *("webcontent", "imsqti_xmlv1p2/imscc_xmlv1p3/assessment")
    }
    assert resources["quiz"].get("href") is None
    identifiers = [node.get("identifier") for node in tree.iter() if node.get("identifier")]
    assert len(identifiers) == len(set(identifiers))
    assert {file.get("href") for file in tree.iter(f"{CP}file")} | {"imsmanifest.xml"} == set(unpacked(content))


def test_the_licence_and_the_sources_are_inside():
    content = package()
    tree = manifest(content)

    rights = tree.findtext(f".//{LOM}rights/{LOM}description/{LOM}string")
    assert "https://creativecommons.org/licenses/by/4.0/" in rights and "Best Practice Tour" in rights
    assert tree.findtext(f".//{LOM}relation/{LOM}resource/{LOM}description/{LOM}string") == (
        "Een rapport. https://example.org/rapport"
    )
    assert "https://example.org/rapport" in unpacked(content)["web/licence.txt"].decode()
    for name in ("web/case.html", "web/lesson-1.html"):
        page = lxml_html.document_fromstring(unpacked(content)[name])
        assert page.xpath("//footer//a[contains(@rel, 'license')]/@href") == [
            "https://creativecommons.org/licenses/by/4.0/"
        ]
        assert set(page.xpath("//@src | //link/@href")) == {"course.css"}


def test_the_quiz_scores_the_right_answer_and_says_why():
    tree = etree.fromstring(unpacked(package())["quiz/assessment.xml"])

    fields = {
        node.findtext(f"{QTI}fieldlabel"): node.findtext(f"{QTI}fieldentry")
        for node in tree.iter(f"{QTI}qtimetadatafield")
    }
    assert fields["cc_profile"] == "cc.multiple_choice.v0p1"
    assert tree.findtext(f".//{QTI}assessment/{QTI}qtimetadata/{QTI}qtimetadatafield/{QTI}fieldentry") == "cc.exam.v0p1"
    items = list(tree.iter(f"{QTI}item"))
    assert [item.get("ident") for item in items] == ["q1", "q2", "q3"]
    item = items[0]
    answers = {label.get("ident"): label.findtext(f".//{QTI}mattext") for label in item.iter(f"{QTI}response_label")}
    assert answers == {"a": "Fout 1", "b": "Juist 1", "d": "Ook fout 1"}
    scored = item.find(f".//{QTI}setvar/..")
    assert (scored.findtext(f".//{QTI}varequal"), scored.findtext(f"{QTI}setvar")) == ("b", "100")
    shown = {node.get("linkrefid") for node in item.iter(f"{QTI}displayfeedback")}
    assert shown == {node.get("ident") for node in item.iter(f"{QTI}itemfeedback")} == {"general_fb"}
    assert item.findtext(f"{QTI}itemfeedback//{QTI}mattext") == "Omdat 1."


def test_a_character_that_xml_cannot_hold_is_left_out_and_no_other():
    tree = manifest(package(title="18\u00a0% \x02rest😀"))

    assert tree.findtext(f".//{CP}item/{CP}title") == "18\u00a0% rest😀"


def test_the_same_case_gives_the_same_bytes():
    case = signed_off_case()
    first, second = (
        learning.common_cartridge(learning.course_of(type(case).objects.get(pk=case.pk))) for _time in range(2)
    )

    assert first == second


def test_an_english_case_is_english_throughout():
    case = signed_off_case(both=True)
    twin = case.get_translations().get()
    files = unpacked(learning.common_cartridge(learning.course_of(type(case).objects.get(pk=twin.pk))))

    page = lxml_html.document_fromstring(files["web/case.html"])
    assert page.get("lang") == "en"
    assert "Figures, and how they are known" in page.text_content()
    assert b"<lom:language>en</lom:language>" in files["imsmanifest.xml"]

"""The SCORM 1.2 package: its manifest against ADL's own schemas, what is in it, and that it is the same each time."""

import re
from itertools import pairwise

import pytest
from lxml import etree
from lxml import html as lxml_html

from cases import learning
from cases.learning import schemas
from cases.learning.packing import packed
from cases.models import CasePage
from tests.cases.learning.courses import manifest, signed_off_case, unpacked

pytestmark = pytest.mark.django_db

CP = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
ADLCP = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"
MD = "{http://www.imsglobal.org/xsd/imsmd_rootv1p2p1}"


def package(**facts):
    return learning.scorm_package(learning.course_of(signed_off_case(**facts)))


@pytest.mark.parametrize("facts", [{}, {"items": 5, "title": "Zonder bron \x02 & <b>"}])
def test_the_manifest_is_valid_by_the_schemas_of_adl(facts, scorm_schemas):
    assert schemas.faults(package(**facts), "imsmanifest.xml", schemas.SCORM, scorm_schemas) == []


@pytest.mark.parametrize(
    ("ours", "faulty"),
    [
        (b'isvisible="true"', b'isvisible="perhaps"'),
        (b'adlcp:scormtype="sco"', b'adlcp:scormtype="game"'),
        (b"md:language", b"md:tongue"),
    ],
)
def test_each_of_the_three_schemas_does_find_a_fault(ours, faulty, scorm_schemas):
    files = unpacked(package())
    files["imsmanifest.xml"] = files["imsmanifest.xml"].replace(ours, faulty)

    told = schemas.faults(packed(files), "imsmanifest.xml", schemas.SCORM, scorm_schemas)

    assert told != []


def test_the_manifest_names_every_file_the_licence_and_the_sources():
    content = package()
    tree = manifest(content)

    resource = tree.find(f".//{CP}resource")
    assert (resource.get("href"), resource.get(f"{ADLCP}scormtype")) == ("index.html", "sco")
    named = {file.get("href") for file in resource.iter(f"{CP}file")}
    assert (
        named | {"imsmanifest.xml"}
        == set(unpacked(content))
        == {*("imsmanifest.xml", "index.html", "course.css", "course.js", "licence.txt")}
    )
    assert tree.findtext(f".//{ADLCP}masteryscore") == "60"
    rights = tree.findtext(f".//{MD}rights/{MD}description/{MD}langstring")
    assert "https://creativecommons.org/licenses/by/4.0/" in rights and "Best Practice Tour" in rights
    based_on = tree.findtext(f".//{MD}relation/{MD}resource/{MD}description/{MD}langstring")
    assert based_on == "Een rapport. https://example.org/rapport"


def test_the_page_tells_the_case_and_asks_nothing_of_anybody():
    files = unpacked(package())
    page = lxml_html.document_fromstring(files["index.html"])

    assert page.get("lang") == "nl"
    assert [heading.text_content() for heading in page.iter("h1")] == ["Stadskantoor & <meubels>"]
    levels = [int(node.tag[1]) for node in page.iter("h1", "h2", "h3", "h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    text = " ".join(page.text_content().split())
    for told in ("Waarom, met een link.", "Met waarborg.", "Vaag blijven.", "18 %", "C2C ExpoLAB, 2016", "CC BY 4.0"):
        assert told in text, told
    for radio in page.iter("input"):
        assert len(page.xpath("//label[@for=$id]", id=radio.get("id"))) == 1
    assert len(page.xpath("//fieldset/legend")) == 3
    asked = page.xpath("//@src | //link/@href | //form/@action")
    assert set(asked) == {"course.css", "course.js"}
    for name in ("course.css", "course.js"):
        assert re.findall(rb"https?://|url\(|@import|fetch\(|XMLHttp", files[name]) == []


def test_an_answer_left_out_does_not_shift_the_right_one():
    case = signed_off_case()
    item = case.quiz.get(question="Vraag 1?")
    item.answer_2, item.answer_3, item.right = "Nee", "Ja", 3
    item.answer_1, item.answer_4 = "Misschien", ""
    item.save()

    question = learning.course_of(CasePage.objects.get(pk=case.pk)).questions[0]

    assert [(answer.key, answer.text, answer.is_right) for answer in question.answers] == [
        ("a", "Misschien", False),
        ("b", "Nee", False),
        ("c", "Ja", True),
    ]


def test_the_same_case_gives_the_same_bytes():
    case = signed_off_case()
    first, second = (learning.scorm_package(learning.course_of(CasePage.objects.get(pk=case.pk))) for _time in range(2))

    assert first == second


def test_what_an_editor_wrote_is_text_in_every_file():
    files = unpacked(package(title="<script>alert(1)</script>"))

    assert b"<script>alert" not in files["index.html"]
    assert etree.fromstring(files["imsmanifest.xml"]).findtext(f".//{CP}organization/{CP}title") == (
        "<script>alert(1)</script>"
    )

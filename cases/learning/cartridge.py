"""A course as an IMS Common Cartridge 1.3: pages to read, and the quiz in QTI 1.2 as the platform's own.

After IMS Common Cartridge Profile 1.3 (manifest, LOM, webcontent) and its profile of QTI 1.2.1 (cc.exam.v0p1,
cc.multiple_choice.v0p1).
"""

from cases.learning.course import Course, Question
from cases.learning.packing import Tree, html, own, packed

_CC = "http://www.imsglobal.org/profile/cc/ccv1p3"
NAMESPACES: dict[str | None, str] = {
    None: "http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1",
    "lom": "http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest",
}
LOCATIONS = {
    "http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1": f"{_CC}/ccv1p3_imscp_v1p2_v1p0.xsd",
    "http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest": f"{_CC}/LOM/ccv1p3_lommanifest_v1p0.xsd",
}
QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
QTI_LOCATIONS = {QTI: f"{_CC}/ccv1p3_qtiasiv1p2p1_v1p0.xsd"}
ASSESSMENT = "imsqti_xmlv1p2/imscc_xmlv1p3/assessment"


def common_cartridge(course: Course) -> bytes:
    """The zip (an .imscc); the same course gives the same bytes."""
    pages = _pages(course)
    files = {
        **{name: html(template, course.language, {"course": course, **facts}) for name, template, _t, facts in pages},
        "web/course.css": own("course.css"),
        "web/licence.txt": html("licence.txt", course.language, {"course": course}),
        "quiz/assessment.xml": _assessment(course),
    }
    titles = [(name, title) for name, _template, title, _facts in pages]
    return packed({**files, "imsmanifest.xml": _manifest(course, titles)})


def _pages(course: Course) -> list[tuple[str, str, str, dict[str, object]]]:
    """(name, template, title, what else the template is told) of each page to read, in order."""
    lessons: list[tuple[str, str, str, dict[str, object]]] = [
        (f"web/lesson-{place}.html", "lesson.html", lesson.title, {"lesson": lesson})
        for place, lesson in enumerate(course.lessons, start=1)
    ]
    return [("web/case.html", "case.html", course.title, {}), *lessons]


def _manifest(course: Course, pages: list[tuple[str, str]]) -> bytes:
    root = Tree.root("manifest", NAMESPACES, LOCATIONS, identifier=course.identifier)
    metadata = root.add("metadata")
    metadata.add("schema", "IMS Common Cartridge")
    metadata.add("schemaversion", "1.3.0")
    _describe(metadata.add("lom:lom"), course)
    organisation = root.add("organizations").add(
        "organization", identifier="organisation", structure="rooted-hierarchy"
    )
    # A cartridge has one root without a title; what people see hangs below a folder in it.
    folder = organisation.add("item", identifier="root").add("item", identifier="folder")
    folder.add("title", course.title)
    resources = root.add("resources")
    for place, (name, title) in enumerate(pages, start=1):
        folder.add("item", identifier=f"item-{place}", identifierref=f"page-{place}").add("title", title)
        page = resources.add("resource", identifier=f"page-{place}", type="webcontent", href=name)
        page.add("file", href=name)
        page.add("dependency", identifierref="along")
    along = resources.add("resource", identifier="along", type="webcontent")
    for name in ("web/course.css", "web/licence.txt"):
        along.add("file", href=name)
    folder.add("item", identifier="item-quiz", identifierref="quiz").add("title", course.quiz_title)
    resources.add("resource", identifier="quiz", type=ASSESSMENT).add("file", href="quiz/assessment.xml")
    return root.written()


def _describe(lom: Tree, course: Course) -> None:
    def said(parent: Tree, text: str) -> None:
        parent.add("lom:string", text, language=course.language)

    def chosen(parent: Tree, name: str, value: str) -> None:
        choice = parent.add(name)
        choice.add("lom:source", "LOMv1.0")
        choice.add("lom:value", value)

    general = lom.add("lom:general")
    identifier = general.add("lom:identifier")
    identifier.add("lom:catalog", "URI")
    identifier.add("lom:entry", course.url)
    said(general.add("lom:title"), course.title)
    general.add("lom:language", course.language)
    said(general.add("lom:description"), course.intro or course.title)
    rights = lom.add("lom:rights")
    chosen(rights, "lom:cost", "no")
    chosen(rights, "lom:copyrightAndOtherRestrictions", "yes")
    said(rights.add("lom:description"), f"{course.licence}. {course.licence_url}. {course.attribution}")
    for name, address in course.sources:
        relation = lom.add("lom:relation")
        chosen(relation, "lom:kind", "isbasedon")
        said(relation.add("lom:resource").add("lom:description"), f"{name}. {address}".rstrip(". "))


def _assessment(course: Course) -> bytes:
    root = Tree.root("questestinterop", {None: QTI}, QTI_LOCATIONS)
    assessment = root.add("assessment", ident=f"{course.identifier}-quiz", title=course.quiz_title)
    _fields(
        assessment,
        {
            "cc_profile": "cc.exam.v0p1",
            "qmd_assessmenttype": "Examination",
            "qmd_scoretype": "Percentage",
            "qmd_feedbackpermitted": "Yes",
            "qmd_solutionspermitted": "Yes",
            "cc_maxattempts": "unlimited",
        },
    )
    section = assessment.add("section", ident="root_section")
    for question in course.questions:
        _item(section, question)
    return root.written()


def _fields(parent: Tree, fields: dict[str, str]) -> None:
    metadata = parent.add("qtimetadata")
    for label, entry in fields.items():
        field = metadata.add("qtimetadatafield")
        field.add("fieldlabel", label)
        field.add("fieldentry", entry)


def _item(section: Tree, question: Question) -> None:
    """One of several, one right; the reason is shown whatever was answered."""
    item = section.add("item", ident=question.key, title=question.text)
    _fields(item.add("itemmetadata"), {"cc_profile": "cc.multiple_choice.v0p1"})
    presentation = item.add("presentation")
    _text(presentation, question.text)
    choice = presentation.add("response_lid", ident="response", rcardinality="Single").add(
        "render_choice", shuffle="No"
    )
    for answer in question.answers:
        _text(choice.add("response_label", ident=answer.key), answer.text)
    processing = item.add("resprocessing")
    outcome = {"varname": "SCORE", "vartype": "Decimal", "minvalue": "0", "maxvalue": "100"}
    processing.add("outcomes").add("decvar", **outcome)
    if question.why:
        always = processing.add("respcondition", **{"continue": "Yes"})
        always.add("conditionvar").add("other")
        always.add("displayfeedback", feedbacktype="Response", linkrefid="general_fb")
    right = processing.add("respcondition", **{"continue": "No"})
    right.add("conditionvar").add("varequal", question.right.key, respident="response")
    right.add("setvar", "100", action="Set", varname="SCORE")
    if question.why:
        _text(item.add("itemfeedback", ident="general_fb").add("flow_mat"), question.why)


def _text(parent: Tree, text: str) -> None:
    parent.add("material").add("mattext", text, texttype="text/plain")

"""A course as a SCORM 1.2 package: one page that reports its quiz to the learning platform, and works without one.

The manifest follows ADL's SCORM 1.2 Content Aggregation Model (IMS Content Packaging 1.1.2 and IMS Metadata 1.2.1 with
ADL's extensions); the page speaks the run-time API of the same edition.
"""

from cases.learning.course import Course
from cases.learning.packing import Tree, html, own, packed

NAMESPACES: dict[str | None, str] = {
    None: "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
    "md": "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1",
}
LOCATIONS = {
    "http://www.imsproject.org/xsd/imscp_rootv1p1p2": "imscp_rootv1p1p2.xsd",
    "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1": "imsmd_rootv1p2p1.xsd",
    "http://www.adlnet.org/xsd/adlcp_rootv1p2": "adlcp_rootv1p2.xsd",
}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def scorm_package(course: Course) -> bytes:
    """The zip; the same course gives the same bytes."""
    files = {
        "index.html": html("scorm.html", course.language, {"course": course}),
        "course.css": own("course.css"),
        "course.js": own("course.js"),
        "licence.txt": html("licence.txt", course.language, {"course": course}),
    }
    return packed({**files, "imsmanifest.xml": _manifest(course, sorted(files))})


def _manifest(course: Course, names: list[str]) -> bytes:
    root = Tree.root("manifest", NAMESPACES, LOCATIONS, identifier=course.identifier, version="1.0")
    metadata = root.add("metadata")
    metadata.add("schema", "ADL SCORM")
    metadata.add("schemaversion", "1.2")
    _describe(metadata.add("md:lom"), course)
    organisation = root.add("organizations", default="course").add("organization", identifier="course")
    organisation.add("title", course.title)
    item = organisation.add("item", identifier="item", identifierref="page", isvisible="true")
    item.add("title", course.title)
    item.add("adlcp:masteryscore", str(course.mastery))
    page = root.add("resources").add("resource", identifier="page", type="webcontent", href="index.html")
    page.set(adlcp__scormtype="sco")
    for name in names:
        page.add("file", href=name)
    return root.written()


def _describe(lom: Tree, course: Course) -> None:
    def said(parent: Tree, text: str, language: str = course.language) -> None:
        parent.add("md:langstring", text).element.set(XML_LANG, language)

    def chosen(parent: Tree, name: str, value: str) -> None:
        choice = parent.add(name)
        said(choice.add("md:source"), "LOMv1.0", "x-none")
        said(choice.add("md:value"), value, "x-none")

    general = lom.add("md:general")
    said(general.add("md:title"), course.title)
    entry = general.add("md:catalogentry")
    entry.add("md:catalog", "URI")
    said(entry.add("md:entry"), course.url, "x-none")
    general.add("md:language", course.language)
    said(general.add("md:description"), course.intro or course.title)
    technical = lom.add("md:technical")
    technical.add("md:format", "text/html")
    technical.add("md:location", course.url, type="URI")
    rights = lom.add("md:rights")
    chosen(rights, "md:cost", "no")
    chosen(rights, "md:copyrightandotherrestrictions", "yes")
    said(rights.add("md:description"), f"{course.licence}. {course.licence_url}. {course.attribution}")
    for name, address in course.sources:
        relation = lom.add("md:relation")
        chosen(relation, "md:kind", "IsBasedOn")
        said(relation.add("md:resource").add("md:description"), f"{name}. {address}".rstrip(". "))

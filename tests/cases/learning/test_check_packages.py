"""`manage.py check_packages`: the official schemas, for who has them; what was not run is never called valid."""

import io

import pytest
from django.core.management import CommandError, call_command

from tests import factories
from tests.cases.learning.courses import signed_off_case

pytestmark = pytest.mark.django_db

XSD = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{space}" elementFormDefault="qualified">'
    "{body}</xs:schema>"
)
ANYTHING = (
    '<xs:element name="{name}"><xs:complexType><xs:sequence>'
    '<xs:any maxOccurs="unbounded" processContents="skip"/></xs:sequence>'
    '<xs:anyAttribute processContents="skip"/></xs:complexType></xs:element>'
)


def check(folder):
    """(exit status, what it said)"""
    said = io.StringIO()
    try:
        call_command("check_packages", schemas=folder, stdout=said)
    except SystemExit as end:
        return end.code, said.getvalue()
    return 0, said.getvalue()


def put(folder, name, space, element):
    (folder / name).write_text(XSD.format(space=space, body=ANYTHING.format(name=element)))


def cartridge_schemas(folder, *, quiz="questestinterop"):
    """Schemas with the official names and namespaces that ask nearly nothing: what is tested is who is asked."""
    lom = "http://ltsc.ieee.org/xsd/imsccv1p3/LOM"
    put(folder, "ccv1p3_imscp_v1p2_v1p0.xsd", "http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1", "manifest")
    put(folder, "ccv1p3_lommanifest_v1p0.xsd", f"{lom}/manifest", "lom")
    put(folder, "ccv1p3_lomresource_v1p0.xsd", f"{lom}/resource", "lom")
    put(folder, "ccv1p3_qtiasiv1p2p1_v1p0.xsd", "http://www.imsglobal.org/xsd/ims_qtiasiv1p2", quiz)


def test_without_a_schema_it_says_not_run_and_does_not_succeed(tmp_path):
    signed_off_case()

    status, said = check(tmp_path)

    assert status == 2
    assert said.count("NOT RUN") == 3 and "valid" not in said and "0 files checked" in said


def test_the_scorm_package_is_valid_and_the_cartridge_is_said_to_be_not_run(scorm_schemas):
    case = signed_off_case()
    factories.case_page(both=False)

    status, said = check(scorm_schemas)

    assert status == 2
    assert f"{case.full_url}: SCORM 1.2, imsmanifest.xml: valid" in said
    assert said.count("NOT RUN: Common Cartridge 1.3") == 2 and "1 files checked, 0 with faults." in said


def test_a_fault_is_shown_with_its_line(tmp_path):
    signed_off_case()
    cartridge_schemas(tmp_path, quiz="something_else")

    status, said = check(tmp_path)

    assert status == 1
    assert "Common Cartridge 1.3, imsmanifest.xml: valid" in said
    assert "quiz/assessment.xml: FAULTS" in said and "quiz/assessment.xml, line 2: " in said


def test_no_signed_off_case_is_no_success_and_no_folder_is_refused(tmp_path):
    factories.case_page(both=False)

    assert check(tmp_path)[0] == 2
    with pytest.raises(CommandError, match="no folder"):
        call_command("check_packages", schemas=tmp_path / "gone")

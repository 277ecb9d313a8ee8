"""QTI packages as programs make them: what a bad file costs, and where they name their questions."""

import io
import zipfile

import pytest

from course.content.problems import CourseError
from course.formats import files
from course.formats.items import Item
from tests.formats.exchange import imported, question_of

QTI2 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
ITEM = """<assessmentItem xmlns="{qti}" identifier="i{n}" title="Q{n}" adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
<correctResponse><value>a</value></correctResponse></responseDeclaration>
<itemBody><choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1">
<prompt>Pick {n}</prompt><simpleChoice identifier="a">Yes</simpleChoice>
<simpleChoice identifier="b">No</simpleChoice></choiceInteraction></itemBody></assessmentItem>"""
QTI1 = """<questestinterop><assessment><section><item ident="q1" title="One"><presentation>
<material><mattext texttype="text/plain">Which valve?</mattext></material>
<response_lid ident="r" rcardinality="Single"><render_choice>
<response_label ident="a"><material><mattext>Red</mattext></material></response_label>
<response_label ident="b"><material><mattext>Blue</mattext></material></response_label>
</render_choice></response_lid></presentation><resprocessing><respcondition>
<conditionvar><varequal respident="r">b</varequal></conditionvar><setvar action="Set">100</setvar>
</respcondition></resprocessing></item></section></assessment></questestinterop>"""


def item(number: int) -> str:
    return ITEM.format(qti=QTI2, n=number)


def package(resources: dict[str, str], **entries: str) -> bytes:
    """Return a package whose manifest names *resources* by path and type, with all *entries*."""
    named = "".join(f'<resource type="{kind}" href="{p}"/>' for p, kind in resources.items())
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("imsmanifest.xml", f"<manifest><resources>{named}</resources></manifest>")
        for path, content in entries.items():
            archive.writestr(path, content)
    return made.getvalue()


ITEMS = {f"{letter}.xml": "imsqti_item_xmlv2p1" for letter in "abc"}


def prompts(items: list[Item]) -> list[str]:
    return [question_of(one).prompt for one in items if not one.refused]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (None, "has no file 'b.xml'"),
        (item(2)[:-10], "is not XML: unclosed token (line 6, column"),
        (item(2).replace("<itemBody>", "<itemBody><![CDATA["), "is not XML"),
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + item(2), "the XML declares entities"),
        ("<qti-assessment-item/>", "is QTI 3"),
        (item(2).replace("choiceInteraction", "drawingInteraction"), "drawingInteraction"),
        ("", "is not XML"),
    ],
    ids=["missing", "cut short", "broken", "entities", "QTI 3", "unknown", "empty"],
)
def test_one_bad_item_costs_only_itself(bad: str | None, said: str) -> None:
    entries = {"a.xml": item(1), "c.xml": item(3)} | ({} if bad is None else {"b.xml": bad})

    items = imported(package(ITEMS, **entries))

    assert prompts(items) == ["Pick 1", "Pick 3"]
    (refused,) = [one for one in items if one.refused]
    assert refused.place == "b.xml"
    assert said in refused.refused


@pytest.mark.parametrize(
    "kind",
    [
        "imsqti_xmlv1p1",
        "imsqti_xmlv1p2",
        "imsqti_xmlv1p2/imscc_xmlv1p1/assessment",
        "IMSQTI_XMLV1P1",
    ],
)
def test_packages_of_version_1_are_read_alike(kind: str) -> None:
    items = imported(package({"quiz.xml": kind}, **{"quiz.xml": QTI1}))

    assert prompts(items) == ["Which valve?"]


@pytest.mark.parametrize("kind", ["imsqti_test_xmlv2p1", "imsqti_assessment_xmlv2p2"])
def test_a_manifest_may_list_only_a_test(kind: str) -> None:
    test = """<assessmentTest><testPart><assessmentSection>
    <assessmentItemRef identifier="two" href="items/2%20b.xml"/>
    <assessmentSectionRef identifier="s" href="sections/s.xml"/>
    <assessmentItemRef identifier="gone" href="items/gone.xml"/></assessmentSection></testPart>
    </assessmentTest>"""
    section = """<assessmentSection><assessmentItemRef identifier="one" href="../items/1.xml"/>
    <assessmentItemRef identifier="again" href="../items/2%20b.xml"/>
    <assessmentSectionRef identifier="self" href="s.xml"/></assessmentSection>"""
    entries = {"test.xml": test, "sections/s.xml": section}
    entries |= {"items/1.xml": item(1), "items/2 b.xml": item(2)}

    items = imported(package({"test.xml": kind}, **entries))

    assert prompts(items) == ["Pick 2", "Pick 1"]
    assert [one.place for one in items if one.refused] == ["items/gone.xml"]


def test_items_that_the_manifest_lists_are_not_read_twice() -> None:
    test = '<assessmentTest><assessmentItemRef href="a.xml"/></assessmentTest>'
    resources = {"test.xml": "imsqti_test_xmlv2p1", "a.xml": "imsqti_item_xmlv2p1"}

    items = imported(package(resources, **{"test.xml": test, "a.xml": item(1)}))

    assert prompts(items) == ["Pick 1"]


def test_a_doctype_without_entities_is_read() -> None:
    declared = '<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2.dtd">' + QTI1

    assert prompts(imported(declared.encode())) == ["Which valve?"]


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("word/document.xml", "a Word document"),
        ("xl/workbook.xml", "an Excel workbook"),
        ("h5p.json", "an H5P file"),
        ("mimetype", "an OpenDocument or EPUB file"),
    ],
)
def test_other_zip_files_are_named(entry: str, kind: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(entry, "x")

    with pytest.raises(CourseError, match=f"is {kind}, which is not read here"):
        files.read(made.getvalue(), "sent.zip")

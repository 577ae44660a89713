"""The SCORM package in Chromium: below a tiny learning platform that keeps what it is told, and alone."""

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from cases.learning.course import Answer, Course, CourseLesson, Question, Section
from cases.learning.scorm import scorm_package
from cms import prose
from tests.cases.learning.courses import unpacked
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="NOT RUN: no Chromium. Run: apt-get install chromium"),
]

#: The platform's side of the run-time API, as strict as SCORM 1.2: nothing before LMSInitialize or after LMSFinish.
PLATFORM = Path(__file__).with_name("platform.html").read_text()


def course() -> Course:
    questions = [
        Question(
            key=f"q{number}",
            text=f"Question {number}?",
            answers=[Answer("a", f"Wrong {number}", False), Answer("b", f"Right {number}", True)],
            why=f"Because {number}.",
        )
        for number in (1, 2, 3)
    ]
    return Course(
        identifier="case-1-en",
        language="en",
        title="City hall",
        intro="In short.",
        sections=[Section("Context", prose.plain("Why."))],
        lessons=[CourseLesson("lesson-1", "Award", "Ask for it", [Section("", prose.plain("So."))])],
        figures=[],
        questions=questions,
        sources=[("A report", "https://example.org/")],
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        attribution="City hall. Tour. https://example.org/",
        author="Tour",
        url="https://example.org/",
        checked_on="12 January 2027",
        quiz_title="Quiz: City hall",
    )


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in unpacked(scorm_package(course())).items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """A console error, a page error or a request to anybody else fails the test."""
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        opened = browser.new_page()
        opened.set_default_timeout(15_000)
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.on(
            "request", lambda asked: None if asked.url.startswith((address, "file:")) else faults.append(asked.url)
        )
        yield opened
        browser.close()
    assert faults == []


def start(page: Page, folder: Path, address: str, *, kept: str = "{}", is_full: bool = False):
    text = PLATFORM.replace("START", kept).replace("FULL", str(is_full).lower())
    (folder / "platform.html").write_text(text)
    page.goto(f"{address}/platform.html")
    frame = page.frame_locator("iframe")
    frame.locator("#quiz").wait_for()
    return frame


def told(page: Page) -> dict[str, str]:
    return page.evaluate("kept")


def answer(frame, *texts: str) -> None:
    for text in texts:
        frame.get_by_label(text).check()
    frame.get_by_role("button", name="Check my answers").click()


def test_score_and_status_reach_the_platform_and_a_pass_is_never_lost(page, folder, address) -> None:
    frame = start(page, folder, address)
    assert told(page)["cmi.core.lesson_status"] == "incomplete"

    answer(frame, "Wrong 1", "Wrong 2", "Right 3")

    assert frame.locator("#failed").inner_text() == "Not passed yet. Your score: 33%"
    assert frame.get_by_text("Not right. The right answer: Right 1").is_visible()
    assert frame.get_by_text("Because 1.").is_visible()
    first = told(page)
    assert (first["cmi.core.score.raw"], first["cmi.core.lesson_status"]) == ("33", "failed")
    assert {name: value for name, value in first.items() if name.startswith("cmi.interactions.0.")} == {
        "cmi.interactions.0.id": "q1",
        "cmi.interactions.0.type": "choice",
        "cmi.interactions.0.correct_responses.0.pattern": "b",
        "cmi.interactions.0.student_response": "a",
        "cmi.interactions.0.result": "wrong",
    }
    assert first["cmi.interactions.2.result"] == "correct"

    answer(frame, "Right 1")
    assert frame.locator("#passed").inner_text() == "Passed. Your score: 67%"
    assert (told(page)["cmi.core.score.raw"], told(page)["cmi.core.lesson_status"]) == ("67", "passed")
    assert told(page)["cmi.interactions.3.id"] == "q1" and told(page)["cmi.interactions.5.id"] == "q3"

    answer(frame, "Wrong 1")
    assert (told(page)["cmi.core.score.raw"], told(page)["cmi.core.lesson_status"]) == ("67", "passed")

    page.evaluate("document.querySelector('iframe').src = 'licence.txt'")
    page.wait_for_function("calls.includes('finish')")
    assert page.evaluate("calls.filter((call) => call !== 'commit')") == ["init", "finish"]
    assert told(page)["cmi.core.session_time"].count(":") == 2


def test_the_keyboard_alone_is_enough(page, folder, address) -> None:
    frame = start(page, folder, address)
    frame.get_by_label("Wrong 1").focus()
    for _question in range(3):
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    frame.locator("#passed").wait_for()
    assert told(page)["cmi.core.score.raw"] == "100"
    assert frame.locator(":focus").get_attribute("id") == "result"


def test_an_unanswered_question_is_asked_for_and_nothing_is_told(page, folder, address) -> None:
    frame = start(page, folder, address)

    answer(frame, "Right 1")

    assert not frame.locator("#result p").first.is_visible()
    assert told(page)["cmi.core.score.raw"] == ""
    assert frame.get_by_label("Right 1").is_checked()


def test_who_comes_back_after_a_pass_keeps_it(page, folder, address) -> None:
    frame = start(page, folder, address, kept='{"cmi.core.lesson_status": "passed", "cmi.core.score.raw": "100"}')

    answer(frame, "Wrong 1", "Wrong 2", "Wrong 3")

    assert (told(page)["cmi.core.score.raw"], told(page)["cmi.core.lesson_status"]) == ("100", "passed")


def test_a_platform_that_keeps_nothing_is_said(page, folder, address) -> None:
    frame = start(page, folder, address, is_full=True)

    answer(frame, "Right 1", "Right 2", "Right 3")

    assert frame.get_by_text("The learning platform did not keep this score.").is_visible()


@pytest.mark.parametrize("how", ["a server", "a file"])
def test_without_a_platform_the_quiz_is_marked_and_says_that_nothing_is_kept(page, folder, address, how) -> None:
    page.goto(f"{address}/index.html" if how == "a server" else (folder / "index.html").as_uri())

    answer(page, "Right 1", "Right 2", "Wrong 3")

    assert page.locator("#passed").inner_text() == "Passed. Your score: 67%"
    assert page.get_by_text("No learning platform was found").is_visible()

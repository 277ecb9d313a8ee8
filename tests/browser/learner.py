"""What a learner does in the browser, with scripts or without."""

import email
import email.policy
import re
import time
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from course.content.course import Course
from course.content.questions.base import Choices, Entry, Given, Question, Rows, option_key


def right(question: Question) -> Given:
    """Return a right answer, made from the key as a trainer wrote it."""
    data = question.dump()
    match question.type:
        case "single" | "multiple":
            return {"choice": [option_key(o["text"]) for o in data["options"] if o.get("correct")]}
        case "poll":
            return {"choice": [option_key(data["options"][0]["text"])]}
        case "blank":
            return {f"gap.{name}": [blank["accept"][0]] for name, blank in data["blanks"].items()}
        case "numeric":
            return {"number": [str(data["answer"])]}
        case "order":
            flat = [
                i
                for entry in data["items"]
                for i in (entry if isinstance(entry, list) else [entry])
            ]
            return {
                f"item.{option_key(item['text'])}": [str(place)]
                for place, item in enumerate(flat, 1)
            }
        case "match":
            return {
                f"pair.{option_key(p['left'])}": [option_key(p["right"])] for p in data["pairs"]
            }
    return {"text": ["Because our product and our conduct are ours, and others make the meaning."]}


def wrong(question: Question) -> Given:
    """Return a wrong answer to a question with one right option."""
    options = question.dump()["options"]
    return {"choice": [next(option_key(o["text"]) for o in options if not o.get("correct"))]}


class Learner:
    """Someone at a browser. *scripts* tells whether the browser runs them."""

    def __init__(self, page: Page, course: Course, outbox: Path, *, scripts: bool) -> None:
        self.page = page
        self.course = course
        self.outbox = outbox
        self.read: set[Path] = set()
        self.scripts = scripts

    def place(self, name: str) -> Locator:
        """Return a question on the page."""
        return self.page.locator(f"#q-{name}")

    def fill(self, name: str, given: Given) -> None:
        """Fill a question's form in; without scripts, orders are given by their selects."""
        place = self.place(name)
        question = self.course.asked[name][1]
        for control in question.form():
            if isinstance(control, Choices):
                for box in place.locator("input[type=checkbox]:checked").all():
                    box.uncheck()
                for key in given[control.name]:
                    place.locator(f"input[value='{key}']").check()
            elif isinstance(control, Entry):
                place.locator(f"[name='{control.name}']").fill(given[control.name][0])
            elif isinstance(control, Rows) and control.ranks and self.scripts:
                self.arrange(place, given)
            else:
                for row, values in given.items():
                    place.locator(f"select[name='{row}']").select_option(values[0])

    def arrange(self, place: Locator, given: Given) -> None:
        """Move the lines of an order question up until they stand as wanted."""
        wanted = sorted(given, key=lambda row: int(given[row][0]))
        for target, row in enumerate(wanted):
            for _ in range(len(wanted)):
                rows = place.locator(".row")
                names = [
                    rows.nth(n).locator("select").get_attribute("name") for n in range(rows.count())
                ]
                if names.index(row) == target:
                    break
                rows.nth(names.index(row)).get_by_role(
                    "button", name=re.compile("up", re.I)
                ).click()

    def be_at(self, address: str) -> None:
        """Go to a page unless it is open: without scripts, answering leads away from it."""
        if not self.page.url.partition("#")[0].endswith(address):
            self.page.goto(address)

    def answer(self, name: str, given: Given | None = None) -> None:
        """Fill a question in and send it; the page then shows the verdict."""
        self.fill(name, right(self.course.asked[name][1]) if given is None else given)
        self.place(name).locator("button[type=submit]").click()
        expect(self.place(name).locator(".question__verdict")).to_be_visible()
        if self.scripts:
            expect(self.place(name).get_by_role("status")).to_have_text("Saved.")

    def mail_to(self, address: str) -> str:
        """Return a mail to *address* that was not read before; it is sent soon after the page says so."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for path in sorted(self.outbox.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
                message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                if message["To"] == address and path not in self.read:
                    self.read.add(path)
                    return str(message.get_content())
            time.sleep(0.05)
        raise AssertionError(f"no mail to {address}")

    def link_in_mail_to(self, address: str) -> str:
        match = re.search(r"https?://\S+", self.mail_to(address))
        assert match is not None
        return match[0]


def follow(page: Page, button: Locator) -> None:
    """Press a button and wait for the page that it leads to: the next step might cut it off."""
    at = page.url
    button.click()
    page.wait_for_url(lambda url: url != at)

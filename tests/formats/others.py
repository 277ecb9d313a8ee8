"""Sets of questions that other programs ship or write, and what becomes of them when they are imported.

`python -m tests.formats.others` prints the table that stands in docs/formats.md.
"""

import binascii
import contextlib
import importlib.metadata
import io
import re
import sys
import tempfile
import types
from collections import Counter
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import cast

from course.formats.items import Item
from tests.formats.exchange import imported

ROOT = Path(__file__).parents[2]


def text2qti() -> Iterator[bytes]:
    """Yield packages that text2qti makes of the examples in its own description."""
    from text2qti.config import Config
    from text2qti.err import Text2qtiError
    from text2qti.qti import QTI
    from text2qti.quiz import Quiz

    described = cast(Message, importlib.metadata.metadata("text2qti")).get_payload()
    for example in re.findall(r"^```\n(.*?)^```", str(described), re.MULTILINE | re.DOTALL):
        with tempfile.TemporaryDirectory() as folder, contextlib.suppress(Text2qtiError):
            path = Path(folder, "made.zip")
            QTI(Quiz(example, config=Config(), source_name="example")).save(path)
            yield path.read_bytes()


QTI_PACKAGE_MAKER = {
    "MC": ("What is your <b>favourite</b> colour?", ["blue", "red", "yellow"], "blue"),
    "MA": ("Which are fruit?", ["orange", "banana", "lettuce"], ["orange", "banana"]),
    "MATCH": ("Match each to its kind.", ["orange", "celery"], ["fruit", "vegetable", "animal"]),
    "NUM": ("What is pi?", 3.14, 0.01, True),
    "FIB": ("The ___ is blue.", ["sky", "ocean"]),
    "MULTI_FIB": ("A [animal] has [legs] legs.", {"animal": ["dog", "cat"], "legs": ["4", "four"]}),
    "ORDER": ("Put these in order.", ["first", "second", "third"]),
}


def qti_package_maker(engine: str) -> Iterator[bytes]:
    """Yield the package that an engine of qti-package-maker writes of one item of each of its types."""
    # It labels items with a checksum from crcmod, which comes without wheels; the same one is in binascii.
    predefined = types.SimpleNamespace(Crc=_Crc)
    sys.modules.setdefault("crcmod", types.ModuleType("crcmod"))
    sys.modules.setdefault("crcmod.predefined", predefined)  # type: ignore[arg-type]
    sys.modules["crcmod"].predefined = predefined  # type: ignore[attr-defined]
    from qti_package_maker.package_interface import QTIPackageInterface

    maker = QTIPackageInterface("sample", allow_mixed=True)
    for kind, made in QTI_PACKAGE_MAKER.items():
        if (engine, kind) != ("canvas_qti_v1_2", "ORDER"):  # which this engine cannot write
            maker.add_item(kind, made)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        with contextlib.redirect_stdout(io.StringIO()):
            maker.save_package(engine, "made.zip")
        yield Path("made.zip").read_bytes()


class _Crc:
    def __init__(self, _: str) -> None:
        self.crcValue = 0

    def update(self, content: bytes) -> None:
        self.crcValue = binascii.crc_hqx(content, self.crcValue)

    def hexdigest(self) -> str:
        return f"{self.crcValue:04X}"


def gift_pegjs() -> Iterator[bytes]:
    """Yield the questions in GIFT that the description of gift-pegjs shows."""
    described = (ROOT / "node_modules/gift-pegjs/README.md").read_text(encoding="utf-8")
    for ticks, quotes in set(
        re.findall(r"uestion = (?:`(.*?)`|\"(.*?)\"\n)", described, re.DOTALL)
    ):
        yield (ticks or quotes).encode()


MOODLE_TOOLS = """
type: multiple_choice
title: One of several
question: What is **right**?
answers:
  - {answer: This, points: 100, feedback: So it is.}
  - {answer: Half of it, points: 50}
  - {answer: That, points: 0, feedback: No.}
---
type: multiple_choice
title: In short
category: Shapes
question: 'Which is on the picture? ![a square](square.png)'
answers: [The first, The second, The third]
---
type: true_false
title: True or false
question: The sun rises in the east.
correct_answer: true
---
type: numerical
title: A number
question: What is $\\pi$?
answers:
  - {answer: 3.14, tolerance: 0.01, points: 100, feedback: Quite so.}
  - {answer: 3, tolerance: 0.05, points: 0, feedback: That is rough.}
---
type: shortanswer
title: A word
question: 'A query starts with [[_____]].'
answer_case_sensitive: true
answers:
  - {answer: SELECT, points: 100}
  - {answer: WITH, points: 50, feedback: Only at times.}
---
type: matching
title: Pairs
question: What belongs to what?
options:
  - {question: SELECT, answer: DQL}
  - {question: ALTER, answer: DDL}
  - {answer: DCL}
---
type: ordering
title: An order
question: Put these in order.
grading_type: absolute_position
answers: [SELECT, FROM, WHERE]
---
type: essay
title: An essay
question: Write about it.
response_format: editor
grader_info: It names two reasons.
---
type: missing_words
title: Words to choose
question: 'First [[1]], then [[2]].'
options:
  - {answer: SELECT, group: 1}
  - {answer: FROM, group: 1}
  - {answer: WHERE, group: 1}
---
type: cloze
title: Fields in a text
question: 'Water freezes at {1:NUMERICAL:=0:0} degrees and is {1:SHORTANSWER:=wet~%50%damp#Nearly.}.'
---
type: multiple_true_false
title: Each true or false
question: Which are true?
answers:
  - {answer: One is one, choice: true}
  - {answer: One is two, choice: false}
---
type: description
title: A text
question: Read this first.
"""


def moodle_tools() -> Iterator[bytes]:
    """Yield the Moodle XML that moodle-tools writes of one question of each of its simple types."""
    from loguru import logger
    from moodle_tools.make_questions import generate_moodle_questions

    logger.remove()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "made.yaml")
        path.write_text(MOODLE_TOOLS, encoding="utf-8")
        Path(folder, "square.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        yield generate_moodle_questions(paths=iter([path]), skip_validation=True).encode()


SETS = {
    "text2qti: its examples, as QTI 1.2": text2qti,
    "qti-package-maker: QTI 1.2 for Canvas": lambda: qti_package_maker("canvas_qti_v1_2"),
    "qti-package-maker: QTI 2.1 for Blackboard": lambda: qti_package_maker("blackboard_qti_v2_1"),
    "gift-pegjs: its examples, in GIFT": gift_pegjs,
    "moodle-tools: one of each type, as Moodle XML": moodle_tools,
}


def items_of(name: str) -> list[Item]:
    return [item for content in SETS[name]() for item in imported(content)]


def table() -> str:
    """Return the table of all sets."""
    rows = [
        "| Set | Items | Whole | In part | Refused | Why |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in SETS:
        items = items_of(name)
        counts = Counter(item.status for item in items)
        told = [f"refused: {item.refused}" for item in items if item.refused]
        told += [note for item in items if not item.refused for note in item.lost]
        why = "; ".join(sorted(set(told))).replace("|", "\\|")
        numbers = " | ".join(str(counts[status]) for status in ("whole", "part", "refused"))
        rows.append(f"| {name} | {len(items)} | {numbers} | {why} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())

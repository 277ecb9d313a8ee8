"""A course in git that people take while its trainer changes it: 200 learners, and the trainer's edits."""

import random
import shutil
import subprocess
import uuid
from pathlib import Path

import pytest

from course.content import reading
from course.content.course import Course
from course.content.questions.base import Given, option_key
from course.record.answering import recording
from course.record.answering.tables import Submission
from course.record.people.tables import Learner
from course.record.revisions.registration import CourseSnapshot
from course.record.store.database import Database

COURSE = Path(__file__).parent / "courses" / "living"


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(
        [
            "git",
            "-C",
            str(root),
            "-c",
            "user.name=Ada",
            "-c",
            "user.email=ada@example.org",
            *arguments,
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def opened(root: Path) -> Course:
    return reading.open_course(root)


def start(folder: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Path:
    """Put the course under git in *folder*, its trainer is Ada, and the settings name its record."""
    root = under_git(folder)
    use(root, monkeypatch, database_url)
    return root


def under_git(folder: Path) -> Path:
    """Put the course under git in *folder*."""
    root = Path(shutil.copytree(COURSE, folder))
    (root / "gitignore").rename(root / ".gitignore")
    git(root, "init", "-q", "-b", "main")
    commit(root, "The course")
    return root


def use(root: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    """Let the settings name the course and its record, and git its trainer, Ada."""
    monkeypatch.setenv("COURSE_DATABASE_URL", database_url)
    monkeypatch.setenv("COURSE_PUBLISHED_FILE", str(root / "build/course.json"))
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.org")


def commit(root: Path, message: str) -> str:
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)
    return git(root, "rev-parse", "HEAD")


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{name} holds {text.count(old)} times: {old}"
    path.write_text(text.replace(old, new), "utf-8")


def choice(*texts: str) -> Given:
    return {"choice": [option_key(text) for text in texts]}


def answer_of(chance: random.Random, question: str) -> Given:
    """Return what somebody might answer; each question has its own favourite mistakes."""
    pick = chance.random()
    match question:
        case "capital":
            return choice("Sydney" if pick < 0.5 else "Canberra" if pick < 0.9 else "Melbourne")
        case "even":
            chosen = [text for text in ("2", "4", "zero", "5") if chance.random() < 0.6]
            return choice(*chosen)
        case "comma":
            return choice("An umbrella" if pick < 0.8 else "A spoon")
        case "wander":
            return {"number": ["7" if pick < 0.7 else "5"]}
        case "colour":
            return {"gap.colour": ["blue" if pick < 0.7 else "grey"]}
        case "sorted":
            places = chance.sample(["1", "2", "3"], 3) if pick < 0.5 else ["1", "2", "3"]
            keys = [f"item.{option_key(text)}" for text in ("ant", "cat", "cow")]
            return {key: [place] for key, place in zip(keys, places, strict=True)}
        case "sum":
            return choice("Two" if pick < 0.9 else "Three")
        case "why":
            return {"text": [f"Because of {pick:.3f}."]}
        case _:
            return choice("Yes" if pick < 0.6 else "No")


def take(
    database: Database, published: CourseSnapshot, many: int = 200, seed: int = 7
) -> list[int]:
    """Let *many* learners answer: some everything, some little, some twice; return who they are."""
    chance = random.Random(seed)
    people = []
    for _ in range(many):
        with database.write() as session:
            learner = Learner()
            session.add(learner)
            session.flush()
            people.append(learner.id)
            for name in published.course.asked:
                for _ in range(chance.choice([0, 1, 1, 1, 2])):
                    sent = Submission(
                        id=uuid.UUID(int=chance.getrandbits(128)),
                        question=name,
                        revision=published.revisions[name],
                        given=answer_of(chance, name),
                    )
                    recording.record(session, published, learner.id, sent)
    return people


def trainer_edits(root: Path) -> None:
    """Correct a wrong key, remove an option, fix a comma, move a question, rename and delete a lesson."""
    first = "quizzes/one/first.yml"
    edit(root, first, "{text: Sydney, correct: true,", "{text: Sydney,")
    edit(root, first, "{text: Canberra,", "{text: Canberra, correct: true,")
    edit(root, first, "      - {text: zero, correct: true}\n", "")
    edit(root, first, "If it rains what", "If it rains, what")
    moved = (
        "  - id: wander\n    type: numeric\n    objective: know\n"
        "    prompt: How many days has a week?\n    answer: 7\n    explanation: Seven.\n"
    )
    edit(root, first, moved, "")
    with (root / "quizzes/one/second.yml").open("a") as file:
        file.write(moved)
    git(root, "mv", "lessons/two/old-name.md", "lessons/two/new-name.md")
    git(root, "mv", "quizzes/two/old-name.yml", "quizzes/two/new-name.yml")
    edit(root, "mkdocs.yml", "two/old-name.md", "two/new-name.md")
    git(root, "rm", "-q", "lessons/two/gone.md", "quizzes/two/gone.yml")
    edit(root, "mkdocs.yml", "      - two/gone.md\n", "")

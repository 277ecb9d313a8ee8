"""Each table that holds something of a learner declares how it is merged, exported and erased."""

import pytest
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from course.record.store import ownership
from course.record.store.ownership import ADDRESS_LENGTH, CASCADE, Call, Ownership, Section, Skipped
from course.record.tables import Base

DECLARED = {table.__tablename__: owned for table, owned in ownership.declared(Base)}
OWNED = Ownership(merge=Skipped("a test"), export=Skipped("a test"), erase=CASCADE)


def test_no_table_of_a_learner_lacks_a_declaration() -> None:
    assert ownership.undeclared(Base) == set()


def test_a_table_that_lacks_one_is_found() -> None:
    class Made(orm.DeclarativeBase):
        pass

    class Learner(Made):
        __tablename__ = "learner"
        ownership = OWNED
        id: Mapped[int] = mapped_column(primary_key=True)

    class Note(Made):
        __tablename__ = "note"
        id: Mapped[int] = mapped_column(primary_key=True)
        writer: Mapped[int] = mapped_column(sa.ForeignKey(Learner.id))

    class Reply(Made):
        __tablename__ = "reply"
        id: Mapped[int] = mapped_column(primary_key=True)
        note: Mapped[int] = mapped_column(sa.ForeignKey(Note.id))

    class Vote(Made):
        __tablename__ = "vote"
        learner_id: Mapped[int] = mapped_column(primary_key=True)

    class Invitation(Made):
        __tablename__ = "invitation"
        sent_to: Mapped[str] = mapped_column(sa.String(ADDRESS_LENGTH), primary_key=True)

    class Declared(Made):
        __tablename__ = "declared"
        ownership = OWNED
        id: Mapped[int] = mapped_column(sa.ForeignKey(Learner.id), primary_key=True)

    class Plain(Made):
        __tablename__ = "plain"
        id: Mapped[int] = mapped_column(primary_key=True)

    assert ownership.undeclared(Made) == {"note", "reply", "vote", "invitation"}


def test_every_function_that_is_named_is_there() -> None:
    rules = [
        rule
        for owned in DECLARED.values()
        for rule in (owned.merge, owned.erase, getattr(owned.export, "rule", None))
    ]

    assert all(callable(rule.resolve()) for rule in rules if isinstance(rule, Call))


def test_a_function_that_is_not_there_is_an_error() -> None:
    with pytest.raises(AttributeError, match="no_such"):
        Call("course.record.people.learners:no_such").resolve()


def test_no_two_tables_export_the_same_section() -> None:
    sections = [o.export.name for o in DECLARED.values() if isinstance(o.export, Section)]

    assert sorted(sections) == [
        "account", "answers", "granted_completions", "seed", "sign_ins", "visits",
    ]  # fmt: skip


@pytest.mark.parametrize("name", [n for n, o in DECLARED.items() if o.erase is CASCADE])
def test_what_is_erased_by_the_database_goes_with_the_learner(name: str) -> None:
    keys = Base.metadata.tables[name].foreign_key_constraints

    assert name == "learner" or any(
        key.ondelete == "CASCADE" and key.referred_table.name in DECLARED for key in keys
    )

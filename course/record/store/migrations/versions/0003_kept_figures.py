"""Figures of lessons as they were counted last; addresses in the order of their bytes."""

import sqlalchemy as sa
from alembic import op

from course.record.store.base import Json, Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "lesson_figures",
        sa.Column("lesson", sa.String(length=120), nullable=False),
        sa.Column("counted_at", Moment, nullable=False),
        sa.Column("took", sa.Double(), nullable=False),
        sa.Column("revisions", Json, nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.Column("look_at", Json, nullable=False),
        sa.Column("figures", Json, nullable=False),
        sa.PrimaryKeyConstraint("lesson", name=op.f("pk_lesson_figures")),
    )
    # SQLite compares bytes anyway. Elsewhere the order of a language would make an index useless for
    # finding what begins alike.
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text('ALTER TABLE account ALTER COLUMN mail TYPE varchar(254) COLLATE "C"'))

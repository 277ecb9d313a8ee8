"""Publications, decisions and the marks they give; what of a question differs between learners."""

import sqlalchemy as sa
from alembic import op

from course.record.store.base import BigId, Json, JsonOrNone, Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # Not in batch mode, which recreates the table on SQLite: dropping the old one would take every row
    # that refers to it along.
    op.add_column(
        "learner", sa.Column("seed", sa.String(length=16), nullable=False, server_default="")
    )
    op.execute(sa.text("UPDATE learner SET seed = CAST(id AS VARCHAR(16))"))
    op.add_column("answer", sa.Column("shown", JsonOrNone, nullable=True))
    op.add_column("answer", sa.Column("seconds", sa.Double(), nullable=True))

    op.create_table(
        "publication",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("published_at", Moment, nullable=False),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.Column("commit", sa.String(length=64), nullable=False),
        sa.Column("report", Json, nullable=False),
        sa.Column("undone_at", Moment, nullable=True),
        sa.Column("undone_by", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_publication")),
    )
    op.create_table(
        "decision",
        sa.Column("id", BigId, nullable=False),
        sa.Column("publication", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=120), nullable=False),
        sa.Column("old", sa.String(length=16), nullable=False),
        sa.Column("new", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication"],
            ["publication.number"],
            name=op.f("fk_decision_publication_publication"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "publication", "question", "old", name=op.f("uq_decision_publication_question_old")
        ),
    )
    op.create_table(
        "mark",
        sa.Column("learner_id", BigId, autoincrement=False, nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", BigId, autoincrement=False, nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("out_of", sa.Double(), nullable=True),
        sa.Column("marked_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_mark_decision_id_decision")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "client_id"],
            ["answer.learner_id", "answer.client_id"],
            name=op.f("fk_mark_learner_id_client_id_answer"),
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "client_id", "decision_id", name=op.f("pk_mark")),
    )
    op.create_index("ix_mark_decision_id", "mark", ["decision_id"])

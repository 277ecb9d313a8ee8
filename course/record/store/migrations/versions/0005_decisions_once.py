"""Entries that were applied, decisions that were closed, and granted completions."""

import sqlalchemy as sa
from alembic import op

from course.record.store.base import JsonOrNone, Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("publication", sa.Column("entries", JsonOrNone, nullable=True))
    op.add_column("decision", sa.Column("closed_at", Moment, nullable=True))
    op.create_table(
        "granted_completion",
        sa.Column(
            "learner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("lesson", sa.String(length=120), nullable=False),
        sa.Column("completed_at", Moment, nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("granted_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name=op.f("fk_granted_completion_learner_id_learner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "lesson", name=op.f("pk_granted_completion")),
    )
    _close_decisions()


def _close_decisions() -> None:
    """Close decisions whose old revision a later decision names as the new one."""
    decision = sa.table(
        "decision",
        sa.column("id", sa.BigInteger),
        sa.column("publication", sa.Integer),
        sa.column("question", sa.String),
        sa.column("old", sa.String),
        sa.column("new", sa.String),
        sa.column("closed_at", Moment),
    )
    publication = sa.table(
        "publication", sa.column("number", sa.Integer), sa.column("published_at", Moment)
    )
    later = decision.alias("later")
    connection = op.get_bind()
    returned = connection.execute(
        sa.select(decision.c.id, sa.func.min(later.c.publication))
        .join(
            later,
            (later.c.question == decision.c.question)
            & (later.c.new == decision.c.old)
            & (later.c.publication > decision.c.publication),
        )
        .group_by(decision.c.id)
    ).all()
    for decision_id, number in returned:
        at = connection.scalar(
            sa.select(publication.c.published_at).where(publication.c.number == number)
        )
        connection.execute(
            sa.update(decision).where(decision.c.id == decision_id).values(closed_at=at)
        )

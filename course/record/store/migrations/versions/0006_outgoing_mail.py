"""The queue of outgoing mail, and limits that all processes count together."""

import sqlalchemy as sa
from alembic import op

from course.record.store.base import BigId, Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "outgoing_mail",
        sa.Column("id", BigId, nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("mail_token_id", BigId, nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", Moment, nullable=False),
        sa.Column("claimed_until", Moment, nullable=True),
        sa.Column("sent_at", Moment, nullable=True),
        sa.Column("failed_at", Moment, nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["mail_token_id"],
            ["mail_token.id"],
            name=op.f("fk_outgoing_mail_mail_token_id_mail_token"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
    )
    for columns in (
        ["recipient", "created_at"],
        ["network", "created_at"],
        ["next_attempt_at"],
        ["mail_token_id"],
    ):
        name = op.f(f"ix_outgoing_mail_{'_'.join(columns)}")
        op.create_index(name, "outgoing_mail", columns)
    op.create_table(
        "rate_limit",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rate_limit")),
    )
    op.create_index(op.f("ix_rate_limit_ends_at"), "rate_limit", ["ends_at"])

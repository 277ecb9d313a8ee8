"""The record: learners, question revisions, attempts, answers, visits."""

import sqlalchemy as sa
from alembic import op

from course.record.store.base import BigId, Json, Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "learner",
        sa.Column("id", BigId, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("merged_into", BigId, nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["learner.id"],
            name=op.f("fk_learner_merged_into_learner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learner")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_learner_merged_into", "learner", ["merged_into"])

    op.create_table(
        "lesson_revision",
        sa.Column("id", BigId, nullable=False),
        sa.Column("lesson", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", Json, nullable=False),
        sa.Column("published_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_revision")),
        sa.UniqueConstraint("lesson", "number", name=op.f("uq_lesson_revision_lesson_number")),
    )
    op.create_table(
        "outline",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lessons", Json, nullable=False),
        sa.Column("published_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_outline")),
    )
    op.create_table(
        "question_revision",
        sa.Column("id", BigId, nullable=False),
        sa.Column("question", sa.String(length=120), nullable=False),
        sa.Column("revision", sa.String(length=16), nullable=False),
        sa.Column("wording", sa.String(length=16), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("published_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_revision")),
        sa.UniqueConstraint(
            "question",
            "revision",
            "wording",
            name=op.f("uq_question_revision_question_revision_wording"),
        ),
    )
    op.create_table(
        "account",
        sa.Column("learner_id", BigId, autoincrement=False, nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name=op.f("fk_account_learner_id_learner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", name=op.f("pk_account")),
        sa.UniqueConstraint("mail", name=op.f("uq_account_mail")),
    )
    op.create_table(
        "attempt",
        sa.Column("learner_id", BigId, autoincrement=False, nullable=False),
        sa.Column("lesson", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name=op.f("fk_attempt_learner_id_learner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "lesson", "number", name=op.f("pk_attempt")),
    )
    op.create_table(
        "lesson_visit",
        sa.Column("learner_id", BigId, autoincrement=False, nullable=False),
        sa.Column("lesson", sa.String(length=120), nullable=False),
        sa.Column("first_at", Moment, nullable=False),
        sa.Column("last_at", Moment, nullable=False),
        sa.Column("read_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name=op.f("fk_lesson_visit_learner_id_learner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "lesson", name=op.f("pk_lesson_visit")),
    )
    op.create_table(
        "mail_token",
        sa.Column("id", BigId, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("learner_id", BigId, nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("used_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name=op.f("fk_mail_token_learner_id_learner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mail_token_token_hash")),
    )
    op.create_index("ix_mail_token_learner_id", "mail_token", ["learner_id"])
    op.create_index("ix_mail_token_mail", "mail_token", ["mail"])

    op.create_table(
        "sign_in",
        sa.Column("id", BigId, nullable=False),
        sa.Column("learner_id", BigId, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("last_seen_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name=op.f("fk_sign_in_learner_id_learner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index("ix_sign_in_learner_id", "sign_in", ["learner_id"])

    op.create_table(
        "answer",
        sa.Column("learner_id", BigId, autoincrement=False, nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("lesson", sa.String(length=120), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=120), nullable=False),
        sa.Column("question_revision_id", BigId, nullable=False),
        sa.Column("given", Json, nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("out_of", sa.Double(), nullable=False),
        sa.Column("given_at", Moment, nullable=True),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id", "lesson", "attempt"],
            ["attempt.learner_id", "attempt.lesson", "attempt.number"],
            name=op.f("fk_answer_learner_id_lesson_attempt_attempt"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name=op.f("fk_answer_learner_id_learner"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_revision_id"],
            ["question_revision.id"],
            name=op.f("fk_answer_question_revision_id_question_revision"),
        ),
        sa.PrimaryKeyConstraint("learner_id", "client_id", name=op.f("pk_answer")),
        sa.UniqueConstraint(
            "learner_id", "question", "attempt", name=op.f("uq_answer_learner_id_question_attempt")
        ),
    )
    op.create_index("ix_answer_question_recorded_at", "answer", ["question", "recorded_at"])
    op.create_index("ix_answer_question_revision_id", "answer", ["question_revision_id"])


def downgrade() -> None:
    tables = (
        "answer", "sign_in", "mail_token", "lesson_visit", "attempt", "account",
        "question_revision", "outline", "lesson_revision", "learner",
    )  # fmt: skip
    for table in tables:
        op.drop_table(table)

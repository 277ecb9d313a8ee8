"""By which marking rules an answer was marked, and whether it is beyond the attempts allowed.

Both columns come with a constant default, so neither database rewrites the rows of a large table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column(
        "answer", sa.Column("marking", sa.SmallInteger(), nullable=False, server_default="1")
    )
    op.add_column(
        "answer", sa.Column("practice", sa.Boolean(), nullable=False, server_default=sa.false())
    )

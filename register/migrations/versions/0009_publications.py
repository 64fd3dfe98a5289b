"""Publications: when the public register changed, and what of it; never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("published_at", sa.String(40), nullable=False),
        sa.Column("programmes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "published",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("publication", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("was", sa.String(20), nullable=False),
        sa.Column("public_list", sa.String(20), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("trade_name", sa.String(300), nullable=False),
        sa.Column("active_substance", sa.String(300), nullable=False),
        sa.Column("indications", sa.JSON(), nullable=False),
        sa.Column("summaries", sa.JSON(), nullable=False),
        sa.Column("last_update_on", sa.Date(), nullable=False),
        sa.Column("past", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", "publication"),
    )
    op.create_index("ix_published_publication", "published", ["publication"])
    said = "a publication is never changed: a newer one follows it"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"""CREATE FUNCTION publication_stands() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{said}'; END $$"""
        )
        for table in ("publication", "published"):
            op.execute(
                f"""CREATE TRIGGER {table}_stands BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION publication_stands()"""
            )
            op.execute(
                f"""CREATE TRIGGER {table}_is_kept BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION publication_stands()"""
            )
        return
    for table in ("publication", "published"):
        for name, event in (("stands", "UPDATE"), ("is_kept", "DELETE")):
            op.execute(
                f"""CREATE TRIGGER {table}_{name} BEFORE {event} ON {table}
                BEGIN SELECT RAISE(ABORT, '{said}'); END"""
            )

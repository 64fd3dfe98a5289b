"""Runs the migrations on the connection that `register.database` opened, in its transaction."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import models.register  # noqa: F401  (declares the tables)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    compare_type=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

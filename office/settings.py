"""Everything that an installation can set, read once from `UMN_*` variables.

Temporal's own connection is not here: profiles and `TEMPORAL_*` variables are read as every
Temporal tool reads them.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One frozen object; every field is described in docs/operators.md, and a test checks that."""

    model_config = SettingsConfigDict(env_prefix="UMN_", frozen=True, extra="ignore")

    var: Path = Path("var")
    """The folder that holds all data: server, register, documents, outbox, logs."""

    database_url: str = ""
    """The register's database; empty means SQLite in the data folder. PostgreSQL: postgresql://…"""

    database_password_file: Path | None = None
    """A file that holds the database password, for containers that receive secrets as files."""

    task_queue: str = "umn"
    """The Temporal task queue that acts are sent to and workers listen on."""

    temporal_port: int = 7233
    ui_port: int = 8233
    """Ports of the embedded server and its UI; the next free ones when they are taken."""

    smtp_host: str = ""
    """The mail server; empty means that notices are written as .eml files into the outbox."""

    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_password_file: Path | None = None
    smtp_tls: bool = False
    """TLS from the first byte; STARTTLS is used by itself whenever the server offers it."""

    mail_from: str = "umn@agency.invalid"
    desk_address: str = "umn-desk@agency.invalid"
    ethics_committee_address: str = "ethics-committee@agency.invalid"
    commission_address: str = "commission@agency.invalid"
    """Sender and internal addresses. The defaults cannot be delivered to, on purpose."""

    agency_name: str = "Federal Agency for Medicines and Health Products (demonstration)"
    """The name in the letterhead."""

    @cached_property
    def register_url(self) -> str:
        """The database address with its password in place; SQLite when nothing is set."""
        if not self.database_url:
            return f"sqlite:///{(self.var / 'register.db').resolve()}"
        if self.database_password_file is None:
            return self.database_url
        from urllib.parse import quote

        password = quote(self.database_password_file.read_text().strip(), safe="")
        scheme, rest = self.database_url.split("://", 1)
        user, host = rest.split("@", 1)
        return f"{scheme}://{user.split(':')[0]}:{password}@{host}"

    @property
    def documents(self) -> Path:
        """Where documents are kept by content."""
        return self.var / "documents"

    @property
    def outbox(self) -> Path:
        """Where notices are written when no mail server is set."""
        return self.var / "outbox"

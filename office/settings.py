"""Everything that an installation can set, read once from `UMN_*` variables.

Temporal's own connection is not here: profiles and `TEMPORAL_*` variables are read as every
Temporal tool reads them. Plain Python on purpose: lists must answer at once from a cold start, and a
settings library would cost half of that time.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from models.errors import InputRefused

PREFIX = "UMN_"


@dataclass(frozen=True)
class Settings:
    """One frozen object; every field is described in docs/operators.md, and a test checks that."""

    var: Path = Path("var")
    """The folder that holds all data: server, register, documents, outbox, logs."""

    database_url: str = field(default="", repr=False)
    """The register's database; empty means SQLite in the data folder. PostgreSQL: postgresql://…"""

    database_password_file: Path | None = None
    """A file that holds the database password, for containers that receive secrets as files."""

    task_queue: str = "umn"
    """The Temporal task queue that acts are sent to and workers listen on."""

    temporal_binary: Path | None = None
    """The embedded server's programme, when it is not the one installed with us."""

    temporal_port: int = 7233
    ui_port: int = 8233
    """Ports of the embedded server and its UI; the next free ones when they are taken."""

    smtp_host: str = ""
    """The mail server; empty means that notices are written as .eml files into the outbox."""

    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_password_file: Path | None = None
    smtp_tls: bool = False
    smtp_starttls: bool = False
    smtp_ca_file: Path | None = None
    """TLS from the first byte; or nothing without STARTTLS, which is used by itself whenever it is offered.
    The certificate is always checked: by the authorities that the system knows, or by those in the file."""

    mail_from: str = "umn@agency.invalid"
    desk_address: str = "umn-desk@agency.invalid"
    ethics_committee_address: str = "ethics-committee@agency.invalid"
    commission_address: str = "commission@agency.invalid"
    physicians_address: str = ""
    """Sender and internal addresses, several with commas between. The defaults cannot be delivered to, on
    purpose."""

    agency_name: str = (
        "nl: Federaal Agentschap voor Geneesmiddelen en Gezondheidsproducten (demonstratie) ;; "
        "fr: Agence fédérale des médicaments et des produits de santé (démonstration) ;; "
        "en: Federal Agency for Medicines and Health Products (demonstration) ;; "
        "de: Föderalagentur für Arzneimittel und Gesundheitsprodukte (Demonstration)"
    )
    """The name in the letterhead and on the public register: one for all, or one for each language."""

    office_language: str = "nl"
    """Language (nl, fr, en) of letters to committees and desk when the applicant's is unknown or German."""

    agency_account: str = ""
    """The account (IBAN) that contributions are paid to, as invoices name it; none is shipped."""

    agency_enterprise_number: str = ""
    agency_address: str = ""
    """Number and address (lines with ; between them) of the agency, for letters; none is shipped. The address
    as the name: one for all, or one for each language."""

    invoice_ubl: bool = False
    """Attaches the invoice as UBL (Peppol BIS Billing 3) to its PDF; asks for account and number."""

    law_file: Path | None = None
    """The agency's own file of law, laid over what this release ships; none means in the data folder."""

    package_most_files: int = 1_000
    package_most_bytes: int = 200_000_000
    package_ratio: int = 100
    package_depth: int = 8
    """Limits of an e-submission: files and folders, bytes unpacked, growth on unpacking, parts of a name."""

    publish_to: Path | None = None
    """The folder that the public register is published to, each night and when a list changes."""

    public_url: str = ""
    """Where a web server shows the public register; empty: nothing is said of it, and links are relative."""

    profile: Literal["demo", "production"] = "demo"
    """In production no dossier is opened on a value that no person has compared with the text. Once `umn up`
    was typed so, the data folder stays one of production for every shell."""

    def __post_init__(self) -> None:
        for name in ("agency_name", "agency_address"):
            if ";;" in (written := getattr(self, name)):
                said = {part.partition(":")[0].strip() for part in written.split(";;") if ":" in part}
                if missing := [language for language in ("nl", "fr", "en", "de") if language not in said]:
                    raise InputRefused(
                        f"{PREFIX}{name.upper()} says nothing in {', '.join(missing)}; write one for all, or "
                        "nl: … ;; fr: … ;; en: … ;; de: …"
                    )
        if self.profile not in ("demo", "production"):
            raise InputRefused(f"{PREFIX}PROFILE is {self.profile!r}; it must be demo or production.")
        if self.office_language not in ("nl", "fr", "en"):
            raise InputRefused(
                f"{PREFIX}OFFICE_LANGUAGE is {self.office_language!r}; committees and desk are written to in "
                "nl, fr or en."
            )

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ, **made: Any) -> Settings:
        """The settings of this environment; `made` comes before it.

        Raises: InputRefused naming the variable that cannot be read.
        """
        for known in fields(cls):
            written = environment.get(PREFIX + known.name.upper())
            if known.name in made or written is None or (not written and known.type != "str"):
                continue  # an empty variable is how a script unsets one
            made[known.name] = _understood(known.name, str(known.type), written)
        found = cls(**made)
        if found.profile == "production" or not found.production_mark.exists():
            return found
        if "profile" in made:
            raise InputRefused(
                f"{PREFIX}PROFILE is demo, and {found.var} is a data folder of production. Use another "
                f"folder ({PREFIX}VAR) for a demonstration."
            )
        return cls(**made, profile="production")

    @property
    def made(self) -> dict[str, str]:
        """Every setting that differs from its default, as a variable for another process."""
        return {
            PREFIX + known.name.upper(): str(getattr(self, known.name))
            for known in fields(self)
            if getattr(self, known.name) != known.default
        }

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
    def production_mark(self) -> Path:
        """What makes the data folder one of production, whatever a shell forgot to say."""
        return self.var / "production"

    @property
    def law(self) -> Path:
        """Where the agency's own file of law is, or will be."""
        return self.law_file or self.var / "law.toml"

    @property
    def outbox(self) -> Path:
        """Where notices are written when no mail server is set."""
        return self.var / "outbox"


def _understood(name: str, kind: str, written: str) -> Any:
    variable = PREFIX + name.upper()
    if kind == "int":
        if not written.isdecimal():
            raise InputRefused(f"{variable} is {written!r}; it must be a whole number.")
        return int(written)
    if kind == "bool":
        if written.lower() not in ("1", "0", "true", "false", "yes", "no"):
            raise InputRefused(f"{variable} is {written!r}; it must be true or false.")
        return written.lower() in ("1", "true", "yes")
    if kind.startswith("Path"):
        return Path(written)
    return written

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
from models.messages import ENGLISH, LANGUAGES

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

    ui: bool = True
    """Whether the embedded server has its UI, which answers a browser whatever name it is called by."""

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
    """Sender of all notices, to whom what cannot be delivered comes back."""

    offices_file: Path | None = None
    """Who the authority of each procedure is, and where its desk and bodies are written to; none means
    `offices.toml` in the data folder."""

    signatures: Path | None = None
    """The folder with the keys of those who decide, by which their letters are signed."""

    invoice_ubl: bool = False
    """Attaches the invoice as UBL (Peppol BIS Billing 3) to its PDF; asks for account and number."""

    procedures: Path | None = None
    """A place with folders of procedures beside those that are shipped."""

    law_file: Path | None = None
    """The agency's own file of law, laid over what this release ships; none means in the data folder."""

    package_most_files: int = 1_000
    package_most_bytes: int = 200_000_000
    package_ratio: int = 100
    package_depth: int = 8
    """Limits of an e-submission: files and folders, bytes unpacked, growth on unpacking, parts of a name."""

    metrics_worker: str = ""
    metrics_postman: str = ""
    """Where worker and postman show what they measure of themselves, as `127.0.0.1:9464`; empty: nowhere."""

    publish_to: Path | None = None
    """The folder that public registers are published to, by name, each night and when a list changes."""

    anchors: Path | None = None
    """A folder on another system that heads of the register are written to: what is rewritten here shows."""

    timestamps: str = ""
    """The address of an authority of time stamps (RFC 3161): it says when a head of that folder stood."""

    timestamp_roots: Path | None = None
    """The certificates (PEM) that its stamps are verified by; without them nobody looks whose they are."""

    public_url: str = ""
    """Where a web server shows that folder; empty: nothing is said of it, and links are relative."""

    key: Path | None = None
    """The key that you sign with (OpenSSH, Ed25519), or the public half of one that your agent holds; none
    means `umn/key` where your other programmes keep their settings, then any key that your agent holds."""

    certificate_minutes: int = 10
    """For how many minutes the office's word holds that a person may do an act; it is sent for one."""

    preparation_days: int = 30
    """For how many days what one person prepared can be signed by another one; then it is prepared anew."""

    tables: Literal["fit", "wide", "plain"] = "fit"
    """Whether tables fit the screen, are as wide as they are, or are read out, each word with what it is."""

    lang: str = ""
    """The language of what people read at the command line: en, nl, fr or de; empty: that of the locale."""

    pager: str = ""
    """What long lists page by at a terminal; empty means PAGER, else `less -FRX`, and `cat` nothing."""

    profile: Literal["demo", "production"] = "demo"
    """In production no dossier is opened on a value that no person has compared with the text. Once `umn up`
    was typed so, the data folder stays one of production for every shell."""

    def __post_init__(self) -> None:
        if self.profile not in ("demo", "production"):
            raise InputRefused("setting.profile", prefix=PREFIX, profile=self.profile)
        if self.tables not in ("fit", "wide", "plain"):
            raise InputRefused("setting.tables", prefix=PREFIX, tables=self.tables)
        if self.lang not in ("", *LANGUAGES):
            raise InputRefused("setting.lang", prefix=PREFIX, lang=self.lang, known=LANGUAGES)

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
            raise InputRefused("setting.production-folder", prefix=PREFIX, folder=found.var)
        return cls(**made, profile="production")

    @property
    def made(self) -> dict[str, str]:
        """Every setting that differs from its default, as a variable for another process."""
        return {
            PREFIX + known.name.upper(): str(getattr(self, known.name))
            for known in fields(self)
            if getattr(self, known.name) != known.default
        }

    def take_procedures_in(self) -> None:
        """Has the registry look where folders of procedures stand besides, before anything asks it.

        Without such a place nothing is loaded: a list answers at once. Raises: InputRefused.
        """
        if self.procedures:
            from procedures.registry import check, look_also_in

            look_also_in(self.procedures)
            check()

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
    def language(self) -> str:
        """The language of whoever reads: as it is set, else as the locale tells, else English."""
        locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
        of_locale = locale.partition("_")[0].partition(".")[0].partition("@")[0]
        return self.lang or (of_locale if of_locale in LANGUAGES else ENGLISH)

    @property
    def letters_queue(self) -> str:
        """The task queue that the postman listens on."""
        return f"{self.task_queue}-letters"

    @property
    def documents(self) -> Path:
        """Where documents are kept by content."""
        return self.var / "documents"

    @property
    def keys(self) -> Path:
        """The folder of the private keys of this office; no backup takes it along."""
        return self.var / "keys"

    @property
    def own_key(self) -> Path:
        """Where the key of whoever acts is: never in the data folder, which is the office's."""
        own = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        return self.key or Path(own) / "umn" / "key"

    @property
    def production_mark(self) -> Path:
        """What makes the data folder one of production, whatever a shell forgot to say."""
        return self.var / "production"

    @property
    def law(self) -> Path:
        """Where the agency's own file of law is, or will be."""
        return self.law_file or self.var / "law.toml"

    @property
    def offices(self) -> Path:
        """Where the file of offices is, or may be."""
        return self.offices_file or self.var / "offices.toml"

    @property
    def outbox(self) -> Path:
        """Where notices are written when no mail server is set."""
        return self.var / "outbox"


def _understood(name: str, kind: str, written: str) -> Any:
    variable = PREFIX + name.upper()
    if kind == "int":
        if not written.isdecimal():
            raise InputRefused("setting.no-number", variable=variable, written=written)
        return int(written)
    if kind == "bool":
        if written.lower() not in ("1", "0", "true", "false", "yes", "no"):
            raise InputRefused("setting.no-choice", variable=variable, written=written)
        return written.lower() in ("1", "true", "yes")
    if kind.startswith("Path"):
        return Path(written)
    return written

"""Who the authority of each procedure is, and where its offices are written to: the file of offices.

Law: a letter names the service that writes it with its address and telephone, where its jurisdiction asks.

The file is TOML, with a table for a folder of procedures, `[FOLDER]`, and one for a procedure of it,
`[FOLDER.CODE]`. What the procedure's table does not say its folder's says; what neither says is as the
folder of the procedure ships it, which cannot be delivered to, on purpose.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from activities.invoice_pages import Creditor
from models.errors import InputRefused, Malformed
from models.messages import Message
from models.parties import (
    OFFICE_LANGUAGES,
    TO_PARTIES,
    Language,
    Role,
    Spoken,
    enterprise_number,
    mail_addresses,
)
from office.settings import Settings
from procedures import registry


@dataclass(frozen=True)
class Office:
    """The authority of a procedure on its letters, and the addresses of its offices.

    `language` is that of letters to them where the applicant's is not known, or is German. `head_of_unit` is
    where the agenda of a week goes, with commas between several; nobody has it where none is named.
    """

    creditor: Creditor
    language: Language
    addresses: Mapping[Role, str] = field(default_factory=dict)
    head_of_unit: str = ""

    @property
    def desk(self) -> str:
        """The address that its letters name."""
        return mail_addresses(self.addresses[Role.DESK])[0]


def _in_every_language(said: Spoken) -> Spoken:
    if not isinstance(said, str) and (missing := [one.value for one in Language if not said.get(one)]):
        raise Malformed("party.language-missing", missing=missing)
    return said


def _belgian(number: str) -> str:
    if number and not enterprise_number(number).is_belgian:
        raise Malformed("party.not-belgian")
    return number


def _account(account: str) -> str:
    from stdnum import iban
    from stdnum.exceptions import ValidationError as NoIban

    try:
        return str(iban.format(iban.validate(account))) if account else ""
    except NoIban:
        raise Malformed("offices.no-account") from None


def _telephone(number: str) -> str:
    if number and not re.fullmatch(r"\+?[0-9][0-9 ./()-]{5,30}", number):
        raise Malformed("offices.no-telephone-number")
    return number


def _addresses(addresses: dict[Role, str]) -> dict[Role, str]:
    for role, written in addresses.items():
        if role not in registry.roles() or role in TO_PARTIES:
            known = tuple(role.value for role in registry.roles() if role not in TO_PARTIES)
            raise Malformed("offices.no-such-role", role=role.value, known=known)
        mail_addresses(written)
    return addresses


def _written_to(written: str) -> str:
    mail_addresses(written)
    return written


def _of_offices(language: Language) -> Language:
    if language not in OFFICE_LANGUAGES:
        raise Malformed("offices.not-in-german")
    return language


InEveryLanguage = Annotated[str | dict[Language, str], AfterValidator(_in_every_language)]


class Table(BaseModel):
    """What a table of the file may say."""

    model_config = ConfigDict(extra="forbid")

    name: InEveryLanguage = ""
    address: InEveryLanguage = ""
    telephone: Annotated[str, AfterValidator(_telephone)] = ""
    account: Annotated[str, AfterValidator(_account)] = ""
    enterprise_number: Annotated[str, AfterValidator(_belgian)] = ""
    language: Annotated[Language | None, AfterValidator(lambda said: said and _of_offices(said))] = None
    addresses: Annotated[dict[Role, str], AfterValidator(_addresses)] = {}
    head_of_unit: Annotated[str, AfterValidator(_written_to)] = ""

    def over(self, other: Table) -> Table:
        """What both say; where they differ, this one."""
        said = {name: getattr(self, name) for name in self.model_fields_set}
        said["addresses"] = {**other.addresses, **self.addresses}
        return other.model_copy(update=said)


def offices(settings: Settings) -> dict[str, Office]:
    """The office of each procedure, by its code. No file: as the folders ship them.

    Raises: InputRefused naming all that is wrong with the file.
    """
    written, wrong = _parsed(settings.offices), list[Message]()
    made: dict[str, Office] = {}
    unknown = [f"[{name}]" for name in written if name not in registry.folders()]
    for folder, known in registry.folders().items():
        codes = {procedure.code for procedure in known.procedures}
        tables = written.get(folder, {})
        tables = tables if isinstance(tables, dict) else {"": tables}
        common = {key: value for key, value in tables.items() if key not in codes}
        of_folder = _table(f"[{folder}]", common, wrong)
        ubl = settings.invoice_ubl and known.bills
        for procedure in known.procedures:
            shipped = Table.model_construct(
                name=procedure.authority.name,
                language=procedure.authority.language,
                telephone="" if settings.profile == "production" else procedure.authority.telephone,
                addresses=dict(procedure.authority.addresses),
            )
            own = _table(f"[{folder}.{procedure.code}]", tables.get(procedure.code, {}), wrong)
            table = reduce(lambda under, over: over.over(under), (shipped, of_folder, own))
            if ubl and not (table.account and table.enterprise_number):
                wrong.append(Message("offices.ubl", table=f"[{folder}.{procedure.code}]"))
            made[procedure.code] = Office(
                Creditor(
                    table.name,
                    table.address,
                    table.enterprise_number,
                    table.account,
                    settings.invoice_ubl,
                    table.telephone,
                ),
                table.language or procedure.authority.language,
                table.addresses,
                table.head_of_unit,
            )
    wrong += [Message("offices.no-such-table", table=name) for name in unknown]
    if wrong:
        raise InputRefused("offices.cannot-be-applied", path=settings.offices, problems=wrong)
    return made


def carried_on(settings: Settings) -> set[str]:
    """The folders of procedures that this office carries on: in production those that its file names.

    Elsewhere all of them. Raises: InputRefused for a file that cannot be read.
    """
    folders = {*registry.folders()}
    return folders & _parsed(settings.offices).keys() if settings.profile == "production" else folders


def not_carried_on(settings: Settings, code: str) -> Message | None:
    """Why nothing of a procedure is done here; nothing where this office carries it on."""
    folder = registry.folder_of(code)
    if folder in carried_on(settings):
        return None
    return Message("offices.not-carried-on", procedure=code, table=f"[{folder}]", path=settings.offices)


def unreached(settings: Settings) -> Iterator[tuple[str, Role]]:
    """Whom procedures write to and no address is set for; in production one as shipped is none."""
    here = carried_on(settings)
    for code, office in offices(settings).items():
        if registry.folder_of(code) not in here:
            continue
        known = registry.procedure(code)
        for role in registry.offices(code):
            as_shipped = office.addresses.get(role) == known.authority.addresses.get(role)
            if not office.addresses.get(role) or (settings.profile == "production" and as_shipped):
                yield code, role


def unnamed(settings: Settings) -> Iterator[Message]:
    """What the letterhead of a procedure lacks by law in production: address and telephone of its service.

    Nobody carries on anything there whom the file of offices does not name.
    """
    if settings.profile == "production":
        here = carried_on(settings)
        if not here:
            tables = tuple(f"[{folder}]" for folder in registry.folders())
            yield Message("offices.nobody-named", path=settings.offices, tables=tables)
        for code, office in offices(settings).items():
            if registry.folder_of(code) not in here:
                continue
            article = registry.procedure(code).jurisdiction.letterhead
            for part, said in (
                ("address", office.creditor.address),
                ("telephone", office.creditor.telephone),
            ):
                if article and not said:
                    yield Message(
                        "offices.letterhead",
                        procedure=code,
                        part=part,
                        article=article,
                        path=settings.offices,
                    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputRefused("file.unreadable", path=path, why=error.strerror) from None
    except ValueError as error:
        raise InputRefused("lawfile.no-toml", path=path, why=str(error)) from None


def _table(place: str, keys: Any, wrong: list[Message]) -> Table:
    """A table of the file; what is wrong with it is told, and the rest is as if it said nothing."""
    try:
        return Table.model_validate(keys)
    except ValidationError as found:
        for error in found.errors():
            where = ".".join(map(str, error["loc"]))
            wrong.append(Message("offices.in-place", place=place, part=where, why=Message.of_input(error)))
        return Table()

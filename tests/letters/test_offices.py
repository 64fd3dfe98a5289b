"""The file of offices: who the authority of a procedure is, and where its desk and bodies are written to."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import InputRefused
from models.parties import Language
from office.letters.offices import not_carried_on, offices, unnamed, unreached
from office.settings import Settings
from procedures.be_umn.words import Role

WRITTEN = """
[be_umn]
name = { nl = "Agentschap", fr = "Agence", en = "Agency", de = "Agentur" }
language = "fr"
addresses.desk = "desk@agency.example"
addresses.commission = "commission@agency.example"

[be_umn.CUP]
addresses.commission = "chair@agency.example, secretary@agency.example"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "offices.toml").write_text(WRITTEN)
    return Settings(var=tmp_path)


def test_a_procedure_falls_back_to_its_folder_and_then_to_what_is_shipped(settings: Settings) -> None:
    cup, mnp = offices(settings)["CUP"], offices(settings)["MNP"]
    assert cup.addresses[Role.COMMISSION] == "chair@agency.example, secretary@agency.example"
    assert mnp.addresses[Role.COMMISSION] == "commission@agency.example"
    assert cup.desk == mnp.desk == "desk@agency.example"
    assert cup.addresses[Role.ETHICS_COMMITTEE] == "ethics-committee@agency.invalid"
    assert (cup.creditor.name[Language.DE], cup.language) == ("Agentur", Language.FR)


def test_in_production_an_address_as_shipped_is_none(settings: Settings) -> None:
    assert list(unreached(settings)) == []
    production = Settings(var=settings.var, profile="production")
    both = (Role.ETHICS_COMMITTEE, Role.MEDICAL_DIRECTORS)
    of_each = {"CUP": {*both, Role.EUROPEAN_AGENCY}, "MNP": {*both}}  # art. 106 § 10 is of CUP alone
    assert {*unreached(production)} == {(code, role) for code, roles in of_each.items() for role in roles}


def test_in_production_the_service_has_an_address_and_a_telephone_before_anything_is_sent(
    settings: Settings,
) -> None:
    assert offices(settings)["CUP"].creditor.telephone == "+32 2 000 00 00"
    assert list(unnamed(settings)) == []
    production = Settings(var=settings.var, profile="production")
    assert {(lack.facts["procedure"], lack.facts["part"]) for lack in unnamed(production)} == {
        (code, part) for code in ("CUP", "MNP", "UMN") for part in ("address", "telephone")
    }
    with settings.offices.open("a") as file:
        file.write('telephone = "+32 2 000 00 09"\naddress = "Street 1; 1000 Brussels"\n')
    assert {lack.facts["procedure"] for lack in unnamed(production)} == {"MNP", "UMN"}


def test_in_production_an_office_carries_on_that_of_which_its_file_says_who_it_is(
    settings: Settings, tmp_path: Path
) -> None:
    production = Settings(var=settings.var, profile="production")
    assert not_carried_on(settings, "HEX") is None
    assert not_carried_on(production, "CUP") is None
    assert "has no table [be_hospital_exemption]" in str(not_carried_on(production, "HEX"))
    with settings.offices.open("a") as file:
        file.write("[be_hospital_exemption]\n")
    assert {code for code, _ in unreached(production)} == {"CUP", "MNP", "HEX"}
    of_nobody = Settings(var=tmp_path / "elsewhere", profile="production")
    (lack,) = unnamed(of_nobody)
    assert "[be_umn]" in str(lack)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[be_umn", "TOML"),
        ('[nobody]\naccount = ""', r"\[nobody\]: no folder of procedures is called so"),
        ('[be_umn]\nname = { nl = "A", fr = "B" }', "en, de"),
        ('[be_umn]\naddresses.desk = "A <a@b.example>"', r"\[be_umn\] addresses: .*A <a@b.example>"),
        ('[be_umn.CUP.addresses]\njury = "a@b.example"', r"\[be_umn.CUP\] addresses: nobody .* jury"),
        ('[be_umn]\naddresses.applicant = "a@b.example"', "nobody is written to as applicant"),
        ('[be_umn]\nlanguage = "de"', "nl, fr or en"),
        ('[be_umn]\ntelephone = "later"', "is no telephone number"),
        ('[be_umn]\nIBAN = "x"', r"\[be_umn\] IBAN: "),
    ],
)
def test_what_is_wrong_in_the_file_is_told_by_table(settings: Settings, written: str, said: str) -> None:
    settings.offices.write_text(written)
    with pytest.raises(InputRefused, match=said):
        offices(settings)

"""In which language a letter and an act are written, as the acts on the use of languages have it."""

from __future__ import annotations

import pytest

from jurisdictions.be.languages import act, letter, place_of
from models.languages import Correspondent
from models.parties import Language
from procedures.registry import jurisdictions

NL, FR, DE, EN = Language.NL, Language.FR, Language.DE, Language.EN


def company(postal_code: str, used: Language | None = None, asks: Language | None = None, **seat: str):
    return Correspondent(True, "BE", postal_code, language=used, acts_language=asks, **seat)


@pytest.mark.parametrize(
    ("postal_code", "region"), [("2000", NL), ("3000", NL), ("9000", NL), ("5000", FR), ("1300", FR)]
)
@pytest.mark.parametrize("used", [NL, FR, DE, EN, None])
def test_a_company_in_a_region_of_one_language_is_answered_in_that_language(postal_code, region, used):
    assert letter(company(postal_code, used)).language is region
    assert letter(company(postal_code, used)).article.endswith("art. 41 § 2")


@pytest.mark.parametrize("used", [NL, FR, DE])
@pytest.mark.parametrize(
    "postal_code", ["1050", "1640", "4700", "4950", "8957", "7700", "9600", "7880", "1547", "7850", "3798"]
)
def test_in_brussels_and_under_a_special_regime_it_is_the_language_that_was_used(postal_code, used):
    assert letter(company(postal_code, used)).language is used
    assert letter(company(postal_code, used)).article.endswith("art. 41 § 1")


@pytest.mark.parametrize("used", [NL, FR, DE])
def test_a_hospital_is_written_to_in_the_language_that_it_used_wherever_it_is(used):
    assert letter(Correspondent(False, "BE", "2000", language=used)).language is used
    assert letter(Correspondent(False, language=used)).language is used
    assert letter(Correspondent(True, "CH", "4002", language=used)).language is used


def test_who_used_none_of_the_three_has_a_person_choose():
    assert letter(company("1050", EN)).language is None
    assert letter(Correspondent(False, "US", language=EN)).language is None
    assert act(Correspondent(False, "US", language=EN)).language is None


@pytest.mark.parametrize(
    "known",
    [
        Correspondent(True, "BE", "", language=FR),  # no seat
        Correspondent(True, "BE", "0612", language=FR),  # no postal code of Belgium
        Correspondent(True, "", "2000", language=FR),  # no country
        Correspondent(True, "BE", "2000", "Ronse", language=FR),  # commune and postal code contradict
        Correspondent(None, "BE", "2000", language=FR),  # a company or not
    ],
)
def test_what_is_not_known_is_asked_and_never_guessed(known):
    assert letter(known).language is None
    assert act(known).language is None


def test_it_does_not_matter_what_is_unknown_where_both_readings_agree():
    assert letter(Correspondent(None, "BE", "2000", language=NL)).language is NL


def test_an_act_is_in_the_language_that_is_asked_for():
    assert act(company("1050", NL, asks=FR)).language is FR
    assert act(company("1050", EN, asks=DE)).language is DE
    assert act(Correspondent(False, "US", language=EN, acts_language=FR)).language is FR
    assert act(company("2000", EN, asks=NL)).language is NL


def test_nothing_asked_or_english_asked_an_act_is_as_a_letter():
    assert act(company("2000", FR)).language is NL
    assert act(company("1050", FR, asks=EN)).language is FR


def test_a_company_of_antwerp_that_asks_for_french_has_a_person_choose_its_acts():
    known = company("2000", FR, asks=FR)
    assert letter(known).language is NL
    assert act(known).language is None
    assert act(known).why.key == "tongue.collide"


def test_english_is_enclosed_for_who_used_it_or_asked_for_it():
    languages = jurisdictions()["BE"].languages
    assert languages.translation(company("2000", EN)) is EN
    assert languages.translation(company("2000", NL, asks=EN)) is EN
    assert languages.translation(company("2000", DE)) is None


@pytest.mark.parametrize(
    ("postal_code", "commune", "article", "special", "assumed"),
    [
        ("", "Rhode-Saint-Genèse", "art. 7", True, False),
        ("", "sint genesius rode", "art. 7", True, False),
        ("9600", "RONSE", "art. 8, 6°", True, False),
        ("9600", "", "art. 8, 6°", True, True),
        ("B-9000", "Gent", "art. 3 § 1, 1°", False, True),
        ("1082", "Berchem-Sainte-Agathe", "art. 6", True, False),
    ],
)
def test_a_commune_is_read_in_the_text_and_a_postal_code_is_assumed(
    postal_code, commune, article, special, assumed
):
    place = place_of(postal_code, commune)
    assert place is not None
    assert (place.article, place.region is None, place.assumed) == (article, special, assumed)


def test_a_commune_without_a_code_that_the_text_does_not_name_is_unknown():
    assert place_of("", "Gent") is None
    assert place_of("", "") is None

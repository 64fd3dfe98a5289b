"""What is taken over from an e-submission package, and for which reasons a package is refused."""

import json
import os
import shutil
import stat
import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from models.errors import InputRefused
from models.forms import COVER_LETTER, FORM
from models.subjects import Product
from office.intake.package import content, files_of, read_package
from office.intake.package_files import SHIPPED
from procedures.be_umn.samples import HERE as SAMPLES
from procedures.be_umn.samples import sample
from procedures.be_umn.words import Kind
from procedures.registry import names_a_person

NATIONAL_NUMBER = "85.07.30-033 28"  # the invented example of the library that checks it
RECEIVED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def application(tmp_path):
    return sample("mnp-application", tmp_path)


def zipped(folder, into):
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*"), reverse=True):
            archive.write(file, file.relative_to(folder).as_posix())
    return into


def held(path):
    return {name: b"".join(pieces) for name, pieces in files_of(path)}


def refusal(path):
    with pytest.raises(InputRefused) as refused:
        read_package(path)
    return refused.value.message


def rewrite(package, name, **changed):
    """Changes fields of a form; `applicant__email` is a field inside a field, None takes it out."""
    form = json.loads((package / name).read_text("utf-8"))
    for field, value in changed.items():
        *outer, last = field.split("__")
        inside = form
        for part in outer:
            inside = inside[part]
        inside[last] = value
        if value is None:
            del inside[last]
    (package / name).write_text(json.dumps(form), encoding="utf-8")


def delivery_of(package):
    return next(package.glob("*.xml"))


def test_the_sample_application_is_taken_over_as_it_was_filed():
    package = read_package(SAMPLES / "mnp-application")
    assert (package.cesp_number, package.kind, package.procedure) == (
        "DEMO-2026-0003",
        Kind.APPLICATION,
        "MNP",
    )
    assert package.received_at == datetime(2026, 11, 17, 10, 5, tzinfo=UTC)
    assert package.applicant.email == "dossiers@voorbeeld-farma.invalid"
    assert package.invoice_addressee.email == "boekhouding@voorbeeld-farma.invalid"
    assert package.subject.title == "Sluitium"
    assert (package.programme, package.dossier, package.findings) == (None, None, ())


def test_folder_and_zip_give_the_same_package_and_content(application, tmp_path):
    archive = zipped(application, tmp_path / "package.zip")
    assert read_package(archive) == read_package(application)
    assert held(archive) == held(application)


def test_each_file_is_known_by_its_name_size_and_hash(application):
    filed = {file.name: file for file in read_package(application).files}
    read = held(application)
    assert list(filed) == list(read) == sorted(read)
    for name, inside in read.items():
        assert (filed[name].size, filed[name].sha256) == (len(inside), sha256(inside).hexdigest())
    assert content(application, FORM) == (application / FORM).read_bytes()


def test_a_file_that_is_not_in_the_package_cannot_be_had(application):
    with pytest.raises(InputRefused, match="has no file"):
        content(application, "../secret.txt")


@pytest.mark.parametrize("change", ["content", "name", "one more"])
def test_another_content_is_another_digest(application, change):
    before = read_package(application).digest
    document = application / "06_labelling" / "annex-v-label.txt"
    if change == "content":
        document.write_text("another label", encoding="utf-8")
    elif change == "name":
        document.rename(document.with_name("annex-v-label-2.txt"))
    else:
        shutil.copy(document, document.with_name("another.txt"))
    assert read_package(application).digest != before


def test_there_must_be_something_to_read(tmp_path):
    assert "no package at" in refusal(tmp_path / "absent.zip")
    (tmp_path / "letter.txt").write_text("Dear Sir")
    assert "neither a folder nor a zip" in refusal(tmp_path / "letter.txt")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("form.csv", b"key;answer\n", "If it is the form: this is a table as text (.csv)"),
        (
            "form.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "If it is the form: this is a spreadsheet of the old form",
        ),
        ("form.xlsm", b"PK\3\4", "If it is the form: 'form.xlsm' can hold macros"),
        ("package.7z", b"7z\xbc\xaf\x27\x1c", "is an archive of another kind than zip; unpack it"),
        ("package.eml", b"From: a@exemplar.test\n", "is an e-mail"),
        ("package.zip", b"PK\3\4", "package.zip is neither a folder nor a zip that can be opened; give one"),
    ],
)
def test_what_is_no_package_is_called_what_it_is(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    assert told in refusal(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (
            "form.csv",
            b"key;answer\n",
            "there is '01_application-form/form.csv' in its place. If that is the form: this",
        ),
        ("Form MNP.json", b"{}", "If that is the form: call it 01_application-form/form.json"),
        ("form.xls", b"x", "if it is the application form, save it as 01_application-form/form.xlsx"),
    ],
)
def test_what_lies_where_the_form_belongs_is_told_with_what_to_do(application, name, content, told):
    (application / FORM).unlink()
    (application / FORM).with_name(name).write_bytes(content)
    assert told in refusal(application)


# --- layout


def test_missing_forms_and_strange_files_are_told_at_once(application):
    (application / COVER_LETTER).unlink()
    (application / "notes.txt").write_text("x")
    (application / "09_more").mkdir()
    (application / "09_more" / "x.pdf").write_text("x")
    told = refusal(application)
    assert f"{COVER_LETTER} is missing" in told
    assert "'notes.txt' does not belong at the top" in told
    assert "no folder '09_more'" in told


def test_a_package_has_exactly_one_delivery_file(application):
    second = shutil.copy(delivery_of(application), application / "OTHER-1.xml")
    assert "there are 2" in refusal(application)
    Path(second).unlink()
    delivery_of(application).unlink()
    assert "there are 0" in refusal(application)


def test_a_folder_zipped_around_the_package_is_explained(application, tmp_path):
    outer = tmp_path / "outer"
    shutil.copytree(application, outer / "package")
    assert "zip what is in that folder" in refusal(zipped(outer, tmp_path / "outer.zip"))


# --- names and kinds of files


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../evil.txt", "leads out of the package"),
        ("02_protocol/../../evil.txt", "leads out of the package"),
        ("02_protocol//evil.txt", "leads out of the package"),
        ("./evil.txt", "leads out of the package"),
        ("/etc/evil.txt", "absolute name"),
        ("C:/evil.txt", "absolute name"),
        ("\\\\server\\evil.txt", "absolute name"),
        ("02_protocol\\evil.txt", "backslash"),
        ("02_protocol/evil\x1b[2J.txt", "cannot be seen"),
        ("02_protocol/evil\u202etxt.exe", "cannot be seen"),
        ("02_protocol/" + "x" * 200, "200 are possible"),
        ("02_protocol/ANNEX-vi-protocol.txt", "has the same name as"),
        ("02_protocol/annex-vi-protocol.txt", "has the same name as"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_could_mean_another_file_refuses_the_zip(application, tmp_path, name, told):
    archive = zipped(application, tmp_path / "package.zip")
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr(name, "evil")
    assert told in refusal(archive)


def test_a_symbolic_link_is_refused_in_a_folder_and_in_a_zip(application, tmp_path):
    archive = zipped(application, tmp_path / "package.zip")
    link = zipfile.ZipInfo("08_other/link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr(link, "/etc/hostname")
    assert "'08_other/link.txt' is a symbolic link" in refusal(archive)

    (application / "08_other").mkdir()
    (application / "08_other" / "link.txt").symlink_to("/etc/hostname")
    assert "'08_other/link.txt' is a symbolic link" in refusal(application)


def test_a_linked_folder_is_not_followed(application, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.txt").write_text("secret")
    (application / "08_other").symlink_to(tmp_path / "elsewhere")
    assert "'08_other' is a symbolic link" in refusal(application)


def test_a_pipe_is_no_document(application):
    os.mkfifo(application / "02_protocol" / "pipe")
    assert "is not a plain file" in refusal(application)


def test_an_encrypted_entry_is_refused(application, tmp_path):
    archive = zipped(application, tmp_path / "package.zip")
    raw = bytearray(archive.read_bytes())
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(raw)
    assert "is encrypted" in refusal(archive)


def test_a_name_in_an_unknown_alphabet_is_refused(application, tmp_path):
    archive = zipped(application, tmp_path / "package.zip")
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr("08_other/XXXX.txt", "x")
    archive.write_bytes(archive.read_bytes().replace(b"XXXX", b"\x82t\x82t"))
    assert "name in an old code page" in refusal(archive)


def test_a_name_in_a_folder_that_is_not_utf8_is_refused(application):
    with open(os.path.join(os.fsencode(application), b"02_protocol", b"caf\xe9.txt"), "wb") as file:
        file.write(b"x")
    assert "not UTF-8" in refusal(application)


def test_a_damaged_document_is_refused(application, tmp_path):
    archive = zipped(application, tmp_path / "package.zip")
    with zipfile.ZipFile(archive) as read:
        entry = read.getinfo("02_protocol/annex-vi-protocol.txt")
    raw = bytearray(archive.read_bytes())
    raw[entry.header_offset + 30 + len(entry.filename) + 5] ^= 0xFF
    archive.write_bytes(raw)
    assert "'02_protocol/annex-vi-protocol.txt' cannot be read" in refusal(archive)


def test_too_many_files_are_refused(application):
    (application / "08_other").mkdir()
    for number in range(SHIPPED.package_most_files):
        (application / "08_other" / f"{number}.txt").touch()
    assert "more than 1000 files" in refusal(application)


def test_too_many_bytes_are_refused_before_they_are_read(application, tmp_path):
    (application / "08_other").mkdir()
    with (application / "08_other" / "large.pdf").open("wb") as file:
        file.truncate(SHIPPED.package_most_bytes)
    assert "larger than 200 MB" in refusal(application)

    bomb = zipped(sample("mnp-application", tmp_path, cesp_number="BOMB-1"), tmp_path / "bomb.zip")
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as more:
        more.writestr("08_other/large.pdf", "x")
    raw = bytearray(bomb.read_bytes())
    at = raw.rindex(b"PK\x01\x02") + 24
    raw[at : at + 4] = SHIPPED.package_most_bytes.to_bytes(4, "little")
    bomb.write_bytes(raw)
    assert "larger than 200 MB" in refusal(bomb)


def test_a_zip_entry_that_lies_about_its_size_is_refused(application, tmp_path):
    archive = tmp_path / "package.zip"
    zipped(application, archive)
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as more:
        more.writestr("08_other/large.pdf", "x" * 100_000)
    raw = bytearray(archive.read_bytes())
    at = raw.rindex(b"PK\x01\x02") + 24
    raw[at : at + 4] = (10).to_bytes(4, "little")
    archive.write_bytes(raw)
    assert "'08_other/large.pdf' has two different sizes" in refusal(archive)


# --- the delivery file


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('<!DOCTYPE delivery [<!ENTITY a "b">]><delivery>&a;</delivery>', "declares entities"),
        ('<!DOCTYPE delivery SYSTEM "file:///etc/hostname"><delivery/>', "declares a document type"),
        ("<delivery>", "is not XML"),
        ("", "this is not XML"),
        ("<submission/>", "outermost element must be <delivery>"),
        ("<delivery/>", "number is missing"),
        ("<delivery><colour>red</colour></delivery>", "colour is not a field of this form"),
        ("<delivery><number>A-1</number><number>A-2</number></delivery>", "<number> comes twice"),
        ("<delivery><number><b>A-1</b></number></delivery>", "<number> holds more than text"),
        (
            "<delivery><procedure>XYZ</procedure></delivery>",
            "procedure must be one of 'HEX', 'CUP', 'MNP', 'CMA'",
        ),
        ("<delivery><received-at>20 November</received-at></delivery>", "received-at is not an instant"),
        ("<delivery><received-at>2026-11-20</received-at></delivery>", "received-at is not an instant"),
        ("<delivery><received-at>2026-11-20T09:30:00</received-at></delivery>", "has no time zone"),
    ],
)
def test_a_delivery_file_that_cannot_be_trusted_is_refused(application, written, told):
    delivery_of(application).write_text(written)
    message = refusal(application)
    assert told in message
    assert "DEMO-2026-0003.xml" in message


def test_a_delivery_file_that_is_not_utf8_is_refused(application):
    delivery_of(application).write_bytes(
        '<?xml version="1.0" encoding="latin-1"?><délivery/>'.encode("latin-1")
    )
    assert "not UTF-8" in refusal(application)


def test_a_delivery_file_that_was_renamed_is_refused(application):
    delivery_of(application).rename(application / "MINE-1.xml")
    assert "the name of MINE-1.xml says MINE-1, MINE-1.xml says DEMO-2026-0003" in refusal(application)


# --- cover letter and application form


@pytest.mark.parametrize("name", [COVER_LETTER, FORM])
@pytest.mark.parametrize(
    ("written", "told"),
    [
        (b"{", "this is not JSON"),
        (b"", "this is not JSON"),
        (b'{"year": NaN}', "this is not JSON"),
        (b"[" * 100_000, "this is not JSON"),
        (b"[]", "the form must hold fields"),
        ('{"a": "é"}'.encode("latin-1"), "not UTF-8"),
        (b'{"submission_type": "application", "submission_type": "answers"}', "is given twice"),
        (b" " * 1_000_001, "this is no form"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_by_its_name(application, name, written, told):
    (application / name).write_bytes(written)
    message = refusal(application)
    assert told in message
    assert f"{name}: " in message


def test_all_problems_of_all_forms_are_told_at_once_by_file_and_field(application):
    rewrite(application, COVER_LETTER, invoice_addressee__email="nobody", invoice_addressee__language="es")
    rewrite(
        application, FORM, product__indication=None, applicant__name="", colour="red", product__dose="1 mg"
    )
    delivery_of(application).write_text("<delivery><number>DEMO-2026-0003</number></delivery>")
    told = refusal(application).split("\n")[1:]
    assert sorted(told) == [
        f"{COVER_LETTER}: invoice_addressee.email is not an e-mail address.",
        f"{COVER_LETTER}: invoice_addressee.language must be one of 'nl', 'fr', 'en', 'de'.",
        f"{FORM}: applicant.name says nothing.",
        f"{FORM}: colour is not a field of this form; it has procedure, submission_type, applicant, "
        "programme, dossier, year, period, product, protocol_template, application, annex_x, urgent_use.",
        f"{FORM}: product.dose is not a field of this form; it has trade_name, active_substance, indication.",
        f"{FORM}: product.indication is missing.",
        "DEMO-2026-0003.xml: procedure is missing.",
        "DEMO-2026-0003.xml: received-at is missing.",
        "DEMO-2026-0003.xml: submission-type is missing.",
    ]


def test_procedure_type_and_number_must_agree_and_each_form_is_quoted(application):
    rewrite(application, FORM, procedure="CUP")
    rewrite(application, COVER_LETTER, submission_type="answers", cesp_number="OTHER-9")
    told = refusal(application)
    assert f"on the procedure: DEMO-2026-0003.xml says MNP, {FORM} says CUP." in told
    assert f"{COVER_LETTER} says answers, {FORM} says application." in told
    assert f"{COVER_LETTER} says OTHER-9." in told


@pytest.mark.parametrize(
    ("name", "given", "missing"),
    [
        ("modification", {"programme": "CUP-2026-001"}, "programme"),
        ("list", {"programme": "CUP-2026-001"}, "period"),
        ("cup-completion", {"dossier": "CUP-2026-001"}, "dossier"),
        ("answers", {"dossier": "CUP-2026-001"}, "dossier"),
    ],
)
def test_what_a_submission_is_for_must_be_said(tmp_path, name, given, missing):
    package = sample(name, tmp_path, **given)
    rewrite(package, FORM, **{missing: None})
    assert f"{FORM}: {missing} is missing; " in refusal(package)


@pytest.mark.parametrize(
    "field",
    [{"programme": "MNP-2026-001"}, {"dossier": "MNP-2026-001"}, {"year": 2027}, {"period": "annual"}],
)
def test_an_application_is_for_no_programme_yet(application, field):
    rewrite(application, FORM, **field)
    assert f"{next(iter(field))} does not belong in an application" in refusal(application)


def test_a_programme_of_the_other_procedure_is_refused(tmp_path):
    package = sample("modification", tmp_path, programme="CUP-2026-001")
    rewrite(package, FORM, programme="MNP-2026-001")
    assert "programme MNP-2026-001 is not of the procedure CUP" in refusal(package)


@pytest.mark.parametrize("text", ["\u0000", "line\u001b[2J", "\ud800", "abc\u202etxt", "\u200bb"])
def test_signs_that_nobody_sees_are_refused(application, text):
    rewrite(application, FORM, product__indication=f"koorts {text}")
    assert "product.indication holds a sign that nobody sees: U+" in refusal(application)


def test_blanks_are_no_name(application):
    rewrite(application, FORM, applicant__name="   ")
    assert "applicant.name says nothing" in refusal(application)


# --- no patient is identified


@pytest.mark.parametrize("field", ["product__indication", "applicant__name", "applicant__address"])
def test_a_national_number_in_a_form_is_refused_and_not_repeated(application, field):
    rewrite(application, FORM, **{field: f"for one patient, {NATIONAL_NUMBER}, only"})
    told = refusal(application)
    assert f"{field.replace('__', '.')} holds a national number" in told
    assert "identifies none" in told
    assert "033" not in told


def test_a_national_number_in_the_cover_letter_or_a_file_name_is_refused(application):
    rewrite(application, COVER_LETTER, invoice_addressee__address=NATIONAL_NUMBER.replace(" ", "."))
    assert "invoice_addressee.address holds a national number" in refusal(application)
    label = application / "06_labelling" / "annex-v-label.txt"
    label.rename(label.with_name("consent 85073003328.pdf"))
    told = refusal(application)
    assert "name of a file in 06_labelling holds a national number" in told
    assert "033" not in told


@pytest.mark.parametrize(
    "written",
    [
        "85073003328",
        "85.07.30-033.28",
        "85 07 30 033 28",
        "85\u00a007\u00a030\u2011033\u201128",
        "n°85073003328.",
        "room 12 85.07.30 - 033 - 28",
        "８５０７３００３３２８",
        "17.07.30-033.84",
        "85.47.30-033.17",
    ],
)
def test_a_national_number_is_seen_however_it_is_written(written):
    assert names_a_person(written)


@pytest.mark.parametrize(
    "written",
    [
        "85073003329",
        "185073003328",
        "850730033281",
        "EudraCT 2011-004728-36",
        "+32 2 528 40 00",
        "NCT06118255",
        "BE 0897.290.877",
        "17α,21-dihydroxy-16α",
    ],
)
def test_other_numbers_are_no_national_number(written):
    assert not names_a_person(written)


def test_a_delivery_number_is_never_taken_for_a_national_number(tmp_path):
    package = sample("mnp-application", tmp_path, cesp_number="85073003328")
    assert read_package(package).cesp_number == "85073003328"


# --- samples


def test_the_sample_that_is_to_be_declared_incomplete_lacks_its_french_summary_and_is_then_completed(
    tmp_path,
):
    filed = read_package(SAMPLES / "cup-application")
    assert [finding.ref for finding in filed.findings] == ["P-07-fr"]
    completion = read_package(sample("cup-completion", tmp_path, dossier="CUP-2026-001"))
    assert (completion.kind, completion.dossier, completion.findings) == (None, "CUP-2026-001", ())
    assert completion.subject == filed.subject


def test_a_sample_takes_the_values_given(tmp_path):
    product = Product(trade_name="Verzinsel", active_substance="fictivumab", indication="koorts")
    package = read_package(
        sample(
            "list",
            tmp_path,
            programme="MNP-2026-007",
            cesp_number="BENCH-000042",
            received_at=RECEIVED,
            product=product,
        )
    )
    assert (package.cesp_number, package.received_at, package.subject) == (
        "BENCH-000042",
        RECEIVED,
        product.subject,
    )
    assert (package.kind, package.procedure, package.programme) == (Kind.LIST, "MNP", "MNP-2026-007")


@pytest.mark.parametrize("procedure", ["CUP", "MNP"])
@pytest.mark.parametrize("name", ["modification", "list"])
def test_every_template_is_complete_in_both_procedures(tmp_path, name, procedure):
    package = read_package(sample(name, tmp_path, programme=f"{procedure}-2026-001"))
    assert (package.procedure, package.findings) == (procedure, ())
    assert package.kind == name


def test_the_same_sample_under_another_number_is_another_package(tmp_path):
    first = read_package(sample("mnp-application", tmp_path, cesp_number="A-001"))
    second = read_package(sample("mnp-application", tmp_path, cesp_number="A-002"))
    assert first.digest != second.digest
    with pytest.raises(InputRefused, match="used once"):
        sample("mnp-application", tmp_path, cesp_number="A-002")


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("modification", {}, "needs programme="),
        ("answers", {}, "needs dossier="),
        ("cup-application", {"programme": "CUP-2026-001"}, "has no programme"),
        ("modification", {"programme": "CUP-2026-001", "year": 2027}, "has no year"),
        ("nonsense", {}, "there are: answers, cup-application, cup-completion, list, mnp-application"),
    ],
)
def test_a_sample_says_what_it_needs(tmp_path, name, given, told):
    with pytest.raises(InputRefused, match=told):
        sample(name, tmp_path, **given)


def test_samples_are_small():
    assert sum(file.stat().st_size for file in SAMPLES.rglob("*") if file.is_file()) < 200_000

"""Bank statements at the command line: what comes in, what waits, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.people import StaffRole
from samples.statements.make import Payment, camt, coda, write
from tests.cli.desk import Desk, civil_today

pytestmark = pytest.mark.server


@pytest.fixture
def invoiced(desk: Desk, tmp_path: Path) -> tuple[str, str]:
    """A dossier with its invoice out: its number, and its communication."""
    number = desk.submits(tmp_path)
    desk.does("declare-admissible", number)
    desk.does("fix-contribution", number, "--amount", "100.00", "--source", "test")
    return number, desk.sees(number)["invoices"][0]["communication"]


def test_two_statements_pay_an_invoice_in_two_parts(desk: Desk, invoiced, tmp_path: Path) -> None:
    number, ogm = invoiced
    write(tmp_path, [Payment(100_00, ogm), Payment(9_00, "thanks")], civil_today(), 101, account="HALVES")
    [first] = desk.does("payments", "import", str(tmp_path / "statement.cod"))
    assert (first["form"], first["new"], first["matched"], first["parked"]) == ("coda", 2, 1, 1)
    [second] = desk.does("payments", "import", str(tmp_path / "statement.xml"))
    assert (second["form"], second["matched"]) == ("camt.053", 1)
    [again] = desk.does("payments", "import", str(tmp_path / "statement.xml"))
    assert (again["movements"], again["new"], again["matched"]) == (2, 0, 1)
    [invoice] = desk.sees(number)["invoices"]
    assert (invoice["paid_cents"], invoice["paid_on"]) == (100_00, str(civil_today()))


def test_what_waits_is_listed_split_and_returned(desk: Desk, invoiced, tmp_path: Path) -> None:
    number, _ogm = invoiced
    file = tmp_path / "s.cod"
    pays = Payment(150_00, f"for {number}", payer="ONLY HERE")
    file.write_bytes(coda([pays], civil_today(), 103, account="SPLIT"))
    desk.does("payments", "import", str(file))
    [movement] = [m for m in desk.does("payments") if m["payer"] == "ONLY HERE"]
    assert (movement["reason"], movement["rest"]) == ("no_communication", 150_00)
    name = movement["id"]
    split = desk.does("payments", "split", name, "--to", f"{number}=40.00")
    assert (split["state"], split["rest"]) == ("parked", 110_00)
    assigned = desk.does("payments", "assign", name, number)
    assert (assigned["reason"], assigned["rest"]) == ("surplus", 50_00)
    returned = desk.does("payments", "return", name, "--reason", "paid too much")
    assert returned["state"] == "returned"
    refused = desk.asks("payments", "return", name, "--reason", "again").ended(3)
    assert "does not wait" in refused.err
    assert "to be paid back" in desk.types("payments").ended(0).out
    back = Payment(-50_00, f"refund {name}", payer="ONLY HERE")
    file.write_bytes(coda([back], civil_today(), 105, 1_000_000 + pays.cents, account="SPLIT"))
    desk.does("payments", "import", str(file))
    [left] = [m for m in desk.does("payments") if m["payer"] == "ONLY HERE" and m["cents"] < 0]
    with desk.beside("Case officer B", StaffRole.FINANCE) as colleague:
        desk.asks("payments", "refund", "M-nobody", "--of", name).ended(4)
        prepared = desk.does("payments", "refund", left["id"], "--of", name)
        assert left["id"] in {m["id"] for m in desk.does("payments")}
        refunded = colleague.does("sign", str(prepared["preparation"]))
    assert (refunded["state"], refunded["refunds"]) == ("matched", [{"of": name, "cents": 50_00}])
    assert name not in {m["id"] for m in desk.does("payments")}
    report = desk.does("payments", "report", "--year", str(civil_today().year))
    assert report["reconciled"]
    assert report["refunded"] >= 50_00


def test_a_case_that_has_ended_is_credited_and_its_surplus_goes_back(desk: Desk, invoiced, tmp_path) -> None:
    number, ogm = invoiced
    desk.does("withdraw", number)
    file = tmp_path / "s.cod"
    file.write_bytes(coda([Payment(100_00, ogm)], civil_today(), 106, account="ENDED"))
    desk.does("payments", "import", str(file))
    assert desk.sees(number)["ended"]
    receipt = desk.does("credit-invoice", number, "--amount", "30.00", "--reason", "the lower rate")
    assert (receipt["letters"], receipt["phase"], receipt["possible"]) == (["credit-note"], "withdrawn", [])
    [surplus] = [m for m in desk.does("payments") if m["id"] == number]
    assert (surplus["state"], surplus["rest"]) == ("overpaid", 30_00)
    file.write_bytes(coda([Payment(-30_00, "back to them")], civil_today(), 107, 1_010_000, "ENDED"))
    desk.does("payments", "import", str(file))
    [left] = [m for m in desk.does("payments") if m["communication"].strip() == "back to them"]
    refunded = desk.does("payments", "refund", left["id"], "--of", number)
    assert (refunded["state"], refunded["shares"][0]["cents"]) == ("matched", -30_00)
    assert number not in {m["id"] for m in desk.does("payments")}
    last = desk.sees(number)["entries"][-1]
    assert (last["act"], last["one_person"]) == ("SurplusRefunded", True)  # as whoever ordered it signed
    exported = desk.does("dossier", "export", number, "--into", str(tmp_path / "file.zip"))
    assert exported["wrong"] == []
    assert desk.does("payments", "report", "--year", str(civil_today().year))["reconciled"]


def test_what_may_have_been_told_before_is_shown_beside_it_and_told_apart(desk: Desk, tmp_path: Path) -> None:
    """Two statements that do not follow each other, of a bank that gives no references."""
    pays, file = Payment(7_00, "twice?", payer="PERHAPS", reference="NONREF"), tmp_path / "s.cod"
    file.write_bytes(coda([pays], civil_today(), 0, account="TWICE"))
    desk.does("payments", "import", str(file))
    file.write_bytes(camt([pays], civil_today(), 1, 9_000_000, account="TWICE"))
    [told] = desk.does("payments", "import", str(file))
    assert (told["new"], told["unclear"], len(told["remarks"])) == (0, 1, 2)
    of_both = [m for m in desk.does("payments") if m["payer"] == "PERHAPS"]
    [known, perhaps] = sorted(of_both, key=lambda one: len(one["candidates"]))
    assert [one["id"] for one in perhaps["candidates"]] == [known["id"]]
    listed = desk.types("payments").ended(0).out
    assert f"umn payments same {perhaps['id']} --as {known['id']}" in listed
    assert f"umn payments different {perhaps['id']}" in listed
    year = str(civil_today().year)
    told = desk.asks("payments", "report", "--year", year).ended(1).out
    assert f"movement {perhaps['id']}: 7.00 EUR may be {known['id']}, told before" in told
    refused = desk.asks("payments", "return", perhaps["id"], "--reason", "r").ended(3)
    assert "First say which" in refused.err
    assert desk.does("payments", "different", perhaps["id"])["reason"] == "no_communication"
    between = replace(pays, cents=9_000_000 - 1_000_000 - pays.cents)
    for told, opening in ((between, 1_000_000 + pays.cents), (pays, 20_000_000)):
        file.write_bytes(coda([told], civil_today(), 0, opening, account="TWICE"))
        desk.does("payments", "import", str(file))
    [again] = [m for m in desk.does("payments") if m["candidates"]]
    same = desk.does("payments", "same", again["id"], "--as", again["candidates"][0]["id"])
    assert (same["state"], same["reason"], same["rest"]) == ("known", "same", 0)
    told = desk.does("payments", "report", "--year", year)
    assert told["reconciled"]
    assert desk.does("payments", "report") == told  # of this year, when none is named


def test_a_credit_note_ends_what_is_owed(desk: Desk, invoiced) -> None:
    number, _ogm = invoiced
    receipt = desk.does("credit-invoice", number, "--reason", "nothing is due")
    assert receipt["letters"] == ["credit-note"]
    assert "book-payment" not in receipt["possible"]
    desk.asks("credit-invoice", number, "--amount", "1.00", "--reason", "more").ended(3)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("payments", "import", "nowhere.cod"), 2),
        (("payments", "import", "README.md"), 2),
        (("payments", "assign", "M-nobody", "CUP-2026-001"), 4),
        (("payments", "return", "M-nobody", "--reason", "r"), 4),
        (("payments", "refund", "M-nobody", "--of", "M-nobody"), 4),
        (("payments", "refund", "M-nobody"), 2),
        (("payments", "same", "M-nobody", "--as", "M-nobody"), 4),
        (("payments", "different", "M-nobody"), 4),
        (("payments", "split", "M-nobody", "--to", "x"), 2),
        (("payments", "split", "M-nobody", "--to", "x=-1"), 2),
        (("payments", "report", "--year", "26"), 2),
        (("payments", "unknown"), 2),
    ],
)
def test_what_cannot_be_done_is_said_with_its_exit_code(desk: Desk, words, code) -> None:
    desk.asks(*words).ended(code)


def test_a_statement_that_was_cut_is_refused_whole(desk: Desk, invoiced, tmp_path: Path) -> None:
    number, ogm = invoiced
    file = tmp_path / "cut.cod"
    file.write_bytes(coda([Payment(1_00, ogm), Payment(2_00, ogm)], civil_today(), 104)[:-130])
    assert "Nothing was taken in" in desk.asks("payments", "import", str(file)).ended(2).err
    assert desk.sees(number)["invoices"][0]["paid_cents"] == 0


def test_several_files_are_taken_in_by_their_days_and_one_that_is_refused_holds_up_no_other(
    desk: Desk, tmp_path: Path
) -> None:
    days = civil_today() - timedelta(days=2), civil_today() - timedelta(days=1)
    earlier, later, wrong = (tmp_path / name for name in ("b.cod", "a.cod", "cut.xml"))
    for file, day, number in zip((earlier, later), days, (121, 122), strict=True):
        opening = 1_000_000 + (121 if file == later else 0)
        file.write_bytes(coda([Payment(number, f"rent {number}")], day, number, opening, "SEVERAL"))
    wrong.write_bytes(b"<Document/>")
    typed = [str(file) for file in (wrong, later, earlier)]
    answer = desk.asks("payments", "import", *typed, "-o", "json").ended(2)
    assert [(one["name"], one.get("movements"), one.get("error")) for one in answer.document] == [
        ("b.cod", 1, None),
        ("a.cod", 1, None),
        ("cut.xml", None, "InputRefused"),
    ]
    shown = desk.asks("payments", "import", *typed).ended(2)
    assert "In the order of their days: b.cod, a.cod." in shown.out
    assert "cut.xml: it is XML, and no camt.053" in shown.err


def test_without_a_server_a_statement_is_kept_and_nothing_is_lost(nowhere: Desk, tmp_path: Path) -> None:
    assert nowhere.types("payments").ended(5).err
    file = tmp_path / "s.cod"
    file.write_bytes(coda([Payment(1_00, "x")], civil_today()))
    nowhere.types("payments", "import", str(file)).ended(5)

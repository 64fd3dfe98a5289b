"""What ends up in a header is checked before the library sees it, on every version of Python."""

from __future__ import annotations

import pytest

from models.entry import LetterKind
from models.parties import Contact, Language, is_mail_address, mail_address, mail_addresses
from tests.letters.letter_desk import LetterDesk, Postman
from tests.letters.sample_letters import batch, letter

HOSTILE = {
    "subject": [
        "Decision\r\nBcc: everybody@example.org",
        "Decision\nX-Forged: yes",
        "Decision\rX-Forged: yes",
        "Decision\x00",
        "Decision\x0b\x0cX",
        "Decision\x1b[31m",
        "Decision\x7f",
        "Decision\x85Bcc: x@example.org",
        "Decision\u2028Bcc: x@example.org",
        "Decision\u202etxet",
        "=?utf-8?q?=0D=0ABcc=3A_x=40example=2Eorg?=",
        "Decision =?utf-8?b?DQpCY2M6IHhAZXhhbXBsZS5vcmc=?=",
        "",
        "x" * 301,
    ],
    "recipient": [
        "pharma@example.org\nRCPT TO:<else@example.org>",
        "pharma@example.org\r\nBcc: else@example.org",
        "pharma@example.org, else@example.org",
        "pharma@example.org;else@example.org",
        "pharma@example.org else@example.org",
        "Everybody: pharma@example.org, else@example.org;",
        "Pharma <pharma@example.org>",
        "<pharma@example.org>",
        '"pharma else"@example.org',
        "pharma(comment)@example.org",
        "@relay.example.org:pharma@example.org",
        "pharma%else.org@[127.0.0.1]",
        "=?utf-8?q?else=40example=2Eorg=2C?=pharma@example.org",
        "pharma@example.org\x00",
        "pharma@exämple.org",
        ".pharma@example.org",
        "pharma..x@example.org",
        "pharma@-example.org",
        "pharma@example",
        "pharma",
        "",
        "x" * 65 + "@example.org",
    ],
    "message_id": ["<1@a>\r\nX: y", "1@a", "<" + "0" * 40 + "@a b>", "<" + "0" * 40 + "@a>\n"],
    "document": [
        'decision.pdf"; x="y.pdf',
        "decision\r\nX: y.pdf",
        "../decision.pdf",
        "decision.exe",
        "=?utf-8?q?x?=.pdf",
        "décision\u202efdp.pdf",
    ],
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in HOSTILE.items() for value in values]
)
def test_no_value_can_add_a_header_or_a_recipient(
    desk: LetterDesk, postman: Postman, field: str, value: str
) -> None:
    desk.makes(batch(letter(LetterKind.DECISION), applicant=desk.applicant()))
    desk.change(**{field: value})
    for server in (postman.server, None):
        assert desk.delivers(server) == ["CUP-2026-014/7/decision/applicant"]
    assert (postman.taken, desk.mails_in_outbox(), desk.states()) == ([], [], ["refused"])
    (notice,) = desk.notices()
    assert "cannot stand in a header" in notice.reason
    assert notice.reason.isprintable()


def test_a_forged_sender_is_refused_as_well(desk: LetterDesk, postman: Postman) -> None:
    from activities.letters import Letters
    from activities.notifications import Notifications

    desk.makes(batch(letter(LetterKind.DECISION), applicant=desk.applicant()))
    forged = "umn@agency.invalid>\r\nRCPT TO:<else@example.org"
    notifications = Notifications(desk.url, desk.store, desk.outbox, postman.server, forged)
    desk.delivers(by=Letters(desk.url, desk.documents, notifications, desk.told.append))
    assert (postman.taken, desk.states()) == ([], ["refused"])


def test_an_html_body_goes_beside_the_words_with_the_letter_attached(
    desk: LetterDesk, postman: Postman
) -> None:
    desk.makes(batch(letter(LetterKind.DECISION), applicant=desk.applicant()))
    desk.change(html="<p>Geachte, de beslissing is <b>négatief</b>.</p>")
    desk.delivers(postman.server)
    (mail,) = postman.taken
    assert mail.get_content_type() == "multipart/mixed"
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    assert "<b>négatief</b>" in mail.get_body(("html",)).get_content()
    (notice,) = desk.notices()
    assert mail.get_body(("plain",)).get_content().splitlines() == notice.body.splitlines()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("contact@société-exemple.be", "contact@xn--socit-exemple-ehbb.be"),
        (" mailto:a@exemplar.test ", "a@exemplar.test"),
        ("MAILTO:a@exemplar.test\n", "a@exemplar.test"),
        ("a@STRAẞE.example", "a@xn--strae-oqa.example"),
        ("o'neil+umn@sub.example-1.org", "o'neil+umn@sub.example-1.org"),
    ],
)
def test_what_people_write_as_an_address_is_what_mail_goes_to(written: str, kept: str) -> None:
    assert mail_address(written) == mail_address(kept) == kept
    assert Contact(name="Exemplar", language=Language.NL, email=written).email == kept


@pytest.mark.parametrize(
    "written",
    [
        "josé@exemplar.test",
        "a.@exemplar.test",
        "a@[127.0.0.1]",
        "Ann <a@exemplar.test>",
        "a@exemplar.test, b@exemplar.test",
        "a@exem plar.test",
        "a@exemplar",
        "a@-é.test",
        "a@b..be",
        "a@☃.net",
        "a@münchen.de.",
        "Ａ@b.be",
        "a@1.2.3.4",
        f"a@{'x' * 70}.be",
        "@exemplar.test",
        "",
    ],
)
def test_what_mail_cannot_go_to_is_no_address_for_anybody(written: str) -> None:
    for reads in (mail_address, lambda it: Contact(name="Exemplar", language=Language.NL, email=it)):
        with pytest.raises(ValueError, match=r"is no address|signs before the @"):
            reads(written)


def test_a_domain_in_letters_of_its_language_is_written_to(desk: LetterDesk, postman: Postman) -> None:
    applicant = desk.applicant(email="contact@société-exemple.be")
    desk.makes(batch(letter(LetterKind.INCOMPLETE), applicant=applicant))
    assert desk.delivers(postman.server) == []
    (mail,) = postman.taken
    assert mail["To"] == "contact@xn--socit-exemple-ehbb.be"
    assert desk.states() == ["sent"]


def test_a_setting_names_one_address_or_several_and_nothing_else() -> None:
    assert mail_addresses("a@example.org, b@example.org,a@example.org,") == ("a@example.org", "b@example.org")
    assert is_mail_address("o'neil+umn@sub.example-1.org")
    for wrong in ("a@example.org b@example.org", "a@example.org, Desk <b@example.org>"):
        with pytest.raises(ValueError, match="is no address that mail can go to"):
            mail_addresses(wrong)

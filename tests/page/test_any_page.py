"""Any page that follows the agency's shapes is read back as it was written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InputRefused
from procedures.be_umn.agency_page.known_products import KnownProduct
from procedures.be_umn.agency_page.reading import HEADERS, TITLES, read_page
from procedures.be_umn.words import PublicList

TODAY = date(2026, 1, 5)
KNOWN = tuple(
    KnownProduct(f"{name}{form}", f"{substance}{salt}")
    for name, substance in (("Aldra", "aldinib"), ("Belfix", "belumab/celumab"), ("Nullimab", "Nullimab"))
    for form in ("", " for DS", " (kuur)")
    for salt in ("", " chloride", " (as the acetate)")
)
words = st.text(alphabet="aeknrst ëï≥<>%&'()/,.-0123456789", min_size=1, max_size=60)
indications = words.map(lambda text: " ".join(("bij", *text.split(), "volwassenen")))
days = st.dates(date(2006, 12, 14), TODAY)
gaps = st.sampled_from(["\n", "\n\n", "\n\u00a0\n", "\n \u00a0\u00a0\n\n"])


@st.composite
def pages(draw):
    """A page as text, with its rows and the line of each row's date."""
    language = draw(st.sampled_from(list(TITLES)))
    rows, dates, text, seen = [], [], "Intro 27/06/2023\n", set()
    for public_list in PublicList.words():
        text += draw(st.sampled_from(TITLES[language][public_list])).capitalize() + draw(gaps)
        text += " ".join(HEADERS[language]) + draw(gaps)
        for product in draw(st.lists(st.sampled_from(KNOWN), max_size=5)):
            indication = draw(indications)
            if (product, indication) in seen:
                continue
            seen.add((product, indication))
            day = draw(days)
            written = f"{day:%d/%m}/{day.year:04}"
            name, substance = product.trade_name, product.active_substance
            if draw(st.booleans()):
                blank = draw(st.sampled_from([" ", "\u00a0 ", "  "]))
                row = f"{name} {substance} {indication}{blank}{written}"
                text += row
            else:
                text += draw(gaps).join((name, substance, indication, written))
            dates.append((text.count("\n") + 1, written))
            text += draw(gaps)
            rows.append((public_list, name, substance, indication, day))
    return text, rows, dates


def unbracketed(rows):
    return {(name.replace(" (kuur)", ""), indication.rstrip(" .")) for _, name, _, indication, _ in rows}


@given(pages())
def test_rows_in_any_mixture_of_both_shapes_read_back_the_same(written):
    text, rows, _ = written
    if len(unbracketed(rows)) < len(rows):
        with pytest.raises(InputRefused, match="already"):
            read_page(text, TODAY, KNOWN)
        return
    read = read_page(text, TODAY, KNOWN)
    assert [
        (r.public_list, r.trade_name, r.active_substance, r.indication, r.last_update) for r in read
    ] == rows


DAMAGES = (
    lambda d: "31/02/" + d[6:],
    lambda d: "32" + d[2:],
    lambda d: d[:3] + "13" + d[5:],
    lambda d: d[:6] + "2" + d[6:],
    lambda d: d[:6] + d[8:],
    lambda d: d.replace("/", "-"),
    lambda d: d.replace("/", "."),
    lambda d: d.replace("/", "", 1),
    lambda d: d[1:],
    lambda d: "1" + d,
    lambda d: d[:-1] + "O",
    lambda d: d[:6] + "2999",
    lambda d: "-".join(reversed(d.split("/"))),
)


@given(pages().filter(lambda page: page[2]), st.data())
def test_any_single_damaged_date_is_refused_with_its_line(written, data):
    text, _, dates = written
    number, day = data.draw(st.sampled_from(dates))
    damaged = data.draw(st.sampled_from(DAMAGES))(day)
    lines = text.split("\n")
    before, _, after = lines[number - 1].rpartition(day)
    lines[number - 1] = before + damaged + after
    with pytest.raises(InputRefused) as refused:
        read_page("\n".join(lines), TODAY, KNOWN)
    assert f"Line {number}: " in refused.value.message

"""An invoice or credit note as UBL, by the rules of Peppol BIS Billing 3 (EN 16931).

Interpretation: a contribution is an act of a public authority and outside the scope of VAT, hence
category O throughout. To be confirmed by the agency's accounts; open.
Not coded: parties without a Belgian enterprise number; they have no endpoint that we could name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree

_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
_CAC, _CBC = f"{_NAMESPACE}CommonAggregateComponents-2", f"{_NAMESPACE}CommonBasicComponents-2"
_CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"

_BELGIAN_ENTERPRISE = "0208"
"""The scheme of Belgian enterprise numbers, both as endpoint and as registration."""

_SEPA_TRANSFER = "58"
_ONE = "C62"
_OUTSIDE_VAT = "O"
_OUTSIDE_VAT_REASON = "VATEX-EU-O"

ElementTree.register_namespace("invoice", f"{_NAMESPACE}Invoice-2")
ElementTree.register_namespace("credit", f"{_NAMESPACE}CreditNote-2")
ElementTree.register_namespace("cac", _CAC)
ElementTree.register_namespace("cbc", _CBC)


@dataclass(frozen=True)
class BilledParty:
    """Creditor or debtor: name, lines of the address, and Belgian enterprise number (ten digits)."""

    name: str
    address: tuple[str, ...]
    enterprise_number: str


@dataclass(frozen=True)
class Bill:
    """What a UBL document says. `corrects` makes it a credit note: the invoice, and its day.

    Units: cents. `communication` and `account` say how to pay; a credit note asks nothing.
    """

    number: str
    issued_on: date
    dossier: str
    cents: int
    line: str
    about: str
    creditor: BilledParty
    debtor: BilledParty
    outside_vat: str
    note: str = ""
    due_on: date | None = None
    communication: str = ""
    account: str = ""
    corrects: tuple[str, date] | None = None


def ubl(bill: Bill) -> bytes:
    """The bill as an XML document; the same bill gives the same bytes."""
    kind, type_code = ("CreditNote", "381") if bill.corrects else ("Invoice", "380")
    root = ElementTree.Element(f"{{{_NAMESPACE}{kind}-2}}{kind}")
    _add(root, "CustomizationID", _CUSTOMIZATION)
    _add(root, "ProfileID", _PROFILE)
    _add(root, "ID", bill.number)
    _add(root, "IssueDate", bill.issued_on.isoformat())
    if bill.due_on:
        _add(root, "DueDate", bill.due_on.isoformat())
    _add(root, f"{kind}TypeCode", type_code)
    if bill.note:
        _add(root, "Note", bill.note)
    _add(root, "DocumentCurrencyCode", "EUR")
    _add(root, "BuyerReference", bill.dossier)
    if bill.corrects:
        corrected = _group(root, "BillingReference", "InvoiceDocumentReference")
        _add(corrected, "ID", bill.corrects[0])
        _add(corrected, "IssueDate", bill.corrects[1].isoformat())
    _party(_group(root, "AccountingSupplierParty", "Party"), bill.creditor)
    _party(_group(root, "AccountingCustomerParty", "Party"), bill.debtor)
    if bill.account:
        means = _group(root, "PaymentMeans")
        _add(means, "PaymentMeansCode", _SEPA_TRANSFER)
        _add(means, "PaymentID", bill.communication)
        _add(_group(means, "PayeeFinancialAccount"), "ID", bill.account)
    if bill.corrects:  # asked for by BR-CO-25: a credit note has no day on which it is due
        _add(_group(root, "PaymentTerms"), "Note", bill.note or bill.line)
    _taxes(root, bill)
    totals = _group(root, "LegalMonetaryTotal")
    for total in ("LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "PayableAmount"):
        _amount(totals, total, bill.cents)
    _line(root, kind, bill)
    ElementTree.indent(root)
    made: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _party(party: ElementTree.Element, said: BilledParty) -> None:
    _add(party, "EndpointID", said.enterprise_number, schemeID=_BELGIAN_ENTERPRISE)
    _add(_group(party, "PartyName"), "Name", said.name)
    address = _group(party, "PostalAddress")
    for name, line in zip(("StreetName", "AdditionalStreetName"), said.address, strict=False):
        _add(address, name, line)
    if rest := said.address[2:]:
        _add(_group(address, "AddressLine"), "Line", ", ".join(rest))
    _add(_group(address, "Country"), "IdentificationCode", "BE")
    legal = _group(party, "PartyLegalEntity")
    _add(legal, "RegistrationName", said.name)
    _add(legal, "CompanyID", said.enterprise_number, schemeID=_BELGIAN_ENTERPRISE)


def _taxes(root: ElementTree.Element, bill: Bill) -> None:
    taxes = _group(root, "TaxTotal")
    _amount(taxes, "TaxAmount", 0)
    part = _group(taxes, "TaxSubtotal")
    _amount(part, "TaxableAmount", bill.cents)
    _amount(part, "TaxAmount", 0)
    category = _group(part, "TaxCategory")
    _add(category, "ID", _OUTSIDE_VAT)
    _add(category, "TaxExemptionReasonCode", _OUTSIDE_VAT_REASON)
    _add(category, "TaxExemptionReason", bill.outside_vat)
    _add(_group(category, "TaxScheme"), "ID", "VAT")


def _line(root: ElementTree.Element, kind: str, bill: Bill) -> None:
    line = _group(root, f"{kind}Line")
    _add(line, "ID", "1")
    _add(line, "CreditedQuantity" if bill.corrects else "InvoicedQuantity", "1", unitCode=_ONE)
    _amount(line, "LineExtensionAmount", bill.cents)
    item = _group(line, "Item")
    _add(item, "Description", bill.about)
    _add(item, "Name", bill.line)
    category = _group(item, "ClassifiedTaxCategory")
    _add(category, "ID", _OUTSIDE_VAT)
    _add(_group(category, "TaxScheme"), "ID", "VAT")
    _amount(_group(line, "Price"), "PriceAmount", bill.cents)


def _group(parent: ElementTree.Element, *names: str) -> ElementTree.Element:
    for name in names:
        parent = ElementTree.SubElement(parent, f"{{{_CAC}}}{name}")
    return parent


def _add(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    child = ElementTree.SubElement(parent, f"{{{_CBC}}}{name}", attributes)
    # two characters that a name may hold and XML may not
    child.text = text.replace("\ufffe", "").replace("\uffff", "")


def _amount(parent: ElementTree.Element, name: str, cents: int) -> None:
    _add(parent, name, f"{cents // 100}.{cents % 100:02d}", currencyID="EUR")

"""Writes the sample applications anew, one for each procedure: always the same bytes.

`python procedures/be_umn/samples/make.py` writes the folders beside this file; with `INTO` behind it, it
writes them into a folder of your own, each also as the platform delivers it: the delivery file and, beside
it, the archive. Everything is invented; products, firms, diseases and addresses do not exist.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FICTITIOUS = "Fictitious sample of our own: no such product, firm or disease exists.\n\n"
ZIPPED_AT = (2026, 11, 16, 9, 0, 0)
"""The time that every entry of an archive carries: the same samples are the same bytes."""


def responsible(name: str, address: str, phone: str, email: str) -> dict[str, str]:
    """Somebody who is responsible, as the form asks."""
    return {"name": name, "address": address, "phone": phone, "email": email}


CUP_FORM: dict[str, Any] = {
    "procedure": "CUP",
    "submission_type": "application",
    "applicant": {
        "name": "Exemplar Therapeutics (fictitious)",
        "language": "en",
        "email": "regulatory@exemplar.example.org",
        "address": "1 Sample Street (fictitious), 2000 Antwerpen",
        "private_undertaking": True,
        "country": "BE",
        "postal_code": "2000",
        "commune": "Antwerpen",
    },
    "product": {
        "trade_name": "Voorbeeldra",
        "active_substance": "voorbeeldinib",
        "indication": "Adults with Nergensland syndrome who did not respond to an earlier treatment.",
    },
    "protocol_template": "2023-06-27",
    "application": {
        "disease": ["seriously-debilitating", "life-threatening"],
        "alternative_authorised": True,
        "alternative_marketed": True,
        "alternative_reimbursed": False,
        "group_of_patients": True,
        "free_of_charge": True,
        "one_indication": True,
        "human_medicine": True,
        "trial_considered": True,
        "authorised": False,
        "marketed": False,
        "centralised_scope": "mandatory",
        "application_submitted": False,
        "trials_ongoing": True,
        "strength": "50 mg",
        "pharmaceutical_form": "film-coated tablet",
        "responsible": responsible(
            "Programme desk of Exemplar (fictitious)",
            "1 Sample Street, 0000 Nowhere",
            "+32 2 000 00 00",
            "programme@exemplar.example.org",
        ),
        "responsible_physician": responsible(
            "Medical desk of Exemplar (fictitious)",
            "1 Sample Street, 0000 Nowhere",
            "+32 2 000 00 01",
            "medical@exemplar.example.org",
        ),
        "inclusion_criteria": "Adults; confirmed syndrome; no response to one earlier treatment.",
        "duration": "Until the product is reimbursed, at most three years.",
        "costs": "The applicant bears all costs of transport and administration.",
        "unused_product": "Returned to the applicant, who has it destroyed.",
        "consent_attached": True,
        "patients_expected": 40,
        "cohort_requested": False,
    },
}
MNP_FORM: dict[str, Any] = {
    "procedure": "MNP",
    "submission_type": "application",
    "applicant": {
        "name": "Voorbeeld Farma (fictitious)",
        "language": "nl",
        "email": "dossiers@voorbeeld-farma.invalid",
        "address": "Voorbeeldlaan 3 (fictief), 9000 Gent",
        "private_undertaking": True,
        "country": "BE",
        "postal_code": "9000",
        "commune": "Gent",
    },
    "product": {
        "trade_name": "Sluitium",
        "active_substance": "closurestat",
        "indication": "Children from 2 to 11 years with the disease of Denkbeeld, "
        "for whom no marketed product is reimbursed.",
    },
    "protocol_template": "2023-06-27",
    "application": {
        "disease": ["chronic", "seriously-debilitating"],
        "alternative_authorised": False,
        "alternative_marketed": False,
        "alternative_reimbursed": False,
        "group_of_patients": True,
        "free_of_charge": True,
        "one_indication": True,
        "human_medicine": True,
        "trial_considered": True,
        "authorised": True,
        "marketed": True,
        "trials_ongoing": False,
        "indication_authorised": False,
        "indication_marketed": False,
        "indication_under_review": False,
        "trials_relevant": True,
        "written_request": True,
        "applicant_holds_authorisation": True,
        "strength": "10 mg/ml",
        "pharmaceutical_form": "oral solution",
        "responsible": responsible(
            "Programmaloket van Voorbeeld Farma (fictief)",
            "Voorbeeldlaan 3, 0000 Nergens",
            "+32 2 000 00 02",
            "programma@voorbeeld-farma.invalid",
        ),
        "responsible_physician": responsible(
            "Medische dienst van Voorbeeld Farma (fictief)",
            "Voorbeeldlaan 3, 0000 Nergens",
            "+32 2 000 00 03",
            "medisch@voorbeeld-farma.invalid",
        ),
        "inclusion_criteria": "From 2 to 11 years; confirmed disease.",
        "duration": "Two years, or until the indication is marketed.",
        "costs": "The applicant bears all costs of transport and administration.",
        "unused_product": "Returned to the hospital pharmacy and destroyed there.",
        "consent_attached": True,
        "patients_expected": 25,
        "cohort_requested": True,
    },
}
CUP_INVOICED: dict[str, Any] = {
    "name": "Exemplar Therapeutics Belgium, accounts (fictitious)",
    "language": "fr",
    "email": "comptes@exemplar.example.org",
    "address": "Rue de l’Exemple 2 (fictive), 1000 Bruxelles",
    "private_undertaking": True,
    "country": "BE",
    "postal_code": "1000",
    "commune": "Bruxelles",
    "enterprise_number": "",
}
MNP_INVOICED: dict[str, Any] = {
    "name": "Voorbeeld Farma, boekhouding (fictitious)",
    "language": "nl",
    "email": "boekhouding@voorbeeld-farma.invalid",
    "address": "Voorbeeldlaan 3 (fictief), 9000 Gent",
    "private_undertaking": True,
    "country": "BE",
    "postal_code": "9000",
    "commune": "Gent",
    "enterprise_number": "",
}

SUMMARY = {
    "en": "Summary for publication. Access is asked in writing by the treating physician; "
    "supply is free of charge.",
    "fr": "Résumé pour publication. L'accès est demandé par écrit par le médecin traitant ; "
    "la fourniture est gratuite.",
    "nl": "Samenvatting voor publicatie. De behandelende arts vraagt de toegang schriftelijk; de levering is "
    "gratis.",
}


def documents(protocol: str, declaration: str, filed: str, summaries: tuple[str, ...]) -> dict[str, str]:
    """The documents of an application, by their names in the package."""
    texts = {
        f"02_protocol/annex-{protocol}-protocol.txt": "Protocol, version 1. Rationale, eligibility, "
        "requests of physicians, safety reporting, unused product.",
        f"04_product-dossier/{filed}.txt": "Dossier for the evaluation of the medicine, version 1.",
        "04_product-dossier/investigators-brochure.txt": "Investigator's brochure, edition 4.",
        "05_informed-consent/informed-consent-fr.txt": "Formulaire de consentement éclairé, version 1.",
        "05_informed-consent/informed-consent-nl.txt": "Formulier voor geïnformeerde toestemming, versie 1.",
        "06_labelling/annex-v-label.txt": "Label: for use in this programme only. Batch, expiry, storage, "
        "contact of the responsible.",
        f"07_physician-declaration/annex-{declaration}-declaration.txt": "Declaration of the treating "
        "physician: model, not filled in.",
    }
    for language in summaries:
        texts[f"03_summary-publication/annex-iv-summary-{language}.txt"] = SUMMARY[language]
    return {name: f"{FICTITIOUS}{text}\n" for name, text in texts.items()}


def package(number: str, received_at: str, form: dict[str, Any], invoiced: dict[str, Any]) -> dict[str, str]:
    """Delivery file, cover letter and form, by their names in the package."""
    cover = {"cesp_number": number, "submission_type": form["submission_type"], "invoice_addressee": invoiced}
    return {
        f"{number}.xml": f"<delivery>\n  <number>{number}</number>\n"
        f"  <procedure>{form['procedure']}</procedure>\n"
        f"  <submission-type>{form['submission_type']}</submission-type>\n"
        f"  <received-at>{received_at}</received-at>\n</delivery>\n",
        "00_cover-letter/cover-letter.json": json.dumps(cover, indent=2, ensure_ascii=False) + "\n",
        "01_application-form/form.json": json.dumps(form, indent=2, ensure_ascii=False) + "\n",
    }


SAMPLES = {
    # its summary in French is left out on purpose: samples/cup-completion brings it
    "cup-application": package("DEMO-2026-0001", "2026-11-16T09:12:00+01:00", CUP_FORM, CUP_INVOICED)
    | documents("iii", "vii", "pre-submission-dossier", ("en", "nl")),
    "mnp-application": package("DEMO-2026-0003", "2026-11-17T11:05:00+01:00", MNP_FORM, MNP_INVOICED)
    | documents("vi", "viii", "dossier-of-the-indication", ("en", "fr", "nl")),
}
"""The files of each sample, by their names."""


def write(into: Path) -> None:
    """Writes the samples as folders."""
    for sample, files in SAMPLES.items():
        for name, text in files.items():
            file = into / sample / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")


def deliver(into: Path) -> None:
    """Writes each sample as the platform delivers it: the delivery file beside the archive."""
    for sample, files in SAMPLES.items():
        folder = into / f"{sample}-delivery"
        folder.mkdir(parents=True, exist_ok=True)
        (number,) = (name for name in files if "/" not in name)
        (folder / number).write_text(files[number], encoding="utf-8", newline="\n")
        with zipfile.ZipFile(folder / f"{sample}.zip", "w") as archive:
            for name in sorted(files.keys() - {number}):
                entry = zipfile.ZipInfo(name, ZIPPED_AT)
                entry.external_attr, entry.create_system = 0o644 << 16, 3
                archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        write(Path(sys.argv[1]))
        deliver(Path(sys.argv[1]))
    else:
        write(HERE)

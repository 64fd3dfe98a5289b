"""The agency that carries both programmes out; nothing reaches these addresses, and nobody this number."""

from models.parties import Language
from procedures.be_umn.words import Role
from procedures.shape import Authority

AGENCY = Authority(
    name={
        Language.NL: "Federaal Agentschap voor Geneesmiddelen en Gezondheidsproducten (demonstratie)",
        Language.FR: "Agence fédérale des médicaments et des produits de santé (démonstration)",
        Language.EN: "Federal Agency for Medicines and Health Products (demonstration)",
        Language.DE: "Föderalagentur für Arzneimittel und Gesundheitsprodukte (Demonstration)",
    },
    addresses={
        Role.DESK: "umn-desk@agency.invalid",
        Role.ETHICS_COMMITTEE: "ethics-committee@agency.invalid",
        Role.COMMISSION: "commission@agency.invalid",
        Role.EUROPEAN_AGENCY: "european-agency@agency.invalid",
        Role.MEDICAL_DIRECTORS: "medical-directors@agency.invalid",
    },
    languages={Role.EUROPEAN_AGENCY: Language.EN},
    language=Language.NL,
    telephone="+32 2 000 00 00",
)

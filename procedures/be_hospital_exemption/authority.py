"""The agency that carries the exemption out; nothing reaches these addresses, and nobody this number."""

from models.parties import Language
from procedures.be_hospital_exemption.words import Role
from procedures.shape import Authority

AGENCY = Authority(
    name={
        Language.NL: "Federaal Agentschap voor Geneesmiddelen en Gezondheidsproducten (demonstratie)",
        Language.FR: "Agence fédérale des médicaments et des produits de santé (démonstration)",
        Language.EN: "Federal Agency for Medicines and Health Products (demonstration)",
        Language.DE: "Föderalagentur für Arzneimittel und Gesundheitsprodukte (Demonstration)",
    },
    addresses={
        Role.DESK: "hospital-exemption@agency.invalid",
        Role.COMMISSION: "commission@agency.invalid",
    },
    language=Language.NL,
    telephone="+32 2 000 00 00",
)

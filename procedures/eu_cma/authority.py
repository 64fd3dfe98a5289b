"""The agency that carries the procedure out; nothing reaches these addresses, and nobody this number."""

from models.parties import Language
from procedures.eu_cma.words import Role
from procedures.shape import Authority

AGENCY = Authority(
    name={
        Language.NL: "Europees Geneesmiddelenbureau (demonstratie)",
        Language.FR: "Agence européenne des médicaments (démonstration)",
        Language.EN: "European Medicines Agency (demonstration)",
        Language.DE: "Europäische Arzneimittel-Agentur (Demonstration)",
    },
    addresses={
        Role.DESK: "conditional-authorisations@agency.invalid",
        Role.CHMP: "chmp@agency.invalid",
        Role.EUROPEAN_COMMISSION: "medicines@commission.invalid",
        Role.STANDING_COMMITTEE: "standing-committee@commission.invalid",
    },
    language=Language.EN,
    telephone="+31 20 000 00 00",
)

"""The office that certifies centres; it is invented, and nothing can be delivered to its addresses."""

from models.parties import Language
from procedures.be_centre.words import Role
from procedures.shape import Authority

OFFICE = Authority(
    name={
        Language.NL: "Bureau voor behandelcentra (verzonnen)",
        Language.FR: "Office des centres de traitement (inventé)",
        Language.EN: "Office for Treatment Centres (invented)",
        Language.DE: "Amt für Behandlungszentren (erfunden)",
    },
    addresses={Role.DESK: "centres@office.invalid", Role.COUNCIL: "council@office.invalid"},
    language=Language.NL,
    telephone="+32 2 000 00 00",
)

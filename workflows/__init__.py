"""The procedures as durable workflows. Start reading at examination.py.

Each file stands on those below it, and none on one above:

    examination, life              run the stages of a dossier, and the years of a programme
    phases/                        one file each: what is awaited, what may come, what follows
    under_examination, in_force    what phases ask of a dossier or a programme, whoever runs them
    proceeding                     what Temporal carries of it: acts in order, the one wait, receipts
    entries, revision, refusal, temporal_ui, invoicing, delivery, warning, cancellation
                                   what is so in every case, as functions over it
    case                           what it carries and counts, and says of what has happened
    effects                        the verbs towards the outside world

Beside these stand an account (of a case that has ended), a statement, the postman and the publication; and
a rehearsal, in which a case hears an act in the process of a command and does nothing.
"""

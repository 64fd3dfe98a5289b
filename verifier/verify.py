"""Verifies the file of a dossier or programme on any machine, without network and without the office.

    python3 verify.py [FOLDER or ARCHIVE.zip] [--key FINGERPRINT] [--anchors FOLDER]

Python 3.11 and `cryptography` are needed. It ends with 1 where something was changed, added or taken away."""

import argparse
import base64
import hashlib
import json
import sys
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha256(what):
    return hashlib.sha256(what.encode() if isinstance(what, str) else what).hexdigest()


def canonical(said, *left_out):
    """The one form in which a record is signed: JSON, its keys in order, without blanks, in UTF-8."""
    said = {name: value for name, value in said.items() if name not in left_out} if left_out else said
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def signed(purpose, message, signature, key):
    """Whether that key signed a message for a purpose, as OpenSSH signs files (PROTOCOL.sshsig)."""
    fields = (purpose.encode(), b"", b"sha512", hashlib.sha512(message).digest())
    framed = b"SSHSIG" + b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.split()[1])[-32:])
        return public.verify(base64.b64decode(signature), framed) is None
    except Exception:  # whatever it is, it is no signature
        return False


class Verification:
    def __init__(self, place, key=(), anchors=None):
        self.wrong, self.holds, self.unproven = [], [], []
        try:
            self.parts = self.parts_of(place)
            said = json.loads(self.parts["manifest.json"]())
            self.office, self.named = {said["key"]}, said["parts"]
            self.look_at_parts(said)
            if self.wrong:
                return  # whatever else could be said rests on them
            self.heads = [json.loads(line) for line in self.lines("heads.jsonl")]
            self.look_at_heads(anchors)
            laws = {law["digest"] for law in self.rows_of("law", "law")[0].get("law", [])}
            for one in map(json.loads, self.lines("law/confirmed.jsonl")):
                self.holds += [f"law: {one['number']} is by {', '.join(self.look_at_signers('law', one))}."]
            for number, folder in said["cases"].items():
                self.look_at_case(number, folder, laws)
        except Exception as error:
            return self.hold(False, f"The archive cannot be read to its end: {type(error).__name__} {error}.")
        for of in (hashlib.sha256(base64.b64decode(one.split()[1])).digest() for one in sorted(self.office)):
            of = "SHA256:" + base64.b64encode(of).decode().rstrip("=")
            self.hold(not key or of in key, f"The key {of} is none of those that were named with --key.")
            self.unproven += [] if key else [f"That {of} is the office's key: compare it (--key)."]

    def hold(self, true, otherwise):
        self.wrong += [] if true else [otherwise]

    def parts_of(self, place):
        if place.is_dir():
            return {f.relative_to(place).as_posix(): f.read_bytes for f in place.rglob("*") if f.is_file()}
        names = (archive := zipfile.ZipFile(place)).namelist()
        self.hold(len(names) == len(set(names)), "Two parts of the archive have one name.")
        return {name: lambda name=name: archive.read(name) for name in names}

    def lines(self, part):
        return self.parts[part]().decode().splitlines() if part in self.parts else []

    def look_at_parts(self, said):
        whole = signed("archive@umn", canonical(said, "signature"), said["signature"], said["key"])
        self.hold(whole, "manifest.json was changed: the office did not sign it so.")
        for part in sorted((self.named.keys() | self.parts.keys()) - {"manifest.json"}):
            became = "changed" if part in self.named else "added"
            try:
                digest = sha256(self.parts[part]())
            except Exception as error:
                digest, became = "", f"damaged ({error})" if part in self.parts else "taken away"
            self.hold(digest == self.named.get(part), f"{part} was {became}: the office did not sign it so.")
        self.holds.append(f"{len(self.named)} parts, each of them as the office signed it.")

    def look_at_heads(self, anchors):
        """What the office signed of its whole register at a moment: one digest for each case or table."""
        missing = not self.heads
        for head in self.heads:
            named = f"heads.jsonl: head {head['head']} of {head['at']}"
            chained = (head["before"], str(head["head"]), head["at"], str(head["until"]), *head["digests"])
            told = canonical({name: head[name] for name in ("head", "at", "chain")})
            self.hold(sha256("\n".join(chained)) == head["chain"], f"{named} does not fit its own digest.")
            self.hold(signed("head@umn", told, head["signature"], head["key"]), f"{named} is not signed.")
            self.office.add(head["key"])
            if stamp := self.parts.get(f"stamps/{Path(head['file']).stem}.tsr"):
                self.hold(hashlib.sha256(told).digest() in stamp(), f"{named}: its time stamp is of another.")
            copies = [f.read_text() for f in anchors.glob(f"{head['head']:07d}-*.json")] if anchors else []
            same, missing = any(head["signature"] in one for one in copies), missing or not copies
            same = same or not anchors or not (copies or head["anchors"])
            self.hold(same, f"{named} is not in the second place.")
        self.unproven += ["That the office did not write all of it anew (see --anchors)."] if missing else []

    def rows_of(self, stream, folder):
        """The rows of a case by table, and by row what changed in place: held against seals and heads."""
        held, moved, chains, at = {}, {}, {}, "no moment"
        for seal in map(json.loads, self.lines(f"{folder}/seals.jsonl")):
            n, before, at, covers = seal["sequence"], seal["before"], seal["at"], seal["covers"]
            fits = before == chains.get(n - 1, "0" * 64 if n == 1 else "")
            fits = n not in chains and (fits or (stream == "law" and n - 1 not in chains))
            chain = chains[n] = sha256(f"{before}\n{stream}\n{n}\n{at}\n{covers}")
            self.hold(fits and chain == seal["chain"], f"{folder}/seals.jsonl: seal {n} breaks the chain.")
            for table, key, digest, _, *moves in json.loads(covers):
                row, anew = (table, json.dumps(key)), table in ("current_state", "carried")  # at each entry
                same = anew or not digest or held.get(row, digest) == digest
                self.hold(same, f"{folder}: {table} {row[1]} was changed after it was written (seal {n}).")
                held[row] = digest
                for column, (was, now) in moves[0].items() if moves else ():
                    same = moved.setdefault(row, {}).get(column) == was
                    self.hold(same, f"{folder}: {column} of {table} {row[1]} was changed by nobody.")
                    moved[row][column] = now
        named = {n: head for head in self.heads for of, n in head["of"] if of == stream}
        for n, head in named.items():
            same = sha256(f"{stream}\n{n}\n{chains.get(n)}") in head["digests"]
            self.hold(same, f"{folder}: seal {n} is not the one that head {head['head']} names.")
        last = [n for n in chains if n + 1 not in chains and n not in named]
        self.unproven += [f"Since when {stream} stands so: no head names its last seal, {n}." for n in last]
        sealed = {(row[0], digest): row[1] for row, digest in held.items() if digest}
        files = {Path(p).stem: self.lines(p) for p in self.parts if p.startswith(f"{folder}/rows/")}
        lines = {(table, sha256(line)): line for table in files for line in files[table]}
        for one in sorted(lines.keys() ^ sealed.keys()):
            told = f"never sealed: {lines[one][:90]}" if one in lines else f"{sealed[one]} is missing."
            self.hold(one not in lines and stream == "law", f"{folder}/rows/{one[0]}.jsonl: {told}")
        self.holds.append(f"{stream}: {len(chains)} seals, the last of {at}, cover {len(lines)} rows.")
        return {table: [json.loads(line) for line in files[table]] for table in files}, moved

    def look_at_case(self, number, folder, laws):
        """Its entries are all there, with who signed them, their law, their documents and their letters."""
        rows, moved = self.rows_of(number, folder)
        entries, documents, who = rows["entry"], rows.get("document", []), set()
        self.hold(len(entries) == rows["current_state"][0]["entry"], f"{number}: an entry is missing.")
        wanted = {one["sha256"]: f"{one['name']} of entry {one['entry']}" for one in documents}
        wanted |= {one["sha256"]: f"the history of run {one['run']}" for one in rows.get("history", [])}
        kept = {self.named[part]: part for part in self.parts if part.startswith(f"{folder}/kept/")}
        self.wrong += [f"{number}: {wanted[one]} is missing." for one in wanted.keys() - kept.keys()]
        self.wrong += [f"{number}: no entry names {kept[one]}." for one in kept.keys() - wanted.keys()]
        for letter in rows.get("letter", []):
            now = moved.get(("letter", json.dumps([letter["key"]])), {})
            made = now.get("state") != "made" or now["document"] in [one["name"] for one in documents]
            self.hold(made, f"{number}: letter {letter['key']} has no document.")
        for row in (*entries, *rows.get("repetition", [])):
            where, envelope = f"{number}, entry {row['sequence']}", json.loads(row.get("envelope", "null"))
            if (act := envelope and envelope.get("act")) and "act" in row:
                same = act[0] in (row["act"], "OfficeAct")
                same = same and row.get("request_id") in (None, envelope["request_id"])
                order = envelope.get("ordered", envelope)["act"][1]  # of a person, where the worker did it
                same = same and order.get("said", {}).get("of", number) == number and order["by"] == row["by"]
                self.hold(same, f"{where} says something else than what was signed.")
            who.update(self.look_at_signers(where, envelope, row.get("digest"), number) if envelope else ())
            self.unproven += [] if envelope else [f"Who did what entry {row['sequence']} of {number} says."]
            self.hold(row.get("law", "") in ("", *laws), f"{where}: the law {row.get('law')} is missing.")
        self.holds += [f"{number}: {len(entries)} entries, {len(wanted)} files, of {', '.join(sorted(who))}."]

    def look_at_signers(self, where, one, digest="", number=None):
        """The envelope of whoever acted, and within it that of whoever prepared the same act."""
        act, word, on, later = one.get("act"), one["command"], number or one["number"], None
        who = self.look_at_signers(where, one["ordered"]) if "ordered" in one else []
        while one:
            by, digest = one["certificate"], sha256(canonical(act)) if act else digest
            says, told = canonical(by, "signature"), canonical(one, "certificate", "signature", "act")
            certified = any(signed("certificate@umn", says, by["signature"], key) for key in self.office)
            self.hold(certified, f"{where}: the office did not certify that {by['person']} might do this.")
            same = [one["command"], one["digest"], one["number"], by["number"]] == [word, digest, on, on]
            same = same and signed("act@umn", told, one["signature"], by["key"])
            self.hold(same, f"{where}: {by['person']} did not sign this, or something else.")
            days = by["since"], by["until"], by.get("stands_until", by["until"]), one["at"]
            since, until, last, at = map(datetime.fromisoformat, days)
            might = since - timedelta(0, 120) <= at <= until and (later or at) <= last and word in by["acts"]
            self.hold(might, f"{where}: {by['person']} had no power to do this then.")
            other = one.get("prepared", one)["certificate"]
            alone = by.get("takes") == "two" and {other["person"], other["key"]} & {by["person"], by["key"]}
            self.hold(not alone, f"{where}: {by['person']} did alone what takes two.")
            who, word, later, one = [*who, by["person"]], f"prepare {word}", at, one.get("prepared")
            act = act and one and [act[0], {**act[1], "by": other["person"]}]
        return who


if __name__ == "__main__":
    asked = argparse.ArgumentParser(usage=__doc__)
    asked.add_argument("place", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    asked.add_argument("--key", action="append", help="a fingerprint that the office publishes")
    asked.add_argument("--anchors", type=Path, help="a folder with what the office's second place holds")
    found = Verification(**vars(asked.parse_args()))
    print("\n- ".join(("IT DOES NOT HOLD", *found.wrong) if found.wrong else ("IT HOLDS", *found.holds)))
    print("\n- ".join(("WHAT THIS FILE CANNOT PROVE", *found.unproven)) if found.unproven else "")
    sys.exit(bool(found.wrong))

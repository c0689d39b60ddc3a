"""Makes releases of full size in their official formats, of made-up content."""

from __future__ import annotations

import random
from pathlib import Path

from race import terms

RX_KINDS = (
    # term type: share of the concepts of SAB=RXNORM, as in releases of 2025
    *(("IN", 0.06), ("PIN", 0.02), ("MIN", 0.02), ("BN", 0.10), ("SCDC", 0.12), ("SBDC", 0.10)),
    *(("SCDF", 0.10), ("SBDF", 0.08), ("SCD", 0.24), ("SBD", 0.16)),
)


def rxnorm(
    folder: Path, concepts: int = 250_000, atoms: int = 1_200_000, rows: int = 7_000_000
) -> Path:
    """A folder with RXNCONSO of `atoms` rows, and RXNREL and RXNSAT of `rows` rows each.

    Of RXNCONSO `concepts` rows are of SAB=RXNORM, of the other two a third.
    """
    draw = random.Random(3)  # noqa: S311 - made-up data
    folder.mkdir(parents=True, exist_ok=True)
    names = terms(20_000)
    kinds = [kind for kind, share in RX_KINDS for _ in range(int(concepts * share))]
    of = {kind: [n for n, each in enumerate(kinds) if each == kind] for kind, _ in RX_KINDS}
    with (folder / "RXNCONSO.RRF").open("w") as file:
        for number, kind in enumerate(kinds):
            name = f"{draw.choice(names)} {number % 500} MG"
            row = f"{number + 1}|ENG||||||{number}|{number}|||RXNORM|{kind}|{number}|{name}"
            file.write(f"{row}||N|4096|\n")
        for number in range(len(kinds), atoms):
            code = draw.randrange(len(kinds)) + 1
            name = draw.choice(names)
            file.write(f"{code}|ENG||||||{number}|{number}|||MTHSPL|DP|{number}|{name}||N|4096|\n")
    down = {"SCD": "SCDC", "SBD": "SBDC", "SCDC": "IN", "SBDC": "BN", "SCDF": "IN", "SBDF": "BN"}
    with (folder / "RXNREL.RRF").open("w") as file:
        for number in range(rows):
            code = draw.randrange(len(kinds))
            kind = kinds[code]
            lower = down.get(kind)
            if number % 3 or lower is None:
                to = draw.randrange(len(kinds))
                file.write(f"{to + 1}||CUI|RO|{code + 1}||CUI|part_of|{number}||NDFRT||||||\n")
                continue
            # each drug is made of the same few parts, however often a row says so
            to = of[lower][(code * 7 + number % 2) % len(of[lower])]
            name = "consists_of" if kind in ("SCD", "SBD") else "has_ingredient"
            file.write(f"{to + 1}||CUI|RO|{code + 1}||CUI|{name}|{number}||RXNORM||||||\n")
    with (folder / "RXNSAT.RRF").open("w") as file:
        for number in range(rows):
            code = draw.randrange(len(kinds)) + 1
            if number % 3:
                file.write(f"{code}|||{number}|CUI|{code}|||NDC|MTHSPL|{number:011}|N|4096|\n")
            else:
                told = draw.choice(("RXN_AVAILABLE_STRENGTH", "RXN_HUMAN_DRUG", "NDC"))
                file.write(
                    f"{code}|||{number}|CUI|{code}|||{told}|RXNORM|{number % 900} MG|N|4096|\n"
                )
    return folder


def snomed(folder: Path, concepts: int = 360_000) -> Path:
    """An RF2 snapshot: a directed acyclic graph, 3 descriptions and 4 relationships a concept."""
    draw = random.Random(4)  # noqa: S311 - made-up data
    terminology = folder / "Snapshot" / "Terminology"
    language = folder / "Snapshot" / "Refset" / "Language"
    terminology.mkdir(parents=True, exist_ok=True)
    language.mkdir(parents=True, exist_ok=True)
    names = terms(60_000)
    stamp, module = "20260101", "900000000000207008"
    tail = f"{stamp}\t1\t{module}"
    ids = [100_000 + 13 * number for number in range(concepts)]
    with (terminology / f"sct2_Concept_Snapshot_INT_{stamp}.txt").open("w") as file:
        file.write("id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\n")
        file.writelines(f"{code}\t{tail}\t900000000000074008\n" for code in ids)
    with (
        (terminology / f"sct2_Description_Snapshot-en_INT_{stamp}.txt").open("w") as file,
        (language / f"der2_cRefset_LanguageSnapshot-en_INT_{stamp}.txt").open("w") as refset,
    ):
        file.write(
            "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm"
            "\tcaseSignificanceId\n"
        )
        refset.write(
            "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId"
            "\tacceptabilityId\n"
        )
        for place, code in enumerate(ids):
            name = f"{draw.choice(names)} {place % 1000}"
            for number, (kind, term) in enumerate(
                (
                    ("900000000000003001", f"{name} (finding)"),
                    ("900000000000013009", name),
                    ("900000000000013009", draw.choice(names)),
                )
            ):
                own = code * 10 + number
                file.write(f"{own}\t{tail}\t{code}\ten\t{kind}\t{term}\t900000000000448009\n")
                best = "900000000000548007" if number < 2 else "900000000000549004"
                refset.write(f"r{own}\t{tail}\t900000000000509007\t{own}\t{best}\n")
    with (terminology / f"sct2_Relationship_Snapshot_INT_{stamp}.txt").open("w") as file:
        file.write(
            "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup"
            "\ttypeId\tcharacteristicTypeId\tmodifierId\n"
        )
        end = "900000000000011006\t900000000000451002"
        for place, code in enumerate(ids[1:], 1):
            # parents a few levels up: depth as in SNOMED CT, and two parents in half of all
            above = {ids[int(place * draw.uniform(0.2, 0.6))] for _ in range(1 + place % 2)}
            for parent in above:
                file.write(f"{code}1\t{tail}\t{code}\t{parent}\t0\t116680003\t{end}\n")
            for _ in range(2):
                file.write(f"{code}2\t{tail}\t{code}\t{draw.choice(ids)}\t1\t363698007\t{end}\n")
    return folder

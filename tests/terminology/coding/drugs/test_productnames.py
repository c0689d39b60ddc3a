"""Names of products by their parts: substances, salts, the brand."""

from __future__ import annotations

from terminology.coding.drugs.productnames import brand, parts, salt_words


def test_parts_of_names() -> None:
    name = "24 HR Hydrochlorothiazide 12.5 MG / metoprolol succinate 100 MG Oral Tablet [Dutoprol]"
    assert parts(name) == ["Hydrochlorothiazide", "metoprolol succinate"]
    assert brand(name) == "Dutoprol"
    assert parts("0.5 ML tirzepatide 10 MG/ML Injection") == ["tirzepatide"]
    assert parts("{28 (norethindrone 0.35 MG Oral Tablet) } Pack") == []
    assert salt_words("hydroxyzine HCl") == {"hydroxyzine", "hydrochloride"}

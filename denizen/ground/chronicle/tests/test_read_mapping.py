"""Mappings: what is wrong with one is said in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from denizen.ground.chronicle.ingestion import UnableToMap, load_mapping, read_entries, read_mapping

HOW_TO = Path(__file__).resolve().parents[4] / "docs" / "how-to"
SOUND = """
format: csv
source: shop
kind: purchase_made
resident: who
external_id: {column: id}
occurred_at: {column: when, format: iso}
payload:
  amount: {column: amount, type: decimal_to_minor_units}
"""


def changed(old: str, new: str) -> str:
    assert old in SOUND
    return SOUND.replace(old, new)


@pytest.mark.parametrize("name", ["cdnow.map.yaml", "college.map.yaml"])
def test_the_mappings_of_the_documentation_are_sound(name: str) -> None:
    assert load_mapping(HOW_TO / name).create_residents


def test_what_is_left_out_has_a_cautious_meaning() -> None:
    mapping = read_mapping(SOUND)

    assert (mapping.create_residents, mapping.lateness_seconds_max, mapping.skip_lines) == (False, None, 0)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [", "The mapping is not YAML"),
        ("[]", "the mapping must be a mapping of names to values"),
        (changed("format: csv", "format: xml"), "format must be csv / text / jsonl / parquet; 'xml' is not"),
        (changed("source: shop", ""), "the mapping needs source"),
        (changed("source: shop", "source: shop\ncolour: red"), "the mapping has no colour. It knows: format"),
        (changed("kind: purchase_made", "kind: moonwalked"), "'moonwalked' is not a kind of the vocabulary"),
        (changed("kind: purchase_made", "kind: {column: what}"), "kind needs table"),
        (changed("kind: purchase_made", "kind: {column: what, table: [a]}"), "kind.table must be a mapping"),
        (
            changed("resident: who", "resident: -1"),
            "resident must be a column's name, or its position from 0; -1 is not",
        ),
        (changed("{column: id}", "id"), "external_id must be a mapping"),
        (changed("{column: id}", "{}"), "external_id must be line, or one of column and template"),
        (changed("format: iso", "format: american"), "occurred_at.format must be yyyymmdd / unix_seconds / iso"),
        (changed("format: iso", "format: iso, time_zone: Mars/Olympus"), "'Mars/Olympus' is not a time zone"),
        (changed("format: iso", "format: iso, time_zone: ../etc/passwd"), "is not a time zone"),
        (changed("  amount:", "  price:"), "price is no payload field of the kind purchase_made. It has: amount"),
        (changed("decimal_to_minor_units", "float"), "payload.amount.type must be int / token"),
        (
            changed("minor_units}", "minor_units, decimals: 9}"),
            "payload.amount.decimals must be an integer from 0 to 6",
        ),
        (SOUND + "delimiter: tab\n", "delimiter must be one character; 'tab' is not"),
        (SOUND + "encoding: utf-16\n", "encoding must be an encoding such as utf-8"),
        (SOUND + "encoding: klingon\n", "encoding must be an encoding such as utf-8"),
        (SOUND + "skip_lines: -1\n", "skip_lines must be a whole number from 0"),
        (SOUND + "lateness: soon\n", "lateness must be a whole number from 0"),
        (SOUND + "create_residents: perhaps\n", "create_residents must be true / false"),
        (SOUND + "columns: who\n", "columns must be a list"),
    ],
)
def test_it_refuses_a_mapping_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UnableToMap) as refusal:
        read_mapping(text)

    assert sentence in str(refusal.value)
    assert refusal.value.message("zh") != str(refusal.value)


def test_it_refuses_a_column_the_file_does_not_have(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("who,when,amount\n")

    with pytest.raises(
        UnableToMap, match=r"names the column id, which the file does not have\. It has: who, when, amount"
    ):
        list(read_entries(path, read_mapping(SOUND)))


def test_it_refuses_a_template_without_a_column(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("who,when,amount\n")

    with pytest.raises(UnableToMap, match=r"at least one \{column\}"):
        list(read_entries(path, read_mapping(changed("{column: id}", "{template: same}"))))


def test_it_refuses_a_file_that_is_no_parquet(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("hello")

    with pytest.raises(UnableToMap, match="the file must be Parquet"):
        list(read_entries(path, read_mapping(changed("format: csv", "format: parquet"))))

"""Reading files line by line with bounded memory: every reader yields ``Row``s with the values of the used columns."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pyarrow
from pyarrow import parquet

from .mapping import FileMapping
from .problems import UnableToMap

LINE_BYTES_MAX = 1_000_000
PARQUET_BATCH_ROWS = 5_000


class Row(NamedTuple):
    """A line of the file: its number from 1, what tells it from other lines, and the values, or what is wrong."""

    line: int
    content: str
    values: Sequence[Any]
    problem: str | None = None


def rows(path: Path, mapping: FileMapping, used: Sequence[str | int]) -> Iterator[Row]:
    """The rows of a file behind its skipped lines, each with the values of the ``used`` columns in that order.

    A value the row does not have is None. A line that cannot be read is a row with a problem, and reading goes on.
    """
    return READERS[mapping.format](path, mapping, used)


def _text_rows(path: Path, mapping: FileMapping, used: Sequence[str | int]) -> Iterator[Row]:
    """Columns separated by any run of blanks."""
    with path.open("rb") as file:
        positions = _positions(mapping.columns, used)
        for number, line in _lines(file, mapping.skip_lines):
            decoded = _decoded(line, mapping.encoding)
            if decoded is None:
                yield Row(number, "", (), "bad_encoding")
                continue
            cells = decoded.split()
            if not cells:
                continue
            yield Row(number, " ".join(cells), [cells[at] if at < len(cells) else None for at in positions])


def _csv_rows(path: Path, mapping: FileMapping, used: Sequence[str | int]) -> Iterator[Row]:
    """Without ``columns`` the first line behind the skipped ones holds the names."""
    with path.open("rb") as file:
        numbered = _Numbered(file, mapping.skip_lines, mapping.encoding)
        reader = csv.reader(numbered, delimiter=mapping.delimiter)
        columns = mapping.columns or _header(reader)
        positions = _positions(columns, used)
        while True:
            first = numbered.line + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(first, "", (), "bad_line")
                continue
            if not cells:
                continue
            content = mapping.delimiter.join(cells)
            if not content.isascii() and "\ufffd" in content:
                yield Row(first, "", (), "bad_encoding")
                continue
            yield Row(first, content, [cells[at] if at < len(cells) else None for at in positions])


def _header(reader: Iterator[list[str]]) -> Sequence[str]:
    try:
        return [name.strip().removeprefix("\ufeff") for name in next(reader, [])]
    except csv.Error as error:
        raise UnableToMap("bad_value", part="the first line", wanted="names of columns", given=str(error)) from error


class _Numbered:
    """Decoded lines for the CSV reader, which counts how many it took. What cannot be decoded becomes U+FFFD."""

    def __init__(self, file: BinaryIO, skip: int, encoding: str) -> None:
        self.line = skip
        self._lines = _lines(file, skip)
        self._encoding = encoding

    def __iter__(self) -> _Numbered:
        return self

    def __next__(self) -> str:
        self.line, line = next(self._lines)
        return "\ufffd" if line is None else line.decode(self._encoding, "replace")


def _jsonl_rows(path: Path, mapping: FileMapping, used: Sequence[str | int]) -> Iterator[Row]:
    """One object per line; columns are its names."""
    with path.open("rb") as file:
        for number, line in _lines(file, mapping.skip_lines):
            if line is not None and not line.strip():
                continue
            record = _record(line)
            if record is None:
                yield Row(number, "", (), "not_an_object")
                continue
            content = json.dumps(record, sort_keys=True, default=str)
            yield Row(number, content, [record.get(str(name)) for name in used])


def _record(line: bytes | None) -> dict[str, Any] | None:
    """The object of a line, its decimals exact; None where there is none."""
    try:
        record = json.loads(line or b"", parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _parquet_rows(path: Path, mapping: FileMapping, used: Sequence[str | int]) -> Iterator[Row]:
    """One row group after the other; the number of a row stands for its line."""
    try:
        opened = parquet.ParquetFile(path)
    except (pyarrow.ArrowInvalid, OSError) as error:
        raise UnableToMap("bad_value", part="the file", wanted="Parquet", given=str(error)[:120]) from error
    with opened as file:
        columns = file.schema_arrow.names
        names = [columns[at] for at in _positions(columns, used)]
        number = 0
        for batch in file.iter_batches(PARQUET_BATCH_ROWS, columns=list(dict.fromkeys(names))):
            for record in batch.to_pylist():
                number += 1
                if number <= mapping.skip_lines:
                    continue
                content = "\x1f".join(f"{name}={value}" for name, value in record.items())
                yield Row(number, content, [record[name] for name in names])


READERS: dict[str, Callable[[Path, FileMapping, Sequence[str | int]], Iterator[Row]]] = {
    "text": _text_rows,
    "csv": _csv_rows,
    "jsonl": _jsonl_rows,
    "parquet": _parquet_rows,
}


def _positions(columns: Sequence[str], used: Sequence[str | int]) -> list[int]:
    """Where the used columns stand; a name that is not among ``columns`` is refused before anything is read."""
    found = []
    for column in used:
        if isinstance(column, int):
            found.append(column)
        elif column in columns:
            found.append(list(columns).index(column))
        else:
            known = ", ".join(columns)[:300] or "-"
            raise UnableToMap("unknown_column", part="the mapping", given=column, known=known)
    return found


def _lines(file: BinaryIO, skip: int) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines behind the skipped ones; None for one longer than ``LINE_BYTES_MAX``, which is read past."""
    number = 0
    while line := file.readline(LINE_BYTES_MAX):
        number += 1
        too_long = False
        while not line.endswith(b"\n") and (rest := file.readline(LINE_BYTES_MAX)):
            line, too_long = rest, True
        if number > skip:
            yield number, None if too_long else line


def _decoded(line: bytes | None, encoding: str) -> str | None:
    if line is None:
        return None
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return None

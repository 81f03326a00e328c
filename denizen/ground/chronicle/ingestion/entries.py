"""A file as a stream of chunks of entries."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from .conversion import Converter, RawEntry, Rejection
from .mapping import FileMapping
from .readers import rows

CHUNK_ENTRIES = 5_000
Numbered = tuple[int, RawEntry | Rejection]
"""A line's number from 1, and the entry it is or why it is none."""


def read_entries(
    path: Path | str, mapping: FileMapping, chunk_entries: int = CHUNK_ENTRIES
) -> Iterator[list[Numbered]]:
    """The entries and rejections of a file in the order of its lines, in chunks.

    Memory stays bounded, except that external ids made from a line's content remember 16 bytes of every distinct
    line, so that identical lines can be told apart.
    """
    converter = Converter(mapping)
    stream = ((row.line, converter(row)) for row in rows(Path(path), mapping, converter.used))
    while chunk := list(islice(stream, chunk_entries)):
        yield chunk

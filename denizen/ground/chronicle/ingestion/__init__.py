"""Files as streams of entries: CSV, text, JSON lines and Parquet, by a declarative mapping.

``load_mapping`` and ``read_entries`` are pure; ``ingest_file`` drives them into the chronicle.
"""

from __future__ import annotations

from .conversion import RawEntry, Rejection
from .drive import Report, UnableToIngest, ingest_file
from .entries import read_entries
from .mapping import FileMapping, load_mapping, read_mapping
from .problems import UnableToMap

__all__ = [
    "FileMapping",
    "RawEntry",
    "Rejection",
    "Report",
    "UnableToIngest",
    "UnableToMap",
    "ingest_file",
    "load_mapping",
    "read_entries",
    "read_mapping",
]

"""The words of the city in both languages: gathered from the source, merged into ``.po`` files, compiled to ``.mo``.

English is the language of the source. ``python -m denizen.shell.catalogues`` gathers and merges (``make messages``);
``python -m denizen.shell.catalogues compile`` compiles. Every process compiles what is older than its source when it
starts, so nobody reads yesterday's words. A test keeps the Chinese catalogue complete.
"""

from __future__ import annotations

import os
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent
LOCALES = PACKAGE / "locale"
DOMAIN = "django"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def gather_messages(source: Path = PACKAGE) -> Catalog:
    """Every translatable message of the source, with the files it stands in."""
    with (LOCALES / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    template = Catalog(project="Denizen", charset="utf-8")
    found = extract_from_dir(source, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",))
    for path, _line, message, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        template.add(message, locations=[(Path(path).as_posix(), 0)], auto_comments=comments, context=context)
    return template


def sources() -> list[Path]:
    return sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def read_catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain=DOMAIN)


def update_catalogues() -> list[Path]:
    """Merge what the source says now into every ``.po``; a message that left the source leaves the catalogue."""
    template = gather_messages()
    written = []
    for path in sources():
        catalogue = read_catalogue(path)
        written_on = catalogue.creation_date
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.creation_date = written_on  # so that an update without news changes nothing
        text = BytesIO()
        write_po(text, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
        written += [path] if replace(path, text.getvalue()) else []
    return written


def compile_catalogues() -> list[Path]:
    """Compile every ``.po`` that is newer than its ``.mo``; returns the ``.mo`` files written."""
    written = []
    for path in sources():
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        binary = BytesIO()
        write_mo(binary, read_catalogue(path))
        replace(compiled, binary.getvalue())
        written.append(compiled)
    return written


def replace(path: Path, content: bytes) -> bool:
    """Write as a whole or not at all, because several processes may start at once. False where nothing would change."""
    if path.exists() and path.read_bytes() == content:
        os.utime(path)
        return False
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)
    return True


def untranslated(path: Path, template: Catalog) -> list[str]:
    """Messages of the source that this catalogue lacks, leaves empty or only guesses."""
    catalogue = read_catalogue(path)
    lacking = []
    for message in template:
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        strings = (known.string,) if known and isinstance(known.string, str) else (known.string if known else ("",))
        if known is None or known.fuzzy or not all(strings):
            lacking.append(str(message.id))
    return lacking


if __name__ == "__main__":
    changed = compile_catalogues() if sys.argv[1:] == ["compile"] else update_catalogues()
    sys.stdout.write("".join(f"{path.relative_to(PACKAGE)}\n" for path in changed))

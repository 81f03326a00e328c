"""The words of the city in both languages: gathered from the source, merged into ``.po`` files, compiled to ``.mo``.

English is the language of the source. ``python -m denizen.shell.catalogues`` gathers and merges (``make messages``);
with a folder behind it (``denizen`` or a room) it writes that folder's catalogues only; with ``compile`` it compiles.
Every process compiles what is older than its source when it starts, so nobody reads yesterday's words. A test keeps
the Chinese words complete.

The city's catalogue is ``denizen/locale``; a room with a ``locale`` folder of its own keeps its own words there.
"""

from __future__ import annotations

import os
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent
DOMAIN = "django"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def sources() -> list[Path]:
    return sorted(PACKAGE.glob(f"**/locale/*/LC_MESSAGES/{DOMAIN}.po"))


def owner_of(catalogue: Path) -> Path:
    """The folder whose words a ``.po`` file holds."""
    return catalogue.parents[3]


def gather_messages() -> dict[Path, Catalog]:
    """Every translatable message of the source by the folder that owns its words: the nearest one with a catalogue."""
    with (PACKAGE / "locale" / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = extract_from_dir(PACKAGE, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",))
    templates = {owner_of(path): Catalog(charset="utf-8") for path in sources()}
    for name, _line, message, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        owner = next(folder for folder in (PACKAGE / name).parents if folder in templates)
        place = (Path(name).as_posix(), 0)
        templates[owner].add(message, locations=[place], auto_comments=comments, context=context)
    return templates


def read_catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain=DOMAIN)


def update_catalogues(only: Path | None = None) -> list[Path]:
    """Merge what the source says now into every ``.po``, or one folder's; what left the source leaves them too."""
    templates = gather_messages()
    written = []
    for path in sources():
        if only not in (None, owner_of(path)):
            continue
        catalogue = read_catalogue(path)
        written_on = catalogue.creation_date
        catalogue.update(templates[owner_of(path)], no_fuzzy_matching=True)
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


def untranslated(language: str) -> list[str]:
    """Messages a language lacks: absent, empty or only guessed, in the catalogue of their room and in the city's."""
    templates = gather_messages()
    known = {owner_of(path): read_catalogue(path) for path in sources() if path.parents[1].name == language}
    return [
        str(message.id)
        for owner, template in templates.items()
        for message in template
        if message.id and not any(speaks(known[each], message) for each in {owner, PACKAGE} & known.keys())
    ]


def speaks(catalogue: Catalog, message: Message) -> bool:
    """Whether the catalogue has every form of this message."""
    translated = catalogue.get(message.id, message.context)
    if translated is None or translated.fuzzy:
        return False
    strings = (translated.string,) if isinstance(translated.string, str) else tuple(translated.string or ())
    return bool(strings) and all(strings)


if __name__ == "__main__":
    words = sys.argv[1:]
    if words == ["compile"]:
        changed = compile_catalogues()
    else:
        changed = update_catalogues(Path(words[0]).resolve() if words else None)
    sys.stdout.write("".join(f"{path.relative_to(PACKAGE)}\n" for path in changed))

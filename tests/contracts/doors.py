"""A contract for the import linter: rooms are entered by their doors, and entrances ask instead of reading tables."""

from __future__ import annotations

from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

ENTRANCES = {"views", "desk", "api", "jobs", "reactions"}


class DoorsContract(Contract):
    """``rooms`` may be entered from outside only by ``doors``; ``keys`` may go anywhere.

    Inside a room, entrances (views, desk, api, jobs, reactions) import neither one another nor models.
    """

    rooms = fields.ListField(subfield=fields.StringField())
    doors = fields.ListField(subfield=fields.StringField())
    keys = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = sorted(self._broken(graph))
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported, why in check.metadata["broken"]:
            output.print_error(f"{importer} imports {imported}: {why}")

    def _broken(self, graph: ImportGraph) -> Iterator[tuple[str, str, str]]:
        for imported in graph.modules:
            room = self._room_of(imported)
            if room is None:
                continue
            floor = self._floor(imported, room)
            for importer in graph.find_modules_that_directly_import(imported):
                why = self._why(importer, room, floor)
                if why:
                    yield importer, imported, why

    def _why(self, importer: str, room: str, floor: str) -> str:
        if any(importer == key or importer.startswith(f"{key}.") for key in self.keys):
            return ""
        if self._room_of(importer) != room:
            in_tests = ".tests" in importer or importer.endswith(".testing")
            allowed = floor in self.doors or (floor == "models" and (in_tests or self._names_tables(importer)))
            return "" if allowed else "enter by " + ", ".join(self.doors)
        own = self._floor(importer, room)
        if own in ENTRANCES and floor == "models":
            return "an entrance asks commands and queries, it does not read tables"
        if own in ENTRANCES and floor in ENTRANCES and own != floor:
            return "entrances do not import one another"
        return ""

    def _names_tables(self, importer: str) -> bool:
        """Commands and queries of a room above may name the type of a row that is handed to them (an actor)."""
        room = self._room_of(importer)
        return room is not None and self._floor(importer, room) in {"commands", "queries", "models", "schemas"}

    def _room_of(self, module: str) -> str | None:
        return next((room for room in self.rooms if module == room or module.startswith(f"{room}.")), None)

    @staticmethod
    def _floor(module: str, room: str) -> str:
        return module.removeprefix(room).lstrip(".").partition(".")[0]

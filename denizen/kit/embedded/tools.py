"""PostgreSQL's own programs, ready to run against the embedded server."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from denizen.kit.embedded.account import Account, plain_environment
from denizen.kit.embedded.address import Address

# These open the data folder itself, so they run as its owner; the others are clients and run as ourselves,
# so that they may read and write the caller's files.
OF_THE_SERVER = frozenset(
    {"initdb", "postgres", "pg_ctl", "pg_controldata", "pg_checksums", "pg_resetwal", "pg_rewind", "pg_upgrade"}
)


@dataclass(frozen=True, slots=True)
class Tool:
    """One program. ``run`` runs it; ``keywords`` are for those who call ``subprocess`` themselves."""

    path: Path
    account: Account
    address: Address

    @property
    def keywords(self) -> dict[str, Any]:
        """Keywords for ``subprocess``: environment, and for a program of the server its account and folder."""
        environment = plain_environment(self.path.parent) | self.address.as_environ()
        if self.path.name in OF_THE_SERVER:
            return self.account.keywords(binaries=self.path.parent) | {"env": environment}
        return {"env": environment}

    def run(self, *arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[bytes]:
        """Run with ``arguments``; ``more`` goes to ``subprocess.run`` (``stdout``, ``stdin``, ``check`` …)."""
        return subprocess.run([self.path, *arguments], **{"check": False, **self.keywords, **more})

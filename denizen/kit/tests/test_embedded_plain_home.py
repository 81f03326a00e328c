"""What only a plain user can prove about a home, for nothing is forbidden to root.

Root's run does not collect this file; it runs it in a process of a plain user (``test_embedded_plain_user``).
"""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from denizen.kit.home import Home, _default
from denizen.kit.tests.conftest import as_plain_user
from denizen.kit.tests.test_embedded_home import FOLDERS, mode, refused

pytestmark = as_plain_user


def test_find_makes_a_home_that_is_closed_to_everybody_else(folder: Path) -> None:
    home = Home.find({"DENIZEN_HOME": str(folder / "deep" / "city")})

    assert mode(home.path) == 0o700
    assert [mode(home.path / name) for name in FOLDERS] == [0o700] * len(FOLDERS)


def test_a_plain_user_needs_no_setting(folder: Path) -> None:
    assert Home.find({"HOME": str(folder)}).path == folder / ".local" / "share" / "denizen"
    assert _default({}) == Path(pwd.getpwuid(os.geteuid()).pw_dir) / ".local" / "share" / "denizen"


def test_it_refuses_a_folder_of_somebody_else() -> None:
    refusal = refused("/usr/denizen-city")

    assert refusal.code == "not_permitted"
    assert "DENIZEN_HOME" in refusal.message()


def test_it_refuses_a_home_that_became_read_only(home: Home) -> None:
    home.run.chmod(0o500)

    assert refused(str(home.path)).code == "not_permitted"

    home.run.chmod(0o700)

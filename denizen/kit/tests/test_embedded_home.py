"""The home is found, made private, and refused with a sentence when it cannot serve."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from denizen.kit.home import REFUSALS, SYSTEM_FOLDER, Home, UnableToUseHome, _default
from denizen.kit.tests.conftest import as_root, fill

FOLDERS = ("run", "media", "secrets", "backups", "rejected")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refused(name: str) -> UnableToUseHome:
    with pytest.raises(UnableToUseHome) as refusal:
        Home.find({"DENIZEN_HOME": name})
    return refusal.value


@as_root
def test_a_home_of_root_lets_the_servers_account_walk_through_and_see_nothing(folder: Path) -> None:
    home = Home.find({"DENIZEN_HOME": str(folder / "city")})

    assert mode(home.path) == 0o711
    assert [mode(home.path / name) for name in FOLDERS] == [0o711, 0o700, 0o700, 0o700, 0o700]


def test_finding_again_changes_nothing(folder: Path) -> None:
    first = Home.find({"DENIZEN_HOME": str(folder / "city")})
    first.path.chmod(0o750)
    (first.media / "ada.jpg").write_bytes(b"smile")

    again = Home.find({"DENIZEN_HOME": str(folder / "city")})

    assert again == first
    assert mode(first.path) == 0o750
    assert (again.media / "ada.jpg").read_bytes() == b"smile"
    assert sorted(os.listdir(again.run)) == []


def test_parents_keep_their_modes(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)

    Home.find({"DENIZEN_HOME": str(closed / "city")})

    assert mode(closed) == 0o700


def test_two_homes_are_two_cities(folder: Path) -> None:
    ours, theirs = (Home.find({"DENIZEN_HOME": str(folder / name)}) for name in ("ours", "theirs"))

    assert ours.postgres != theirs.postgres
    assert ours.secret_key() != theirs.secret_key()


def test_the_default_belongs_to_the_account(folder: Path) -> None:
    of_root, of_user = SYSTEM_FOLDER / "denizen", folder / ".local" / "share" / "denizen"

    assert _default({"HOME": str(folder)}) == (of_root if os.geteuid() == 0 else of_user)


def test_the_secret_key_is_made_once_and_kept_private(home: Home) -> None:
    with ThreadPoolExecutor(8) as people:
        keys = set(people.map(lambda _: home.secret_key(), range(24)))

    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert mode(home.secrets / "secret_key") == 0o600


def test_a_secret_key_cut_short_by_a_crash_is_made_anew(home: Home) -> None:
    (home.secrets / "secret_key").write_text("abc")

    key = home.secret_key()

    assert len(key) >= 50
    assert Home(home.path).secret_key() == key


def test_it_refuses_a_file(folder: Path) -> None:
    (folder / "city").write_text("not a folder")

    assert refused(str(folder / "city")).code == "not_a_folder"
    assert refused(str(folder / "city" / "deeper")).code == "not_a_folder"


def test_it_refuses_a_name_with_a_control_character() -> None:
    assert refused("/tmp/a\nb").code == "bad_name"


@as_root
def test_it_refuses_a_full_disk(full_disk) -> None:
    disk = full_disk(1)
    Home.find({"DENIZEN_HOME": str(disk / "city")})
    fill(disk)

    assert refused(str(disk / "city")).code == "disk_full"


@pytest.mark.parametrize("code", sorted(UnableToUseHome.sentences))
def test_every_refusal_is_one_sentence_in_both_languages(code: str) -> None:
    refusal = UnableToUseHome(code, path="/city", reason="why", account="nobody", example="/var/lib/denizen")

    assert refusal.code == code
    assert refusal.message("en").endswith(".")
    assert refusal.message("zh-Hans").endswith("。")
    assert refusal.message("fr") == refusal.message("en") == str(refusal)


def test_every_code_of_the_system_has_its_sentence() -> None:
    assert set(REFUSALS.values()) <= set(UnableToUseHome.sentences)

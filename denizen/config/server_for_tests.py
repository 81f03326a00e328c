"""A pytest plugin, loaded before the settings are: a throwaway server, unless the environment names one.

With several test processes the first starts the server and the others inherit its address.
"""

from __future__ import annotations

import json
import os
from contextlib import ExitStack

from denizen.kit.testing import temporary_server

_server = ExitStack()

if not {"DENIZEN_DATABASE", "DATABASE_URL"} & os.environ.keys():
    os.environ["DENIZEN_DATABASE"] = json.dumps(_server.enter_context(temporary_server()).as_django())


def pytest_unconfigure() -> None:
    _server.close()

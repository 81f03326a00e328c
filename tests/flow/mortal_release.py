"""A worker that ends a pause and works off what it held, and dies on command (see ``mortal``).

Run as a process: a line holds the number of the statement before which the life it forks is killed.
"""

from __future__ import annotations

import os
import sys

import django
import psycopg

from tests.flow.mortal import LATER, Fate


def work_off_everything() -> None:
    from denizen.kit import db  # noqa: PLC0415
    from denizen.people.growth.pipeline import work_off  # noqa: PLC0415

    work_off(limit=2, moment=LATER)
    while db.fetch("SELECT 1 FROM chronicle_undecided WHERE state = 'ready' LIMIT 1"):
        work_off(limit=2, moment=LATER)


def main() -> None:
    django.setup()
    import denizen.people.growth.pipeline  # noqa: F401, PLC0415 - once here, so that no life has to

    for line in sys.stdin:
        life = os.fork()
        if not life:
            try:
                Fate("kill", int(line)).rule()
                work_off_everything()
            except Exception as error:  # The connection died: so does whoever held it.
                os._exit(1 if isinstance(error.__cause__ or error, psycopg.OperationalError) else 2)
            os._exit(0)
        print(os.waitpid(life, 0)[1], flush=True)


if __name__ == "__main__":
    main()

"""Plain connections to the city's database, beside Django's: for those who listen."""

from __future__ import annotations

from django.conf import settings
from psycopg.conninfo import make_conninfo

OF_DJANGO = {"pool", "isolation_level", "server_side_binding", "assume_role"}
"""Options that Django reads itself; the rest are words of libpq."""


def conninfo() -> str:
    """The connection string of the city's database, as Django's settings have it."""
    parameters = settings.DATABASES["default"]
    words = {key: value for key, value in parameters.get("OPTIONS", {}).items() if key not in OF_DJANGO}
    return make_conninfo(
        **words,
        host=parameters["HOST"] or None,
        port=parameters["PORT"] or None,
        dbname=parameters["NAME"],
        user=parameters["USER"] or None,
        password=parameters["PASSWORD"] or None,
    )

"""The asynchronous application: live streams by themselves, everything else is Django in threads."""

from __future__ import annotations

from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.utils.module_loading import import_string

from denizen.config.porter import Porter
from denizen.config.wires import conninfo
from denizen.config.wsgi import application as pages

THREADS = 8
STREAM_PATH = "/live/"
ANSWER_CHUNKS_MAX = 0
"""No bound: a thread hands its answer over and is free again, however slowly the answer is read."""

# Only now, because it reads the rooms, which exist once the pages are set up.
streams = import_string("denizen.config.stream.Streams")(conninfo())
django = Porter(
    cast("Any", WSGIMiddleware(cast("Any", pages), workers=THREADS, send_queue_size=ANSWER_CHUNKS_MAX)),
    bytes_max=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
)


async def application(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
    if scope["type"] == "lifespan":
        await streams.lifespan(receive, send)
    elif scope["path"] == STREAM_PATH:
        await streams(scope, receive, send)
    else:
        await django(scope, receive, send)

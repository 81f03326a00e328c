"""The port the city is served on."""

from __future__ import annotations

import errno
import socket

from denizen.kit.explained import Explained

PORT_MAX = 65_535
BACKLOG = 1_024


class UnableToListen(Explained):
    sentences = {
        "taken": {
            "en": "Port {port} is taken by another program; try another one: make run PORT={other}, or denizen up "
            "--port {other}",
            "zh": "端口 {port} 已被其他程序占用；请换一个端口：make run PORT={other}，或 denizen up --port {other}",
        },
        "not_permitted": {
            "en": "This account may not open port {port}; try a higher one: denizen up --port {other}",
            "zh": "当前账户无权打开端口 {port}；请换用更高的端口：denizen up --port {other}",
        },
        "no_address": {
            "en": "This machine has no address {host}; use --host 127.0.0.1, or 0.0.0.0 for all its addresses.",
            "zh": "本机没有地址 {host}；请使用 --host 127.0.0.1，或用 0.0.0.0 监听所有地址。",
        },
    }


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises UnableToListen with a free port to try."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(BACKLOG)
    except OSError as refusal:
        opened.close()
        if isinstance(refusal, socket.gaierror) or refusal.errno == errno.EADDRNOTAVAIL:
            raise UnableToListen("no_address", host=host) from None
        code = "not_permitted" if refusal.errno in (errno.EACCES, errno.EPERM) else "taken"
        raise UnableToListen(code, port=port, other=_free_port(family, host, port)) from None
    return opened


def _free_port(family: int, host: str, taken: int) -> int:
    """A port near the wanted one, else any."""
    for port in (*range(max(taken, 8_000) + 1, min(max(taken, 8_000) + 20, PORT_MAX)), 0):
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            try:
                tried.bind((host, port))
                return int(tried.getsockname()[1])
            except OSError:
                continue
    return 0

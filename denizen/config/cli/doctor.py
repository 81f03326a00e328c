"""``denizen doctor``."""

from __future__ import annotations

import click

from denizen.config.doctor import examine
from denizen.config.speech import either


@click.command(
    short_help=either("Say whether this machine is ready.", "检查本机是否就绪。"),
    help=either(
        """Look at everything a city needs here, and say what to do where something is missing. Exit code 1 if so.

        It never changes data; it starts the database to look at it and stops it again.

        \b
        Example:
          denizen doctor --port 9000
        """,
        """检查城市所需的一切，缺少什么就说明该怎么办；如有缺失，退出码为 1。

        它绝不修改数据；仅为查看而启动数据库，随后停止。

        \b
        示例：
          denizen doctor --port 9000
        """,
    ),
)
@click.option("--port", type=click.IntRange(1, 65_535), default=8_000, show_default=True, envvar="PORT")
def doctor(port: int) -> int:
    return examine(port=port)

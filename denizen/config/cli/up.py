"""``denizen up``."""

from __future__ import annotations

import click

from denizen.config.processes.start import Demo, start_city
from denizen.config.reference_city.plan import DAYS, RESIDENTS
from denizen.config.speech import either


@click.command(
    short_help=either("Start the city and serve it.", "启动城市并提供服务。"),
    help=either(
        """Start the city and serve it until Ctrl-C: database, pages and API, live streams, and the worker that decides.

        A fresh home is prepared first, with invented residents to look around; --no-demo leaves it empty. What dies is
        started again. It never exposes the city beyond this machine unless --host says so, and it never deletes data.

        \b
        Examples:
          denizen up
          denizen up --port 9000 --no-demo
          DENIZEN_HOME=/srv/lakeside denizen up --host 0.0.0.0
        """,
        """启动城市并持续服务，直到按下 Ctrl-C：数据库、页面与 API、实时推送，以及负责裁定的工作进程。

        全新的主目录会先完成准备，并附带虚构的居民供您浏览；--no-demo 则保持空城。意外结束的进程会自动重启。
        除非 --host 指定，否则绝不对外开放；它也绝不删除数据。

        \b
        示例：
          denizen up
          denizen up --port 9000 --no-demo
          DENIZEN_HOME=/srv/lakeside denizen up --host 0.0.0.0
        """,
    ),
)
@click.option(
    "--port", type=click.IntRange(1, 65_535), default=8_000, show_default=True, envvar="PORT",
    help=either("The port to serve on (PORT).", "服务端口（环境变量 PORT）。"),
)  # fmt: skip
@click.option(
    "--host", default="127.0.0.1", show_default=True,
    help=either("The address to serve on; 0.0.0.0 for all of this machine's.", "监听地址；0.0.0.0 表示本机所有地址。"),
)  # fmt: skip
@click.option("--no-demo", is_flag=True, help=either("Invent no residents.", "不生成虚构居民。"))
@click.option(
    "--demo-residents", type=click.IntRange(10, 100_000), default=RESIDENTS, show_default=True,
    help=either("How many residents to invent in a fresh home.", "在全新主目录中生成多少虚构居民。"),
)  # fmt: skip
@click.option(
    "--demo-days", type=click.IntRange(2, 365), default=DAYS, show_default=True,
    help=either("How many days they have lived.", "虚构居民已生活多少天。"),
)  # fmt: skip
def up(port: int, host: str, no_demo: bool, demo_residents: int, demo_days: int) -> int:
    return start_city(host=host, port=port, demo=None if no_demo else Demo(demo_residents, demo_days))

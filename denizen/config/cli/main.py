"""``denizen``: one door to everything an operator does in a terminal.

Refusals are one sentence on standard error and exit code 1; a wrong call is exit code 2. A traceback appears only with
``DENIZEN_DEBUG``.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Any

import click

from denizen.config.cli.data import backup_command, export, ingest, restore_command, seal, verify
from denizen.config.cli.doctor import doctor
from denizen.config.cli.rules import rules
from denizen.config.cli.up import up
from denizen.config.interruption import Terminated, heed_signals
from denizen.config.speech import either, language, refusal_of, warn
from denizen.kit.explained import Explained

INTERRUPTED = 130
# What psycopg and Django raise when a server that answered before has stopped, or has no room to go on.
GONE = ("OperationalError", "AdminShutdown", "CrashShutdown")

HELP = either(
    """Run your users' community like a city.

    Everything a city knows is in one folder, its home: ~/.local/share/denizen, or what DENIZEN_HOME names. Every
    command works on a fresh home and without `denizen up` running; it starts the database and stops it again.
    DATABASE_URL names a PostgreSQL that somebody else runs.

    \b
    First steps:
      denizen up                                   a living city at http://127.0.0.1:8000
      denizen doctor                               is this machine ready?
      denizen ingest orders.csv --map orders.map.yaml
    """,
    """像经营一座城市一样经营用户社区。

    一座城市的全部数据都在一个目录（主目录）里：~/.local/share/denizen，或 DENIZEN_HOME 所指的目录。
    每条命令都能在全新的主目录上、在没有运行 `denizen up` 时使用；它会自行启动并停止数据库。
    DATABASE_URL 可指定由他人运行的 PostgreSQL。

    \b
    第一步：
      denizen up                                   在 http://127.0.0.1:8000 启动一座城市
      denizen doctor                               检查本机是否就绪
      denizen ingest orders.csv --map orders.map.yaml
    """,
)


@click.group(help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(version("denizen"), prog_name="denizen")
def denizen() -> None:
    pass


for command in (up, ingest, export, rules, verify, seal, backup_command, restore_command, doctor):
    denizen.add_command(command)


def main() -> None:
    """The console script."""
    heed_signals()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; its exit code."""
    try:
        result = denizen.main(args=arguments, prog_name="denizen", standalone_mode=False)
    except click.UsageError as misuse:
        misuse.show()
        return misuse.exit_code
    except click.ClickException as refusal:
        refusal.show()
        return refusal.exit_code
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except Terminated as asked:
        return asked.exit_code
    except BrokenPipeError:
        return _reader_left()
    except Exception as failure:
        return _refused(failure)
    return result if isinstance(result, int) else 0


def _refused(failure: Exception) -> int:
    """Say no in a sentence. What is no refusal of ours is a fault, named as such."""
    if os.environ.get("DENIZEN_DEBUG"):
        raise failure
    sentence = "\n".join(map(_fault, getattr(failure, "problems", ()))) or refusal_of(failure)
    first, name = sentence.splitlines()[0] if sentence else "", type(failure).__name__
    if isinstance(failure, Explained) or name.startswith("UnableTo"):
        warn(sentence, sentence)
    elif name in GONE:
        warn(
            f"The database could not go on ({first}). See what is missing with: denizen doctor",
            f"数据库无法继续工作（{first}）。请运行 denizen doctor 查看缺少什么。",
        )
    else:
        warn(
            f"This failed unexpectedly: {first} ({name}). Repeat it with DENIZEN_DEBUG=1 to see where.",
            f"发生意外错误：{first}（{name}）。请设置 DENIZEN_DEBUG=1 后重试以查看位置。",
        )
    return 1


def _fault(problem: Any) -> str:
    """One fault of a book of rules: where it is, and what to do."""
    where = [problem.item, problem.place, "" if problem.file_line is None else f":{problem.file_line}"]
    return " ".join([*filter(None, where), problem.message(language())])


def _reader_left() -> int:
    """Whoever read our output has enough, like ``head``: leave without noise at shutdown."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    main()

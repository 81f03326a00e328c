"""Commands about what a city holds: ``ingest``, ``export``, ``verify``, ``seal``, ``backup``, ``restore``."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click

from denizen.config.backup import back_up, restore
from denizen.config.cli.words import AS_OF
from denizen.config.opening import errand, opened, reached
from denizen.config.processes.start import claimed
from denizen.config.speech import either, tell
from denizen.kit.clock import now
from denizen.kit.home import Home

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    name="ingest",
    short_help=either("Bring a file of behaviours in.", "导入行为文件。"),
    help=either(
        """Bring the behaviours of FILE (CSV, text, JSON lines, Parquet) into the city, and decide them.

        MAP says in YAML which column is what (docs/how-to/ingest.md). Interrupted, the same command goes on where it
        stopped; repeated, it changes nothing. It never changes what was recorded before.

        \b
        Example:
          denizen ingest orders.csv --map orders.map.yaml
        """,
        """把 FILE（CSV、文本、JSON Lines、Parquet）中的行为导入城市并完成裁定。

        MAP 用 YAML 说明各列含义（docs/how-to/ingest.md）。中断后重复同一命令会从断点继续；重复导入不产生任何变化。
        它绝不修改已有记录。

        \b
        示例：
          denizen ingest orders.csv --map orders.map.yaml
        """,
    ),
)
@click.argument("file", type=FILE)
@click.option("--map", "mapping", type=FILE, required=True, help=either("The mapping (YAML).", "映射文件（YAML）。"))
@click.option(
    "--rejected", type=FILE,
    help=either("Where rejected lines go (a file in the home).", "被拒绝的行写到哪里（默认写入主目录）。"),
)  # fmt: skip
def ingest(file: Path, mapping: Path, rejected: Path | None) -> int:
    with opened() as city:
        where = rejected or city.home.rejected
        return int(errand("importing").ingest(path=file, mapping_path=mapping, rejected_path=where))


@click.command(
    name="export",
    short_help=either("Write balances, postings, entries or standing.", "导出余额、流水、记录或贡献。"),
    help=either(
        """Write a table of the city as of a moment: what had happened by then, whenever it was recorded.

        Residents appear under the reference their source knows them by. The journal is the sealed one, as JSON lines
        for tools/verify_journal.py, with keys instead of names. It never writes to the city.

        \b
        Examples:
          denizen export balances --format csv --as-of 1998-06-30 > balances.csv
          denizen export postings --format parquet --output postings.parquet
          denizen export journal --output journal.jsonl
        """,
        """导出城市某一时刻的数据表：以发生时间为准，与何时记录无关。

        居民以其来源系统中的编号出现。journal 是已封存的流水（JSON Lines，供 tools/verify_journal.py 使用），
        只含编号，不含姓名。它绝不写入城市。

        \b
        示例：
          denizen export balances --format csv --as-of 1998-06-30 > balances.csv
          denizen export postings --format parquet --output postings.parquet
          denizen export journal --output journal.jsonl
        """,
    ),
)
@click.argument("what", type=click.Choice(["balances", "postings", "entries", "standing", "journal"]))
@click.option(
    "--format", "form", type=click.Choice(["csv", "parquet", "jsonl"]), default=None,
    help=either("csv, or jsonl for the journal, where nothing is said.", "默认 csv；journal 为 jsonl。"),
)  # fmt: skip
@click.option(
    "--as-of", "moment", type=AS_OF, help=either("A moment or a day (its end, UTC).", "时刻，或某日（UTC 日终）。")
)
@click.option("--output", type=FILE, help=either("A file instead of standard output.", "写入文件而非标准输出。"))
def export(what: str, form: str | None, moment: datetime | None, output: Path | None) -> int:
    form = form or ("jsonl" if what == "journal" else "csv")
    if (what == "journal") != (form == "jsonl"):
        raise click.UsageError(either("The journal is jsonl, and nothing else is.", "journal 只能是 jsonl，其余不能。"))
    if what == "journal" and moment:
        raise click.UsageError(either("The journal is always the whole one.", "journal 总是完整导出。"))
    with opened():
        if what == "journal":
            return int(errand("exporting").export_journal(output=output))
        return int(errand("exporting").export(what=what, form=form, moment=moment or now(), output=output))


@click.command(
    name="verify",
    short_help=either("Prove that everything still adds up.", "验证全部数据自洽。"),
    help=either(
        """Prove the books: ledger, standing and growth, each invariant from the journal, at one moment.

        The seals over the journal and the roots of days are worked out again from it, and compared with the roots file
        in the home and, where it is given, with one that was kept elsewhere. Exit code 1 and a sentence for everything
        that is wrong. It never mends anything.

        \b
        Examples:
          denizen verify
          denizen verify --roots roots-kept-elsewhere.txt
        """,
        """验证账目：账本、贡献与成长的每条不变式，均在同一时刻由流水重新计算。

        流水的封印与每日的根也会从流水重新计算，并与主目录中的根文件、以及（指定时）保存在别处的根文件比对。
        有任何不符时退出码为 1，并逐条说明。它绝不修补任何数据。

        \b
        示例：
          denizen verify
          denizen verify --roots roots-kept-elsewhere.txt
        """,
    ),
)
@click.option("--roots", type=FILE, help=either("A roots file that was kept elsewhere.", "保存在别处的根文件。"))
def verify(roots: Path | None) -> int:
    with opened():
        return int(errand("proving").verify(roots=roots))


@click.command(
    name="seal",
    short_help=either("Seal the journal now.", "立即封存流水。"),
    help=either(
        """Seal every posting that is settled, close the days that are over, and write the roots file.

        A running city does this by itself every few minutes. Repeated, it changes nothing.

        \b
        Example:
          denizen seal
        """,
        """封存所有已落定的流水，结束已过去的日期，并写入根文件。

        运行中的城市每隔几分钟会自行完成。重复执行不产生任何变化。

        \b
        示例：
          denizen seal
        """,
    ),
)
def seal() -> int:
    with opened():
        return int(errand("sealing").seal())


@click.command(
    name="backup",
    short_help=either("Write the whole city into one file.", "把整座城市备份为一个文件。"),
    help=either(
        """Write database, media and secrets into one file that only its owner can read, while the city goes on.

        Without FILE it goes into the home's backups folder. It never overwrites a file.

        \b
        Example:
          denizen backup /mnt/safe/lakeside.tar
        """,
        """把数据库、媒体与密钥写入一个仅所有者可读的文件；备份期间城市照常运行。

        不指定 FILE 时写入主目录的 backups 目录。它绝不覆盖已有文件。

        \b
        示例：
          denizen backup /mnt/safe/lakeside.tar
        """,
    ),
)
@click.argument("file", type=FILE, required=False)
def backup_command(file: Path | None) -> int:
    with opened() as city:
        path = back_up(city, output=file, moment=now())
    tell(
        f"The city is in {path} ({path.stat().st_size / 1e6:.1f} MB).",
        f"备份已写入 {path}（{path.stat().st_size / 1e6:.1f} MB）。",
    )
    return 0


@click.command(
    name="restore",
    short_help=either("Bring a backup back, into an empty home.", "把备份恢复到空的主目录。"),
    help=either(
        """Bring the city of a backup back, into an empty home and an empty database.

        It never replaces a city: where anything is already, it refuses.

        \b
        Example:
          DENIZEN_HOME=/srv/lakeside-2 denizen restore /mnt/safe/lakeside.tar
        """,
        """把备份中的城市恢复到空的主目录与空的数据库。

        它绝不覆盖已有城市：只要存在任何内容就会拒绝。

        \b
        示例：
          DENIZEN_HOME=/srv/lakeside-2 denizen restore /mnt/safe/lakeside.tar
        """,
    ),
)
@click.argument("file", type=FILE)
def restore_command(file: Path) -> int:
    with claimed(Home.find(os.environ), "-"), reached() as city:
        manifest = restore(city, path=file)
    with opened():
        tell(f"The city of {manifest.made_at} is back.", f"{manifest.made_at} 的城市已恢复。")
    return 0

"""``denizen ingest``: a file through the whole engine, chunk by chunk, with a line that moves and a report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from denizen.config.errands.deciding import drain
from denizen.config.speech import either, tell, warn
from denizen.ground.chronicle.commands import Fresh
from denizen.ground.chronicle.ingestion import Report, ingest_file, load_mapping
from denizen.kit import db
from denizen.kit.clock import now
from denizen.kit.explained import Explained
from denizen.people.growth.pipeline import LIVE_CHANNEL, advance


class UnableToReadMapping(Explained):
    sentences = {
        "no_file": {
            "en": "The mapping {path} cannot be read ({reason}).",
            "zh": "无法读取映射文件 {path}（{reason}）。",
        },
    }


def ingest(*, path: Path, mapping_path: Path, rejected_path: Path) -> int:
    """Record and decide every entry of a file; the exit code, 1 when not one came in.

    ``rejected_path`` as in ``ingest_file``.

    Raises UnableToReadMapping, UnableToMap, UnableToIngest, UnableToDeclareSource.
    """
    try:
        mapping = load_mapping(mapping_path)
    except (OSError, UnicodeDecodeError) as refusal:
        raise UnableToReadMapping("no_file", path=mapping_path, reason=refusal) from refusal
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(path.name, total=None)

        def moved(report: Report) -> None:
            bar.update(task, description=f"{path.name}: {report.lines:,} ({report.entries_per_second:,.0f}/s)")

        report = ingest_file(
            path=path, mapping=mapping, advance=_advance, clock=now, progress=moved, rejected_path=rejected_path
        )
        drain(tell=False)
    db.execute("ANALYZE")  # the server may stop now, before it has counted what is new, and would plan exports blindly
    db.execute("SELECT pg_notify(%s, '*')", (LIVE_CHANNEL,))  # open pages look again, once
    _tell_report(report)
    return 1 if nothing_came_in(report) else 0


def nothing_came_in(report: Report) -> bool:
    """Every line was turned away: the mapping does not fit the file, and a script has to notice."""
    return bool(report.lines) and not (report.accepted or report.existing or report.late)


def _advance(fresh: Sequence[Fresh], moment: datetime) -> None:
    """In the transaction that recorded the chunk, without a push for each of thousands."""
    advance(fresh, moment=moment, tell=False)


def _tell_report(report: Report) -> None:
    lines = (
        (either("entries in the file", "文件中的记录"), f"{report.lines:,}"),
        (either("accepted", "已接受"), f"{report.accepted:,}"),
        (either("known before", "此前已有"), f"{report.existing:,}"),
        (either("conflicting", "冲突"), f"{report.conflicting:,}"),
        (either("rejected", "被拒绝"), f"{report.rejected:,}"),
        (either("late, waiting for review", "迟到待审"), f"{report.late:,}"),
        (either("seconds", "用时（秒）"), f"{report.seconds:,.1f}"),
        (either("entries a second", "每秒记录数"), f"{report.entries_per_second:,.0f}"),
        (either("peak memory, MB", "内存峰值（MB）"), f"{report.peak_memory_mb:,}"),
    )
    for name, value in lines:
        tell(f"{name:<26} {value:>14}", f"{name}：{value}")
    if report.resumed_behind:
        tell(
            f"It went on behind line {report.resumed_behind:,}, where an earlier run had stopped.",
            f"从上次中断处（第 {report.resumed_behind:,} 行之后）继续。",
        )
    if report.rejected_path is not None:
        warn(
            f"Rejected and conflicting lines, with reasons: {report.rejected_path}",
            f"被拒绝和冲突的行及原因：{report.rejected_path}",
        )

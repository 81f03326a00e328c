"""``denizen rules backtest``: replay a book over history in the foreground, and tell what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from denizen.config.speech import either, tell, warn
from denizen.kit.clock import now
from denizen.kit.explained import Explained
from denizen.people.growth.commands import UnableToBacktest, backtest_here
from denizen.people.growth.queries import BacktestView, backtest_for, backtest_json
from denizen.people.rulebook.queries import tried_text

RULES_SHOWN = 12
WIDTH = 100

Watch = Callable[[int, int], None]


class UnableToReplay(Explained):
    sentences = {
        "no_file": {"en": "The file {path} cannot be read ({reason}).", "zh": "无法读取文件 {path}（{reason}）。"},
        "nothing": {
            "en": "Nothing was decided yet, so there is no history to replay; denizen ingest brings some.",
            "zh": "尚无任何裁定，没有可重放的历史；可用 denizen ingest 导入。",
        },
        "span": {
            "en": "The span ends before it begins: --from comes before --to.",
            "zh": "区间的终点早于起点：--from 须早于 --to。",
        },
        "failed": {"en": "The replay failed: {reason}", "zh": "重放失败：{reason}"},
    }


def backtest(*, path: Path, begins_at: datetime | None, ends_at: datetime | None, as_json: bool) -> int:
    """Exit code 1: the replayed live rules do not equal the journal, so no figure is to be trusted."""
    book = tried_text(_read(path))
    if begins_at is not None and ends_at is not None and begins_at >= ends_at:
        raise UnableToReplay("span")
    try:
        with _progress() as watch:
            run = backtest_here(book=book, clock=now, begins_at=begins_at, ends_at=ends_at, watch=watch)
    except UnableToBacktest:
        raise UnableToReplay("nothing") from None
    view = backtest_for(run.key)
    if view is None or view.figures is None:
        raise UnableToReplay("failed", reason=run.error or run.state)
    if as_json:
        sys.stdout.buffer.write(backtest_json(view) + b"\n")
        sys.stdout.flush()
    else:
        _tell_figures(view)
    return _told_whether_it_holds(view)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as refusal:
        raise UnableToReplay("no_file", path=path, reason=refusal) from None


@contextmanager
def _progress() -> Iterator[Watch]:
    """A bar on standard error, where somebody looks."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(either("Replaying history", "正在重放历史"), total=None)
        yield lambda done, in_all: bar.update(task, completed=done, total=in_all)


def _told_whether_it_holds(view: BacktestView) -> int:
    assert view.figures is not None
    differing, payments = view.figures["replay_differing"], view.figures["replay_payments"]
    if not differing:
        warn(
            f"Proof: the rules in force, replayed, equal all {payments:,} recorded payments.",
            f"验证：重放当时生效的规则，与全部 {payments:,} 笔入账一致。",
        )
        return 0
    named = ", ".join(map(str, view.figures["replay_differing_entries"]))
    warn(
        f"NOT PROVEN: {differing:,} entries were paid otherwise than the rules in force say: {named}",
        f"未通过验证：{differing:,} 条记录的入账与当时规则不符：{named}",
    )
    return 1


def _tell_figures(view: BacktestView) -> None:
    figures = view.figures
    assert figures is not None
    tell(f"{view.title_en}  ({view.digest[:12]})", f"{view.title_zh}（{view.digest[:12]}）")
    tell(
        f"{figures['entries']:,} entries decided anew, {figures['given']:,} outside the span taken as given.",
        f"重新裁定 {figures['entries']:,} 条记录，区间之外的 {figures['given']:,} 条按原样计入。",
    )
    console = Console(width=WIDTH, highlight=False)
    console.print(_totals(view))
    console.print(_rules(view))
    _tell_people(view)
    tell(
        f"Figures kept as {view.key}, SHA-256 {view.figures_digest}",
        f"结果编号 {view.key}，SHA-256 {view.figures_digest}",
    )


def _table(*heads: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place > 1 else "left")
    return table


def _heads() -> tuple[str, str, str]:
    return either("in force", "现行"), either("new", "新规则"), either("difference", "差额")


def _totals(view: BacktestView) -> Table:
    assert view.figures is not None
    table = _table(either("in all", "合计"), "", *_heads())
    for total in view.figures["totals"]:
        table.add_row(
            _asset(total["asset"]), "", _number(total["live"]["net"]), _number(total["tried"]["net"]),
            _signed(total["difference"]),
        )  # fmt: skip
    return table


def _rules(view: BacktestView) -> Table:
    assert view.figures is not None
    table = _table(either("rule", "规则"), either("pays", "发放"), *_heads())
    changed = [rule for rule in view.figures["rules"] if rule["difference"]]
    for rule in sorted(changed, key=lambda each: (-abs(each["difference"]), each["rule"]))[:RULES_SHOWN]:
        table.add_row(
            rule["rule"], _asset(rule["asset"]), _number(rule["live"]["net"]), _number(rule["tried"]["net"]),
            _signed(rule["difference"]),
        )  # fmt: skip
    return table


def _tell_people(view: BacktestView) -> None:
    assert view.figures is not None
    for asset in ("points", "contribution"):
        groups = [each for each in view.figures["groups"] if each["by"] == "grade" and each["asset"] == asset]
        gaining, losing = sum(each["gaining"] for each in groups), sum(each["losing"] for each in groups)
        tell(
            f"{_asset(asset)}: {gaining:,} residents gain, {losing:,} lose.",
            f"{_asset(asset)}：{gaining:,} 位居民得益，{losing:,} 位受损。",
        )
    ranks = view.figures["ranks"]
    tell(
        f"ranks: {ranks['up']:,} of {ranks['ranked']:,} move up, {ranks['down']:,} down.",
        f"名次：{ranks['ranked']:,} 位中 {ranks['up']:,} 位上升，{ranks['down']:,} 位下降。",
    )
    for budget in view.figures["budgets"]:
        ends = budget["tried_exhausted_at"]
        tell(
            f"budget {budget['budget']}: " + (f"exhausted on {ends}" if ends else "lasts"),
            f"预算 {budget['budget']}：" + (f"{ends} 用尽" if ends else "足够"),
        )


def _asset(asset: str) -> str:
    return either("points", "积分") if asset == "points" else either("contribution", "贡献值")


def _number(amount: int) -> str:
    return f"{amount:,}"


def _signed(amount: int) -> str:
    return f"{amount:+,}" if amount else "0"

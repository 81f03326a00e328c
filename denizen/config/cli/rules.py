"""``denizen rules``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from denizen.config.cli.words import SINCE, asked_password
from denizen.config.opening import errand, opened
from denizen.config.speech import either

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group(
    short_help=either("Publish, propose, show and check rules.", "发布、提出、查看与检查规则。"),
    help=either(
        """The rule book: what earns points and contribution, readable by everybody.

        A new city publishes its first book in one step. Every later change is proposed by one person and approved by
        another; no command here goes around that, and no version is ever changed.

        \b
        Examples:
          denizen rules check shop.rules.yaml
          denizen rules publish shop.rules.yaml --from 1997-01-01T00:00:00Z
          denizen rules show > rules.yaml
        """,
        """规则书：什么行为获得积分与贡献值，人人可读。

        新城市可一步发布第一版；此后每次变更都由一人提出、另一人批准。这里没有任何命令能绕过这一点，版本也绝不修改。

        \b
        示例：
          denizen rules check shop.rules.yaml
          denizen rules publish shop.rules.yaml --from 1997-01-01T00:00:00Z
          denizen rules show > rules.yaml
        """,
    ),
)
def rules() -> None:
    pass


@rules.command(
    help=either(
        "Publish FILE as the first book of a city; without FILE, the reference book. Never replaces a book.\n\n"
        "Example: denizen rules publish shop.rules.yaml --from 2026-01-01T00:00:00+08:00",
        "把 FILE 发布为城市的第一版规则书；不指定则发布参考规则书。绝不替换已有规则书。\n\n"
        "示例：denizen rules publish shop.rules.yaml --from 2026-01-01T00:00:00+08:00",
    )
)
@click.argument("file", type=FILE, required=False)
@click.option("--from", "effective_from", type=SINCE, help=either("In force from this moment on.", "自何时起生效。"))
def publish(file: Path | None, effective_from: datetime | None) -> int:
    with opened():
        return int(errand("lawgiving").publish(path=file, effective_from=effective_from))


@rules.command(
    help=either(
        "Propose FILE as the next version, as a colleague who may. Never puts it in force by itself.\n\n"
        "Example: denizen rules propose shop.rules.yaml --as odo@example.org --note 'Winter caps'",
        "以有权限的同事身份把 FILE 提为下一版。它本身绝不使规则生效。\n\n"
        "示例：denizen rules propose shop.rules.yaml --as odo@example.org --note '冬季上限'",
    )
)
@click.argument("file", type=FILE)
@click.option("--as", "email", required=True, help=either("Your sign-in address.", "您的登录邮箱。"))
@click.option("--note", default="", help=either("Why, in a sentence.", "变更理由。"))
def propose(file: Path, email: str, note: str) -> int:
    with opened():
        return int(errand("lawgiving").propose(path=file, email=email, note=note))


@rules.command(
    help=either(
        """Approve version NUMBER as its second person; your password is asked for. Never goes around the notice.

        Without --from it is in force as soon as the notice allows. What was not tried on history, or not put to the
        users' spokesperson, takes your reason.

        \b
        Examples:
          denizen rules approve 4 --as fei@example.org
          denizen rules approve 4 --as fei@example.org --from 2027-03-01T00:00:00+08:00 --untried 'A new campaign'
        """,
        """作为第二人批准第 NUMBER 版；会询问您的密码。绝不绕过公告期。

        不指定 --from 时，在公告期允许的最早时刻生效。未经回测、或未征询用户代言人的，须写明理由。

        \b
        示例：
          denizen rules approve 4 --as fei@example.org
          denizen rules approve 4 --as fei@example.org --from 2027-03-01T00:00:00+08:00 --untried '全新的活动'
        """,
    )
)
@click.argument("number", type=click.IntRange(min=1))
@click.option("--as", "email", required=True, help=either("Your sign-in address.", "您的登录邮箱。"))
@click.option("--from", "effective_from", type=SINCE, help=either("In force from this moment on.", "自何时起生效。"))
@click.option("--untried", default="", help=either("Why it was not tried on history.", "为何未经回测。"))
@click.option("--unheard", default="", help=either("Why the spokesperson was not heard.", "为何未征询代言人。"))
def approve(number: int, email: str, effective_from: datetime | None, untried: str, unheard: str) -> int:
    password = asked_password(email)
    with opened():
        return int(
            errand("lawgiving").approve(
                number=number, email=email, password=password, effective_from=effective_from, untried=untried,
                unheard=unheard,
            )
        )  # fmt: skip


@rules.command(
    help=either(
        "Record what came of version NUMBER, as a colleague who may: no next version is proposed without it. Never "
        "changes the version.\n\n"
        "Example: denizen rules checked 3 --as odo@example.org --verdict good --note 'Fewer complaints than before'",
        "以有权限的同事身份记录第 NUMBER 版的结果：没有它，就不能提出下一版。绝不修改该版本。\n\n"
        "示例：denizen rules checked 3 --as odo@example.org --verdict good --note '投诉比以前少'",
    )
)
@click.argument("number", type=click.IntRange(min=1))
@click.option("--as", "email", required=True, help=either("Your sign-in address.", "您的登录邮箱。"))
@click.option(
    "--verdict", type=click.Choice(["good", "mixed", "bad"]), required=True, help=either("The result.", "结论。")
)
@click.option("--note", required=True, help=either("What you found, in words.", "您看到了什么。"))
def checked(number: int, email: str, verdict: str, note: str) -> int:
    with opened():
        return int(errand("lawgiving").checked(number=number, email=email, verdict=verdict, note=note))


@rules.command(
    help=either(
        "Print a version as YAML (the one in force, or NUMBER). Never changes it.\n\nExample: denizen rules show 3",
        "以 YAML 打印规则书：当前生效版，或第 NUMBER 版。绝不修改任何内容。\n\n示例：denizen rules show 3",
    )
)
@click.argument("number", type=click.IntRange(min=1), required=False)
def show(number: int | None) -> int:
    with opened():
        return int(errand("lawgiving").show(number=number))


@rules.command(
    name="list",
    help=either(
        "All versions, newest first. Never changes anything.\n\nExample: denizen rules list",
        "列出所有版本，最新在前。绝不修改任何内容。\n\n示例：denizen rules list",
    ),
)
def list_versions() -> int:
    with opened():
        return int(errand("lawgiving").list_versions())


@rules.command(
    help=either(
        "Say whether FILE is a sound book, with every fault. Never stores it.\n\n"
        "Example: denizen rules check shop.rules.yaml",
        "检查 FILE 是否为有效的规则书，并列出所有问题。绝不保存。\n\n示例：denizen rules check shop.rules.yaml",
    )
)
@click.argument("file", type=FILE)
def check(file: Path) -> int:
    with opened():
        return int(errand("lawgiving").check(path=file))


@rules.command(
    help=either(
        """Say what differs from book A to book B, in sentences, and whether B takes value away.

        It never changes anything.

        A and B are numbers of versions or YAML files. A change counts as taking value away unless it is proven that
        it does not; then it has to be announced before it takes force, and the earliest moment is told.

        \b
        Examples:
          denizen rules diff 2 3
          denizen rules diff 3 winter.rules.yaml --json
        """,
        """用句子说明从 A 到 B 有何不同，以及 B 是否减少用户所得。绝不修改任何内容。

        A 与 B 为版本号或 YAML 文件。除非能证明没有人少得，否则视为减少所得：须提前公告，并说明最早可生效的时刻。

        \b
        示例：
          denizen rules diff 2 3
          denizen rules diff 3 winter.rules.yaml --json
        """,
    ),
)
@click.argument("a")
@click.argument("b")
@click.option("--json", "as_json", is_flag=True, help=either("For machines.", "输出 JSON。"))
def diff(a: str, b: str, as_json: bool) -> int:
    with opened():
        return int(errand("comparing").diff(a=a, b=b, as_json=as_json))


@rules.command(
    help=either(
        "Replay history with NEW.yaml beside the rules that were in force: what it would have cost, who gains and who "
        "loses. It never changes or proposes anything; the figures are kept and shown at the desk, too.\n\n"
        "The span is of entries by when they happened, from --from to before --to; without them, all of history.\n\n"
        "Examples:\n\n"
        "denizen rules backtest winter.rules.yaml --from 2026-09-01 --to 2026-12-01\n\n"
        "denizen rules backtest winter.rules.yaml --json > figures.json",
        "用 NEW.yaml 与当时生效的规则一同重放历史：会花费多少、谁得益、谁受损。绝不改动任何内容，也不提出变更；"
        "结果会保存，并可在工作台查看。\n\n"
        "区间按记录发生的时刻计算，含 --from，不含 --to；均不指定则为全部历史。\n\n"
        "示例：\n\n"
        "denizen rules backtest winter.rules.yaml --from 2026-09-01 --to 2026-12-01\n\n"
        "denizen rules backtest winter.rules.yaml --json > figures.json",
    )
)
@click.argument("new", metavar="NEW.yaml", type=FILE)
@click.option("--from", "begins_at", type=SINCE, help=either("Entries from this moment on.", "自此刻起发生的记录。"))
@click.option("--to", "ends_at", type=SINCE, help=either("Entries before this moment.", "此刻之前发生的记录。"))
@click.option("--json", "as_json", is_flag=True, help=either("The exact figures, as JSON.", "以 JSON 输出精确结果。"))
def backtest(new: Path, begins_at: datetime | None, ends_at: datetime | None, as_json: bool) -> int:
    with opened():
        return int(errand("replaying").backtest(path=new, begins_at=begins_at, ends_at=ends_at, as_json=as_json))


@rules.command(
    name="try",
    help=either(
        """Say what the entries of a file would do, with every yes and no. Nothing is changed.

        ENTRY is what the API takes: one entry, a list, or {"entries": [...]}. Residents are called as their system
        calls them, or by public id; unknown ones are tried as new residents. Ends with 1 when an entry is invalid.

        \b
        Examples:
          denizen rules try entry.json
          denizen rules try entry.json --book draft.rules.yaml --json
          denizen rules try entry.json --book 3 --at 2026-06-01T12:00:00+08:00
        """,
        """试跑文件中的记录会带来什么，逐条说明“是”与“否”。不做任何更改。

        ENTRY 与 API 所收相同：一条记录、列表，或 {"entries": [...]}。居民以来源系统的称呼或公开编号表示；
        未知者按新居民试跑。若有记录无效，则以 1 退出。

        \b
        示例：
          denizen rules try entry.json
          denizen rules try entry.json --book draft.rules.yaml --json
          denizen rules try entry.json --book 3 --at 2026-06-01T12:00:00+08:00
        """,
    ),
)
@click.argument("entry", type=FILE)
@click.option("--book", help=either("Judge by this file, or this version's number.", "按此文件或此版本号裁定。"))
@click.option(
    "--source",
    help=either(
        "The system that reports; else the one that knows the residents.", "上报来源；默认取认识这些居民的来源。"
    ),
)
@click.option("--at", "moment", type=SINCE, help=either("Decided at this moment (now).", "裁定时刻（默认现在）。"))
@click.option("--known-only", is_flag=True, help=either("Refuse unknown residents.", "拒绝未知居民。"))
@click.option("--json", "as_json", is_flag=True, help=either("For machines.", "输出 JSON。"))
def try_entries(
    entry: Path, book: str | None, source: str | None, moment: datetime | None, known_only: bool, as_json: bool
) -> int:
    with opened():
        return int(
            errand("rehearsing").try_entries(
                path=entry, book=book, source=source, moment=moment, known_only=known_only, as_json=as_json
            )
        )

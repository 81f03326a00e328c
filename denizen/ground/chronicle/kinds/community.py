"""Community: what residents do in the app and with one another."""

from __future__ import annotations

from typing import Annotated

from .declare import Device, Number, Person, Reversal, Word, kind

Subject = Annotated[str, Word("What it is about", "对象")]
Work = Annotated[str, Word("The work", "作品")]


@kind(1, "Registered", "注册", rows=("B-05", "B-03"))
class Registered:
    device: Device = None


@kind(2, "Registration withdrawn", "注册撤销", rows=("B-05",), reverses=Registered)
class RegistrationWithdrawn(Reversal):
    pass


@kind(3, "WeChat bound", "绑定微信", rows=("B-06", "J-05"))
class WechatBound:
    """``account`` is a salted hash, so that one WeChat account bound twice can be noticed and never read."""

    account: Annotated[str | None, Word("Salted hash of the WeChat account", "微信账号的加盐哈希")] = None


@kind(4, "WeChat unbound", "解绑微信", rows=("B-06",))
class WechatUnbound:
    """An act of its own and no reversal: unbinding takes nothing back, and binding again pays nothing again."""

    account: Annotated[str | None, Word("Salted hash of the WeChat account", "微信账号的加盐哈希")] = None


@kind(5, "WeChat binding withdrawn", "微信绑定撤销", rows=("B-06",), reverses=WechatBound)
class WechatBindingWithdrawn(Reversal):
    pass


@kind(6, "Profile item completed", "完善资料项", rows=("B-07",))
class ProfileItemCompleted:
    item: Annotated[
        str,
        Word("The item", "资料项", "avatar", "gender", "name", "birthday", "city", "about", "interests", "information"),
    ]


@kind(7, "Profile item withdrawn", "资料项撤销", rows=("B-07",), reverses=ProfileItemCompleted)
class ProfileItemWithdrawn(Reversal):
    pass


@kind(8, "Checked in", "签到", rows=("B-08", "B-50", "B-13"))
class CheckedIn:
    """The day is the one of ``occurred_at`` in the rule book's time zone."""

    device: Device = None


@kind(9, "Check-in withdrawn", "签到撤销", rows=("B-08", "B-50"), reverses=CheckedIn)
class CheckInWithdrawn(Reversal):
    pass


@kind(10, "Commented", "评论", rows=("B-09", "D-18"))
class Commented:
    """``fingerprint`` is a salted hash of the text without spaces and case: the same comment again has the same."""

    comment: Annotated[str, Word("The comment", "评论")]
    subject: Subject
    length: Annotated[int, Number("Characters without surrounding spaces", "字数（不含首尾空格）", 20_000)]
    fingerprint: Annotated[str, Word("Salted hash of the text", "内容的加盐哈希")]
    device: Device = None


@kind(11, "Comment deleted", "评论删除", rows=("B-09",), reverses=Commented)
class CommentDeleted(Reversal):
    pass


@kind(12, "Reposted", "转发", rows=("B-10", "D-18"))
class Reposted:
    subject: Subject
    channel: Annotated[str | None, Word("Where to", "转发渠道")] = None


@kind(13, "Repost deleted", "转发删除", rows=("B-10",), reverses=Reposted)
class RepostDeleted(Reversal):
    pass


@kind(14, "Content published", "发布内容", rows=("B-51", "D-18", "B-71"))
class ContentPublished:
    work: Work
    form: Annotated[str, Word("The form", "形式", "moment", "article", "video", "audio", "question")]
    pictures: Annotated[int, Number("Pictures", "图片数", 100)]
    length: Annotated[int, Number("Characters", "字数", 200_000)]
    fingerprint: Annotated[str | None, Word("Salted hash of the text", "内容的加盐哈希")] = None


@kind(15, "Content deleted", "内容删除", rows=("B-51",), reverses=ContentPublished)
class ContentDeleted(Reversal):
    pass


@kind(16, "Work selected", "优质作品入选", rows=("B-11", "B-52"))
class WorkSelected:
    """The resident is the author; the selector is always named, a person of the staff or a rule."""

    work: Work
    selected_by: Annotated[str, Word("Who or which rule selected it", "入选人或规则")]
    means: Annotated[str, Word("How it was selected", "入选方式", "editor", "rule")]
    board: Annotated[str | None, Word("The board it stands on", "入选板块")] = None


@kind(17, "Selection withdrawn", "入选撤销", rows=("B-11", "B-52"), reverses=WorkSelected)
class SelectionWithdrawn(Reversal):
    pass


@kind(18, "Evaluation submitted", "提交评价", rows=("B-12", "I-02", "I-03"))
class EvaluationSubmitted:
    """``record`` is the actual purchase, use or activity; whether it pays never depends on ``score``."""

    scene: Annotated[str, Word("What was evaluated", "评价场景", "purchase", "use", "activity")]
    record: Annotated[str, Word("The purchase, use or activity", "对应的购买、使用或活动")]
    score: Annotated[int, Number("Score in percent of the scale", "得分（占满分百分比）", 100)]


@kind(19, "Evaluation withdrawn", "评价撤回", rows=("B-12",), reverses=EvaluationSubmitted)
class EvaluationWithdrawn(Reversal):
    pass


@kind(20, "Experience posted", "发布体验帖", rows=("B-14",))
class ExperiencePosted:
    """A post about charging or another service that its author really had: ``record`` names that service."""

    work: Work
    service: Annotated[
        str,
        Word(
            "The service",
            "服务类型",
            "charging",
            "swap",
            "power_up",
            "repair",
            "maintenance",
            "pick_up",
            "rescue",
            "other",
        ),
    ]
    record: Annotated[str, Word("The service or charging record", "服务或充电记录")]


@kind(21, "Experience post deleted", "体验帖删除", rows=("B-14",), reverses=ExperiencePosted)
class ExperiencePostDeleted(Reversal):
    pass


@kind(22, "Liked", "点赞", rows=("D-18", "B-68"))
class Liked:
    subject: Subject
    author: Annotated[int | None, Person("Its author", "作者")] = None


@kind(23, "Like taken back", "取消点赞", rows=("D-18",), reverses=Liked)
class LikeTakenBack(Reversal):
    pass


@kind(24, "Followed", "关注", rows=("D-16",))
class Followed:
    followed: Annotated[int, Person("Who is followed", "被关注的居民")]


@kind(25, "Unfollowed", "取消关注", rows=("D-16",), reverses=Followed)
class Unfollowed(Reversal):
    pass


@kind(26, "Community joined", "加入社群", rows=("D-16", "B-71"))
class CommunityJoined:
    community: Annotated[str, Word("The community", "社群")]


@kind(27, "Community left", "退出社群", rows=("D-16",), reverses=CommunityJoined)
class CommunityLeft(Reversal):
    pass


@kind(28, "Tip given", "打赏", rows=("B-44",))
class TipGiven:
    """The resident is the reader. Recorded where the points move from him to the author."""

    author: Annotated[int, Person("The author", "作者")]
    work: Work
    points: Annotated[int, Number("Points", "积分", 1_000_000, minimum=1, unit="points")]
    device: Device = None


@kind(29, "Tip returned", "打赏退回", rows=("B-44",), reverses=TipGiven)
class TipReturned(Reversal):
    pass


@kind(30, "Points given to a friend", "积分红包", rows=("B-45",))
class PointsGiven:
    """The resident is the giver. Recorded where the points reach the friend."""

    friend: Annotated[int, Person("The friend", "好友")]
    points: Annotated[int, Number("Points", "积分", 1_000_000, minimum=1, unit="points")]
    device: Device = None


@kind(31, "Gift returned", "红包退回", rows=("B-45",), reverses=PointsGiven)
class GiftReturned(Reversal):
    pass

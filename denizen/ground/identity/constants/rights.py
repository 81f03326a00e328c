"""What a level can give: rights, a visible mark, notices that are on by default. The vocabulary; levels are data."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Title(NamedTuple):
    """A text in both languages; what is published keeps both, whoever reads it."""

    en: str
    zh: str


class Right(StrEnum):
    """What a resident may do. Every check names one of these and a date (B-70)."""

    COMMUNITY_READ = "community.read"
    COMMUNITY_POST = "community.post"
    COMMUNITY_COMMENT = "community.comment"
    COMMENT_LABEL = "community.comment_label"
    ACTIVITIES_JOIN = "activities.join"
    ACTIVITIES_HOST = "activities.host"
    INVITE_FRIENDS = "invite.friends"
    POINTS_SPEND = "points.spend"
    VOTE = "vote"
    PILOT_APPLY = "pilot.apply"
    HOUSE_ENTER = "house.enter"
    ENERGY_POWER_UP = "energy.power_up"
    SERVICE_PICK_UP = "service.pick_up"


class Mark(StrEnum):
    """What others see beside the name."""

    NONE = ""
    DEPOSIT = "deposit"
    CROWN = "crown"
    FOUNDER_CROWN = "founder_crown"
    FORMER_CROWN = "former_crown"
    ENERGY = "energy"
    SERVICE = "service"


class Notice(StrEnum):
    """Notices that a level switches on by default."""

    COMMUNITY_NEWS = "community.news"
    ACTIVITIES_NEAR = "activities.near"
    ORDER_PROGRESS = "order.progress"
    VEHICLE_CARE = "vehicle.care"
    VOTES = "votes"
    ENERGY_NEWS = "energy.news"
    SERVICE_PROGRESS = "service.progress"


RIGHT_TITLES: dict[Right, Title] = {
    Right.COMMUNITY_READ: Title("Read the community", "浏览社区"),
    Right.COMMUNITY_POST: Title("Write posts", "发布动态"),
    Right.COMMUNITY_COMMENT: Title("Comment", "发表评论"),
    Right.COMMENT_LABEL: Title("Carry the founder edition's label in comments", "评论中显示创始版标签"),
    Right.ACTIVITIES_JOIN: Title("Join activities", "报名参加活动"),
    Right.ACTIVITIES_HOST: Title("Host activities", "发起活动"),
    Right.INVITE_FRIENDS: Title("Invite friends with a code of one's own", "用自己的邀请码邀请好友"),
    Right.POINTS_SPEND: Title("Spend points", "使用积分"),
    Right.VOTE: Title("Vote", "参与投票"),
    Right.PILOT_APPLY: Title("Apply for pilots", "申请内测体验"),
    Right.HOUSE_ENTER: Title("Enter the city's houses", "进入线下空间"),
    Right.ENERGY_POWER_UP: Title("Call for power-up", "呼叫加电服务"),
    Right.SERVICE_PICK_UP: Title("Have the vehicle picked up for service", "上门取送车服务"),
}

NOTICE_TITLES: dict[Notice, Title] = {
    Notice.COMMUNITY_NEWS: Title("News of the community", "社区动态"),
    Notice.ACTIVITIES_NEAR: Title("Activities nearby", "附近活动"),
    Notice.ORDER_PROGRESS: Title("Progress of the order", "订单进度"),
    Notice.VEHICLE_CARE: Title("Care of the vehicle", "用车养护"),
    Notice.VOTES: Title("Votes", "投票通知"),
    Notice.ENERGY_NEWS: Title("News about energy", "加电资讯"),
    Notice.SERVICE_PROGRESS: Title("Progress of service", "服务进度"),
}

MARK_TITLES: dict[Mark, Title] = {
    Mark.DEPOSIT: Title("Deposit paid", "已付定金"),
    Mark.CROWN: Title("Owner", "车主"),
    Mark.FOUNDER_CROWN: Title("Founder-edition owner", "创始版车主"),
    Mark.FORMER_CROWN: Title("Former owner", "老车主"),
    Mark.ENERGY: Title("Energy plan", "能源计划"),
    Mark.SERVICE: Title("Service plan", "服务计划"),
}

"""What counts as suspicious, as data. Every number is assumed; none looks at grade, followers, city or language."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of all signals. A change of any of them is a new ``version``; signals keep theirs.

    Shares are permille, amounts points.
    """

    version: int = 1
    case_strength_min: int = 500
    burst_count_min: int = 40
    burst_talk_count_min: int = 120
    burst_times_city: int = 3
    burst_times_own: int = 3
    usual_days: int = 60
    regular_count_min: int = 24
    regular_share_min: int = 850
    regular_gap_seconds_min: int = 5
    regular_days: int = 30
    ring_days: int = 30
    ring_gifts_min: int = 3
    ring_points_min: int = 300
    ring_pair_points_min: int = 1_000
    ring_balance_min: int = 500
    ring_closed_min: int = 600
    device_days: int = 30
    device_residents_min: int = 4
    device_entries_min: int = 4
    device_main_share: int = 600
    invite_days: int = 180
    invite_shared_share: int = 500
    invite_device_residents_max: int = 5
    hollow_count_min: int = 6
    hollow_hours: int = 48
    hollow_wait_days: int = 7
    hollow_share_min: int = 700
    hollow_entries_max: int = 3


PARAMETERS = Parameters()


class Parameter(NamedTuple):
    """One number with what it says in both languages."""

    name: str
    value: int
    en: str
    zh: str


SAID = {
    "case_strength_min": ("A signal this strong opens a case (of 1,000)", "信号达到此强度即立案（满分 1,000）"),
    "burst_count_min": ("Burst: entries of one kind within an hour, at least", "突发：一小时内同类记录至少"),
    "burst_talk_count_min": ("Burst: messages of a talk within an hour, at least", "突发：一小时内聊天消息至少"),
    "burst_times_city": ("Burst: times the city's usual hour", "突发：达到全城常见小时量的倍数"),
    "burst_times_own": ("Burst: times the resident's own usual hour", "突发：达到本人常见小时量的倍数"),
    "usual_days": ("Burst: days that say what is usual", "突发：常见量的统计天数"),
    "regular_count_min": ("Regularity: equal intervals in a row, at least", "规律：间隔数至少"),
    "regular_share_min": ("Regularity: share of equal intervals (‰)", "规律：相等间隔的占比（‰）"),
    "regular_gap_seconds_min": ("Regularity: shortest interval looked at (s)", "规律：考察的最短间隔（秒）"),
    "regular_days": ("Regularity: days looked at", "规律：考察天数"),
    "ring_days": ("Ring: days looked at", "环路：考察天数"),
    "ring_gifts_min": ("Ring: gifts each way, at least", "环路：每一方向的赠送次数至少"),
    "ring_points_min": ("Ring: points each way, at least", "环路：每一方向的积分至少"),
    "ring_pair_points_min": ("Ring of two: points each way, at least", "两人互赠：每一方向的积分至少"),
    "ring_balance_min": ("Ring: smallest flow to largest (‰)", "环路：最小流量与最大流量之比（‰）"),
    "ring_closed_min": ("Ring: share of all gifts that stays inside (‰)", "环路：留在环内的赠送占比（‰）"),
    "device_days": ("Shared device: days looked at", "共用设备：考察天数"),
    "device_residents_min": ("Shared device: residents who mainly use it, at least", "共用设备：主要使用者至少"),
    "device_entries_min": ("Shared device: entries of each, at least", "共用设备：每人记录至少"),
    "device_main_share": ("Shared device: share of a resident's entries (‰)", "共用设备：占本人记录的比例（‰）"),
    "invite_days": ("Self-invitation: days looked at", "自我邀请：考察天数"),
    "invite_shared_share": ("Self-invitation: share of shared devices (‰)", "自我邀请：共用设备的占比（‰）"),
    "invite_device_residents_max": (
        "Self-invitation: residents of a device, at most (more is a public place)",
        "自我邀请：设备使用者至多（更多即视为公共场所）",
    ),
    "hollow_count_min": ("Hollow invitations: invited within the hours, at least", "空壳邀请：时段内被邀请人至少"),
    "hollow_hours": ("Hollow invitations: hours looked at", "空壳邀请：考察小时数"),
    "hollow_wait_days": ("Hollow invitations: days they are given to begin a life", "空壳邀请：观察天数"),
    "hollow_share_min": ("Hollow invitations: share without own doings (‰)", "空壳邀请：无自身活动者占比（‰）"),
    "hollow_entries_max": ("Hollow invitations: entries that make no life, at most", "空壳邀请：视为无活动的记录至多"),
}


def parameter_list(parameters: Parameters = PARAMETERS) -> tuple[Parameter, ...]:
    """All numbers with their words, in the order of the signals."""
    return tuple(
        Parameter(each.name, getattr(parameters, each.name), *SAID[each.name])
        for each in fields(parameters)
        if each.name != "version"
    )

"""Names and towns of the reference city. Invented people in real towns."""

from __future__ import annotations

from random import Random
from typing import NamedTuple


class Town(NamedTuple):
    """``tier``: 1 for the largest cities. ``weight``: how many residents live there, relative to the others."""

    name: str
    tier: int
    region: str
    weight: int


TOWNS = (
    Town("上海", 1, "华东", 16),
    Town("北京", 1, "华北", 12),
    Town("深圳", 1, "华南", 10),
    Town("广州", 1, "华南", 9),
    Town("合肥", 2, "华东", 9),
    Town("杭州", 2, "华东", 9),
    Town("成都", 2, "西部", 8),
    Town("南京", 2, "华东", 7),
    Town("苏州", 2, "华东", 7),
    Town("武汉", 2, "华中", 6),
    Town("重庆", 2, "西部", 6),
    Town("西安", 2, "西部", 5),
    Town("长沙", 2, "华中", 5),
    Town("天津", 2, "华北", 5),
    Town("青岛", 2, "华北", 4),
    Town("郑州", 2, "华中", 4),
    Town("厦门", 2, "华南", 3),
    Town("宁波", 2, "华东", 3),
    Town("昆明", 2, "西部", 3),
    Town("无锡", 3, "华东", 3),
    Town("温州", 3, "华东", 3),
    Town("佛山", 3, "华南", 3),
    Town("石家庄", 3, "华北", 2),
    Town("太原", 3, "华北", 2),
    Town("贵阳", 3, "西部", 2),
    Town("海口", 3, "华南", 2),
    Town("绍兴", 4, "华东", 2),
    Town("芜湖", 4, "华东", 2),
    Town("洛阳", 4, "华中", 1),
    Town("绵阳", 4, "西部", 1),
    Town("大理", 5, "西部", 1),
    Town("黄山", 5, "华东", 1),
)

SURNAMES = (
    "王李张刘陈杨赵黄周吴" * 3
    + "徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    + "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹易武乔贺赖龚文"
)
GIVEN_FIRST = "子梓雨思欣若嘉佳晓文明志建国海宇浩俊天一安诗语梦清雅静怡乐心星辰知景书远致云舒念可允承启泽润怀谨"
GIVEN_SECOND = "轩涵萱怡然宁远航宇辰阳晨曦琪瑶雪莹琳颖敏杰强伟磊涛鹏飞龙军辉明哲睿博文彬凯宸溪悦瑾瑜川舟行"
NICKNAMES = (
    "小满",
    "阿北",
    "老周聊车",
    "橙子妈妈",
    "追风的老高",
    "蓝天上的云",
    "二宝爸爸",
    "山里有座桩",
    "夜跑的鱼",
    "换电三分钟",
)
ENGLISH_FIRST = ("Ethan", "Grace", "Leo", "Mia", "Kevin", "Cherry", "Jason", "Iris", "Tony", "Vivian", "Eric", "Nina")
ENGLISH_LAST = ("Chen", "Lin", "Wang", "Zhou", "Xu", "Tang", "Liu", "Gu", "He", "Shen")


def draw_town(chance: Random) -> Town:
    return chance.choices(TOWNS, weights=[town.weight for town in TOWNS])[0]


def draw_name(chance: Random) -> str:
    """A display name: mostly Chinese full names, some nicknames, some English."""
    sort = chance.random()
    if sort < 0.06:
        return f"{chance.choice(ENGLISH_FIRST)} {chance.choice(ENGLISH_LAST)}"
    if sort < 0.12:
        return f"{chance.choice(NICKNAMES)}{chance.randrange(10, 100)}"
    given = chance.choice(GIVEN_SECOND) if sort < 0.3 else chance.choice(GIVEN_FIRST) + chance.choice(GIVEN_SECOND)
    return chance.choice(SURNAMES) + given

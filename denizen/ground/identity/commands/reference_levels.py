"""The levels that come with the house. Grades are stated by the brand's material, rights and notices are assumed.

A city publishes its own versions at the desk; these are where it begins.
"""

from __future__ import annotations

from denizen.ground.identity.constants import Grade, Mark, Notice, Right
from denizen.ground.identity.rules import LevelDraft

EVERYBODY = (
    Right.COMMUNITY_READ,
    Right.COMMUNITY_POST,
    Right.COMMUNITY_COMMENT,
    Right.ACTIVITIES_JOIN,
    Right.POINTS_SPEND,
    Right.PILOT_APPLY,
)

REFERENCE_LEVELS: tuple[LevelDraft, ...] = (
    LevelDraft(
        code="fan",
        title_en="Fan",
        title_zh="粉丝",
        condition_en="Everybody who is registered and does not own a vehicle.",
        condition_zh="所有已注册且不是车主的居民。",
        grades=(Grade.FAN, Grade.DEPOSITOR),
        rights=EVERYBODY,
        notices=(Notice.COMMUNITY_NEWS, Notice.ACTIVITIES_NEAR),
        assumed=True,
    ),
    LevelDraft(
        code="depositor",
        title_en="Deposit payer",
        title_zh="意向金/定金用户",
        condition_en="While intention money or a deposit is paid, not refunded and not used up by a delivery.",
        condition_zh="已支付意向金或定金，且尚未退款、尚未因提车而结清。",
        plans=("deposit",),
        rights=(Right.HOUSE_ENTER,),
        mark=Mark.DEPOSIT,
        notices=(Notice.ORDER_PROGRESS,),
        assumed=True,
    ),
    LevelDraft(
        code="owner",
        title_en="Owner",
        title_zh="车主",
        condition_en="While at least one delivered vehicle is held.",
        condition_zh="名下至少持有一辆已交付的车辆。",
        grades=(Grade.OWNER, Grade.FOUNDER_OWNER),
        rights=(*EVERYBODY, Right.ACTIVITIES_HOST, Right.INVITE_FRIENDS, Right.VOTE, Right.HOUSE_ENTER),
        mark=Mark.CROWN,
        notices=(Notice.COMMUNITY_NEWS, Notice.ACTIVITIES_NEAR, Notice.VEHICLE_CARE, Notice.VOTES),
        assumed=True,
    ),
    LevelDraft(
        code="founder_owner",
        title_en="Founder-edition owner",
        title_zh="创始版车主",
        condition_en="While at least one delivered vehicle of a founder edition is held, besides the level of owner.",
        condition_zh="名下至少持有一辆创始版车辆；同时享有车主级别。",
        grades=(Grade.FOUNDER_OWNER,),
        rights=(Right.COMMENT_LABEL,),
        mark=Mark.FOUNDER_CROWN,
        assumed=True,
    ),
    LevelDraft(
        code="former_owner",
        title_en="Former owner",
        title_zh="老车主",
        condition_en="After the last vehicle was resold or bought back. Account, history and community rights stay.",
        condition_zh="最后一辆车已转售或由官方回购。账号、历史与社区权益保留。",
        grades=(Grade.FORMER_OWNER,),
        rights=(*EVERYBODY, Right.HOUSE_ENTER),
        mark=Mark.FORMER_CROWN,
        notices=(Notice.COMMUNITY_NEWS, Notice.ACTIVITIES_NEAR),
        assumed=True,
    ),
    LevelDraft(
        code="energy_plan",
        title_en="Energy plan",
        title_zh="能源计划",
        condition_en="While an energy plan runs.",
        condition_zh="能源计划生效期间。",
        plans=("energy",),
        rights=(Right.ENERGY_POWER_UP,),
        mark=Mark.ENERGY,
        notices=(Notice.ENERGY_NEWS,),
        assumed=True,
    ),
    LevelDraft(
        code="service_plan",
        title_en="Service plan",
        title_zh="服务计划",
        condition_en="While a service plan runs.",
        condition_zh="服务计划生效期间。",
        plans=("service",),
        rights=(Right.SERVICE_PICK_UP,),
        mark=Mark.SERVICE,
        notices=(Notice.SERVICE_PROGRESS,),
        assumed=True,
    ),
)

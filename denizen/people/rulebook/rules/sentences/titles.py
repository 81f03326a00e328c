"""What the words a rule compares with are called: of the vocabulary of kinds, of grades and plans, of common tables."""

from __future__ import annotations

from ..model import Text

KNOWN: dict[str, Text] = {
    "fan": Text("fan", "粉丝"),
    "depositor": Text("depositor", "定金用户"),
    "owner": Text("owner", "车主"),
    "founder_owner": Text("founder-edition owner", "创始版车主"),
    "former_owner": Text("former owner", "老车主"),
    "energy_plan": Text("energy plan", "能源计划"),
    "service_plan": Text("service plan", "服务计划"),
    "swap": Text("battery swap", "换电"),
    "charging": Text("charging", "充电"),
    "power_up": Text("power-up", "加电"),
    "valet_charging": Text("charging with valet", "代客充电"),
    "mobile_charging": Text("charging by van", "移动充电"),
    "new": Text("new", "新车"),
    "used": Text("used", "二手车"),
    "repurchase": Text("bought again", "复购"),
    "purchase": Text("purchase", "购买"),
    "use": Text("use", "使用"),
    "activity": Text("activity", "活动"),
    "registration": Text("registration", "注册"),
    "test_drive": Text("test drive", "试驾"),
    "order": Text("order", "下单"),
    "delivery": Text("delivery", "交付"),
    "moment": Text("moment", "此刻"),
    "article": Text("article", "文章"),
    "video": Text("video", "视频"),
    "audio": Text("audio", "音频"),
    "question": Text("question", "提问"),
    "new_pile": Text("new pile", "新充电桩"),
    "broken_pile": Text("broken pile", "故障桩"),
    "price": Text("price", "价格"),
    "opening_hours": Text("opening hours", "营业时间"),
    "position": Text("position", "位置"),
    "outward": Text("outward", "对外"),
    "inward": Text("inward", "对内"),
    "profile_items": Text("profile items", "个人资料"),
    "map_corrections": Text("map corrections", "地图修正"),
    "cocreation": Text("co-creation", "共创"),
    "service_acts": Text("efficient service", "服务提效"),
    "travel_acts": Text("easier travel", "出行提效"),
    "idea": Text("idea", "出主意"),
    "trial": Text("trial", "试用"),
    "feedback": Text("feedback", "反馈"),
    "adopted": Text("adopted", "被采纳"),
    "media_work": Text("media work", "传播作品"),
    "organisation": Text("organisation", "组织"),
    "seat_test": Text("seat test", "试座椅"),
    "night_test": Text("night test", "夜间路测"),
    "night_delivery": Text("delivery at night", "夜间自助交付"),
    "off_peak_booking": Text("off-peak booking", "错峰预约"),
    "self_service": Text("self-service", "自助服务"),
    "self_delivery": Text("self-service delivery", "自助交付"),
    "remote_diagnosis": Text("remote diagnosis", "远程诊断"),
    "queue_yielded": Text("place in the queue given up", "让出排队位置"),
    "shared_private_pile": Text("private pile shared", "私桩共享"),
    "map_entry": Text("entry on the map", "地图条目"),
    "car_pool": Text("car pool", "拼车"),
    "pile_yielded": Text("pile made free", "让出充电桩"),
}


def titled(word: str) -> Text:
    """A word by its title, in quotes; one nobody knows here is read as it is written."""
    plain = word.replace("_", " ")
    told = KNOWN.get(word) or Text(plain, plain)
    return Text(f"“{told.en}”", f"“{told.zh}”")

"""The reference brand's own words. They stand in this city's data and nowhere in the code of the house."""

from __future__ import annotations

MODELS = ("es8", "es6", "ec6", "et7", "et5")
FOUNDER_MODEL = "es8"

ACTIVITIES = (
    ("nio-summer-camping", "outward"),
    ("user-face-to-face", "inward"),
    ("nio-house-parent-child-craft", "inward"),
    ("experience-salon", "outward"),
    ("city-night-run", "outward"),
    ("photo-walk", "inward"),
    ("radio-open-studio", "inward"),
    ("charity-drive", "outward"),
    ("book-evening", "inward"),
    ("power-day-tour", "outward"),
)
ANNUAL_DAY = "nio-day"
CONTEST = "racing-season"

COMMUNITIES = (
    "certified-doctors", "certified-lawyers", "certified-teachers", "certified-builders", "photo-club", "camping-club",
    "parents-club", "night-runners", "radio-club", "ep-club-friends", "long-road-club", "chorus-club",
)  # fmt: skip

COCREATION_PROJECTS = (
    "second-row-seat", "pilot-trial", "swap-station-queue", "nomi-voices", "nio-book", "app-next", "life-catalogue",
)  # fmt: skip
IN_CAR_TASKS = tuple(f"nomi-{name}" for name in (
    "seat-memory", "fragrance", "summon", "camping-mode", "karaoke", "quiet-cabin", "route-plan", "dash-camera",
))  # fmt: skip
SWAP_STATIONS = 36
PUBLIC_PILES = 400

HONOURS = (
    ("Pioneer owner", "先锋车主", "Joined the city in its first year and never stopped bringing people together."),
    ("Voice of the community", "社区大V", "Answered newcomers night after night, in words everybody understands."),
    ("Galaxy discovery officer", "星河发现官", "Told the stories of forty owners so that they could be heard."),
    ("Quality officer", "质量官", "Found and measured the seat's pressure point before anybody else."),
    ("Heart of the volunteers", "志愿者之心", "Stood at the gate of the annual day from five in the morning."),
    ("Keeper of the map", "充电地图守护者", "Corrected a hundred places so that nobody else arrives in vain."),
)
"""Title in English and Chinese, and what it is given for."""

GIFTS = (
    ("life-umbrella", 680), ("life-tea", 1_280), ("car-model", 3_200), ("camping-chair", 2_400), ("wine", 1_980),
    ("parent-child-craft-place", 300), ("space-evening", 800), ("power-up", 600), ("annual-day-ticket", 4_500),
)  # fmt: skip
"""What residents spend points on, with the price; all prices are assumed."""

"""Groups of behaviours that are daily communication rather than an incentive (A-46)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from denizen.insight.central_bank.queries.words import Text


@dataclass(frozen=True, slots=True)
class Topic:
    title: Text
    kinds: tuple[str, ...]


TOPICS: Mapping[str, Topic] = {
    "talk": Topic(
        Text("Comments and messages", "评论与消息"),
        ("commented", "message_sent", "content_published", "experience_posted"),
    ),
    "meetings": Topic(Text("Meetings", "见面"), ("activity_attended", "activity_organised", "test_drive_taken")),
    "feedback": Topic(Text("Feedback", "反馈"), ("evaluation_submitted", "map_correction_verified")),
    "help": Topic(Text("Help by residents", "居民互助"), ("volunteer_service_confirmed", "cocreation_act_confirmed")),
}

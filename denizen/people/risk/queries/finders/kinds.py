"""Which kinds the finders look at."""

from __future__ import annotations

from denizen.ground.chronicle.kinds import KINDS

NOT_HIS_DOING = {"desk", "care"}
"""Areas whose entries others make for the resident."""

CONFERRED = {"work_selected", "contest_week_won", "co_creation_act_confirmed", "volunteer_service_confirmed"}

OWN_DEEDS = sorted(
    kind.number
    for kind in KINDS.values()
    if not kind.fact and kind.reverses is None and kind.area not in NOT_HIS_DOING and kind.code not in CONFERRED
)
"""Numbers of the kinds a resident does by himself, as often as he likes."""

GIFTS = {KINDS["tip_given"].number: "author", KINDS["points_given"].number: "friend"}
"""Kinds by which points go from one resident to another, with the field that names the other."""

INVITED = KINDS["invitation_accepted"].number
BUYING = sorted(
    KINDS[code].number
    for code in ("registered", "test_drive_taken", "deposit_paid", "order_placed", "vehicle_delivered")
)

TALK = KINDS["message_sent"].number
"""People who talk write as fast as they type: of 1,350 in a real log, 20 had an hour of 40 messages, none of 120."""

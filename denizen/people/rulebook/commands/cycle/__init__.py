"""The cycle of a rule: tried, spoken about, decided, checked, supervised, fed back (A-34, A-36, A-38, A-40)."""

from denizen.people.rulebook.commands.cycle.feedback import (
    UnableToReport,
    UnableToTakeUp,
    empty_words,
    report_feedback,
    take_up_feedback,
)
from denizen.people.rulebook.commands.cycle.office import Said, UnableToGoOn
from denizen.people.rulebook.commands.cycle.positions import (
    UnableToAnswer,
    UnableToSpeak,
    answer_position,
    state_position,
)
from denizen.people.rulebook.commands.cycle.results import UnableToCheck, check_result, supervise
from denizen.people.rulebook.commands.cycle.trials import UnableToTry, record_trial

__all__ = [
    "Said",
    "UnableToAnswer",
    "UnableToCheck",
    "UnableToGoOn",
    "UnableToReport",
    "UnableToSpeak",
    "UnableToTakeUp",
    "UnableToTry",
    "answer_position",
    "check_result",
    "empty_words",
    "record_trial",
    "report_feedback",
    "state_position",
    "supervise",
    "take_up_feedback",
]

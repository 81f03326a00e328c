"""The board of changes and the page of each: stages, whose turn it is, positions, results, overdue reviews."""

from __future__ import annotations

from datetime import timedelta

import pytest

from denizen.ground.chronicle.kinds import community
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.testing import a_staff
from denizen.kit import clock
from denizen.people.growth.testing import behave
from denizen.people.rulebook.commands import (
    Said,
    approve_book,
    propose_table_value,
    record_trial,
    report_feedback,
    state_position,
)
from denizen.people.rulebook.models import FeedbackTaken, Position, ResultCheck
from denizen.people.rulebook.queries import change_named, version_in_force
from denizen.people.rulebook.testing import UNTRIED, WAIVED, checked, ready
from denizen.portal.tests.conftest import browser_of, text_of

pytestmark = pytest.mark.django_db
WORDS = Said("Neighbours have asked for this since spring.", "en")


@pytest.fixture
def xu(laws):
    return a_staff("Xu", email="xu@lakeside.example", permissions=(Permission.RULES_PROPOSE,))


@pytest.fixture
def shu(laws):
    return a_staff("Shu", email="shu@lakeside.example", permissions=(Permission.RULES_SPEAK,), department="voices")


@pytest.fixture
def change(xu):
    """A change that Xu proposed now: its number."""
    now = clock.now()
    checked(now)
    return propose_table_value(
        actor=xu, table="cocreation", key="night_test", value=6, note="Night testers give most.", moment=now
    ).number


def takes_force(number: int, odo) -> None:
    now = clock.now()
    approve_book(actor=odo, number=number, effective_from=now + timedelta(days=31), moment=now, **WAIVED)


@pytest.mark.row("A-36")
def test_the_board_shows_a_change_under_its_stage_and_who_waits_for_whom(odo, change):
    page = text_of(browser_of(odo).get("/desk/rules/board/"))

    assert "Night testers give most." in page
    assert "Xu waits for a trial" in page
    assert "Stage 2 of 7: Trial" in page
    assert "No change is announced." in page
    assert "The first rule book of the city" in page


@pytest.mark.row("A-36")
def test_the_next_act_is_a_button_for_who_may_do_it_and_for_nobody_else(odo, xu, fei, change):
    ready(change_named(change, clock.now()), clock.now())

    assert "Look and sign" in text_of(browser_of(odo).get("/desk/rules/board/"))
    for other in (xu, fei):
        page = text_of(browser_of(other).get("/desk/rules/board/"))
        assert "Xu waits for the second person" in page
        assert "Look and sign" not in page


@pytest.mark.row("A-38")
def test_an_overdue_review_stands_on_top_in_words_until_somebody_has_looked(odo):
    browser, number = browser_of(odo), version_in_force(clock.now()).number
    page = text_of(browser.get("/desk/rules/board/"))
    assert f"The review of version {number} has been due since" in page
    assert "Nobody has looked at its result since it is in force." in page

    browser.post(f"/desk/rules/board/{number}/check/", {"verdict": "good", "words": "It does what it should."})

    assert "has been due since" not in text_of(browser.get("/desk/rules/board/"))


def test_mine_leaves_out_what_i_had_no_hand_in(fei, xu, change):
    assert "Night testers give most." in text_of(browser_of(xu).get("/desk/rules/board/?show=mine"))
    assert "Night testers give most." not in text_of(browser_of(fei).get("/desk/rules/board/?show=mine"))
    assert "Night testers give most." in text_of(browser_of(fei).get("/desk/rules/board/"))


@pytest.mark.row("A-40")
def test_the_spokesperson_speaks_and_is_overruled_with_a_reason_that_everybody_at_the_desk_reads(shu, odo, fei, change):
    address = f"/desk/rules/board/{change}/"
    browser_of(shu).post(f"{address}speak/", {"stand": "against", "words": "Six n for a sleepless night is little."})
    assert "Decide about the objection" in text_of(browser_of(odo).get(address))

    refused = browser_of(odo).post(f"{address}answer/", {"decision": "overruled", "words": ""})
    assert refused.status_code == 422
    assert "takes a reason" in text_of(refused)
    browser_of(odo).post(f"{address}answer/", {"decision": "overruled", "words": "We begin small and look again."})

    page = text_of(browser_of(fei).get(address))
    assert "Six n for a sleepless night is little." in page
    assert "We begin small and look again." in page
    assert "The users&#39; spokesperson is against it" in page
    assert "Voices" in page
    voice = change_named(change, clock.now()).position
    assert voice.office.at < voice.answer.office.at


@pytest.mark.row("A-40")
def test_an_objection_nobody_decided_about_stops_the_approval(shu, odo, change):
    browser_of(shu).post(f"/desk/rules/board/{change}/speak/", {"stand": "conditions", "words": "Only with a phone."})

    answer = browser_of(odo).post(f"/desk/rules/{change}/approve/", {"untried": "One value."}, follow=True)

    assert "spokesperson objects" in text_of(answer)
    assert change_named(change, clock.now()).approved is None


@pytest.mark.row("A-40")
def test_an_approval_without_a_position_asks_for_a_reason(odo, change):
    page = text_of(browser_of(odo).get(f"/desk/rules/{change}/"))
    assert "Why it cannot wait for the users&#39; spokesperson" in page

    answer = browser_of(odo).post(f"/desk/rules/{change}/approve/", {"untried": "One value."})

    assert answer.status_code == 422
    assert change_named(change, clock.now()).approved is None


@pytest.mark.row("A-36")
def test_a_check_puts_on_record_what_was_measured(odo, ada):
    behave(ada.resident_id, community.CheckedIn(), clock.now())
    number = version_in_force(clock.now()).number

    answer = browser_of(odo).post(
        f"/desk/rules/board/{number}/check/", {"verdict": "mixed", "words": "Quiet mornings."}, follow=True
    )

    assert "A next version may be proposed now." in text_of(answer)
    check = ResultCheck.objects.get()
    assert check.verdict == "mixed"
    assert check.figures["entries"] == check.figures["paid"] == 1
    assert check.figures["rule.check_in_points.times"] == 1
    assert check.figures["feedback"] == 0


@pytest.mark.row("A-36")
def test_a_proposal_before_the_check_is_refused_and_says_what_to_do(xu):
    night = {"table": "cocreation", "key": "night_test", "value": "6", "note": "Night testers give most"}

    answer = browser_of(xu).post("/desk/acts/propose/", night)

    assert answer.status_code == 422
    assert "record a result check of version" in text_of(answer)


@pytest.mark.row("A-36")
def test_supervision_and_what_was_told_stand_on_the_path(odo):
    number = version_in_force(clock.now()).number

    browser_of(odo).post(
        f"/desk/rules/board/{number}/supervise/", {"seen": "Two desks show the old page.", "fed_back": "Told both."}
    )

    page = text_of(browser_of(odo).get(f"/desk/rules/board/{number}/"))
    assert "Two desks show the old page." in page
    assert "Told both." in page


@pytest.mark.row("A-34")
def test_the_front_line_passes_on_what_residents_say_and_a_version_takes_it_up(fei, xu, odo):
    number = version_in_force(clock.now()).number
    told = {"origin": "residents", "rule": "check_in_points", "words": "They ask why Sundays pay the same."}
    browser_of(fei).post(f"/desk/rules/board/{number}/report/", told)
    checked(clock.now())
    made = propose_table_value(
        actor=xu, table="cocreation", key="night_test", value=6, note="Nights.", moment=clock.now()
    ).number
    page = text_of(browser_of(xu).get(f"/desk/rules/board/{made}/"))
    assert "They ask why Sundays pay the same." in page
    feedback = change_named(number, clock.now()).feedback[0]
    assert feedback.office.department_en == "Fellows"

    browser_of(xu).post(f"/desk/rules/board/{made}/take-up/{feedback.id}/")

    assert FeedbackTaken.objects.count() == 1
    page = text_of(browser_of(odo).get(f"/desk/rules/board/{made}/"))
    assert "What it takes up" in page
    assert "Does this version answer any of these?" not in page


@pytest.mark.row("A-52")
def test_signatures_and_elapsed_time_are_shown_and_a_long_chain_is_reported(odo, shu, change, settings):
    browser_of(shu).post(f"/desk/rules/board/{change}/speak/", {"stand": "conditions", "words": "Only with a phone."})
    browser_of(odo).post(f"/desk/rules/board/{change}/answer/", {"decision": "followed", "words": "It is there."})
    now = clock.now()
    approve_book(actor=odo, number=change, effective_from=now + timedelta(days=31), moment=now, untried=UNTRIED)
    page = text_of(browser_of(odo).get(f"/desk/rules/board/{change}/"))
    assert "of at most 2" in page
    assert "Announced beforehand" in page
    assert "took 2 signatures" not in text_of(browser_of(odo).get("/desk/rules/board/"))

    settings.APPROVALS_MAX = 1

    board = text_of(browser_of(odo).get("/desk/rules/board/"))
    assert f"Version {change} took 2 signatures" in board
    assert "layers of approval" in board


@pytest.mark.row("A-34")
@pytest.mark.parametrize("act", ["speak", "answer", "check", "supervise"])
def test_it_refuses_acts_without_the_permit(fei, change, act):
    answer = browser_of(fei).post(f"/desk/rules/board/{change}/{act}/", {"stand": "for", "words": "Good."})

    assert answer.status_code == 403
    assert not Position.objects.exists()


def test_who_may_nothing_sees_the_page_without_the_forms(fei, change):
    page = text_of(browser_of(fei).get(f"/desk/rules/board/{change}/"))

    assert "Speak for the users" not in page
    assert "Check the result" not in page
    assert "Pass on feedback" in page


def test_the_author_is_not_asked_to_speak_and_is_refused(change):
    both = a_staff("Yi", email="yi@lakeside.example", permissions=tuple(Permission))
    made = propose_table_value(
        actor=both, table="cocreation", key="dawn_test", value=3, note="Dawn.", moment=clock.now()
    ).number
    browser = browser_of(both)
    assert "Speak for the users" not in text_of(browser.get(f"/desk/rules/board/{made}/"))

    answer = browser.post(f"/desk/rules/board/{made}/speak/", {"stand": "for", "words": "I like my own idea."})

    assert answer.status_code == 422
    assert "does not also speak for the users" in text_of(answer)


@pytest.mark.parametrize("wrong", [{"words": ""}, {"stand": "perhaps"}, {"words": "x" * 1_001}, {"words": "a\x00b"}])
def test_it_refuses_what_cannot_be_kept_and_keeps_the_page_open(shu, change, wrong):
    told = {"stand": "for", "words": "Good."} | wrong

    assert browser_of(shu).post(f"/desk/rules/board/{change}/speak/", told).status_code == 422
    assert not Position.objects.exists()


def test_pressing_twice_says_so(shu, change):
    told = {"stand": "for", "words": "Good for those who drive at night."}
    browser = browser_of(shu)
    assert browser.post(f"/desk/rules/board/{change}/speak/", told).status_code == 302

    answer = browser.post(f"/desk/rules/board/{change}/speak/", told)

    assert "You have said exactly this" in text_of(answer)
    assert Position.objects.count() == 1


@pytest.mark.parametrize("address", ["/desk/rules/board/99999/", "/desk/rules/board/0/"])
def test_an_unknown_change_is_not_there(odo, address):
    browser = browser_of(odo)

    assert browser.get(address).status_code == 404
    assert browser.post(f"{address}answer/", {"decision": "followed"}).status_code == 404
    assert browser.post(f"{address}check/", {"verdict": "good", "words": "Good."}).status_code == 404


def test_my_desk_names_what_waits_for_me_in_the_rules(odo, fei, change):
    page = text_of(browser_of(odo).get("/desk/"))

    assert "Your turn in the rules" in page
    assert "Xu waits for a trial" in page
    assert "Your turn in the rules" not in text_of(browser_of(fei).get("/desk/"))


def test_the_page_of_a_version_says_where_it_is_on_its_way(odo, shu, change):
    state_position(actor=shu, number=change, stand="for", said=WORDS, moment=clock.now())

    page = text_of(browser_of(odo).get(f"/desk/rules/{change}/"))

    assert "Xu waits for a trial" in page
    assert "The spokesperson is for it" in page


def test_what_somebody_writes_is_text_and_keeps_its_language(shu, odo, change):
    browser_of(shu, "zh-hans").post(
        f"/desk/rules/board/{change}/speak/", {"stand": "for", "words": "<script>alert(1)</script>好"}
    )

    page = text_of(browser_of(odo).get(f"/desk/rules/board/{change}/"))

    assert "<script>alert(1)" not in page
    assert 'lang="zh-Hans">&lt;script&gt;' in page


@pytest.mark.parametrize(("language", "words"), [("en", "Rule changes"), ("zh-hans", "规则变更")])
def test_both_pages_speak_both_languages(odo, change, language, words):
    takes_force(change, odo)
    browser = browser_of(odo, language)

    assert words in text_of(browser.get("/desk/rules/board/"))
    assert words in text_of(browser.get(f"/desk/rules/board/{change}/"))


def test_a_city_without_a_book_says_so(db):
    browser = browser_of(a_staff("Odo", email="odo@lakeside.example", permissions=tuple(Permission)))

    assert "No rule book yet" in text_of(browser.get("/desk/rules/board/"))


def test_the_board_asks_the_same_number_of_questions_however_many_changes_there_are(odo, xu, change, queries):
    browser = browser_of(odo)
    report_feedback(actor=xu, number=change, origin="residents", said=WORDS, moment=clock.now())
    ready(change_named(change, clock.now()), clock.now())
    few = queries(browser, "/desk/rules/board/")
    for value in range(7, 12):
        made = propose_table_value(
            actor=xu, table="cocreation", key="night_test", value=value, note=f"{value} n", moment=clock.now()
        )
        ready(made, clock.now())

    assert queries(browser, "/desk/rules/board/") == few <= 30


@pytest.mark.row("A-36")
def test_a_trial_stands_on_the_path_with_its_figures_and_the_way_to_the_backtest(odo, xu, change):
    key = "0190a0a0-0000-7000-8000-000000000001"
    record_trial(
        actor=xu, digest=change_named(change, clock.now()).digest, run=f"backtest:{key}",
        summary={"entries": 12_480, "points.difference": -300}, moment=clock.now(),
    )  # fmt: skip

    page = text_of(browser_of(odo).get(f"/desk/rules/board/{change}/"))

    assert "12,480" in page
    assert "−300" in page
    assert f"/desk/rules/backtests/{key}/" in page


def test_what_waits_for_a_trial_leads_to_the_backtest_of_that_version(odo, change):
    assert f"/desk/rules/backtests/?book=version:{change}" in text_of(browser_of(odo).get("/desk/rules/board/"))


@pytest.mark.parametrize(("language", "words"), [("en", "“night test” = 6"), ("zh-hans", "“夜间路测” = 6")])
def test_a_change_says_in_sentences_what_differs_from_what_it_follows(odo, change, language, words):
    page = text_of(browser_of(odo, language).get(f"/desk/rules/board/{change}/"))

    assert 'class="differs"' in page
    assert words in page.partition('class="differs"')[2].partition("</ul>")[0]


def test_the_first_book_differs_from_nothing(odo):
    page = text_of(browser_of(odo).get(f"/desk/rules/board/{version_in_force(clock.now()).number}/"))

    assert 'class="differs"' not in page

"""Drafts at the desk: rules in sentences, changed box by box; nothing is lost, nothing changes unseen."""

from __future__ import annotations

from typing import Any

import pytest

from denizen.ground.identity.constants import Permission
from denizen.ground.identity.models import StaffAct
from denizen.ground.identity.testing import a_staff
from denizen.kit import clock
from denizen.people.rulebook.commands import save_draft, start_draft
from denizen.people.rulebook.queries import draft_for, drafts, reference_book_text, version_in_force, versions
from denizen.people.rulebook.queries.language import dump_book, parse, to_text
from denizen.people.rulebook.testing import checked
from denizen.portal.tests.conftest import browser_of, text_of
from denizen.portal.tests.filled_forms import fields_of

pytestmark = pytest.mark.django_db
ROOT = "/desk/rules/drafts/"


@pytest.fixture
def xu(laws: None) -> Any:
    return a_staff("Xu", email="xu@lakeside.example", permissions=(Permission.RULES_PROPOSE,))


@pytest.fixture
def lin(laws: None) -> Any:
    return a_staff("Lin", email="lin@lakeside.example", permissions=(Permission.RULES_PROPOSE,))


@pytest.fixture
def draft(xu: Any) -> int:
    return start_draft(actor=xu, title="Quiet days", based_on=first(), moment=clock.now()).pk


def first() -> int:
    """The number of the version in force."""
    version = version_in_force(clock.now())
    assert version is not None
    return version.number


def rule_of(draft: int, code: str) -> Any:
    found = draft_for(draft)
    assert found is not None
    assert found.book is not None
    return found.book.rule(code)


def boxes_of(browser: Any, draft: int, code: str) -> dict[str, list[str]]:
    return fields_of(text_of(browser.get(f"{ROOT}{draft}/rules/{code}/")), "rule-form")


def saved(browser: Any, draft: int, code: str, **changed: Any) -> Any:
    fields = boxes_of(browser, draft, code) | {"do": "save"} | {k.replace("__", "-"): v for k, v in changed.items()}
    return browser.post(f"{ROOT}{draft}/rules/{code}/", fields, follow=True)


def with_boxes(browser: Any, draft: int, code: str, **boxes: Any) -> dict[str, Any]:
    return boxes_of(browser, draft, code) | {name.replace("__", "-"): value for name, value in boxes.items()}


def test_a_draft_begins_with_the_version_in_force(xu):
    answer = browser_of(xu).post(f"{ROOT}start/", {"title": "Quiet days", "based_on": str(first())}, follow=True)

    page = text_of(answer)
    assert "Quiet days" in page
    assert "For “Checked in” the resident gets <b>5 points</b>; once a day" in page
    assert StaffAct.objects.filter(act="rules.draft", staff=xu).exists()


@pytest.mark.row("A-35")
def test_an_amount_is_changed_and_its_effect_is_told(xu, draft):
    page = text_of(saved(browser_of(xu), draft, "check_in_points", amount__fixed="6"))

    assert "Saved: “Daily check-in” pays 6 points instead of 5 points." in page
    assert to_text(rule_of(draft, "check_in_points").amount) == "6"
    assert f"In version {first()}:" in page


def test_opening_and_saving_any_rule_changes_nothing(xu, draft):
    browser = browser_of(xu)
    before = draft_for(draft)

    for rule in before.book.rules:
        answer = saved(browser, draft, rule.code)
        assert answer.status_code == 200, rule.code

    assert draft_for(draft).text == before.text
    assert draft_for(draft).revision == before.revision


def test_saving_the_same_twice_is_one_saving(xu, draft):
    browser = browser_of(xu)
    fields = with_boxes(browser, draft, "check_in_points", amount__fixed="6")

    for _ in range(2):
        assert browser.post(f"{ROOT}{draft}/rules/check_in_points/", fields, follow=True).status_code == 200

    assert draft_for(draft).revision == 2


def test_a_number_that_is_none_is_told_at_its_box_and_kept(xu, draft):
    answer = saved(browser_of(xu), draft, "check_in_points", amount__fixed="six")

    assert answer.status_code == 422
    assert "Write a whole number, such as 20." in text_of(answer)
    assert 'value="six"' in text_of(answer)
    assert draft_for(draft).revision == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("entry.length >", "Line 1, character 15"),
        ("__import__('os')", "Line 1, character 1"),
        ("entry.length == 1.5", "Line 1, character 17"),
        ("true || (" * 60, "Line 1, character"),
    ],
)
def test_a_condition_by_hand_is_refused_with_its_position(xu, draft, text, words):
    answer = saved(browser_of(xu), draft, "comment_points", when__0__subject="by_hand", when__0__text=text)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert draft_for(draft).revision == 1


def test_a_fault_in_meaning_is_saved_and_stands_beside_its_box(xu, draft):
    page = text_of(saved(browser_of(xu), draft, "check_in_points", behaviour_en=""))

    assert "Write this text; both languages are needed." in page
    assert not draft_for(draft).sound
    assert "unfinished" in text_of(browser_of(xu).get(f"{ROOT}{draft}/"))


def test_conditions_are_added_chosen_and_taken_out_without_script(xu, draft):
    browser, address = browser_of(xu), f"{ROOT}{draft}/rules/check_in_points/"

    fields = with_boxes(browser, draft, "check_in_points", do="add-clause:when")
    fields = fields_of(text_of(browser.post(address, fields)), "rule-form")
    fields |= {"when-0-subject": "moment.weekday", "do": "refresh"}
    fields = fields_of(text_of(browser.post(address, fields)), "rule-form")
    fields |= {"when-0-comparison": "at_most", "when-0-value": "4", "do": "save"}
    page = text_of(browser.post(address, fields, follow=True))

    assert to_text(rule_of(draft, "check_in_points").when) == "moment.weekday <= 4"
    assert "if the day of the week is at most Thursday" in page
    fields = with_boxes(browser, draft, "check_in_points", do="drop-clause:when:0")
    fields = fields_of(text_of(browser.post(address, fields)), "rule-form") | {"do": "save"}
    browser.post(address, fields)
    assert rule_of(draft, "check_in_points").when == parse("true")


def test_a_decision_table_is_built_examined_and_saved(xu, draft):
    browser, address = browser_of(xu), f"{ROOT}{draft}/rules/check_in_points/"
    fields = with_boxes(browser, draft, "check_in_points", amount__shape="decision", do="refresh")
    fields = fields_of(text_of(browser.post(address, fields)), "rule-form")
    fields |= {"row-0-0-subject": "resident.grade", "do": "add-row"}
    fields = fields_of(text_of(browser.post(address, fields)), "rule-form")
    fields |= {"row-0-0-comparison": "one_of", "row-1-0-subject": "moment.weekday", "do": "refresh"}
    fields = fields_of(text_of(browser.post(address, fields)), "rule-form")
    fields |= {
        "row-0-0-value": ["owner", "founder_owner"], "row-0-pays": "8", "row-1-0-comparison": "at_least",
        "row-1-0-value": "6", "row-1-pays": "2", "amount-otherwise": "5", "do": "save",
    }  # fmt: skip

    page = text_of(browser.post(address, fields, follow=True))

    wanted = 'resident.grade in ["owner", "founder_owner"] ? 8 : moment.weekday >= 6 ? 2 : 5'
    assert to_text(rule_of(draft, "check_in_points").amount) == wanted
    assert "Rows 1 and 2 hold together, for example when" in page
    assert "No row covers the case that" in page
    answer = saved(browser, draft, "check_in_points", amount__policy="collect")
    assert answer.status_code == 200
    assert to_text(rule_of(draft, "check_in_points").amount).count(" : 0)") == 2


def test_two_colleagues_on_two_rules_do_not_disturb_each_other(xu, lin, draft):
    hers = with_boxes(browser_of(lin), draft, "comment_points", amount__fixed="3")
    saved(browser_of(xu), draft, "check_in_points", amount__fixed="6")

    answer = browser_of(lin).post(f"{ROOT}{draft}/rules/comment_points/", hers, follow=True)

    assert answer.status_code == 200
    assert to_text(rule_of(draft, "check_in_points").amount) == "6"
    assert to_text(rule_of(draft, "comment_points").amount) == "3"


def test_two_colleagues_on_one_rule_are_told_and_nothing_is_lost(xu, lin, draft):
    hers = with_boxes(browser_of(lin), draft, "check_in_points", amount__fixed="7")
    saved(browser_of(xu), draft, "check_in_points", amount__fixed="6")

    answer = browser_of(lin).post(f"{ROOT}{draft}/rules/check_in_points/", hers)

    assert answer.status_code == 409
    assert "Xu changed this rule after you opened it." in text_of(answer)
    assert to_text(rule_of(draft, "check_in_points").amount) == "6"
    again = fields_of(text_of(answer), "rule-form")
    assert again["amount-fixed"] == ["7"]
    browser_of(lin).post(f"{ROOT}{draft}/rules/check_in_points/", again | {"do": "save"})
    assert to_text(rule_of(draft, "check_in_points").amount) == "7"


def test_a_new_rule_is_unfinished_and_lists_what_is_missing(xu, draft):
    browser = browser_of(xu)

    given = {"code": "night_points", "kind": "checked_in", "group": "community"}
    page = text_of(browser.post(f"{ROOT}{draft}/new-rule/", given, follow=True))

    assert "Still missing" in page
    assert rule_of(draft, "night_points").clauses == ()
    assert "Serve none of the three clauses" in text_of(browser.get(f"{ROOT}{draft}/"))
    assert browser.post(f"{ROOT}{draft}/new-rule/", given).status_code == 422
    browser.post(f"{ROOT}{draft}/rules/night_points/remove/", {"seen": "something else"})
    assert rule_of(draft, "night_points") is not None
    seen = boxes_of(browser, draft, "night_points")["seen"]
    browser.post(f"{ROOT}{draft}/rules/night_points/remove/", {"seen": seen})
    assert rule_of(draft, "night_points") is None


@pytest.mark.row("A-03", "A-29", "A-37")
def test_each_rule_names_its_guideline_its_value_and_what_it_serves(xu, draft):
    browser = browser_of(xu)
    fields = with_boxes(browser, draft, "check_in_points", guideline="people", value="care")
    fields["clauses"] = ["needs_first"]

    browser.post(f"{ROOT}{draft}/rules/check_in_points/", fields)

    rule = rule_of(draft, "check_in_points")
    assert (rule.guideline, rule.value, rule.clauses) == ("people", "care", ("needs_first",))
    fields["clauses"] = []
    browser.post(f"{ROOT}{draft}/rules/check_in_points/", boxes_of(browser, draft, "check_in_points") | {"clauses": []})
    page = text_of(browser.get(f"{ROOT}{draft}/"))
    assert 'id="unserving"' in page
    assert "serves no clause" in page
    values = text_of(browser.get(f"{ROOT}{draft}/values/care/"))
    assert "A birthday is greeted even when nothing is for sale." in values


def test_rules_are_found_by_a_word_of_their_sentence(xu, draft):
    page = text_of(browser_of(xu).get(f"{ROOT}{draft}/?q=commented"))

    assert "/rules/comment_points/" in page
    assert "/rules/check_in_points/" not in page


def test_a_text_with_a_fault_is_kept_and_shown_with_its_line(xu):
    text = reference_book_text().replace("amount: 5\n", "amount: entry.nothing\n", 1)

    answer = browser_of(xu).post(f"{ROOT}import/", {"title": "Outside", "text": text}, follow=True)

    assert answer.status_code == 200
    assert "entry has no" in text_of(answer) or "nothing" in text_of(answer)
    assert not draft_for(drafts()[0].id).sound


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [1", "Line"),
        ("code: &x a\ntitle: *x", "Line 1"),
        ("!!python/object/apply:os.system ['true']", "Line 1"),
        ("code: a\ncode: b", "Line 2"),
        ("{a: " * 50 + "1" + "}" * 50, "Line 1"),
        ("<script>alert(1)</script>", "Line 1"),
    ],
)
def test_a_hostile_text_is_refused_with_its_place_and_kept_to_be_mended(xu, text, words):
    page = text_of(browser_of(xu).post(f"{ROOT}import/", {"title": "Outside", "text": text}, follow=True))

    assert words in page
    assert "The text cannot be read as a rule book yet." in page
    assert "<script>alert" not in page
    assert drafts()[0].text.strip() == text


def test_a_text_that_is_no_text_is_refused(xu):
    answer = browser_of(xu).post(f"{ROOT}import/", {"title": "Outside", "text": "a: \x00"})
    long = browser_of(xu).post(f"{ROOT}import/", {"title": "Outside", "text": "字" * 400_000})

    assert answer.status_code == long.status_code == 422
    assert drafts() == []


def test_what_is_exported_comes_back_the_same(xu, draft):
    browser = browser_of(xu)
    text = text_of(browser.get(f"{ROOT}{draft}/export/"))

    browser.post(f"{ROOT}import/", {"title": "Again", "text": text.replace("\n", "\r\n")})

    assert drafts()[0].id != draft
    assert drafts()[0].digest == draft_for(draft).digest
    assert dump_book(drafts()[0].book) == text


def test_a_text_is_saved_over_the_revision_that_was_read(xu, lin, draft):
    other = draft_for(draft).text.replace("Daily check-in", "Come by")
    saved(browser_of(xu), draft, "check_in_points", amount__fixed="6")

    answer = browser_of(lin).post(f"{ROOT}{draft}/text/", {"text": other, "revision": "1"})

    assert answer.status_code == 409
    assert "Xu saved this draft meanwhile." in text_of(answer)
    assert "Come by" in text_of(answer)
    assert to_text(rule_of(draft, "check_in_points").amount) == "6"


def test_parts_of_the_book_are_changed_too(xu, draft):
    browser = browser_of(xu)

    cap = {"title_en": "Basics", "title_zh": "基础", "limit": "120", "unit": "amount", "per": "lifetime",
           "when-joined": "all", "when-0-subject": "beneficiary.grade", "when-0-comparison": "is",
           "when-0-value": "fan"}  # fmt: skip
    browser.post(f"{ROOT}{draft}/caps/basic_acts/", cap)
    browser.post(f"{ROOT}{draft}/tables/cocreation/", {"row-0-key": "idea", "row-0-value": "9", "row-1-key": "",
                                                       "row-1-value": ""})  # fmt: skip
    given = {"code": "spring", "title_en": "Spring", "title_zh": "春天", "benefit_en": "Joy", "benefit_zh": "快乐",
             "amount": "500", "alarm_at": "50"}  # fmt: skip
    browser.post(f"{ROOT}{draft}/budgets/new/", given)
    page = text_of(browser.post(f"{ROOT}{draft}/budgets/new/", given))

    book = draft_for(draft).book
    assert to_text(book.shared_caps[0].when) == 'beneficiary.grade == "fan"'
    assert book.shared_caps[0].limit == 120
    assert book.tables["cocreation"] == {"idea": 9}
    assert book.budgets[-1].amount == 500
    assert "The book has this code already." in page


def test_limits_are_added_narrowed_and_taken_out(xu, draft):
    browser, address = browser_of(xu), f"{ROOT}{draft}/rules/comment_points/"
    fields = with_boxes(browser, draft, "comment_points", do="drop-cap:0")
    fields = fields_of(text_of(browser.post(address, fields)), "rule-form") | {"do": "add-cap"}
    fields = fields_of(text_of(browser.post(address, fields)), "rule-form")
    fields |= {"cap-2-limit": "30", "cap-2-unit": "amount", "cap-2-per": "month", "do": "add-clause:cap-2-when"}
    fields = fields_of(text_of(browser.post(address, fields)), "rule-form")
    fields |= {"cap-2-when-0-subject": "beneficiary.grade", "do": "refresh"}
    fields = fields_of(text_of(browser.post(address, fields)), "rule-form")
    fields |= {"cap-2-when-0-comparison": "is", "cap-2-when-0-value": "fan", "do": "save"}

    assert browser.post(address, fields, follow=True).status_code == 200

    caps = rule_of(draft, "comment_points").caps
    assert [(cap.limit, cap.unit, cap.per, cap.by) for cap in caps] == [
        (1, "times", "lifetime", "fingerprint"), (30, "amount", "month", None),
    ]  # fmt: skip
    assert to_text(caps[1].when) == 'beneficiary.grade == "fan"'


def test_opening_and_saving_any_part_changes_nothing(xu, draft):
    browser, before = browser_of(xu), draft_for(draft)
    book = before.book
    items = [("tables", name) for name in book.tables]
    for part, held in (("budgets", book.budgets), ("caps", book.shared_caps), ("guidelines", book.guidelines),
                       ("values", book.values)):  # fmt: skip
        items += [(part, each.code) for each in held]

    for part, code in items:
        address = f"{ROOT}{draft}/{part}/{code}/"
        fields = fields_of(text_of(browser.get(address)), "item-form")
        assert browser.post(address, fields | {"do": "save"}).status_code == 302, code

    assert draft_for(draft).text == before.text


def test_two_colleagues_on_one_part_are_told_and_nothing_is_lost(xu, lin, draft):
    address = f"{ROOT}{draft}/caps/basic_acts/"
    hers = fields_of(text_of(browser_of(lin).get(address)), "item-form") | {"limit": "150", "do": "save"}
    his = fields_of(text_of(browser_of(xu).get(address)), "item-form") | {"limit": "120", "do": "save"}
    browser_of(xu).post(address, his)

    answer = browser_of(lin).post(address, hers)

    assert answer.status_code == 409
    assert "Xu changed this after you opened it." in text_of(answer)
    assert draft_for(draft).book.shared_caps[0].limit == 120
    again = fields_of(text_of(answer), "item-form")
    assert again["limit"] == ["150"]
    browser_of(lin).post(address, again | {"do": "save"})
    assert draft_for(draft).book.shared_caps[0].limit == 150


def test_a_table_of_too_many_rows_is_told_at_the_amount_and_not_lost(xu, draft):
    browser, address = browser_of(xu), f"{ROOT}{draft}/rules/check_in_points/"
    fields = with_boxes(browser, draft, "check_in_points", amount__shape="decision")
    for row in range(20):
        fields |= {f"row-{row}-0-subject": "moment.day", f"row-{row}-0-comparison": "is",
                   f"row-{row}-0-value": str(row + 1), f"row-{row}-pays": "3"}  # fmt: skip

    answer = browser.post(address, fields | {"do": "save"})

    assert answer.status_code == 422
    assert "nest at most 16 levels" in text_of(answer)
    assert fields_of(text_of(answer), "rule-form")["row-19-0-value"] == ["20"]


def test_a_rule_is_tried_in_some_cities_first(xu, draft):
    browser = browser_of(xu)
    given = {"pilot_cities": "Lakeside, Hillside", "pilot_question_en": "Do they come?",
             "pilot_question_zh": "会来吗？", "valid_from": "2030-01-01T00:00:00",
             "valid_to": "2030-03-01T00:00:00"}  # fmt: skip

    page = text_of(saved(browser, draft, "check_in_points", **given))

    pilot = rule_of(draft, "check_in_points").pilot
    assert pilot.cities == ("Lakeside", "Hillside")
    assert pilot.question.zh == "会来吗？"
    assert "tried only in Lakeside, Hillside" in page
    before = draft_for(draft).text
    saved(browser, draft, "check_in_points")
    assert draft_for(draft).text == before
    saved(browser, draft, "check_in_points", pilot_cities="", pilot_question_en="", pilot_question_zh="")
    assert rule_of(draft, "check_in_points").pilot is None


def test_handed_over_it_is_a_proposal_and_done_with(xu, draft):
    browser = browser_of(xu)
    saved(browser, draft, "check_in_points", amount__fixed="6")

    given = {"note": "More people by day", "revision": "2"}

    refused = browser.post(f"{ROOT}{draft}/hand-over/", given)
    checked(clock.now())
    answer = browser.post(f"{ROOT}{draft}/hand-over/", given, follow=True)

    assert refused.status_code == 422
    assert 'role="alert"' in text_of(refused)
    newest = versions(clock.now())[0]
    assert f"Handed over as version {newest.number}." in text_of(answer)
    assert newest.note == "More people by day"
    assert draft_for(draft).version == newest.number
    assert browser.post(f"{ROOT}{draft}/hand-over/", given).status_code == 422
    assert versions(clock.now())[0].number == newest.number


def test_it_hands_over_only_what_was_read(xu, lin, draft):
    saved(browser_of(xu), draft, "check_in_points", amount__fixed="6")

    answer = browser_of(lin).post(f"{ROOT}{draft}/hand-over/", {"note": "Yes", "revision": "1"})

    assert "Xu saved this draft meanwhile." in text_of(answer)
    assert len(versions(clock.now())) == 1


def test_put_away_it_is_only_read(xu, draft):
    browser = browser_of(xu)
    fields = with_boxes(browser, draft, "check_in_points", amount__fixed="6")

    browser.post(f"{ROOT}{draft}/discard/")

    answer = browser.post(f"{ROOT}{draft}/rules/check_in_points/", fields)
    assert answer.status_code == 422
    assert "This draft is done with" in text_of(answer)
    assert "disabled" in text_of(browser.get(f"{ROOT}{draft}/rules/check_in_points/"))


ADDRESSES = ("", "{d}/", "{d}/text/", "{d}/export/", "{d}/rules/check_in_points/", "{d}/budgets/",
             "{d}/caps/basic_acts/", "{d}/values/new/")  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_resident_finds_nothing_and_a_guest_signs_in(ada, draft, address):
    where = ROOT + address.format(d=draft)

    assert browser_of(ada).get(where).status_code == 404
    assert browser_of(ada).post(where).status_code in (404, 405)
    assert browser_of(None).get(where).status_code == 302


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens_in_both_languages(odo, draft, address, language):
    answer = browser_of(odo, language).get(ROOT + address.format(d=draft))

    assert answer.status_code == 200


def test_who_may_only_approve_reads_and_changes_nothing(laws, draft):
    qin = a_staff("Qin", email="qin@lakeside.example", permissions=(Permission.RULES_APPROVE,))
    browser = browser_of(qin)

    assert browser.get(f"{ROOT}{draft}/rules/check_in_points/").status_code == 200
    browser.post(f"{ROOT}{draft}/rules/check_in_points/", {"do": "save"})
    assert browser.post(f"{ROOT}start/", {}).status_code == 403
    assert browser.post(f"{ROOT}{draft}/rules/check_in_points/remove/").status_code == 403
    browser.post(f"{ROOT}{draft}/caps/basic_acts/", {"do": "remove"})
    assert draft_for(draft).revision == 1


def test_staff_without_any_permit_of_the_rules_learn_which_it_takes(laws, draft):
    nia = a_staff("Nia", email="nia@lakeside.example")

    assert browser_of(nia).get(ROOT).status_code == 403


def test_an_unknown_draft_rule_or_part_is_not_there(xu, draft):
    browser = browser_of(xu)

    for address in ("999/", f"{draft}/rules/nothing/", f"{draft}/nothing/", f"{draft}/caps/nothing/"):
        assert browser.get(ROOT + address).status_code == 404


def test_a_page_of_a_draft_takes_few_queries(xu, draft, queries):
    assert queries(browser_of(xu), f"{ROOT}{draft}/") <= 14
    assert queries(browser_of(xu), f"{ROOT}{draft}/rules/check_in_points/") <= 14


def test_a_draft_that_was_overtaken_says_whose_is_there(xu, lin, draft):
    text = draft_for(draft).text
    save_draft(actor=xu, draft=draft, content=text.replace("amount: 5\n", "amount: 6\n", 1), revision=1,
               moment=clock.now())  # fmt: skip

    answer = browser_of(lin).post(f"{ROOT}{draft}/text/", {"text": text + "\n# mine", "revision": "1"})

    assert answer.status_code in (302, 409)

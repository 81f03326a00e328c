"""Drawings are text: deterministic, named for those who do not see them, and never styled inline."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from denizen.shell import drawings
from denizen.shell.drawings.charts import ticks
from denizen.shell.drawings.icons import ICONS

EVERY = {
    "rings": lambda: drawings.rings("ada", "Ada"),
    "contribution": lambda: drawings.contribution_rings([41, 12, 9, 24], label="four kinds"),
    "clock": lambda: drawings.clock_ring(passed=3, whole=4, words="13h", label="soon"),
    "landscape": lambda: drawings.landscape("lake", "hills"),
    "dusk": lambda: drawings.dusk_city("lake", lit=12, label="evening", home_lit=True),
    "line": lambda: drawings.line_chart(
        [drawings.Series("a", [1, 5]), drawings.Series("b", [1, 5])], first="x", last="y", label="two"
    ),
    "bars": lambda: drawings.bar_chart([drawings.Bar("a", 5, low=4, high=6), drawings.Bar("b", -2)], label="bars"),
    "spark": lambda: drawings.sparkline([1, 3, 2], label="up and down"),
    "logo": lambda: drawings.logo("Lakeside"),
    "crown": lambda: drawings.crown("earned"),
    "icon": lambda: drawings.icon("today", "today"),
}


@pytest.mark.parametrize("name", EVERY)
def test_every_drawing_is_sound_named_and_without_inline_style(name):
    text = EVERY[name]()

    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.find("title").text
    assert not [element for element in root.iter() if "style" in element.attrib or element.tag == "style"]


@pytest.mark.parametrize("name", EVERY)
def test_the_same_seed_draws_the_same_picture(name):
    assert EVERY[name]() == EVERY[name]()


def test_another_process_draws_the_same_avatar():
    code = "from denizen.shell import drawings; print(drawings.rings('ada', 'Ada'))"

    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()

    assert other == drawings.rings("ada", "Ada")


def test_another_seed_draws_another_picture():
    assert drawings.rings("ada") != drawings.rings("ben")
    assert drawings.landscape("ada") != drawings.landscape("ben")


def test_a_picture_without_a_label_is_decoration():
    root = ElementTree.fromstring(drawings.rings("ada"))

    assert root.get("aria-hidden") == "true"
    assert root.get("role") is None


def test_as_many_windows_are_lit_as_asked():
    picture = drawings.dusk_city("lake", lit=17, label="evening")

    assert picture.count('class="lit"') == 17
    assert drawings.dusk_city("lake", lit=10**6, label="evening").count('class="pane"') == 0


def test_ones_own_window_is_lit_dark_or_absent():
    lit, dark, absent = (drawings.dusk_city("x", lit=1, label="e", home_lit=state) for state in (True, False, None))

    assert 'class="mine"' in lit
    assert "halo" in lit
    assert 'class="mine dark"' in dark
    assert "halo" not in dark
    assert "mine" not in absent


def test_arcs_are_shares_of_the_sum_and_nothing_draws_no_arc():
    picture = drawings.contribution_rings([3, 1, 0], label="kinds")

    shares = [
        float(part) / float(whole) for part, whole in re.findall(r'stroke-dasharray="([\d.]+) ([\d.]+)"', picture)
    ]
    assert [round(share, 2) for share in shares] == [0.75, 0.25]
    assert picture.count("track") == 3


def test_five_rings_are_refused():
    with pytest.raises(ValueError, match="four"):
        drawings.contribution_rings([1, 2, 3, 4, 5], label="too many")


def test_bars_begin_at_zero_and_keep_their_proportions():
    root = ElementTree.fromstring(drawings.bar_chart([drawings.Bar("a", 100), drawings.Bar("b", 50)], label="bars"))

    bars = list(root.iter("rect"))
    assert [bar.get("x") for bar in bars] == ["0", "0"]
    assert float(bars[0].get("width")) == 2 * float(bars[1].get("width"))


def test_a_losing_bar_ends_where_zero_stands():
    root = ElementTree.fromstring(drawings.bar_chart([drawings.Bar("a", 30), drawings.Bar("b", -10)], label="bars"))

    gain, loss = root.iter("rect")
    assert float(loss.get("x")) + float(loss.get("width")) == pytest.approx(float(gain.get("x")), abs=0.02)


@pytest.mark.parametrize(("low", "high"), [(0, 7), (0, 120_000), (-30, 50), (0, 0), (10, 13), (0, 999_999_999)])
def test_ticks_are_few_and_hold_everything(low, high):
    marks = ticks(low, high)

    assert marks[0] <= low
    assert marks[-1] >= high
    assert 2 <= len(marks) <= 7


def test_lines_that_end_together_keep_their_names_apart():
    picture = EVERY["line"]()

    heights = [float(y) for y in re.findall(r'y="([\d.]+)" class="name"', picture)]
    assert abs(heights[0] - heights[1]) >= 15


@pytest.mark.parametrize(
    "draw",
    [
        lambda: drawings.line_chart([], first="", last="", label=""),
        lambda: drawings.line_chart([drawings.Series("a", [1])], first="", last="", label=""),
        lambda: drawings.bar_chart([], label=""),
        lambda: drawings.sparkline([1], label=""),
    ],
)
def test_it_refuses_figures_that_make_no_picture(draw):
    with pytest.raises(drawings.UnableToDraw):
        draw()


def test_names_given_by_people_cannot_become_markup():
    hostile = '"><script>alert(1)</script>'

    pictures = [
        drawings.rings("x", hostile),
        drawings.bar_chart([drawings.Bar(hostile, 1)], label=hostile),
        drawings.line_chart([drawings.Series(hostile, [1, 2])], first=hostile, last=hostile, label=hostile),
        drawings.clock_ring(passed=1, whole=2, words=hostile, label=hostile),
    ]

    assert all(isinstance(picture, Markup) and "<script" not in picture for picture in pictures)


def test_an_unknown_icon_is_refused():
    assert len(ICONS) > 30
    with pytest.raises(KeyError):
        drawings.icon("nowhere")

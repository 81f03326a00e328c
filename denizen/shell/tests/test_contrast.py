import pytest

from denizen.shell.tests.contrast import contrast, luminance, theme

GROUNDS = ("paper", "surface", "sunken")
TEXTS = [(text, ground) for text in ("ink-3", "lake", "lamp-ink", "done", "due", "over") for ground in GROUNDS[:2]]
ON_SOFT = [
    ("ink-3", "sunken"),
    ("lake", "lake-soft"),
    ("lake", "sunken"),
    ("lamp-ink", "lamp-soft"),
    ("done", "done-soft"),
    ("due", "due-soft"),
    ("over", "over-soft"),
    ("on-lake", "lake"),
    ("on-lake", "lake-press"),
    ("ink", "raised"),
]
MARKS = [
    ("ring-1", "surface"),
    ("ring-2", "surface"),
    ("ring-3", "surface"),
    ("ring-4", "surface"),
    ("due-mark", "surface"),
]


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", ["ink", "ink-2"])
def test_body_text_reaches_seven_to_one(name, ground, text):
    colours = theme(name)

    assert contrast(colours[text], colours[ground]) >= 7


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS + ON_SOFT)
def test_every_other_text_reaches_four_and_a_half(name, text, ground):
    colours = theme(name)

    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("text", ["ink", "ink-2"])
@pytest.mark.parametrize("soft", ["lake-soft", "done-soft", "due-soft", "over-soft"])
def test_text_on_soft_colours_can_be_read(name, text, soft):
    colours = theme(name)

    assert contrast(colours[text], colours[soft]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_without_words_reach_three_to_one(name, mark, ground):
    colours = theme(name)

    assert contrast(colours[mark], colours[ground]) >= 3


def test_the_measure_itself_knows_black_white_and_a_known_red():
    black, white = luminance(0, 0, 0), luminance(1, 0, 0)
    red = luminance(0.62796, 0.25768, 29.234)

    assert round(contrast(black, white), 1) == 21.0
    assert round(contrast(red, white), 1) == 4.0

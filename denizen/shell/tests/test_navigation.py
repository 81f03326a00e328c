from denizen.shell.navigation import Place, sections


def test_places_keep_their_order_under_their_headings():
    places = [
        Place("b", "B", "/b", section="two"),
        Place("a", "A", "/a", section="one"),
        Place("c", "C", "/c", section="one"),
    ]

    assert [(name, [place.key for place in members]) for name, members in sections(places)] == [
        ("two", ["b"]),
        ("one", ["a", "c"]),
    ]


def test_no_places_are_no_sections():
    assert sections([]) == []

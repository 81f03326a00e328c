"""The behaviours in a real browser, without a server: every address is answered by the test itself."""

from pathlib import Path

import pytest

from denizen.shell.browser_for_tests import in_a_browser

JS = Path(__file__).resolve().parent.parent / "static" / "shell" / "js"
HOME = "http://city.test/"
PAGE = """<!doctype html><body hx-headers='{"X-CSRFToken": "token"}' data-live-ticket-url="/live/ticket/">
<input type="search"><ul data-rows><li data-row><a href="#a">A</a></li><li data-row><a href="#b">B</a></li></ul>
<p id="points" data-bloom>12</p>
<script>window.heard = [];
document.body.addEventListener("denizen:change", (event) => window.heard.push(event.detail));</script>
<script type="module" src="/main.js"></script></body>"""

pytestmark = in_a_browser


class City:
    """Answers the browser and remembers what was asked."""

    def __init__(self):
        self.streams = ['event: change\ndata: {"what": "points"}\n\n']
        self.asked, self.tokens, self.ticket_status = [], [], 200

    def answer(self, route):
        path = route.request.url.removeprefix(HOME)
        self.asked.append(path)
        if path == "":
            return route.fulfill(body=PAGE, content_type="text/html")
        if path == "live/ticket/":
            self.tokens.append((route.request.method, route.request.headers.get("x-csrftoken")))
            return route.fulfill(status=self.ticket_status, json={"ticket": f"t{len(self.tokens)}"})
        if path.startswith("live/?"):
            body = self.streams.pop(0) if self.streams else "retry: 60000\n\n"
            return route.fulfill(body=body, content_type="text/event-stream")
        return route.fulfill(body=(JS / path).read_text(), content_type="text/javascript")


@pytest.fixture
def city():
    return City()


@pytest.fixture
def page(browser, city):
    page = browser.new_page()
    page.route("**/*", city.answer)
    yield page
    page.close()


def test_a_change_on_the_stream_becomes_one_event_of_the_page(page, city):
    page.goto(HOME)

    page.wait_for_function("window.heard.length >= 1")

    assert page.evaluate("window.heard[0]") == {"what": "points"}
    assert city.tokens[0] == ("POST", "token")
    assert "live/?ticket=t1" in city.asked


def test_a_stream_that_ends_is_opened_with_another_ticket_and_the_page_looks_again(page, city):
    page.goto(HOME)

    page.wait_for_function("window.heard.length >= 2")

    assert "live/?ticket=t2" in city.asked
    assert city.asked.count("live/?ticket=t1") == 1


def test_resync_fetches_a_ticket_at_once(page, city):
    city.streams = ["event: resync\ndata: {}\n\n"]
    page.goto(HOME)

    page.wait_for_function("window.heard.length >= 1", timeout=400)

    assert page.evaluate("window.heard[0]") == {}


def test_a_stranger_without_a_ticket_is_left_in_peace(page, city):
    city.ticket_status = 403
    page.goto(HOME)

    page.wait_for_timeout(1100)

    assert len(city.tokens) == 1
    assert not [path for path in city.asked if path.startswith("live/?")]


def test_j_and_k_walk_the_rows_and_a_slash_searches(page, city):
    page.goto(HOME)
    page.wait_for_load_state("networkidle")

    walked = []
    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)
        walked.append(page.evaluate("document.activeElement.textContent"))
    page.keyboard.press("/")
    page.keyboard.type("jk")

    assert walked == ["A", "B", "B", "A"]
    assert page.evaluate("document.activeElement.value") == "jk"


def test_a_settled_fragment_blooms(page, city):
    page.goto(HOME)
    page.wait_for_load_state("networkidle")

    page.evaluate(
        "document.querySelector('#points').dispatchEvent(new CustomEvent('htmx:afterSettle', {bubbles: true}))"
    )

    assert page.evaluate("document.querySelector('#points').classList.contains('blooming')")

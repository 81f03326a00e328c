"""The gate: signing up makes a resident, signing in is limited, and all of it speaks both languages."""

from __future__ import annotations

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from django.conf import settings
from django.core import mail
from django.test import Client

from denizen.ground.identity import queries
from denizen.ground.identity.constants import Grade
from denizen.ground.identity.models import Profile, User
from denizen.ground.identity.testing import NOW, PASSWORD, ada
from denizen.ground.identity.tests.conftest import CATALOGUE
from denizen.kit.clock import to_micros

pytestmark = pytest.mark.django_db

PAGES = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/"]
BEN = {"name": "Ben", "email": "ben@lakeside.example", "password1": PASSWORD}


def speak(client: Client, language: str) -> None:
    client.post("/language/", {"language": language, "next": "/accounts/login/"})


def sign_in(client: Client, password: str = PASSWORD, email: str = "ada@lakeside.example"):
    return client.post("/accounts/login/", {"login": email, "password": password})


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("language", "html_lang"), [("en", "en"), ("zh-hans", "zh-Hans")])
def test_every_page_of_the_gate_renders_in_both_languages(client, page, language, html_lang):
    speak(client, language)

    response = client.get(page)

    assert response.status_code == 200
    assert f'<html lang="{html_lang}"' in response.text
    assert response.text.count("<h1>") == 1


def test_switching_the_language_changes_the_words(client):
    speak(client, "en")
    english = client.get("/accounts/login/").text
    speak(client, "zh-hans")
    chinese = client.get("/accounts/login/").text

    assert "<h1>Sign in</h1>" in english
    assert "<h1>登录</h1>" in chinese
    assert "Sign in" not in chinese
    assert "New here?" not in chinese


def test_the_way_to_a_new_password_is_shown_once(client):
    assert client.get("/accounts/login/").text.count('href="/accounts/password/reset/"') == 1


@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_the_gate_carries_inline_style_or_script(client, page):
    text = client.get(page).text

    assert not re.search(r"\sstyle=|<style|\son\w+=", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.partial("D-01")
def test_who_signs_up_is_a_resident_and_a_fan_at_once(client):
    response = client.post("/accounts/signup/", BEN)

    assert response.status_code == 302
    profile = Profile.objects.get(user__email=BEN["email"])
    assert profile.name == "Ben"
    assert queries.facts_for([profile.resident_id])[profile.resident_id].grade_at(to_micros(NOW)) == Grade.FAN
    assert client.session["_auth_user_id"] == str(profile.user_id)


def test_the_language_of_signing_up_is_kept_for_other_devices(client):
    speak(client, "en")
    client.post("/accounts/signup/", BEN)

    other = Client()
    sign_in(other, email=BEN["email"])

    assert User.objects.get(email=BEN["email"]).language == "en"
    assert other.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_it_refuses_to_sign_up_without_a_name(client):
    response = client.post("/accounts/signup/", {**BEN, "name": "  "})

    assert response.status_code == 200
    assert not User.objects.exists()


def test_it_refuses_to_sign_up_with_a_common_password(client):
    client.post("/accounts/signup/", {**BEN, "password1": "password123"})

    assert not User.objects.exists()


def test_it_refuses_an_address_twice_whatever_its_case(client):
    ada()

    response = client.post("/accounts/signup/", {**BEN, "email": "ADA@lakeside.example"})

    assert response.status_code == 200
    assert 'class="error"' in response.text
    assert Profile.objects.count() == 1


def test_where_addresses_are_confirmed_nobody_learns_who_is_a_resident(client, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    ada()
    speak(client, "en")

    known = client.post("/accounts/signup/", {**BEN, "email": "ADA@lakeside.example"}, follow=True)
    new = Client().post("/accounts/signup/", BEN, follow=True, headers={"accept-language": "en"})

    assert known.redirect_chain == new.redirect_chain
    assert "<h1>Look into your mailbox</h1>" in known.text
    assert [letter.subject for letter in mail.outbox] == [
        "[Lakeside] You are a resident already",
        "[Lakeside] Confirm the address",
    ]
    assert "/accounts/password/reset/" in mail.outbox[0].body
    assert Profile.objects.count() == 2


def test_ada_signs_in_and_out_again(client):
    profile = ada()

    signed_in = sign_in(client)
    inside = client.session.get("_auth_user_id")
    asked = client.get("/accounts/logout/")
    client.post("/accounts/logout/")

    assert signed_in.status_code == 302
    assert inside == str(profile.user_id)
    assert asked.status_code == 200
    assert "_auth_user_id" not in client.session


def test_it_refuses_a_wrong_password_and_says_so(client):
    ada()
    speak(client, "en")

    response = sign_in(client, "wrong-wrong-wrong")

    assert response.status_code == 200
    assert 'role="alert"' in response.text
    assert "_auth_user_id" not in client.session


def test_after_five_wrong_passwords_even_the_right_one_waits(client):
    ada()
    for _ in range(5):
        sign_in(client, "wrong-wrong-wrong")

    sign_in(client)

    assert "_auth_user_id" not in client.session


def test_too_many_calls_are_answered_with_our_own_page(client):
    speak(client, "en")
    answers = [client.post("/accounts/signup/", {"email": f"n{n}@lakeside.example"}) for n in range(21)]

    assert answers[-2].status_code == 200
    assert answers[-1].status_code == 429
    assert "<h1>Too many tries</h1>" in answers[-1].text


def test_a_forgotten_password_is_reset_by_mail(client):
    ada()
    speak(client, "en")
    client.post("/accounts/password/reset/", {"email": "ada@lakeside.example"})
    letter = mail.outbox[0]
    link = re.search(r"https?://testserver(\S+)", letter.body)[1]

    page = client.get(link, follow=True)
    done = client.post(page.request["PATH_INFO"], {"password1": "new-lantern-77", "password2": "new-lantern-77"})
    used_again = Client().get(link, follow=True)

    assert letter.subject == "[Lakeside] Choose a new password"
    assert "<h1>Choose a new password</h1>" in page.text
    assert done.status_code == 302
    assert sign_in(Client(), "new-lantern-77").status_code == 302
    assert "<h1>" in used_again.text
    assert "password1" not in used_again.text


def test_asking_for_an_unknown_address_looks_the_same_from_outside(client):
    ada()
    speak(client, "en")

    known = client.post("/accounts/password/reset/", {"email": "ada@lakeside.example"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@lakeside.example"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert "nobody@lakeside.example" in mail.outbox[1].body


def test_a_resident_changes_his_password(client):
    ada()
    sign_in(client)

    page = client.get("/accounts/password/change/")
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "new-lantern-77", "password2": "new-lantern-77"},
    )

    assert page.text.count("<h1>") == 1
    assert User.objects.get().check_password("new-lantern-77")


def test_a_resident_moves_to_another_address(client):
    profile = ada()
    speak(client, "en")
    sign_in(client)

    client.post("/accounts/email/", {"action_add": "", "email": "ada@harbour.example"})
    page = client.get("/accounts/email/").text
    link = re.search(r"https?://testserver(\S+)", mail.outbox[0].body)[1]
    asked = client.get(link).text
    client.post(link)
    client.post("/accounts/email/", {"action_primary": "", "email": "ada@harbour.example"})
    profile.user.refresh_from_db()

    assert "<h1>Addresses</h1>" in page
    assert "ada@harbour.example" in page
    assert "<h1>Confirm the address</h1>" in asked
    assert profile.user.email == "ada@harbour.example"


def test_a_used_or_invented_confirmation_says_so(client):
    speak(client, "en")

    assert "<h1>This link no longer works</h1>" in client.get("/accounts/confirm-email/nonsense/").text


def test_who_has_no_password_sets_one(client):
    user = User.objects.create_user("kim@lakeside.example")
    client.force_login(user)
    speak(client, "en")

    page = client.get("/accounts/password/set/")
    client.post("/accounts/password/set/", {"password1": "new-lantern-77", "password2": "new-lantern-77"})
    user.refresh_from_db()

    assert "<h1>Choose a new password</h1>" in page.text
    assert user.check_password("new-lantern-77")


def test_a_closed_account_is_told_so(client):
    User.objects.filter(pk=ada().user_id).update(is_active=False)
    speak(client, "en")

    sign_in(client)

    assert "<h1>This account is closed</h1>" in client.get("/accounts/inactive/").text
    assert "_auth_user_id" not in client.session


def test_every_sentence_of_the_room_is_translated():
    room = CATALOGUE.parents[3]
    methods = [("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2"), ("forms.py", "python"),
               ("passwords.py", "python")]  # fmt: skip
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    found = {message for _, _, message, _, _ in extract_from_dir(room, methods, keywords=keywords)}
    with CATALOGUE.open("rb") as source:
        catalogue = {message.id: message.string for message in read_po(source) if message.id}

    assert found == set(catalogue)
    assert all(catalogue.values())

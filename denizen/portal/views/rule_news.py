"""Changes of the rule book to subscribe to: an Atom feed and the same as JSON, without signing in (A-02)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from denizen.ground.chronicle.kinds import SHAPES
from denizen.kit import clock
from denizen.people.rulebook.queries import VersionView, sentence, successions, versions
from denizen.portal.doors import Visitor, for_everybody
from denizen.portal.views.rules import versions_told
from denizen.portal.words import language

ENTRIES_MAX = 50


@require_safe
@for_everybody
def feed(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """The latest versions as an Atom feed, in the reader's language; each entry has the address that stays."""
    found = Atom1Feed(
        title=_("Changes of the rule book"),
        link=request.build_absolute_uri(reverse("portal:rules_history")),
        feed_url=request.build_absolute_uri(),
        description="",
        language=language(),
    )
    for told in versions_told([version.number for version in _approved()]):
        lines = [change.words for change in told.changes] + [*told.takings]
        address = request.build_absolute_uri(reverse("portal:version", args=[told.number]))
        found.add_item(
            title=_("Rule book %(number)s") % {"number": told.number},
            link=address,
            unique_id=address,
            description="\n".join(lines) or _("The first rule book of the city."),
            pubdate=told.approved_at,
            updateddate=told.approved_at,
        )
    return HttpResponse(found.writeString("utf-8"), content_type=Atom1Feed.content_type)


@require_safe
@for_everybody
def news(request: HttpRequest, _visitor: Visitor) -> HttpResponse:
    """The same for machines, in both languages, with moments in UTC."""
    states = {version.number: version for version in _approved()}
    return JsonResponse({"versions": [
        {
            "number": each.number, "follows": each.before or None, "state": states[each.number].state,
            "effective_from": each.effective_from.isoformat(), "digest": states[each.number].digest,
            "notice_seconds": int(each.notice.total_seconds()), "takes_value": bool(each.takings),
            "address": request.build_absolute_uri(reverse("portal:version", args=[each.number])),
            "changes": [
                {"rules": list(change.rules), "en": words.en, "zh": words.zh}
                for change in each.differences for words in (sentence(change, shapes=SHAPES),)
            ],
            "takings": [
                {"rule": each_taken.rule, "en": each_taken.message("en"), "zh": each_taken.message("zh")}
                for each_taken in each.takings
            ],
        }
        for each in successions(states)
    ]}, json_dumps_params={"ensure_ascii": False})  # fmt: skip


def _approved() -> list[VersionView]:
    return [version for version in versions(clock.now()) if version.state != "proposed"][:ENTRIES_MAX]

"""Addresses of the drafts, under ``desk/rules/drafts/``."""

from __future__ import annotations

from django.urls import path

from denizen.portal.desk.drafts import papers, parts, rules

ROOT = "desk/rules/drafts/"

patterns = [
    path(ROOT, papers.papers, name="drafts"),
    path(f"{ROOT}start/", papers.start, name="start_draft"),
    path(f"{ROOT}import/", papers.take_in, name="import_draft"),
    path(f"{ROOT}<int:number>/", papers.paper, name="draft"),
    path(f"{ROOT}<int:number>/text/", papers.text, name="draft_text"),
    path(f"{ROOT}<int:number>/export/", papers.export, name="export_draft"),
    path(f"{ROOT}<int:number>/discard/", papers.discard, name="discard_draft"),
    path(f"{ROOT}<int:number>/hand-over/", papers.give, name="hand_over_draft"),
    path(f"{ROOT}<int:number>/new-rule/", rules.add, name="new_draft_rule"),
    path(f"{ROOT}<int:number>/rules/<str:code>/", rules.rule, name="draft_rule"),
    path(f"{ROOT}<int:number>/rules/<str:code>/remove/", rules.remove, name="remove_draft_rule"),
    path(f"{ROOT}<int:number>/<slug:part>/", parts.part, name="draft_part"),
    path(f"{ROOT}<int:number>/<slug:part>/<str:code>/", parts.item, name="draft_item"),
]

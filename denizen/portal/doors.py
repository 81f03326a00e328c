"""Who comes in: the doors of the portal's pages. Each view stands behind one of them and is handed its visitor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from denizen.ground.identity import queries as identity
from denizen.ground.identity.constants import Permission
from denizen.ground.identity.queries import Profile, Staff
from denizen.kit import clock


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at a page: a resident, a member of the staff, both or neither; ``permits`` are those held now."""

    profile: Profile | None = None
    staff: Staff | None = None
    permits: frozenset[Permission] = frozenset()

    def may(self, *permissions: Permission) -> bool:
        """Whether any one of ``permissions`` is held."""
        return not self.permits.isdisjoint(permissions)

    @property
    def resident(self) -> int:
        """Key of the resident who looks; behind ``for_residents`` there always is one."""
        if self.profile is None:
            raise PermissionDenied
        return self.profile.resident_id

    @property
    def joined_at(self) -> datetime:
        """Since when the resident is here."""
        if self.profile is None:
            raise PermissionDenied
        return self.profile.resident.created_at

    @property
    def actor(self) -> Staff:
        """The staff member who acts; behind ``for_staff`` there always is one."""
        if self.staff is None:
            raise PermissionDenied
        return self.staff


View = Callable[..., HttpResponse]


def for_everybody(view: View) -> View:
    """Anybody may read this; who is signed in keeps his places around it."""

    @wraps(view)
    def entered(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        return _let_in(view, request, _visitor(request), *arguments, **named)

    return entered


def for_residents(view: View) -> View:
    """A resident's own pages. A guest signs in first; staff without a resident account are shown to the desk."""

    @wraps(view)
    @never_cache
    def entered(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        visitor = _visitor(request)
        if visitor.profile is not None:
            return _let_in(view, request, visitor, *arguments, **named)
        if visitor.staff is not None:
            return redirect("portal:desk")
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)

    return entered


def for_staff(*permissions: Permission) -> Callable[[View], View]:
    """Pages of the desk: for staff who hold one of ``permissions`` now (none named: for all staff).

    Who is not staff is told that there is nothing here; staff without the permit are told which one it takes.
    """

    def guarded(view: View) -> View:
        @wraps(view)
        @never_cache
        def entered(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            visitor = _visitor(request)
            if visitor.staff is None:
                raise Http404
            if permissions and not visitor.may(*permissions):
                wanted = ", ".join(permissions)
                raise PermissionDenied(_("This page needs the permit %(permit)s; ask whoever manages the staff.") % {
                    "permit": wanted,
                })  # fmt: skip
            return _let_in(view, request, visitor, *arguments, **named)

        return entered

    return guarded


def _visitor(request: HttpRequest) -> Visitor:
    """Three queries at most; none for a guest."""
    if not request.user.is_authenticated:
        return Visitor()
    staff = identity.staff_of(request.user)
    permits = identity.permits_of(staff, clock.now()) if staff else frozenset()
    return Visitor(identity.resident_of(request.user), staff, permits)


def _let_in(view: View, request: Any, visitor: Visitor, *arguments: Any, **named: Any) -> HttpResponse:
    """Call the view; the visitor stays on the request, where the context processor finds his places without asking."""
    request.visitor = visitor
    return view(request, visitor, *arguments, **named)

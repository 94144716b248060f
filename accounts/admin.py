"""People in Django's admin: to look and search; what changes somebody goes through the same verbs as the pages."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import people
from accounts.models import Invitation, SecurityEvent, User
from winebox.admin_site import NotAdded, NotChanged, NotDeleted

if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Any]
    PersonAdmin = admin.ModelAdmin[User]
else:
    AnyAdmin = PersonAdmin = admin.ModelAdmin

# Roles take the place of groups, and the security log that of the two further logs of django-axes.
admin.site.unregister([Group, AccessLog, AccessFailureLog])


class ReadOnlyAdmin(NotAdded, NotChanged, NotDeleted, AnyAdmin):
    """Shows rows that nobody edits by hand."""


@admin.register(User)
class UserAdmin(NotAdded, NotDeleted, PersonAdmin):
    """People are added by invitation and never deleted, because the history names them."""

    list_display = ("email", "name", "role", "is_active", "last_login", "created_at")
    list_filter = ("role", "is_active", "last_login")
    search_fields = ("email", "name")
    fields = ("email", "name", "role", "is_active", "last_login", "created_at", "updated_at")
    readonly_fields = ("email", "role", "is_active", "last_login", "created_at", "updated_at")
    actions = ("deactivate", "reactivate", "unlock", "sign_out_everywhere")

    def view_on_site(self, obj: User) -> str:
        """Lead to the page where a role is changed."""
        return reverse("member", args=[obj.pk])

    @admin.action(description=_("Deactivate: sign out and keep out"))
    def deactivate(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        self._each(request, chosen, people.deactivate)

    @admin.action(description=_("Let in again"))
    def reactivate(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        self._each(request, chosen, people.reactivate)

    @admin.action(description=_("Unlock after failed sign-ins"))
    def unlock(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        self._each(request, chosen, people.unlock)

    @admin.action(description=_("Sign out on every device"))
    def sign_out_everywhere(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        self._each(request, chosen, people.sign_out_everywhere)

    def _each(self, request: HttpRequest, chosen: QuerySet[User], verb: Callable[..., None]) -> None:
        for person in chosen:
            try:
                verb(person=person, actor=cast(User, request.user))
            except people.PersonError as error:
                self.message_user(request, f"{person}: {error}", messages.ERROR)
            else:
                self.message_user(request, _("%(name)s: done.") % {"name": person})


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("email", "role", "invited_by", "created_at", "expires_at", "used_at", "revoked_at")
    list_filter = ("role", "created_at")
    search_fields = ("email",)
    list_select_related = ("invited_by",)
    # Not even the hash of a link is for reading.
    exclude = ("token_hash",)


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "kind", "actor", "subject", "address", "detail", "request_id")
    list_filter = ("kind", "created_at")
    search_fields = ("subject", "address", "detail", "request_id", "actor__email")
    list_select_related = ("actor",)
    date_hierarchy = "created_at"

"""Django's admin, for the owner, who signs in where everybody signs in; and what may be done with rows there."""

from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from winebox.access import ask_again


class WineBoxAdminSite(AdminSite):
    site_header = site_title = "WineBox"
    index_title = _("Everything there is")

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_owner", False))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Ask for the password again first: here everything can be changed."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            question = ask_again(request) if self.has_permission(request) else None
            return question if question is not None else cast(HttpResponseBase, inner(request, *args, **kwargs))

        return guarded

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send whoever is not signed in to the site's own sign-in, which counts failures and keeps the log."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        if request.user.is_authenticated:
            raise PermissionDenied
        back = request.GET.get("next", reverse("admin:index", current_app=self.name))
        return HttpResponseRedirect(f"{reverse('sign_in')}?{urlencode({'next': back})}")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("password_change"))


class NotAdded:
    """For a ModelAdmin whose rows come to be elsewhere."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class NotChanged:
    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class NotDeleted:
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

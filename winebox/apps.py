"""How Django loads the project's own app, and its admin."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class WineBoxConfig(AppConfig):
    name = "winebox"
    verbose_name = "WineBox"

    def ready(self) -> None:
        from winebox import checks  # noqa: F401  (importing it registers the checks)


class AdminConfig(DjangoAdminConfig):
    default_site = "winebox.admin_site.WineBoxAdminSite"

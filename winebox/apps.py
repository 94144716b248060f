"""How Django loads the project's own app, and its admin."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class WineBoxConfig(AppConfig):
    name = "winebox"
    verbose_name = "WineBox"

    def import_models(self) -> None:
        from winebox import wording

        # Before `ready`: a form takes its words when its module is loaded, and that of the admin loads some.
        wording.install()
        super().import_models()

    def ready(self) -> None:
        from winebox import checks  # noqa: F401  (importing it registers the checks)


class AdminConfig(DjangoAdminConfig):
    default_site = "winebox.admin_site.WineBoxAdminSite"

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CellarConfig(AppConfig):
    name = "cellar"
    verbose_name = _("Cellar")

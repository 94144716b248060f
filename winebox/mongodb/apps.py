"""The apps that bring tables of their own, with the primary keys MongoDB makes."""

from axes.apps import AppConfig as DjangoAxesConfig
from django.contrib.auth.apps import AuthConfig as DjangoAuthConfig
from django.contrib.contenttypes.apps import ContentTypesConfig as DjangoContentTypesConfig

from winebox.apps import AdminConfig as WineBoxAdminConfig

OBJECT_ID = "django_mongodb_backend.fields.ObjectIdAutoField"


class AdminConfig(WineBoxAdminConfig):
    default_auto_field = OBJECT_ID


class AuthConfig(DjangoAuthConfig):
    default_auto_field = OBJECT_ID


class ContentTypesConfig(DjangoContentTypesConfig):
    default_auto_field = OBJECT_ID


class AxesConfig(DjangoAxesConfig):  # type: ignore[misc]
    default_auto_field = OBJECT_ID

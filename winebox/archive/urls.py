"""The addresses of backup and restore."""

from django.urls import path

from winebox.archive import uploads, views

urlpatterns = [
    path("backup/", views.backup, name="backup"),
    path("backup/make/", views.backup_make, name="backup_make"),
    path("backup/restore/", views.backup_restore, name="backup_restore"),
    path(f"{uploads.SEND[1:]}<str:token>/", views.backup_send, name="backup_send"),
    path("backup/restore/<uuid:name>/", views.backup_confirm, name="backup_confirm"),
]

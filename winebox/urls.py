"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from winebox import views
from winebox.csp_reports import csp_report

urlpatterns = [
    path("", include("cellar.urls")),
    path("", include("accounts.urls")),
    path("", include("winebox.archive.urls")),
    path("health/", views.health, name="health"),
    path("theme/", views.theme, name="theme"),
    path("csp-report/", csp_report, name="csp_report"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("admin/", admin.site.urls),
]

handler400 = "winebox.errors.bad_request"
handler403 = "winebox.errors.permission_denied"
handler404 = "winebox.errors.not_found"
handler500 = "winebox.errors.server_error"

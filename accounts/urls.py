"""The addresses of accounts. They stand before the admin's, whose way out is the one of everybody."""

from django.urls import path

from accounts.views import devices, invitations, members, profile, resets, second_factor, security_log, setup, sign_in

urlpatterns = [
    path("setup/<str:code>/", setup.setup_owner, name="setup_owner"),
    path("accounts/sign-in/", sign_in.sign_in, name="sign_in"),
    path("accounts/sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("accounts/sign-out/", sign_in.sign_out, name="sign_out"),
    path("accounts/profile/", profile.profile, name="profile"),
    path("accounts/password/", profile.password_change, name="password_change"),
    path("accounts/devices/", devices.devices, name="devices"),
    path("accounts/devices/end/", devices.devices_end, name="devices_end"),
    path("accounts/devices/<uuid:device_id>/end/", devices.device_end, name="device_end"),
    path("accounts/second-factor/", second_factor.second_factor, name="second_factor"),
    path("accounts/second-factor/start/", second_factor.second_factor_start, name="second_factor_start"),
    path("accounts/second-factor/set-up/", second_factor.second_factor_set_up, name="second_factor_set_up"),
    path("accounts/second-factor/off/", second_factor.second_factor_off, name="second_factor_off"),
    path("accounts/second-factor/codes/", second_factor.recovery_codes, name="recovery_codes"),
    path("accounts/second-factor/codes/new/", second_factor.recovery_codes_new, name="recovery_codes_new"),
    path("accounts/second-factor/required/", second_factor.second_factor_required, name="second_factor_required"),
    path("accounts/email/<str:token>/", profile.email_confirm, name="email_confirm"),
    path("accounts/reset/", resets.reset_ask, name="reset_ask"),
    path("accounts/reset/sent/", resets.reset_sent, name="reset_sent"),
    path("accounts/reset/<str:token>/", resets.reset, name="reset"),
    path("accounts/members/", members.members, name="members"),
    path("accounts/members/<uuid:user_id>/", members.member, name="member"),
    path("accounts/members/<uuid:user_id>/deactivate/", members.member_deactivate, name="member_deactivate"),
    path("accounts/members/<uuid:user_id>/reactivate/", members.member_reactivate, name="member_reactivate"),
    path("accounts/members/<uuid:user_id>/unlock/", members.member_unlock, name="member_unlock"),
    path("accounts/members/<uuid:user_id>/sign-out/", members.member_sign_out, name="member_sign_out"),
    path(
        "accounts/members/<uuid:user_id>/second-factor/off/",
        second_factor.member_second_factor_off,
        name="member_second_factor_off",
    ),
    path("accounts/members/<uuid:user_id>/reset/", resets.member_reset, name="member_reset"),
    path("accounts/members/<uuid:user_id>/reset/link/", resets.member_reset_link, name="member_reset_link"),
    path("accounts/invite/", invitations.invite, name="invite"),
    path("accounts/invite/<uuid:invitation_id>/link/", invitations.invitation_link, name="invitation_link"),
    path("accounts/invite/<uuid:invitation_id>/resend/", invitations.invitation_resend, name="invitation_resend"),
    path("accounts/invite/<uuid:invitation_id>/revoke/", invitations.invitation_revoke, name="invitation_revoke"),
    path("accounts/invitation/<str:token>/", invitations.accept_invitation, name="invitation"),
    path("accounts/security-log/", security_log.security_log, name="security_log"),
    path("admin/logout/", sign_in.sign_out),
]

"""Who: people and their roles, the links that let them in, and the log of what concerns security."""

from accounts.models.device import Device
from accounts.models.links import AccessLink, Invitation, SetupCode
from accounts.models.person import Role, User, normalise_email, normalise_password
from accounts.models.security_event import AppendOnlyError, SecurityEvent

__all__ = [
    "AccessLink",
    "AppendOnlyError",
    "Device",
    "Invitation",
    "Role",
    "SecurityEvent",
    "SetupCode",
    "User",
    "normalise_email",
    "normalise_password",
]

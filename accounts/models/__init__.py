"""Who: people and their roles, the links that let them in, and the log of what concerns security."""

from accounts.models.device import Device
from accounts.models.links import AccessLink, Invitation, SetupCode
from accounts.models.person import Role, User, normalise_email, normalise_password
from accounts.models.second_factor import HouseholdRules, RecoveryCode, SecondFactor
from accounts.models.security_event import SecurityEvent

__all__ = [
    "AccessLink",
    "Device",
    "HouseholdRules",
    "Invitation",
    "RecoveryCode",
    "Role",
    "SecondFactor",
    "SecurityEvent",
    "SetupCode",
    "User",
    "normalise_email",
    "normalise_password",
]

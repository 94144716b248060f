"""What people type about themselves and each other."""

import unicodedata
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import passwords
from accounts.models import Role, SecurityEvent, User, normalise_email


class EmailField(forms.EmailField):
    """An address in the form in which it is stored and compared."""

    def __init__(self, *, autocomplete: str = "email", **kwargs: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": autocomplete, "inputmode": "email"})
        super().__init__(label=_("E-mail"), max_length=254, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        return normalise_email(super().to_python(value) or "")


class NameField(forms.CharField):
    """What a person is called: one line of text."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "name"})
        super().__init__(label=_("Name"), max_length=80, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        words = (super().to_python(value) or "").split()
        return "".join(character for character in " ".join(words) if unicodedata.category(character) != "Cc")


class PasswordField(forms.CharField):
    """A password as it was typed, blanks included; it is never sent back to the browser."""

    def __init__(self, *, autocomplete: str = "current-password", **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(max_length=passwords.MAX_LENGTH, strip=False, widget=widget, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No maxlength: a browser would cut off what is pasted and say nothing.
        return {}


class SignInForm(forms.Form):
    email = EmailField(autocomplete="username")
    password = PasswordField(label=_("Password"))
    stay = forms.BooleanField(
        label=_("Stay signed in on this device"),
        help_text=_("For 30 days after your last visit. Only on a device of your own."),
        required=False,
    )


class NewPasswordForm(forms.Form):
    """A new password, twice; whose it will be decides which ones are too easy to guess."""

    password = PasswordField(
        label=_("Password"),
        autocomplete="new-password",
        help_text=_("12 to 128 characters. A few unrelated words are easy to remember and hard to guess."),
    )
    password_again = PasswordField(label=_("Password, once more"), autocomplete="new-password")

    def whose(self) -> User:
        """Return the person, saved or not yet, who is to have the password."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        password = self.cleaned_data.get("password")
        again = self.cleaned_data.get("password_again")
        if password:
            # The first is enough to choose another one; what is well-known is often the site's word and a run, too.
            for refusal in passwords.refusals(password, person=self.whose())[:1]:
                self.add_error("password", refusal)
        if password and again and password != again:
            self.add_error("password_again", _("The two passwords are not the same."))
        return self.cleaned_data


class OwnerForm(NewPasswordForm):
    """The first owner of the household."""

    name = NameField()
    email = EmailField(autocomplete="username")

    field_order = ("name", "email", "password", "password_again")

    def whose(self) -> User:
        return User(email=self.cleaned_data.get("email", ""), name=self.cleaned_data.get("name", ""))


class SudoForm(forms.Form):
    """The password of somebody who is signed in already."""

    sudo_password = PasswordField(label=_("Your password"))


class CodeForm(forms.Form):
    """Six digits from an app."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class RecoveryCodeForm(forms.Form):
    """A code on paper."""

    code = forms.CharField(
        label=_("Recovery code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class ResetAskForm(forms.Form):
    """Who forgot the password."""

    email = EmailField(autocomplete="username")


class ResetForm(NewPasswordForm):
    """The next password of somebody who forgot it."""

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data)
        self.person = person
        self.fields["password"].label = _("New password")
        self.fields["password_again"].label = _("New password, once more")

    def whose(self) -> User:
        return self.person


class AcceptForm(NewPasswordForm):
    """What an invited person adds to the invitation."""

    name = NameField()

    field_order = ("name", "password", "password_again")

    def __init__(self, data: Any = None, *, email: str) -> None:
        super().__init__(data)
        self.email = email

    def whose(self) -> User:
        return User(email=self.email, name=self.cleaned_data.get("name", ""))


class PasswordChangeForm(ResetForm):
    """A person's next password, which needs the one until now."""

    current_password = PasswordField(label=_("Current password"))

    field_order = ("current_password", "password", "password_again")

    def __init__(self, data: Any = None, *, person: User, is_right: Callable[[str], bool]) -> None:
        super().__init__(data, person=person)
        self.is_right = is_right

    def clean_current_password(self) -> str:
        return _checked(self.cleaned_data["current_password"], self.is_right)


class ProfileForm(forms.Form):
    """A person's own name and address; a new address is confirmed by the password."""

    name = NameField()
    email = EmailField()
    current_password = PasswordField(
        label=_("Current password"), required=False, help_text=_("Only needed to change the e-mail address.")
    )

    def __init__(self, data: Any = None, *, person: User, is_right: Callable[[str], bool]) -> None:
        super().__init__(data, initial={"name": person.name, "email": person.email})
        self.person = person
        self.is_right = is_right

    @property
    def changes_email(self) -> bool:
        return bool(self.cleaned_data.get("email")) and self.cleaned_data["email"] != self.person.email

    def clean(self) -> dict[str, Any]:
        if self.changes_email:
            try:
                _checked(self.cleaned_data.get("current_password", ""), self.is_right)
            except ValidationError as error:
                self.add_error("current_password", error)
        return self.cleaned_data


class RoleField(forms.ChoiceField):
    """A role that an owner may give; a helper belongs to one place and is not made here."""

    CHOICES: ClassVar = [
        (Role.MEMBER, _("Member: adds, moves and drinks bottles")),
        (Role.GUEST, _("Guest: looks, and changes nothing")),
        (Role.OWNER, _("Owner: everything, people and settings too")),
    ]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Role"), choices=self.CHOICES, widget=forms.RadioSelect, **kwargs)


class InviteForm(forms.Form):
    email = EmailField(autocomplete="off")
    role = RoleField(initial=Role.MEMBER)


class HelperForm(forms.Form):
    """Who helps at a place."""

    name = NameField()


class RoleForm(forms.Form):
    role = RoleField()


class DayField(forms.DateField):
    """A day that may be left open."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(required=False, widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


class SecurityLogFilter(forms.Form):
    """What the security log shows; a value that does not exist filters nothing."""

    kind = forms.ChoiceField(label=_("What"), required=False)
    person = forms.ModelChoiceField(User.objects.all(), label=_("Who"), required=False, empty_label=_("Everybody"))
    since = DayField(label=_("From"))
    until = DayField(label=_("Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Everything")), *SecurityEvent.Kind.choices]  # type: ignore[attr-defined]

    def chosen(self, name: str) -> Any:
        """Return the valid choice of this filter, or None."""
        self.is_valid()
        return self.cleaned_data.get(name) or None


def _checked(password: str, is_right: Callable[[str], bool]) -> str:
    if not password or not is_right(password):
        raise ValidationError(_("This is not your current password."), code="wrong_password")
    return password

"""Photos that come with a form; they survive a mistake elsewhere in it."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from cellar.forms.fields import PhotoField, read_kept, sign_kept
from cellar.labels import store
from cellar.models import Label, LabelKind

SIDES = (LabelKind.FRONT, LabelKind.BACK)


@dataclass(frozen=True)
class KeptPhoto:
    """A photo in the store that belongs to no wine yet."""

    name: str
    width: int
    height: int

    @property
    def token(self) -> str:
        return sign_kept(self.name, self.width, self.height)


class PhotosForm(forms.Form):
    """Front and back of a bottle."""

    front = PhotoField(label=_("Photo of the front"))
    back = PhotoField(label=_("Photo of the back"))
    front_kept = forms.CharField(required=False, widget=forms.HiddenInput, max_length=400)
    back_kept = forms.CharField(required=False, widget=forms.HiddenInput, max_length=400)

    def kept(self) -> dict[str, KeptPhoto]:
        """Store what was uploaded, and return it by side with what an earlier try had stored."""
        if not hasattr(self, "_kept"):
            self._kept = {side.value: photo for side in SIDES if (photo := self._keep(side.value))}
        return self._kept

    def _keep(self, side: str) -> KeptPhoto | None:
        photo = self.cleaned_data.get(side)
        if photo is not None:
            return KeptPhoto(store.save(photo), photo.width, photo.height)
        earlier = read_kept(self.cleaned_data.get(f"{side}_kept", ""))
        if earlier is None or Label.objects.filter(name=earlier[0]).exists():
            return None
        return KeptPhoto(*earlier)

    def remember(self) -> None:
        """Make the form, shown again, carry the photos that were already uploaded."""
        data = self.data.copy()
        for side, photo in self.kept().items():
            data[f"{side}_kept"] = photo.token
        self.data = data


class PhotoForm(forms.Form):
    """One photo of a wine that is there."""

    kind = forms.ChoiceField(label=_("Side"), choices=LabelKind.choices)
    photo = PhotoField(label=_("Photo"), required=True)

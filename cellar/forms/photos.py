"""Photos that come with a form; they survive a mistake elsewhere in it."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cellar.forms.fields import KeptField, KeyField, PhotoField, sign_kept
from cellar.labels import store
from cellar.models import Label, LabelKind
from cellar.wines import StoredPhoto

SIDES = (LabelKind.FRONT, LabelKind.BACK)


class PhotosForm(forms.Form):
    """Front and back of a bottle."""

    front = PhotoField(label=_("Photo of the front"))
    back = PhotoField(label=_("Photo of the back"))
    front_kept = KeptField()
    back_kept = KeptField()

    def kept(self) -> dict[str, StoredPhoto]:
        """Store what was uploaded, and return it by side with what an earlier try had stored."""
        if not hasattr(self, "_kept"):
            self._kept = {side.value: photo for side in SIDES if (photo := self._keep(side.value))}
        return self._kept

    def remove(self, side: str) -> bool:
        """Let go of a photo that was kept; say whether there was one. It is cleared away after a day."""
        return self.kept().pop(side, None) is not None

    def _keep(self, side: str) -> StoredPhoto | None:
        photo = self.cleaned_data.get(side)
        if photo is not None:
            return StoredPhoto(store.save(photo), photo.width, photo.height)
        earlier: StoredPhoto | None = self.cleaned_data.get(f"{side}_kept")
        # A wine that was added meanwhile may have it, and a photo belongs to one wine; after a day it is cleared away.
        if earlier is None or Label.objects.filter(name=earlier.name).exists() or not _is_there(earlier):
            return None
        return earlier

    def remember(self) -> None:
        """Make the form, shown again, carry the photos that were already uploaded, and nothing else."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        for side in SIDES:
            photo = self.kept().get(side)
            data[f"{side.value}_kept"] = sign_kept(photo) if photo else ""
        self.data = data


def _is_there(photo: StoredPhoto) -> bool:
    try:
        store.open_photo(photo.name, "small").close()
    except store.PhotoMissing:
        return False
    return True


class PhotoForm(forms.Form):
    """One photo of a wine that is there."""

    kind = forms.ChoiceField(label=_("Side"), choices=LabelKind.choices)
    photo = PhotoField(label=_("Photo"), required=True)
    key = KeyField()

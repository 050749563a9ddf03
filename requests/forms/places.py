"""Where the person lives now: it decides which office is competent (Luật LLTP 2009, Art. 44; domain 3)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests import cases
from requests.forms.base import Choice, CleanText, DeclarationForm, Province
from requests.forms.pages import joined
from requests.models import Declaration

HERE, ABROAD, NOWHERE, LEFT = "here", "abroad", "nowhere", "left"
FLAGS = {ABROAD: "lives_abroad", NOWHERE: "no_residence", LEFT: "former_resident_foreigner"}


class Address(CleanText):
    """An address below the province, in one box."""

    widget = forms.Textarea({"rows": 2, "autocomplete": "street-address"})


class AddressesForm(DeclarationForm):
    """Permanent and temporary residence; or the last one before leaving; or none at all."""

    living = Choice(label=_("Hiện nay bạn sống ở đâu?"), missing=_("Chọn nơi bạn đang sống."))
    permanent_province = Province(label=_("Tỉnh, thành phố thường trú"), required=False)
    permanent_address = Address(label=_("Số nhà, đường, thôn, xã, phường, huyện, quận"), max_length=300)
    temporary_province = Province(label=_("Tỉnh, thành phố tạm trú"), required=False)
    temporary_address = Address(label=_("Số nhà, đường, thôn, xã, phường, huyện, quận"), max_length=300)
    last_province = Province(label=_("Tỉnh, thành phố cư trú cuối cùng trước khi ra nước ngoài"), required=False)
    last_address = Address(label=_("Số nhà, đường, thôn, xã, phường, huyện, quận"), max_length=300)
    sometimes = frozenset({"permanent_province", "permanent_address", "last_province"})

    def fit(self, declaration: Declaration) -> None:
        """A foreigner is asked whether they are still here; a citizen whether abroad, or without any residence."""
        if self._foreign:
            self.fields["living"].choices = [
                (HERE, _("Đang cư trú tại Việt Nam")),
                (LEFT, _("Đã từng cư trú, nay đã rời Việt Nam")),
            ]
        else:
            self.fields["living"].choices = [
                (HERE, _("Tại Việt Nam, có nơi thường trú hoặc tạm trú")),
                (ABROAD, _("Ở nước ngoài")),
                (NOWHERE, _("Tại Việt Nam, nhưng không có nơi thường trú và tạm trú")),
            ]
        if declaration.filed_as != cases.SELF:
            self.fields["living"].label = _("Hiện nay người được cấp Phiếu sống ở đâu?")
        elif self._foreign:
            self.fields["living"].label = _("Bạn còn cư trú tại Việt Nam không?")

    @property
    def _foreign(self) -> bool:
        return self.declaration.nationality not in {"", "VN"}

    def start(self, declaration: Declaration) -> dict[str, Any]:
        return {
            **super().start(declaration),
            "living": living(declaration),
            **{
                f"{kind}_address": joined(declaration, f"{kind}_address", f"{kind}_ward", f"{kind}_district")
                for kind in ("permanent", "temporary")
            },
        }

    def clean(self):
        typed = super().clean()
        if typed.get("living") == HERE:
            self._demand_an_address(typed)
        if typed.get("living") == ABROAD and not typed.get("last_province") and "last_province" not in self.errors:
            message = _("Chọn tỉnh, thành phố bạn cư trú cuối cùng trước khi ra nước ngoài.")
            self.add_error("last_province", forms.ValidationError(message, code="required"))
        return typed

    def _demand_an_address(self, typed: dict[str, Any]) -> None:
        missing = {
            "permanent": _("Chọn tỉnh, thành phố thường trú, hoặc bỏ trống cả nơi thường trú."),
            "temporary": _("Chọn tỉnh, thành phố tạm trú, hoặc bỏ trống cả nơi tạm trú."),
        }
        for kind, message in missing.items():
            if typed.get(f"{kind}_address") and not typed.get(f"{kind}_province"):
                self.add_error(f"{kind}_province", forms.ValidationError(message, code="required"))
        if not any(typed.get(f"{kind}_{part}") for kind in missing for part in ("province", "address")):
            message = _("Chọn tỉnh, thành phố thường trú; không có thì chọn nơi tạm trú.")
            self.add_error("permanent_province", forms.ValidationError(message, code="required"))

    def changes(self):
        """Only what belongs to the answer is kept: an address here says nothing of somebody who lives abroad."""
        typed = dict(self.cleaned_data)
        now = typed.pop("living", "")
        parts = [f"{kind}_{part}" for kind in ("permanent", "temporary") for part in ("ward", "district")]
        kept = {**typed, **dict.fromkeys(parts, "")}
        belonging = {HERE: ("permanent_", "temporary_"), ABROAD: ("last_",)}.get(now, ())
        for name in kept:
            if now and not name.startswith(belonging or ("-",)):
                kept[name] = ""
        return {**kept, **{flag: now == answer for answer, flag in FLAGS.items()}}, {}


def living(declaration: Declaration) -> str:
    """The answer that the declaration's fields mean; empty while nothing was said."""
    for answer, flag in FLAGS.items():
        if getattr(declaration, flag):
            return answer
    return HERE if declaration.permanent_province or declaration.temporary_province else ""

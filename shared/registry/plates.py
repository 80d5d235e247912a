"""Number plates of vehicles 机动车号牌 (GA 36-2018): ordinary, new-energy, trailers and two special ones."""

from __future__ import annotations

import re
import unicodedata

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云藏陕甘青宁新"
_LETTER = "A-HJ-NP-Z"  # neither I nor O
_ENERGY = "A-HJK"  # D A B C E: battery only; F G H J K: other new energy
_BEGIN = f"[{PROVINCES}][{_LETTER}]"
_SEPARATORS = str.maketrans("", "", "·•・‧∙⋅.-‐ ")

_FORMS = {
    "ordinary": re.compile(f"{_BEGIN}[{_LETTER}0-9]{{5}}"),
    "new_energy_small": re.compile(f"{_BEGIN}[{_ENERGY}][{_LETTER}0-9][0-9]{{4}}"),
    "new_energy_large": re.compile(f"{_BEGIN}[0-9]{{5}}[{_ENERGY}]"),
    "trailer": re.compile(f"{_BEGIN}[{_LETTER}0-9]{{4}}挂"),
    "learner": re.compile(f"{_BEGIN}[{_LETTER}0-9]{{4}}学"),
    "police": re.compile(f"{_BEGIN}[{_LETTER}0-9]{{4}}警"),
}
TYPES = tuple(_FORMS)
"""汽车 `ordinary`, 小型 and 大型新能源汽车 `new_energy_…`, 挂车 `trailer`, 教练汽车 `learner`, 警用汽车 `police`."""


def plate_type(plate: str) -> str | None:
    """Which of `TYPES` a plate in its normal form is; None where it is none."""
    return next((name for name, form in _FORMS.items() if form.fullmatch(plate)), None)


def normalise_plate(text: str) -> str:
    """The normal form of a plate as people write it: half-width, upper case, without dot, hyphen and spaces."""
    return unicodedata.normalize("NFKC", text).translate(_SEPARATORS).upper()

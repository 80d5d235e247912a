"""Who lives in the sample city: made-up shops, sanitation firms and haulers in real communities of Tinghu District."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.sample.chance import Chance
from shared.registry.credit_code import ALPHABET, check_character, registration_check_digit
from shared.registry.regions import communities_within

DISTRICT = "320902"
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程"
_TRADES = (
    *("土菜馆", "面馆", "早餐店", "烧烤店", "水果店", "便利店", "五金店", "理发店", "药房", "汽修店", "干洗店"),
    *("文具店", "服装店", "奶茶店", "熟食店", "花店", "窗帘店", "手机店", "快递站", "小吃店", "海鲜馆", "粮油店"),
)
_WORDS = "安宁清源恒通永丰嘉禾瑞祥德顺鸿达康泰明洁盛世金海东方新城绿野长河星辰"
_ROADS = ("解放南路", "建军中路", "人民中路", "毓龙东路", "黄海中路", "青年中路", "开放大道", "大庆中路", "希望大道")
_PLATE_LETTERS = "ABCEGHKLMNPQRTUVWXY"


@dataclass(frozen=True, slots=True)
class Subject:
    """A made-up subject. `trouble`, from 0 to 1, is how often it breaks a rule; `vehicles` are number plates."""

    id: str
    kind: str
    name: str
    region: str
    road: str
    legal_form: str
    operator: str
    trouble: float
    vehicles: tuple[str, ...] = ()


def subjects(shops: int, sanitation: int, haulers: int, chance: Chance) -> list[Subject]:
    """So many of each kind. Some shops have one owner, several premises; some are known by an old 15-digit number."""
    communities = communities_within(DISTRICT)
    return [
        *_shops(shops, communities, chance),
        *(_firm("sanitation", "环卫服务有限公司", communities, chance) for _ in range(sanitation)),
        *(_firm("hauler", "渣土运输有限公司", communities, chance) for _ in range(haulers)),
    ]


def _shops(number: int, communities: tuple[str, ...], chance: Chance) -> Iterator[Subject]:
    made = 0
    while made < number:
        form = "enterprise" if chance.happens(0.08) else "individual"
        code = _old_number(chance) if chance.happens(0.03) else _code("91" if form == "enterprise" else "92", chance)
        surname = chance.choice(_SURNAMES)
        name = f"{surname}记{chance.choice(_TRADES)}"
        premises = min(number - made, chance.choice((2, 2, 3)) if chance.happens(0.05) else 1)
        for place in range(1, premises + 1):
            region = chance.choice(communities)
            road = chance.choice(_ROADS)
            shown = f"{name}（{road}店）" if premises > 1 else name
            trouble = chance.betavariate(0.6, 5)
            yield Subject(f"shop:{code}-{place:02d}", "shop", shown, region, road, form, f"{surname}某", trouble)
        made += premises


def _firm(kind: str, ending: str, communities: tuple[str, ...], chance: Chance) -> Subject:
    name = f"盐城{''.join(chance.sample(_WORDS, 2))}{ending}"
    fleet = chance.randint(40, 300) if kind == "hauler" else 0
    return Subject(
        f"{kind}:{_code('91', chance)}",
        kind,
        name,
        chance.choice(communities),
        chance.choice(_ROADS),
        "enterprise",
        f"{chance.choice(_SURNAMES)}某",
        chance.betavariate(1, 4),
        tuple(_plate(chance) for _ in range(fleet)),
    )


def _code(beginning: str, chance: Chance) -> str:
    body = f"{beginning}{DISTRICT}MA{''.join(chance.choices(ALPHABET, k=7))}"
    return body + check_character(body)


def _old_number(chance: Chance) -> str:
    body = f"{DISTRICT}6{chance.randrange(10**7):07d}"
    return body + registration_check_digit(body)


def _plate(chance: Chance) -> str:
    """An ordinary plate, or a green one of a large new-energy vehicle 大型新能源汽车."""
    if chance.happens(0.3):
        return f"苏J{chance.randrange(10**5):05d}{chance.choice('DF')}"
    return f"苏J{chance.choice(_PLATE_LETTERS)}{chance.randrange(10**4):04d}"

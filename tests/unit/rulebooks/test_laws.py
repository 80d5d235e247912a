from datetime import date

import pytest

from shared.rulebooks import laws
from shared.rulebooks.faults import RulebookFileError
from shared.rulebooks.loader import LAWS, SHIPPED

DAY = date(2026, 4, 1)


@pytest.fixture(scope="module")
def shipped():
    return laws.load(SHIPPED / LAWS)


@pytest.mark.parametrize(
    "basis",
    [
        "《固体废物污染环境防治法》第一百一十一条",
        "《中华人民共和国固体废物污染环境防治法》",
        "《城市建筑垃圾管理规定》（建设部令第139号）第二十五条",
        "《济南市城市建筑垃圾管理条例》第五十条（示例）",
        "《环卫服务合同》",
        "环卫服务合同",
        "环卫作业质量考核办法第三条",
    ],
)
def test_a_basis_in_force(shipped, basis):
    assert shipped.objection(basis, DAY) is None


@pytest.mark.parametrize(
    ("basis", "day", "sentence"),
    [
        ("《噪声污染防治法》第八十二条", date(2022, 6, 4), "not in force on 2022-06-04 (in force: 2022-06-05 to now)"),
        ("《江苏省城市市容和环境卫生管理条例》", date(2004, 1, 31), "2004-02-01 to 2023-05-01; 2023-05-01 to now"),
        (
            "《治安管理处罚法》（主席令第三十八号）",
            DAY,
            "not in force on 2026-04-01 (in force: 2006-03-01 to 2026-01-01)",
        ),
        (
            "《城市建筑垃圾管理规定》（建设部令第140号）",
            DAY,
            "no text of the number 建设部令第140号 (known: 建设部令第139号)",
        ),
        ("《江苏省文明行为条例》", DAY, "《江苏省文明行为条例》 is not among the laws in laws.yaml"),
        ("有关规定", DAY, "must begin with the 《title》 of a law"),
    ],
)
def test_a_basis_that_does_not_hold(shipped, basis, day, sentence):
    assert sentence in shipped.objection(basis, day)


def test_without_marks_the_longest_name_is_meant():
    long, short = (
        laws.Law(name, (laws.Text(None, day, None),)) for name, day in (("甲法细则", DAY), ("甲法", date.max))
    )
    known = laws.Laws({law.title: law for law in (short, long)})
    assert known.objection("甲法细则第一条", DAY) is None
    assert known.objection("甲法第一条", DAY) == f"《甲法》 is not in force on {DAY} (in force: 9999-12-31 to now)"
    assert laws.Laws({law.title: law for law in (long, short)}).objection("甲法细则第一条", DAY) is None


def test_the_last_day_of_a_text_is_the_one_before_until(shipped):
    old = "《治安管理处罚法》（主席令第三十八号）"
    assert shipped.objection(old, date(2025, 12, 31)) is None
    assert shipped.objection(old, date(2026, 1, 1))
    assert shipped.objection("《治安管理处罚法》", date(2026, 1, 1)) is None


def test_every_fault_of_a_file_of_laws(tmp_path):
    path = tmp_path / "laws.yaml"
    path.write_text(
        "laws:\n"
        "- title: 甲法\n"
        "  texts:\n"
        "  - {number: 1, from: '2020-01-01', until: '2019-01-01'}\n"
        "- title: 甲法\n"
        "  texts: []\n"
        "- short: 乙法\n"
        "  texts:\n"
        "  - {from: '2020-13-01'}\n"
        "- {title: 丙法, texts: [{from: '2020-01-01', amended: '2021-01-01'}]}\n"
        "- {short: '', texts: 1}\n"
    )
    with pytest.raises(RulebookFileError) as caught:
        laws.load(path)
    assert [f"{fault.line}: {fault.message}" for fault in caught.value.located] == [
        "4: number must be a text or null",
        "4: until must be later than from (2020-01-01)",
        "5: 甲法 stands twice",
        "6: must be a list that is not empty",
        "7: title and short must be texts that are not empty, and title is needed",
        "9: from must be a quoted date such as '2020-09-01'",
        "10: must be a mapping of from, number, until",
        "11: must be a list that is not empty",
        "11: title and short must be texts that are not empty, and title is needed",
    ]

"""What is shown of a name."""

import pytest

from shared.credit.shown import shown


def named(name, operator=None, public=True, **said):
    registered = {"name": name, **({"operator": operator} if operator else {}), **said}
    return shown("shop:92320902MA1N00026Y-01", "public", registered, None, None, public=public)["name"]


@pytest.mark.parametrize("said", [{}, {"legal_form": "individual"}, {"legal_form": "enterprise"}], ids=str)
@pytest.mark.parametrize("name", ["张三", " 张 三", "张\u3000三"])
def test_a_name_that_is_but_a_person_s_is_hidden_from_the_public_whatever_else_is_entered(name, said):
    assert named(name.strip(), "张三", **said) == "张**"
    assert named(name.strip(), "张三", public=False, **said) == name.strip()


def test_a_trade_name_is_shown():
    assert named("张三面馆", "张三") == named("张三面馆") == "张三面馆"

from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from shared.registry.credit_code import ALPHABET, check_character, check_code, registration_check_digit
from shared.registry.plates import normalise_plate
from shared.registry.subject import SubjectIdError, normalise_subject_id, parse_subject_id

bodies = st.builds(
    "".join,
    st.tuples(st.text("0123456789", min_size=8, max_size=8), st.text(ALPHABET, min_size=9, max_size=9)),
)


@given(bodies)
def test_check_characters_agree_with_stdnum(body):
    code = body + check_character(body)
    assert uscc.validate(code) == code
    check_code(code)


@given(st.text(ALPHABET, min_size=18, max_size=18) | bodies.map(lambda body: body + "0"))
def test_where_stdnum_accepts_we_do_and_where_it_has_no_reason_of_its_own_we_do_not_either(code):
    assume(code[:8].isdigit())  # it refuses registrars that are letters, which are legal
    assert uscc.is_valid(code) == accepted(code)


@given(bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_no_single_mistyped_character_passes(body, place, character):
    code = body + check_character(body)
    mistyped = code[:place] + character + code[place + 1 :]
    assert accepted(mistyped) == (mistyped == code)


@given(st.text("0123456789", min_size=14, max_size=14))
def test_registration_check_digits_agree_with_stdnum(body):
    assert registration_check_digit(body) == mod_11_10.calc_check_digit(body)


@given(st.text() | st.text("shop:-９9Ａa１S ſıİ：ｓ"))
def test_normalising_twice_is_normalising_once(text):
    once = normalise_subject_id(text)
    assert normalise_subject_id(once) == once


@given(st.sampled_from(["shop", "sanitation", "hauler"]), bodies, st.from_regex("(-[0-9]{2,4})?", fullmatch=True))
def test_every_form_of_an_id_reads_as_the_same_subject(kind, body, premises):
    text = f"{kind}:{body}{check_character(body)}{premises}"
    wide = "".join(chr(ord(character) + 0xFEE0) for character in text.swapcase())
    assert str(parse_subject_id(text)) == text
    assert normalise_subject_id(wide) == normalise_subject_id(text) == text


@given(st.text(max_size=80))
def test_whatever_is_given_is_read_as_it_is_or_refused_in_one_way(text):
    try:
        subject = parse_subject_id(text)
    except SubjectIdError:
        return
    assert str(subject) == text


@given(st.text("苏Jj1·•-. Ｄ２挂"))
def test_normalising_a_plate_twice_is_normalising_once(text):
    assert normalise_plate(normalise_plate(text)) == normalise_plate(text)


def accepted(code):
    try:
        check_code(code)
    except ValueError:
        return False
    return True

import pytest

from shared.registry.credit_code import check_character, check_code, registration_check_digit

VALID = [
    "91350100M000100Y43",  # the worked example of GB 32100-2015
    "11320900014354934F",  # a public authority
    "91320902MA1TE5T18M",
    "92320902MA1N00026Y",
    "91320903MA1P000364",
    "92320903MA1Q00045H",
    "91320981MA1R000544",
    "91320902MA10004550",  # sum divisible by 31: check value 31, written 0
]


@pytest.mark.parametrize("code", VALID)
def test_valid_codes_are_accepted(code):
    check_code(code)
    assert check_character(code[:-1]) == code[-1]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("91310115MA1H8R7C6D", "ends with D but its other characters ask for 7"),
        ("91350100M000100Y4Z", "without I, O, S, V and Z"),
        ("91320902ma1te5t18m", "in upper case"),
        ("9132090AMA1TE5T18M", "six digits of a region"),
        ("９1320902MA1TE5T18M", "two letters or digits"),
        ("91320902MA1TE5T18", "not 17 characters"),
        ("", "not 0 characters"),
        ("32090260000000X", "must be 15 digits"),
        ("٣٢٠٩٠٢٦٠٠٠١٢٣٤٥", "must be 15 digits"),
    ],
)
def test_other_codes_are_refused_with_a_sentence(code, sentence):
    with pytest.raises(ValueError, match=sentence):
        check_code(code)


@pytest.mark.parametrize("registrar", ["Y", "N", "A", "5"])
def test_registrars_that_are_letters_are_legal(registrar):
    body = f"{registrar}1320902MA1TE5T18"
    check_code(body + check_character(body))


@pytest.mark.parametrize("number", ["440301103448669", "440301103097413", "440000000040686", "110108000000016"])
def test_check_digit_of_registration_numbers_on_well_known_licences(number):
    assert registration_check_digit(number[:-1]) == number[-1]


def test_registration_numbers_with_another_last_digit_are_accepted():
    check_code("320902600123457")

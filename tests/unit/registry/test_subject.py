import pytest

from shared.registry.kinds import KINDS
from shared.registry.subject import SubjectId, SubjectIdError, normalise_subject_id, parse_subject_id


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("shop:92320902MA1N00026Y-01", SubjectId("shop", "92320902MA1N00026Y", "01")),
        ("sanitation:91320902MA1TE5T18M", SubjectId("sanitation", "91320902MA1TE5T18M")),
        ("hauler:91320903MA1P000364", SubjectId("hauler", "91320903MA1P000364")),
        ("shop:320902600123456-0001", SubjectId("shop", "320902600123456", "0001")),
    ],
)
def test_ids_are_read_and_written_back(text, subject):
    assert parse_subject_id(text) == subject
    assert str(subject) == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("92320902MA1N00026Y", "has no colon"),
        ("stall:92320902MA1N00026Y", f"must be one of {', '.join(KINDS)}"),
        ("Shop:92320902MA1N00026Y", "must be one of shop, sanitation, hauler"),
        ("shop:92320902MA1N00026X", "its other characters ask for Y"),
        ("shop:92320902MA1N00026Y-1", "must be 2 to 4 digits"),
        ("shop:92320902MA1N00026Y-", "must be 2 to 4 digits"),
        ("shop:92320902MA1N00026Y-00001", "must be 2 to 4 digits"),
        ("shop:92320902MA1N00026Y-01\n", "must be 2 to 4 digits"),
        ("shop: 92320902MA1N00026Y", "not 19 characters"),
        ("shop:" + "9" * 100, "this text has 105 characters"),
    ],
)
def test_what_is_no_id_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(SubjectIdError, match=sentence):
        parse_subject_id(text)


@pytest.mark.parametrize(
    "written",
    [
        "shop:92320902ma1n00026y-01",
        "SHOP:92320902MA1N00026Y-01",
        "ｓｈｏｐ：９２３２０９０２ＭＡ１Ｎ０００２６Ｙ－０１",
        "Shop：92320902ma1n00026y－01",
    ],
)
def test_lower_case_and_full_width_are_normalised(written):
    assert normalise_subject_id(written) == "shop:92320902MA1N00026Y-01"


def test_normalising_judges_nothing():
    assert normalise_subject_id("stall") == "stall"
    assert normalise_subject_id("shop:ß-01") == "shop:ß-01"

import hashlib

import pytest

from shared.rulebooks import lock
from shared.rulebooks.check import check_candidate, check_directory
from shared.rulebooks.faults import RulebookFileError
from shared.rulebooks.loader import SHIPPED, load_bytes, load_directory


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def said(report):
    return [f"{fault.file.rsplit('/')[-1]}: {fault.message}" for fault in report.faults]


def test_every_shipped_version_is_locked_and_none_has_gone():
    """A version that is shipped is published: `sha256sum <id>-v<version>.yaml >> published.lock` adds a new one."""
    shipped = {(book.id, book.version): book.sha256 for book in load_directory(SHIPPED)}
    assert lock.load(SHIPPED / lock.LOCK) == shipped


def test_a_shipped_version_with_other_bytes_is_refused_in_any_folder(folder):
    text = (SHIPPED / "shop-credit-v2.yaml").read_text()
    path = folder(mine=text)
    assert said(check_directory(path)) == []
    [message] = said(check_directory(folder(mine=text + "# one more comment\n")))
    assert message.startswith("mine.yaml: published: add a version (shop-credit v2 has the SHA-256 0ad0e1")


def test_a_candidate_is_held_against_the_lock_too(small):
    text = (SHIPPED / "shop-credit-v2.yaml").read_text().replace("bonus_cap: '10'", "bonus_cap: '9'")
    [message] = said(check_candidate(text.encode(), "x.yaml", ()))
    assert message.startswith("x.yaml: published: add a version")
    assert said(check_candidate(small.encode(), "x.yaml", ())) == []


def test_a_folder_may_have_a_lock_of_its_own(folder, small, second):
    path = folder(a=small, b=second)
    (path / lock.LOCK).write_text(f"{sha256(small)}  small-v1.yaml\n")
    assert said(check_directory(path)) == []
    folder(a=small + "#\n")
    assert said(check_directory(path))[0].startswith("a.yaml: published: add a version (small v1")


def test_a_locked_version_stays_in_its_folder(folder, small, second):
    path = folder(b=second)
    (path / lock.LOCK).write_text(f"{sha256(small)}  small-v1.yaml\n")
    assert said(check_directory(path)) == ["published.lock: small-v1.yaml is published and must stay in its folder"]


def test_a_lock_that_cannot_be_read_is_told_by_its_lines(folder, small):
    path = folder(a=small)
    lines = [f"{'0' * 64}  small-v1.yaml", "what", f"{'1' * 64}  small-v1.yaml", f"{'0' * 63}  small-v2.yaml"]
    (path / lock.LOCK).write_text("\n".join(lines))
    with pytest.raises(RulebookFileError) as raised:
        lock.load(path / lock.LOCK)
    assert [fault.line for fault in raised.value.located] == [2, 3, 4]
    assert [fault.line for fault in check_directory(path).faults] == [2, 3, 4]


def test_a_version_that_is_not_locked_is_nobodys_business(small):
    assert lock.objection(load_bytes(small.encode(), "x"), {("small", 2): "0" * 64}) is None

import gc

from services.draws.uncollected import uncollected


def test_the_collector_rests_meanwhile_and_goes_on_afterwards_whoever_leaves_first():
    one, other = uncollected(), uncollected()
    one.__enter__()
    other.__enter__()
    assert not gc.isenabled()
    one.__exit__(None, None, None)
    other.__exit__(None, None, None)
    assert gc.isenabled()

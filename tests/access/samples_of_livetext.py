from tests.access.sample import Sample
from tests.livetext.sheets import new_sheet


def _sheet(cast):
    # Everybody may write on the sheets of the tests; owners limit their own.
    return Sample.same(pk=new_sheet().pk)


def _text(cast):
    return Sample.same(pk=new_sheet().pk, key="goals")


def _group(cast):
    return Sample.same(pk=new_sheet().pk, group="outcome")


def _card(cast):
    return Sample.same(pk=new_sheet().pk, group="outcome", number=1)


SAMPLES = {
    "livetext:sheet-changes": _sheet,
    "livetext:text-detail": _text,
    "livetext:text-save": _text,
    "livetext:text-writing": _text,
    "livetext:card-add": _group,
    "livetext:card-remove": _card,
    "livetext:card-restore": _card,
}

"""What stands behind a report → whether it signs the report and changes nothing else in it.

A PDF may say anything anew at its end, and a signature of that end proves only who did it. So every
object of the report is compared with what the whole file makes of it: the report may gain one
signature field, drawn within the area meant for it.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from supervise.core.whole_file import SEAL
from supervise.read.report_parts import limited
from supervise.read.told import MALFORMED

_OF_CATALOG = frozenset({"/AcroForm", "/Perms", "/Extensions"})
_OF_FORM = frozenset({"/Fields", "/SigFlags", "/DR", "/DA"})
_OF_FIELD = frozenset(
    {"/Type", "/Subtype", "/FT", "/T", "/V", "/Rect", "/P", "/F", "/AP", "/Border", "/MK"}
)
_SLACK = 1
"""Points by which a drawn signature may overlap the area's edge, where it was rounded."""


def only_signs(data: bytes, length: int) -> bool:
    """Whether what follows a report only signs it.

    Args:
        data: The whole file.
        length: Of the report at its beginning.
    """
    import pikepdf

    try:
        with (
            limited(),
            pikepdf.open(BytesIO(data[:length]), attempt_recovery=False) as report,
            pikepdf.open(BytesIO(data), attempt_recovery=False) as whole,
        ):
            return _only_signs(report, whole)
    except (pikepdf.PikepdfError, *MALFORMED, MemoryError):
        return False


def _only_signs(report: Any, whole: Any) -> bool:
    page, area = _area(report)
    mended = {report.Root.objgen, page.objgen}
    for old in report.objects:
        if old.objgen not in mended and not _same(old, whole.get_object(old.objgen)):
            return False
    new_page = whole.get_object(page.objgen)
    return (
        whole.Root.objgen == report.Root.objgen
        and _same_but(report.Root, whole.Root, _OF_CATALOG)
        and _same_but(page, new_page, frozenset({"/Annots"}))
        and _one_field(whole, page, new_page, area)
    )


def _area(report: Any) -> tuple[Any, tuple[float, ...]]:
    """Where a report is to be signed: the page, and left, bottom, right and top."""
    names = report.Root.Names.Dests.Names
    places = [to for name, to in zip(names[::2], names[1::2], strict=True) if str(name) == SEAL]
    page, fit, *edges = places[0]
    if str(fit) != "/FitR":
        raise ValueError("area")
    return page, tuple(float(edge) for edge in edges)


def _same(old: Any, new: Any) -> bool:
    import pikepdf

    if not isinstance(old, pikepdf.Stream):
        return bool(old.unparse(resolved=True) == new.unparse(resolved=True))
    return (
        isinstance(new, pikepdf.Stream)
        and old.stream_dict.unparse(resolved=True) == new.stream_dict.unparse(resolved=True)
        and old.read_raw_bytes() == new.read_raw_bytes()
    )


def _same_but(old: Any, new: Any, may_differ: frozenset[str]) -> bool:
    return _rest(old, may_differ) == _rest(new, may_differ)


def _rest(found: Any, without: frozenset[str]) -> bytes:
    import pikepdf

    kept = pikepdf.Dictionary({key: found[key] for key in found if key not in without})
    return kept.unparse()


def _one_field(whole: Any, page: Any, new_page: Any, area: tuple[float, ...]) -> bool:
    """Exactly one field, which is the one annotation that the page gained."""
    form = whole.Root.AcroForm
    before = [each.objgen for each in page.get("/Annots", [])]
    gained = [each for each in new_page.Annots if each.objgen not in before]
    if set(form.keys()) - _OF_FORM or len(form.Fields) != 1 or len(gained) != 1:
        return False
    (field,) = gained
    kept = [each.objgen for each in new_page.Annots][:-1] == before
    drawn = [float(edge) for edge in field.Rect]
    within = all(
        low - _SLACK <= edge <= high + _SLACK
        for edge, low, high in zip(drawn, area[:2] * 2, area[2:] * 2, strict=True)
    )
    return (
        kept
        and within
        and form.Fields[0].objgen == field.objgen
        and not set(field.keys()) - _OF_FIELD
        and (str(field.FT), str(field.Subtype)) == ("/Sig", "/Widget")
    )

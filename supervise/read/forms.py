"""Forms as data → ``FormSet``: which version of each form is in force, and what it holds.

In: ``supervise/forms/<FORM>/items.yaml`` and ``<version>.yaml``, an office's overlay over them.
Out: ``FormLaw``, the forms and their in-form checks from one reading of the files. The checks
stay raw: the rulebook loader types them together with all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from supervise.core.layout import Form, FormSet, Item
from supervise.core.period import Period
from supervise.errors import RulebookError
from supervise.read.form_draft import Draft
from supervise.read.form_items import ItemBook, read_items
from supervise.read.form_layout import read_layout
from supervise.read.yaml import YamlMap, nearest, read_yaml
from supervise.record import record

SHIPPED = Path(__file__).resolve().parent.parent / "forms"
ITEMS = "items.yaml"


@record
class FormLaw:
    """What the form files say for a period.

    Attributes:
        forms: The forms in force, in workbook order.
        checks: The ``checks:`` entries of those forms, raw, in the same order.
    """

    forms: FormSet
    checks: tuple[YamlMap, ...]


class _Source(NamedTuple):
    """A file and what tells one state of it from another."""

    form: str
    path: Path
    modified: int
    size: int


def read_forms(
    period: Period | date, *, directory: Path | None = None, overlay: Path | None = None
) -> FormLaw:
    """The forms in force on the period's last day (or on a given day) and their checks.

    Files are read again only after one of them has changed.

    Args:
        period: The reporting period, or the day whose law is asked for.
        directory: A tree in place of the shipped one.
        overlay: An office's tree; its ``forms`` folder, if there is one, mirrors the shipped
            one, and a file there stands for the shipped file of the same name.

    Raises:
        RulebookError: A form file is wrong, or no form is in force.
    """
    day = period.last_day if isinstance(period, Period) else period
    quarter = period if isinstance(period, Period) else Period(day.year, (day.month + 2) // 3)
    own = overlay / "forms" if overlay is not None else None
    return _read(str(quarter), day, tuple(_sources(directory or SHIPPED, own)))


def _sources(base: Path, overlay: Path | None) -> Iterable[_Source]:
    if not base.is_dir():
        raise RulebookError(
            "报表目录不存在",
            where=str(base),
            expected="每张表一个子目录，内有 items.yaml 和 <版本>.yaml",
            fix="更正报表目录的路径，或重新安装本工具。",
            code="rulebook_unreadable",
        )
    paths: dict[tuple[str, str], Path] = {}
    for root in (base, overlay):
        if root is not None and root.is_dir():
            paths.update({(path.parent.name, path.name): path for path in root.glob("*/*.yaml")})
    for (form, _), path in sorted(paths.items()):
        stat = path.stat()
        yield _Source(form, path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=8)
def _read(period: str, day: date, sources: tuple[_Source, ...]) -> FormLaw:
    layouts = sorted(_in_force(sources, day), key=lambda layout: _position(layout[1]))
    if not layouts:
        raise RulebookError(
            f"{period} 没有生效的报表",
            where=str(sources[0].path.parent.parent) if sources else "",
            expected=f"in_force 不晚于 {day} 的版本",
            fix="核对报告期，或补充该期的报表版本。",
            code="no_form_in_force",
        )
    used = {layout.text("form") for _, layout in layouts}
    book = read_items(
        read_yaml(source.path)
        for source in sources
        if source.path.name == ITEMS and source.form in used
    )
    version = layouts[0][0]
    texts = {"period": period, "version": version}
    drafts = [read_layout(layout, name, texts, book.items) for name, layout in layouts]
    forms = _forms(drafts, book)
    return FormLaw(
        FormSet(version, forms, book.items, _bases(book.items), _columns(forms)),
        tuple(check for _, layout in layouts for check in layout.maps("checks")),
    )


def _position(layout: YamlMap) -> int:
    text = layout.text("position")
    if not text.isdigit():
        layout.fail("position 应为整数", key="position", expected="工作表次序", fix="改写。")
    return int(text)


def _in_force(sources: tuple[_Source, ...], day: date) -> Iterable[tuple[str, YamlMap]]:
    """Of each form the version that came into force last, no later than ``day``."""
    latest: dict[str, tuple[date, str, YamlMap]] = {}
    for source in sources:
        if source.path.name == ITEMS:
            continue
        layout = read_yaml(source.path)
        if layout.text("form") != source.form:
            layout.fail(
                f"form {layout.text('form')!r} 与目录 {source.form!r} 不符",
                key="form",
                expected="与所在目录同名",
                fix=f"改为 {source.form}。",
            )
        since = _date(layout)
        if since <= day and (source.form not in latest or since > latest[source.form][0]):
            latest[source.form] = (since, source.path.stem, layout)
    return [(version, layout) for _, version, layout in latest.values()]


def _date(layout: YamlMap) -> date:
    text = layout.text("in_force")
    try:
        return date.fromisoformat(text)
    except ValueError:
        layout.fail(f"{text!r} 不是日期", key="in_force", expected="如 2025-01-01", fix="改写。")


def _forms(drafts: list[Draft], book: ItemBook) -> tuple[Form, ...]:
    places: dict[str, tuple[str, str]] = {}
    for draft in drafts:
        for item, cell in draft.cells.items():
            if item in places:
                cell.source.fail(
                    f"数据项 {item!r} 放在了两张表上",
                    key=cell.key,
                    expected=f"每项只有一个填报单元格；已在 {'!'.join(places[item])}",
                    fix="删去其中一处，或改为引用。",
                )
            places[item] = (draft.sheet, cell.address)
    _all_placed(drafts, places, book)
    return tuple(draft.finish(places, book.items) for draft in drafts)


def _all_placed(drafts: list[Draft], places: Mapping[str, tuple[str, str]], book: ItemBook) -> None:
    listed: set[str] = set()
    for draft in drafts:
        for table in draft.tables:
            for letter, item in table.columns.items():
                if item in places or item in listed:
                    draft.layout.fail(
                        f"数据项 {item!r} 放了两次",
                        key="tables",
                        expected="每项只有一个填报单元格或一列",
                        fix=f"删去 {table.id} 的 {letter} 列或另一处。",
                    )
                listed.add(item)
    for item in book.items:
        if item not in places and item not in listed:
            source, key = book.origin[item]
            source.fail(
                f"数据项 {item!r} 没有放在任何表上",
                key=key,
                expected="每个数据项恰有一个单元格或一列",
                fix=f"在版面中放置，或删去定义；相近的有 {nearest(item, places)!r}。",
            )


def _bases(items: Mapping[str, Item]) -> dict[tuple[str, str], str]:
    return {(item.of, item.as_of): item.id for item in items.values() if item.of}


def _columns(forms: tuple[Form, ...]) -> dict[str, str]:
    return {
        item: table.id for form in forms for table in form.tables for item in table.columns.values()
    }

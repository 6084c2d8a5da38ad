"""Files that differ from what our own template writes: faults, WPS, LibreOffice."""

from __future__ import annotations

import re
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

from samples.figures import Values, values_of
from samples.parts import Parts, pack, type_text, unpack
from samples.profile import Profile
from samples.workbook import forms_of, resubmitted, workbook
from supervise.core.layout import FormSet

PERIOD = "2026Q3"
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
WPS_DATES = ("31", "57", "58")
WPS_ORDER = ("S71_I", "G01", "XW2分支机构", "封面", "G11")
CUSTOM = "docProps/custom.xml"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_LINK = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
)


def plain(profile: Profile, period: str) -> bytes:
    """The workbook as the template writes it."""
    return workbook(profile, period)


def blocked(profile: Profile, period: str) -> bytes:
    """A total that is 100 万元 too large, and words where an amount is due."""
    values = values_of(profile, period)
    off = _more(values, "S71_I_1_2_A0", "1000000")
    parts = unpack(workbook(profile, period, off))
    part, address = spot(forms_of(period), "XW5_fees_refunded")
    type_text(parts, part, {address: "约两万元"})
    return pack(parts)


def first_filing(profile: Profile, period: str) -> bytes:
    """A closing balance of bad loans that is 50 万元 too large."""
    off = _more(values_of(profile, period), "XW3_closing_incl", "500000")
    return workbook(profile, period, off)


def second_filing(profile: Profile, period: str) -> bytes:
    """The resubmission that mends it."""
    reason = "XW3 普惠小微期末不良余额误含 50 万元表外垫款，已更正"
    return workbook(profile, period, resubmitted(reason))


def to_be_explained(profile: Profile, period: str) -> bytes:
    """Two oddities: one answered on sheet XW8, one not."""
    values = values_of(profile, period)
    first = values["XW1_first_count_owner_incl"]
    assert isinstance(first, Decimal)
    counts = _more(values, "S71_I_1_2_B0", "3")
    return workbook(profile, period, {**counts, "XW1_own_first_count_owner_incl": first - 20})


def other_version(profile: Profile, period: str) -> bytes:
    """A workbook on the template of another year."""
    return workbook(profile, period, {"COVER_template_version": "2024"})


def _more(values: Values, item: str, amount: str) -> Values:
    value = values[item]
    assert isinstance(value, Decimal)
    return {item: value + Decimal(amount)}


def wps(profile: Profile, period: str) -> bytes:
    """The workbook with what WPS and its users leave behind; same figures."""
    forms, values = forms_of(period), values_of(profile, period)
    parts = unpack(workbook(profile, period))
    for item, text in _typed(values).items():
        part, address = spot(forms, item)
        type_text(parts, part, {address: text})
    for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
        xml = parts[name].decode("utf-8")
        parts[name] = re.sub(r'<dimension ref="[^"]*" ?/>', '<dimension ref="A1"/>', xml).encode()
    _chinese_dates(parts)
    _reorder(parts)
    _custom_properties(parts)
    return pack(parts)


def _typed(values: Values) -> dict[str, str]:
    """Figures as clerks type them: full width, with separators, percent signs as text."""
    amounts = {
        item: _number(values, item) / 10_000
        for item in ("S71_I_1_a_A1", "XW9_guaranteed_balance", "XW1_due")
    }
    rate = _number(values, "XW9_relending_rate") * 100
    return {
        "S71_I_1_a_A1": f"{amounts['S71_I_1_a_A1']:.2f}".translate(FULL_WIDTH),
        "XW9_guaranteed_balance": f"{amounts['XW9_guaranteed_balance']:,.2f}",
        "XW1_due": f"{amounts['XW1_due']:,.2f}万元",
        "XW9_relending_rate": f"{rate:.2f}%",
        "XW4_due_count": f"{_number(values, 'XW4_due_count'):.0f}".translate(FULL_WIDTH),
    }


def _number(values: Values, item: str) -> Decimal:
    value = values[item]
    assert isinstance(value, Decimal)
    return value


def _chinese_dates(parts: Parts) -> None:
    """Dates in the built-in formats 31, 57 and 58, which stand in no style sheet."""
    xml = parts["xl/styles.xml"].decode("utf-8")
    dates = re.findall(r'<numFmt numFmtId="(\d+)" formatCode="yyyy[^"]*" ?/>', xml)
    dates = dates or ["14"]
    chinese = iter(WPS_DATES * 40)
    for old in dates:
        style = re.compile(rf'(<xf [^>]*)numFmtId="{old}"')
        xml = style.sub(lambda found: f'{found[1]}numFmtId="{next(chinese)}"', xml)
    parts["xl/styles.xml"] = xml.encode("utf-8")


def _reorder(parts: Parts) -> None:
    """Sheets in another order; names that hold for one sheet follow it."""
    xml = parts["xl/workbook.xml"].decode("utf-8")
    sheets = re.findall(r"<sheet [^>]*?/>", xml)
    names = [re.search(r'name="([^"]*)"', sheet)[1] for sheet in sheets]  # type: ignore[index]
    order = [*WPS_ORDER, *(name for name in names if name not in WPS_ORDER)]
    again = "".join(sheets[names.index(name)] for name in order)
    xml = re.sub(r"<sheets>.*</sheets>", f"<sheets>{again}</sheets>", xml)
    xml = re.sub(
        r'localSheetId="(\d+)"',
        lambda m: f'localSheetId="{order.index(names[int(m[1])])}"',
        xml,
    )
    parts["xl/workbook.xml"] = xml.encode("utf-8")


def _custom_properties(parts: Parts) -> None:
    parts[CUSTOM] = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.'
        b'openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.'
        b'openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="{D5CDD505-2E9C-'
        b'101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer"><vt:lpwstr>2052-12.1.0.0'
        b"</vt:lpwstr></property></Properties>"
    )
    types, links = "[Content_Types].xml", "_rels/.rels"
    override = f'<Override PartName="/{CUSTOM}" ContentType="{_CUSTOM_TYPE}"/></Types>'
    parts[types] = parts[types].replace(b"</Types>", override.encode())
    link = f'<Relationship Id="rIdKSO" Type="{_CUSTOM_LINK}" Target="{CUSTOM}"/></Relationships>'
    parts[links] = parts[links].replace(b"</Relationships>", link.encode())


def libre_office(data: bytes) -> bytes:
    """The workbook saved again by the real LibreOffice of this machine.

    Raises:
        FileNotFoundError: LibreOffice is not installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        source = home / "filled.xlsx"
        source.write_bytes(data)
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation={(home / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                "xlsx:Calc MS Excel 2007 XML",
                "--outdir",
                str(home / "saved"),
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
        return (home / "saved" / "filled.xlsx").read_bytes()


def spot(forms: FormSet, item: str) -> tuple[str, str]:
    """Worksheet part and address of an item in a workbook that our template wrote."""
    for number, form in enumerate(forms.forms, 1):
        for placed in form.placed:
            if placed.item == item and placed.kind != "reference":
                return f"xl/worksheets/sheet{number}.xml", placed.address
    raise KeyError(item)

"""The regional summary as PDF: page 1 stands alone, same bytes, nothing odd stops it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from region_kit import BANDS, REFUSED, bank, demand, finding, indicator, past, region

from supervise.core.region.figures import RefusedFile
from supervise.core.region.region import Region, RegionLaw
from supervise.read.words import read_words
from supervise.write.report import Renderer
from supervise.write.summary_view import credits_of, summary_of

words = read_words()
LONG = "内蒙古自治区莫力达瓦达斡尔族自治旗农村商业银行股份有限公司" * 3


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(words=words)


def many(n: int, name: str = "") -> Region:
    """Banks of several types and provinces with every kind of reason."""
    unmet = (indicator(demands=(demand("unmet"), demand("unmet", name="很长的要求" * 12))),)
    banks = [
        bank(
            at,
            50 + at % 53,
            type=f"t{at % 9}",
            type_name=f"第{at % 9}类银行",
            province=f"{at % 14}",
            province_name="新疆维吾尔自治区",
            name=name or f"第{at}农村商业银行股份有限公司",
            indicators=unmet if at % 3 else (indicator(),),
            findings=(finding("E", "explain", at % 4 + 1),),
            past=(past(70, "3"),),
            status="blocked" if at % 10 == 0 else "passed",
        )
        for at in range(1, n + 1)
    ]
    return region(*banks, refused=(REFUSED,))


def printed(renderer: Renderer, made: Region, lang: str = "zh") -> bytes:
    known = renderer if lang == "zh" else Renderer(words=read_words(lang))
    view = summary_of(made, words if lang == "zh" else read_words(lang))
    return known.printed("summary.html.j2", "summary.css", credits_of(view), r=view)


def run(tool: str, *arguments: str) -> str:
    if shutil.which(tool) is None:
        pytest.fail(f"{tool} is missing: scripts/apt-test.txt lists its package")
    return subprocess.run([tool, *arguments], check=True, capture_output=True, text=True).stdout


def page(pdf: bytes, n: int, folder: Path) -> str:
    file = folder / "summary.pdf"
    file.write_bytes(pdf)
    return re.sub(r"\s+", "", run("pdftotext", "-f", str(n), "-l", str(n), str(file), "-"))


def test_the_same_region_gives_the_same_bytes(renderer: Renderer) -> None:
    assert printed(renderer, many(5)) == printed(Renderer(words=words), many(5))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("n", "name"), [(1, ""), (26, ""), (26, LONG), (120, "")])
def test_page_one_is_always_one_page(
    renderer: Renderer, tmp_path: Path, n: int, name: str, lang: str
) -> None:
    pdf = printed(renderer, many(n, name), lang)
    first, second = page(pdf, 1, tmp_path), page(pdf, 2, tmp_path)
    title = "得分与档次" if lang == "zh" else "Scoresandbands"
    assert title not in first
    assert second.find(title) in range(200)


def test_every_page_says_that_it_is_internal_and_of_which_period(
    renderer: Renderer, tmp_path: Path
) -> None:
    pdf = printed(renderer, many(26))
    file = tmp_path / "summary.pdf"
    file.write_bytes(pdf)
    pages = run("pdftotext", str(file), "-").split("\f")[:-1]
    assert len(pages) > 4
    assert all("内部资料" in text for text in pages)
    assert all("2026年三季度" in text for text in pages)


def test_all_sections_are_there_in_order(renderer: Renderer, tmp_path: Path) -> None:
    file = tmp_path / "summary.pdf"
    file.write_bytes(printed(renderer, many(26)))
    text = re.sub(r"\s+", "", run("pdftotext", "-f", "2", str(file), "-"))
    sections = (
        "得分与档次", "各要素得分率", "考核权重：中位数", "未达标的政策要求",
        "按未四舍五入的总分排名", "未列入排名的报送件", "按轻重排列", "全国参考数",
        "校核执行与数据质量", "拒收的文件", "编制说明",
    )  # fmt: skip
    places = [text.find(section) for section in sections]
    assert -1 not in places
    assert places == sorted(places)


def test_a_file_name_without_glyphs_does_not_stop_the_summary(
    renderer: Renderer, tmp_path: Path
) -> None:
    odd = RefusedFile(file="坏🎉𠮷.xlsx", code="x", message="m", fix="f")
    made = region(period=None, law=RegionLaw(bands=BANDS), refused=(odd,))
    pdf = printed(renderer, made)
    assert "坏〓〓.xlsx" in page(pdf, 2, tmp_path)


def test_markup_in_a_banks_name_stays_text(renderer: Renderer) -> None:
    view = summary_of(region(bank(1, name="<script>甲</script>&银行")), words)
    assert "<script>" not in renderer.page("summary.html.j2", r=view)


def test_an_office_may_override_the_look_alone(tmp_path: Path) -> None:
    (tmp_path / "summary.css").write_text("body { color: var(--navy); }", encoding="utf-8")
    assert Renderer(words=words, templates=tmp_path).style("summary.css").count("#") == 1

"""The papers beside the workbooks: README, supervisors' marks, a values file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from samples.catalogue import Sample
from samples.figures import PROVINCES, TYPES, values_of
from samples.mechanisms import SELF, branches
from samples.others import BANKS
from samples.profile import Profile
from samples.workbook import forms_of, typed_in
from supervise.core.model import Value

README_HEAD = """# 报送件样例

全部机构、人名、电话、文号和数据都是虚构的；机构代码只是格式正确，不属于任何真实机构。规模参照公开的全国数。

样例由 `scripts/make_samples.py` 按固定规则生成，以机构代码为种子，不含时钟，重复运行所得文件相同。
样例的说明和数字改在 `scripts/samples/`，不改文件：

    python scripts/make_samples.py              # 生成（LibreOffice 保存的一件除外）
    python scripts/make_samples.py --check      # 核对已提交的文件
    python scripts/make_samples.py --expected   # 重新生成 expected/，须逐件人工复核
    python scripts/make_samples.py --libreoffice   # 用本机 LibreOffice 重新保存那一件

`expected/` 是下表每件 `supervise check --format json` 的结果，不含 `program` 和规则的版本、摘要。
得分由 `tests/sample_arithmetic.py`、`tests/sample_scores.py` 用另一套算法逐要素重算，须完全一致。
模板版面改动后重新生成；`SHA256SUMS` 可用 `sha256sum -c` 核对。

- `2025Q4/judgements.yaml`：年度评价的监管评分，用于 `supervise evaluate --judgements`；
- `values-example.json`：云汀农村商业银行的取数文件，用于 `supervise template --values`；
- `2025Q1` 至 `2025Q3`、`2026Q1`、`2026Q2`：云汀、苇渡、栖柏、石漪、杉坞五家的各季报送件，
  年初数、上年同期数等于当期报送数，跨期校核全部通过，供 `--history` 展示趋势。
  它们不在下表和 `expected/` 里；`tests/test_sample_quarters.py` 核对衔接并另行重算得分。
  表样自 2025 年起施行，所以最早一期是 2025Q1，连同 2025Q4、2026Q3 共七期。

"""
WHY = "示例：核验制度文件与执行记录，与自评一致"
WHY_NOT = "示例：核验发现执行记录不全，低于自评"


def readme(made: Iterable[Sample]) -> str:
    """README with one line for each file."""
    lines = ["| 文件 | 机构 | 类型 | 地区 | 说明 |", "|---|---|---|---|---|"]
    for sample in made:
        if sample.earlier:
            continue
        profile = sample.profile
        where = PROVINCES[profile.province]
        kind = TYPES[profile.type] + ("（一级分行）" if profile.branch else "")
        name = profile.name.removesuffix("股份有限公司")
        lines.append(f"| `{sample.path}` | {name} | {kind} | {where} | {profile.role} |")
    return README_HEAD + "\n".join(lines) + "\n"


def judgements() -> str:
    """Supervisors' marks of the annual run, as YAML."""
    lines = [
        "# 2025 年度评价的监管评分（示例）。邦川银行未评分，评价显示等待监管评分。",
        "judgements:",
    ]
    for profile in BANKS:
        if profile.annual and profile.marked is not None:
            lines += _marks(profile, profile.marked)
    return "\n".join(lines) + "\n"


def _marks(profile: Profile, marked: dict[str, int] | object) -> list[str]:
    assert isinstance(marked, dict)
    values = values_of(profile, "2025Q4")
    lines = [f"  # {profile.name}"]
    for name in SELF:
        own = values[f"XW7_{name}_score"]
        if not isinstance(own, Decimal):
            continue
        points = marked.get(name, own)
        indicator, _, part = name.rpartition("_")
        why = WHY if points == own else WHY_NOT
        lines.append(
            f"  - {{bank: {profile.code}, indicator: {indicator}, part: {part}, "
            f'points: {points}, by: 示例监管员, on: 2026-03-10, reason: "{why}"}}'
        )
    return lines


def values_example() -> str:
    """A values file that fills a template: item ids, in 元 and plain ratios."""
    profile = BANKS[0]
    forms = forms_of("2026Q3")
    values = typed_in(forms, values_of(profile, "2026Q3"))
    shown = {item: _shown(value) for item, value in values.items()}
    rows = [{item: _shown(value) for item, value in row.items()} for row in branches(profile)]
    told = {"items": shown, "tables": {"XW2_branches": rows}}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value

"""What makes one invented bank what it is: identity, loan book, mechanisms, roles.

Percentages are texts such as ``"27.5"`` (27.5 %), amounts in 亿元. The defaults describe a sound
bank that earns every point of a monitoring run, so that a profile states only what differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from supervise.core.model import Value
from supervise.record import field, record

Patch = Mapping[str, Value | None]
Branch = tuple[str, str, str, bool]


@record(kw_only=True)
class LoanBook:
    """Size and movement of a loan book.

    ``*_growth`` is since the year start of 2026, ``*_last`` over the whole of 2025; ``*_step`` is
    a yearly change in percentage points. Balances leave bills out.

    Attributes:
        small: 普惠型小微企业贷款 at the end of 2026Q3, 亿元.
        share: Its share of all loans.
        plan_done: Net increase ÷ yearly credit plan.
        used: Write-offs ÷ the year's write-off quota.
        tilt: Write-off rate of the rest of the loan book ÷ that of small loans.
    """

    small: str
    share: str = "33"
    growth: str = "8.4"
    growth_last: str = "11.9"
    all_growth: str = "5.6"
    all_growth_last: str = "7.8"
    borrowers_growth: str = "4.1"
    bills: str = "4.5"
    plan_done: str = "96"
    rate: str = "4.12"
    rate_step: str = "-0.28"
    npl: str = "1.46"
    npl_step: str = "-0.04"
    small_npl: str = "1.92"
    credit: str = "27.6"
    credit_step: str = "1.3"
    medium: str = "31.5"
    medium_step: str = "0.8"
    renewal: str = "13.4"
    renewal_step: str = "0.9"
    firm: str = "47.0"
    firm_step: str = "0.5"
    private_growth: str = "7.9"
    first: str = "17.5"
    first_step: str = "0.7"
    renewed: str = "38"
    renewed_step: str = "1.5"
    key_growth: str = "12.5"
    turnover: str = "92"
    used: str = "88"
    tilt: str = "0.85"


@record(kw_only=True)
class Mechanism:
    """Incentives, compliance and local work as filed.

    Attributes:
        weights: 普惠金融考核权重 of each branch in the business.
        marks: Self scores that are below the maximum, by ``<indicator>_<part>``.
        coordination: 授信户 ÷ 推荐户.
        disclosed: Share of new loans whose whole cost was shown; empty: not in the pilot.
        abroad: The branch table also lists one abroad and one that is not in the business.
    """

    weights: tuple[str, ...] = ("12", "11", "12", "10.5", "13", "11.5")
    branch_level: str = "支行"
    departments: bool = True
    ftp: str = "60"
    bonus: bool = True
    plan: bool = True
    rules: bool = True
    linked: bool = True
    reviewed_on: str = "2026-05-18"
    due: int = 12
    determined: int = 12
    exempted: int = 7
    tolerance: str = "2.5"
    absolute: bool = False
    in_appraisal: bool = True
    violations: int = 0
    online: bool = True
    review: bool = True
    independent: bool = True
    coordination: str = "61"
    lending: str = "78"
    disclosed: str = ""
    platform: bool = True
    technology: str = "12"
    abroad: bool = False
    marks: Mapping[str, int] = field(default_factory=dict)


@record(kw_only=True)
class Profile:
    """One invented institution.

    Attributes:
        file: Stem of its workbooks.
        role: What the sample shows, one line of the README.
        credit_code: The code is a 统一社会信用代码.
        parent: Code of the legal person, for a branch.
        exact: Leave the size as the profile says, for roles that hang on the last digit.
        closings: Headline figures of a period in units of 0.01 万元 that differ from the model's.
        restated: 划型 reclassified so much (0.01 万元) into the year start of 2026.
        scaled_up: Items filed in 元 instead of 万元.
        patch: By period, items that differ from what the model makes; None leaves them out.
        explained: Rows of XW8: check, cell, reason code, text.
        annual: The bank is among the samples of 2025Q4.
        marked: A supervisor has marked the judged parts of the annual run; points that differ
            from what the bank gave itself, by part.
    """

    file: str
    code: str
    name: str
    type: str
    province: str
    role: str
    book: LoanBook
    mechanism: Mechanism = Mechanism()
    credit_code: bool = False
    branch: bool = False
    parent: str = ""
    opened_on: str = "2008-11-26"
    differentiated: str = ""
    nil: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()
    exact: bool = False
    closings: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    restated: int = 0
    scaled_up: tuple[str, ...] = ()
    patch: Mapping[str, Patch] = field(default_factory=dict)
    explained: tuple[tuple[str, str, str, str], ...] = ()
    annual: bool = False
    marked: Mapping[str, int] | None = None


def percent(text: str) -> Fraction:
    """``"27.5"`` as the ratio 0.275."""
    return Fraction(text) / 100

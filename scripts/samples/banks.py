"""The rural commercial banks of the samples: fourteen of one type, so that peers exist.

All names and codes are invented; see ``others.py`` for the other types.
"""

from __future__ import annotations

from samples.profile import LoanBook, Mechanism, Profile

ZHEJIANG, GUANGDONG, SICHUAN = "330000", "440000", "510000"
RURAL = "rural_commercial"
WEAK_TERMS = Mechanism(
    weights=("10", "9", "8.5", "6", "11", "5"),
    ftp="30",
    plan=False,
    reviewed_on="2024-11-08",
    due=9,
    determined=6,
    exempted=1,
    tolerance="3.6",
    violations=1,
    independent=False,
    coordination="33",
    platform=False,
)
POOR_TERMS = Mechanism(
    weights=("8", "11", "10", "5"),
    ftp="45",
    bonus=False,
    linked=False,
    reviewed_on="2024-11-08",
    due=14,
    determined=9,
    exempted=0,
    violations=1,
    review=False,
    coordination="40",
    disclosed="83",
)


def _rural(number: int, file: str, name: str, province: str, **rest: object) -> Profile:
    known: dict[str, object] = {
        "file": f"rc{number:02}-{file}",
        "code": f"B{9000 + number}H2{province[:2]}010001",
        "name": f"{name}农村商业银行股份有限公司",
        "type": RURAL,
        "province": province,
    }
    return Profile(**(known | rest))  # type: ignore[arg-type]


RURAL_BANKS: tuple[Profile, ...] = (
    _rural(
        1,
        "yunting",
        "云汀",
        ZHEJIANG,
        role="各项指标均好，一级；两期均有，年度有监管评分",
        book=LoanBook(small="286", share="36"),
        mechanism=Mechanism(disclosed="86"),
        annual=True,
        marked={},
    ),
    _rural(
        2,
        "weidu",
        "苇渡",
        ZHEJIANG,
        role="容忍度 3.5 个百分点，靠浙江示例叠加的上限 4 个百分点得分；利率略升、信用贷占比略降",
        book=LoanBook(
            small="164",
            growth="5.1",
            growth_last="7.0",
            plan_done="103",
            rate="4.31",
            rate_step="0.18",
            credit_step="-0.9",
            renewal_step="-0.4",
        ),
        mechanism=Mechanism(
            tolerance="3.5", exempted=0, determined=10, ftp="45", independent=False, platform=False
        ),
        annual=True,
        marked={
            "resource_tilt_bonus": 0,
            "due_diligence_exemption_linked": 1,
            "due_diligence_exemption_review": 1,
        },
    ),
    _rural(
        3,
        "yanxi",
        "砚溪",
        ZHEJIANG,
        role="最低考核权重恰为 10%：满分",
        book=LoanBook(small="95", share="31", rate_step="0.06", first_step="-0.4"),
        mechanism=Mechanism(
            weights=("12", "10", "11", "10.5", "13", "11.5"), determined=11, coordination="47"
        ),
    ),
    _rural(
        4,
        "yuting",
        "榆亭",
        ZHEJIANG,
        role="最低考核权重 9.99%：六家中一家不达标",
        book=LoanBook(small="97", share="31", medium_step="-0.8", key_growth="6.2"),
        mechanism=Mechanism(
            weights=("12", "9.99", "11", "10.5", "13", "11.5"),
            ftp="42",
            bonus=False,
            reviewed_on="2024-11-08",
            exempted=0,
            disclosed="61",
        ),
    ),
    _rural(
        5,
        "mailong",
        "麦垄",
        SICHUAN,
        role="普惠不良率恰比各项贷款高 3 个百分点：满分",
        book=LoanBook(
            small="120",
            share="30",
            npl="2.2",
            small_npl="5.2",
            growth="4.9",
            plan_done="102",
            borrowers_growth="-1.5",
        ),
        mechanism=Mechanism(weights=("12", "9", "11", "10", "10.5"), tolerance="3.4", review=False),
        exact=True,
    ),
    _rural(
        6,
        "fengli",
        "枫砾",
        SICHUAN,
        role="不良率差距只比 3 个百分点多 0.01 万元：不足满分",
        book=LoanBook(
            small="120", share="30", npl="2.2", small_npl="5.2", rate="4.55", rate_step="0.15"
        ),
        mechanism=Mechanism(
            weights=("12", "9", "11", "8", "10.5", "14"),
            linked=False,
            exempted=0,
            violations=2,
            coordination="36",
            platform=False,
        ),
        exact=True,
        closings={"2026Q3": {"small_npl": 6_240_001}},
    ),
    _rural(
        7,
        "qibai",
        "栖柏",
        SICHUAN,
        role="多项偏弱，三级",
        book=LoanBook(
            small="88",
            share="24",
            growth="4.2",
            growth_last="6.1",
            plan_done="101",
            borrowers_growth="-2.5",
            rate_step="0.12",
            credit_step="-0.6",
            medium_step="-0.4",
            private_growth="3.1",
            first_step="-0.8",
            key_growth="2.9",
            used="62",
        ),
        mechanism=WEAK_TERMS,
        annual=True,
        marked={"resource_tilt_bonus": 0},
    ),
    _rural(
        8,
        "shiyi",
        "石漪",
        SICHUAN,
        role="常规指标不足 60 分，加分后总分仍被否决为四级",
        book=LoanBook(
            small="61",
            share="22",
            growth="3.9",
            growth_last="5.0",
            plan_done="94",
            npl="2.6",
            small_npl="5.9",
            rate_step="0.2",
            credit_step="-1.1",
            renewal_step="-0.7",
            private_growth="2.6",
            first_step="-1.2",
            key_growth="2.1",
            used="91",
        ),
        mechanism=POOR_TERMS,
        annual=True,
        marked={"due_diligence_exemption_rules": 1, "npl_tolerance_appraisal": 0},
    ),
    _rural(
        9,
        "chengyan",
        "澄堰",
        SICHUAN,
        role="阻断：分档合计不平，金额格填了文字",
        book=LoanBook(small="73", share="28", borrowers_growth="-3.0"),
        mechanism=Mechanism(ftp="46", determined=9),
    ),
    _rural(
        10,
        "luyu",
        "芦屿",
        SICHUAN,
        role="首次报送（-1）不良期末不符被阻断，重报（-2）写明原因后通过",
        book=LoanBook(small="142", share="34", medium_step="-0.5"),
        mechanism=Mechanism(determined=11, ftp="48", in_appraisal=False),
    ),
    _rural(
        11,
        "tongji",
        "桐霁",
        ZHEJIANG,
        role="需说明：首贷口径倒挂已在 XW8 答复，科技型户数合计偏大未答复",
        book=LoanBook(small="108", share="35", credit_step="-0.8", private_growth="4.4"),
        mechanism=Mechanism(
            weights=("12", "8", "11", "9.5", "13"), plan=False, reviewed_on="2024-11-08"
        ),
        explained=(
            (
                "XW1_004",
                "XW1首贷与续贷!D9",
                "口径差异",
                "小微企业主的本行首贷户按家庭合并计户，少计 20 户，下期起改按借款人计户",
            ),
        ),
    ),
    _rural(
        12,
        "hexiu",
        "禾岫",
        ZHEJIANG,
        role="WPS 保存：错误的 dimension、内置中文日期、全角数字、文本数字、工作表次序不同",
        book=LoanBook(small="132", share="33", first_step="-0.5", firm_step="-0.6", growth="5.3"),
        mechanism=Mechanism(in_appraisal=False, independent=False, disclosed="82"),
    ),
    _rural(
        13,
        "tangpu",
        "棠浦",
        SICHUAN,
        role="由 LibreOffice 另存",
        book=LoanBook(small="79", share="29", key_growth="6", rate="4.6", rate_step="0.22"),
        mechanism=Mechanism(weights=("10", "9", "11", "10"), exempted=0, coordination="45"),
    ),
    _rural(
        14,
        "shanwu",
        "杉坞",
        ZHEJIANG,
        role="2026 年初数因划型追溯调整，与 2025 年末报送数不同，写明原因",
        book=LoanBook(small="118", share="32", rate_step="0.15", rate="4.44"),
        mechanism=Mechanism(
            weights=("11", "9", "10", "8"),
            ftp="40",
            linked=False,
            due=8,
            determined=7,
            violations=1,
            coordination="41",
        ),
        restated=1_234_500,
        annual=True,
        marked={"due_diligence_exemption_rules": 1, "npl_tolerance_appraisal": 0},
    ),
)

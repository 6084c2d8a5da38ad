"""Names and codes of invented institutions: distinct, well formed, belonging to nobody."""

from __future__ import annotations

import random
from itertools import product

FIRST = "云苇砚榆麦枫栖石澄芦桐禾棠杉翎枢数竹霜萤岚鸥壑汀泊渚堰梧楸栾荻蓼葭芷蘅薇岫峦嶂璞珩琼瑶琅"
SECOND = "汀渡溪亭垄砾柏漪堰屿霁岫浦坞江渊棉筱原川津汐清洲湾湖泽泉岭峰峡谷丘野川陌桥渠塘圩埠港汊"
ENDINGS = {
    "policy": "发展政策银行",
    "large": "银行股份有限公司",
    "joint_stock": "银行股份有限公司",
    "city": "银行股份有限公司",
    "private": "银行股份有限公司",
    "direct": "直销银行股份有限公司",
    "foreign": "银行（中国）有限公司",
    "rural_commercial": "农村商业银行股份有限公司",
    "rural_cooperative": "农村合作银行",
    "rural_credit": "农村信用合作联社",
    "village": "村镇银行股份有限公司",
}
KIND_DIGIT = {"policy": "1", "large": "1", "joint_stock": "1", "city": "2", "rural_credit": "4"}
CREDIT_CODES = ("foreign", "private")
"""Types that file under a 统一社会信用代码."""
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_PAIRS = sorted({a + b for a, b in product(FIRST, SECOND) if a != b})
random.Random("names").shuffle(_PAIRS)  # neighbours look unlike


def name_of(number: int, kind: str) -> str:
    """The name of the ``number``th institution; no two of them begin alike."""
    again, at = divmod(number, len(_PAIRS))
    more = "".join(FIRST[int(digit)] for digit in str(again)) if again else ""
    return f"{_PAIRS[at]}{more}{ENDINGS[kind]}"


def code_of(number: int, kind: str, province: str, *, branch: bool = False) -> str:
    """A code of the right shape: licence, or credit code with its check character."""
    if kind in CREDIT_CODES and not branch:
        body = f"91{province}MAX{number:06}"
        return body + _check(body)
    sequence, institution = divmod(number, 10_000)
    letter, level = ("S" if kind == "village" else "B"), ("B" if branch else "H")
    digit = KIND_DIGIT.get(kind, "3")
    return f"{letter}{institution:04}{level}{digit}{province[:2]}01{sequence + 1:04}"


def _check(body: str) -> str:
    total = sum(
        _ALPHABET.index(letter) * weight for letter, weight in zip(body, _WEIGHTS, strict=True)
    )
    return _ALPHABET[-total % 31]

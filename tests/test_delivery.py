"""What is to be done for a bank; whose names a text holds; the outbox on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import BANK, PERIOD, Place

from supervise.core.delivery import (
    ARRIVED,
    STATES,
    Delivery,
    Part,
    Step,
    Wanted,
    delivery_of,
    part_name,
    part_number,
    plan,
    prefix_of,
    report_of,
)
from supervise.core.other_names import KnownNames
from supervise.dispatch.parcel import parts_needed, split
from supervise.pipeline.distribution.outgoing import Steps, deliveries_of, mark_broken_off

OLD, NEW = prefix_of(PERIOD, BANK, "a" * 64), prefix_of(PERIOD, BANK, "b" * 64)


def part(name: str, *states: str, **changes: Any) -> Part:
    given: dict[str, Any] = {
        "parcel": name, "channel": "mail", "office": "普惠部", "address": "p***@b.example",
        "address_digest": "at", "message_id": f"<{name}@o.example>", "content": "c",
        "supersedes": None,
    }  # fmt: skip
    steps = tuple(Step(state, at, "", f"2026-11-11T00:00:0{at}") for at, state in enumerate(states))
    return Part(**(given | changes), steps=steps)


def delivery(name: str, *states: str, **changes: Any) -> Delivery:
    return Delivery(BANK, name, (part(name, *states, **changes),))


def wanted(prefix: str = OLD, **changes: Any) -> Wanted:
    return Wanted(**({"prefix": prefix, "channel": "mail", "address_digest": "at"} | changes))


def told(*before: Delivery, **changes: Any) -> tuple[str, str, str | None]:
    decided = plan(before, wanted(**changes))
    return decided.action, decided.name, decided.supersedes


def test_what_is_to_be_done() -> None:
    one, two = f"{OLD}1", f"{OLD}2"
    assert told() == ("send", one, None)
    assert told(delivery(one)) == ("continue", one, None)
    assert told(delivery(one, "prepared", "sending", "deferred")) == ("continue", one, None)
    assert told(delivery(one, "prepared", "sending")) == ("uncertain", one, None)
    for state in ARRIVED:
        assert told(delivery(one, state, "reminded")) == ("delivered", one, None)
        assert told(delivery(one, state), resend=True) == ("send", two, None)
        assert told(delivery(one, state), prefix=NEW) == ("send", f"{NEW}1", one)
    assert told(delivery(one, "refused")) == ("refused", one, None)
    assert told(delivery(one, "refused"), address_digest="other") == ("send", two, None)
    assert told(delivery(one, "refused"), prefix=NEW) == ("send", f"{NEW}1", None)
    assert told(delivery(one, "withdrawn")) == ("send", two, None)


def test_a_report_that_comes_back_replaces_the_one_between() -> None:
    before = (delivery(f"{OLD}1", "accepted"), delivery(f"{NEW}1", "accepted"))
    assert told(*before) == ("send", f"{OLD}2", f"{NEW}1")


def test_what_never_left_is_taken_back_before_another_goes() -> None:
    waiting = delivery(f"{OLD}1", "prepared")
    decided = plan([waiting], wanted(NEW))
    assert (decided.withdraw, decided.supersedes) == (waiting, None)
    assert plan([waiting], wanted(address_digest="other")).withdraw == waiting


def test_a_parcel_half_of_which_left_is_not_sent_another_way() -> None:
    name = f"{OLD}1"
    half = Delivery(BANK, name, (part(f"{name}.1of2", "accepted"), part(f"{name}.2of2")))
    assert plan([half], wanted()).action == "continue"
    assert plan([half], wanted(address_digest="other")).action == "changed"
    assert plan([half], wanted(address_digest="other", resend=True)).action == "send"


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from([*STATES, "sending", "reminded"])), max_size=6
    ),
    st.booleans(),
)
def test_nothing_that_a_bank_may_have_goes_again_unasked(
    history: list[tuple[bool, str]], newer: bool
) -> None:
    before: list[Delivery] = []
    for new, state in history:
        prefix = NEW if new else OLD
        number = 1 + sum(one.name.startswith(prefix) for one in before)
        before.append(delivery(f"{prefix}{number}", "prepared", state))
    decided = plan(before, wanted(NEW if newer else OLD))
    if before and before[-1].left and before[-1].name.startswith(NEW if newer else OLD):
        assert decided.action in ("delivered", "uncertain")
    if decided.action == "send":
        assert decided.name not in {one.name for one in before}


@given(st.binary(min_size=1, max_size=5000), st.integers(1, 700))
def test_parts_are_small_enough_and_make_the_whole(data: bytes, most: int) -> None:
    count = parts_needed(len(data), most)
    parts = split(data, count)
    assert b"".join(parts) == data
    assert max(map(len, parts)) <= most
    assert len(parts) <= count


def test_names_of_parts_lead_back_to_delivery_and_report() -> None:
    name = f"{OLD}1"
    parts = [part_name(name, number, 3) for number in (1, 2, 3)]
    assert {delivery_of(one) for one in parts} == {name}
    assert [part_number(one) for one in parts] == [1, 2, 3]
    assert report_of(name) == OLD[:-1]
    assert part_name(name, 1, 1) == name


# --- names ------------------------------------------------------------------------------------

KNOWN = KnownNames(
    {
        "B0001H233000001": ["澄堰农村商业银行股份有限公司"],
        "B0002H233000001": ["澄堰农村商业银行"],
        "B0003H233000001": ["邦川银行股份有限公司", "邦川商业银行"],
        "B0004H233000001": ["邦川银行股份有限公司浙江省分行"],
    }
)
ONE, TWO, THREE, FOUR = (f"B000{n}H233000001" for n in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("text", "allowed", "found"),
    [
        ("", [], []),
        ("澄堰农村商业银行股份有限公司", [ONE], []),
        ("澄堰农村商业银行", [ONE], [TWO]),
        ("澄堰农村商业银行股份有限公司与澄堰农村商业银行", [ONE], [TWO]),
        ("邦川银行股份有限公司浙江省分行", [THREE], [FOUR]),
        ("邦川银行股份有限公司浙江省分行", [FOUR], []),
        ("邦川 银行\n股份有限公司", [ONE], [THREE]),
        ("邦川商业银行", [ONE], [THREE]),
        ("邦川银行\0股份有限公司", [ONE], []),
        ("见b0003h233000001号", [ONE], [THREE]),
        ("Ｂ０００３Ｈ２３３０００００１", [ONE], [THREE]),
    ],
)
def test_whose_names_a_text_holds(text: str, allowed: list[str], found: list[str]) -> None:
    assert list(KNOWN.found_in(text, allowed)) == found


@given(st.text(max_size=30), st.sampled_from([ONE, TWO, THREE, FOUR]), st.text(max_size=30))
def test_a_code_is_found_wherever_it_stands(before: str, code: str, after: str) -> None:
    assert code in KNOWN.found_in(f"{before}{code}{after}")


# --- the outbox in the ledger -----------------------------------------------------------------


def test_steps_are_taken_once_on_either_database(place: Place) -> None:
    name = f"{OLD}1"
    with place.open() as ledger, place.open() as other:
        steps, rival = Steps(ledger, PERIOD), Steps(other, PERIOD)
        steps.begin(BANK, [part(name)], "digest")
        rival.begin(BANK, [part(name)], "digest")
        assert rival.note(BANK, name, ("sending", 1, ""), "prepared")
        assert not steps.note(BANK, name, ("sending", 1, ""), "prepared")
        assert mark_broken_off(steps, deliveries_of(ledger, PERIOD))
        assert not rival.note(BANK, name, ("accepted", 1, "250"), "sending")
        assert rival.note(BANK, name, ("accepted", 1, "250"), "uncertain")
        (found,) = deliveries_of(ledger, PERIOD)[BANK]
        assert found.state == "accepted"
        states = [step.state for step in found.parts[0].steps]
        assert states == ["prepared", "sending", "uncertain", "accepted"]
        assert ledger.verify().broken == ()

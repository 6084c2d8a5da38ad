"""Many banks over many processes: order, isolation, and a worker that dies."""

from __future__ import annotations

from pathlib import Path

import pytest
from crew import failing, fatal_at_three, fatal_once, lost, lost_name, squared

from supervise.batch import Mapper, processors


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    over = Mapper(workers)(squared, lost)
    assert list(over([5, 1, 4, 2])) == [25, 1, 16, 4]
    assert list(over([])) == []
    assert list(over([7])) == [49]


def test_a_worker_that_dies_takes_down_only_its_own_item() -> None:
    over = Mapper(2)(fatal_at_three, lost)
    assert list(over([1, 2, 3, 4, 5])) == [1, 4, -3, 16, 25]


def test_an_item_whose_worker_died_is_tried_once_more(tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("a", "b")]
    assert list(Mapper(2)(fatal_once, lost_name)(paths)) == ["a", "b"]


def test_a_fault_in_the_work_is_not_hidden() -> None:
    with pytest.raises(ValueError, match="no 1"):
        list(Mapper(2)(failing, lost)([1, 2]))


def test_at_least_one_processor_may_be_used() -> None:
    assert processors() >= 1

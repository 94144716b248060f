"""The columns of the statistics, and which of them are labelled."""

import pytest

from cellar.charts.columns import LABELS, columns


@pytest.mark.parametrize("count", [1, 7, 8, 9, 16, 23, 30, 59])
def test_each_label_has_room_up_to_the_next_one_or_the_edge(count: int) -> None:
    made = columns([(2000 + number, 3, 1) for number in range(count)])
    ticks = [number for number, column in enumerate(made) if column.tick]
    assert ticks[0] == 0
    room = [later - this for this, later in zip(ticks, [*ticks[1:], count], strict=True)]
    assert min(room) >= count / LABELS

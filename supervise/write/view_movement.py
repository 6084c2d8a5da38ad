"""An indicator over up to eight quarters → a small line beside its value."""

from __future__ import annotations

from supervise.core.evaluation import IndicatorResult
from supervise.core.period import Period
from supervise.core.trend import series
from supervise.write.drawing import Spark, spark
from supervise.write.phrases import Phrases


def spark_of(say: Phrases, result: IndicatorResult, part: str = "") -> Spark | None:
    """An indicator's value, or that of a part, over up to eight quarters."""
    points = series(say.evaluation, result.law.id, part)
    if sum(point.value is not None for point in points) < 2:
        return None
    known = [point for point in points if point.value is not None]
    text = say.words(
        "report.headlines.spark",
        name=result.law.name,
        first=say.numbers.period(Period.parse(known[0].period)),
        last=say.numbers.period(Period.parse(known[-1].period)),
        values=say.words("report.list_comma").join(
            say.numbers.value(point.value, result.law.unit) for point in known
        ),
    )
    return spark([point.value for point in points], text)

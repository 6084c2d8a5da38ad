"""How a rule cites what it rests on: a short name of the instrument and the article."""

from __future__ import annotations

from collections.abc import Mapping

from supervise.core.model import Basis
from supervise.core.references import Source
from supervise.write.numbers import Words


def cited(
    basis: Basis, sources: Mapping[str, Source], articles: Mapping[str, str], words: Words
) -> str:
    """An instrument by its number where it has one, and the article.

    Args:
        basis: What is cited.
        sources: Instruments by id.
        articles: How articles read in the language of the law; one not there as it stands.
        words: Wordings of the same language.
    """
    source, article = sources.get(basis.source), articles.get(basis.article, basis.article)
    if source is None:
        return f"{basis.source} {article}".strip()
    numbered = "〔" in source.number
    named = source.number if numbered else words("report.titled", title=source.title)
    named = source.short or named
    return words("report.cited", source=named, article=article) if article else named

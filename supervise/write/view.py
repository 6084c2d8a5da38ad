"""One ``Evaluation`` → everything a report prints, as texts.

The templates only arrange what stands here; nothing is computed again, and nothing here knows
of HTML.
"""

from __future__ import annotations

from supervise.core.evaluation import Evaluation
from supervise.record import record
from supervise.write.numbers import Words
from supervise.write.phrases import Audience, Mark, Phrases
from supervise.write.view_annex import Annex, annex
from supervise.write.view_conclusion import concerns, statements
from supervise.write.view_cover import Cover, Verdict, cover, verdict
from supervise.write.view_duties import DutyGroup, PolicyRow, duty_groups, policy_rows
from supervise.write.view_elements import ElementRow, element_rows
from supervise.write.view_findings import FindingRow, Findings, blocking, findings
from supervise.write.view_headlines import Headline, headlines
from supervise.write.view_opinions import Opinions, opinions
from supervise.write.view_peers import Peers, peers
from supervise.write.view_priorities import three_things
from supervise.write.view_rectification import Rectification, rectification
from supervise.write.view_scale import Scale, scale
from supervise.write.view_scores import Group, groups
from supervise.write.view_trends import Trends, trends
from supervise.write.view_use import UseOfResult, use_of_result

_SHORT = 12


@record(kw_only=True)
class ReportView:
    """A report in texts.

    Attributes:
        things: The three things to do, or fewer.
        blocked: A banner and the blocking findings come first.
        digest: Short digests for the foot of each page.
        created: ISO date of the document: the period's last day.
    """

    lang: str
    title: str
    author: str
    created: str
    confidentiality: str
    digest: str
    blocked: bool
    banner: str
    blocking: tuple[FindingRow, ...]
    cover: Cover
    verdict: Verdict
    scale: Scale
    statements: tuple[str, ...]
    concerns: tuple[Mark, ...]
    things: tuple[str, ...]
    headlines: tuple[Headline, ...]
    elements: tuple[ElementRow, ...]
    any_scaled: bool
    groups: tuple[Group, ...]
    trends: Trends
    peers: Peers
    duties: tuple[DutyGroup, ...]
    findings: Findings
    opinions: Opinions
    rectification: Rectification
    use: UseOfResult
    policy: tuple[PolicyRow, ...]
    annex: Annex


def view_of(evaluation: Evaluation, words: Words, audience: Audience) -> ReportView:
    """All texts of one bank's report.

    Args:
        evaluation: The result.
        words: Wordings of the document's language.
        audience: ``bank`` leaves out examiners' names and draft stages.
    """
    say = Phrases(evaluation, words, audience)
    front = cover(say)
    return ReportView(
        lang=words.lang,
        title=f"{front.bank} {front.period} {front.title}",
        author=words("report.author"),
        created=evaluation.rulebook.period.last_day.isoformat(),
        confidentiality=say.parameter("confidentiality_notice", "report.confidentiality"),
        digest=_digest(evaluation),
        blocked=say.blocked,
        banner=_banner(say),
        blocking=blocking(say) if say.blocked else (),
        cover=front,
        verdict=verdict(say),
        scale=scale(say),
        statements=statements(say),
        concerns=concerns(say),
        things=three_things(say),
        headlines=headlines(say),
        elements=element_rows(say),
        any_scaled=any(result.scaled for result in evaluation.elements),
        groups=groups(say),
        trends=trends(say),
        peers=peers(say),
        duties=duty_groups(say),
        findings=findings(say),
        opinions=opinions(say),
        rectification=rectification(say),
        use=use_of_result(say),
        policy=policy_rows(say),
        annex=annex(say),
    )


def _banner(say: Phrases) -> str:
    status = say.evaluation.status
    return say.words(f"report.banner.{status}") if status in ("blocked", "incomplete") else ""


def _digest(evaluation: Evaluation) -> str:
    filed, law = evaluation.submission.sha256[:_SHORT], evaluation.rulebook.digest[:_SHORT]
    return f"{filed} · {law}"

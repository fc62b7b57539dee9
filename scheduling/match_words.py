"""Candidates in words: how much fits, why somebody is proposed, what is lacking."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psdelivery.people.choices import SkillLevel
from psdelivery.people.moments import city_of
from scheduling.queries.matching import Matching
from scheduling.rules.demand import Demand, hours_of
from scheduling.rules.matching import (
    MINUTES,
    Candidate,
    Known,
    minutes_in_common,
    speaks,
)
from scheduling.words import plain_hours


def fit_words(demand: Demand, candidate: Candidate) -> str:
    """Say how much fits: "3 of 4 days free", of hours in total the hours."""
    fit, days = candidate.fit, len(demand.days)
    if demand.is_spread:
        words = {"free": quarter_words(fit.hours), "all": quarter_words(demand.total)}
        return _("%(free)s of %(all)s hours free") % words
    free = ngettext(
        "%(free)d of %(n)d day free", "%(free)d of %(n)d days free", days
    ) % {"free": fit.days, "n": days}
    if demand.takes_each_day:
        return free
    return _("%(free)s, %(needed)s wanted") % {
        "free": free,
        "needed": str(demand.needed),
    }


def quarter_words(count: int) -> str:
    """Return quarters as hours: 7.5."""
    return plain_hours(hours_of(count))


def reasons_for(found: Matching, candidate: Candidate) -> list[str]:
    """Return why somebody is proposed (domain.md, section 3, Matching)."""
    colleague, names = candidate.colleague, skill_names(found)
    reasons = [
        skill_words(name, colleague.skills[pk])
        for pk, name in names.items()
        if pk in colleague.skills
    ]
    reasons.append(hours_words(found.demand, candidate))
    reasons.append(overlap_words(found, candidate))
    if found.filters.languages and speaks(colleague, found.filters):
        language = found.language
        reasons.append(_("speaks %(language)s") % {"language": language})
    reasons += [
        _("wants to grow into %(skill)s") % {"skill": name}
        for pk, name in names.items()
        if pk in colleague.skills and colleague.skills[pk].wants_to_grow
    ]
    if colleague.knows_customer and found.asked.engagement is not None:
        customer = found.asked.engagement.customer
        reasons.append(_("knows %(customer)s") % {"customer": customer})
    words = {"percent": colleague.utilisation}
    reasons.append(_("%(percent)d %% booked in these four weeks") % words)
    return list(filter(None, reasons))


def skill_names(found: Matching) -> dict[int, str]:
    """Return the skills that the request names."""
    return {row.skill_id: row.skill.name for row in found.asked.skills.all()}


def skill_words(name: str, known: Known) -> str:
    """Say how well somebody does something, and whether that is confirmed."""
    words = {
        "skill": name,
        "level": known.level,
        "words": SkillLevel(known.level).label,
    }
    if known.is_confirmed:
        return _("%(skill)s: level %(level)d, %(words)s") % words
    return _("%(skill)s: level %(level)d, %(words)s, not confirmed") % words


def hours_words(demand: Demand, candidate: Candidate) -> str:
    """Say how many of the hours are free; of hours in total the fit says so."""
    if demand.is_spread:
        return ""
    words = {
        "free": quarter_words(min(candidate.fit.hours, demand.total)),
        "all": quarter_words(demand.total),
    }
    return _("%(free)s of %(all)s hours free") % words


def overlap_words(found: Matching, candidate: Candidate) -> str:
    """Say how much of the working day is one there too; all of it goes without."""
    zone, days = found.filters.zone, found.demand.days
    if not (zone and days) or zone == candidate.colleague.zone:
        return ""
    common = minutes_in_common(zone, candidate.colleague.zone, days[0])
    words = {"hours": f"{common / MINUTES:g}", "city": city_of(zone)}
    return _("%(hours)s of 8 hours of the day in common with %(city)s") % words


def lacks_of(found: Matching, candidate: Candidate) -> list[str]:
    """Return what speaks against somebody although they are shown."""
    lacks = [
        lack
        for row in found.asked.skills.all()
        if (lack := lack_of_skill(row.skill.name, row.level, candidate, row.skill_id))
    ]
    if found.filters.languages and not speaks(candidate.colleague, found.filters):
        lacks.append(_("no %(language)s") % {"language": found.language})
    if candidate.held_days:
        lacks.append(
            ngettext(
                "somebody holds %(n)d of these days softly",
                "somebody holds %(n)d of these days softly",
                candidate.held_days,
            )
            % {"n": candidate.held_days}
        )
    return lacks


def lack_of_skill(name: str, level: int, candidate: Candidate, pk: int) -> str:
    """Say what of a skill is lacking; nothing where it is there."""
    skills: Mapping[int, Known] = candidate.colleague.skills
    if pk not in skills:
        return _("no %(skill)s") % {"skill": name}
    if skills[pk].level < level:
        words = {"skill": name, "level": level}
        return _("%(skill)s below level %(level)d") % words
    return ""

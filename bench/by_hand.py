"""The default rules as one would write them by hand: the limit that `make bench-rules` measures against.

Two-valued, with no word for "unknown", no trace and no reasons: it may only be asked about complete
answers, whose dates are `datetime.date`. A changed rule has to be changed here too; the bench first checks
that both ways give the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

OLD = (
    "rf_saddle", "rf_bladder", "rf_bowel", "rf_sexual", "rf_both_legs", "rf_leg_weak", "rf_hands_gait",
    "rf_injury", "rf_infection", "rf_cancer", "rf_weight", "rf_vision_jaw", "rf_face_numb", "rf_joint",
)  # fmt: skip
FLAGS = (*OLD, "rf_belly", "rf_chest", "rf_stroke")
POSITIVE = frozenset({"new_or_worse", "not_sure"})
FAILED = frozenset({"no_relief", "not_enough", "wore_off"})
COUNTED = frozenset({"COUNTS", "PARTIAL", "VERIFY_DOSE"})
PRIMARY = frozenset({"fibromyalgia", "crps", "chronic_primary"})
Answers = Mapping[str, Any]
Verdicts = dict[str, Any]


def add_months(day: dt.date, months: int) -> dt.date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    longest = (29 if leap else 28) if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    return dt.date(year, month, min(day.day, longest))


def flat(a: Answers, today: dt.date) -> Verdicts:
    """Every rule that looks at single answers."""
    get = a.get
    said: Verdicts = {}
    for flag in FLAGS:
        said[flag] = get(flag) in POSITIVE
    for flag in OLD:
        said[f"CAU_RF_OLD:{flag}"] = get(flag) == "old_checked"
    suicide, phq_9 = get("rf_suicide"), get("phq_9")
    said["rf_suicide"] = suicide in ("plan_or_acted", "thoughts")
    said["CAU_SUICIDE_UNANSWERED(H)"] = suicide == "prefer_not_say"
    said["phq9_item9"] = phq_9 in (1, 2, 3)
    said["K9"] = phq_9 is not None and phq_9 >= 1 and suicide == "none"
    said["CAU_RF_UNANSWERED:rf_sexual"] = get("rf_sexual") == "prefer_not_say"
    born = a["dob"]
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    said["EXC_AGE"] = age < 18
    said["CAU_AGE_18_24"] = 18 <= age <= 24
    said["CAU_AGE_65_PLUS"] = age >= 65
    said["EXC_RESIDENCE"] = a["uk_resident"] == "no"
    onset = get("onset_exact") or a["onset"]
    said["EXC_DURATION"] = not add_months(onset, 3) < today
    said["K1"] = onset > today or onset < born
    said["EXC_NO_DIAGNOSIS"] = a["dx_confirmed"] == "no"
    conditions = a["conditions"]
    main = get("main_condition") or (conditions[0] if len(conditions) == 1 else None)
    every = {*conditions, main}
    said["INF_CONDITION"] = (
        main is None or main == "other" or (main == "muscle_spasm" and get("spasm_cause") is None)
    )
    said["CAU_CANCER(H)"] = "cancer_pain" in every
    said["NOTE_SCIATICA"] = "sciatica" in every
    said["CAU_PRIMARY_PAIN"] = not PRIMARY.isdisjoint(every)
    impact = (a["q_sleep"], a["q_mobility"], a["q_work"], a["q_social"])
    severe = sum([each >= 7 for each in impact])
    said["EXC_QOL"] = not (severe or sum([each >= 4 for each in impact]) >= 2)
    said["K7"] = a["peg_p"] <= 1 and severe >= 3
    records, files = a["records"], get("record_files")
    said["INF_RECORDS"] = not (
        (records == "uploaded" and bool(files))
        or (records == "consent_request" and (get("records_request") or "yes") == "yes")
    )
    said["K6"] = records == "uploaded" and not files
    said["EXC_PSYCHOSIS"] = a["psychosis_self"] == "yes"
    said["EXC_CARDIO"] = a["cv"] == "unstable"
    said["CAU_CARDIO_STABLE"] = a["cv"] == "stable"
    pregnancy = a["pregnancy"]
    said["EXC_PREGNANCY"] = pregnancy == "pregnant"
    said["EXC_BREASTFEEDING"] = pregnancy == "breastfeeding"
    said["EXC_CONCEIVE"] = pregnancy == "trying_self"
    said["CAU_CONCEIVE_PARTNER"] = pregnancy == "trying_partner"
    said["EXC_LIVER"] = a["liver"] == "severe"
    said["CAU_LIVER_MILD"] = a["liver"] == "mild"
    said["EXC_SUBSTANCE"] = a["substance"] == "current"
    said["CAU_SUBSTANCE_PAST"] = a["substance"] == "past"
    said["EXC_ALLERGY"] = a["cannabinoid_allergy"] == "yes"
    said["INF_PEG"] = a["peg_p"] is None or a["peg_e"] is None or a["peg_g"] is None
    said.update(_mood(a))
    said["INF_MEDS"] = a["meds"] is None
    said["CAU_FAMILY_PSYCHOSIS(H)"] = a["psychosis_family"] == "yes"
    said["CAU_FAMILY_UNKNOWN"] = a["psychosis_family"] == "not_sure"
    said["CAU_BIPOLAR(H)"] = a["bipolar"] == "yes"
    said["CAU_KIDNEY(H)"] = a["kidney"] == "severe"
    said["CAU_KIDNEY"] = a["kidney"] in ("mild", "not_sure")
    said["CAU_CBPM_ELSEWHERE(H)"] = a["cbpm_elsewhere"] == "yes"
    said["CAU_SAFETY_CRITICAL(H)"] = a["safety_critical"] == "yes"
    said["CAU_GP_NO_SHARE(H)"] = a["gp_share"] == "no"
    said["CAU_CANNABIS_CURRENT"] = a["cannabis_now"] == "yes"
    said["CAU_DRIVING"] = a["driving"] == "yes"
    said["CAU_OTHER"] = (
        any(each != "none" for each in a["other_health"])
        or get("other_health_text") is not None
        or a["helper"] == "helping"
    )
    said["NOTE_INFECTION_RISK"] = (
        get("rf_infection_serious") == "yes"
        or get("rf_infection_injected") == "yes"
        or get("rf_infection_immune") == "yes"
    )
    return said


def _mood(a: Answers) -> Verdicts:
    get = a.get
    depression = [get(f"phq_{number}") for number in range(1, 10)]
    worry = [get(f"gad_{number}") for number in range(1, 8)]
    missing = (a["phq_1"] + a["phq_2"] >= 3 and None in depression) or (
        a["gad_1"] + a["gad_2"] >= 3 and None in worry
    )
    return {
        "INF_MOOD": missing,
        "CAU_PHQ9_15(H)": None not in depression and sum(depression) >= 15,  # type: ignore[arg-type]
    }


def lists(a: Answers, today: dt.date, tables: Mapping[str, Any]) -> Verdicts:
    """Every rule that goes through the treatments or the medicines."""
    treatments, meds = a["treatments"], a["meds"]
    onset = a.get("onset_exact") or a["onset"]
    classes = tables["treatment_classes"]
    judged = [(t, _judged(t, classes)) for t in treatments]
    counted = {t["class"] for t, verdict in judged if verdict in COUNTED}
    extra = any(v == "UNSUITABLE" and t["class"] not in counted for t, v in judged)
    said: Verdicts = {}
    tried = len(counted) + extra >= 2
    said["EXC_TREATMENTS"] = not tried
    said["CAU_UNSUITABLE_COUNTED"] = tried and len(counted) < 2
    said["K2"] = any(t["for_this_pain"] == "yes" and add_months(t["started"], 12) < onset for t in treatments)
    said["K3"] = a["tx_all"] == "none" and bool(treatments)
    said["K4"] = any(t["outcome"] in FAILED and t["relief_pct"] >= 50 for t in treatments)
    said["K5"] = _twice(treatments, today)
    said["K8"] = not meds and any(t["still_taking"] == "yes" and classes[t["class"]][0] for t in treatments)
    taken = [each.lower() for each in meds]
    high: dict[str, None] = {}
    some: dict[str, None] = {}
    for drug, word, unless, level in tables["interactions"]:
        for each in taken:
            if word in each and not (unless and unless in each):
                (high if level == "H" else some)[drug] = None
                break
    said["CAU_INTERACTION(H)"], said["CAU_INTERACTION"] = tuple(high), tuple(some)
    groups = set()
    for group, word, unless in tables["sedating_pairs"]:
        for each in taken:
            if word in each and not (unless and unless in each):
                groups.add(group)
                break
    said["CAU_OPIOID_BENZO(H)"] = "opioid" in groups and "benzodiazepine" in groups
    said["NOTE_SEDATIVES"] = bool(groups)
    return said


def _judged(t: Answers, classes: Mapping[str, Any]) -> str:
    medicine, weeks, sessions, since = classes[t["class"]]
    result, relief = t["outcome"], t["relief_pct"]
    enough = (
        (weeks is not None and t["weeks"] >= weeks)
        or (sessions is not None and t["sessions"] >= sessions)
        or (since is not None and t["weeks_since"] >= since)
    )
    dose = t["dose_ok"] if medicine else "not_asked"
    failed = result in FAILED
    if t["class"] == "self_care":
        return "SELF_CARE"
    if t["for_this_pain"] == "no":
        return "NOT_FOR_THIS_PAIN"
    if result == "helps":
        return "HELPS"
    if result == "too_early":
        return "TOO_EARLY"
    if failed and relief >= 50:
        return "CONTRADICTION"
    if result == "no_relief" and dose == "no":
        return "LOW_DOSE"
    if failed and not enough:
        return "TOO_SHORT"
    if result == "side_effects":
        return "COUNTS" if t["side_effect"] else "UNKNOWN"
    if result == "unsuitable":
        return "UNSUITABLE" if t["reason"] else "UNKNOWN"
    if dose == "no":
        return "VERIFY_DOSE"
    return "PARTIAL" if result == "not_enough" and relief >= 30 else "COUNTS"


def _twice(treatments: list[Answers], today: dt.date) -> bool:
    dated = [
        (
            t["name"].lower(),
            t["outcome"],
            t["started"],
            (today - t["started"]).days if t["still_taking"] == "yes" else t["weeks"] * 7,
        )
        for t in treatments
    ]
    return any(
        a[0] == b[0] and a[1] != b[1] and (b[2] - a[2]).days < a[3] and (a[2] - b[2]).days < b[3]
        for a in dated
        for b in dated
    )

# SPDX-License-Identifier: Apache-2.0
"""Makes poorer key histories out of the shipped one: as an examiner has them whose archive ended early, or took few sets."""

import calendar
import time

FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def seconds(text):
    return calendar.timegm(time.strptime(text, FORMAT))


def text_of(at):
    return time.strftime(FORMAT, time.gmtime(at))


def until(rows, end):
    """Rows up to a time, and those without one."""
    return [row for row in rows if row["at"] is None or seconds(row["at"]) <= end]


def frozen(history, end):
    """What could be known at a time: no later row, no key first seen later, no period that goes on behind the last set."""
    sightings = until(history["sightings"], end)
    known = {row["key"] for row in sightings if row["at"]}
    sightings = [row for row in sightings if row["key"] in known]
    absences = [row for row in until(history["absences"], end) if row["key"] in known]
    last = {}
    for row in sightings + absences:
        if row["at"] and row["endpoint"] and row.get("kind") != "sample":
            last[row["endpoint"]] = max(last.get(row["endpoint"], 0), seconds(row["at"]))
    coverage = []
    for row in history["coverage"]:
        stop = min(seconds(row["to"]), last.get(row["endpoint"], 0))
        if stop > seconds(row["from"]):
            coverage.append(dict(row, to=text_of(stop)))
    notices = [row for row in history["notices"] if row["key"] in known and
               seconds(row["abuse_first_known"] or row["withdrawn_at"] or "1970-01-01T00:00:00Z") <= end]
    return dict(history, keys=[key for key in history["keys"] if key["id"] in known], sightings=sightings, absences=absences,
                coverage=coverage, notices=notices)


def thinned(history):
    """One complete set a month of each endpoint, and nothing between: each set holds the keys archived on both sides of it."""
    archived, times = {}, {}
    for row in history["sightings"]:
        if row["kind"] == "archive" and row["endpoint"] and row["at"]:
            at = seconds(row["at"])
            archived.setdefault((row["endpoint"], row["key"]), []).append(at)
            month = times.setdefault(row["endpoint"], {})
            month[row["at"][:7]] = min(month.get(row["at"][:7], at), at)
    snapshots = []
    for endpoint, months in sorted(times.items()):
        for at in sorted(months.values()):
            keys = sorted(key for (where, key), seen in archived.items() if where == endpoint and min(seen) <= at <= max(seen))
            snapshots.append({"endpoint": endpoint, "observed_at": text_of(at), "source": "one set a month", "keys": keys})
    return dict(history, snapshots=snapshots, coverage=[], absences=[],
                sightings=[row for row in history["sightings"] if row["kind"] != "archive"])


def without_rows(history):
    """Keys with nothing known about when they were listed."""
    return dict(history, snapshots=[], coverage=[], absences=[], sightings=[])

# SPDX-License-Identifier: Apache-2.0
"""Real and semi-synthetic logs: every row becomes a record or is told, in every encoding, and no honest one is called anything."""

import csv
import gzip
import json
import os
import subprocess
import tempfile

# Counted by hand: rows, and rows of no log that is known, which are told.
ROWS = {
    "ual_search_unifiedauditlog.csv": (417, 0), "ual_purview_portal.csv": (60, 0), "ual_management_api_array.json": (150, 0),
    "otrf_goldensaml_AADAuditEvents.json": (4, 0), "otrf_goldensaml_OfficeActivityEvents.json": (1, 0), "panther_azure_signin.jsonl": (24, 0),
    "panther_cloudtrail_sts.jsonl": (18, 0), "panther_gsuite.jsonl": (15, 0), "panther_m365.jsonl": (13, 3), "panther_okta.jsonl": (20, 0),
}


class Case:
    def __init__(self, tool, folder, name):
        self.tool, self.path = tool, os.path.join(folder, name)

    def run(self, *arguments):
        return subprocess.run([self.tool, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)

    def add(self, path):
        return self.run("audit", "import", path, "--case", self.path)

    def ask(self, sql):
        return json.loads(self.run("case", "query", self.path, sql).stdout.splitlines()[0])


def unified_records(path):
    """What a file of unified audit says, read by another reader."""
    if path.endswith(".csv"):
        with open(path, newline="", encoding="utf-8") as file:
            return [json.loads(row["AuditData"]) for row in csv.DictReader(file)]
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def encodings(path, folder):
    """The same text: with a mark, as UTF-16, with CRLF, compressed."""
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    forms = {"bom": text.encode("utf-8-sig"), "utf16": text.encode("utf-16"), "gz": gzip.compress(text.encode())}
    if "\r" not in text and not path.endswith(".csv"):
        forms["crlf"] = text.replace("\n", "\r\n").encode()
    for name, content in forms.items():
        form = os.path.join(folder, name)
        with open(form, "wb") as file:
            file.write(content)
        yield name, form


def check_file(tool, path, folder):
    name = os.path.basename(path)
    rows, bad = ROWS.get(name, (None, 0))
    if rows is None:  # CloudTrail
        with open(path, encoding="utf-8") as file:
            rows = len(json.load(file)["Records"])
    case = Case(tool, folder, name + ".case")
    result = case.add(path)
    counted = case.ask("SELECT rows, bad, (SELECT count(*) FROM log_record) AS records FROM log_source")
    if counted != {"rows": rows, "bad": bad, "records": rows - bad}:
        yield f"{name}: {counted} is not {rows} rows, {bad} bad; {result.stderr[:200]}"
    for encoding, form in encodings(path, folder):
        other = Case(tool, folder, f"{name}.{encoding}.case")
        other.add(form)
        for sql in ("SELECT count(*) AS n, sum(flags) AS f, sum(time) AS t, sum(category) AS c FROM log_record",
                    "SELECT count(*) AS n, sum(of) AS o FROM log_duplicate"):
            if other.ask(sql) != case.ask(sql):
                yield f"{name} as {encoding}: {other.ask(sql)} is not {case.ask(sql)}"


def check_unified(tool, path, folder):
    name = os.path.basename(path)
    records = unified_records(path)
    ids = {record["Id"]: record["Operation"] for record in records}
    case = Case(tool, folder, name + ".unified.case")
    case.add(path)
    kept = case.ask("SELECT count(*) AS n, sum(flags & 8 != 0) AS mail, sum(flags & 1 != 0) AS sign_ins FROM log_record"
                    " WHERE id NOT IN (SELECT record FROM log_duplicate)")
    operations = list(ids.values())
    expected = {"n": len(ids), "mail": operations.count("MailItemsAccessed"), "sign_ins": operations.count("UserLoggedIn")}
    if kept != expected:
        yield f"{name}: {kept} is not {expected}"


def check_honest(tool, paths, folder):
    case = Case(tool, folder, "all.case")
    for path in paths:
        case.add(path)
    result = case.run("audit", "correlate", "--case", case.path, "--format", "json")
    answer = json.loads(result.stdout)
    mail = answer["mail_items_accessed"]
    if result.returncode != 2 or answer["suspects"] or answer["leads"] or mail["joined"]:
        yield f"honest records: status {result.returncode}, {len(answer['suspects'])} suspects, {len(answer['leads'])} leads"
    if mail["not joinable"] == 0 or mail["not joinable"] != sum(mail["reasons"].values()):
        yield f"MailItemsAccessed without a reason: {mail}"


def check(tool, logs):
    """Problems; the number of things that were looked at."""
    paths = sorted(os.path.join(logs, name) for name in os.listdir(logs) if name.endswith((".csv", ".json", ".jsonl")))
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            problems += check_file(tool, path, folder)
            if os.path.basename(path).startswith("ual_"):
                problems += check_unified(tool, path, folder)
        problems += check_honest(tool, paths, folder)
    return problems, len(paths) + 4

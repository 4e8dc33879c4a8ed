# SPDX-License-Identifier: Apache-2.0
"""Key histories (format tokenscope-key-history/1) in which our keys play the roles of real ones."""

import datetime

from . import keys
from .tokens import CONSUMER, OTHER_TENANT, at

HALF_DAY = 43200
WEEK = 7 * 86400
SOURCE = "made for these tests"
STORM_KID = "1LTMzakihiRla_8z2BEJVXeWMqo"

V2 = "https://login.microsoftonline.com/{tenantid}/v2.0"
MSA = f"https://login.microsoftonline.com/{CONSUMER}/v2.0"

# id: address of the key set, issuer of the tokens it serves, families it holds
ENDPOINTS = {
    "common-v2": ("https://login.microsoftonline.com/common/discovery/v2.0/keys", V2, ["entra-enterprise", "msa-consumer"]),
    "common-v1": ("https://login.microsoftonline.com/common/discovery/keys", "https://sts.windows.net/{tenantid}/", ["entra-enterprise"]),
    "consumers-v2": ("https://login.microsoftonline.com/consumers/discovery/v2.0/keys", MSA, ["msa-consumer"]),
    "us-gov": ("https://login.microsoftonline.us/common/discovery/v2.0/keys", "https://login.microsoftonline.us/{tenantid}/v2.0",
               ["entra-enterprise"]),
    "china": ("https://login.partner.microsoftonline.cn/common/discovery/v2.0/keys",
              "https://login.partner.microsoftonline.cn/{tenantid}/v2.0", ["entra-enterprise"]),
    "ppe": ("https://login.windows-ppe.net/common/discovery/v2.0/keys", "https://login.windows-ppe.net/{tenantid}/v2.0",
            ["entra-enterprise"]),
    "bot": ("https://login.botframework.com/v1/.well-known/keys", "https://api.botframework.com", ["botframework"]),
    "idp": ("https://id.example.net/keys", "https://id.example.net", ["example-idp"]),
}

# The periods of the real archives.
A = ("2024-06-05", "2024-10-26")
B = ("2025-02-28", "2025-05-16")
C = ("2025-09-03", "2026-07-09")
COVERAGE = {"common-v2": [A, B, C], "consumers-v2": [A], **{id: [B, C] for id in ("common-v1", "us-gov", "china", "ppe", "bot", "idp")}}

# role: issuer member, family, cloud
KEYS = {
    "ent-2024": (V2, "entra-enterprise", "public"),
    "ent-current": (V2, "entra-enterprise", "public"),
    "ent-retired": (V2, "entra-enterprise", "public"),
    "ent-restored": (V2, "entra-enterprise", "public"),
    "ent-early": (V2, "entra-enterprise", "public"),
    "ent-ended-listed": (V2, "entra-enterprise", "public"),
    "ent-ended": (V2, "entra-enterprise", "public"),
    "ent-tenant": (f"https://login.microsoftonline.com/{OTHER_TENANT}/v2.0", "entra-enterprise", "public"),
    "msa-stolen": (MSA, "msa-consumer", "public"),
    "msa-2024": (MSA, "msa-consumer", "public"),
    "msa-by-subject": (None, "msa-consumer", "public"),
    "gov": (V2, "entra-enterprise", "us-gov"),
    "china": ("https://login.partner.microsoftonline.cn/{tenantid}/v2.0", "entra-enterprise", "china"),
    "ppe": ("https://login.windows-ppe.net/{tenantid}/v2.0", "entra-enterprise", "pre-production"),
    "bot": (None, "botframework", "public"),
    "idp": (None, "example-idp", "public"),
}
PUBLISHED = ("published-rsa", "published-p256", "published-ed25519")
CLOUD_NAMES = {"gov": "microsoftonline.us"}

BOTH = ("common-v2", "common-v1")
# role: the endpoints that listed it, and from when to when
LISTED = {
    "ent-2024": (("common-v2",), [("2024-09-20", "2024-10-26")]),
    "ent-current": (BOTH, [("2026-05-10", "2026-07-09")]),
    "ent-retired": (BOTH, [("2025-09-03", "2025-11-15")]),
    "ent-restored": (BOTH, [("2025-12-01", "2026-01-04T12:00:00Z"), ("2026-01-05T12:00:00Z", "2026-01-20")]),
    "ent-early": (BOTH, [("2026-03-10", "2026-04-20")]),
    "ent-ended-listed": (BOTH, [("2025-12-01", "2026-04-15")]),
    "ent-ended": (("common-v1",), [("2025-02-28", "2025-05-16")]),
    "msa-2024": (("common-v2", "consumers-v2"), [("2024-07-01", "2024-08-05")]),
    "gov": (("common-v2", "us-gov"), [("2026-05-01", "2026-07-09")]),
    "china": (("china",), [("2026-04-05", "2026-07-09")]),
    "ppe": (("ppe",), [("2026-05-05", "2026-07-09")]),
    "bot": (("bot",), [("2025-09-03", "2026-07-09")]),
    "idp": (("idp",), [("2026-01-10", "2026-07-09")]),
}
SIGHTINGS = [
    ("msa-stolen", "consumers-v2", "2016-08-01", "sample"),
    ("msa-stolen", "common-v2", "2023-06-27", "cited"),
    ("ent-tenant", None, "2022-03-01", "sample"),
    ("msa-by-subject", None, "2025-11-01", "sample"),
]
STOLEN = dict(key="msa-stolen", status="compromised", exposed_from=None, abuse_first_known="2023-05-15T00:00:00Z",
              withdrawn_at="2023-07-05T00:00:00Z", reference="a made-up notice that repeats the one on the key of Storm-0558")


def stamp(seconds):
    return datetime.datetime.utcfromtimestamp(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def key_row(role, **changes):
    issuer, family, cloud = KEYS[role]
    jwk = keys.pub(role, use="sig", x5c=None, issuer=issuer, cloud_instance_name=CLOUD_NAMES.get(role), **changes)
    certificate = keys.load(role)["x5c"][0] if "x5c" in keys.load(role) else None
    return {"id": role, "family": family, "cloud": cloud, "jwk": jwk, "certificate": certificate}


def endpoint_row(id):
    url, issuer, families = ENDPOINTS[id]
    return {"id": id, "url": url, "issuer": issuer, "families": families}


def is_covered(endpoint, time):
    return any(at(first) <= time <= at(last) for first, last in COVERAGE[endpoint])


def is_listed(role, endpoint, time):
    endpoints, spans = LISTED.get(role, ((), ()))
    return endpoint in endpoints and any(at(first) <= time <= at(last) for first, last in spans)


def snapshots():
    """A set a week; the archives took two a day, and the others only matter where a key comes or goes."""
    for endpoint, periods in COVERAGE.items():
        for first, last in periods:
            for time in range(at(first), at(last) + 1, WEEK):
                held = [role for role in KEYS if is_listed(role, endpoint, time)]
                yield {"endpoint": endpoint, "observed_at": stamp(time), "source": SOURCE, "keys": held}


def sightings():
    for role, (endpoints, spans) in LISTED.items():
        for endpoint in endpoints:
            for time in sorted({at(edge) for span in spans for edge in span}):
                yield {"key": role, "endpoint": endpoint, "at": stamp(time), "source": SOURCE, "kind": "archive"}
    for role, endpoint, time, kind in SIGHTINGS:
        yield {"key": role, "endpoint": endpoint, "at": stamp(at(time)), "source": SOURCE, "kind": kind}


def absences():
    """The sets right before a key came, and the next three after it went: half a day apart."""
    for role, (endpoints, spans) in LISTED.items():
        for endpoint in endpoints:
            edges = {at(first) - HALF_DAY for first, _ in spans}
            edges |= {at(last) + step * HALF_DAY for _, last in spans for step in (1, 2, 3)}
            for time in sorted(edges):
                if is_covered(endpoint, time) and not is_listed(role, endpoint, time):
                    yield {"key": role, "endpoint": endpoint, "at": stamp(time), "source": SOURCE}


def microsoft():
    coverage = [{"endpoint": id, "from": stamp(at(first)), "to": stamp(at(last)), "largest_step": HALF_DAY}
                for id, periods in COVERAGE.items() for first, last in periods]
    return {
        "format": "tokenscope-key-history/1", "keys": [key_row(role) for role in KEYS], "endpoints": [endpoint_row(id) for id in ENDPOINTS],
        "coverage": coverage, "snapshots": list(snapshots()), "sightings": list(sightings()), "absences": list(absences()),
        "notices": [STOLEN],
    }


def frozen(until):
    """What was known on a day."""
    whole = microsoft()
    whole["coverage"] = [{**row, "to": min(row["to"], until)} for row in whole["coverage"] if row["from"] <= until]
    for rows, member in ("snapshots", "observed_at"), ("sightings", "at"), ("absences", "at"):
        whole[rows] = [row for row in whole[rows] if row[member] <= until]
    seen = {row["key"] for row in whole["sightings"]} | {role for row in whole["snapshots"] for role in row["keys"]}
    whole["keys"] = [row for row in whole["keys"] if row["id"] in seen]
    return whole


def thinned():
    """One set a month, and no word on what lies between."""
    whole = microsoft()
    first = {}
    for row in whole["snapshots"]:
        first.setdefault((row["endpoint"], row["observed_at"][:7]), row)
    whole["snapshots"] = list(first.values())
    whole["coverage"] = whole["absences"] = []
    whole["sightings"] = [row for row in whole["sightings"] if row["kind"] != "archive"]
    return whole


def rotated():
    """The other provider's key leaves its set, which is listed without it from 2026-03-15 at 12:00 on."""
    whole = empty()
    first, last, end = at("2026-01-10"), at("2026-03-15"), at("2026-07-09")
    whole["keys"], whole["endpoints"] = [key_row("idp")], [endpoint_row("idp")]
    whole["coverage"] = [{"endpoint": "idp", "from": stamp(first), "to": stamp(end), "largest_step": HALF_DAY}]
    whole["sightings"] = [{"key": "idp", "endpoint": "idp", "at": stamp(time), "source": SOURCE, "kind": "archive"} for time in (first, last)]
    whole["absences"] = [{"key": "idp", "endpoint": "idp", "at": stamp(last + step * HALF_DAY), "source": SOURCE} for step in (1, 2, 3)]
    return whole


def archived():
    """What somebody archived who knew nothing of families: the sets of a company's own service, of a partner's, and of two providers."""
    whole = empty()
    week = ("2026-05-28", "2026-06-04")
    addresses = {"https://id.corp.example/keys": ("https://id.corp.example", [("2026-05-28", ["house-rsa"]), ("2026-06-04", ["house-rsa", "house-p256"])]),
                 "https://id.partner.example/keys": ("https://id.partner.example", [(day, ["house-p384"]) for day in week])}
    for role in ("keycloak-a", "b2c-a"):
        address, issuer = PROVIDER_SETS[role][:2]
        addresses[address] = (issuer, [(day, [role]) for day in week])
    for role in ("house-rsa", "house-p256", "house-p384", "keycloak-a", "b2c-a"):
        whole["keys"].append({"id": role, "family": None, "cloud": None, "jwk": keys.pub(role), "certificate": None})
    for address, (issuer, sets) in addresses.items():
        whole["endpoints"].append({"id": address, "url": address, "issuer": issuer, "families": []})
        whole["snapshots"] += [{"endpoint": address, "observed_at": stamp(at(day)), "source": SOURCE, "keys": roles} for day, roles in sets]
    return whole


def stolen(notice, **changes):
    """The stolen key alone."""
    whole = empty()
    whole["keys"] = [key_row("msa-stolen", **changes)]
    whole["endpoints"] = [endpoint_row(id) for id in ("common-v2", "consumers-v2")]
    whole["sightings"] = [row for row in sightings() if row["key"] == "msa-stolen"]
    whole["notices"] = [{**STOLEN, **notice}]
    return whole


def samples():
    """The same, and keys of which the private half stands in a manual."""
    whole = microsoft()
    for role in PUBLISHED:
        whole["keys"].append({"id": role, "family": "published-sample", "cloud": None, "family_from": "notice", "jwk": keys.pub(role),
                              "certificate": None})
        whole["sightings"].append({"key": role, "endpoint": None, "at": None, "source": SOURCE, "kind": "sample"})
        whole["notices"].append(dict(key=role, status="sample", exposed_from=None, abuse_first_known=None, withdrawn_at=None,
                                     reference="a made-up manual, chapter 3"))
    return whole


def empty():
    tables = ("keys", "endpoints", "coverage", "snapshots", "sightings", "absences", "notices")
    return {"format": "tokenscope-key-history/1", **{table: [] for table in tables}}


# Other providers: id: address, issuer, families, the roles that it lists. Where the families are empty whoever took the sets knew
# no more than whose they are.
POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_"
CLUSTER = "https://oidc.eks.eu-west-1.amazonaws.com/id/"
B2C_A, B2C_B = "5c1d8e2f-7b40-4a96-93e1-0d2f6a8b7c54", "e07a4b93-1f5c-4d28-8a6e-b9c0d3f1e265"
PROVIDER_SETS = {
    "google": ("https://www.googleapis.com/oauth2/v3/certs", "https://accounts.google.com", ["google"], ["google"]),
    "firebase": ("https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
                 "https://securetoken.google.com/{tenantid}", ["google-securetoken"], ["google-firebase"]),
    "iap": ("https://www.gstatic.com/iap/verify/public_key-jwk", "https://cloud.google.com/iap", ["google-iap"], ["google-iap"]),
    "apple": ("https://appleid.apple.com/auth/keys", "https://appleid.apple.com", ["apple"], ["apple"]),
    "github": ("https://token.actions.githubusercontent.com/.well-known/jwks", "https://token.actions.githubusercontent.com",
               ["github-actions"], ["github"]),
    "github-server": ("https://github.corp.example/_services/token/.well-known/jwks", "https://github.corp.example/_services/token",
                      ["github-actions-server"], ["github-server"]),
    "gitlab": ("https://gitlab.com/oauth/discovery/keys", "https://gitlab.com", ["gitlab"], ["gitlab"]),
    "cognito-a": (POOL + "AbCdEf123/.well-known/jwks.json", POOL + "AbCdEf123", ["aws-cognito"], ["cognito-a"]),
    "cognito-b": (POOL + "GhIjKl456/.well-known/jwks.json", POOL + "GhIjKl456", [], ["cognito-b"]),
    "okta-a": ("https://corp.okta.com/oauth2/default/v1/keys", "https://corp.okta.com/oauth2/default", ["okta"], ["okta-a"]),
    "okta-b": ("https://other.okta.com/oauth2/default/v1/keys", "https://other.okta.com/oauth2/default", ["okta"], ["okta-b"]),
    "okta-domain": ("https://id.corp.example/oauth2/default/v1/keys", "https://id.corp.example/oauth2/default", ["okta"], ["okta-a"]),
    "auth0-a": ("https://corp.eu.auth0.com/.well-known/jwks.json", "https://corp.eu.auth0.com/", ["auth0-tenant"], ["auth0-a"]),
    "auth0-b": ("https://other.us.auth0.com/.well-known/jwks.json", "https://other.us.auth0.com/", ["auth0-tenant"], ["auth0-b"]),
    "keycloak-a": ("https://sso.corp.example/realms/staff/protocol/openid-connect/certs", "https://sso.corp.example/realms/staff",
                   ["keycloak"], ["keycloak-a"]),
    "keycloak-b": ("https://sso.corp.example/realms/guests/protocol/openid-connect/certs", "https://sso.corp.example/realms/guests",
                   ["keycloak"], ["keycloak-b"]),
    "cluster-a": (CLUSTER + "0123456789ABCDEF/keys", CLUSTER + "0123456789ABCDEF", [], ["cluster-a"]),
    "cluster-b": (CLUSTER + "FEDCBA9876543210/keys", CLUSTER + "FEDCBA9876543210", [], ["cluster-b"]),
    "b2c-a": ("https://corp.b2clogin.com/corp.onmicrosoft.com/b2c_1_signin/discovery/v2.0/keys", f"https://corp.b2clogin.com/{B2C_A}/v2.0/",
              ["b2c"], ["b2c-a"]),
    "b2c-b": ("https://other.b2clogin.com/other.onmicrosoft.com/b2c_1_signin/discovery/v2.0/keys",
              f"https://other.b2clogin.com/{B2C_B}/v2.0/", ["b2c"], ["b2c-b"]),
    "farm-a": ("https://fs.corp.example/adfs/discovery/keys", "https://fs.corp.example/adfs", ["adfs"], ["farm-a"]),
    "farm-b": ("https://fs.other.example/adfs/discovery/keys", "https://fs.other.example/adfs", ["adfs"], ["farm-b"]),
}


def providers(known=True):
    """Complete sets of a spring, one every three days, that never change. Unless known, nobody says whose: there are addresses alone."""
    whole = empty()
    first, last = "2026-04-01", "2026-07-01"
    family = {}
    for id, (url, issuer, families, roles) in PROVIDER_SETS.items():
        if not known:
            issuer, families = None, []
        whole["endpoints"].append({"id": id, "url": url, "issuer": issuer, "families": families})
        whole["coverage"].append({"endpoint": id, "from": stamp(at(first)), "to": stamp(at(last)), "largest_step": 3 * 86400})
        for time in (first, last):
            whole["snapshots"].append({"endpoint": id, "observed_at": stamp(at(time)), "source": SOURCE, "keys": roles})
        family.update(dict.fromkeys(roles, families[0] if families else None))
    for role, name in family.items():
        whole["keys"].append({"id": role, "family": name, "cloud": "public" if name else None, "jwk": keys.pub(role, use="sig"),
                              "certificate": None})
    return whole


def every():
    return {
        "providers": providers(),
        "addresses": providers(known=False),
        "microsoft": microsoft(),
        "frozen-2025-10": frozen("2025-10-20T00:00:00Z"),
        "frozen-2024": frozen("2024-10-26T00:00:00Z"),
        "thinned": thinned(),
        "rotated": rotated(),
        "archived": archived(),
        "samples": samples(),
        "storm-0558": stolen({}, kid=STORM_KID, x5t=STORM_KID),
        "stolen-dated": stolen({"exposed_from": "2021-04-01T00:00:00Z"}),
        "empty": empty(),
    }

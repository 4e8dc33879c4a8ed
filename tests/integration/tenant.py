#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the logs of a tenant that does not exist: 200 users (60 for fewer than 200000 records), 90 days of audit
records, 30 of sign-ins, and an actor with forged tokens.

    tests/integration/tenant.py FOLDER [--records N] [--seed N] [--no-actor]

The same arguments give the same files. truth.json beside them says which token ids are forged. What honest tenants have and naive joins take
for forgery is all in it: refreshes, tokens of continuous access evaluation that live 28 hours, iat dated back, guests and partners whose
sign-ins are elsewhere, Microsoft's services that sign in nowhere, relays, records without ids, placeholders, duplicates, logs that end.
"""
import argparse
import base64
import csv
import datetime
import json
import os
import random
import uuid

TENANT = "5f1c3a52-7d0e-4b7a-9a44-2f6f0c9d1e01"
CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
PARTNER = "c2a9e9a1-6f0b-4f86-8d1c-5a7b3f3f0a02"
GRAPH, EXCHANGE = "00000003-0000-0000-c000-000000000000", "00000002-0000-0ff1-ce00-000000000000"
OUTLOOK_MOBILE, TEAMS = "27922004-5251-4030-b22d-91ecd9a37ea4", "1fec8e78-bce4-4aaf-ab1b-5451cc387264"
OUTLOOK_WEB = "5d661950-3475-41cd-a2c3-d671a3162bc1"
OWN_APP = "e3b7a2c4-9f0d-4c61-8e0e-7c1b5d9a4f10"
SERVICE = "47629505-c2b6-4a80-adb1-9b3a3d233b7b"  # Exchange Web Services: its tokens stand in no sign-in log
BEGIN = datetime.datetime(2026, 3, 2, tzinfo=datetime.timezone.utc).timestamp()  # a Monday
DAYS, SIGN_IN_DAYS, DAY = 90, 30, 86400
RELAY = "2603:10a6:803:4c::"


class Tenant:
    def __init__(self, options):
        self.random = random.Random(options.seed)
        self.out = options.folder
        self.target = options.records
        self.users = [self.user(number) for number in range(200 if self.target >= 200000 else 60)]
        self.guests = [self.user(number, "guest") for number in range(10)]
        self.principals = [{"oid": self.guid(), "app": self.guid(), "name": f"service-{n}"} for n in range(5)]
        self.identities = [{"oid": self.guid(), "app": self.guid(), "name": f"identity-{n}"} for n in range(3)]
        self.tokens, self.sign_ins = [], {"interactive": [], "non-interactive": [], "service-principal": [], "managed-identity": []}
        self.audit, self.graph, self.truth = [], [], {"forged": [], "contradiction": [], "unmatched": [], "derived": []}
        self.end = BEGIN + DAYS * DAY

    def guid(self):
        bits = bytearray(self.random.randbytes(16))
        bits[6], bits[8] = bits[6] & 15 | 64, bits[8] & 63 | 128
        return str(uuid.UUID(bytes=bytes(bits)))

    def uti(self):
        """As Entra makes them: version 4 in the byte order of .NET, the last byte zero."""
        bits = bytearray(self.random.randbytes(16))
        bits[7], bits[8], bits[15] = bits[7] & 15 | 64, bits[8] & 63 | 128, 0
        return base64.urlsafe_b64encode(bytes(bits)).decode().rstrip("=")

    def user(self, number, kind="member"):
        name = f"{kind}{number}@example.com" if kind == "member" else f"{kind}{number}_elsewhere.example#EXT#@example.onmicrosoft.com"
        return {"upn": name, "oid": self.guid(), "home": f"198.51.{100 + number % 100}.{10 + number % 200}",
                "office": f"203.0.113.{1 + number % 50}", "kind": kind, "mailbox": self.guid()}

    # ---- what is issued

    def issue(self, category, at, who, app, session, address, logged=True):
        token = {"uti": self.uti(), "iat": int(at) - self.random.choice((0, 0, 0, 60, 290)), "life": self.random.randint(3600, 5400), "who": who,
                 "app": app, "session": session, "address": address, "category": category}
        if self.random.random() < 0.1:
            token["life"] = 28 * 3600  # continuous access evaluation
        self.tokens.append(token)
        if logged and at >= self.end - SIGN_IN_DAYS * DAY:
            self.sign_ins[category].append((at, token))
        return token

    def honest_day(self, user, day):
        weekday = day % 7 < 5
        start = BEGIN + day * DAY
        phone = self.guid()
        for hour in range(24):  # a phone asks for mail at any hour
            if self.random.random() < (0.45 if 6 <= hour <= 22 else 0.2):
                self.issue("non-interactive", start + hour * 3600 + self.random.random() * 3600, user, OUTLOOK_MOBILE, phone, user["home"])
        if not weekday:
            return
        session, at = self.guid(), start + 7 * 3600 + self.random.random() * 2 * 3600
        app = self.random.choice((OUTLOOK_WEB, OUTLOOK_WEB, TEAMS, OWN_APP))
        self.issue("interactive", at, user, app, session, user["office"])
        while at < start + 17 * 3600:
            at += 3600 + self.random.random() * 1800
            self.issue("non-interactive", at, user, self.random.choice((app, TEAMS, OUTLOOK_WEB, OWN_APP)), session, user["office"])

    def issue_all(self):
        for day in range(DAYS):
            for user in self.users:
                if self.random.random() < 0.9:
                    self.honest_day(user, day)
            for guest in self.guests:
                if self.random.random() < 0.3:
                    at = BEGIN + day * DAY + 9 * 3600 + self.random.random() * 20000
                    self.issue("interactive", at, guest, TEAMS, self.guid(), guest["home"], logged=self.random.random() < 0.5)
            for hour in range(24):
                for kind, names in (("service-principal", self.principals), ("managed-identity", self.identities)):
                    for who in names:
                        at = BEGIN + day * DAY + hour * 3600 + self.random.random() * 3600
                        self.issue(kind, at, who, who["app"], None, "192.0.2.44")

    # ---- what is done with it

    def mail(self, at, token, who, **changes):
        sync = self.random.random() < 0.1
        record = {"CreationTime": stamp(at), "Id": self.guid(), "Operation": "MailItemsAccessed", "OrganizationId": TENANT,
                  "RecordType": 2 if sync else 50, "ResultStatus": "Succeeded", "UserKey": "10032001%08X" % self.random.getrandbits(32), "UserType": 0,
                  "Version": 1, "Workload": "Exchange", "UserId": who["upn"], "AppId": self.random.choice((token["app"], EXCHANGE)),
                  "ClientAppId": self.random.choice((token["app"], "")), "ClientIPAddress": self.address(token),
                  "ClientInfoString": "Client=REST;Client=RESTSystem;;", "ExternalAccess": False, "InternalLogonType": 0, "LogonType": 0,
                  "MailboxGuid": who["mailbox"], "MailboxOwnerUPN": who["upn"], "OrganizationName": "example.onmicrosoft.com",
                  "OriginatingServer": "AB1PR00MB0001 (15.20.1.1)\r\n",
                  "SessionId": token["session"] if self.random.random() < 0.8 else self.guid(),
                  "OperationProperties": [{"Name": "MailAccessType", "Value": "Sync" if sync else "Bind"},
                                          {"Name": "IsThrottled", "Value": "True" if self.random.random() < 0.0005 else "False"}],
                  "AppAccessContext": {"AADSessionId": token["session"], "ClientAppId": token["app"], "IssuedAtTime": stamp(token["iat"]),
                                       "UniqueTokenId": token["uti"]},
                  "TokenObjectId": who["oid"], "TokenTenantId": TENANT}
        if sync:
            record["Item"] = {"Id": "LgAAAA", "ParentFolder": {"Id": "LgAAAA", "Name": "Inbox", "Path": "\\Inbox"}}
        else:
            count = self.random.randint(1, 4)
            record["OperationCount"] = count
            record["Folders"] = [{"Id": "LgAAAA", "Path": "\\Inbox",
                                  "FolderItems": [{"InternetMessageId": f"<{self.random.getrandbits(60):x}@example.com>", "SizeInBytes": 4000}
                                                  for _ in range(count)]}]
        kind = self.random.random()
        if kind < 0.1 and not changes:
            del record["AppAccessContext"], record["TokenObjectId"], record["TokenTenantId"]
        elif kind < 0.12 and not changes:
            record["AppAccessContext"]["UniqueTokenId"] = "0000000000000000000000"
        elif kind < 0.3 and not changes:
            del record["TokenObjectId"]
        record.update(changes)
        return record

    def address(self, token):
        kind = self.random.random()
        if kind < 0.3:
            return f"{RELAY}{self.random.randint(1, 60):x}"
        return f"{token['address']}:{self.random.randint(1024, 65535)}" if kind < 0.6 else token["address"]

    def call(self, at, token, who):
        user = "upn" in who
        return {"TimeGenerated": stamp(at) + "Z", "AadTenantId": TENANT, "TenantId": self.guid(), "RequestId": self.guid(), "AppId": token["app"],
                "UserId": who["oid"] if user else "", "ServicePrincipalId": "" if user else who["oid"], "C_Idtyp": "user" if user else "app",
                "IPAddress": token["address"], "RequestMethod": "GET", "RequestUri": "https://graph.microsoft.com/v1.0/me/messages?$top=10",
                "ResponseStatusCode": "200", "C_Sid": token["session"] or "", "SignInActivityId": token["uti"] + self.random.choice(("", "", "==")),
                "TokenIssuedAt": stamp(token["iat"]) + "Z", "Type": "MicrosoftGraphActivityLogs"}

    def use(self, at, token):
        who = token["who"]
        if who.get("kind") == "guest" or "upn" not in who or token["app"] == TEAMS or self.random.random() < 0.15:
            self.graph.append(self.call(at, token, who))
        else:
            self.audit.append(self.mail(at, token, who))

    def use_all(self):
        mean = self.target / len(self.tokens)
        for token in self.tokens:
            for _ in range(int(mean) + (self.random.random() < mean % 1)):
                at = token["iat"] + 300 + self.random.random() * (token["life"] - 300)
                if at < self.end:
                    self.use(at, token)

    def honest_oddities(self):
        """Tokens that no sign-in log of this tenant has, by right."""
        for _ in range(max(40, self.target // 500)):
            at = BEGIN + self.random.random() * (DAYS - 1) * DAY
            user = self.random.choice(self.users)
            token = {"uti": self.uti(), "iat": int(at) - 200, "app": SERVICE, "session": None, "address": f"{RELAY}7"}
            self.audit.append(self.mail(at, token, user, ClientAppId=SERVICE, AppId=SERVICE))
        for _ in range(30):
            at = BEGIN + self.random.random() * (DAYS - 1) * DAY
            token = {"uti": self.uti(), "iat": int(at) - 200, "app": OWN_APP, "session": self.guid(), "address": "192.0.2.77"}
            self.audit.append(self.mail(at, token, self.random.choice(self.users), ExternalAccess=True, TokenTenantId=PARTNER,
                                        TokenObjectId=self.guid()))
        for user in self.random.sample(self.users, 20):  # the audit log's own copy of sign-ins
            own = [token for at, token in self.sign_ins["interactive"] if token["who"] is user][:3]
            for token in own:
                self.truth["sign_in_copies"] = self.truth.get("sign_in_copies", 0) + 1
                self.audit.append({"CreationTime": stamp(token["iat"] + 5), "Id": guid_of(token["uti"]), "IntraSystemId": guid_of(token["uti"]),
                                   "Operation": "UserLoggedIn", "OrganizationId": TENANT, "RecordType": 15, "Workload": "AzureActiveDirectory",
                                   "UserId": user["upn"], "ApplicationId": token["app"], "ActorIpAddress": token["address"],
                                   "Actor": [{"ID": user["oid"], "Type": 0}, {"ID": user["upn"], "Type": 5}],
                                   "DeviceProperties": [{"Name": "SessionId", "Value": token["session"]}]})

    # ---- and by whom it was not issued

    def actor(self):
        victims = self.random.sample(self.users, 6)
        base = self.end - 12 * DAY
        while datetime.datetime.fromtimestamp(base, datetime.timezone.utc).weekday() != 1:
            base += DAY
        for number, victim in enumerate(victims):
            for round_ in range(4 if self.target >= 200000 else 1):
                at = base + number * 3 * 3600 + round_ * 5400
                token = {"uti": self.uti(), "iat": int(at), "app": OUTLOOK_WEB, "session": self.guid(), "address": "192.0.2.200"}
                self.truth["forged"].append(token["uti"])
                self.truth["unmatched"].append(token["uti"])
                for use in range(5):
                    self.audit.append(self.mail(at + 60 + use * 300, token, victim, SessionId=token["session"]))
                    self.audit[-1].setdefault("AppAccessContext", {}).update(UniqueTokenId=token["uti"], IssuedAtTime=stamp(token["iat"]),
                                                                               AADSessionId=token["session"], ClientAppId=OUTLOOK_WEB)
                if round_ == 0:
                    self.obtain(at + 600, token, victim)
        self.copies(base, victims)

    def obtain(self, at, token, victim):
        """A properly issued token, out of a forged one, and what it was used for."""
        issued = {"uti": self.uti(), "iat": int(at), "app": OUTLOOK_WEB, "session": token["session"], "address": "192.0.2.200"}
        self.truth["derived"].append(issued["uti"])
        self.audit.append({"CreationTime": stamp(at), "Id": self.guid(), "Operation": "AccessTokenIssued", "OrganizationId": TENANT, "RecordType": 275,
                           "Workload": "Exchange", "UserId": victim["upn"], "ClientIPAddress": "192.0.2.200", "SessionId": token["session"],
                           "UniqueTokenIdentifier": issued["uti"], "ResourceURL": "https://outlook.office365.com/",
                           "AppAccessContext": {"UniqueTokenId": token["uti"], "IssuedAtTime": stamp(token["iat"]), "AADSessionId": token["session"]}})
        for use in range(3):
            self.audit.append(self.mail(at + 120 + use * 60, issued, victim, SessionId=token["session"]))

    def copies(self, base, victims):
        """The id of a real token on a forged one of another user; a token of the tenant of personal accounts."""
        real = [token for at, token in self.sign_ins["non-interactive"] if token["app"] == OUTLOOK_WEB and abs(at - base) < DAY]
        for victim, token in zip(victims[:3], real):
            if token["who"] is victim:
                continue
            self.truth["forged"].append(token["uti"])
            self.truth["contradiction"].append(token["uti"])
            forged = {**token, "session": self.guid(), "address": "192.0.2.200"}
            for use in range(3):
                self.audit.append(self.mail(token["iat"] + 900 + use * 60, forged, victim, SessionId=forged["session"]))
        token = {"uti": self.uti(), "iat": int(base), "app": OUTLOOK_WEB, "session": self.guid(), "address": "192.0.2.200"}
        self.truth["forged"].append(token["uti"])
        self.truth["contradiction"].append(token["uti"])
        self.audit.append(self.mail(base + 300, token, victims[0], TokenTenantId=CONSUMERS))

    # ---- files

    def graph_sign_in(self, at, token, category):
        who, user = token["who"], "upn" in token["who"]
        row = {"id": guid_of(token["uti"]), "createdDateTime": stamp(at) + "Z", "appId": token["app"], "resourceId": EXCHANGE,
               "resourceTenantId": TENANT, "homeTenantId": PARTNER if who.get("kind") == "guest" else TENANT, "ipAddress": token["address"],
               "sessionId": token["session"], "uniqueTokenIdentifier": token["uti"], "isInteractive": category == "interactive",
               "signInEventTypes": [category.replace("non-interactive", "nonInteractiveUser").replace("interactive", "interactiveUser")],
               "status": {"errorCode": 0}}
        row.update({"userId": who["oid"], "userPrincipalName": who["upn"]} if user else
                   {"servicePrincipalId": who["oid"], "servicePrincipalName": who["name"]})
        return row

    def write_sign_ins(self):
        old_form = lambda token: base64.b64encode(guid_of(token["uti"]).encode()).decode()
        with self.open("interactive.json") as file:  # Graph, a page
            json.dump({"@odata.context": "x", "value": [self.graph_sign_in(at, token, "interactive") for at, token in self.sign_ins["interactive"]]}, file)
        with self.open("non-interactive.csv") as file:  # Log Analytics
            table = csv.writer(file)
            table.writerow("TenantId,AADTenantId,TimeGenerated,Category,Id,CreatedDateTime,UserId,UserPrincipalName,AppId,ResultType,IPAddress,"
                           "UniqueTokenIdentifier,SessionId,ResourceTenantId,HomeTenantId,Status,Type".split(","))
            for at, token in self.sign_ins["non-interactive"]:
                who = token["who"]
                table.writerow([self.guid(), TENANT, stamp(at + 100) + "Z", "NonInteractiveUserSignInLogs", guid_of(token["uti"]), stamp(at) + "Z",
                                who["oid"], who["upn"], token["app"], "0", token["address"], token["uti"], token["session"], TENANT, TENANT,
                                '{"errorCode":0}', "AADNonInteractiveUserSignInLogs"])
        with self.open("service-principal.jsonl") as file:  # diagnostic settings, the id in its older form
            for at, token in self.sign_ins["service-principal"]:
                row = self.graph_sign_in(at, token, "servicePrincipal")
                row["uniqueTokenIdentifier"] = old_form(token)
                file.write(json.dumps({"time": stamp(at) + "Z", "category": "ServicePrincipalSignInLogs", "tenantId": TENANT, "properties": row}) + "\n")
        with self.open("managed-identity.json") as file:  # Graph, an array; without the token's id, which is the request's
            rows = [self.graph_sign_in(at, token, "managedIdentity") for at, token in self.sign_ins["managed-identity"]]
            for row in rows:
                del row["uniqueTokenIdentifier"]
            json.dump(rows, file)

    def write_audit(self):
        self.audit.sort(key=lambda record: record["CreationTime"])
        half = len(self.audit) // 2
        with self.open("audit-1.csv") as file:  # Search-UnifiedAuditLog
            table = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
            table.writerow(["RecordType", "CreationDate", "UserIds", "Operations", "AuditData", "ResultIndex", "ResultCount", "Identity"])
            for number, record in enumerate(self.audit[:half]):
                row = ["ExchangeItemAggregated", "1/2/2026 3:04:05 PM", record["UserId"], record["Operation"],
                       json.dumps(record, separators=(",", ":")), number, "1", record["Id"]]
                table.writerow(row)
                if self.random.random() < 0.02:
                    table.writerow(row)
        with self.open("audit-2.json") as file:  # Management Activity API
            file.write("[" + ",\n".join(json.dumps(record, separators=(",", ":")) for record in self.audit[half:]) + "]")
        with self.open("graph.jsonl") as file:
            for row in self.graph:
                file.write(json.dumps(row, separators=(",", ":")) + "\n")

    def open(self, name):
        return open(os.path.join(self.out, name), "w", encoding="utf-8", newline="")


def stamp(at):
    return datetime.datetime.fromtimestamp(int(at), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")


def guid_of(uti):
    return str(uuid.UUID(bytes_le=base64.urlsafe_b64decode(uti + "==")))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--records", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-actor", action="store_true")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    tenant = Tenant(options)
    tenant.issue_all()
    tenant.use_all()
    tenant.honest_oddities()
    if not options.no_actor:
        tenant.actor()
    tenant.write_sign_ins()
    tenant.write_audit()
    tenant.truth["records"] = len(tenant.audit) + len(tenant.graph)
    with tenant.open("truth.json") as file:
        json.dump(tenant.truth, file)


if __name__ == "__main__":
    main()

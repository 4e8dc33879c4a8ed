# SPDX-License-Identifier: Apache-2.0
"""Microsoft's own rules: whose key may sign for whom, the key of Storm-0558, tenants, nonces, clouds, lifetimes."""

from . import keys
from .corpus import vector
from .histories import STORM_KID
from .tokens import (API, CLIENT, CONSUMER, OTHER_TENANT, TENANT, Text, Token, app, at, bot, consumer, flipped, graph, id_v2, idp, masked, rh, two_parts, uti,
                     v1, v2)

JUNE = "2026-06-01"
STORM = {"kid": STORM_KID}
STORM_V1 = {"kid": STORM_KID, "x5t": STORM_KID}

# ---- a consumer key on an enterprise tenant

vector("ms/msa-key-on-enterprise-v1", "The attack of 2023: a stolen consumer key, long past its certificate, signs for an enterprise tenant",
       v1("2023-06-15", "msa-stolen"), "forged", found="MS-MSA-ON-ENT KEY-COMPROMISED KEY-CERT-EXP",
       absent="KEY-WRONG-ISS MS-STORM0558 SIG-BAD SIG-OTHERKEY MS-TID-ISS", seed=True)
vector("ms/ms-msa-on-ent-found", "The same with a token of version 2", v2("2023-06-15", "msa-stolen"), "forged",
       found="MS-MSA-ON-ENT KEY-COMPROMISED", absent="KEY-WRONG-ISS")
vector("ms/ms-msa-on-ent-backdated-found", "The same, dated back into the life of the certificate: no date helps a key of the wrong family",
       v2("2017-05-02", "msa-stolen"), "forged", found="MS-MSA-ON-ENT KEY-COMPROMISED", absent="KEY-CERT-EXP KEY-EARLY")
vector("ms/ms-msa-on-ent-honest-key-found", "A consumer key that nobody stole, while it was published, on an enterprise tenant",
       v2("2024-07-15", "msa-2024"), "forged", found="MS-MSA-ON-ENT", absent="KEY-WRONG-ISS KEY-COMPROMISED KEY-RETIRED")
vector("ms/ms-msa-on-ent-v1-issuer-found", "The same under the issuer of version 1, where published keys say no issuer",
       v1("2024-07-15", "msa-2024"), "forged", found="MS-MSA-ON-ENT", absent="KEY-WRONG-ISS")
vector("ms/ms-msa-on-ent-id-token-found", "A consumer key on an enterprise tenant's ID token", id_v2("2024-07-15", "msa-2024"), "forged",
       found="MS-MSA-ON-ENT")
vector("ms/ms-msa-on-ent-tid-only-found", "The issuer is the consumer tenant's, but tid names an enterprise tenant, and a consumer key signs",
       consumer("2024-07-15", "msa-2024", tid=TENANT), "forged", found="MS-MSA-ON-ENT MS-TID-ISS")
vector("ms/ms-msa-on-ent-no-kid-found", "A consumer key on an enterprise tenant, with a header that names no key",
       v2("2024-07-15", "msa-2024", head={"kid": None}), "forged", found="MS-MSA-ON-ENT", absent="SIG-OTHERKEY")
vector("ms/ms-msa-on-ent-kid-of-other-found", "A consumer key signs for an enterprise tenant, and the header names an enterprise key",
       v2("2024-10-01", "msa-2024", head={"kid": keys.kid("ent-2024")}), "forged", found="MS-MSA-ON-ENT SIG-OTHERKEY", absent="SIG-BAD")
vector("ms/ms-msa-on-ent-clear", "A consumer key on the consumer tenant", consumer("2024-07-15", "msa-2024"), "valid",
       absent="MS-MSA-ON-ENT KEY-WRONG-ISS MS-ENT-ON-MSA")
CAPITALS = {"iss": f"https://login.microsoftonline.com/{CONSUMER.upper()}/v2.0", "tid": CONSUMER.upper()}
vector("ms/ms-msa-on-ent-capitals-near", "A consumer key on the consumer tenant, whose GUID is written in capitals",
       consumer("2024-07-15", "msa-2024", **CAPITALS), "suspicious", found="CLM-ISS-PART", absent="MS-MSA-ON-ENT KEY-WRONG-ISS MS-ENT-ON-MSA")
vector("ms/ms-msa-on-ent-capitals-v1-near", "The same under the issuer of version 1",
       consumer("2024-07-15", "msa-2024", **{**CAPITALS, "iss": f"https://sts.windows.net/{CONSUMER.upper()}/"}), "suspicious", found="CLM-ISS-PART",
       absent="MS-MSA-ON-ENT KEY-WRONG-ISS MS-ENT-ON-MSA")
vector("ms/ms-msa-on-ent-capitals-found", "A consumer key on an enterprise tenant whose GUID is written in capitals",
       v2("2024-07-15", "msa-2024", tenant=TENANT.upper()), "forged", found="MS-MSA-ON-ENT", absent="CLM-ISS-PART")
vector("ms/ms-ent-on-msa-capitals-found", "An enterprise key signs for the consumer tenant, whose GUID is written in capitals",
       consumer(JUNE, "ent-current", **CAPITALS), "suspicious", found="MS-ENT-ON-MSA CLM-ISS-PART")
vector("ms/ms-msa-on-ent-near", "A personal account as a guest: idp says live.com, but the tenant's own keys sign",
       v2(JUNE, "ent-current", idp="live.com"), "valid", absent="MS-MSA-ON-ENT KEY-WRONG-ISS")
vector("ms/ms-msa-on-ent-named-only-near", "An enterprise token that merely names a consumer key, and is signed with no key at hand",
       v2("2024-07-15", "ent-unlisted", head={"kid": keys.kid("msa-2024")}), "invalid", signature="failed", found="SIG-BAD",
       absent="MS-MSA-ON-ENT KEY-WRONG-ISS")
vector("ms/ms-msa-on-ent-by-subject-near", "That the key is a consumer key is known from its certificate's subject alone: a suspicion, no proof",
       v2("2026-01-15", "msa-by-subject"), "suspicious", found="MS-MSA-ON-ENT", absent="KEY-COMPROMISED")

# ---- an enterprise key on the consumer tenant

vector("ms/ms-ent-on-msa-found", "An enterprise key signs for the consumer tenant: the published rule of validators lets it pass",
       consumer("2024-10-01", "ent-2024"), "suspicious", found="MS-ENT-ON-MSA", absent="KEY-WRONG-ISS MS-MSA-ON-ENT")
vector("ms/ms-ent-on-msa-now-found", "The same with a key of today", consumer(JUNE, "ent-current"), "suspicious", found="MS-ENT-ON-MSA",
       absent="KEY-WRONG-ISS")
vector("ms/ms-ent-on-msa-clear", "An enterprise key on an enterprise tenant", v2("2024-10-01", "ent-2024"), "valid", absent="MS-ENT-ON-MSA")
vector("ms/ms-ent-on-msa-near", "A guest whose idp is the consumer tenant's issuer: tid and iss are the enterprise's",
       v1(JUNE, "ent-current", idp=f"https://sts.windows.net/{CONSUMER}/"), "valid", absent="MS-ENT-ON-MSA MS-TID-ISS MS-MSA-ON-ENT")

# ---- the key of Storm-0558: our key plays its role under its very kid

vector("ms/ms-storm0558-found", "The key of Storm-0558 verifies an enterprise token of the weeks of the attack", v1("2023-06-15", "msa-stolen", head=STORM_V1),
       "forged", found="MS-STORM0558 MS-MSA-ON-ENT", absent="KEY-COMPROMISED KEY-WRONG-ISS MS-STORM0558-KID", history="storm-0558", seed=True)
vector("ms/ms-storm0558-backdated-found", "The key of Storm-0558 verifies an enterprise token that is dated 2017",
       v2("2017-05-02", "msa-stolen", head=STORM), "forged", found="MS-STORM0558 MS-MSA-ON-ENT", history="storm-0558")
vector("ms/ms-storm0558-own-tenant-found", "The key of Storm-0558 on its own tenant in the weeks of the attack: it cannot be said who signed",
       consumer("2023-06-15", "msa-stolen", head=STORM), "suspicious", found="MS-STORM0558", absent="KEY-COMPROMISED MS-MSA-ON-ENT",
       history="storm-0558")
vector("ms/ms-storm0558-after-found", "The key of Storm-0558 on its own tenant after Microsoft had withdrawn it",
       consumer("2023-08-01", "msa-stolen", head=STORM), "forged", found="MS-STORM0558", history="storm-0558")
vector("ms/ms-storm0558-clear", "A consumer key that is another, on its own tenant", consumer("2024-07-15", "msa-2024"), "valid",
       absent="MS-STORM0558 MS-STORM0558-KID")
vector("ms/ms-storm0558-near", "A compromised key that is not the one of Storm-0558", consumer("2023-06-15", "msa-stolen"), "suspicious",
       found="KEY-COMPROMISED", absent="MS-STORM0558 MS-STORM0558-KID")

# ---- its name alone

vector("ms/ms-storm0558-kid-found", "An enterprise token of June 2023 names the key of Storm-0558; its signature is not in the evidence",
       v2("2023-06-15", "msa-stolen", head=STORM, wrap=masked("redacted")), "suspicious", signature="missing",
       found="MS-STORM0558-KID SIG-MISSING", absent="MS-STORM0558 MS-MSA-ON-ENT", history="storm-0558", seed=True)
vector("ms/ms-storm0558-kid-x5t-found", "The same, named by thumbprint alone",
       v1("2023-06-15", "msa-stolen", head={"x5t": STORM_KID, "kid": None}, wrap=two_parts), "suspicious", signature="missing",
       found="MS-STORM0558-KID SIG-MISSING", history="storm-0558")
vector("ms/ms-storm0558-kid-failed-near", "A token names the key of Storm-0558, and the signature fails under it: invalid, no forgery",
       v2("2023-06-15", "ent-unlisted", head=STORM), "invalid", signature="failed", found="SIG-BAD MS-STORM0558-KID",
       absent="MS-STORM0558 MS-MSA-ON-ENT", history="storm-0558")
vector("ms/ms-storm0558-kid-sample-near", "A sample as in old documentation: the kid, an invented tenant, 2018, and no key at hand",
       id_v2("2018-09-06", "ent-unlisted", head=STORM, tenant="9122040d-6c67-4c5b-b112-36a304b66dad"), "unverified",
       signature="unverified", found="MS-STORM0558-KID", absent="MS-STORM0558 MS-MSA-ON-ENT", unknown="SIG-BAD", history="empty")
vector("ms/ms-storm0558-kid-consumer-near", "A consumer token of June 2023 names the key, the signature is missing: an ordinary token of those days",
       consumer("2023-06-15", "msa-stolen", head=STORM, wrap=masked("***")), "unverified", signature="missing",
       found="MS-STORM0558-KID SIG-MISSING", history="storm-0558")
vector("ms/ms-storm0558-kid-one-letter-near", "A kid that differs in one letter from that of Storm-0558",
       v2("2023-06-15", "msa-stolen", head={"kid": STORM_KID[:-1] + "p"}, wrap=masked("redacted")), "unverified", signature="missing",
       found="SIG-MISSING", absent="MS-STORM0558-KID", history="storm-0558")
vector("ms/ms-storm0558-kid-clear", "An ordinary enterprise token", v2("2024-10-01", "ent-2024"), "valid", absent="MS-STORM0558-KID")

# ---- tenant and issuer

vector("ms/ms-tid-iss-found", "tid names another tenant than the issuer", v2(JUNE, "ent-current", tid=OTHER_TENANT), "invalid", found="MS-TID-ISS")
vector("ms/ms-tid-iss-v1-found", "The same in a token of version 1", v1(JUNE, "ent-current", tid=OTHER_TENANT), "invalid", found="MS-TID-ISS")
vector("ms/ms-tid-iss-clear", "tid and issuer name one tenant", v1(JUNE, "ent-current"), "valid", absent="MS-TID-ISS")
vector("ms/ms-tid-iss-near", "No tid at all: nothing to compare", v1(JUNE, "ent-current", tid=None), "valid", absent="MS-TID-ISS", unknown="MS-TID-ISS")
vector("ms/ms-tid-iss-other-provider-near", "Another provider's token with a claim of the name tid", idp(JUNE, tid=TENANT), "valid", absent="MS-TID-ISS")

# ---- the nonce in the header

vector("ms/ms-nonce-found", "A token for Microsoft Graph: the signature holds once the header's nonce is replaced by its digest",
       graph(JUNE, "ent-current"), "valid", found="MS-NONCE", absent="SIG-BAD", seed=True)
vector("ms/ms-nonce-clear", "No nonce", v1(JUNE, "ent-current"), "valid", absent="MS-NONCE")
vector("ms/ms-nonce-near", "A nonce in the claims of an ID token is another thing", id_v2(JUNE, "ent-current"), "valid", absent="MS-NONCE SIG-BAD")
vector("ms/ms-nonce-as-sent-near", "A nonce in the header, and the signature holds as the token was sent",
       graph(JUNE, "ent-current", hashed_nonce=False), "valid", absent="SIG-BAD MS-NONCE")
vector("ms/ms-nonce-edited-near", "A token for Microsoft Graph whose claims were edited: neither form holds",
       graph(JUNE, "ent-current", hashed_nonce=False, edited=v1(JUNE, "ent-current", scp="Mail.ReadWrite").payload), "invalid",
       signature="failed", found="SIG-BAD", absent="MS-NONCE")
vector("ms/ms-nonce-consumer-key-found", "A consumer key on an enterprise token for Microsoft Graph, nonce and all", graph("2024-07-15", "msa-2024"),
       "forged", found="MS-MSA-ON-ENT MS-NONCE")

# ---- clouds

vector("ms/ms-cloud-found", "A key of the US government cloud under the public cloud's issuer of version 2", v2(JUNE, "gov"), "valid",
       found="MS-CLOUD", absent="KEY-WRONG-ISS KEY-TEST")
vector("ms/ms-cloud-gov-issuer-found", "A key of the public cloud under the government cloud's issuer",
       v2(JUNE, "ent-current", host="login.microsoftonline.us"), "valid", found="MS-CLOUD", absent="KEY-WRONG-ISS")
vector("ms/ms-cloud-clear", "A key of the government cloud under its own issuer", v2(JUNE, "gov", host="login.microsoftonline.us"), "valid",
       absent="MS-CLOUD KEY-WRONG-ISS")
vector("ms/ms-cloud-near", "A key of the government cloud under the issuer of version 1, which all clouds share", v1(JUNE, "gov"), "valid",
       absent="MS-CLOUD KEY-WRONG-ISS SIG-OTHERKEY")
vector("ms/ms-cloud-china-near", "A key of the cloud in China under its own issuer", v2(JUNE, "china", host="login.partner.microsoftonline.cn"),
       "valid", absent="MS-CLOUD KEY-WRONG-ISS")

# ---- lifetimes

vector("ms/ms-life-found", "A token that lives for thirty hours", v2(JUNE, "ent-current", life=30 * 3600), "valid", found="MS-LIFE")
vector("ms/ms-life-short-found", "A token that lives for less than ten minutes", v2(JUNE, "ent-current", life=599), "valid", found="MS-LIFE")
vector("ms/ms-life-edge-found", "One second over twenty-eight hours and ten minutes", v2(JUNE, "ent-current", life=101401), "valid", found="MS-LIFE")
vector("ms/ms-life-clear", "The usual hour and a quarter", v2(JUNE, "ent-current"), "valid", absent="MS-LIFE")
vector("ms/ms-life-near", "Twenty-eight hours and ten minutes, as clients with continuous evaluation get them", v2(JUNE, "ent-current", life=101400),
       "valid", absent="MS-LIFE")
vector("ms/ms-life-app-near", "A managed identity's token lives for a day", app(JUNE, "ent-current"), "valid", absent="MS-LIFE")
vector("ms/ms-life-bot-near", "A bot's token without iat has no lifetime to measure", bot(JUNE, "bot"), "valid", absent="MS-LIFE")

# ---- claims beside the signature. EDITED fails under the named key; what the issuer's own key signed is its own way


def edited(make, **claims):
    return make(JUNE, "ent-current", edited=make(JUNE, "ent-current", **claims).payload)


BROKEN = {"signature": "failed"}
vector("ms/ms-ver-found", "Claims were edited: ver is that of the other version", edited(v2, ver="1.0"), "invalid", found="MS-VER SIG-BAD", **BROKEN)
vector("ms/ms-ver-client-found", "Claims were edited: the client stands where version 1 has it", edited(v2, azp=None, appid=CLIENT), "invalid",
       found="MS-VER", **BROKEN)
vector("ms/ms-ver-v1-found", "Claims of version 1 were edited: the client stands where version 2 has it", edited(v1, appid=None, azp=CLIENT), "invalid",
       found="MS-VER", **BROKEN)
vector("ms/ms-ver-clear", "Version 1 in all its claims", v1(JUNE, "ent-current"), "valid", absent="MS-VER")
vector("ms/ms-ver-near", "Optional claims copy a name of version 1", v2(JUNE, "ent-current", upn="robin@corp.example", appid=CLIENT), "valid",
       absent="MS-VER")
vector("ms/ms-ver-id-token-near", "An ID token has no client claim", id_v2(JUNE, "ent-current"), "valid", absent="MS-VER")

vector("ms/ms-kid-x5t-found", "x5t names another key than kid, and the issuer's own key signed it so: a note", v1(JUNE, "ent-current", head={"x5t": keys.kid("ent-2024")}), "valid",
       found="MS-KID-X5T")
vector("ms/ms-kid-x5t-edited-found", "x5t names another key than kid, and the claims were edited",
       v1(JUNE, "ent-current", head={"x5t": keys.kid("ent-2024")}, edited=v1(JUNE, "ent-current", scp="Payroll.Write").payload), "invalid",
       found="MS-KID-X5T SIG-BAD", **BROKEN)
vector("ms/ms-kid-x5t-clear", "kid and x5t are the same", v1(JUNE, "ent-current"), "valid", absent="MS-KID-X5T")
vector("ms/ms-kid-x5t-near", "x5t alone", v1(JUNE, "ent-current", head={"kid": None}), "valid", absent="MS-KID-X5T")

vector("ms/ms-rh-found", "tid and iss were edited, rh was forgotten", edited(v2, tid=OTHER_TENANT, iss=f"https://login.microsoftonline.com/{OTHER_TENANT}/v2.0"),
       "invalid", found="MS-RH SIG-BAD", **BROKEN)
vector("ms/ms-rh-unsigned-found", "The same, and no key at hand: no ground but this one", v2(JUNE, "ent-unlisted", rh=rh(OTHER_TENANT, API)), "suspicious",
       signature="unverified", found="MS-RH", history="empty")
vector("ms/ms-rh-app-found", "aud was edited, rh was forgotten", edited(v2, aud=OTHER_TENANT), "invalid", found="MS-RH", **BROKEN)
vector("ms/ms-rh-clear", "rh names the tenant and the resource", v2(JUNE, "ent-current"), "valid", absent="MS-RH")
vector("ms/ms-rh-near", "rh as documentation shows it", v2(JUNE, "ent-current", rh="I"), "valid", absent="MS-RH")
vector("ms/ms-rh-uri-near", "A URI as audience cannot be compared with a GUID", graph(JUNE, "ent-current"), "valid", absent="MS-RH")
vector("ms/ms-rh-signed-near", "rh names another tenant under the issuer's own key: a note", v2(JUNE, "ent-current", rh=rh(OTHER_TENANT, API)), "valid",
       found="MS-RH")

vector("ms/ms-uti-shape-found", "Claims were edited: uti is short by one", edited(v2, uti=uti(JUNE)[:-1]), "invalid", found="MS-UTI-SHAPE", **BROKEN)
vector("ms/ms-uti-shape-version-found", "Claims were edited: uti holds no random GUID", edited(v2, uti="A" * 22), "invalid", found="MS-UTI-SHAPE", **BROKEN)
vector("ms/ms-uti-shape-number-found", "Claims were edited: uti is a number", edited(v2, uti=7), "invalid", found="MS-UTI-SHAPE", **BROKEN)
vector("ms/ms-uti-shape-clear", "uti as the issuer makes it", v2(JUNE, "ent-current"), "valid", absent="MS-UTI-SHAPE")
vector("ms/ms-uti-shape-near", "No uti", v2(JUNE, "ent-current", uti=None), "valid", absent="MS-UTI-SHAPE")
vector("ms/ms-uti-shape-other-near", "Another provider's uti is its own affair", idp(JUNE, uti="7"), "valid", absent="MS-UTI-SHAPE")


# ---- wrappers and artefacts

def wrapper(tenant, inner, spoil=False, **claims):
    """A service acts for a user: the unsigned wrapper of an actor token."""
    inside = v1(JUNE, "ent-current", head={"kid": None}, aud=f"00000002-0000-0ff1-ce00-000000000000/outlook.example@{inner}",
                iss=f"00000001-0000-0000-c000-000000000000@{inner}", tid=None, scp=None, name=None, upn=None, unique_name=None,
                trustedfordelegation="true", signature=flipped if spoil else None)
    return Token({"typ": "JWT", "alg": "none"}, {"nameid": "10032000A1B2C3D4", "nii": "urn:federation:microsoftonline", "iss": f"{CLIENT}@{tenant}",
                                                 "aud": f"00000002-0000-0ff1-ce00-000000000000/outlook.example@{tenant}", "nbf": at(JUNE),
                                                 "exp": at(JUNE) + 3600, "actortoken": inside.make(None)[0], **claims}, None)


vector("ms/ms-actor-found", "One tenant's actor token in a wrapper for another tenant", wrapper(OTHER_TENANT, TENANT), "suspicious", signature="none",
       found="MS-ACTOR", absent="ALG-NONE")
vector("ms/ms-actor-clear", "No wrapper", v1(JUNE, "ent-current"), "valid", absent="MS-ACTOR")
vector("ms/ms-actor-near", "Wrapper and actor token are of one tenant, in other letters: a note", wrapper(TENANT.upper(), TENANT), "unverified",
       signature="none", found="MS-ACTOR", absent="ALG-NONE")

REFRESH = rh(TENANT, CLIENT) + "AgABAwEAAAB" + "kT3vQ9xW" * 24
vector("ms/ms-opaque-found", "A refresh token of Entra: tenant and client stand at its head", Text(REFRESH), "unverified", signature=None,
       found="MS-OPAQUE", seed=True)
COOKIE = Token({"alg": "HS256", "ctx": "kK3f4u1Yv0a9Rj2sW5xQm7Lp8Nc6Tb1Z"},
               {"refresh_token": REFRESH, "is_primary": "true", "request_nonce": "AwABEg"}, b"a key derived on the device")
vector("ms/ms-opaque-ticket-found", "A compact ticket", Text("EwBoA8l6BAAU" + "A" * 96 + "h/bQ+s2/AAE="), "unverified", signature=None,
       found="MS-OPAQUE")
vector("ms/ms-opaque-account-found", "A personal account's refresh token", Text("M.C505_BAY.0.U.-" + "Cm2xQ!t7Hn*R4vKp$" * 6), "unverified",
       signature=None, found="MS-OPAQUE")
vector("ms/ms-opaque-clear", "An access token", v2(JUNE, "ent-current"), "valid", absent="MS-OPAQUE")
vector("ms/ms-opaque-near", "Another opaque token that begins alike", Text("EwA" + "b7" * 14), "unverified", signature=None, absent="MS-OPAQUE")

vector("ms/ms-opaque-cookie-found", "A primary refresh token cookie", COOKIE, "unverified", signature="unverified", found="MS-OPAQUE")
vector("ms/ms-opaque-new-found", "A refresh token of Entra of the newer form", Text("1" + REFRESH[1:]), "unverified", signature=None,
       found="MS-OPAQUE")

# ---- keys of applications, clients of the family, second factors

vector("ms/ms-appkey-found", "No set of the tenant lists the key, and the audience is an application", v2(JUNE, "ent-unlisted"), "unverified",
       signature="unverified", found="MS-APPKEY", absent="KEY-UNKNOWN", unknown="SIG-BAD")
vector("ms/ms-appkey-given-found", "The same, and the examiner has the application's key", v2(JUNE, "ent-unlisted"), "valid",
       found="MS-APPKEY", absent="KEY-UNKNOWN", keys=[keys.pub("ent-unlisted")])
vector("ms/ms-appkey-near", "The audience is Microsoft's own, which takes no application's key",
       v1(JUNE, "ent-unlisted", aud="https://graph.microsoft.com", resource="00000003-0000-0000-c000-000000000000"), "suspicious",
       signature="unverified", found="KEY-UNKNOWN", absent="MS-APPKEY")
vector("ms/ms-appkey-gap-near", "No sets of those days were kept: nothing says that the key is missing", v1("2024-07-15", "ent-unlisted"), "unverified",
       signature="unverified", absent="MS-APPKEY", unknown="KEY-UNKNOWN")
vector("ms/ms-appkey-clear", "A key that the sets list", v2(JUNE, "ent-current"), "valid", absent="MS-APPKEY")

vector("ms/ms-kid-x5t-other-found", "A key that Entra publishes verifies, and the header calls it by another name",
       v2(JUNE, "ent-current", head={"kid": "bW9kZXJuIGtpZCBvZiBub2JvZHk"}), "suspicious", found="MS-KID-X5T SIG-OTHERKEY")

CLI, TEAMS, EXCHANGE = "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "1fec8e78-bce4-4aaf-ab1b-5451cc387264", "https://outlook.office365.com"
vector("ms/ms-foci-found", "The command line of Azure has a token for mailboxes", v1(JUNE, "ent-current", aud=EXCHANGE, appid=CLI, rh=None), "valid",
       found="MS-FOCI")
vector("ms/ms-foci-site-found", "The command line of Azure has a token for a site of SharePoint",
       v1(JUNE, "ent-current", aud="https://corp.sharepoint.com/", appid=CLI, rh=None), "valid", found="MS-FOCI")
vector("ms/ms-foci-azure-found", "Teams has a token for the management of Azure",
       v1(JUNE, "ent-current", aud="https://management.core.windows.net/", appid=TEAMS, rh=None), "valid", found="MS-FOCI")
vector("ms/ms-foci-clear", "Teams has a token for mailboxes", v1(JUNE, "ent-current", aud=EXCHANGE, appid=TEAMS, rh=None), "valid", absent="MS-FOCI")
vector("ms/ms-foci-near", "The command line of Azure has a token for Graph, as both sides do",
       v1(JUNE, "ent-current", aud="https://graph.microsoft.com", appid=CLI, rh=None), "valid", absent="MS-FOCI")
vector("ms/ms-foci-stranger-near", "A client that is none of the family has a token for mailboxes", v1(JUNE, "ent-current", aud=EXCHANGE, rh=None),
       "valid", absent="MS-FOCI")

vector("ms/ms-mfa-found", "A password alone, and a second factor is asked for", v1(JUNE, "ent-current", amr=["pwd"]), "valid", found="MS-MFA",
       require_mfa=True)
vector("ms/ms-mfa-other-found", "The same at another provider", idp(JUNE, amr=["pwd"]), "valid", found="MS-MFA", require_mfa=True)
vector("ms/ms-mfa-clear", "A password and a second factor", v1(JUNE, "ent-current"), "valid", absent="MS-MFA", require_mfa=True)
vector("ms/ms-mfa-near", "A token of version 2, which does not say how its user signed in", v2(JUNE, "ent-current"), "valid", absent="MS-MFA",
       unknown="MS-MFA", require_mfa=True)
vector("ms/ms-mfa-several-near", "Another provider lists two methods, and does not sum them up", idp(JUNE, amr=["pwd", "otp"]), "valid",
       absent="MS-MFA", unknown="MS-MFA", require_mfa=True)
vector("ms/ms-mfa-app-near", "An application that acts by itself", app(JUNE, "ent-current"), "valid", absent="MS-MFA", require_mfa=True)
vector("ms/ms-mfa-unasked-near", "A password alone, and nobody asks", v1(JUNE, "ent-current", amr=["pwd"]), "valid", absent="MS-MFA")

# ---- an application by itself, and what a user delegated

vector("ms/ms-idtyp-found", "An application's token to which a scope was added", edited(app, scp="Mail.ReadWrite"), "invalid", found="MS-IDTYP SIG-BAD",
       **BROKEN)
vector("ms/ms-idtyp-unsigned-found", "The same, and no key at hand", app(JUNE, "ent-unlisted", scp="Mail.ReadWrite"), "suspicious",
       signature="unverified", found="MS-IDTYP", history="empty")
vector("ms/ms-idtyp-signed-found", "The same under the issuer's own key: a note", app(JUNE, "ent-current", scp="Mail.Read"), "valid", found="MS-IDTYP")
vector("ms/ms-idtyp-clear", "An application's token", app(JUNE, "ent-current", roles=["Mail.Read"]), "valid", absent="MS-IDTYP")
vector("ms/ms-idtyp-near", "A user who has roles at the application", v1(JUNE, "ent-current", idtyp="user", roles=["Clerk"]), "valid", absent="MS-IDTYP")
vector("ms/ms-idtyp-empty-near", "An application's token with an empty scope", app(JUNE, "ent-current", scp=" "), "valid", absent="MS-IDTYP")
vector("ms/ms-idtyp-unknown-near", "A user with roles, and no key at hand", v1(JUNE, "ent-unlisted", idtyp="user", roles=["Clerk"]), "unverified",
       signature="unverified", absent="MS-IDTYP", history="empty")

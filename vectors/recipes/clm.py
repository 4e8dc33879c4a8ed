# SPDX-License-Identifier: Apache-2.0
"""Times, issuers and audiences: what the claims say against the clock, against each other, and against what was asked for."""

import hashlib
import json

from . import keys
from .corpus import NOW, given, vector
from .keys import b64url, pub
from .tokens import API, CLIENT, HOUSE, OTHER_TENANT, TENANT, Token, at, consumer, graph, house, id_v2, idp, rewritten, v1, v2

JUNE = "2026-06-01"
START = at(JUNE)
END = START + 3600
TODAY = at(NOW)
KEY = pub("house-rsa")
LEEWAY = 300


def token(**claims):
    return house("house-rsa", "RS256", **claims)


def judged(name, about, made, verdict, **members):
    given(name, about, made, verdict, KEY, **members)


# ---- expired when it was seen: a note, for age makes nothing invalid

judged("clm/clm-exp-found", "Seen a day after it had expired", token(), "valid", seen=END + 86400, found="CLM-EXP", seed=True)
judged("clm/clm-exp-edge-found", "Seen a second beyond what clocks may differ by", token(), "valid", seen=END + LEEWAY + 1, found="CLM-EXP")
judged("clm/clm-exp-no-leeway-edge-found", "Seen a second after it had expired, and clocks may not differ", token(), "valid", seen=END + 1,
       leeway=0,
       found="CLM-EXP")
judged("clm/clm-exp-long-leeway-edge-found", "Seen a second beyond an hour, and clocks may differ by an hour", token(), "valid",
       seen=END + 3601, leeway=3600,
       found="CLM-EXP")
vector("clm/clm-exp-microsoft-found", "An enterprise token, seen two hours after it had expired", v2(JUNE, "ent-current"), "valid",
       seen=START + 4364 + 7200, found="CLM-EXP", absent="KEY-STALE-USE")
vector("clm/clm-exp-edited-found", "Expired when it was seen, and edited", token(edited=token(scope="all").payload), "invalid", signature="failed",
       history=None, keys=[KEY], seen=END + 86400, found="CLM-EXP SIG-BAD")
judged("clm/clm-exp-clear", "Seen while it was valid", token(), "valid", seen=START + 60, absent="CLM-EXP CLM-NBF CLM-IAT-FUT CLM-NOEXP")
judged("clm/clm-exp-near", "Seen a second before it expired", token(), "valid", seen=END - 1, absent="CLM-EXP")
judged("clm/clm-exp-unseen-near", "Long expired by now, but nobody says when it was seen", token(), "valid", absent="CLM-EXP",
       now="2030-01-01T00:00:00Z")
judged("clm/clm-exp-fraction-near", "Seen in the second in whose middle it expired", token(exp=END + 0.5), "valid", seen=END, absent="CLM-EXP")
judged("clm/clm-exp-far-near", "It never expires in our lifetime", token(exp=253402300799), "valid", seen=START, absent="CLM-EXP CLM-NOEXP")

# ---- no end at all

judged("clm/clm-noexp-found", "No exp: valid for ever", token(exp=None), "valid", found="CLM-NOEXP", absent="CLM-EXP")
vector("clm/clm-noexp-microsoft-found", "An enterprise token without exp", v2(JUNE, "ent-current", exp=None), "valid", found="CLM-NOEXP")
judged("clm/clm-noexp-elsewhere-found", "exp stands in another claim, where nobody looks", token(exp=None, act={"exp": END}), "valid",
       found="CLM-NOEXP")
judged("clm/clm-noexp-case-found", "Names of claims are case-sensitive: EXP is not exp", token(exp=None, EXP=END), "valid", found="CLM-NOEXP")
judged("clm/clm-noexp-clear", "An ordinary token", token(jti="another"), "valid", absent="CLM-NOEXP")
judged("clm/clm-noexp-near", "exp is there, but as a string, which is another finding", token(exp=str(END)), "valid", found="CLM-ORDER",
       absent="CLM-NOEXP")
for typ in ("secevent+jwt", "token-introspection+jwt"):
    given(f"clm/clm-noexp-{typ.replace('+', '-')}-near", "A kind of JWT of which the standard wants no exp",
          Token({"alg": "RS256", "kid": keys.kid("idp"), "typ": typ}, {"iss": "https://login.corp.example", "aud": "web", "iat": at("2026-06-01"), "jti": "5"}, "idp"),
          "valid", pub("idp"), absent="CLM-NOEXP")
judged("clm/clm-noexp-zero-near", "exp is there, and is zero", token(exp=0, iat=None, nbf=None), "valid", absent="CLM-NOEXP")

# ---- not valid yet

judged("clm/clm-nbf-found", "Not valid before tomorrow", token(nbf=TODAY + 86400, exp=TODAY + 90000), "valid", found="CLM-NBF",
       absent="CLM-IAT-FUT CLM-ORDER")
judged("clm/clm-nbf-edge-found", "A second beyond what clocks may differ by", token(nbf=TODAY + LEEWAY + 1, exp=TODAY + 90000), "valid",
       found="CLM-NBF")
judged("clm/clm-nbf-no-leeway-edge-found", "Valid in a second, and clocks may not differ", token(nbf=TODAY + 1, exp=TODAY + 90000), "valid",
       leeway=0,
       found="CLM-NBF")
judged("clm/clm-nbf-seen-found", "Seen an hour before it was valid", token(nbf=START + 3600, exp=START + 7200), "valid", seen=JUNE + "T00:00:00Z",
       found="CLM-NBF")
judged("clm/clm-nbf-seen-edge-found", "Seen a second more before it was valid than clocks may differ by", token(nbf=START + LEEWAY + 1),
       "valid", seen=START, found="CLM-NBF")
judged("clm/clm-nbf-clear", "Valid since months", token(sub="kim"), "valid", absent="CLM-NBF")
judged("clm/clm-nbf-near", "Not valid yet by as much as clocks may differ by", token(nbf=TODAY + LEEWAY, exp=TODAY + 90000), "valid",
       absent="CLM-NBF")
judged("clm/clm-nbf-seen-near", "Seen before it was valid by as much as clocks may differ by", token(nbf=START + LEEWAY), "valid",
       seen=START, absent="CLM-NBF")
judged("clm/clm-nbf-long-leeway-near", "Not valid for ten minutes, and clocks may differ by ten minutes",
       token(nbf=TODAY + 600, exp=TODAY + 90000), "valid",
       leeway=600, absent="CLM-NBF")
judged("clm/clm-nbf-absent-near", "No nbf", token(nbf=None), "valid", absent="CLM-NBF")
judged("clm/clm-nbf-zero-near", "nbf is zero, as some servers write it", token(nbf=0), "valid", absent="CLM-NBF CLM-ORDER")

# ---- made in the future

LATER = dict(nbf=None, exp=TODAY + 900000)
judged("clm/clm-iat-fut-found", "Made tomorrow", token(iat=TODAY + 86400, **LATER), "suspicious", found="CLM-IAT-FUT",
       absent="CLM-NBF CLM-ORDER", seed=True)
judged("clm/clm-iat-fut-edge-found", "Made a second later than clocks may differ by", token(iat=TODAY + LEEWAY + 1, **LATER), "suspicious",
       found="CLM-IAT-FUT")
judged("clm/clm-iat-fut-no-leeway-edge-found", "Made a second from now, and clocks may not differ", token(iat=TODAY + 1, **LATER),
       "suspicious", leeway=0, found="CLM-IAT-FUT")
judged("clm/clm-iat-fut-seen-found", "Seen an hour before it was made", token(iat=START + 3600, nbf=None, exp=START + 7200), "suspicious",
       seen=JUNE + "T00:00:00Z", found="CLM-IAT-FUT")
judged("clm/clm-iat-fut-seen-edge-found", "Seen a second more before it was made than clocks may differ by",
       token(iat=START + LEEWAY + 1, nbf=None), "suspicious", seen=START, found="CLM-IAT-FUT")
vector("clm/clm-iat-fut-unverified-found", "Made in the year 2030, by nobody we know",
       token(iat=at("2030-01-01"), nbf=None, exp=at("2030-01-02")), "suspicious",
       signature="unverified", found="CLM-IAT-FUT", unknown="SIG-BAD", history=None)
judged("clm/clm-iat-fut-clear", "Made months ago", token(aud="billing"), "valid", absent="CLM-IAT-FUT")
judged("clm/clm-iat-fut-near", "Made later than now by as much as clocks may differ by", token(iat=TODAY + LEEWAY, **LATER), "valid",
       absent="CLM-IAT-FUT")
judged("clm/clm-iat-fut-seen-near", "Made later than it was seen by as much as clocks may differ by", token(iat=START + LEEWAY, nbf=None),
       "valid", seen=START, absent="CLM-IAT-FUT")
judged("clm/clm-iat-fut-long-leeway-near", "Made in ten minutes, and clocks may differ by ten minutes", token(iat=TODAY + 600, **LATER),
       "valid", leeway=600, absent="CLM-IAT-FUT")
judged("clm/clm-iat-fut-now-near", "Made this very second", token(iat=TODAY, **LATER), "valid", leeway=0, absent="CLM-IAT-FUT CLM-NBF")

# ---- times that contradict each other, or are none

MILLI = {"iat": START * 1000, "nbf": START * 1000, "exp": END * 1000}
for case, claims, about in (
        ("", dict(nbf=START, exp=START - 10), "Over before it begins"),
        ("-edge", dict(nbf=START, exp=START), "Over in the second in which it begins"),
        ("-iat", dict(iat=END + 60), "Made after it was over"), ("-iat-edge", dict(iat=END + 1), "Made a second after it was over"),
        ("-negative", dict(iat=-1), "Made before 1970"), ("-negative-exp", dict(iat=None, nbf=None, exp=-1), "Over before 1970"),
        ("-milliseconds", MILLI, "Milliseconds in the place of seconds"),
        ("-milliseconds-exp", dict(exp=END * 1000), "exp alone in milliseconds"),
        ("-fraction", dict(iat=START + 0.5), "Made in the middle of a second"),
        ("-text", dict(iat=str(START)), "A string in the place of a number"),
        ("-date", dict(nbf="2026-06-01T00:00:00Z"), "A date in the place of a number"),
        ("-true", dict(nbf=True), "true in the place of a number"), ("-list", dict(iat=[START]), "A list in the place of a number")):
    judged(f"clm/clm-order{case}-found", about, token(**claims), "valid", found="CLM-ORDER", absent="CLM-NOEXP CLM-NBF CLM-IAT-FUT",
           seed=case == "-milliseconds")
judged("clm/clm-order-clear", "Made, valid, and over in that order", token(scope="read write"), "valid", absent="CLM-ORDER")
judged("clm/clm-order-near", "Valid for one second", token(nbf=START, exp=START + 1), "valid", absent="CLM-ORDER")
judged("clm/clm-order-iat-near", "Made in the second in which it is over", token(iat=END, nbf=None), "valid", absent="CLM-ORDER")
judged("clm/clm-order-nbf-before-near", "Valid five minutes before it was made, for clocks that differ", token(nbf=START - 300), "valid",
       absent="CLM-ORDER")
judged("clm/clm-order-nbf-after-near", "Valid only an hour after it was made", token(nbf=START + 3600, exp=START + 7200), "valid",
       absent="CLM-ORDER CLM-NBF")
judged("clm/clm-order-1970-near", "Made in the first second of 1970", token(iat=0), "valid", absent="CLM-ORDER")
judged("clm/clm-order-far-near", "Over in the year 9999, which is no number of milliseconds", token(exp=253402300799), "valid", absent="CLM-ORDER")
judged("clm/clm-order-other-claim-near", "Another claim counts in milliseconds", token(auth_time=START, lastLogin=START * 1000), "valid",
       absent="CLM-ORDER")

# ---- an issuer that the policy does not allow

judged("clm/clm-iss-found", "The issuer is another than the one asked for", token(), "invalid", issuer="https://id.other.example", found="CLM-ISS",
       absent="CLM-ISS-PART SIG-BAD", seed=True)
judged("clm/clm-iss-missing-found", "An issuer is asked for, and the token names none", token(iss=None), "invalid", issuer=HOUSE, found="CLM-ISS",
       absent="CLM-ISS-PART")
judged("clm/clm-iss-empty-found", "An issuer is asked for, and the token names an empty one", token(iss=""), "invalid", issuer=HOUSE,
       found="CLM-ISS")
judged("clm/clm-iss-number-found", "An issuer is asked for, and the token names a number", token(iss=5), "invalid", issuer=HOUSE, found="CLM-ISS")
vector("clm/clm-iss-other-tenant-found", "A genuine token of one tenant where another tenant's issuer is asked for",
       v2(JUNE, "ent-current"), "invalid",
       issuer=f"https://login.microsoftonline.com/{OTHER_TENANT}/v2.0", found="CLM-ISS", absent="MS-TID-ISS SIG-BAD")
vector("clm/clm-iss-version-found", "The issuer of version 1 where the one of version 2 is asked for", v1(JUNE, "ent-current"), "invalid",
       issuer=f"https://login.microsoftonline.com/{TENANT}/v2.0", found="CLM-ISS")
vector("clm/clm-iss-tenant-found", "A genuine token of another tenant than the one asked for", v2(JUNE, "ent-current"), "invalid",
       tenant=OTHER_TENANT,
       found="CLM-ISS")
NEAR_TENANT = TENANT[:-1] + "2"
vector("clm/clm-iss-tenant-one-digit-found", "A tenant that differs in its last digit from the one asked for",
       v2(JUNE, "ent-current", tenant=NEAR_TENANT), "invalid", tenant=TENANT, found="CLM-ISS", absent="MS-TID-ISS")
vector("clm/clm-iss-tenant-consumer-found", "A personal account where a tenant is asked for", consumer("2024-07-15", "msa-2024"), "invalid",
       tenant=TENANT,
       found="CLM-ISS")
vector("clm/clm-iss-tenant-none-found", "A tenant is asked for, and the issuer has none", idp(JUNE), "invalid", tenant=TENANT, found="CLM-ISS")
judged("clm/clm-iss-clear", "The issuer is the one asked for", token(), "valid", issuer=HOUSE, absent="CLM-ISS CLM-ISS-PART")
vector("clm/clm-iss-near", "No issuer is asked for, so that none is wrong", idp(JUNE, "idp", sub="another"), "valid", absent="CLM-ISS CLM-ISS-PART")
vector("clm/clm-iss-tenant-near", "The tenant asked for", v1(JUNE, "ent-current"), "valid", tenant=TENANT, absent="CLM-ISS CLM-ISS-PART")
vector("clm/clm-iss-tenant-case-near", "The tenant asked for, in capitals: a GUID has no case", v2(JUNE, "ent-current"), "valid",
       tenant=TENANT.upper(),
       absent="CLM-ISS CLM-ISS-PART")
vector("clm/clm-iss-microsoft-near", "The issuer asked for, tenant and all", v2(JUNE, "ent-current"), "valid",
       issuer=f"https://login.microsoftonline.com/{TENANT}/v2.0", tenant=TENANT, audience=API, absent="CLM-ISS CLM-ISS-PART CLM-AUD")
vector("clm/clm-iss-guest-near", "A guest of the tenant asked for comes from another one",
       v1(JUNE, "ent-current", idp=f"https://sts.windows.net/{OTHER_TENANT}/"), "valid", tenant=TENANT, absent="CLM-ISS")

# ---- an issuer that is nearly the one asked for, and not met either

for case, issuer, about in (("", HOUSE + ".evil.example", "It begins with the one asked for"),
                            ("-path", HOUSE + "/evil", "It begins with it, up to a slash"),
                            ("-substring", "https://evil.example/?" + HOUSE, "It ends in the one asked for"),
                            ("-slash", HOUSE + "/", "A slash more"), ("-case", "https://ID.corp.example", "Other case"),
                            ("-array", [HOUSE], "A list that holds the one asked for"),
                            ("-array-two", ["https://evil.example", HOUSE], "A list that holds it, behind another"),
                            ("-prefix", HOUSE[:-4], "It is the beginning of the one asked for")):
    judged(f"clm/clm-iss-part{case}-found", about, token(iss=issuer), "invalid", issuer=HOUSE, found="CLM-ISS-PART", absent="SIG-BAD",
           seed=case == "-array")
MICROSOFT = f"https://login.microsoftonline.com/{TENANT}/v2.0"
for case, issuer, about in (("-host", f"https://login.microsoftonline.com.evil.example/{TENANT}/v2.0", "A host that begins with Microsoft's"),
                            ("-query", f"https://evil.example/?{MICROSOFT}", "An address that holds Microsoft's"),
                            ("-capitals", MICROSOFT.replace("login", "LOGIN"), "Microsoft's issuer in other case"),
                            ("-list", [MICROSOFT], "A list that holds Microsoft's issuer")):
    vector(f"clm/clm-iss-part-microsoft{case}-found", f"{about}, and no key at hand", v2(JUNE, "ent-unlisted", iss=issuer), "suspicious",
           signature=None, found="CLM-ISS-PART", absent="KEY-UNKNOWN")
vector("clm/clm-iss-part-microsoft-slash-found", "Microsoft's issuer of version 2 with a slash more",
       v2(JUNE, "ent-current", iss=MICROSOFT + "/"), "suspicious", found="CLM-ISS-PART", absent="KEY-WRONG-ISS MS-TID-ISS")
vector("clm/clm-iss-part-microsoft-no-slash-found", "Microsoft's issuer of version 1 without its slash",
       v1(JUNE, "ent-current", iss=f"https://sts.windows.net/{TENANT}"), "suspicious", found="CLM-ISS-PART", absent="KEY-WRONG-ISS MS-TID-ISS")
vector("clm/clm-iss-part-clear", "Microsoft's issuer of version 1", v1(JUNE, "ent-current", scp="Payroll.Write"), "valid", absent="CLM-ISS-PART")
vector("clm/clm-iss-part-near", "A tenant's own sign-in domain: unlike Microsoft's", v2(JUNE, "ent-current", host="corp.ciamlogin.example"),
       "unverified", absent="CLM-ISS-PART")
judged("clm/clm-iss-part-slash-asked-near", "An issuer with a slash at its end, as it was asked for", token(iss=HOUSE + "/"), "valid",
       issuer=HOUSE + "/",
       absent="CLM-ISS CLM-ISS-PART")
judged("clm/clm-iss-part-unasked-near", "An issuer with a slash at its end, and nobody asked for one", token(iss=HOUSE + "/"), "valid",
       absent="CLM-ISS CLM-ISS-PART")

# ---- an audience that the policy does not allow, or none

for case, claim, about in (("", "billing", "The audience is another than the one asked for"),
                           ("-missing", None, "An audience is asked for, and the token has none"),
                           ("-empty", "", "An audience is asked for, and the token's is empty"),
                           ("-empty-list", [], "An audience is asked for, and the token's is an empty list"),
                           ("-wildcard", "*", "An audience is asked for, and the token's is a wildcard"),
                           ("-list", ["billing", "sales"], "A list of others"), ("-case", "Payroll", "The one asked for, in other case"),
                           ("-prefix", "payroll-test", "It begins with the one asked for"),
                           ("-part", "pay", "It is the beginning of the one asked for"),
                           ("-slash", "payroll/", "A slash more"), ("-space", "payroll billing", "Two in one string, with a space between"),
                           ("-number", 5, "A number"), ("-object", {"payroll": True}, "An object"), ("-nested", [["payroll"]], "A list in a list")):
    judged(f"clm/clm-aud{case}-found", about, token(aud=claim), "invalid", audience="payroll", found="CLM-AUD", absent="CLM-ISS SIG-BAD",
           seed=case == "-nested")
vector("clm/clm-aud-microsoft-found", "A genuine token for Microsoft Graph where one for an API is asked for", graph(JUNE, "ent-current"),
       "invalid",
       audience=API, found="CLM-AUD")
for case, claim, about in (("-unasked-missing", None, "No audience at all, and none is asked for"),
                           ("-unasked-empty", "", "An empty audience, and none is asked for"),
                           ("-unasked-wildcard", "*", "A wildcard, and none is asked for")):
    judged(f"clm/clm-aud{case}-found", about + ": a note", token(aud=claim), "valid", found="CLM-AUD")
judged("clm/clm-aud-clear", "The audience is the one asked for", token(), "valid", audience="payroll", absent="CLM-AUD")
judged("clm/clm-aud-near", "A list that holds the one asked for", token(aud=["billing", "payroll"]), "valid", audience="payroll", absent="CLM-AUD")
judged("clm/clm-aud-one-near", "A list with nothing else", token(aud=["payroll"]), "valid", audience="payroll", absent="CLM-AUD")
judged("clm/clm-aud-unasked-near", "None is asked for, so that none is wrong", token(aud="anything"), "valid", absent="CLM-AUD")
judged("clm/clm-aud-escaped-near", "The one asked for behind a JSON escape",
       rewritten(token(), "payload", b'"payroll"', b'"p\\u0061yroll"'), "valid",
       audience="payroll", absent="CLM-AUD")
vector("clm/clm-aud-id-token-near", "An ID token's audience is its client", id_v2(JUNE, "ent-current"), "valid", audience=CLIENT, absent="CLM-AUD")

# ---- what follows from what the token is

def own(vector_name, about, verdict="valid", head=None, **expected):
    """A token of a company's own service; what is no expectation is a claim."""
    words = ("found", "absent", "unknown", "signature")
    given("clm/" + vector_name, about, house("house-rsa", "RS256", head=head, **{claim: value for claim, value in expected.items() if claim not in words}), verdict,
          KEY, **{word: value for word, value in expected.items() if word in words})


own("clm-life-found", "It lives for two years", exp=START + 2 * 366 * 86400, found="CLM-LIFE")
own("clm-life-edge-found", "A second over a year", exp=START + 366 * 86400 + 1, found="CLM-LIFE")
own("clm-life-near", "A year to the day", exp=START + 366 * 86400, absent="CLM-LIFE")
own("clm-life-clear", "An hour", absent="CLM-LIFE")

vector("clm/clm-aud-form-found", "Version 2, and its audience is an address; nobody has the key", v2("2026-06-01", "ent-unlisted", aud="https://api.corp.example"),
       "unverified", signature="unverified", found="CLM-AUD-FORM", history="empty")
vector("clm/clm-aud-form-note-near", "The same under the issuer's own key", v2("2026-06-01", "ent-current", aud="https://api.corp.example"), "valid", found="CLM-AUD-FORM")
own("clm-aud-form-number-found", "An audience that is a number", aud=7, found="CLM-AUD-FORM")
own("clm-aud-form-mixed-found", "An audience among which is a number", aud=["api", 7], found="CLM-AUD-FORM")
own("clm-aud-form-near", "A company's audience may be any text, or several", aud=["https://api.corp.example", "api"], absent="CLM-AUD-FORM")
vector("clm/clm-aud-form-clear", "The id of an application", v2("2026-06-01", "ent-current"), "valid", absent="CLM-AUD-FORM")

AT = {"typ": "at+jwt"}
own("clm-sub-found", "A standard access token that is about nobody", head=AT, sub=None, client_id="web", found="CLM-SUB")
own("clm-sub-iss-found", "Its subject is its issuer", head=AT, sub=HOUSE, client_id="web", found="CLM-SUB")
own("clm-sub-client-found", "Its subject is the client, and a person has a mail address in it", head=AT, sub="web", client_id="web", email="robin@corp.example",
    found="CLM-SUB")
own("clm-sub-near", "A client that acts for itself", head=AT, sub="web", client_id="web", absent="CLM-SUB")
own("clm-sub-clear", "About a person", head=AT, sub="robin", client_id="web", absent="CLM-SUB")

# ---- texts that something is looked up by

for case, claims in (("", {"sub": "robin' or '1'='1"}), ("-union", {"email": "x' union select name from users--"}), ("-comment", {"sub": "robin'--"}),
                     ("-shell", {"sub": "robin; curl evil.example"}), ("-shell-inner", {"preferred_username": "$(id)"}), ("-ldap", {"sub": "*)(uid=*))(|(uid=*"}),
                     ("-template", {"email": "{{7*7}}@corp.example"}), ("-path", {"sub": "../../etc/passwd"}), ("-role", {"roles": ["reader", "x' or 1=1"]})):
    own(f"clm-inj{case}-found", "A claim that is written for whatever looks it up", found="CLM-INJ", **claims)
for case, claims in (
        ("", {"sub": "Sean O'Connor"}), ("-quotes", {"sub": 'Robin "or" Bobby'}), ("-union", {"sub": "L'Union des femmes"}), ("-company", {"sub": "Smith & Sons; Ltd"}),
        ("-plus", {"email": "robin+lists@corp.example"}), ("-directory", {"sub": "CN=Robin (Sales),OU=People,DC=corp,DC=example"}), ("-domain", {"sub": "CORP\\robin"}),
        ("-kubernetes", {"sub": "system:serviceaccount:shop:cart"}), ("-spiffe", {"sub": "spiffe://corp.example/ns/shop/sa/cart"}),
        ("-github", {"sub": "repo:corp/shop:ref:refs/heads/main"}), ("-pull", {"sub": "repo:corp/shop:pull_request"}), ("-pipe", {"sub": "auth0|5f7c8ec7c33c6c004bbafe82"}),
        ("-google", {"sub": "google-oauth2|103547991597142817347"}), ("-template", {"sub": "{tenantid}"}), ("-scopes", {"scope": "openid email read:users update:users"}),
        ("-arn", {"sub": "arn:aws:sts::123456789012:assumed-role/Admin/robin@corp.example"}), ("-drop", {"preferred_username": "o'drop@corp.example"})):
    own(f"clm-inj{case}-near", "An honest claim that looks a little like it", absent="CLM-INJ", **claims)
own("clm-inj-clear", "Plain claims", absent="CLM-INJ")

own("clm-pii-found", "A password stands in it", password="correct horse battery", found="CLM-PII")
own("clm-pii-card-found", "A card's number, of those for tests", card_number="4111 1111 1111 1111", found="CLM-PII")
own("clm-pii-key-found", "The beginning of a private key", note="-----BEGIN PRIVATE KEY-----MIIB", found="CLM-PII")
own("clm-pii-service-found", "A key of a service, made up", note="AKIA" + "EXAMPLE7" * 2, found="CLM-PII")
own("clm-pii-near", "A number with a wrong check digit, and when a word expires", card_number="4111 1111 1111 1112", pwd_exp="1780275600", absent="CLM-PII")
own("clm-pii-clear", "A name and an address", name="Robin Example", email="robin@corp.example", absent="CLM-PII")

vector("clm/clm-priv-found", "A global administrator", v2("2026-06-01", "ent-current", wids=["62e90394-69f5-4237-9190-012177145e10"]), "valid", found="CLM-PRIV")
vector("clm/clm-priv-permission-found", "An application that may change the whole directory", v2("2026-06-01", "ent-current", roles=["Directory.ReadWrite.All"]), "valid",
       found="CLM-PRIV")
own("clm-priv-service-found", "The master role of a platform", role="service_role", found="CLM-PRIV")
vector("clm/clm-priv-near", "What every user has, and a role that an application made up",
       v2("2026-06-01", "ent-current", wids=["b79fbf4d-3ef9-4689-8143-76b194e85509"], roles=["Payroll.Reader"]), "valid", absent="CLM-PRIV")
own("clm-priv-clear", "A scope", absent="CLM-PRIV")

own("clm-cnf-found", "cnf names no key", cnf={}, found="CLM-CNF")
own("clm-cnf-near", "Bound to a key: a note", cnf={"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}, found="CLM-CNF")
own("clm-cnf-clear", "Bound to nothing", absent="CLM-CNF")

# ---- what came with it


def in_response(code=None, seen=None, **claims):
    """
    An ID token in a response with an access token and perhaps a code, whose digests it holds unless claims say others; seen are members
    of the response as the evidence has them.
    """
    access = "2YotnFZFEjr1zCsicMWpAA"
    def half(text):
        return b64url(hashlib.sha256(text.encode()).digest()[:16])
    claims = {"at_hash": half(access), **({"c_hash": half(code)} if code else {}), **claims}
    def wrap(text):
        return json.dumps({"access_token": access, "token_type": "Bearer", "id_token": text, **({"code": code} if code else {}), **(seen or {})})
    return idp("2026-06-01", wrap=wrap, **claims)


given("clm/clm-hash-found", "The digest of another access token", in_response(at_hash=b64url(bytes(16))), "invalid", pub("idp"), found="CLM-HASH")
given("clm/clm-hash-code-found", "The digest of another code", in_response(code="SplxlOBeZQQYbYS6WxSbIA", c_hash=b64url(bytes(16))), "invalid", pub("idp"), found="CLM-HASH")
given("clm/clm-hash-near", "Both digests are right", in_response(code="SplxlOBeZQQYbYS6WxSbIA"), "valid", pub("idp"), absent="CLM-HASH")
given("clm/clm-hash-alone-near", "A digest, and nothing that came with it", idp("2026-06-01", at_hash=b64url(bytes(16))), "valid", pub("idp"), absent="CLM-HASH")
for case, mask in (("redacted", "[REDACTED]"), ("asterisks", "***"), ("x", "xxxxxxxx"), ("empty", ""), ("place", "<token>"), ("begin", "ya29.***")):
    given(f"clm/clm-hash-masked-{case}-near", f"The access token was masked: {mask or 'nothing is left'}", in_response(seen={"access_token": mask}),
          "valid", pub("idp"), absent="CLM-HASH", unknown="CLM-HASH")
given("clm/clm-hash-masked-code-near", "The code was masked", in_response(code="SplxlOBeZQQYbYS6WxSbIA", seen={"code": "REMOVED"}), "valid", pub("idp"),
      absent="CLM-HASH", unknown="CLM-HASH")
for case, length in (("signature", -300), ("claims", 150)):
    code = idp("2026-06-01").make(None)[0]
    given(f"clm/clm-hash-cut-{case}-near", f"The code is a token that was cut in its {case}", in_response(code=code, seen={"code": code[:length]}),
          "valid", pub("idp"), absent="CLM-HASH", unknown="CLM-HASH")
given("clm/clm-hash-other-token-found", "The code is a whole token, and another one",
      in_response(code=idp("2026-06-01").make(None)[0], seen={"code": idp("2026-06-02").make(None)[0]}), "invalid", pub("idp"), found="CLM-HASH")
for member, value in (("expires_at", END), ("profile", {"sub": "110169484474386276334"})):
    given(f"clm/clm-hash-store-{member.replace('_', '-')}-near", "What a client keeps: the access token was renewed, and the ID token was not",
          in_response(seen={"access_token": "SlAV32hkKG-renewed", member: value}), "valid", pub("idp"), found="CLM-HASH")
given("clm/clm-hash-clear", "No digest, and nothing that came with it", idp("2026-06-01"), "valid", pub("idp"), absent="CLM-HASH")


given("clm/clm-iss-part-google-events-near", "Google's security events have a slash at the end of their issuer",
      Token({"alg": "RS256", "kid": keys.kid("idp"), "typ": "secevent+jwt"},
            {"iss": "https://accounts.google.com/", "aud": "web", "iat": at("2026-06-01"), "jti": "756E69717565",
             "events": {"https://schemas.openid.net/secevent/risc/event-type/account-disabled": {}}}, "idp"), "valid", pub("idp"),
      absent="CLM-ISS-PART")

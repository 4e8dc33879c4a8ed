# SPDX-License-Identifier: Apache-2.0
"""Was the key entitled to sign for that issuer, then and when the token was seen?"""

from . import keys
from .corpus import given, vector
from .keys import pub
from .tokens import GRAPH, OTHER_TENANT, Text, at, consumer, house, idp, v1, v2

JUNE = "2026-06-01"

# ---- retired: ent-retired was last listed on 2025-11-15 at 00:00, and first lacking at 12:00

vector("key/key-retired-found", "A token dated five days after its key had left every published set", v2("2025-11-20", "ent-retired"), "suspicious",
       found="KEY-RETIRED", absent="KEY-CERT-EXP KEY-EARLY SIG-BAD")
vector("key/key-retired-clear", "A token dated while its key was published", v2("2025-10-20", "ent-retired"), "valid", absent="KEY-RETIRED KEY-STALE-USE")
vector("key/key-retired-near", "A token dated less than an hour after its key was first missing", v2("2025-11-15T12:59:59Z", "ent-retired"), "valid",
       absent="KEY-RETIRED")
vector("key/key-retired-edge-found", "A token dated a second more than an hour after its key was first missing",
       v2("2025-11-15T13:00:01Z", "ent-retired"), "suspicious", found="KEY-RETIRED")
vector("key/key-retired-v1-found", "The same under the issuer of version 1", v1("2025-11-20", "ent-retired"), "suspicious", found="KEY-RETIRED")
vector("key/key-retired-gap-near", "A token dated into a gap of the archives, behind the last set that listed its key", v2("2024-12-01", "ent-2024"),
       "valid", absent="KEY-RETIRED", unknown="KEY-RETIRED")
vector("key/key-retired-frozen-near", "The key is retired by now, but the history ends while it was listed", v2("2025-11-20", "ent-retired"), "valid",
       absent="KEY-RETIRED", unknown="KEY-RETIRED", history="frozen-2025-10")
vector("key/key-retired-restored-near", "A key that was missing in one set and came back within a day", v2("2026-01-05T06:00:00Z", "ent-restored"),
       "valid", absent="KEY-RETIRED KEY-EARLY")
vector("key/key-retired-restored-found", "The same key after it had gone for good", v2("2026-02-15", "ent-restored"), "suspicious", found="KEY-RETIRED")

# ---- in use long after it was retired

vector("key/key-stale-use-found", "A token dated back into the time of its key, and seen in use when the key was long gone",
       v2("2025-11-01", "ent-retired"), "suspicious", found="KEY-STALE-USE", absent="KEY-RETIRED", seen="2025-12-01T00:00:00Z")
vector("key/key-stale-use-clear", "Seen in use the same hour", v2("2025-11-01", "ent-retired"), "valid", absent="KEY-STALE-USE CLM-EXP",
       seen="2025-11-01T00:30:00Z")
vector("key/key-stale-use-near", "Seen a second before fifty-two hours after its key was first missing", v2("2025-11-15", "ent-retired", life=100800),
       "valid", absent="KEY-STALE-USE KEY-RETIRED", seen="2025-11-17T15:59:59Z")
vector("key/key-stale-use-edge-found", "Seen a second after those fifty-two hours", v2("2025-11-15", "ent-retired", life=100800), "suspicious",
       found="KEY-STALE-USE", seen="2025-11-17T16:00:01Z")
vector("key/key-stale-use-gap-near", "Seen in a gap of the archives", v2("2024-10-01", "ent-2024"), "valid", absent="KEY-STALE-USE",
       unknown="KEY-STALE-USE", seen="2024-12-15T00:00:00Z")
vector("key/key-stale-use-unseen-near", "Nobody says when it was seen: that the key is gone by now means nothing", v2("2025-11-01", "ent-retired"),
       "valid", absent="KEY-STALE-USE")

# Another provider's token may live for a month; its key was first missing on 2026-03-15 at 12:00, and the token ends on 2026-04-13.
MONTH = {"exp": at("2026-04-13")}
vector("key/key-stale-use-month-found", "A token of another provider, seen a second after a day behind its end", idp("2026-03-14", **MONTH), "suspicious",
       found="KEY-STALE-USE", absent="KEY-RETIRED", seen="2026-04-14T00:00:01Z", history="rotated")
vector("key/key-stale-use-month-near", "The same a second before", idp("2026-03-14", **MONTH), "valid",
       absent="KEY-STALE-USE KEY-RETIRED", seen="2026-04-14T00:00:00Z", history="rotated")
vector("key/key-stale-use-month-clear", "The same in the midst of its life, when its key is long gone", idp("2026-03-14", **MONTH), "valid",
       absent="KEY-STALE-USE KEY-RETIRED", seen="2026-04-01T00:00:00Z", history="rotated")
vector("key/key-stale-use-endless-near", "A token of another provider that never ends", idp("2026-03-14", exp=None), "valid",
       absent="KEY-STALE-USE KEY-RETIRED", seen="2026-06-14T00:00:00Z", history="rotated")
vector("key/key-stale-use-short-near", "It lived for an hour, and is seen fifty-two hours after its key was first missing", idp("2026-03-14"), "valid",
       absent="KEY-STALE-USE KEY-RETIRED", seen="2026-03-17T16:00:00Z", history="rotated")
vector("key/key-stale-use-short-found", "The same a second later", idp("2026-03-14"), "suspicious",
       found="KEY-STALE-USE", absent="KEY-RETIRED", seen="2026-03-17T16:00:01Z", history="rotated")

# ---- early: ent-early has a certificate from 2026-03-01 and was last lacking on 2026-03-09 at 12:00

vector("key/key-early-found", "A token dated nine days before the certificate of its key begins", v2("2026-02-20", "ent-early"), "suspicious",
       found="KEY-EARLY", absent="KEY-CERT-EXP KEY-RETIRED")
vector("key/key-early-listing-found", "A token dated after the certificate begins, and four days before the last set without its key",
       v2("2026-03-05", "ent-early"), "valid", found="KEY-EARLY")
vector("key/key-early-clear", "A token dated while its key was published", v2("2026-04-01", "ent-early"), "valid", absent="KEY-EARLY")
vector("key/key-early-listing-near", "A token dated a second less than a day before the last set without its key",
       v2("2026-03-08T12:00:01Z", "ent-early"), "valid", absent="KEY-EARLY")
vector("key/key-early-certificate-near", "A token dated less than five minutes before the certificate begins",
       v1("2020-05-31T23:55:01Z", "ent-ended"), "valid", absent="KEY-EARLY")
vector("key/key-early-certificate-edge-found", "A token dated five minutes and a second before the certificate begins",
       v1("2020-05-31T23:54:59Z", "ent-ended"), "suspicious", found="KEY-EARLY")
vector("key/key-early-gap-near", "Its certificate had begun, and the archives have a gap until the day that first listed its key",
       v2("2025-08-20", "ent-retired"), "valid", absent="KEY-EARLY", unknown="KEY-EARLY")

# ---- the certificate had ended

vector("key/key-cert-exp-found", "A token dated two weeks after the certificate of its key ended, in a gap of the archives",
       v1("2025-07-15", "ent-ended"), "valid", found="KEY-CERT-EXP", absent="KEY-RETIRED")
vector("key/key-cert-exp-withdrawn-found", "A token dated after the certificate ended, and complete sets on both sides lack the key",
       v2("2026-04-25", "ent-ended-listed"), "suspicious", found="KEY-CERT-EXP KEY-RETIRED")
vector("key/key-cert-exp-withdrawn-thinned-found", "The same with one set a month: less history finds nothing graver",
       v2("2026-04-25", "ent-ended-listed"), "valid", found="KEY-CERT-EXP", absent="KEY-RETIRED", history="thinned")
vector("key/key-cert-exp-listed-end-found", "Eight days before the last set that lists the key with the dead certificate",
       v2("2026-04-07", "ent-ended-listed"), "valid", found="KEY-CERT-EXP", absent="KEY-RETIRED")
vector("key/key-cert-exp-listed-end-thinned-found", "The same with one set a month", v2("2026-04-07", "ent-ended-listed"), "valid",
       found="KEY-CERT-EXP", absent="KEY-RETIRED", history="thinned")
vector("key/key-cert-exp-listed-found", "The certificate had ended, but the issuer still published the key: issuers have done so",
       v2("2026-03-01", "ent-ended-listed"), "valid", found="KEY-CERT-EXP", absent="KEY-RETIRED")
vector("key/key-cert-exp-listed-thinned-found", "One set a month, and a later one still lists the key with the dead certificate",
       v2("2026-03-15", "ent-ended-listed"), "valid", found="KEY-CERT-EXP", absent="KEY-RETIRED", history="thinned")
vector("key/key-cert-exp-listed-no-more-found", "One set a month, and none from that day on lists the key with the dead certificate",
       v2("2026-04-10", "ent-ended-listed"), "valid", found="KEY-CERT-EXP", absent="KEY-RETIRED", history="thinned")
vector("key/key-cert-exp-clear", "A token dated within the life of the certificate", v1("2025-05-01", "ent-ended"), "valid", absent="KEY-CERT-EXP")
vector("key/key-cert-exp-near", "A token dated less than five minutes after the certificate ended", v1("2025-06-30T00:04:59Z", "ent-ended"), "valid",
       absent="KEY-CERT-EXP")
vector("key/key-cert-exp-edge-found", "A token dated five minutes and a second after the certificate ended", v1("2025-06-30T00:05:01Z", "ent-ended"),
       "valid", found="KEY-CERT-EXP")
vector("key/key-cert-exp-no-certificate-near", "A provider that publishes no certificates", idp(JUNE), "valid", absent="KEY-CERT-EXP KEY-EARLY")
vector("key/key-cert-exp-no-time-near", "A token without any time: no question about its key can be put to the history",
       v2(JUNE, "ent-current", iat=None, nbf=None, exp=None), "valid", found="CLM-NOEXP", absent="KEY-CERT-EXP KEY-RETIRED KEY-EARLY",
       unknown="KEY-CERT-EXP KEY-RETIRED KEY-EARLY")

# ---- compromised: the notice on msa-stolen says withdrawn on 2023-07-05, first abuse on 2023-05-15, exposed since nobody knows when

vector("key/key-compromised-found", "A stolen key on its own tenant while it was abused: it cannot be said who signed",
       consumer("2023-06-15", "msa-stolen"), "suspicious", found="KEY-COMPROMISED KEY-CERT-EXP", absent="MS-MSA-ON-ENT MS-STORM0558")
vector("key/key-compromised-after-found", "A stolen key on its own tenant after it was withdrawn", consumer("2023-08-01", "msa-stolen"), "forged",
       found="KEY-COMPROMISED", absent="MS-MSA-ON-ENT")
vector("key/key-compromised-withdrawn-near", "Dated to the very second of the withdrawal: not after it", consumer("2023-07-05", "msa-stolen"),
       "suspicious", found="KEY-COMPROMISED")
vector("key/key-compromised-foreign-found", "A stolen key on another family's tenant, long before the theft by its own date",
       v2("2016-07-27", "msa-stolen"), "forged", found="KEY-COMPROMISED MS-MSA-ON-ENT")
vector("key/key-compromised-before-near", "A stolen key on its own tenant, seen years before it was exposed", consumer("2016-07-27", "msa-stolen"),
       "valid", found="KEY-COMPROMISED", seen="2016-07-27T00:10:00Z", history="stolen-dated")
vector("key/key-compromised-undated-found", "Dated years before the key was exposed, but only by its own word",
       consumer("2016-07-27", "msa-stolen"), "suspicious", found="KEY-COMPROMISED", history="stolen-dated")
vector("key/key-compromised-seen-late-found", "Dated years before the key was exposed, and seen after",
       consumer("2016-07-27", "msa-stolen"), "suspicious", found="KEY-COMPROMISED", seen="2023-06-15T00:00:00Z", history="stolen-dated")
vector("key/key-compromised-clear", "A key of the same family that no notice names", consumer("2024-07-15", "msa-2024"), "valid", absent="KEY-COMPROMISED")

# ---- test keys

vector("key/key-test-found", "A pre-production key signs for a production tenant", v2(JUNE, "ppe"), "forged", found="KEY-TEST",
       absent="KEY-WRONG-ISS MS-CLOUD SIG-OTHERKEY")
vector("key/key-test-v1-found", "The same under the issuer of version 1", v1(JUNE, "ppe"), "forged", found="KEY-TEST", absent="KEY-WRONG-ISS")
vector("key/key-test-own-near", "A pre-production key signs for the pre-production issuer", v2(JUNE, "ppe", host="login.windows-ppe.net"), "valid",
       found="KEY-TEST", absent="KEY-WRONG-ISS")
vector("key/key-test-near", "A key of the government cloud is no test key", v1(JUNE, "gov"), "valid", absent="KEY-TEST")
vector("key/key-test-clear", "A production key on a production tenant", v2(JUNE, "ent-current"), "valid", absent="KEY-TEST")

# ---- keys of which the private half is published


def sample(name, about, token, verdict, **members):
    vector(f"key/{name}", about, token, verdict, history="samples", **members)


def printed(name, about, text, **members):
    """A token that a standard prints, under a key that it prints too: the built-in history knows it."""
    vector(f"key/{name}", about, Text(text), "unverified", history=None, embedded=True, found="KEY-SAMPLE", absent="KEY-WRONG-ISS SIG-BAD", **members)


JOE = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

sample("key-sample-found", "A key whose private half stands in a manual signs for an enterprise tenant", v2(JUNE, "published-rsa"), "forged",
       found="KEY-SAMPLE", absent="KEY-WRONG-ISS SIG-BAD")
sample("key-sample-borrowed-found", "The same under the name of the tenant's real key",
       v2(JUNE, "published-rsa", head={"kid": keys.kid("ent-current")}), "forged", found="KEY-SAMPLE", absent="KEY-WRONG-ISS SIG-BAD")
sample("key-sample-unnamed-found", "The same without a name of a key", v2(JUNE, "published-rsa", head={"kid": None}), "forged", found="KEY-SAMPLE",
       absent="KEY-WRONG-ISS SIG-BAD")
sample("key-sample-provider-found", "For another provider", idp(JUNE, "published-rsa"), "forged", found="KEY-SAMPLE", absent="KEY-WRONG-ISS")
sample("key-sample-ec-found", "A published key of an elliptic curve, for another provider", idp(JUNE, "published-p256", head={"alg": "ES256"}),
       "forged", found="KEY-SAMPLE", absent="KEY-WRONG-ISS")
sample("key-sample-ed-found", "A published key of Ed25519, for another provider", idp(JUNE, "published-ed25519", head={"alg": "EdDSA"}), "forged",
       found="KEY-SAMPLE", absent="KEY-WRONG-ISS")
sample("key-sample-clear", "A key that nobody has published the private half of", v2(JUNE, "ent-current"), "valid", absent="KEY-SAMPLE")
sample("key-sample-near", "A published key on an issuer that nobody knows, as in manuals: a note", house("published-rsa", "RS256"), "unverified",
       found="KEY-SAMPLE", absent="KEY-WRONG-ISS SIG-BAD")
sample("key-sample-ec-near", "The same with a key of an elliptic curve", house("published-p256", "ES256"), "unverified", found="KEY-SAMPLE",
       absent="KEY-WRONG-ISS SIG-BAD")
sample("key-sample-test-near", "A published key on the issuer of a test cloud: test data", v2(JUNE, "published-rsa", host="login.windows-ppe.net"),
       "unverified", found="KEY-SAMPLE", absent="KEY-WRONG-ISS KEY-TEST")
sample("key-sample-given-near", "The examiner gave the published key for a house's own issuer", house("published-rsa", "RS256"), "valid",
       keys=[pub("published-rsa")], found="KEY-SAMPLE", absent="KEY-WRONG-ISS SIG-BAD")
sample("key-sample-named-near", "The name of a published key on a token that another key signed", house("house-rsa", "RS256", head={"kid": "example-key"}),
       "unverified", signature="unverified", absent="KEY-SAMPLE SIG-BAD", unknown="SIG-BAD")
sample("key-sample-ec-other-near", "A token of an elliptic curve that no published key signed", house("house-p256", "ES256"), "unverified",
       signature="unverified", absent="KEY-SAMPLE SIG-BAD", unknown="SIG-BAD")
printed("key-sample-rfc7515-rsa-near", "The token that RFC 7515 prints in appendix A.2",
        "eyJhbGciOiJSUzI1NiJ9." + JOE + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9"
        "CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6Bf"
        "I7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw")
printed("key-sample-rfc7515-ec-near", "The token that RFC 7515 prints in appendix A.3",
        "eyJhbGciOiJFUzI1NiJ9." + JOE + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")

# ---- another issuer's key

vector("key/key-wrong-iss-found", "The Bot Framework's key signs for an enterprise tenant", v2(JUNE, "bot"), "forged", found="KEY-WRONG-ISS",
       absent="MS-MSA-ON-ENT SIG-BAD")
vector("key/key-wrong-iss-provider-found", "Another provider's key signs for an enterprise tenant", v2(JUNE, "idp"), "forged", found="KEY-WRONG-ISS",
       absent="MS-MSA-ON-ENT")
vector("key/key-wrong-iss-reverse-found", "An enterprise key signs for another provider", idp(JUNE, "ent-current"), "forged", found="KEY-WRONG-ISS")
vector("key/key-wrong-iss-clear", "A key of the issuer's own family", v2(JUNE, "ent-current"), "valid", absent="KEY-WRONG-ISS")
vector("key/key-wrong-iss-forms-near", "The key's issuer is written as version 2, the token's as version 1: one tenant, one issuer", v1(JUNE, "ent-current"),
       "valid", absent="KEY-WRONG-ISS")
vector("key/key-wrong-iss-tenant-near", "A common key that the history knows only with another tenant's issuer", v2("2024-07-01", "ent-tenant"), "valid",
       absent="KEY-WRONG-ISS MS-TID-ISS")
vector("key/key-wrong-iss-same-tenant-near", "The same key on the tenant of its issuer", v2("2024-07-01", "ent-tenant", tenant=OTHER_TENANT), "valid",
       absent="KEY-WRONG-ISS")
vector("key/key-wrong-iss-unknown-issuer-near", "An enterprise key on an issuer that nobody knows, as with custom domains",
       v2(JUNE, "ent-current", host="login.corp.example"), "unverified", absent="KEY-WRONG-ISS", unknown="KEY-WRONG-ISS")

# ---- a key that no published set lists

vector("key/key-unknown-found", "A kid that no set listed, in weeks of which every set is archived, and no audience", v2(JUNE, "ent-unlisted", aud=None), "unverified",
       signature="unverified", found="KEY-UNKNOWN", absent="SIG-BAD", unknown="SIG-BAD")
vector("key/key-unknown-first-party-found", "The same on a token for Microsoft Graph, which takes no application's own keys",
       v1(JUNE, "ent-unlisted", aud="https://graph.microsoft.com", resource=GRAPH), "suspicious", signature="unverified", found="KEY-UNKNOWN",
       unknown="SIG-BAD")
vector("key/key-unknown-clear", "A kid that the sets list", v2(JUNE, "ent-current"), "valid", absent="KEY-UNKNOWN")
vector("key/key-unknown-gap-near", "A kid that no set listed, in a gap of the archives", v2("2025-07-01", "ent-unlisted"), "unverified",
       signature="unverified", absent="KEY-UNKNOWN", unknown="KEY-UNKNOWN SIG-BAD")
vector("key/key-unknown-uncovered-near", "An issuer whose sets were not archived then, although those of another were",
       v1("2024-07-15", "ent-unlisted"), "unverified", signature="unverified", absent="KEY-UNKNOWN", unknown="KEY-UNKNOWN")
vector("key/key-unknown-frozen-near", "The history ends years before the token", v2(JUNE, "ent-current"), "unverified", signature="unverified",
       absent="KEY-UNKNOWN SIG-BAD", unknown="KEY-UNKNOWN SIG-BAD", history="frozen-2024")
vector("key/key-unknown-house-near", "An issuer that no history knows", house("house-rsa", "RS256"), "unverified", signature="unverified",
       absent="KEY-UNKNOWN SIG-BAD", unknown="SIG-BAD")
vector("key/key-unknown-scope-near", "A kid that only another provider's key has: it names nothing here",
       v2(JUNE, "ent-unlisted", head={"kid": keys.kid("idp")}), "unverified", signature="unverified", found="MS-APPKEY", absent="SIG-BAD KEY-UNKNOWN",
       unknown="SIG-BAD")

# ---- an archive of one's own, of issuers that no profile knows and families that nobody stated

vector("key/key-unknown-archive-found", "A kid that the sets archived a week apart do not list", house("house-ed25519", "EdDSA"), "unverified",
       signature="unverified", found="KEY-UNKNOWN", unknown="SIG-BAD", history="archived")
vector("key/key-unknown-archive-clear", "A key that both sets list: the issuer published it then", house("house-rsa", "RS256"), "valid",
       absent="KEY-UNKNOWN KEY-WRONG-ISS", history="archived")
vector("key/key-unknown-archive-new-clear", "A key that the later set alone lists: nobody took one in between", house("house-p256", "ES256"), "valid",
       absent="KEY-UNKNOWN KEY-EARLY KEY-WRONG-ISS", unknown="KEY-EARLY", history="archived")
vector("key/key-unknown-archive-before-near", "A time before the first archived set", house("house-ed25519", "EdDSA", "2026-03-01"), "unverified",
       signature="unverified", absent="KEY-UNKNOWN", unknown="KEY-UNKNOWN SIG-BAD", history="archived")
vector("key/key-wrong-iss-archive-near", "A key that was archived for a partner: whether the issuer has it too, nobody stated", house("house-p384", "ES384"),
       "unverified", absent="KEY-WRONG-ISS", unknown="KEY-WRONG-ISS", history="archived")
vector("key/key-unknown-archive-issuer-near", "An issuer of which nothing was archived, under a key archived for another",
       house("house-rsa", "RS256", iss="https://id.other.example"), "unverified", absent="KEY-UNKNOWN KEY-WRONG-ISS", unknown="KEY-WRONG-ISS",
       history="archived")

# ---- the quality of the key that verifies


def weak(name, about, verdict, role, published=None, **members):
    given(f"key/{name}", about, house(role, members.pop("alg", "RS256")), verdict, *(published or [pub(role)]), **members)


weak("key-rsa-weak-found", "The primes of the key stand beside each other: whoever looks can sign", "suspicious", "weak-close", found="KEY-RSA-WEAK")
weak("key-rsa-weak-shared-found", "The key shares a prime with another key given", "suspicious", "weak-shared",
     [pub("weak-shared"), pub("weak-shared-other")], found="KEY-RSA-WEAK")
weak("key-rsa-weak-near", "The key that verifies is sound, and another one of the set is weak", "valid", "house-rsa",
     [pub("house-rsa"), pub("weak-close")], absent="KEY-RSA-WEAK")
weak("key-rsa-weak-alone-near", "A key whose prime is shared with one that is not at hand", "valid", "weak-shared", absent="KEY-RSA-WEAK")
weak("key-rsa-weak-clear", "A sound key", "valid", "house-rsa",
     absent="KEY-RSA-WEAK KEY-RSA-SMALL KEY-RSA-EXP KEY-B64 KEY-KID-DUP KEY-MAT-REUSE KEY-EC-POINT KEY-KID-REUSE")
weak("key-rsa-small-found", "A key of 512 bits, as have been factored in public", "suspicious", "weak-tiny", found="KEY-RSA-SMALL")
weak("key-rsa-small-near", "A key of 1024 bits: too small, and no proof of anything", "valid", "weak-small", found="KEY-RSA-SMALL")
weak("key-rsa-exp-found", "The exponent 3", "valid", "weak-exponent", found="KEY-RSA-EXP")
weak("key-ec-point-near", "A sound point", "valid", "house-p256", alg="ES256", absent="KEY-EC-POINT KEY-B64")
weak("key-ec-point-found", "The key it names is off its curve: nothing can be said of the signature", "unverified", "house-p256",
     [pub("house-p256", y=pub("house-p256")["x"])], alg="ES256", signature="unverified", found="KEY-EC-POINT", unknown="SIG-BAD")
weak("key-b64-found", "The exponent has a zero in front", "valid", "house-rsa", [pub("house-rsa", e="AAEAAQ")], found="KEY-B64")
weak("key-b64-clear", "Numbers as they must be written", "valid", "house-rsa", absent="KEY-B64")
weak("key-b64-near", "The key that verifies is written well, and another one of the set is not", "valid", "house-rsa",
     [pub("house-rsa"), pub("idp", e="AAEAAQ")], absent="KEY-B64")
weak("key-rsa-exp-clear", "The exponent 65537", "valid", "house-rsa", absent="KEY-RSA-EXP")
weak("key-rsa-exp-near", "The key that verifies has the usual exponent, and another one of the set has 3", "valid", "house-rsa",
     [pub("house-rsa"), pub("weak-exponent")], absent="KEY-RSA-EXP")
weak("key-ec-point-clear", "A sound point of P-384", "valid", "house-p384", alg="ES384", absent="KEY-EC-POINT KEY-B64")
ENT_CURRENT = keys.kid("ent-current")
vector("key/key-kid-reuse-found", "A key is given under the kid that the issuer's sets have for another one",
       v2(JUNE, "house-rsa", head={"kid": ENT_CURRENT}), "suspicious", keys=[pub("house-rsa", kid=ENT_CURRENT)], found="KEY-KID-REUSE")
vector("key/key-kid-reuse-clear", "The issuer's own key is given under its kid", v2(JUNE, "ent-current"), "valid", keys=[pub("ent-current")],
       absent="KEY-KID-REUSE")
vector("key/key-kid-reuse-near", "An issuer that numbers its keys may begin again: another key '1' is given", idp(JUNE, "house-rsa", head={"kid": "1"}),
       "valid", keys=[pub("house-rsa", kid="1")], found="KEY-KID-REUSE")
vector("key/key-kid-reuse-provider-near", "Another issuer has a key of that kid: that says nothing", house("house-rsa", "RS256", head={"kid": ENT_CURRENT}),
       "valid", keys=[pub("house-rsa", kid=ENT_CURRENT)], absent="KEY-KID-REUSE")
vector("key/key-kid-reuse-unarchived-near", "Nobody archived the set that had another key under the kid: somebody's copy may be wrong",
       v2("2024-07-01", "house-rsa", head={"kid": keys.kid("ent-tenant")}), "valid", keys=[pub("house-rsa", kid=keys.kid("ent-tenant"))],
       absent="KEY-KID-REUSE")
weak("key-kid-dup-clear", "Every key of the set has a kid of its own", "valid", "house-rsa", [pub("house-rsa"), pub("idp")], absent="KEY-KID-DUP")
weak("key-mat-reuse-clear", "Every key of the set is another one", "valid", "house-rsa", [pub("house-rsa"), pub("idp")], absent="KEY-MAT-REUSE")
weak("key-rsa-small-clear", "A key of 2048 bits", "valid", "house-rsa", absent="KEY-RSA-SMALL")
weak("key-kid-dup-found", "Another key of the set has the same kid", "valid", "house-rsa",
     [pub("house-rsa"), pub("idp", kid="house-2026")], found="KEY-KID-DUP")
weak("key-kid-dup-type-near", "The same with a key of another type, which the standard allows", "valid", "house-rsa",
     [pub("house-rsa"), pub("house-p256", kid="house-2026")], absent="KEY-KID-DUP")
weak("key-mat-reuse-found", "The key stands in its set under another kid too", "valid", "house-rsa",
     [pub("house-rsa"), pub("house-rsa", kid="house-2025")], found="KEY-MAT-REUSE")
weak("key-mat-reuse-near", "The key stands in its set twice under its kid", "valid", "house-rsa", [pub("house-rsa"), pub("house-rsa")],
     absent="KEY-MAT-REUSE KEY-KID-DUP")

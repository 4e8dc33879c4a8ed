# SPDX-License-Identifier: Apache-2.0
"""
The second opinion: for each fault of validators a token that it alone lets pass, and one that it does not. What is expected is
the whole list: a fault too many accuses applications that would have refused the token.
"""

from .corpus import given, vector
from .fmt import EXTRA, in_part, broken_by, polyglot
from .hdr import header_text, payload_text
from .keys import pub, public_pem
from .ms import wrapper
from .jwe import ENTRA
from .sealed import Handmade, Sealed, secret
from .sig import SHA256_INFO, followed_block, in_der, padded_block, reblocked, salted_block
from .tokens import (HOUSE, OTHER_TENANT, TENANT, at, compact_json, flattened_with, flipped, general, house, idp, rewritten, v2)

JUNE = "2026-06-01"
END = at(JUNE) + 3600
KEY = pub("house-rsa")
PUBLISHED = pub("house-rsa", issuer=HOUSE)
ACTOR_KEY = pub("ent-current", issuer=None)
OTHER = "https://id.other.example"


def token(**changes):
    return house("house-rsa", "RS256", **changes)


def judged(name, about, made, verdict, opinion, *keys, **members):
    """A company's token, and the company's key unless others are said."""
    given("opinion/" + name, about, made, verdict, *(keys or (KEY,)), signature=None, opinion=opinion, **members)


def listed(name, about, made, verdict, opinion, **members):
    """A token of those that the history knows."""
    vector("opinion/" + name, about, made, verdict, signature=None, opinion=opinion, **members)


# ---- keys

listed("key-issuer-unbound-found", "A consumer key of the common set signs for an enterprise tenant", v2("2024-07-15", "msa-2024"), "forged",
       "key-issuer-unbound signature-only signature-ignored")
listed("key-issuer-unbound-near", "The same for another audience than the one asked for: binding no key is not fault enough",
       v2("2024-07-15", "msa-2024"), "forged", "signature-only", audience="api://other.corp.example")
listed("keys-pooled-found", "Another provider's key signs for an enterprise tenant", v2(JUNE, "idp"), "forged", "keys-pooled signature-ignored")
listed("keys-pooled-near", "Another provider's key signs that provider's own token", idp(JUNE, sub="pooled"), "valid", "")
listed("jku-followed-found", "Another provider's key signs for an enterprise tenant, and jku is the address where it is listed",
       v2(JUNE, "idp", head={"jku": "https://id.example.net/keys"}), "forged", "jku-followed keys-pooled signature-ignored")
listed("jku-followed-near", "The same with an address of which nobody knows what it lists",
       v2(JUNE, "idp", head={"jku": "https://id.example.net/other"}), "forged", "keys-pooled signature-ignored")
listed("key-of-samples-found", "A key whose private half stands in a manual signs for an enterprise tenant", v2(JUNE, "published-rsa"), "forged",
       "key-of-samples signature-ignored", history="samples")
listed("key-of-samples-near", "The same for another audience than the one asked for", v2(JUNE, "published-rsa"), "forged", "", history="samples",
       audience="api://other.corp.example")
listed("key-kept-found", "Dated after its key was retired", v2("2025-11-21", "ent-retired"), "suspicious", "key-kept signature-ignored")
listed("key-kept-near", "Seen when its key was long gone and it had expired too: two faults are needed", v2("2025-11-02", "ent-retired"), "suspicious",
       "", seen="2025-12-01T00:00:00Z")
judged("kid-ignored-found", "It names one key of the company, and the other one signed", token(head={"kid": "house-p256"}), "suspicious",
       "kid-ignored signature-ignored", KEY, pub("house-p256"))
judged("kid-ignored-near", "It names no key", token(head={"kid": None}), "valid", "", KEY, pub("house-p256"))
judged("key-use-ignored-found", "A key that is published for encryption", token(), "invalid", "key-use-ignored signature-ignored",
       pub("house-rsa", use="enc"))
judged("key-use-ignored-near", "The same key, and the token is edited: nobody's reading of the key lets it pass",
       token(edited=house("house-rsa", "RS256", sub="admin").payload), "invalid", "signature-ignored", pub("house-rsa", use="enc"))

# ---- algorithms and secrets

judged("alg-none-found", "No signature, and a header that says so", house(None, "none"), "invalid", "alg-none signature-ignored")
judged("alg-none-near", "The same, long expired when it was seen", house(None, "none"), "invalid", "", seen=END + 86400)
judged("alg-none-any-case-found", "The word none with a capital in it", house(None, "noNe"), "invalid", "alg-none-any-case signature-ignored")
judged("alg-none-any-case-near", "A word that is no algorithm", house(None, "nothing"), "invalid", "signature-ignored")
judged("empty-signature-found", "Nothing stands behind the last dot", token(signature=""), "invalid", "empty-signature signature-ignored")
judged("empty-signature-near", "Two parts of three: the evidence may have lost the last one", token(wrap=lambda text: text.rsplit(".", 1)[0]),
       "unverified", "")
judged("hmac-public-key-found", "HMAC with the company's public key", house(public_pem("house-rsa"), "HS256"), "forged",
       "hmac-public-key signature-ignored")
listed("hmac-public-key-near", "HMAC with the public key of another issuer, which the company's applications do not have",
       house(public_pem("ent-current"), "HS256", sub="kim"), "forged", "signature-ignored")
judged("hmac-empty-key-found", "HMAC without a secret", house(b"", "HS256"), "forged", "hmac-empty-key signature-ignored", PUBLISHED)
judged("hmac-empty-key-near", "HMAC under a secret that nobody here knows", house(b"kept well, and long enough for HS256", "HS256"), "unverified",
       "", pub("house-p256"))
judged("hmac-known-secret-found", "HMAC under the secret of every tutorial", house(b"secret", "HS256"), "suspicious",
       "hmac-known-secret signature-ignored")
judged("hmac-known-secret-near", "HMAC under the company's own long secret", house(b"made for this test and for nothing else at all", "HS256"), "valid", "",
       secrets=["made for this test and for nothing else at all"])
judged("kid-as-path-found", "kid leads, behind escapes, to a device that reads as nothing, and nothing is the secret",
       rewritten(house(b"", "HS256", head={"kid": "../../dev/null"}), "header", b"../../dev/null", b"..\\/..\\/dev\\/null"), "forged", "kid-as-path hmac-empty-key signature-ignored", PUBLISHED)
judged("kid-as-path-near", "kid leads to a file of which nobody knows what it holds", house(b"", "HS256", head={"kid": "../../../etc/hostname"}),
       "forged", "hmac-empty-key signature-ignored", PUBLISHED)
judged("kid-as-query-found", "kid makes the query answer with the secret", house(b"secret", "HS256", head={"kid": "x' UNION SELECT 'secret"}),
       "suspicious", "kid-as-query hmac-known-secret signature-ignored")
judged("kid-as-query-near", "kid is no query, and the word only stands in it", house(b"secret", "HS256", head={"kid": "secret-2026"}),
       "suspicious", "hmac-known-secret signature-ignored")
judged("embedded-key-found", "The key in the header signed it, and the issuer's key that it names did not",
       house("idp", "RS256", head={"kid": "house-2026", "jwk": pub("idp")}), "forged", "embedded-key signature-ignored", PUBLISHED)
judged("embedded-key-near", "The key in the header did not sign it either",
       house("idp", "RS256", head={"kid": "house-2026", "jwk": pub("house-p256")}), "invalid", "signature-ignored", PUBLISHED)
judged("psychic-signature-found", "ES256, and the signature is all zeros", house("house-p256", "ES256", signature=bytes(64)), "invalid",
       "psychic-signature signature-ignored", pub("house-p256"))
judged("psychic-signature-near", "r alone is zero: that fails in those libraries too",
       house("house-p256", "ES256", signature=bytes(32) + b"\0" * 31 + b"\1"), "invalid", "signature-ignored", pub("house-p256"))
judged("der-signature-found", "ES256 in DER, which holds once converted", house("house-p256", "ES256", "2026-06-07", **in_der("ES256")), "invalid",
       "der-signature signature-ignored", pub("house-p256"))
judged("der-signature-near", "The same for another audience", house("house-p256", "ES256", "2026-06-08", **in_der("ES256")), "invalid", "",
       pub("house-p256"), audience="bank")
judged("rsa-padding-unchecked-found", "Bytes of anyone's choice stand behind the digest", token(signature=reblocked(followed_block)), "invalid",
       "rsa-padding-unchecked signature-ignored")
judged("rsa-padding-unchecked-near", "The padding is proper, and the digest another message's",
       token(signature=reblocked(lambda digest, size: padded_block(SHA256_INFO, bytes(32), size))), "invalid", "signature-ignored")
judged("pss-any-salt-found", "A salt of 20 bytes", house("house-rsa", "PS256", made_with="RS256", signature=reblocked(salted_block(bytes(20)))), "invalid",
       "pss-any-salt signature-ignored")
judged("pss-any-salt-near", "A block that no salt makes", house("house-rsa", "PS256", made_with="RS256", signature=flipped), "invalid", "signature-ignored")
judged("one-of-several-found", "The second of two signatures holds", token(signature=flipped, wrap=general(token())), "invalid", "one-of-several signature-ignored")
judged("one-of-several-near", "Neither of two holds", token(signature=flipped, wrap=general(token(signature=flipped))), "invalid", "signature-ignored")
judged("alg-unprotected-found", "The algorithm stands in the unprotected header alone",
       house("house-rsa", None, made_with="RS256", wrap=flattened_with(alg="RS256")), "invalid", "alg-unprotected signature-ignored")
judged("alg-unprotected-near", "It stands in both headers", token(wrap=flattened_with(alg="RS256")), "invalid", "")

# ---- header and form

judged("crit-ignored-found", "An extension that is critical and that nobody knows", token(head={"crit": ["exp-policy"], "exp-policy": 1}), "invalid",
       "crit-ignored")
judged("crit-ignored-near", "The same, and the signature is spoilt", token(head={"crit": ["exp-policy"], "exp-policy": 1}, signature=flipped), "invalid", "")
judged("zip-ignored-found", "A signed token that says it is compressed", header_text('"zip":"DEF"'), "invalid", "zip-ignored")
judged("zip-ignored-near", "The same for another audience", header_text('"zip":"DEF"'), "invalid", "", audience="bank")
judged("first-of-two-found", "exp stands twice, and the later one is far away: who takes that was not judged", payload_text('"exp":4102444800'), "invalid",
       "first-of-two")
judged("first-of-two-near", "The same, and by the first exp it had expired when it was seen", payload_text('"exp":4102444800'), "invalid", "",
       seen=END + 86400)
judged("last-of-two-found", "sub stands twice: whoever takes either accepts the token", payload_text('"sub":"admin"'), "invalid",
       "first-of-two last-of-two")
judged("last-of-two-near", "kid stands twice: with the later one nobody has looked for a key", header_text('"kid":"1"'), "invalid", "first-of-two")
judged("stray-characters-found", "A space inside the claims, without which the token holds", token(wrap=in_part(1, broken_by(" "))), "valid",
       "stray-characters")
judged("stray-characters-near", "Folded lines, as mail makes them", token(wrap=lambda text: text[:60] + "\r\n " + text[60:]), "valid", "")
judged("extra-parts-found", "A part more, behind a token that holds", token(wrap=lambda text: text + "." + EXTRA), "invalid", "extra-parts")
judged("extra-parts-near", "A part more in front: what then stands first is no header", token(wrap=lambda text: EXTRA + "." + text), "invalid", "")
judged("lenient-json-found", "A comment in the claims", rewritten(token(), "payload", b'"scope":"read"}', b'"scope":"read"/* */}'), "invalid",
       "lenient-json")
judged("lenient-json-near", "Claims that end early: nothing reads them", rewritten(token(), "payload", b'"scope":"read"}', b'"scope":"read"'),
       "invalid", "")
judged("two-readings-found", "A JSON form that is signed, and for others a compact token with claims that are not", token(wrap=polyglot),
       "invalid", "two-readings")
judged("two-readings-near", "The same with an audience asked for: of the other claims nobody knows theirs", token(wrap=polyglot), "invalid", "",
       audience="payroll")

# ---- claims

judged("sealed-for-signed-found", "Bare claims in the name of an issuer that signs, under a shared key", Sealed(compact_json(ENTRA), "dir", "A128GCM", secret(30, 16)),
       "invalid", "sealed-for-signed", secret(30, 16))
judged("sealed-for-signed-near", "Bare claims of a house that may agree on anything",
       Sealed(compact_json({**ENTRA, "iss": "https://id.corp.example"}), "dir", "A128GCM", secret(30, 16)), "unverified", "", secret(30, 16))
judged("zero-content-key-found", "The content key is all zeros, and what is sent in its place opens for nobody",
       Handmade(compact_json(ENTRA), {"alg": "RSA-OAEP", "enc": "A128CBC-HS256"}, bytes(32), bytes(range(256))), "forged", "zero-content-key", pub("house-rsa"))
judged("zero-content-key-near", "Another content key, which nobody here knows",
       Handmade(compact_json(ENTRA), {"alg": "RSA-OAEP", "enc": "A128CBC-HS256"}, bytes(range(32)), bytes(range(256))), "unverified", "", pub("house-rsa"))
judged("issuer-prefix-found", "The issuer begins like the one asked for", token(iss=HOUSE + ".evil.example"), "invalid",
       "issuer-prefix issuer-substring signature-only", issuer=HOUSE)
judged("issuer-prefix-near", "The issuer is another, and nothing like it", token(iss=OTHER), "invalid", "signature-only", issuer=HOUSE)
judged("issuer-suffix-found", "The issuer ends, and begins, like the one asked for", token(iss=HOUSE + ".evil.example/?" + HOUSE), "invalid",
       "issuer-prefix issuer-suffix issuer-substring signature-only", issuer=HOUSE)
judged("issuer-suffix-near", "Only the last letters agree", token(iss="https://id.evil.example"), "invalid", "signature-only", issuer=HOUSE)
judged("issuer-substring-found", "The issuer is a piece of the one asked for", token(iss="corp"), "invalid", "issuer-substring signature-only", issuer=HOUSE)
judged("issuer-substring-near", "The same, and no key at hand verifies it", token(iss="corp"), "invalid", "", pub("house-p256"), issuer=HOUSE)
judged("issuer-any-case-found", "The issuer in other letters", token(iss=HOUSE.replace("id", "ID")), "invalid", "issuer-any-case signature-only",
       issuer=HOUSE)
judged("issuer-any-case-near", "The issuer as it is asked for", token(), "valid", "", issuer=HOUSE)
judged("issuer-in-list-found", "The issuer asked for stands in a list", token(iss=[OTHER, HOUSE]), "invalid", "issuer-in-list signature-only", issuer=HOUSE)
judged("issuer-in-list-near", "A list without it", token(iss=[OTHER]), "invalid", "signature-only", issuer=HOUSE)
listed("tenant-ignored-found", "A genuine token of another tenant than the one asked for", v2(JUNE, "ent-current", scp="Second.Opinion"), "invalid",
       "tenant-ignored signature-only", tenant=OTHER_TENANT)
listed("tenant-ignored-near", "The tenant asked for, and another audience", v2(JUNE, "ent-current", scp="Second.Opinion"), "invalid",
       "audience-ignored signature-only", tenant=TENANT, audience="api://other.corp.example")
listed("tid-unbound-found", "tid and issuer name two tenants", v2(JUNE, "ent-current", tid=OTHER_TENANT), "invalid", "tid-unbound signature-only")
listed("tid-unbound-near", "The same under a consumer key", v2("2024-07-15", "msa-2024", tid=OTHER_TENANT), "forged", "signature-only")
judged("audience-ignored-found", "Made for another application", token(), "invalid", "audience-ignored signature-only", audience="bank")
judged("audience-ignored-near", "The same, and no key at hand verifies it", token(), "invalid", "", pub("house-p256"), audience="bank")
judged("expiry-ignored-found", "Seen a day after it had expired", token(), "valid", "expiry-ignored signature-only", seen=END + 86400)
judged("expiry-ignored-near", "Seen a second after it had expired, within what clocks may differ by", token(), "valid", "", seen=END + 1)
judged("not-before-ignored-found", "Not valid before the day after it was seen", token(nbf=at(JUNE) + 86400, exp=at(JUNE) + 90000), "valid",
       "not-before-ignored signature-only", seen=at(JUNE))
judged("not-before-ignored-near", "Seen while it is valid", token(nbf=at(JUNE) + 86400, exp=at(JUNE) + 90000), "valid", "", seen=at(JUNE) + 86500)
judged("actor-tenant-unbound-found", "One tenant's actor token in a wrapper for another tenant", wrapper(OTHER_TENANT, TENANT), "suspicious",
       "actor-tenant-unbound", ACTOR_KEY)
judged("actor-tenant-unbound-near", "The same, and no key at hand verifies the actor token", wrapper(OTHER_TENANT, TENANT), "suspicious", "")
judged("actor-unverified-found", "A wrapper whose actor token has a bad signature", wrapper(TENANT, TENANT, spoil=True), "invalid", "actor-unverified",
       ACTOR_KEY)
judged("actor-unverified-near", "The same, and the wrapper had expired when it was seen", wrapper(TENANT, TENANT, spoil=True), "invalid", "",
       ACTOR_KEY, seen="2026-06-03T00:00:00Z")
judged("signature-only-found", "Another issuer, another audience, and long expired: nothing but the signature holds", token(), "invalid",
       "signature-only", issuer=OTHER, audience="bank", seen=END + 86400)
judged("signature-only-near", "The same, and the signature is spoilt", token(signature=flipped), "invalid", "", issuer=OTHER, audience="bank",
       seen=END + 86400)
judged("signature-ignored-found", "A token that was edited", token(edited=house("house-rsa", "RS256", sub="admin").payload), "invalid",
       "signature-ignored")
judged("signature-ignored-near", "No key at hand can judge it", token(), "unverified", "", pub("house-p256"))

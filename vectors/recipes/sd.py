# SPDX-License-Identifier: Apache-2.0
"""Selective disclosure: what is shown beside a token, and the proof of who shows it."""

import hashlib
import json

from .corpus import given
from .keys import b64url, pub
from .tokens import at, compact_json, house, sign

JUNE = "2026-06-01"
KEY = pub("house-rsa")
HOLDER = {"jwk": pub("house-ed25519", kid=None)}


def disclosure(*parts):
    return b64url(json.dumps(parts).encode())


def digest(text, name="sha256"):
    return b64url(hashlib.new(name, text.encode()).digest())


GIVEN = disclosure("c2FsdDE", "given_name", "Robin")
FAMILY = disclosure("c2FsdDI", "family_name", "Example")
INVENTED = disclosure("c2FsdDM", "role", "admin")
DECOY = digest("nothing has this digest")


def proof(shown, alg="EdDSA", key="house-ed25519", typ="kb+jwt", **claims):
    """What the holder signs over all that is in front of it."""
    body = {"aud": "https://shop.example", "nonce": "8214", "iat": at(JUNE), "sd_hash": digest(shown), **claims}
    data = b64url(compact_json({"alg": alg, **({"typ": typ} if typ else {})})) + "." + \
        b64url(compact_json({name: value for name, value in body.items() if value is not None}))
    return data + "." + ("" if alg == "none" else b64url(sign(alg, key, data.encode())))


def shown(*disclosures, made=None, **claims):
    """A company's SD-JWT with these disclosures, and what made() puts behind it."""
    def wrap(text):
        text = "~".join([text, *disclosures, ""])
        return text + (made(text) if made else "")
    members = {"vct": "https://corp.example/staff", "aud": None, "scope": None, "_sd_alg": "sha-256",
               "_sd": [digest(GIVEN), digest(FAMILY)], **claims}
    return house("house-rsa", "RS256", head={"typ": "dc+sd-jwt"}, wrap=wrap, **members)


# ---- SD-DISCLOSURE

given("sd/sd-disclosure-found", "A disclosure that somebody invented", shown(GIVEN, INVENTED), "invalid", KEY, found="SD-DISCLOSURE", seed=True)
given("sd/sd-disclosure-plain-found", "A disclosure behind a token that discloses nothing", shown(INVENTED, _sd=None, _sd_alg=None), "invalid", KEY,
      found="SD-DISCLOSURE")
given("sd/sd-disclosure-twice-found", "One disclosure is shown twice", shown(GIVEN, FAMILY, GIVEN), "invalid", KEY, found="SD-DISCLOSURE")
given("sd/sd-disclosure-places-found", "One digest stands in two places", shown(GIVEN, address={"_sd": [digest(GIVEN)]}), "invalid", KEY,
      found="SD-DISCLOSURE")
given("sd/sd-disclosure-alg-found", "The digests are made with another algorithm than _sd_alg names", shown(GIVEN, _sd_alg="sha-512"), "invalid", KEY,
      found="SD-DISCLOSURE")
given("sd/sd-disclosure-name-found", "The digest stands in a claim of another name", shown(INVENTED, sd=[digest(INVENTED)]), "invalid", KEY,
      found="SD-DISCLOSURE")
given("sd/sd-disclosure-near", "The holder withholds one of two", shown(FAMILY), "valid", KEY, absent="SD-DISCLOSURE SD-BINDING")
given("sd/sd-disclosure-none-near", "The holder withholds all", shown(), "valid", KEY, absent="SD-DISCLOSURE SD-BINDING")
given("sd/sd-disclosure-decoy-near", "Digests that belong to nothing", shown(GIVEN, _sd=[DECOY, digest(GIVEN)]), "valid", KEY, absent="SD-DISCLOSURE")
given("sd/sd-disclosure-default-near", "Without _sd_alg it is SHA-256", shown(GIVEN, _sd_alg=None), "valid", KEY, absent="SD-DISCLOSURE")
for size in ("384", "512"):
    given(f"sd/sd-disclosure-sha{size}-near", f"Digests of SHA-{size}", shown(GIVEN, _sd_alg=f"sha-{size}", _sd=[digest(GIVEN, f"sha{size}")]), "valid", KEY,
          absent="SD-DISCLOSURE")
given("sd/sd-disclosure-element-near", "An element of a list is disclosed", shown(disclosure("c2FsdDQ", "DE"), nationalities=[
    {"...": digest(disclosure("c2FsdDQ", "DE"))}, {"...": DECOY}]), "valid", KEY, absent="SD-DISCLOSURE", seed=True)
STREET = disclosure("c2FsdDU", "street", "Hill Road 1")
ADDRESS = disclosure("c2FsdDY", "address", {"_sd": [digest(STREET), DECOY]})
given("sd/sd-disclosure-inside-near", "One disclosure holds the digest of another, deep down", shown(STREET, ADDRESS, person={"of": {"_sd": [digest(ADDRESS)]}}),
      "valid", KEY, absent="SD-DISCLOSURE")
given("sd/sd-disclosure-unhung-found", "The disclosure that another hangs on is not shown", shown(STREET, _sd=[digest(ADDRESS)]), "invalid", KEY,
      found="SD-DISCLOSURE")
given("sd/sd-disclosure-unknown-near", "A digest that is not known here", shown(INVENTED, _sd_alg="sha3-256"), "valid", KEY, absent="SD-DISCLOSURE",
      unknown="SD-DISCLOSURE")
given("sd/sd-disclosure-cut-near", "The last disclosure is cut", shown(GIVEN, made=lambda text: FAMILY[:20]), "valid", KEY, absent="SD-DISCLOSURE",
      unknown="SD-DISCLOSURE")
given("sd/sd-disclosure-clear", "Both are shown", shown(GIVEN, FAMILY), "valid", KEY, absent="SD-DISCLOSURE SD-BINDING")

# ---- SD-BINDING

given("sd/sd-binding-found", "Another key than the holder's made the proof",
      shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, key="house-ed448")), "invalid", KEY, found="SD-BINDING", absent="CLM-CNF", seed=True)
given("sd/sd-binding-hash-found", "The proof was made for another presentation", shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text + "x")), "invalid", KEY,
      found="SD-BINDING")
given("sd/sd-binding-hash-missing-found", "The proof does not say what it was made for", shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, sd_hash=None)),
      "invalid", KEY, found="SD-BINDING")
given("sd/sd-binding-none-found", "The proof is unsecured", shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, alg="none")), "invalid", KEY,
      found="SD-BINDING")
given("sd/sd-binding-alg-found", "The proof is made with an algorithm that the holder's key is not for",
      shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, alg="RS256", key="house-rsa")), "invalid", KEY, found="SD-BINDING")
given("sd/sd-binding-typ-found", "The holder's signature, and it does not say that it is a proof",
      shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, typ=None)), "valid", KEY, found="SD-BINDING")
given("sd/sd-binding-draft-found", "A proof as early drafts had it, without type and digest",
      shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, typ=None, sd_hash=None)), "valid", KEY, found="SD-BINDING")
given("sd/sd-binding-former-near", "The digest has the name that drafts gave it",
      shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, sd_hash=None, _sd_hash=digest(text))), "valid", KEY, absent="SD-BINDING CLM-CNF")
given("sd/sd-binding-sha512-near", "_sd_alg holds for the proof too",
      shown(GIVEN, cnf=HOLDER, _sd_alg="sha-512", _sd=[digest(GIVEN, "sha512")], made=lambda text: proof(text, sd_hash=digest(text, "sha512"))), "valid", KEY,
      absent="SD-BINDING CLM-CNF")
given("sd/sd-binding-cnf-near", "The token names no holder", shown(GIVEN, made=proof), "valid", KEY, absent="SD-BINDING", unknown="SD-BINDING")
given("sd/sd-binding-kid-near", "The token names its holder's key by an id alone", shown(GIVEN, cnf={"kid": "k1"}, made=proof), "valid", KEY,
      found="CLM-CNF", absent="SD-BINDING", unknown="SD-BINDING")
given("sd/sd-binding-cut-near", "The end of the proof is lost", shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text)[:-9]), "valid", KEY, absent="SD-BINDING",
      unknown="SD-BINDING")
given("sd/sd-binding-absent-near", "The holder's proof is not at hand: a note", shown(GIVEN, cnf=HOLDER), "valid", KEY, found="CLM-CNF", absent="SD-BINDING")
given("sd/sd-binding-clear", "The holder's proof of this presentation", shown(GIVEN, FAMILY, cnf=HOLDER, made=proof), "valid", KEY,
      absent="SD-BINDING CLM-CNF SD-DISCLOSURE")

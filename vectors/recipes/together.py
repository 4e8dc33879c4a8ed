# SPDX-License-Identifier: Apache-2.0
"""Tokens that show something together only: a secret number used twice, an id given twice, altered copies, another way to write."""

import hashlib
import json

from . import keys
from .corpus import given, vector
from .keys import pub, unb64url
from .sealed import Handmade, secret
from .tokens import OTHER_TENANT, at, house, id_v2, v1, v2

JUNE = "2026-06-01"
KEYS = (pub("house-p256"), pub("house-rsa"), pub("house-ed25519"))

# P-256 (FIPS 186-4 appendix D.1.2.3): a library never lets anybody choose the secret number of a signature.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
BASE = (0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296, 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5)


def plus(a, b):
    """The sum of two points; None is the point at infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times_base(number):
    result, double = None, BASE
    while number:
        if number & 1:
            result = plus(result, double)
        double, number = plus(double, double), number >> 1
    return result


def chosen(token, number, twin=False):
    """Signed with this secret number; the twin is (r, n - s)."""
    private = int.from_bytes(unb64url(keys.load(token.key)["d"]), "big")
    message = int.from_bytes(hashlib.sha256(token.signed_input()).digest(), "big")
    r = times_base(number)[0] % ORDER
    s = pow(number, -1, ORDER) * (message + r * private) % ORDER
    if twin:
        s = ORDER - s
    token.signature, token.holds = r.to_bytes(32, "big") + s.to_bytes(32, "big"), True
    return token


def es(number, twin=False, **claims):
    return chosen(house("house-p256", "ES256", **{"jti": None, **claims}), number, twin)


def damaged(token):
    """As found: the last byte of the signature is another."""
    token.signature, token.holds = token.signature[:-1] + bytes([token.signature[-1] ^ 1]), False
    return token


def rs(**claims):
    return house("house-rsa", "RS256", **{"jti": None, **claims})


def together(name, about, tokens, verdict, corpus, keys=KEYS, **members):
    """corpus: ids of exactly what they show together."""
    given(f"together/{name}", about, tokens, verdict, *keys, corpus=corpus, **members)


ONE, OTHER = int.from_bytes(hashlib.sha256(b"one number").digest(), "big"), int.from_bytes(hashlib.sha256(b"other number").digest(), "big")

# ---- signatures

together("sig-nonce-reuse-found", "Two tokens of one key share the secret number of their signatures", [es(ONE, sub="robin"), es(ONE, sub="kim")], "valid",
         "SIG-NONCE-REUSE")
together("sig-nonce-reuse-no-key-found", "The same, and the key is not at hand: issuer and kid say that it is one",
         [es(ONE, sub="robin"), es(ONE, sub="kim")], "unverified", "SIG-NONCE-REUSE KEY-RECOVERED", keys=(), signature="unverified")
together("sig-nonce-reuse-clear", "Two tokens with a number each", [es(ONE, sub="robin"), es(OTHER, sub="kim")], "valid", "")
together("sig-nonce-reuse-near", "One token found twice", [es(ONE, sub="robin"), es(ONE, sub="robin")], "valid", "")
together("sig-nonce-reuse-kid-near", "One number, no key at hand, and the tokens name two keys, of which the signatures say that they are one",
         [es(ONE, sub="robin"), es(ONE, sub="kim", head={"kid": "house-older"})], "unverified", "KEY-RECOVERED", keys=(), signature="unverified")
together("sig-nonce-reuse-damaged-near", "One token whole and once with its signature changed on its way, and the key is not at hand",
         [es(ONE), damaged(es(ONE))], "unverified", "", keys=(), signature="unverified")
together("sig-highs-found", "A token and its twin, whose signature is (r, n - s)", [es(ONE), es(ONE, twin=True)], "valid", "SIG-HIGHS")
together("sig-highs-no-key-found", "The same without a key: it is arithmetic", [es(ONE), es(ONE, twin=True)], "unverified", "SIG-HIGHS", keys=(),
         signature="unverified")
together("sig-highs-clear", "A token, found twice", [es(ONE), es(ONE)], "valid", "")
together("sig-highs-near", "Two signatures over one message, made with two numbers", [es(ONE), es(OTHER, twin=True)], "valid", "")

# ---- ids

ID = "3f0c9d3e-6c1b-4a52-9f8e-2d7b5a1c0e64"
together("clm-jti-dup-found", "Two tokens with one jti and different subjects", [rs(jti=ID, sub="robin"), rs(jti=ID, sub="kim")], "valid", "CLM-JTI-DUP")
together("clm-jti-dup-short-found", "The same with an id that may repeat by itself: a lesser grade", [rs(jti="7a", sub="robin"), rs(jti="7a", sub="kim")],
         "valid", "CLM-JTI-DUP")
together("clm-jti-dup-times-found", "The same with one session's tokens, which differ in their times alone: a lesser grade",
         [rs(jti=ID, iat=at(JUNE)), rs(jti=ID, iat=at(JUNE) + 60)], "valid", "CLM-JTI-DUP")
together("clm-jti-dup-clear", "Two tokens with an id each", [rs(jti=ID, sub="robin"), rs(jti=OTHER_TENANT, sub="kim")], "valid", "")
together("clm-jti-dup-near", "One id for two audiences", [rs(jti=ID, aud="payroll"), rs(jti=ID, aud="billing")], "valid", "")
together("clm-jti-dup-masked-near", "Ids that were masked", [rs(jti="00000000-0000-0000-0000-000000000000", sub="robin"),
                                                             rs(jti="00000000-0000-0000-0000-000000000000", sub="kim")], "valid", "")
together("clm-jti-dup-no-key-near", "One id, and nobody can say that both are genuine", [rs(jti=ID, sub="robin"), rs(jti=ID, sub="kim")], "unverified",
         "", keys=(), signature="unverified")

# ---- who signed them

together("key-recovered-found", "Two tokens that no key at hand verifies: the key under which both hold is one of two candidates of each",
         [es(ONE, sub="robin"), es(OTHER, sub="kim")], "unverified", "KEY-RECOVERED", keys=(), signature="unverified")
together("key-recovered-kids-found", "The same, and each names another kid and none of them an issuer",
         [es(ONE, iss=None, head={"kid": "one"}), es(OTHER, iss=None, sub="kim", head={"kid": "other"})], "unverified", "KEY-RECOVERED", keys=(),
         signature="unverified")
for curve, alg in (("p384", "ES384"), ("p521", "ES512"), ("k256", "ES256K")):
    together(f"key-recovered-{curve}-found", f"Two tokens of {alg} that no key at hand verifies",
             [house(f"house-{curve}", alg, jti=None), house(f"house-{curve}", alg, jti=None, sub="kim")], "unverified", "KEY-RECOVERED", keys=(),
             signature="unverified")
together("key-recovered-clear", "Two tokens of a key that is at hand", [es(ONE, sub="robin"), es(OTHER, sub="kim")], "valid", "")
together("key-recovered-near", "One token found twice, which no key at hand verifies: two candidates, and nothing tells which",
         [es(ONE), es(ONE)], "unverified", "", keys=(), signature="unverified")
together("key-recovered-alone-near", "A token of each of two keys, none of which is at hand", [es(ONE), house("house-k256", "ES256K", jti=None)],
         "unverified", "", keys=(), signature="unverified")
together("key-recovered-rsa-near", "Two RSA tokens with the usual exponent: half a minute is spent on that only when it is asked for",
         [rs(sub="robin"), rs(sub="kim")], "unverified", "", keys=(), signature="unverified")

# ---- encrypted tokens

IV = bytes(range(12))
GCM, CBC, WRAPPED = {"alg": "dir", "enc": "A128GCM", "kid": "inbox"}, {"alg": "dir", "enc": "A128CBC-HS256", "kid": "inbox"}, {"alg": "A128KW", "enc": "A128GCM"}
GCM_KEY, CBC_KEY = secret(41, 16, kid="inbox"), secret(42, 32, kid="inbox")
ENCRYPTED_KEY = bytes(range(100, 124))


def sealed(content, head=None, cek=bytes([41]) * 16, **options):
    return Handmade(content, head or GCM, cek, **options)


def letters_turned(whole):
    """The ciphertext's letters backwards."""
    parts = whole.split(".")
    return ".".join([*parts[:3], parts[3][::-1], parts[4]])


def sealed_together(name, about, tokens, corpus, *keys):
    together(name, about, tokens, "unverified", corpus, keys=keys, signature="unverified")


sealed_together("jwe-ivreuse-found", "Two contents, one key, one vector", [sealed(b"one"), sealed(b"two")], "JWE-IVREUSE", GCM_KEY)
sealed_together("jwe-ivreuse-wrapped-found", "Two contents under one wrapped key, which names itself", [
    sealed(b"one", WRAPPED, encrypted_key=ENCRYPTED_KEY), sealed(b"two", WRAPPED, encrypted_key=ENCRYPTED_KEY)], "JWE-IVREUSE")
sealed_together("jwe-ivreuse-cbc-found", "The same with CBC, of which equal beginnings show alone: a lesser grade",
                [sealed(b"one", CBC, bytes([42]) * 32), sealed(b"two", CBC, bytes([42]) * 32)], "JWE-IVREUSE", CBC_KEY)
sealed_together("jwe-ivreuse-no-key-found", "Two contents and one vector, and the kid alone says that it is one key: a lesser grade",
                [sealed(b"one"), sealed(b"two")], "JWE-IVREUSE")
sealed_together("jwe-ivreuse-clear", "Two contents with a vector each", [sealed(b"one"), sealed(b"two", iv=IV[::-1])], "", GCM_KEY)
sealed_together("jwe-ivreuse-near", "One token found twice", [sealed(b"one"), sealed(b"one")], "", GCM_KEY)
sealed_together("jwe-ivreuse-damaged-near", "One token whole and once with its ciphertext changed on its way",
                [sealed(b"one"), sealed(b"one", wrap=letters_turned)], "")
sealed_together("jwe-ivreuse-kid-near", "One vector under two kids, and no key at hand",
                [sealed(b"one"), sealed(b"two", {**GCM, "kid": "outbox"})], "")

# ---- how they are written

def several(count, **claims):
    return [rs(sub=f"user{number}", **claims) for number in range(count)]


def reordered(token, *last):
    """With these claims at the end."""
    payload = token.payload
    token.payload = {**{name: value for name, value in payload.items() if name not in last}, **{name: payload[name] for name in last}}
    return token


def header_reordered(token, *last):
    header = token.header
    token.header = {**{name: value for name, value in header.items() if name not in last}, **{name: header[name] for name in last}}
    return token


def spaced(token, **form):
    """The payload as another library writes it."""
    token.payload = json.dumps(token.payload, **form).encode()
    return token


def by_name(token):
    token.payload = dict(sorted(token.payload.items()))
    return token


together("cor-shape-found", "Five tokens of one program, and one with the same claims in another order", [*several(5), reordered(rs(sub="kim"), "iss", "aud")],
         "valid", "COR-SHAPE")
together("cor-shape-header-found", "The same in the header, of so few members that it takes ten others", [
    *several(10), header_reordered(rs(sub="kim"), "typ")], "valid", "COR-SHAPE")
together("cor-shape-space-found", "Spaces behind colons and commas, as Python writes by itself", [*several(5), spaced(rs(sub="kim"))], "valid", "COR-SHAPE")
together("cor-shape-no-key-found", "Nobody can verify any of them, and one is written by another program", [
    *several(5), reordered(rs(sub="kim"), "iss", "aud")], "unverified", "COR-SHAPE", keys=(), signature="unverified")
together("cor-shape-clear", "Claims come and go, and their order stays", [
    *several(3), *several(3, scope=None, amr=["pwd"]), *several(3, nbf=None, name="Robin", groups=["a", "b"])], "valid", "")
together("cor-shape-sorted-clear", "Claims sorted by their names, some of them not in all tokens", [
    by_name(token) for token in several(3) + several(3, email="robin@corp.example", scope=None)], "valid", "")
together("cor-shape-near", "Four others say too little", [*several(4), reordered(rs(sub="kim"), "iss", "aud")], "valid", "")
together("cor-shape-header-near", "Nine others say too little of a header of three members", [*several(9), header_reordered(rs(sub="kim"), "typ")], "valid", "")
together("cor-shape-versions-near", "Two versions of the issuer's program, half and half", [
    *several(8), *(reordered(token, "iss", "aud") for token in several(8, amr=["pwd"]))], "valid", "")
together("cor-shape-rollout-near", "A new version of the issuer's program: two of eleven", [
    *several(9), *(spaced(token) for token in several(2, amr=["pwd"]))], "valid", "")
vector("together/cor-shape-kinds-near", "Access tokens of both versions and ID tokens of one tenant, whose members stand in different orders", [
    token for hour in range(6) for token in (
        v1(f"2026-06-01T0{hour}:00:00Z", "ent-current"),
        v2(f"2026-06-01T0{hour}:10:00Z", "ent-current"),
        id_v2(f"2026-06-01T0{hour}:20:00Z", "ent-current"),
    )], "valid", corpus="")

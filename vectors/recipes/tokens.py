# SPDX-License-Identifier: Apache-2.0
"""Tokens: signed with python3-cryptography, proven with python3-jwcrypto, and shaped as the real issuers shape them."""

import calendar
import hashlib
import hmac
import json
import re
import time
import uuid

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from jwcrypto import jwa, jwk

from . import keys
from .keys import b64url, unb64url

TENANT = "7d0c1f6a-93b5-4e02-8c4b-5a1e0d9b6f21"
OTHER_TENANT = "c2b8e4d0-1a57-4f3c-9d66-0e7f5b2a8c94"
CONSUMER = "9188040d-6c67-4c5b-b112-36a304b66dad"
CLIENT = "5b7e2a90-3c41-4d8f-a6b2-18f09c3d7e55"
API = "e19d40b7-6f28-4c1a-b35d-92a7c8e0f413"
USER = "a4f61c38-0b9d-4e75-8f12-c63d7b590ea2"
GRAPH = "00000003-0000-0000-c000-000000000000"
HOUSE = "https://id.corp.example"

BASE_ALG = {"Ed25519": "EdDSA", "Ed448": "EdDSA"}
RANDOM = ("ES", "PS")


def at(text):
    """Seconds of a day or of a time, UTC."""
    form = "%Y-%m-%dT%H:%M:%SZ" if "T" in text else "%Y-%m-%d"
    return calendar.timegm(time.strptime(text, form))


def compact_json(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def sign(alg, key, data):
    """key is a role, or the bytes of a secret."""
    size = getattr(hashes, "SHA" + alg[-3:], hashes.SHA256)()
    if alg.startswith("HS"):
        secret = key if isinstance(key, bytes) else unb64url(keys.load(key)["k"])
        return hmac.new(secret, data, "sha" + alg[-3:]).digest()
    signer = keys.private(key)
    if alg.startswith("RS"):
        return signer.sign(data, padding.PKCS1v15(), size)
    if alg.startswith("PS"):
        return signer.sign(data, padding.PSS(padding.MGF1(size), size.digest_size), size)
    if alg.startswith("ES"):
        width = (signer.curve.key_size + 7) // 8
        r, s = utils.decode_dss_signature(signer.sign(data, ec.ECDSA(hashes.SHA256() if alg == "ES256K" else size)))
        return r.to_bytes(width, "big") + s.to_bytes(width, "big")
    return signer.sign(data)


def verifies(alg, key, data, signature):
    """Asks jwcrypto."""
    key = jwk.JWK(kty="oct", k=b64url(key)) if isinstance(key, bytes) else keys.jose(key)
    try:
        jwa.JWA.signing_alg(BASE_ALG.get(alg, alg)).verify(key, data, signature)
    except Exception:  # it has a dozen ways to say no
        return False
    return True


def as_bytes(signature):
    """As a tolerant reader takes a signature that is given as text."""
    if isinstance(signature, bytes):
        return signature
    text = "".join(each for each in signature.replace("+", "-").replace("/", "_") if each in "-_" or each.isascii() and each.isalnum())
    try:
        return unb64url(text)
    except ValueError:
        return b""


def compacted(text):
    """The flattened JSON form as the compact one; anything else as it is."""
    try:
        form = json.loads(text)
        return f"{form['protected']}.{form['payload']}.{form['signature']}"
    except (ValueError, TypeError, KeyError):
        return text


class Token:
    """
    One signature over one payload, and what happened to it afterwards.

    header, payload  a dict, or the bytes that are to stand there
    key              the role that signs, the bytes of a secret, or None: nobody does
    alg              what the signature is made with, if the header says something else
    hashed_nonce     it is made over the header with its nonce replaced by the nonce's digest, as for Microsoft Graph
    signature        bytes or a text or a function of the real signature: what is sent in its place
    holds            what is sent in its place is as good
    undo             a function from the sent signature's bytes to the real one's: how a committed ES or PS signature is found again
    edited           the payload that is sent in place of the signed one
    pad              parts are padded with '=' before they are signed
    wrap             a function from the compact token to what is found
    """

    def __init__(self, header, payload, key, alg=None, hashed_nonce=False, signature=None, holds=False, undo=None, edited=None, pad=False,
                 wrap=None, b64=True):
        self.header, self.payload, self.key = header, payload, key
        self.alg = alg or (header.get("alg") if isinstance(header, dict) else None)
        self.hashed_nonce, self.signature, self.edited = hashed_nonce, signature, edited
        self.holds, self.undo = holds, undo
        self.pad, self.wrap, self.b64 = pad, wrap, b64

    def part(self, value):
        data = value if isinstance(value, bytes) else compact_json(value)
        text = b64url(data)
        return text + "=" * (-len(text) % 4 if self.pad else 0)

    def body(self, payload):
        return self.part(payload) if self.b64 else payload.decode()

    def signed_input(self):
        header = dict(self.header) if self.hashed_nonce else self.header
        if self.hashed_nonce:
            header["nonce"] = b64url(hashlib.sha256(header["nonce"].encode()).digest())
        return (self.part(header) + "." + self.body(self.payload)).encode()

    def sent_input(self):
        return self.part(self.header) + "." + self.body(self.payload if self.edited is None else self.edited)

    def make(self, committed):
        """The text, and what is wrong with it: of ES and PS a committed signature stays, since each is another."""
        if self.key is None:
            signature = self.signature or b""
            return self.finish(signature), None
        old = self.committed_signature(committed) if self.alg.startswith(RANDOM) else None
        proper = old or sign(self.alg, self.key, self.signed_input())
        if not verifies(self.alg, self.key, self.signed_input(), proper):
            return None, "the signature does not verify as its recipe says"
        sent = self.signature(proper) if callable(self.signature) else proper if self.signature is None else self.signature
        altered = sent != proper or (not self.hashed_nonce and self.sent_input().encode() != self.signed_input())
        if altered and self.holds != verifies(self.alg, self.key, self.sent_input().encode(), as_bytes(sent)):
            return None, "the signature fails although its recipe says it holds" if self.holds else "the signature verifies although its recipe spoils it"
        if self.hashed_nonce and verifies(self.alg, self.key, self.sent_input().encode(), sent):
            return None, "the signature verifies without the digest of the nonce"
        return self.finish(sent), None

    def committed_signature(self, committed):
        """Only one that is sent as it was made, or in a form that can be undone, is found again; what is fixed need not be."""
        if self.signature is not None and not self.undo:
            return None
        found = re.search(re.escape(self.sent_input()) + r"\.([A-Za-z0-9_-]+)", compacted(committed or ""))
        if not found:
            return None
        signature = self.undo(unb64url(found.group(1))) if self.undo else unb64url(found.group(1))
        return signature if verifies(self.alg, self.key, self.signed_input(), signature) else None

    def finish(self, signature):
        text = self.sent_input() + "." + (signature if isinstance(signature, str) else self.part(signature))
        return self.wrap(text) if self.wrap else text


class Text:
    """Something that is not signed at all."""

    def __init__(self, text):
        self.text = text

    def make(self, committed):
        return self.text, None


# ---- what is done to signatures

def short_by(length):
    return lambda signature: signature[:-length]


def flipped(signature):
    """One bit of it, in the middle."""
    middle = len(signature) // 2
    return signature[:middle] + bytes([signature[middle] ^ 1]) + signature[middle + 1:]


def padded(signature):
    text = b64url(signature)
    return text + "=" * (-len(text) % 4)


def standard(signature):
    """The letters of the other alphabet (RFC 4648 section 4)."""
    return b64url(signature).replace("-", "+").replace("_", "/")


def spare_bits(signature):
    """Other spare bits in the last letter: no byte changes."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    text = b64url(signature)
    return text[:-1] + letters[letters.index(text[-1]) + 1]


# ---- what is done to tokens

def flattened(text):
    header, payload, signature = text.split(".")
    return json.dumps({"payload": payload, "protected": header, "signature": signature})


def flattened_with(**unprotected):
    """With an unprotected header too."""
    def wrap(text):
        header, payload, signature = text.split(".")
        return json.dumps({"payload": payload, "protected": header, "header": unprotected, "signature": signature})
    return wrap


def general(*more):
    """Several signatures over one payload: those of further tokens are added."""
    def wrap(text):
        parts = [each.split(".") for each in [text, *(token.make(None)[0] for token in more)]]
        return json.dumps({"payload": parts[0][1], "signatures": [{"protected": p[0], "signature": p[2]} for p in parts]})
    return wrap


def detached(text):
    header, _, signature = text.split(".")
    return f"{header}..{signature}"


def two_parts(text):
    return text.rsplit(".", 1)[0]


def masked(mask):
    return lambda text: two_parts(text) + "." + mask


def cut(length):
    return lambda text: text[:length]


def folded(width, end="\r\n "):
    return lambda text: end.join(text[i:i + width] for i in range(0, len(text), width))


def rewritten(token, part, old, new):
    """The token with other bytes in its header or payload, signed like that."""
    text = compact_json(getattr(token, part))
    assert text.count(old) == 1, old
    setattr(token, part, text.replace(old, new))
    return token


# ---- what Microsoft's tokens carry

def guid_bytes(text):
    return uuid.UUID(text).bytes_le


def uti(seed):
    """A token id as Entra makes them: a version-4 GUID in .NET's byte order."""
    data = bytearray(hashlib.sha256(str(seed).encode()).digest()[:16])
    data[7] = data[7] & 0x0f | 0x40
    data[8] = data[8] & 0x3f | 0x80
    data[15] = 0
    return b64url(bytes(data))


def rh(tenant, resource):
    return "0." + b64url(b"\x01\x2a\x00" + guid_bytes(tenant) + guid_bytes(resource) + b"\x00\x00\x00") + "."


def merged(base, changes):
    """Changes to None take a member away."""
    result = {**base, **changes}
    return {name: value for name, value in result.items() if value is not None}


def sort_options(options):
    names = ("alg", "hashed_nonce", "signature", "holds", "undo", "edited", "pad", "wrap", "b64")
    return {name: options.pop(name) for name in names if name in options}, options


def header_for(key, base, head):
    """Names the key, unless it is a secret or there is none."""
    return merged({**base, "kid": keys.kid(key)} if isinstance(key, str) else base, head or {})


def times(moment, life):
    start = at(moment)
    return {"iat": start, "nbf": start, "exp": start + life}


def v1(moment, key, head=None, tenant=TENANT, aud="api://payroll.corp.example", life=4499, resource=API, **claims):
    """An access token, version 1.0."""
    options, claims = sort_options(claims)
    named = {"x5t": keys.kid(key)} if isinstance(key, str) else {}
    header = header_for(key, {"typ": "JWT", "alg": "RS256", **named}, head)
    payload = {
        "aud": aud, "iss": f"https://sts.windows.net/{tenant}/", **times(moment, life), "acr": "1", "amr": ["pwd", "mfa"],
        "appid": CLIENT, "appidacr": "0", "ipaddr": "198.51.100.7", "name": "Robin Example", "oid": USER,
        "rh": rh(tenant, resource), "scp": "Payroll.Read", "sub": "q3JmV0x5c2Y1bXk4T2h1d0E3bGtQd1RZ", "tid": tenant,
        "unique_name": "robin@corp.example", "upn": "robin@corp.example", "uti": uti(moment), "ver": "1.0",
    }
    return Token(header, merged(payload, claims), key, **options)


def v2(moment, key, head=None, tenant=TENANT, aud=API, life=4364, host="login.microsoftonline.com", **claims):
    """An access token, version 2.0."""
    options, claims = sort_options(claims)
    header = header_for(key, {"typ": "JWT", "alg": "RS256"}, head)
    payload = {
        "aud": aud, "iss": f"https://{host}/{tenant}/v2.0", **times(moment, life), "azp": CLIENT, "azpacr": "0",
        "name": "Robin Example", "oid": USER, "preferred_username": "robin@corp.example", "rh": rh(tenant, API),
        "scp": "Payroll.Read", "sub": "q3JmV0x5c2Y1bXk4T2h1d0E3bGtQd1RZ", "tid": tenant, "uti": uti(moment), "ver": "2.0",
    }
    return Token(header, merged(payload, claims), key, **options)


def graph(moment, key, hashed_nonce=True, **claims):
    """An access token for Microsoft Graph: the header has a nonce, and the signature is made over its digest."""
    token = v1(moment, key, aud="https://graph.microsoft.com", resource=GRAPH, hashed_nonce=hashed_nonce, **claims)
    token.header = {"typ": "JWT", "nonce": "AQABAAAAAABZvGOeRR8zQQ2mSB1vLpkd", **token.header}
    return token


def id_v2(moment, key, head=None, tenant=TENANT, **claims):
    """An ID token, version 2.0."""
    options, claims = sort_options(claims)
    header = header_for(key, {"typ": "JWT", "alg": "RS256"}, head)
    payload = {
        "aud": CLIENT, "iss": f"https://login.microsoftonline.com/{tenant}/v2.0", **times(moment, 3900), "name": "Robin Example",
        "nonce": "678910", "oid": USER, "preferred_username": "robin@corp.example", "rh": rh(tenant, CLIENT),
        "sub": "q3JmV0x5c2Y1bXk4T2h1d0E3bGtQd1RZ", "tid": tenant, "uti": uti(moment), "ver": "2.0",
    }
    return Token(header, merged(payload, claims), key, **options)


def consumer(moment, key, head=None, **claims):
    """An ID token of a personal Microsoft account."""
    options, claims = sort_options(claims)
    header = header_for(key, {"typ": "JWT", "alg": "RS256"}, head)
    payload = {
        "ver": "2.0", "iss": f"https://login.microsoftonline.com/{CONSUMER}/v2.0", "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
        "aud": CLIENT, **times(moment, 86400), "name": "Kim Example", "preferred_username": "kim@outlook.example",
        "oid": "00000000-0000-0000-5c1e-93a07d2b64f8", "tid": CONSUMER, "nonce": "123456", "aio": "DfExample",
    }
    return Token(header, merged(payload, claims), key, **options)


def app(moment, key, head=None, tenant=TENANT, life=86700, **claims):
    """A managed identity's token: no user, and a day long."""
    machine = f"/subscriptions/{OTHER_TENANT}/resourcegroups/payroll/providers/Microsoft.Compute/virtualMachines/batch1"
    no_user = dict.fromkeys(["acr", "amr", "ipaddr", "name", "scp", "unique_name", "upn"])
    own = {**no_user, "appidacr": "2", "idtyp": "app", "sub": USER, "xms_mirid": machine}
    return v1(moment, key, head, tenant, life=life, **{**own, **claims})


def bot(moment, key, head=None, **claims):
    """What the Bot Framework sends to a bot: no iat, no tid."""
    options, claims = sort_options(claims)
    header = header_for(key, {"typ": "JWT", "alg": "RS256", "x5t": keys.kid(key)}, head)
    start = at(moment)
    payload = {"serviceurl": "https://smba.example/emea/", "nbf": start, "exp": start + 3600, "iss": "https://api.botframework.com", "aud": CLIENT}
    return Token(header, merged(payload, claims), key, **options)


def house(key, alg, moment="2026-06-01", head=None, made_with=None, **claims):
    """What a company's own service makes, of which no history knows. The signature is made_with another algorithm, if that is said."""
    options, claims = sort_options(claims)
    options["alg"] = made_with
    name = {"kid": keys.kid(key)} if isinstance(key, str) else {}
    header = merged({"typ": "JWT", "alg": alg, **name}, head or {})
    payload = {"iss": HOUSE, "sub": "robin", "aud": "payroll", **times(moment, 3600), "jti": uti("house" + moment), "scope": "read"}
    return Token(header, merged(payload, claims), key, **options)


def idp(moment, key="idp", head=None, **claims):
    """An ID token of another provider."""
    options, claims = sort_options(claims)
    header = merged({"alg": "RS256", "kid": keys.kid(key), "typ": "JWT"}, head or {})
    payload = {"iss": "https://id.example.net", "azp": "web", "aud": "web", "sub": "110169484474386276334", **times(moment, 3600), "nonce": "n-0S6"}
    return Token(header, merged(payload, claims), key, **options)

# SPDX-License-Identifier: Apache-2.0
"""The folder given/: keys in the forms in which an examiner gets hold of them. Public halves only."""

import base64
import json

from cryptography.hazmat.primitives import serialization

from . import keys
from .histories import POOL
from .keys import pub
from .tokens import HOUSE

CRLF = b"\r\n"


def armoured(label, data):
    text = base64.encodebytes(data).decode().replace("\n", "")
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


def public(role, form, encoding=serialization.Encoding.DER):
    return keys.private(role).public_key().public_bytes(encoding, form)


def spki(role):
    return public(role, serialization.PublicFormat.SubjectPublicKeyInfo)


def pkcs1(role):
    return public(role, serialization.PublicFormat.PKCS1)


def text(value):
    return (json.dumps(value, indent=1) + "\n").encode()


DOMAIN = {
    "format": "tokenscope-profile/1", "name": "corp", "version": 1, "about": "the custom domain of a tenant",
    "families": [{"name": "auth0-tenant", "words": "Auth0"}], "pools": {"auth0-tenant": [{"family": "auth0-tenant"}]},
    "issuers": [{"pattern": "https://login.corp.example/", "family": "auth0-tenant", "pools": "auth0-tenant", "keys": "aliased", "tenant": "corp"}],
}


def issuer_set(issuer, *roles):
    """Metadata with its keys inside."""
    return {"issuer": issuer, "jwks": {"keys": [pub(role) for role in roles]}}


def every():
    """Name and bytes of each file."""
    metadata = {"issuer": HOUSE, "jwks_uri": HOUSE + "/keys", "id_token_signing_alg_values_supported": ["RS256", "ES256"]}
    broken = pub("house-rsa", kid="broken", n="not base64url!")
    return {
        "house-rsa.pem": armoured("PUBLIC KEY", spki("house-rsa")),
        "house-rsa-crlf.pem": armoured("PUBLIC KEY", spki("house-rsa")).replace(b"\n", CRLF),
        "house-rsa-pkcs1.pem": armoured("RSA PUBLIC KEY", pkcs1("house-rsa")),
        "house-rsa.der": spki("house-rsa"),
        "house-rsa-pkcs1.der": pkcs1("house-rsa"),
        "house-p256.pem": armoured("PUBLIC KEY", spki("house-p256")),
        "house-p384.pem": armoured("PUBLIC KEY", spki("house-p384")),
        "house-p521.der": spki("house-p521"),
        "house-k256.pem": armoured("PUBLIC KEY", spki("house-k256")),
        "house-ed25519.pem": armoured("PUBLIC KEY", spki("house-ed25519")),
        "house-ed448.der": spki("house-ed448"),
        "ent-current-certificate.pem": armoured("CERTIFICATE", keys.certificate("ent-current")),
        "ent-current-certificate.der": keys.certificate("ent-current"),
        "several.pem": b"# keys of two services\n" + armoured("PUBLIC KEY", spki("house-p256")) + b"\n" + armoured("PUBLIC KEY", spki("house-rsa")),
        "metadata.json": text({**metadata, "jwks": {"keys": [pub("house-rsa"), pub("house-p256")]}}),
        "one-key.json": text(pub("house-p256")),
        "profile-domain.json": text(DOMAIN),
        "auth0-tenant.json": text(issuer_set("https://other.us.auth0.com/", "auth0-b")),
        "cognito-pool.json": text(issuer_set(POOL + "GhIjKl456", "cognito-b")),
        "one-broken.json": text({"keys": [broken, {"kty": "LWE", "kid": "later"}, 7, pub("house-rsa")]}),
        "ent-current-chain.json": text({"keys": [pub("ent-current")]}),
    }

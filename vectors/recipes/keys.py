# SPDX-License-Identifier: Apache-2.0
"""The signing keys of the corpus: who plays which role. Made for these tests, worthless; README.md tells how."""

import base64
import datetime
import functools
import hashlib
import json
import math
import os
import secrets

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from jwcrypto import jwk

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "keys")

ENTRA = "accounts.accesscontrol.windows.net"
MSA = "Live ID STS Signing Public Key"
GOV = "login.microsoftonline.us"
CHINA = "accounts.accesscontrol.chinacloudapi.cn"
PPE = "accounts.accesscontrol.windows-ppe.net"

# role: certificate's CN, its first and its last day. The subjects are those of the real keys whose part they play.
CERTIFIED = {
    "ent-2024": (ENTRA, "2024-09-16", "2029-09-16"),
    "ent-current": (ENTRA, "2026-05-06", "2031-05-06"),
    "ent-retired": (ENTRA, "2025-08-01", "2030-08-01"),
    "ent-restored": (ENTRA, "2025-11-27", "2030-11-27"),
    "ent-early": (ENTRA, "2026-03-01", "2031-03-01"),
    "ent-ended-listed": (ENTRA, "2021-02-01", "2026-02-01"),
    "ent-ended": (ENTRA, "2020-06-01", "2025-06-30"),
    "ent-tenant": (ENTRA, "2021-11-01", "2026-11-01"),
    "ent-unlisted": (ENTRA, "2026-01-01", "2031-01-01"),
    "msa-stolen": (MSA, "2016-04-05", "2021-04-04"),
    "msa-2024": (MSA, "2024-06-27", "2029-06-27"),
    "msa-by-subject": (MSA, "2025-10-01", "2030-10-01"),
    "gov": (GOV, "2026-04-28", "2031-04-28"),
    "china": (CHINA, "2026-04-01", "2031-04-01"),
    "ppe": (PPE, "2026-05-01", "2031-05-01"),
    "bot": (ENTRA.replace("accounts", "botframework"), "2025-09-01", "2030-09-01"),
}

# role: members of jwk.JWK.generate, and the kid
PLAIN = {
    "idp": (dict(kty="RSA", size=2048), "1"),
    "published-rsa": (dict(kty="RSA", size=2048), "example-key"),
    "published-p256": (dict(kty="EC", crv="P-256"), "example-key-ec"),
    "published-ed25519": (dict(kty="OKP", crv="Ed25519"), "example-key-ed"),
    "house-rsa": (dict(kty="RSA", size=2048), "house-2026"),
    "house-p256": (dict(kty="EC", crv="P-256"), "house-p256"),
    "house-p384": (dict(kty="EC", crv="P-384"), "house-p384"),
    "house-p521": (dict(kty="EC", crv="P-521"), "house-p521"),
    "house-k256": (dict(kty="EC", crv="secp256k1"), "house-k256"),
    "house-ed25519": (dict(kty="OKP", crv="Ed25519"), "house-ed25519"),
    "house-ed448": (dict(kty="OKP", crv="Ed448"), "house-ed448"),
    "house-secret": (dict(kty="oct", size=512), "house-secret"),
}

RSA = dict(kty="RSA", size=2048)

# Keys in the place of other providers', with kids as those write them.
PROVIDERS = {
    "google": (RSA, "b7c2d1e49a03f58c6e2d714b90a8f3c5d6e17042"),
    "google-firebase": (RSA, "4e9d02c7ab615f83d0c94e27b1f86a53ce708d19"),
    "google-iap": (dict(kty="EC", crv="P-256"), "iap-1"),
    "apple": (RSA, "tS7kQ2mVxB"),
    "github": (RSA, "9C1F4E07A2B85D36E0C97F14AB2853DE6F70B1C4"),
    "github-server": (RSA, "51B7D09E4F3A2C86D1E75A0F93C4B8627E0DA1F5"),
    "gitlab": (RSA, "mR4vTq8xKc2Zp6WnYd0Bh3Lj7Fs9Gt1Eu5Ai_Qo-Vx8"),
    "cognito-a": (RSA, "Zm9vdGhlc2UgYXJlIG9ubHkgZm9yIHRlc3RzIEEgcG8="),
    "cognito-b": (RSA, "dGhpcyBpcyBhIHRlc3Qga2V5IGZvciBwb29sIEIgb24="),
    "okta-a": (RSA, "xK2mQ7vTn4Rc8ZpWd1Yb6Hj0Lf3Gs9Eu5Ai-Bo_Vt7k"),
    "okta-b": (RSA, "pW8nYc3Kr5Tx0Zm7Vd2Qb4Jh6Ls1Fg9Ei_Au-Ro3Nx2"),
    "auth0-a": (RSA, "k3VtQ8xWn2RmZ7cYp5LbD"),
    "auth0-b": (RSA, "f9HsJ4wEq6TzN1vXo0KaG"),
    "keycloak-a": (RSA, "Rm2Kx8Vt5Qc1Zn7Wp4Yd0Bh6Lj3Fs9Gu_Ei-Ao5Tk2X"),
    "keycloak-b": (RSA, "Hn6Wq3Zt9Kc4Vm1Xp8Rd2Yb7Lj5Gs0Fu-Ai_Eo6Tb8N"),
    "cluster-a": (RSA, "vB5nQ1xTk8Rc3ZmWp7Yd4Hj2Lf6Gs0Eu9Ai_Oo-Kt3V"),
    "cluster-b": (RSA, "cT9mV4xQn2Rk7ZpWd5Yb1Hj8Lf3Gs6Eu0Ai-Bo_Tx4Q"),
    "b2c-a": (RSA, "eX2mK7vTn4Rc9ZpWd3Yb8Hj1Lf5Gs0Eu6Ai_Bo-Vt4k"),
    "b2c-b": (RSA, "aQ6nY1cKr8Tx3ZmVd9Wb5Jh2Ls7Fg0Ei-Au_Ro4Nx1p"),
    "farm-a": (RSA, "kR3vT8xQn5Zc1WmYp7Bd4Hj9Lf2"),
    "farm-b": (RSA, "jN6wE2zTq9Kc4XpVd8Rb1Ys7Lf5"),
}

# Weak in one way each: two primes beside each other, a prime of another key, few bits, a small exponent.
WEAK = ("weak-close", "weak-shared", "weak-shared-other", "weak-small", "weak-tiny", "weak-exponent")

PRIVATE = {"d", "p", "q", "dp", "dq", "qi"}


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def day(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d")


def path_of(role):
    return os.path.join(FOLDER, role + ".json")


@functools.lru_cache(maxsize=None)
def load(role):
    with open(path_of(role), encoding="utf-8") as file:
        return json.load(file)


@functools.lru_cache(maxsize=None)
def jose(role):
    """The key as jwcrypto takes it: without the members it does not know."""
    return jwk.JWK(**{name: value for name, value in load(role).items() if name not in ("kid", "x5t", "x5c")})


@functools.lru_cache(maxsize=None)
def private(role):
    return serialization.load_pem_private_key(jose(role).export_to_pem(private_key=True, password=None), None)


def public_pem(role):
    return jose(role).export_to_pem()


def kid(role):
    return load(role)["kid"]


def pub(role, **changes):
    """The key as it is published; a change to None takes the member away."""
    members = {name: value for name, value in load(role).items() if name not in PRIVATE}
    members.update(changes)
    return {name: value for name, value in members.items() if value is not None}


def thumbprint(role):
    """RFC 7638, SHA-256."""
    return jose(role).thumbprint()


def certificate(role):
    return base64.b64decode(load(role)["x5c"][0])


def certify(role, key):
    """A self-signed certificate as the real ones are; its serial number says that it is a test's."""
    common_name, first, last = CERTIFIED[role]
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    serial = int.from_bytes(b"tokenscope test" + hashlib.sha256(role.encode()).digest()[:3], "big")
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(serial)
    builder = builder.not_valid_before(day(first)).not_valid_after(day(last))
    if common_name == MSA:
        usage = x509.KeyUsage(True, True, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=False)
    else:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def next_prime(number):
    number |= 1
    while not all(pow(base, number - 1, number) == 1 for base in (2, 3, 5, 7, 11)):
        number += 2
    return number


def random_prime(bits):
    return next_prime(secrets.randbits(bits) | 3 << bits - 2)


def from_primes(p, q, e=65537):
    d = pow(e, -1, math.lcm(p - 1, q - 1))
    numbers = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), rsa.rsa_crt_iqmp(p, q), rsa.RSAPublicNumbers(e, p * q))
    return jwk.JWK.from_pyca(numbers.private_key())


def make_weak(role):
    if role == "weak-close":
        p = random_prime(1024)
        return from_primes(p, next_prime(p + 2))
    if role == "weak-shared-other":
        return from_primes(int.from_bytes(unb64url(load("weak-shared")["p"]), "big"), random_prime(1024))
    if role == "weak-exponent":
        return jwk.JWK.from_pyca(rsa.generate_private_key(3, 2048))
    return jwk.JWK.generate(kty="RSA", size={"weak-small": 1024, "weak-tiny": 512}.get(role, 2048))


def make(role):
    if role in WEAK:
        return {"kid": role, **make_weak(role).export(as_dict=True)}
    if role in PLAIN or role in PROVIDERS:
        members, name = PLAIN.get(role) or PROVIDERS[role]
        return {"kid": name, **jwk.JWK.generate(**members).export(as_dict=True)}
    key = jwk.JWK.generate(kty="RSA", size=2048)
    der = certify(role, serialization.load_pem_private_key(key.export_to_pem(private_key=True, password=None), None))
    thumb = b64url(hashlib.sha1(der).digest())
    return {"kid": thumb, "x5t": thumb, **key.export(as_dict=True), "x5c": [base64.b64encode(der).decode()]}


def make_missing():
    """Makes the keys that are not there yet. A key that is there stays: every token made with it would change."""
    os.makedirs(FOLDER, exist_ok=True)
    for role in [*CERTIFIED, *PLAIN, *PROVIDERS, *WEAK]:
        if not os.path.exists(path_of(role)):
            with open(path_of(role), "w", encoding="utf-8") as file:
                json.dump(make(role), file, indent=1)
                file.write("\n")


def prove():
    """Problems of the committed keys: their certificates must be theirs, self-signed, and name them."""
    for role in CERTIFIED:
        der = certificate(role)
        parsed = x509.load_der_x509_certificate(der)
        if b64url(hashlib.sha1(der).digest()) != kid(role):
            yield f"keys/{role}.json: kid is not the SHA-1 of the certificate"
        if certify(role, private(role)) != der:
            yield f"keys/{role}.json: the certificate is not what the recipe makes"
        if parsed.public_key().public_numbers() != private(role).public_key().public_numbers():
            yield f"keys/{role}.json: the certificate holds another key"
    known = {role + ".json" for role in [*CERTIFIED, *PLAIN, *PROVIDERS, *WEAK]}
    for name in sorted(set(os.listdir(FOLDER)) - known):
        yield f"keys/{name}: no recipe makes it"

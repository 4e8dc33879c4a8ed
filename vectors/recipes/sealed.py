# SPDX-License-Identifier: Apache-2.0
"""Encrypted tokens: sealed with python3-jwcrypto, which is not ours. A committed one stays while it opens to what its recipe says."""

import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from jwcrypto import jwe, jwk
from jwcrypto.common import JWException

from . import keys
from .tokens import compact_json

ALGS = jwe.default_allowed_algs + ["RSA1_5"]


def secret(byte, size, **members):
    """A shared key of one byte over and over: nobody takes it for a real one."""
    return {"kty": "oct", "k": keys.b64url(bytes([byte]) * size), **members}


class Sealed:
    """A token around a token, or around bytes."""

    def __init__(self, content, alg, enc, key, head=None, others=()):
        self.content, self.key, self.others = content, key, others
        self.head = {"alg": alg, "enc": enc, **(head or {})}

    def jose(self, key):
        return keys.jose(key) if isinstance(key, str) else jwk.JWK(**{name: value for name, value in key.items() if name not in ("kid", "alg")})

    def plaintext(self):
        if isinstance(self.content, bytes):
            return self.content, None
        text, problem = self.content.make(None)
        return text.encode() if text else b"", problem

    def seal(self, plaintext):
        if not self.others:
            token = jwe.JWE(plaintext, protected=compact_json(self.head).decode(), algs=ALGS)
            token.add_recipient(self.jose(self.key))
            return token.serialize(compact=True)
        token = jwe.JWE(plaintext, protected=compact_json({"enc": self.head["enc"]}).decode(), algs=ALGS)
        for alg, key in [*self.others, (self.head["alg"], self.key)]:
            token.add_recipient(self.jose(key), header=compact_json({"alg": alg}).decode())
        return token.serialize()

    def opens(self, text, plaintext):
        """To the plaintext, under the header of the recipe."""
        try:
            token = jwe.JWE(algs=ALGS)
            token.deserialize(text)
            token.decrypt(self.jose(self.key))
        except (JWException, ValueError, TypeError):
            return False
        return token.payload == plaintext and (self.others or token.jose_header.items() >= self.head.items())

    def make(self, committed):
        plaintext, problem = self.plaintext()
        if problem:
            return None, problem
        whole = committed if committed and self.opens(committed, plaintext) else self.seal(plaintext)
        if not self.opens(whole, plaintext):
            return None, "it does not open to what it was made of"
        return whole, None


class Spoilt(Sealed):
    """One letter of the tag is another: what was sealed is found again by undoing that."""

    def make(self, committed):
        undone = committed and self.spoil(committed)
        whole, problem = super().make(undone)
        return (whole, problem) if problem else (self.spoil(whole), None)

    @staticmethod
    def spoil(text):
        at = len(text) - 10
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        return text[:at] + letters[letters.index(text[at]) ^ 1] + text[at + 1:]


class Handmade:
    """A compact token put together from its parts, which no library would make: everything in it is fixed."""

    def __init__(self, content, head, cek, encrypted_key=b"", iv=None, tag_len=None, spare=b"", wrap=None):
        self.content, self.head, self.cek, self.wrap = content, head, cek, wrap
        self.encrypted_key, self.iv, self.tag_len, self.spare = encrypted_key, iv, tag_len, spare

    def encrypt(self, plaintext, aad):
        """Section 5.2.2.1 of RFC 7518 for CBC, section 5.3 for GCM."""
        if self.head["enc"].endswith("GCM"):
            iv = self.iv or bytes(range(12))
            whole = AESGCM(self.cek).encrypt(iv, plaintext, aad)
            return iv, whole[:-16], whole[-16:]
        iv, half = self.iv or bytes(range(16)), len(self.cek) // 2
        pad = 16 - len(plaintext) % 16
        cbc = Cipher(algorithms.AES(self.cek[half:]), modes.CBC(iv)).encryptor()
        ciphertext = cbc.update(plaintext + bytes([pad]) * pad) + cbc.finalize()
        digest = {32: "sha256", 48: "sha384", 64: "sha512"}[len(self.cek)]
        mac = hmac.new(self.cek[:half], aad + iv + ciphertext + (8 * len(aad)).to_bytes(8, "big"), digest).digest()
        return iv, ciphertext, mac[:half]

    def make(self, committed):
        text, problem = (self.content, None) if isinstance(self.content, bytes) else self.content.make(None)
        if problem:
            return None, problem
        protected = keys.b64url(compact_json(self.head))
        iv, ciphertext, tag = self.encrypt(text if isinstance(text, bytes) else text.encode(), protected.encode())
        parts = (self.encrypted_key, iv, ciphertext, tag[:self.tag_len] + self.spare)
        whole = ".".join((protected, *map(keys.b64url, parts)))
        return self.wrap(whole) if self.wrap else whole, None

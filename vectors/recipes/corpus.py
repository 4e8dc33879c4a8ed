# SPDX-License-Identifier: Apache-2.0
"""The list of vectors, filled by the recipes of each family."""

NOW = "2026-09-01T00:00:00Z"
MEMBERS = ("about", "source", "token", "tokens", "encoding", "payload", "keys", "keys_file", "history", "embedded", "profile", "seen", "now",
           "leeway", "issuer", "audience", "tenant", "require_mfa", "secrets", "expect")
EXPECTED = ("verdict", "signature", "findings", "absent", "inconclusive", "second_opinion", "corpus")

vectors = {}


class Vector:
    def __init__(self, tokens, members, expect, seed):
        self.tokens, self.members, self.expect = tokens, members, expect
        self.seed = seed  # its token is a seed of the fuzzer too

    def render(self, texts):
        """The file's object, members in order."""
        found = {**self.members, "expect": self.expect}
        found.update({"token": texts[0]} if len(texts) == 1 else {"tokens": texts})
        return {name: found[name] for name in MEMBERS if name in found}


def vector(name, about, token, verdict, signature="verified", found="", absent="", unknown="", opinion=None, corpus=None, history="microsoft",
           now=NOW, seed=False, **members):
    """
    One vector. found, absent, unknown, opinion and corpus are ids with spaces between; nobody would have been wrong to accept an honest
    token, so there opinion is empty when it is not said; history names a file of history/, and None means that
    the examiner has none, not even the built-in one.
    """
    assert name not in vectors, name
    family = name.split("/")[0]
    members.update(about=about, source=f"vectors/recipes/{family}.py; keys, names and tenants are made up", now=now)
    if history:
        members["history"] = f"../history/{history}.json"
    else:
        members.setdefault("embedded", False)
    if isinstance(members.get("keys"), list):
        members["keys"] = {"keys": members["keys"]}
    expect = {"verdict": verdict, "signature": signature, "findings": found.split(), "absent": absent.split(), "inconclusive": unknown.split()}
    if opinion is None and family == "honest":
        opinion = ""
    if opinion is not None:
        expect["second_opinion"] = opinion.split()
    if corpus is not None:
        expect["corpus"] = corpus.split()
    if signature is None:
        del expect["signature"]
    vectors[name] = Vector(token if isinstance(token, list) else [token], members, expect, seed)


def given(name, about, token, verdict, *keys, **members):
    """A vector with keys that the examiner has, and nothing else."""
    vector(name, about, token, verdict, history=None, keys=list(keys), **members)

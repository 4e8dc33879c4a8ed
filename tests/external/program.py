# SPDX-License-Identifier: Apache-2.0
"""The command line under test, and the little that all suites share."""

import base64
import json
import os
import subprocess

TIME_LIMIT = 60

# By exit status, the words of tokenscope(1).
VERIFY = {0: "accepted", 1: "refused", 2: "no key"}


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def base64url_decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def write_json(folder, name, value):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file)
    return path


class Program:
    def __init__(self, path):
        self.path = os.path.abspath(path)

    def run(self, *arguments, data=b""):
        """Exit status, standard output and error of one run. Statuses that no input may cause raise."""
        done = subprocess.run([self.path, *arguments], input=data, capture_output=True, timeout=TIME_LIMIT, check=False)
        if done.returncode < 0 or done.returncode in (64, 69, 70, 74):
            raise RuntimeError(f"{arguments[0]} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-200:]}")
        return done.returncode, done.stdout, done.stderr.decode(errors="replace").strip()

    def verify(self, token, *arguments):
        """What a strict validator does with the signature: "accepted", "refused", "no key", or what went wrong; and why."""
        status, output, error = self.run("verify", "--signature-only", *arguments, "-", data=token.encode())
        return VERIFY.get(status, f"exit status {status}"), (output.decode(errors="replace") + error).strip()

    def inspect(self, token, *arguments):
        """The report, or None when there was none."""
        _, output, _ = self.run("inspect", "--format", "json", "--fail-on", "never", *arguments, "-", data=token.encode())
        return json.loads(output) if output.strip() else None

    def decode(self, token):
        """Raw JSON of what is inside, or None."""
        status, output, _ = self.run("decode", "--format", "json", "--reveal", "-", data=token.encode())
        return output if status == 0 else None

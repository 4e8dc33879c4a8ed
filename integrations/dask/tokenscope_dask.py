#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges lines of tokens with Dask.distributed: chunks of the file go through `tokenscope stream` on the workers.

    tokenscope_dask.py --scheduler tcp://127.0.0.1:8786 --lines tokens.jsonl --out reports.jsonl --keys jwks.json

Lines and answers are those of `tokenscope stream` (docs/stream.md), in the same order: what comes out equals a run of the program over
the whole file, byte for byte. The program, its library, keys and history are sent to the workers; OpenSSL, jansson, cjose, GMP and zlib
must be there. When a worker dies, its chunks are judged again by others.
"""

import argparse
import collections
import datetime
import hashlib
import os
import subprocess
import sys
import tempfile

from distributed import Client, get_worker

CHUNK_BYTES = 4 << 20
ON_THEIR_WAY = 4  # chunks a worker thread


# ---- on a worker

def folder_of(files):
    """The files as a folder: written once by each worker, and whole before anybody sees it."""
    name = hashlib.sha256(repr(sorted((name, hashlib.sha256(data).hexdigest()) for name, data in files.items())).encode()).hexdigest()[:16]
    folder = os.path.join(get_worker().local_directory, "tokenscope-" + name)
    if not os.path.isdir(folder):
        made = tempfile.mkdtemp(dir=get_worker().local_directory)
        for name, data in files.items():
            with open(os.path.join(made, name), "wb") as file:
                file.write(data)
            os.chmod(os.path.join(made, name), 0o700)
        try:
            os.rename(made, folder)
        except OSError:  # another thread was faster
            pass
    return folder


def judge(lines, files, program, options):
    """bytes of lines in, bytes of answers out. options name files of the folder with a leading '@'."""
    folder = folder_of(files)
    words = [os.path.join(folder, word[1:]) if word.startswith("@") else word for word in options]
    done = subprocess.run([os.path.join(folder, program), "stream", *words], input=lines, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, "LD_LIBRARY_PATH": folder}, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"tokenscope stream ended with status {done.returncode}: {done.stderr.decode(errors='replace')[:400]}")
    return done.stdout


# ---- here

def chunks(file, size=CHUNK_BYTES):
    """Whole lines, about size bytes at a time. The last line gets an end if it has none."""
    while lines := file.readlines(size):
        if not lines[-1].endswith(b"\n"):
            lines[-1] += b"\n"
        yield b"".join(lines)


def judge_lines(client, source, out, files, program, options, chunk_bytes=CHUNK_BYTES):
    """In order, and never more on their way than the workers can do soon: memory does not grow with the file."""
    [shared] = client.scatter([files], broadcast=True, hash=False)  # as one value: of a dict each would be one
    waiting = collections.deque()
    for lines in chunks(source, chunk_bytes):
        waiting.append(client.submit(judge, lines, shared, program, options, pure=False, retries=3))
        if len(waiting) >= ON_THEIR_WAY * max(1, sum(client.nthreads().values())):
            out.write(waiting.popleft().result())
    while waiting:
        out.write(waiting.popleft().result())


def read_files(options):
    """Name and bytes of all that is sent, the words that name them, and the name of the program."""
    files, words = {}, ["--now", options.now]
    for name in ("tokenscope", "library", "keys", "history"):
        path = getattr(options, name)
        if not path:
            continue
        with open(path, "rb") as file:
            files[os.path.basename(path)] = file.read()
        if name in ("keys", "history"):
            words += ["--" + name, "@" + os.path.basename(path)]
    return files, words + (["--normalize"] if options.normalize else []) + (["--no-embedded"] if options.no_embedded else [])


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scheduler", required=True, metavar="ADDRESS")
    parser.add_argument("--lines", required=True, metavar="FILE", help="as stream reads them")
    parser.add_argument("--out", required=True, metavar="FILE")
    parser.add_argument("--tokenscope", default="/usr/bin/tokenscope", help="the program; it is sent to the workers")
    parser.add_argument("--library", help="libtokenscope.so.0, sent along when workers have none")
    parser.add_argument("--keys", help="a key set")
    parser.add_argument("--history", help="a key history")
    parser.add_argument("--no-embedded", action="store_true")
    parser.add_argument("--normalize", action="store_true")
    parser.add_argument("--chunk-bytes", type=int, default=CHUNK_BYTES)
    parser.add_argument("--now", default=datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                        help="the clock that all workers go by")
    return parser.parse_args(arguments)


def main(arguments=None):
    options = parse(arguments)
    files, words = read_files(options)
    with Client(options.scheduler) as client, open(options.lines, "rb") as source:
        if not client.nthreads():
            sys.exit("the scheduler has no workers")
        # written beside it and then named: half a result is none
        with tempfile.NamedTemporaryFile(dir=os.path.dirname(os.path.abspath(options.out)), delete=False) as out:
            try:
                judge_lines(client, source, out, files, os.path.basename(options.tokenscope), words, options.chunk_bytes)
            except BaseException:
                os.unlink(out.name)
                raise
        os.chmod(out.name, 0o600)
        os.replace(out.name, options.out)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges a table of tokens with Spark: every row goes through `tokenscope stream` on the workers, and comes back as a row.

    spark-submit tokenscope_spark.py --tokens captured.parquet --out rows.parquet
    spark-submit tokenscope_spark.py --tokens logs/*.jsonl --token-column access_token --seen-column time --out rows.parquet \\
        --sign-ins signins.parquet --audit audit.parquet

The program, its library, keys and history are sent to the workers (--tokenscope, --library, --keys, --history); OpenSSL, jansson,
cjose, GMP and zlib must be there. Input is read by its name: JSON lines, CSV with a header, or Parquet.

The result has the members of `tokenscope stream --normalize` (docs/stream.md), the columns of the input as JSON in `source`, and
`error_code` and `error_message` where a row could not be judged. No row is lost, and none is added. With --reports the whole report is
in `report`. Joined tables are written beside it: OUT-sign-ins (on uti, else on sid) and OUT-audit (on uti); with --score also what they mean, a row
for each different token: OUT-score (docs/stream.md).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading

TEXT = ("sha256", "kind", "verdict", "signature", "alg", "kid", "key", "iss", "aud", "tid", "oid", "appid", "sub", "sid", "jti", "uti", "uti_guid")
NUMBERS = ("iat", "exp")
LISTS = ("reasons", "findings")


# ---- rows and lines

def line_of(row, token_column, seen_column):
    """What stream is asked of a row, which travels along as the id."""
    rest = {name: value for name, value in row.items() if name != token_column}
    line = {"id": rest, "token": row.get(token_column)}
    if seen_column and row.get(seen_column) is not None:
        line["seen"] = row[seen_column]
    return json.dumps(line, default=str, separators=(",", ":"))


def row_of(line, reports):
    """A row of the result. A report has the same facts as a row, elsewhere."""
    answer = json.loads(line)
    source = json.dumps(answer.pop("id"), separators=(",", ":"), sort_keys=True)
    row = dict.fromkeys((*TEXT, *NUMBERS, *LISTS))
    row.update(source=source, error_code=None, error_message=None, report=None)
    if "error" in answer:
        row.update(error_code=answer["error"]["code"], error_message=answer["error"]["message"], reasons=[], findings=[])
    elif reports:
        claims = answer["token"].get("claims") or {}
        claims = claims if isinstance(claims, dict) else {}
        text = {name: value for name, value in claims.items() if isinstance(value, str)}
        row.update({name: text.get(name) for name in ("iss", "tid", "oid", "sub", "sid", "jti", "uti")})
        row.update(sha256=answer["token"]["sha256"], kind=answer["token"]["kind"], verdict=answer["verdict"], reasons=answer["reasons"],
                   findings=[finding["id"] for finding in answer["findings"]], report=json.dumps(answer, separators=(",", ":")))
    else:
        row.update({name: answer[name] for name in (*TEXT, *NUMBERS, *LISTS)})
    return row


def schema():
    from pyspark.sql import types
    text, number, words = types.StringType(), types.LongType(), types.ArrayType(types.StringType())
    fields = [(name, text) for name in ("source", *TEXT)] + [(name, number) for name in NUMBERS] + [(name, words) for name in LISTS]
    fields += [(name, text) for name in ("error_code", "error_message", "report")]
    return types.StructType([types.StructField(name, kind) for name, kind in fields])


# ---- the program on a worker

class Program:
    """How stream is started where the files are."""

    def __init__(self, options):
        self.reports = options.reports
        self.names = {name: os.path.basename(path) for name, path in files_of(options)}
        self.now = options.now

    def command(self, folder):
        words = [os.path.join(folder, self.names["tokenscope"]), "stream"]
        words += ["--now", self.now]
        words += [] if self.reports else ["--normalize"]
        for name in ("keys", "history"):
            if name in self.names:
                words += ["--" + name, os.path.join(folder, self.names[name])]
        return words

    def score_command(self, folder):
        return [os.path.join(folder, self.names["tokenscope"]), "stream", "--score"]

    def environment(self, folder):
        return {**os.environ, "LD_LIBRARY_PATH": folder} if "library" in self.names else dict(os.environ)


def files_of(options):
    return [(name, path) for name in ("tokenscope", "library", "keys", "history") if (path := getattr(options, name))]


def answers(lines, command, environment):
    """An answer for each line, in order. Written from a thread, so that neither side waits for the other."""
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        failure = []

        def write():
            try:
                for line in lines:
                    program.stdin.write(line.encode() + b"\n")
                program.stdin.close()
            except Exception as error:  # told to whoever reads
                failure.append(error)
                program.kill()

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        for answer in program.stdout:
            yield answer.decode()
        writer.join()
        if failure:
            raise failure[0]
        if program.wait() != 0:
            raise RuntimeError(f"tokenscope stream ended with status {program.returncode}")


# ---- the two ways into Spark

def judge_by_pipe(frame, program, token_column, seen_column, folder):
    """RDD.pipe: classic Spark. folder: where the files are on each worker. A program that fails, fails its task."""
    import shlex
    lines = frame.rdd.map(lambda row: line_of(row.asDict(recursive=True), token_column, seen_column))
    piped = lines.pipe(shlex.join(program.command(folder)), env=program.environment(folder), checkCode=True)
    return piped.map(lambda line: row_of(line, program.reports)).toDF(schema())


def judge_in_pandas(frame, program, token_column, seen_column, folder):
    """DataFrame.mapInPandas: also through Spark Connect, which has no RDDs."""
    def judge(batches):
        import pandas
        columns = [field.name for field in schema().fields]
        lines = (line_of(row, token_column, seen_column) for batch in batches
                 for row in batch.astype(object).where(batch.notna(), None).to_dict("records"))
        rows = []
        for answer in answers(lines, program.command(folder), program.environment(folder)):
            rows.append(row_of(answer, program.reports))
            if len(rows) == 5000:
                yield pandas.DataFrame(rows, columns=columns).astype({name: "Int64" for name in NUMBERS})
                rows = []
        if rows:
            yield pandas.DataFrame(rows, columns=columns).astype({name: "Int64" for name in NUMBERS})

    return frame.mapInPandas(judge, schema())


# ---- joins

def apart(frame, tokens, prefix):
    """Columns whose names the tokens have as well, in any case, as Spark has it (appid, appId), get a prefix."""
    taken = {name.lower() for name in tokens.columns}
    return frame.toDF(*(prefix + name if name.lower() in taken else name for name in frame.columns))


def join_sign_ins(tokens, sign_ins):
    """On the token id, else on the session; a row each, with what it was joined by. Ids are compared as they are: case counts."""
    from pyspark.sql import functions
    sign_ins = apart(sign_ins, tokens, "sign_in_")
    by_uti = tokens.join(sign_ins, tokens.uti == sign_ins.uniqueTokenIdentifier, "inner").withColumn("joined_by", functions.lit("uti"))
    left = tokens.join(sign_ins.select("uniqueTokenIdentifier"), tokens.uti == sign_ins.uniqueTokenIdentifier, "left_anti")
    by_sid = left.join(sign_ins, left.sid == sign_ins.sessionId, "inner").withColumn("joined_by", functions.lit("sid"))
    return by_uti.unionByName(by_sid)


def join_audit(tokens, audit):
    audit = apart(audit, tokens, "audit_")
    return tokens.join(audit, tokens.uti == audit.UniqueTokenId, "inner")


# ---- joined rows, scored

SCORE_TEXT = ("sha256", "verdict", "uti", "uti_guid", "join", "reason")
SCORE_NUMBERS = ("sign_ins", "session_sign_ins", "audit", "unread")


def score_line_of(row):
    """What stream --score is asked: a token's row with the rows that were joined to it, as JSON texts."""
    token = {name: row[name] for name in (*TEXT, *NUMBERS) if row.get(name) is not None}
    lists = {name: [json.loads(text) for text in row.get(name) or []] for name in ("sign_ins", "audit")}
    return json.dumps({"id": row["sha256"], "token": token, **lists}, default=str, separators=(",", ":"))


def score_row_of(line):
    answer = json.loads(line)
    row = {name: answer.get(name) for name in (*SCORE_TEXT, *SCORE_NUMBERS)}
    row.update(contradictions=answer.get("contradictions", []), suspicious=answer.get("suspicious"), error_message=None)
    if "error" in answer:
        row.update(sha256=answer["id"], error_message=answer["error"]["message"])
    return row


def score_schema():
    from pyspark.sql import types
    fields = [(name, types.StringType()) for name in SCORE_TEXT] + [(name, types.LongType()) for name in SCORE_NUMBERS]
    fields += [("contradictions", types.ArrayType(types.StringType())), ("suspicious", types.BooleanType()), ("error_message", types.StringType())]
    return types.StructType([types.StructField(name, kind) for name, kind in fields])


def joined_rows(tokens, sign_ins, audit):
    """A row for each different token, with lists of what joins to it. Rows become texts first: tables of logs and of tokens share names."""
    from pyspark.sql import functions
    tokens = tokens.where("sha256 is not null").dropDuplicates(["sha256"])
    text = functions.to_json(functions.struct("*")).alias("joined")
    lists = {}
    if sign_ins is not None:
        rows = sign_ins.select(functions.col("uniqueTokenIdentifier").alias("joined_uti"), functions.col("sessionId").alias("joined_sid"), text)
        by_uti = tokens.join(rows, tokens.uti == rows.joined_uti)
        by_sid = tokens.join(rows, (tokens.sid == rows.joined_sid) & ~tokens.uti.eqNullSafe(rows.joined_uti))
        lists["sign_ins"] = by_uti.unionByName(by_sid)
    if audit is not None:
        rows = audit.select(functions.col("UniqueTokenId").alias("joined_uti"), text)
        lists["audit"] = tokens.join(rows, tokens.uti == rows.joined_uti)
    for name, rows in lists.items():
        tokens = tokens.join(rows.groupBy("sha256").agg(functions.collect_list("joined").alias(name)), "sha256", "left")
    return tokens


def score(frame, program, in_pandas, folder):
    """The rows of joined_rows() through stream --score, by pipe or by mapInPandas."""
    if not in_pandas:
        import shlex
        lines = frame.rdd.map(lambda row: score_line_of(row.asDict(recursive=True)))
        piped = lines.pipe(shlex.join(program.score_command(folder)), env=program.environment(folder), checkCode=True)
        return piped.map(score_row_of).toDF(score_schema())

    def score_batches(batches):
        import pandas
        columns = [field.name for field in score_schema().fields]
        for batch in batches:
            rows = [{name: None if isinstance(value, float) and value != value else value for name, value in row.items()} for row in
                    batch.astype(object).to_dict("records")]
            lines = (score_line_of({name: int(value) if name in NUMBERS and value is not None else value for name, value in row.items()})
                     for row in rows)
            found = [score_row_of(answer) for answer in answers(lines, program.score_command(folder), program.environment(folder))]
            yield pandas.DataFrame(found, columns=columns).astype({name: "Int64" for name in SCORE_NUMBERS})

    return frame.mapInPandas(score_batches, score_schema())


# ---- the job

def read_table(spark, paths):
    name = paths[0]
    if name.endswith((".jsonl", ".json", ".jsonl.gz", ".ndjson")):
        return spark.read.json(paths)
    if name.endswith((".csv", ".csv.gz")):
        return spark.read.csv(paths, header=True, multiLine=True, escape='"')
    return spark.read.parquet(*paths)


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", nargs="+", required=True, metavar="PATH")
    parser.add_argument("--out", required=True, metavar="PATH")
    parser.add_argument("--token-column", default="token")
    parser.add_argument("--seen-column", help="when evidence shows the token in use: RFC 3339, or seconds since the epoch")
    parser.add_argument("--tokenscope", default="/usr/bin/tokenscope", help="the program; it is sent to the workers")
    parser.add_argument("--library", help="libtokenscope.so.0, sent along when workers have none")
    parser.add_argument("--keys", help="a key set")
    parser.add_argument("--history", help="a key history")
    parser.add_argument("--now", help="the clock that all workers go by (default: that of this program)")
    parser.add_argument("--reports", action="store_true", help="whole reports too")
    parser.add_argument("--pandas", action="store_true", help="mapInPandas in place of pipe: for Spark Connect")
    parser.add_argument("--partitions", type=int, default=0)
    parser.add_argument("--sign-ins", nargs="+", metavar="PATH")
    parser.add_argument("--audit", nargs="+", metavar="PATH")
    parser.add_argument("--score", action="store_true", help="what the joined rows mean (stream --score), beside the result: OUT-score")
    options = parser.parse_args(arguments)
    if not options.now:
        import datetime
        options.now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return options


def ship(spark, options, folder):
    """Sends the files, and says where they are on a worker: in the folder that its programs are started in. folder stays until the end."""
    # a library goes by the name that programs ask for, which may be a link to its file
    copies = [shutil.copy(path, os.path.join(folder, os.path.basename(path))) for _, path in files_of(options)]
    if hasattr(spark, "_jsc"):
        for copy in copies:
            spark.sparkContext.addFile(copy)
    else:  # Spark Connect
        spark.addArtifacts(*copies, file=True)
    return "."


def work(spark, options, folder):
    frame = read_table(spark, options.tokens)
    if options.token_column not in frame.columns:
        sys.exit(f"no column '{options.token_column}'; there are: {', '.join(frame.columns)}")
    if options.partitions:
        frame = frame.repartition(options.partitions)
    judge = judge_in_pandas if options.pandas else judge_by_pipe
    place = ship(spark, options, folder)
    judge(frame, Program(options), options.token_column, options.seen_column, place).write.mode("error").parquet(options.out)
    tokens = spark.read.parquet(options.out)
    sign_ins = read_table(spark, options.sign_ins) if options.sign_ins else None
    audit = read_table(spark, options.audit) if options.audit else None
    if sign_ins is not None:
        join_sign_ins(tokens, sign_ins).write.mode("error").parquet(options.out + "-sign-ins")
    if audit is not None:
        join_audit(tokens, audit).write.mode("error").parquet(options.out + "-audit")
    if options.score:
        score(joined_rows(tokens, sign_ins, audit), Program(options), options.pandas, place).write.mode("error").parquet(options.out + "-score")


def main(arguments=None):
    from pyspark.sql import SparkSession
    options = parse(arguments)
    spark = SparkSession.builder.appName("tokenscope").getOrCreate()
    with tempfile.TemporaryDirectory() as folder:
        work(spark, options, folder)
        spark.stop()


if __name__ == "__main__":
    main()

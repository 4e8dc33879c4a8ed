-- SPDX-License-Identifier: Apache-2.0
-- tokenscope(token, seen): the row of `tokenscope stream --normalize` (docs/stream.md) as a tuple. seen: a DateTime, or NULL.
CREATE FUNCTION tokenscope AS (token, seen) -> JSONExtract(
    tokenscope_line(toJSONString(CAST((token, toUnixTimestamp(seen)), 'Tuple(token String, seen Nullable(UInt32))'))),
    'Tuple(
        sha256 String, kind String, verdict String, signature String, alg String, kid String, key String,
        iss String, aud String, tid String, oid String, appid String, sub String, sid String, jti String, uti String, uti_guid String,
        iat Nullable(Int64), exp Nullable(Int64), reasons Array(String), findings Array(String),
        error Tuple(code String, message String)
    )');

-- Which tokens of a table are not what they say, and why.
SELECT row.verdict AS verdict, row.iss AS iss, row.kid AS kid, arrayStringConcat(row.reasons, ' ') AS reasons, count() AS times
FROM (SELECT tokenscope(token, seen) AS row FROM captured)
WHERE row.verdict NOT IN ('valid', 'unverified', '') -- empty: error tells why
GROUP BY ALL
ORDER BY times DESC, reasons;

-- Sign-ins of which no token was captured, and captured tokens that no sign-in explains. Case counts in these ids: never fold it.
SELECT DISTINCT t.row.uti AS uti, t.row.verdict AS verdict, s.userId AS userId
FROM (SELECT tokenscope(token, seen) AS row FROM captured) AS t
FULL OUTER JOIN sign_ins AS s ON t.row.uti = s.uniqueTokenIdentifier
WHERE (t.row.uti = '') != (s.uniqueTokenIdentifier = '')
ORDER BY uti, verdict, userId;

-- The verdict alone, without the SQL function.
SELECT tokenscope_verdict(token, toUnixTimestamp(seen)) AS verdict, count() AS times FROM captured GROUP BY verdict ORDER BY verdict;

/* SPDX-License-Identifier: Apache-2.0 */
"use strict";

/* What the page knows: the reports as they are, and what people look for in them. */

const VERDICTS = ["forged", "invalid", "suspicious", "unverified", "valid"];
const SUSPECT = ["forged", "invalid", "suspicious"];
const SEVERITIES = ["critical", "high", "medium", "low", "info"];

function claimText(claims, ...names) {
    for (const name of names) {
        if (typeof claims[name] === "string" || typeof claims[name] === "number")
            return String(claims[name]);
    }
    return "";
}

function objectOr(value) {
    return value && typeof value === "object" && !Array.isArray(value) ? value : {};
}

/* A token as a row of the table; what is searched is made once. */
function tokenOf(item, number) {
    const report = item.report, claims = objectOr(report.token.claims), signature = report.signature || {};
    const token = {
        number, item, report,
        sha256: report.token.sha256,
        verdict: report.verdict,
        kind: report.token.kind,
        issuer: claimText(claims, "iss"),
        subject: claimText(claims, "upn", "preferred_username", "unique_name", "email", "sub", "oid"),
        application: claimText(claims, "appid", "azp", "client_id"),
        alg: signature.alg || (report.encryption || {}).alg || "",
        key: signature.key || null,
        then: report.times.then || "",
        seen: report.times.seen || "",
        worst: report.findings[0] ? report.findings[0].id : "",
        findings: report.findings.map((finding) => finding.id),
        source: item.source || (report.source || {}).path || ((item.places || [])[0] || {}).path || "",
    };

    token.text = [token.sha256, token.verdict, token.kind, token.issuer, token.subject, token.application, token.alg, token.then, token.seen,
        token.source, ...token.findings, token.key ? token.key.kid : "", token.key ? token.key.thumbprint : "", claimText(claims, "uti", "jti"),
        claimText(claims, "tid"), claimText(claims, "aud")].join("\n").toLowerCase();
    return token;
}

/* Keys that verified something, with the tokens that each signed. */
function keysOf(tokens, timeline) {
    const rows = new Map((timeline ? timeline.keys || timeline.rows || [] : []).map((row) => [row.thumbprint, row]));
    const keys = new Map();

    for (const token of tokens) {
        if (!token.key || !token.key.thumbprint)
            continue;
        if (!keys.has(token.key.thumbprint))
            keys.set(token.key.thumbprint, {...token.key, row: rows.get(token.key.thumbprint) || null, tokens: []});
        keys.get(token.key.thumbprint).tokens.push(token);
    }
    return keys;
}

/* A case from strangers may hold a report that is none. */
function addToken(model, item) {
    try {
        const token = tokenOf(item, model.tokens.length);

        if (!VERDICTS.includes(token.verdict) || typeof token.sha256 !== "string" || !Array.isArray(item.report.inconclusive) || !Array.isArray(item.report.second_opinion))
            throw new TypeError("not a report");
        model.tokens.push(token);
    } catch (error) {
        model.unreadable++;
    }
}

function readData() {
    const model = {about: {verdicts: {}}, tokens: [], unreadable: 0, timeline: null, end: null, sections: new Map()};

    for (const script of document.querySelectorAll("script[data-name]")) {
        const value = JSON.parse(script.textContent), name = script.dataset.name;

        if (name === "token")
            addToken(model, value);
        else if (name === "about" || name === "timeline" || name === "end")
            model[name] = value;
        else
            model.sections.set(name, [...(model.sections.get(name) || []), value]);
        script.remove();
    }
    model.keys = keysOf(model.tokens, model.timeline);
    model.counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0]));
    model.tokens.forEach((token) => model.counts[token.verdict]++);
    return model;
}

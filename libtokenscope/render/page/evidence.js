/* SPDX-License-Identifier: Apache-2.0 */
"use strict";

/* Decoded bytes with the evidence marked where it stands. */

const TIMES = ["iat", "nbf", "exp", "auth_time", "updated_at", "xms_tcdt"];

/* Where lines may be broken in JSON, and which white space is then left out: places in bytes, so that no place of evidence moves. */
function breaksOf(bytes) {
    const breaks = new Map(), dropped = [];
    let depth = 0, inString = false, escaped = false;

    function newLine(at) {
        breaks.set(at, "\n" + "  ".repeat(Math.min(depth, 40)));
    }
    for (let at = 0; at < bytes.length; at++) {
        const character = String.fromCharCode(bytes[at]);

        if (inString) {
            inString = escaped || character !== "\"";
            escaped = !escaped && character === "\\";
        } else if (character === "\"") {
            inString = true;
        } else if (character === "{" || character === "[") {
            depth++;
            newLine(at + 1);
        } else if (character === "}" || character === "]") {
            depth = Math.max(0, depth - 1);
            newLine(at);
        } else if (character === ",") {
            newLine(at + 1);
        } else if (character === ":") {
            breaks.set(at + 1, " ");
        } else if (" \t\r\n".includes(character)) {
            dropped.push(at);
        }
    }
    return {breaks, dropped: new Set(dropped)};
}

function isJson(bytes) {
    const first = bytes.find((byte) => byte !== 32 && byte !== 9 && byte !== 10 && byte !== 13);

    return first === 123 || first === 91;
}

function segment(bytes, from, to, marks) {
    const inside = marks.filter((mark) => mark.from <= from && mark.to >= to);
    const text = quoted(new TextDecoder().decode(bytes.subarray(from, to)));

    if (inside.length === 0)
        return text;
    return element("mark", {class: "severity-" + inside[0].severity},
        text, inside.filter((mark) => mark.to === to).map((mark) => element("a", {class: "reference", href: mark.href, title: mark.id,
            "aria-label": "finding " + mark.number + ", " + mark.id}, String(mark.number))));
}

/* All bytes, in a block of their own. pretty: lines are broken as JSON. */
function decodedBlock(label, bytes, marks, pretty) {
    const {breaks, dropped} = pretty && isJson(bytes) ? breaksOf(bytes) : {breaks: new Map(), dropped: new Set()};
    const edges = new Set([0, bytes.length]);
    const nodes = [];

    marks.forEach((mark) => edges.add(Math.min(mark.from, bytes.length)).add(Math.min(mark.to, bytes.length)));
    breaks.forEach((_, at) => edges.add(at));
    dropped.forEach((at) => edges.add(at).add(at + 1));
    const places = [...edges].sort((a, b) => a - b);
    for (let i = 0; i < places.length; i++) {
        if (breaks.has(places[i]))
            nodes.push(breaks.get(places[i]));
        if (i + 1 < places.length && !dropped.has(places[i]))
            nodes.push(segment(bytes, places[i], places[i + 1], marks));
    }
    return element("pre", {class: "bytes", tabindex: "0", role: "group", "aria-label": label}, element("code", {}, nodes));
}

function marksOf(findings, part, hrefOf) {
    return findings.flatMap((finding, i) => finding.evidence.filter((piece) => piece.part === part && piece.decoded && piece.decoded[1] > 0)
        .map((piece) => ({from: piece.decoded[0], to: piece.decoded[0] + piece.decoded[1], number: i + 1, id: finding.id,
            severity: finding.severity, href: hrefOf(i + 1)})));
}

/* Seconds since the epoch in words, for claims that are times. */
function claimTimes(claims) {
    return TIMES.filter((name) => Number.isFinite(claims[name]) && Math.abs(claims[name]) < 8e12)
        .map((name) => [name, timeText(new Date(claims[name] * 1000).toISOString().replace(".000Z", "Z"))]);
}

/* Header and payload of a token, or of one inside it. */
function decodedParts(parts, report, hrefOf) {
    const claims = objectOr(report.token.claims);
    const blocks = [];

    for (const [part, title] of [["header", "Header"], ["payload", "Payload"]]) {
        if (typeof parts[part] !== "string" || parts[part] === "")
            continue;
        const bytes = bytesOf(parts[part]), marks = marksOf(report.findings, part, hrefOf);
        const holder = element("div", {}, decodedBlock(title + ", decoded", bytes, marks, true));
        const asSent = element("input", {type: "checkbox", on: {change: () =>
            holder.replaceChildren(decodedBlock(title + ", decoded", bytes, marks, !asSent.checked))}});

        blocks.push(element("section", {}, element("h3", {}, title),
            element("p", {class: "quiet"}, counted(bytes.length, "byte"), parts[part + "_left_out"] ?
                ", and " + counted(parts[part + "_left_out"], "byte") + " more that are not shown" : "", ". ",
            isJson(bytes) ? element("label", {}, asSent, " without line breaks, as the bytes stand") : null), holder));
    }
    const times = claimTimes(claims);

    if (times.length > 0)
        blocks.push(facts(times.map(([name, text]) => [name, text])));
    return blocks;
}

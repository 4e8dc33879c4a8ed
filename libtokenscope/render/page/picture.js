/* SPDX-License-Identifier: Apache-2.0 */
"use strict";

/*
 * Tokens on a time axis against the life of the key that signed them: its certificate, when complete key sets listed it, what time
 * the archives cover, and notices. A row a key.
 */

const PICTURE = {width: 1000, left: 24, right: 976, axis: 34, row: 104, label: 16, foot: 8};
const DAY = 86400000, YEAR = 365.25 * DAY;
const FAR = 6 * YEAR; /* a token dated farther than this from its key's life is drawn at the edge */

function moment(time) {
    const value = time ? Date.parse(time) : NaN;

    return Number.isFinite(value) ? value : null;
}

function momentsOfKey(key) {
    const certificate = key.certificate || {}, row = key.row || {}, notice = key.notice || {};
    const listed = [...(row.published || []).flatMap((each) => [each.from, each.to]),
        ...(key.published || []).flatMap((each) => [each.first, each.last, each.absent])];

    return [certificate.not_before, certificate.not_after, notice.exposed_from, notice.abuse_first_known, notice.withdrawn_at, ...listed,
        ...(row.seen || []).map((each) => each.at)].map(moment).filter((value) => value !== null);
}

/* From the first to the last of what is drawn, with some room. */
function periodOf(rows) {
    const ofKeys = rows.flatMap((row) => row.key ? momentsOfKey(row.key) : []);
    const ofTokens = rows.flatMap((row) => row.tokens.flatMap((token) => [moment(token.then), moment(token.seen)])).filter((value) => value !== null);
    const near = ofKeys.length === 0 ? ofTokens :
        ofTokens.filter((value) => value > Math.min(...ofKeys) - FAR && value < Math.max(...ofKeys) + FAR);
    const all = [...ofKeys, ...near];

    if (all.length === 0)
        return null;
    const from = all.reduce((a, b) => Math.min(a, b)), to = all.reduce((a, b) => Math.max(a, b));
    const room = Math.max((to - from) * 0.04, 2 * DAY);

    return {from: from - room, to: to + room};
}

/* Marks at whole years, months or days, eight or so. */
function ticksOf(period) {
    const span = period.to - period.from, ticks = [];

    if (span > 2 * YEAR) {
        const step = [1, 2, 5, 10, 20, 50, 100, 1000].find((years) => span / YEAR / years <= 10) || 1000;
        const first = Math.ceil(new Date(period.from).getUTCFullYear() / step) * step;

        for (let year = first; year < first + 12 * step; year += step)
            ticks.push([Date.UTC(year, 0, 1), String(year)]);
    } else if (span > 70 * DAY) {
        const step = span > YEAR ? 3 : 1, first = new Date(period.from);

        for (let month = 0; month < 30; month += step) {
            const at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1);

            ticks.push([at, new Date(at).toISOString().slice(0, 7)]);
        }
    } else {
        const step = Math.max(1, Math.round(span / DAY / 8)) * DAY;

        for (let at = Math.ceil(period.from / DAY) * DAY; at <= period.to; at += step)
            ticks.push([at, new Date(at).toISOString().slice(0, 10)]);
    }
    return ticks.filter(([at]) => at >= period.from && at <= period.to);
}

function scaleOf(period) {
    return (at) => PICTURE.left + (Math.min(Math.max(at, period.from), period.to) - period.from) / (period.to - period.from) *
        (PICTURE.right - PICTURE.left);
}

function bar(x, from, to, y, height, kind, words) {
    return drawing("rect", {x: x(from), y, width: Math.max(x(to) - x(from), 2), height, class: kind, rx: 3}, drawing("title", {}, words));
}

/* Where archives took complete sets: there "not listed" means something. */
function coverageBars(timeline, x, top) {
    return (timeline ? timeline.endpoints || [] : []).flatMap((endpoint) => (endpoint.covered || [])
        .filter((each) => moment(each.from) !== null && moment(each.to) !== null)
        .map((each) => bar(x, moment(each.from), moment(each.to), top, PICTURE.row - PICTURE.foot, "coverage",
            "complete key sets of " + plain(endpoint.id) + " are archived, " + dateText(each.from) + " to " + dateText(each.to))));
}

function publishedOf(key) {
    const row = key.row || {};

    if ((row.published || []).length > 0)
        return row.published.map((each) => ({endpoint: each.endpoint, from: each.from, to: each.to}));
    return (key.published || []).map((each) => ({endpoint: each.endpoint, from: each.first, to: each.last || each.first}));
}

function noticeMarks(notice, x, top) {
    return [["exposed_from", "exposed"], ["abuse_first_known", "abuse known"], ["withdrawn_at", "withdrawn"]]
        .filter(([name]) => moment(notice[name]) !== null)
        .map(([name, words], i) => {
            const at = x(moment(notice[name])), isRight = at > PICTURE.right - 140;

            return drawing("g", {class: "notice"}, drawing("line", {x1: at, x2: at, y1: top + PICTURE.label, y2: top + PICTURE.row - PICTURE.foot}),
                drawing("text", {x: at + (isRight ? -4 : 4), y: top + PICTURE.label + 11 + 12 * i, "text-anchor": isRight ? "end" : "start"},
                    words + " " + dateText(notice[name])));
        });
}

/* Tokens that would stand on one another are one mark with their number. */
function tokenGroups(tokens, x) {
    const groups = new Map();

    for (const token of tokens.filter((each) => moment(each.then) !== null)) {
        const place = Math.round(x(moment(token.then)) / 8) + " " + token.verdict;

        groups.set(place, [...(groups.get(place) || []), token]);
    }
    return [...groups.values()];
}

function tokenMark(group, x, y) {
    const [token] = group, at = x(moment(token.then)), seen = moment(token.seen);
    const short = group.length > 1 ? "× " + group.length.toLocaleString("en") : token.verdict + ", " + dateText(token.then);
    const words = short + ": " + (group.length > 1 ? "tokens that are " + token.verdict + ", the first dated " : "token " + token.sha256.slice(0, 12) + ", dated ") + timeText(token.then);
    const href = group.length > 1 ? "#/tokens?verdict=" + token.verdict + (token.key ? "&q=" + token.key.thumbprint : "") : "#/token/" + token.sha256;

    return drawing("a", {href, "aria-label": words, class: "token verdict-" + token.verdict}, drawing("title", {}, words),
        seen === null ? null : drawing("line", {x1: at, x2: x(seen), y1: y, y2: y, class: "use"}),
        seen === null ? null : drawing("circle", {cx: x(seen), cy: y, r: 5, class: "seen"}),
        drawing("path", {d: `M ${at} ${y - 9} L ${at + 9} ${y} L ${at} ${y + 9} L ${at - 9} ${y} Z`}),
        drawing("text", at > PICTURE.right - 170 ? {x: at - 14, y: y + 4, "text-anchor": "end"} : {x: at + 14, y: y + 4}, short));
}

function keyBars(key, x, top) {
    const certificate = key.certificate || {}, marks = [];
    const from = moment(certificate.not_before), to = moment(certificate.not_after);

    if (from !== null && to !== null) {
        const words = "certificate in force " + dateText(certificate.not_before) + " to " + dateText(certificate.not_after);

        marks.push(bar(x, from, to, top + 24, 20, "certificate", words),
            drawing("text", {x: x(from) + 6, y: top + 38, class: "inside"}, x(to) - x(from) > 270 ? words : ""));
    }
    publishedOf(key).filter((each) => moment(each.from) !== null && moment(each.to) !== null).forEach((each) =>
        marks.push(bar(x, moment(each.from), moment(each.to), top + 47, 7, "published",
            "listed by " + plain(each.endpoint || "an endpoint") + ", " + dateText(each.from) + " to " + dateText(each.to))));
    ((key.row || {}).seen || []).filter((each) => moment(each.at) !== null).forEach((each) =>
        marks.push(drawing("circle", {cx: x(moment(each.at)), cy: top + 50, r: 2.5, class: "sighting"},
            drawing("title", {}, "seen " + dateText(each.at) + (each.source ? ", " + plain(each.source) : "")))));
    return marks;
}

function pictureRow(row, x, top, timeline) {
    const middle = top + 72, name = row.key ? "key " + cut(plain(row.key.kid || row.key.thumbprint), 44) +
        (row.key.family ? ", " + plain(row.key.family) : "") : "no key verified these";

    return drawing("g", {}, row.key ? coverageBars(timeline, x, top + 4) : null,
        drawing("line", {x1: PICTURE.left, x2: PICTURE.right, y1: middle, y2: middle, class: "base"}),
        row.key ? keyBars(row.key, x, top) : null,
        row.key && row.key.notice ? noticeMarks(row.key.notice, x, top) : null,
        row.key ? drawing("a", {href: "#/key/" + row.key.thumbprint, "aria-label": name}, drawing("text", {x: PICTURE.left, y: top + PICTURE.label, class: "name"}, name)) :
            drawing("text", {x: PICTURE.left, y: top + PICTURE.label, class: "name"}, name),
        tokenGroups(row.tokens, x).map((group) => tokenMark(group, x, middle)));
}

/* One sentence a row: the picture for those who cannot see it. */
function rowInWords(row) {
    const key = row.key, parts = [], dates = row.tokens.map((token) => token.then).filter(Boolean).sort();

    if (!key)
        return counted(row.tokens.length, "token") + " that no key verified" + (dates.length ? ", dated " + dateText(dates[0]) + " to " + dateText(dates[dates.length - 1]) : "") + ".";
    if (key.certificate)
        parts.push("its certificate was in force from " + dateText(key.certificate.not_before) + " to " + dateText(key.certificate.not_after));
    publishedOf(key).slice(0, 3).forEach((each) => parts.push("it was listed by " + plain(each.endpoint || "an endpoint") + " from " + dateText(each.from) + " to " + dateText(each.to)));
    if (key.notice && key.notice.withdrawn_at)
        parts.push("it was withdrawn on " + dateText(key.notice.withdrawn_at));
    parts.push(counted(row.tokens.length, "token") + (dates.length ? " signed with it " + (row.tokens.length === 1 ? "is dated " : "are dated ") + dateText(dates[0]) +
        (dates[0] === dates[dates.length - 1] ? "" : " to " + dateText(dates[dates.length - 1])) : " signed with it"));
    return "Key " + plain(key.kid || key.thumbprint) + (key.family ? " (" + plain(key.family) + ")" : "") + ": " + parts.join("; ") + ".";
}

function legend() {
    const item = (kind, words) => element("li", {}, element("span", {class: "swatch " + kind}), words);

    return element("ul", {class: "legend"}, item("certificate", "certificate in force"), item("published", "listed in complete key sets"),
        item("sighting", "seen elsewhere"), item("coverage", "complete sets archived"), item("notice", "notice"), item("token", "token, at its own date; ○ when it was seen in use"));
}

/* rows: {key or null, tokens}. Null when nothing in them is dated. */
function picture(title, rows, timeline) {
    const period = periodOf(rows);

    if (!period)
        return null;
    const x = scaleOf(period), height = PICTURE.axis + rows.length * PICTURE.row;
    const ticks = ticksOf(period).map(([at, words]) => drawing("g", {class: "tick"}, drawing("line", {x1: x(at), x2: x(at), y1: PICTURE.axis - 8, y2: height}),
        drawing("text", {x: x(at), y: PICTURE.axis - 14, "text-anchor": "middle"}, words)));

    return element("figure", {class: "picture"},
        element("div", {class: "scroll", tabindex: "0", role: "group", "aria-label": title},
            drawing("svg", {viewBox: `0 0 ${PICTURE.width} ${height}`, role: "group", "aria-label": title}, ticks,
                rows.map((row, i) => pictureRow(row, x, PICTURE.axis + i * PICTURE.row, timeline)))),
        element("figcaption", {}, legend(), element("details", {}, element("summary", {}, "The picture in words"),
            element("ul", {}, rows.map((row) => element("li", {}, rowInWords(row)))))));
}

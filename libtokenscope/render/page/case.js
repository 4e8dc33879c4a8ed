/* SPDX-License-Identifier: Apache-2.0 */
"use strict";

/* What a case holds beside tokens: evidence files, keys found in them, what the logs cover, and what was done with token ids. */

const CHART = {width: 1000, left: 210, right: 976, axis: 30, row: 26};

function sectionOf(model, name) {
    return (model.sections.get(name) || [])[0] || null;
}

/* ---- evidence */

function evidenceTable(model) {
    const files = model.sections.get("evidence") || [];

    if (files.length === 0)
        return null;
    return element("section", {}, element("h3", {}, "Evidence files"), table("Evidence files, as they were read", ["File", "State", "Form", "Bytes", "SHA-256", "Not read, and why"], files.map((file) => [
        quoted(file.path || ""), file.state || "", file.format || "", file.size === undefined ? "" : file.size.toLocaleString("en"), element("span", {class: "digest"}, file.sha256 || ""),
        [file.problem ? element("p", {}, quoted(file.problem)) : null, (file.warnings || []).map((warning) => element("p", {}, warning.member ? [quoted(warning.member), ": "] : "", quoted(warning.text || warning.id)))]])));
}

/* ---- keys that were found */

function foundKeysView(model) {
    const keys = model.sections.get("found-key") || [];
    const facts = (key) => [key.form, key.component && key.component !== "private key" ? key.component : null, key.layout].filter(Boolean).join(", ");

    return [element("h2", {tabindex: "-1"}, "Keys that were found"),
        element("p", {}, "“Proven” says that the numbers were held against one another, so that it is a private key; “read”, that its form is whole and nothing in it proves the number; “recognised”, that its container is one that cannot be opened here. No value of a key is on this page."),
        table("Private keys and secrets in the evidence", ["Published key", "Key", "Form", "State", "Where", "Byte"], keys.map((row) => {
            const key = row.key || {}, published = key.published || key.matches || [];

            return [row.is_published ? element("strong", {class: "verdict-forged"}, "yes: ", quoted(published.map((each) => [each.issuer, each.kid].filter(Boolean).join(" ")).join(", "))) : "not known to be",
                [[key.kty, key.curve, key.bits ? key.bits + " bits" : null].filter(Boolean).join(" "), element("br"), element("span", {class: "digest"}, row.thumbprint || "")],
                facts(key), key.state || "", [quoted(row.path || ""), row.member ? [" ", quoted(row.member)] : ""], String(row.offset === undefined ? "" : row.offset)];
        }))];
}

/* ---- coverage */

function chartPeriod(coverage) {
    const times = coverage.logs.flatMap((log) => [moment(log.first), moment(log.last)]).filter((value) => value !== null);

    return times.length === 0 ? null : {from: times.reduce((a, b) => Math.min(a, b)), to: Math.max(times.reduce((a, b) => Math.max(a, b)), times.reduce((a, b) => Math.min(a, b)) + DAY)};
}

function chartBar(x, from, to, top, kind, words) {
    return drawing("rect", {x: x(from), y: top + 5, width: Math.max(x(to) - x(from), 2), height: 15, class: kind, rx: 2}, drawing("title", {}, words));
}

/* A row a log, a bar from its first to its last row; gaps stand out of it, and the hours for which a mailbox was throttled. */
function coverageChart(coverage) {
    const period = chartPeriod(coverage), rows = coverage.logs.filter((log) => moment(log.first) !== null);

    if (!period)
        return null;
    const x = (at) => CHART.left + (at - period.from) / (period.to - period.from) * (CHART.right - CHART.left);
    const height = CHART.axis + (rows.length + (coverage.throttled.length > 0 ? 1 : 0)) * CHART.row;
    const ticks = ticksOf(period).map(([at, words]) => drawing("g", {class: "tick"}, drawing("line", {x1: x(at), x2: x(at), y1: CHART.axis - 6, y2: height}), drawing("text", {x: x(at), y: CHART.axis - 12, "text-anchor": "middle"}, words)));
    const drawn = rows.map((log, i) => {
        const top = CHART.axis + i * CHART.row;

        return drawing("g", {}, drawing("text", {x: 0, y: top + 17}, cut(plain(log.category + (log.tenant ? ", " + log.tenant.slice(0, 8) : "")), 32)),
            chartBar(x, moment(log.first), moment(log.last), top, "published", log.category + ": " + counted(log.rows, "row") + ", " + dateText(log.first) + " to " + dateText(log.last)),
            log.gaps.map((gap) => chartBar(x, moment(gap.from), moment(gap.until), top, "gap", "no row from " + timeText(gap.from) + " to " + timeText(gap.until))));
    });

    if (coverage.throttled.length > 0)
        drawn.push(drawing("g", {}, drawing("text", {x: 0, y: height - 9}, "throttled mailboxes"), coverage.throttled.filter((each) => moment(each.blind_from) !== null && moment(each.blind_until) !== null).map((each) =>
            chartBar(x, Math.max(period.from, moment(each.blind_from)), Math.min(period.to, moment(each.blind_until)), height - CHART.row, "gap", plain(each.mailbox) + ": nothing was recorded from " + timeText(each.blind_from) + " to " + timeText(each.blind_until)))));
    return element("figure", {class: "picture"}, element("div", {class: "scroll", tabindex: "0", role: "group", "aria-label": "What the logs cover"},
        drawing("svg", {viewBox: `0 0 ${CHART.width} ${height}`, role: "group", "aria-label": "What the logs cover"}, ticks, drawn)));
}

function coverageView(model) {
    const coverage = sectionOf(model, "coverage");
    const missing = coverage.missing.filter((each) => each.categories.length > 0);

    return [element("h2", {tabindex: "-1"}, "What the logs cover"),
        element("p", {}, "Outside of what is drawn here, and in its gaps, nothing is known: no record is no sign that nothing was done."), coverageChart(coverage),
        table("Logs", ["Tenant", "Log", "First", "Last", "Rows", "May be cut", "Gaps"], coverage.logs.map((log) => [quoted(log.tenant || "not said"), log.category, timeText(log.first), timeText(log.last), log.rows.toLocaleString("en"), log.may_be_cut ? "yes" : "", log.gaps.map((gap) => element("p", {}, timeText(gap.from) + " to " + timeText(gap.until)))])),
        missing.length ? element("section", {}, element("h3", {}, "Missing"), element("ul", {}, missing.map((each) => element("li", {}, "tenant ", quoted(each.tenant || "not said"), ": ", each.categories.join(", "))))) : null,
        coverage.throttled.length ? element("section", {}, element("h3", {}, "Throttled mailboxes"), element("p", {}, "After so many records of a day Microsoft records nothing for 24 hours."), table("Throttled mailboxes", ["Mailbox", "Blind from", "Until"], coverage.throttled.map((each) => [quoted(each.mailbox), timeText(each.blind_from), timeText(each.blind_until)]))) : null,
        table("Log files", ["File", "Form", "Rows", "Left out", "Duplicates", "Signs of a cut export", "SHA-256"], coverage.files.map((file) => [quoted(file.file), file.formats.join(", "), file.rows.toLocaleString("en"), String(file.bad), String(file.duplicates), (file.signs_of_cut || []).map((sign) => typeof sign === "string" ? sign : sign.text || sign.id || "").join(", "), element("span", {class: "digest"}, file.sha256.slice(0, 16))]))];
}

/* ---- activity */

function joinWords(counts) {
    return Object.entries(counts).filter(([name]) => name !== "reasons").map(([name, number]) => [name, number.toLocaleString("en")]);
}

function suspectLink(suspect) {
    return element("a", {href: "#/activity/" + encodeURIComponent(suspect.uti || suspect.session || "")}, quoted(suspect.uti || suspect.session || "?"));
}

function whatSuspectDid(did) {
    return did ? counted(did.records, "record") + ": " + counted(did.items, "item") + " of mail, " + counted(did.folders_synced, "folder") + " synced, " + counted(did.graph_calls, "Graph call") : "";
}

function activityView(model) {
    const correlation = sectionOf(model, "correlation");

    return [element("h2", {tabindex: "-1"}, "What was done"), element("p", {}, "Token ids of sign-in logs held against those of audit logs. What a log says never proves that a token was forged."),
        facts([...joinWords(correlation.records).map(([name, number]) => ["Records " + name, number])]),
        correlation.suspects.length === 0 ? element("p", {}, "Nothing contradicts itself, and nothing is unmatched in proven coverage.") :
            table("Suspect token ids", ["What", "Token id", "User", "Application", "Mailboxes", "From", "To", "What it did"], correlation.suspects.map((suspect) => [element("strong", {class: "verdict-suspicious"}, suspect.verdict), suspectLink(suspect), quoted(suspect.user || ""), quoted(suspect.app || ""),
                (suspect.did || {mailboxes: []}).mailboxes.map((mailbox) => element("p", {}, quoted(mailbox))), timeText((suspect.did || {}).first), timeText((suspect.did || {}).last), whatSuspectDid(suspect.did)])),
        Object.keys(correlation.records.reasons).length ? element("section", {}, element("h3", {}, "Why records could not be joined"), facts(Object.entries(correlation.records.reasons).map(([reason, number]) => [reason, number.toLocaleString("en")]))) : null,
        correlation.leads.length ? element("section", {}, element("h3", {}, "Leads"), element("p", {}, "Where to look next: none of them proves anything."), table("Leads", ["Lead", "Records", "Time", "User", "Operation"], correlation.leads.map((lead) => [lead.text, String(lead.records || ""), timeText((lead.record || {}).time), quoted((lead.record || {}).user || ""), (lead.record || {}).operation || ""]))) : null];
}

function eventRow(event) {
    const record = event.record || {};

    return [timeText(event.time), event.by || "", event.category || "", quoted([event.operation, event.access, event.count ? "× " + event.count : null].filter(Boolean).join(" ")), quoted(event.user || ""), quoted(event.mailbox || ""), quoted(event.address || ""),
        [quoted((record.file || "").split("/").pop()), record.line ? ", line " + record.line : ""]];
}

function suspectView(model, name) {
    const correlation = sectionOf(model, "correlation"), suspect = correlation.suspects.find((each) => (each.uti || each.session) === name);

    if (!suspect)
        return [element("h2", {tabindex: "-1"}, "No such token id"), element("p", {}, "None on this page is ", quoted(name), ".")];
    const tokens = model.tokens.filter((token) => objectOr(token.report.token.claims).uti === name);

    return [element("h2", {tabindex: "-1"}, "Token id ", quoted(name)),
        facts([["What", suspect.verdict], ["As a GUID", suspect.uti_guid || null], ["User", suspect.user ? quoted(suspect.user) : null], ["Application", suspect.app ? quoted(suspect.app) : null], ["Session", suspect.session ? quoted(suspect.session) : null], ["Tenant", suspect.tenant ? quoted(suspect.tenant) : null],
            ["Issued, as it says", timeText(suspect.iat)], ["What it did", whatSuspectDid(suspect.did)], ["Mailboxes", suspect.did && suspect.did.mailboxes.length ? element("ul", {}, suspect.did.mailboxes.map((mailbox) => element("li", {}, quoted(mailbox)))) : null],
            ["Captured", tokens.length ? tokens.map((token) => [badge(token.verdict, "verdict"), " ", tokenLink(token), " "]) : null]]),
        (suspect.contradictions || []).length ? element("section", {}, element("h3", {}, "Contradictions"), element("ul", {}, suspect.contradictions.map((each) => element("li", {}, each.text)))) : null,
        suspect.others !== undefined ? element("p", {}, suspect.others_joined.toLocaleString("en") + " of " + suspect.others.toLocaleString("en") + " other token ids of this kind of application join; this one does not.") : null,
        (suspect.timeline || []).length ? table("Everything that this id and its session did", ["Time", "By", "Log", "Operation", "User", "Mailbox", "Address", "Record"], suspect.timeline.map(eventRow)) : null];
}

/* The answer of the logs on a token that was captured. */
function joinFact(model, token) {
    const correlation = sectionOf(model, "correlation");
    const answer = correlation ? correlation.tokens.find((each) => each.sha256 === token.sha256) : null;
    const uti = objectOr(token.report.token.claims).uti;

    if (!answer)
        return null;
    return [answer.join, answer.reason ? ": " + answer.reason : "", correlation.suspects.some((suspect) => suspect.uti === uti) ? [", ", element("a", {href: "#/activity/" + encodeURIComponent(uti)}, "what it did")] : ""];
}

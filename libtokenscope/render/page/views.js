/* SPDX-License-Identifier: Apache-2.0 */
"use strict";

/* The parts of the report: each function gives the nodes of one. */

const ROWS_AT_ONCE = 100, KEYS_IN_PICTURE = 12, GRAVEST_SHOWN = 5;

function tokenLink(token) {
    return element("a", {href: "#/token/" + token.sha256, class: "digest"}, token.sha256.slice(0, 12));
}

function tokensHref(settings) {
    const query = new URLSearchParams(Object.entries(settings).filter(([, value]) => value));

    return "#/tokens" + (query.size === 0 || !String(query) ? "" : "?" + query);
}

function sentenceOf(model, token) {
    const reason = token.report.reasons[0], clause = reason && (model.about.clauses || {})[reason];
    const finding = token.report.findings.find((each) => each.id === reason) || token.report.findings[0], meaning = model.about.verdicts[token.verdict] || "";

    if (token.item.sentence)
        return token.item.sentence;
    return [clause || (reason && finding ? finding.title : ""), meaning].filter(Boolean).map((words) => words[0].toUpperCase() + words.slice(1) + ".").join(" ");
}

/* ---- summary */

function verdictSentence(model) {
    const parts = VERDICTS.filter((verdict) => model.counts[verdict] > 0).map((verdict) => model.counts[verdict].toLocaleString("en") + " " + verdict);

    return counted(model.tokens.length, "token") + (model.tokens.length === 1 ? " was" : " were") + " inspected" + (parts.length ? ": " + parts.join(", ") : "") + ".";
}

function verdictCards(model) {
    return element("ul", {class: "cards"}, VERDICTS.map((verdict) => element("li", {class: "card verdict-" + verdict + (model.counts[verdict] ? "" : " none")},
        element("a", {href: tokensHref({verdict})}, element("strong", {}, model.counts[verdict].toLocaleString("en")), " ", verdict),
        element("p", {}, model.about.verdicts[verdict] || ""))));
}

function suspectRows(model) {
    const rows = [...model.keys.values()].map((key) => ({key, tokens: key.tokens.filter((token) => SUSPECT.includes(token.verdict))}))
        .filter((row) => row.tokens.length > 0);
    const keyless = model.tokens.filter((token) => !token.key && SUSPECT.includes(token.verdict));

    rows.sort((a, b) => Math.min(...a.tokens.map((token) => VERDICTS.indexOf(token.verdict))) - Math.min(...b.tokens.map((token) => VERDICTS.indexOf(token.verdict))));
    return keyless.length > 0 ? [...rows, {key: null, tokens: keyless}] : rows;
}

function suspectPicture(model) {
    const rows = suspectRows(model), shown = rows.slice(0, KEYS_IN_PICTURE);
    const drawn = shown.length > 0 ? picture("Suspect tokens against the life of the keys that signed them", shown, model.timeline) : null;

    if (!drawn)
        return null;
    return element("section", {}, element("h2", {}, "When, and with which key"), drawn,
        rows.length > shown.length ? element("p", {}, counted(rows.length - shown.length, "more key"), " under ", element("a", {href: "#/keys"}, "Keys"), ".") : null);
}

function findingTotals(model) {
    const totals = new Map();

    for (const token of model.tokens) {
        for (const finding of token.report.findings) {
            const total = totals.get(finding.id) || {id: finding.id, severity: finding.severity, title: finding.title, tokens: new Set()};

            if (SEVERITIES.indexOf(finding.severity) < SEVERITIES.indexOf(total.severity))
                total.severity = finding.severity;
            total.tokens.add(token.number);
            totals.set(finding.id, total);
        }
    }
    return [...totals.values()].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.tokens.size - a.tokens.size || (a.id < b.id ? -1 : 1));
}

function findingsTable(model) {
    const totals = findingTotals(model);

    if (totals.length === 0)
        return null;
    return element("section", {}, element("h2", {}, "What was found"), table("Findings, gravest first", ["Severity", "Finding", "What it says", "Tokens"],
        totals.map((total) => [badge(total.severity, "severity"), element("code", {}, total.id), total.title,
            element("a", {href: tokensHref({finding: total.id})}, total.tokens.size.toLocaleString("en"))])));
}

/* What could not be told, by reason: nobody may take silence for an answer. */
function notCovered(model) {
    const reasons = new Map();

    for (const token of model.tokens) {
        for (const unknown of token.report.inconclusive) {
            const name = unknown.id + " " + unknown.code, row = reasons.get(name) || {...unknown, tokens: 0};

            row.tokens++;
            reasons.set(name, row);
        }
    }
    const rows = [...reasons.values()].sort((a, b) => ["verdict", "strength", "nothing"].indexOf(a.could_change) - ["verdict", "strength", "nothing"].indexOf(b.could_change) || b.tokens - a.tokens);

    return element("section", {}, element("h2", {}, "What could not be told"),
        rows.length === 0 ? element("p", {}, "Every check that applied to these tokens came to an answer.") :
            table("Checks without an answer", ["Check", "Why", "Could have changed", "Tokens", "For example"], rows.map((row) => [element("code", {}, row.id), row.code,
                row.could_change === "verdict" ? "the verdict" : row.could_change === "strength" ? "how strong the evidence is" : "nothing", row.tokens.toLocaleString("en"), quoted(cut(row.reason, 220))])));
}

function togetherSection(model) {
    const findings = (model.sections.get("corpus") || []).flatMap((section) => section.findings || []);

    if (findings.length === 0)
        return null;
    return element("section", {}, element("h2", {}, "What the tokens show together"), element("ul", {class: "findings"}, findings.map((finding) =>
        element("li", {}, badge(finding.severity, "severity"), " ", element("code", {}, finding.id), " ", element("strong", {}, finding.title || ""), element("p", {}, quoted(finding.detail || "")),
            (finding.tokens || []).length ? element("p", {}, "Tokens: ", finding.tokens.slice(0, 20).map((each) => [quoted(String(typeof each === "string" ? each.slice(0, 12) : (each.sha256 || "").slice(0, 12))), " "])) : null))));
}

/* The gravest tokens, each with the sentence that says what is wrong with it. */
function gravestSection(model) {
    const gravest = SUSPECT.flatMap((verdict) => model.tokens.filter((token) => token.verdict === verdict)), shown = gravest.slice(0, GRAVEST_SHOWN);

    if (shown.length === 0)
        return null;
    return element("section", {}, element("h2", {}, "The gravest"), element("ul", {class: "findings"}, shown.map((token) => element("li", {class: "finding verdict-edge-" + token.verdict},
        badge(token.verdict, "verdict"), " ", tokenLink(token), token.then ? ", dated " + timeText(token.then) : "", element("p", {}, quoted(sentenceOf(model, token)))))),
    gravest.length > shown.length ? element("p", {}, "The others are under ", element("a", {href: "#/tokens"}, "Tokens"), ".") : null);
}

/* What a case holds beside tokens, each in a sentence that leads to it. */
function caseSection(model) {
    const found = model.sections.get("found-key") || [], published = found.filter((row) => row.is_published), correlation = sectionOf(model, "correlation"), evidence = model.sections.get("evidence") || [];
    const unread = evidence.filter((file) => file.problem || (file.warnings || []).length > 0 || (file.state && file.state !== "done"));
    const sentences = [];

    if (published.length > 0)
        sentences.push(element("li", {class: "finding verdict-edge-forged"}, element("a", {href: "#/found-keys"}, counted(published.length, "private half of a published signing key", "private halves of published signing keys") + (published.length === 1 ? " is" : " are") + " in the evidence"), ": whoever had it could sign."));
    if (found.length > published.length)
        sentences.push(element("li", {class: "finding"}, element("a", {href: "#/found-keys"}, counted(found.length - published.length, published.length > 0 ? "other private key" : "private key")), found.length - published.length === 1 ? " was found in the evidence." : " were found in the evidence."));
    if (correlation && correlation.suspects.length > 0)
        sentences.push(element("li", {class: "finding verdict-edge-suspicious"}, element("a", {href: "#/activity"}, counted(correlation.suspects.length, "token id")), " of the logs: contradicted by the logs, or in no sign-in log although these are complete."));
    if (model.sections.has("unjudged"))
        sentences.push(element("li", {class: "finding"}, counted(sectionOf(model, "unjudged").tokens, "token") + " of the case " + (sectionOf(model, "unjudged").tokens === 1 ? "was" : "were") + " not judged yet, and " + (sectionOf(model, "unjudged").tokens === 1 ? "is" : "are") + " not on this page."));
    if (unread.length > 0)
        sentences.push(element("li", {class: "finding"}, "Of " + counted(evidence.length, "evidence file") + " ", element("a", {href: "#/provenance"}, unread.length.toLocaleString("en") + " could not be read wholly"), "."));
    return sentences.length === 0 ? null : element("section", {}, element("h2", {}, "In the case"), element("ul", {class: "findings"}, sentences));
}

function summaryView(model) {
    return [element("section", {}, element("h2", {tabindex: "-1"}, "Summary"), element("p", {class: "lead"}, verdictSentence(model)), verdictCards(model)),
        caseSection(model), gravestSection(model), suspectPicture(model), findingsTable(model), togetherSection(model), notCovered(model)];
}

/* ---- table of tokens */

const COLUMNS = [
    {name: "verdict", title: "Verdict", cell: (token) => badge(token.verdict, "verdict"), order: (token) => VERDICTS.indexOf(token.verdict)},
    {name: "token", title: "Token", cell: tokenLink, order: (token) => token.sha256},
    {name: "worst", title: "Gravest finding", cell: (token) => element("code", {}, token.worst), order: (token) => token.worst || "~"},
    {name: "then", title: "Dated", cell: (token) => timeText(token.then), order: (token) => token.then},
    {name: "seen", title: "Seen", cell: (token) => timeText(token.seen), order: (token) => token.seen},
    {name: "issuer", title: "Issuer", cell: (token) => quoted(cut(token.issuer, 70)), order: (token) => token.issuer},
    {name: "subject", title: "Subject", cell: (token) => quoted(cut(token.subject, 40)), order: (token) => token.subject},
    {name: "application", title: "Application", cell: (token) => quoted(cut(token.application, 40)), order: (token) => token.application},
    {name: "source", title: "Found in", cell: (token) => quoted(cut(token.source + (token.item.line ? ", line " + token.item.line : ""), 60)), order: (token) => token.source + "\n" + String(token.item.line || 0).padStart(12, "0")},
];

function chosenTokens(model, settings) {
    const words = (settings.q || "").toLowerCase().split(/\s+/).filter(Boolean);
    const column = COLUMNS.find((each) => each.name === settings.sort);
    const chosen = model.tokens.filter((token) => (!settings.verdict || token.verdict === settings.verdict) &&
        (!settings.finding || token.findings.includes(settings.finding)) && words.every((word) => token.text.includes(word)));

    if (column) {
        const keys = new Map(chosen.map((token) => [token, column.order(token)]));

        chosen.sort((a, b) => keys.get(a) < keys.get(b) ? -1 : keys.get(a) > keys.get(b) ? 1 : a.number - b.number);
        if (settings.down)
            chosen.reverse();
    }
    return chosen;
}

/* The tokens that the settings choose, some rows at once: a browser draws a hundred rows at once, not ten thousand. */
function tokensTable(model, settings, change) {
    const chosen = chosenTokens(model, settings), body = element("tbody", {});
    const state = element("p", {role: "status"}), more = element("button", {type: "button"}, "Show more");

    function grow(count) {
        const from = body.children.length;

        body.append(...chosen.slice(from, from + count).map((token) => element("tr", {}, COLUMNS.map((column) => element("td", {}, column.cell(token))))));
        more.hidden = body.children.length >= chosen.length;
        state.textContent = chosen.length === 0 ? "No token is like that." : body.children.length.toLocaleString("en") + " of " + counted(chosen.length, "token") +
            (chosen.length < model.tokens.length ? ", out of " + model.tokens.length.toLocaleString("en") : "") + ".";
    }
    more.addEventListener("click", () => grow(ROWS_AT_ONCE * 5));
    grow(ROWS_AT_ONCE);
    const heads = COLUMNS.map((column) => {
        const isSorted = settings.sort === column.name;

        return element("th", {scope: "col", "aria-sort": isSorted ? (settings.down ? "descending" : "ascending") : null},
            element("button", {type: "button", "data-column": column.name, on: {click: () => change({sort: column.name, down: isSorted && !settings.down ? "1" : ""})}}, column.title,
                element("span", {"aria-hidden": "true"}, isSorted ? (settings.down ? " ▼" : " ▲") : "")));
    });

    return [state, element("div", {class: "scroll", tabindex: "0", role: "group", "aria-label": "Tokens"}, element("table", {class: "tokens"},
        element("caption", {}, "Tokens"), element("thead", {}, element("tr", {}, heads)), body)), more];
}

function tokensView(model, settings) {
    const holder = element("div", {}), current = {...settings};
    const ids = findingTotals(model).map((total) => total.id);

    function show() {
        holder.replaceChildren(...tokensTable(model, current, change).flat());
    }
    function change(changes) {
        Object.assign(current, changes);
        history.replaceState(null, "", tokensHref(current));
        show();
        if (changes.sort)
            holder.querySelector(`button[data-column="${changes.sort}"]`).focus();
    }
    function choice(label, name, values) {
        return element("label", {}, label, element("select", {on: {change: (event) => change({[name]: event.target.value})}}, element("option", {value: ""}, "all"),
            values.map((value) => element("option", {value, selected: current[name] === value}, value))));
    }
    show();
    return [element("h2", {tabindex: "-1"}, "Tokens"),
        element("form", {class: "filters", role: "search", on: {submit: (event) => event.preventDefault()}},
            element("label", {}, "Search", element("input", {type: "search", value: current.q || "", placeholder: "issuer, user, kid, digest, finding…", on: {input: (event) => change({q: event.target.value})}})),
            choice("Verdict", "verdict", VERDICTS), choice("Finding", "finding", ids)), holder];
}

/* ---- one token */

function signerFacts(item, report) {
    const signature = report.signature || {}, key = signature.key;

    if (report.encryption)
        return [["Encryption", [report.encryption.status, report.encryption.alg ? ", " : "", quoted(report.encryption.alg || ""), report.encryption.enc ? " with " : "", quoted(report.encryption.enc || "")]]];
    const rows = [["Signature", [quoted(signature.alg || "no algorithm"), " ", signature.status, signature.found_by ? ", key found by " + signature.found_by : "", signature.input && signature.input !== "as-sent" ? ", over the " + signature.input + " form" : ""]]];

    if (key)
        rows.push(["Signed by", [element("a", {href: "#/key/" + key.thumbprint}, quoted(key.kid || key.thumbprint)), key.family ? [", ", quoted(key.family)] : "", key.cloud && key.cloud !== "public" ? ", cloud " + key.cloud : "",
            key.issuer ? [", published for ", quoted(key.issuer)] : "", key.family_from ? " (known by " + key.family_from + ")" : ""]],
        ["Entitled", item.entitled ? quoted(item.entitled) : key.entitlement],
        ["Certificate", key.certificate ? [quoted(key.certificate.subject || ""), ", ", dateText(key.certificate.not_before), " to ", dateText(key.certificate.not_after)] : null],
        ["Notice", key.notice ? [key.notice.status, ": ", quoted(key.notice.reference || ""), key.notice.withdrawn_at ? ", withdrawn " + dateText(key.notice.withdrawn_at) : ""] : null],
        ["Key read from", key.source ? quoted(key.source) : null]);
    return rows;
}

function timeFacts(times) {
    return [["Dated", times.then ? timeText(times.then) + " (" + times.then_from + ", which its maker chose)" : "unknown"],
        ["Seen in use", times.seen ? timeText(times.seen) + (times.seen_from ? " (" + times.seen_from + ")" : "") + (times.expired_at_seen ? ", after it had expired" : "") : null],
        ["Judged at", timeText(times.now)]];
}

function sourceFact(token) {
    const source = token.report.source || {};

    return [quoted(token.source || "standard input"), token.item.line ? ", line " + token.item.line : "", ", byte ", String((source.base || 0) + (source.offset || 0)), source.length ? ", " + counted(source.length, "byte") : "",
        (source.transport || []).length ? ", after " + source.transport.join(", ") : ""];
}

function evidenceItem(piece) {
    return element("li", {}, piece.part, " ", element("code", {}, quoted(piece.pointer || "")), ", bytes " + piece.raw[0] + " to " + (piece.raw[0] + piece.raw[1]) + " of the token",
        piece.excerpt ? [": ", element("code", {}, quoted(piece.excerpt))] : "");
}

function findingItem(finding, number, idOf) {
    return element("li", {id: idOf(number), tabindex: "-1", class: "finding severity-edge-" + finding.severity},
        element("h4", {}, element("span", {class: "number"}, number + ". "), badge(finding.severity, "severity"), " ", element("code", {}, finding.id), " ", finding.title),
        element("p", {}, quoted(finding.detail)), finding.evidence.length ? element("ul", {class: "evidence"}, finding.evidence.map(evidenceItem)) : null,
        finding.references.length ? element("p", {class: "quiet"}, finding.references.join("; ")) : null);
}

function findingsSection(report, idOf) {
    return element("section", {}, element("h3", {}, "Findings"), report.findings.length === 0 ? element("p", {}, "No check found anything.") :
        element("ol", {class: "findings"}, report.findings.map((finding, i) => findingItem(finding, i + 1, idOf))));
}

function opinionSection(report) {
    if (report.second_opinion.length === 0)
        return null;
    return element("section", {}, element("h3", {}, "Second opinion"), element("p", {}, "Correct validators refuse this token. These would not:"),
        element("ul", {}, report.second_opinion.map((each) => element("li", {}, each.sentence, element("span", {class: "quiet"}, " (" + each.references.join("; ") + ")")))));
}

function unknownSection(report) {
    if (report.inconclusive.length === 0)
        return null;
    return element("section", {}, element("h3", {}, "What could not be told"), element("ul", {}, report.inconclusive.map((each) => element("li", {}, element("code", {}, each.id), " (" + each.code + "): ", quoted(each.reason)))));
}

function placesSection(item) {
    if (!item.places || item.places.length === 0)
        return null;
    return element("section", {}, element("h3", {}, "Where it was seen"), table("Places", ["File", "Byte", "Encoding", "Time", "What stands around it"], item.places.map((place) => [
        [quoted(place.path || ""), place.member ? [" ", quoted(place.member)] : ""], String(place.offset === undefined ? "" : place.offset), place.encoding || "", timeText(place.seen || ""),
        quoted(Object.entries(place.context || {}).map(([name, value]) => name + " " + (typeof value === "object" ? JSON.stringify(value) : value)).join(", "))])));
}

/* A token inside another is shown the same way, in its own place. */
function nestedSections(report, parts, prefix) {
    return (report.nested || []).map((inside, i) => element("section", {class: "nested"}, element("h3", {}, "Token inside, ", element("code", {}, quoted(inside.pointer || (inside.holder_proof ? "the proof of its holder" : "as the payload")))),
        element("p", {}, badge(inside.verdict, "verdict")), facts(signerFacts({}, inside)), findingsSection(inside, (number) => prefix + "inside-" + i + "-finding-" + number),
        decodedParts((parts.nested || [])[i] || {}, inside, () => null), nestedSections(inside, (parts.nested || [])[i] || {}, prefix + "inside-" + i + "-")));
}

function tokenView(model, sha256) {
    const token = model.tokens.find((each) => each.sha256 === sha256);

    if (!token)
        return [element("h2", {tabindex: "-1"}, "No such token"), element("p", {}, "None on this page has the digest ", quoted(sha256), ".")];
    const item = token.item, report = token.report, parts = item.parts || {}, claims = objectOr(report.token.claims);
    const key = token.key && model.keys.get(token.key.thumbprint);

    return [element("h2", {tabindex: "-1"}, badge(token.verdict, "verdict"), " Token ", element("span", {class: "digest"}, sha256.slice(0, 12))),
        element("p", {class: "lead"}, quoted(sentenceOf(model, token))),
        facts([["What it is", quoted(item.what || token.kind)], ...signerFacts(item, report), ["Issuer", token.issuer ? quoted(token.issuer) : null], ["Subject", token.subject ? quoted(token.subject) : null],
            ["Application", token.application ? quoted(token.application) : null], ["Audience", typeof claims.aud === "string" ? quoted(claims.aud) : claims.aud ? quoted(JSON.stringify(claims.aud)) : null],
            ...timeFacts(report.times), ["Logs", joinFact(model, token)], ["Found in", sourceFact(token)], ["SHA-256", element("span", {class: "digest"}, sha256)]]),
        key ? picture("This token against the life of the key that signed it", [{key, tokens: [token]}], model.timeline) : null,
        findingsSection(report, (number) => "finding-" + number), decodedParts(parts, report, (number) => "#/token/" + sha256 + "?finding=" + number),
        nestedSections(report, parts, ""), opinionSection(report), unknownSection(report), placesSection(item),
        element("details", {}, element("summary", {}, "The report as JSON"), element("pre", {class: "bytes", tabindex: "0"}, element("code", {}, plain(JSON.stringify(report, null, 2)))))];
}

/* ---- keys */

function verdictCounts(tokens) {
    return VERDICTS.filter((verdict) => tokens.some((token) => token.verdict === verdict)).map((verdict) => [badge(verdict, "verdict"), " " + tokens.filter((token) => token.verdict === verdict).length.toLocaleString("en") + " "]);
}

function keysView(model) {
    const keys = [...model.keys.values()];

    return [element("h2", {tabindex: "-1"}, "Keys"), keys.length === 0 ? element("p", {}, "No key verified any of these tokens.") :
        table("Keys that verified tokens", ["Key", "Family", "Issuer", "Certificate", "Notice", "Tokens"], keys.map((key) => [
            element("a", {href: "#/key/" + key.thumbprint}, quoted(cut(key.kid || key.thumbprint, 44))), quoted(key.family || ""), quoted(cut(key.issuer || "", 70)),
            key.certificate ? dateText(key.certificate.not_before) + " to " + dateText(key.certificate.not_after) : "", key.notice ? key.notice.status : "", verdictCounts(key.tokens)])),
    model.end && model.end.keys_left_out ? element("p", {}, "There are more keys than are dated on this page.") : null];
}

function keyView(model, thumbprint) {
    const key = model.keys.get(thumbprint);

    if (!key)
        return [element("h2", {tabindex: "-1"}, "No such key"), element("p", {}, "None on this page has the thumbprint ", quoted(thumbprint), ".")];
    const published = publishedOf(key);

    return [element("h2", {tabindex: "-1"}, "Key ", quoted(cut(key.kid || thumbprint, 60))),
        facts([["Kid", key.kid ? quoted(key.kid) : null], ["Thumbprint (RFC 7638)", element("span", {class: "digest"}, thumbprint)], ["x5t", key.x5t ? quoted(key.x5t) : null], ["Family", key.family ? [quoted(key.family), " (known by " + key.family_from + ")"] : "unknown"],
            ["Issuer", key.issuer ? quoted(key.issuer) : null], ["Certificate", key.certificate ? [quoted(key.certificate.subject || ""), ", ", timeText(key.certificate.not_before), " to ", timeText(key.certificate.not_after)] : null],
            ["Read from", key.source ? quoted(key.source) : null]]),
        picture("Tokens that this key signed, against its life", [{key, tokens: key.tokens}], model.timeline),
        key.notice ? element("section", {}, element("h3", {}, "Notice"), facts([["Status", key.notice.status], ["Exposed from", key.notice.exposed_from ? timeText(key.notice.exposed_from) : "not known"], ["Misuse first known", timeText(key.notice.abuse_first_known)],
            ["Withdrawn", timeText(key.notice.withdrawn_at)], ["Source", quoted(key.notice.reference || "")]])) : null,
        published.length ? element("section", {}, element("h3", {}, "Listed"), table("Where it was listed", ["Endpoint", "From", "To"], published.map((each) => [quoted(each.endpoint || ""), timeText(each.from), timeText(each.to)]))) : null,
        element("p", {}, element("a", {href: tokensHref({q: thumbprint})}, "The " + counted(key.tokens.length, "token") + " that it signed"))];
}

/* ---- provenance */

function distinct(values) {
    return [...new Set(values.filter(Boolean))];
}

function provenanceView(model) {
    const tools = model.tokens.map((token) => token.report.tool);
    const histories = distinct(tools.flatMap((tool) => [tool.history ? "built in or first: SHA-256 " + tool.history.sha256 + (tool.history.until ? ", until " + dateText(tool.history.until) : "") : null,
        ...(tool.more_histories || []).map((each) => each.name + ": SHA-256 " + each.sha256)]));
    const sources = distinct(model.tokens.map((token) => token.source));
    const list = (values) => values.length === 0 ? "none" : element("ul", {}, values.slice(0, 200).map((value) => element("li", {}, quoted(value))), values.length > 200 ? element("li", {}, "and " + (values.length - 200).toLocaleString("en") + " more") : null);

    return [element("h2", {tabindex: "-1"}, "Provenance"),
        element("p", {}, "With the same evidence, keys, histories and clocks the same program gives the same reports, byte for byte."),
        facts([["Program", "tokenscope " + distinct(tools.map((tool) => tool.version)).join(", ")], ["Page made by", "tokenscope " + model.about.version], ["Key histories", list(histories)], ["Profile", list(distinct(tools.map((tool) => tool.profile)))],
            ["Clock", list(distinct(model.tokens.map((token) => timeText(token.report.times.now))))], ["Key files", list(distinct(model.tokens.map((token) => token.key ? token.key.source : null)))], ["Read from", list(sources.length ? sources : ["standard input"])],
            ["Signatures", model.about.revealed ? "whole: this page is as secret as the tokens" : "cut: the tokens cannot be used from this page"]]),
        evidenceTable(model),
        model.unreadable > 0 ? element("p", {class: "warning"}, counted(model.unreadable, "report") + " could not be read, and " + (model.unreadable === 1 ? "is" : "are") + " not shown.") : null,
        model.end === null || model.end.tokens !== model.tokens.length + model.unreadable ? element("p", {class: "warning"}, "This page was cut off: tokens are missing.") : null];
}

/* SPDX-License-Identifier: Apache-2.0 */
"use strict";

/* What stands behind '#' says what is shown, so that each view has an address. */

/* href, title, and the data without which there is no such part */
const PARTS = [["#/", "Summary"], ["#/tokens", "Tokens"], ["#/keys", "Keys"], ["#/found-keys", "Keys found", "found-key"], ["#/logs", "Logs", "coverage"], ["#/activity", "Activity", "correlation"],
    ["#/provenance", "Provenance"]];

function partsOf(model) {
    return PARTS.filter(([, , section]) => !section || model.sections.has(section));
}

function viewOf(model, hash) {
    const [path, query] = hash.replace(/^#/, "").split("?"), [, part, name] = path.split("/");
    const settings = Object.fromEntries(new URLSearchParams(query || ""));

    switch (part) {
    case "tokens":
        return {here: "#/tokens", nodes: tokensView(model, settings)};
    case "token":
        return {here: "#/tokens", nodes: tokenView(model, name || ""), focus: settings.finding ? "finding-" + settings.finding : null};
    case "keys":
        return {here: "#/keys", nodes: keysView(model)};
    case "key":
        return {here: "#/keys", nodes: keyView(model, name || "")};
    case "found-keys":
        return {here: "#/found-keys", nodes: foundKeysView(model)};
    case "logs":
        return model.sections.has("coverage") ? {here: "#/logs", nodes: coverageView(model)} : viewOf(model, "#/");
    case "activity":
        return model.sections.has("correlation") ? {here: "#/activity", nodes: name ? suspectView(model, decodeURIComponent(name)) : activityView(model)} : viewOf(model, "#/");
    case "provenance":
        return {here: "#/provenance", nodes: provenanceView(model)};
    default:
        return {here: "#/", nodes: summaryView(model)};
    }
}

function show(model, isFirst) {
    const main = document.getElementById("main"), view = viewOf(model, location.hash);

    main.replaceChildren(...view.nodes.flat(Infinity).filter(Boolean));
    document.getElementById("nav").replaceChildren(element("ul", {}, partsOf(model).map(([href, title]) => element("li", {}, element("a", {href, "aria-current": href === view.here ? "page" : null}, title)))));
    const target = view.focus ? document.getElementById(view.focus) : isFirst ? null : main.querySelector("h2");

    if (target) {
        target.focus({preventScroll: true});
        target.scrollIntoView({block: view.focus ? "center" : "start"});
    }
    if (!view.focus && !isFirst)
        window.scrollTo(0, 0);
}

const model = readData();

window.addEventListener("hashchange", () => {
    if (location.hash !== "#main")
        show(model, false);
});
show(model, true);

/* SPDX-License-Identifier: Apache-2.0 */
"use strict";

/*
 * Elements and text. Whatever comes from a token or a log goes in as text nodes: no markup is ever made of it. Characters that hide
 * or turn the text around them are written out.
 */

const SVG = "http://www.w3.org/2000/svg";
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffd\p{Surrogate}]/u;

function make(space, name, attributes, children) {
    const made = space ? document.createElementNS(space, name) : document.createElement(name);

    for (const [attribute, value] of Object.entries(attributes || {})) {
        if (attribute === "on")
            Object.entries(value).forEach(([event, handler]) => made.addEventListener(event, handler));
        else if (value !== null && value !== undefined && value !== false)
            made.setAttribute(attribute, value === true ? "" : value);
    }
    made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
    return made;
}

/* element("a", {href: "#/"}, "text", …): attributes as they are, "on" for listeners; nothing stands for a child that is not there. */
function element(name, attributes, ...children) {
    return make(null, name, attributes, children);
}

function drawing(name, attributes, ...children) {
    return make(SVG, name, attributes, children);
}

function codeOf(character) {
    return "U+" + character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
}

/* Text of a token's, for people: its own direction, and nothing hidden in it. */
function quoted(text) {
    const nodes = [];
    let plain = "";

    for (const character of String(text)) {
        if (HIDDEN.test(character)) {
            nodes.push(plain, element("span", {class: "hidden-character", title: "a character that does not show"}, "⟨" + codeOf(character) + "⟩"));
            plain = "";
        } else {
            plain += character;
        }
    }
    return element("bdi", {}, nodes, plain);
}

function plain(text) {
    return Array.from(String(text), (character) => HIDDEN.test(character) ? "⟨" + codeOf(character) + "⟩" : character).join("");
}

function cut(text, length) {
    const characters = Array.from(String(text));

    return characters.length > length ? characters.slice(0, length - 1).join("") + "…" : String(text);
}

function counted(number, one, many) {
    return number.toLocaleString("en") + " " + (number === 1 ? one : many || one + "s");
}

/* "2023-06-15T00:00:00Z" with a blank and the zone written out. */
function timeText(time) {
    return time ? time.replace("T", " ").replace("Z", " UTC") : "";
}

function dateText(time) {
    return time ? time.slice(0, 10) : "";
}

function bytesOf(base64url) {
    const binary = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));

    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/* Rows of a name and what stands for it; rows without a value are left out. */
function facts(rows) {
    return element("dl", {class: "facts"}, rows.filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
}

function badge(word, kind) {
    return element("span", {class: "badge " + kind + "-" + word}, word);
}

/* Lines for a table: what stands in a cell is a node or a text. */
function table(caption, heads, rows) {
    return element("div", {class: "scroll", tabindex: "0", role: "group", "aria-label": caption},
        element("table", {}, element("caption", {}, caption),
            element("thead", {}, element("tr", {}, heads.map((head) => element("th", {scope: "col"}, head)))),
            element("tbody", {}, rows.map((row) => element("tr", {}, row.map((cell) => element("td", {}, cell)))))));
}

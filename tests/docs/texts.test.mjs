// The documents say what the sources do, and each link leads somewhere.
import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { documented, logCodes, pages, quarantineReasons, read, reasonCodes, root } from "./sources.mjs";

const sorted = (set) => [...set].sort();
const operations = "docs/operations.md";

test("each log code stands in operations.md, and no other", () => {
    const { codes, odd } = logCodes();
    assert.deepEqual(odd, [], "a log code must be written as a text where it is logged");
    assert.ok(codes.size > 30);
    assert.deepEqual(sorted(documented(operations, "## Log codes")), sorted(codes));
});

test("each reason of the status stands there, and no other", () => {
    assert.ok(reasonCodes().size > 8);
    assert.deepEqual(sorted(documented(operations, "## Reasons")), sorted(reasonCodes()));
});

test("each state stands there", () => {
    const schema = JSON.parse(read("api/openapi.json"));
    const text = JSON.stringify(schema);
    for (const state of documented(operations, "## States")) assert.ok(text.includes(`"${state}"`), state);
    assert.deepEqual(sorted(documented(operations, "## States")), ["blocked", "degraded", "paused", "running", "stopping"]);
});

test("each reason of quarantine and dead letters stands there, and no other", () => {
    assert.ok(quarantineReasons().size >= 7);
    assert.deepEqual(sorted(documented(operations, "## Quarantine")), sorted(quarantineReasons()));
    const names = /reason_names\{((?:"[a-z_]+",? ?)+)\}/.exec(read("src/diff/account.cpp"))[1];
    assert.deepEqual(sorted(documented(operations, "## Dead letters")), sorted(new Set(names.match(/[a-z_]+/g))));
});

// As the place where the repository is shown makes them.
function anchors(text) {
    const found = new Map();
    let fenced = false;
    for (const line of text.split("\n")) {
        if (/^```/.test(line)) fenced = !fenced;
        const heading = !fenced && /^#{1,6} (.+)$/.exec(line);
        if (!heading) continue;
        const plain = heading[1].replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[`*]/g, "");
        const slug = plain.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
        const before = found.get(slug) ?? 0;
        found.set(before ? `${slug}-${before}` : slug, 1);
        found.set(slug, before + 1);
    }
    return new Set(found.keys());
}

// Links outside code: [text](target), ![picture](target).
function links(text) {
    const bare = text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "``");
    return [...bare.matchAll(/\]\(([^()\s]+)\)/g)].map((m) => m[1]);
}

test("each link leads to a file and a heading that are there", () => {
    let count = 0;
    const broken = [];
    for (const [page, text] of pages) {
        for (const target of links(text)) {
            if (/^(https?|mailto):/.test(target)) continue;
            ++count;
            const [file, anchor] = target.split("#");
            const path = file === "" ? page : normalize(join(dirname(page), file));
            if (path.startsWith("..") || !existsSync(join(root, path))) {
                broken.push(`${page}: ${target}`);
            } else if (anchor !== undefined) {
                if (statSync(join(root, path)).isDirectory() || !anchors(read(path)).has(anchor)) broken.push(`${page}: ${target}`);
            }
        }
    }
    assert.deepEqual(broken, []);
    assert.ok(count > 20);
});

test("each document is linked from another, so that it is found", () => {
    const targets = new Set();
    for (const [page, text] of pages) {
        for (const target of links(text)) targets.add(normalize(join(dirname(page), target.split("#")[0])));
    }
    for (const page of pages.keys()) assert.ok(page === "README.md" || targets.has(page), `${page} is linked from nowhere`);
});

test("anchors are made as they should be", () => {
    assert.deepEqual(anchors("# A `b_c` d: (e)\n## x\n## x\n```\n# no\n```\n"), new Set(["a-b_c-d-e", "x", "x-1"]));
});

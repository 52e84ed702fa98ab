// What the tests of the documents share: the pages, and the codes that the sources use.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const read = (path) => readFileSync(join(root, path), "utf8");

function walk(folder, ends) {
    return readdirSync(join(root, folder)).flatMap((name) => {
        const path = join(folder, name);
        if (statSync(join(root, path)).isDirectory()) return walk(path, ends);
        return ends.some((e) => name.endsWith(e)) ? [path] : [];
    });
}

// Markdown of the root and of docs/, by path.
export const pages = new Map(
    [...readdirSync(root).filter((n) => n.endsWith(".md")), ...walk("docs", [".md"])].map((p) => [p, read(p)]));

export const sources = () => [...walk("src", [".cpp", ".hpp"]), ...walk("include", [".hpp"])].map((p) => [p, read(p)]);

// Every log code, and every place where one is not written as a text.
export function logCodes() {
    const codes = new Set();
    const odd = [];
    for (const [path, text] of sources()) {
        for (const call of text.matchAll(/\blog_?\s*(?:\.|->)\s*(?:debug|info|warn|error)\s*\(\s*/g)) {
            const rest = text.slice(call.index + call[0].length, call.index + call[0].length + 200);
            const choice = /^[^";]*\?\s*"([a-z_]+)"\s*:\s*"([a-z_]+)"/.exec(rest);
            const plain = /^"([a-z_]+)"/.exec(rest);
            if (plain) codes.add(plain[1]);
            else if (choice) codes.add(choice[1]).add(choice[2]);
            else odd.push(`${relative(root, join(root, path))}: ${rest.split("\n")[0]}`);
        }
        // What the log says of itself.
        for (const m of text.matchAll(/"event":"([a-z_]+)"/g)) codes.add(m[1]);
    }
    return { codes, odd };
}

// Codes of the status's reasons.
export function reasonCodes() {
    const codes = new Set();
    for (const [path, text] of sources()) {
        if (!path.includes("engine")) continue;
        for (const m of text.matchAll(/reason\{\s*"([a-z_]+)"/g)) codes.add(m[1]);
        for (const m of text.matchAll(/follow\([^;"]*"([a-z_]+)"/g)) codes.add(m[1]);
        for (const m of text.matchAll(/push_back\(\{\s*"([a-z_]+)"/g)) codes.add(m[1]);
    }
    return codes;
}

// Why a document is set aside, a message dead.
export function quarantineReasons() {
    const codes = new Set();
    for (const [path, text] of sources()) {
        if (path.includes("/profile/")) for (const m of text.matchAll(/verdict::quarantine,\s*"([a-z_]+)"/g)) codes.add(m[1]);
        if (path.includes("/engine/") || path.includes("/store/")) for (const m of text.matchAll(/"(duplicate_[a-z]+_id)"/g)) codes.add(m[1]);
    }
    return codes;
}

// The codes in the first column of the table under a heading.
export function documented(page, heading) {
    const text = pages.get(page);
    const begin = text.indexOf(`\n${heading}\n`);
    if (begin < 0) throw new Error(`${page} has no ${heading}`);
    const level = heading.split(" ")[0];
    const ends = new RegExp(`\n#{1,${level.length}} `, "g");
    ends.lastIndex = begin + heading.length + 1;
    const end = ends.exec(text)?.index ?? text.length;
    const codes = new Set();
    for (const line of text.slice(begin, end).split("\n")) {
        const cell = /^\| ([^|]+) \|/.exec(line)?.[1] ?? "";
        for (const m of cell.matchAll(/`([a-z_]+)`/g)) codes.add(m[1]);
    }
    return codes;
}

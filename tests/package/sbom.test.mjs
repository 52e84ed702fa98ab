// The bill of materials is a valid SPDX 2.3 document and names what the build holds. TS_BUILD is the build's folder.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { makeBill, readTable } from "../../packaging/sbom.mjs";

process.env.SOURCE_DATE_EPOCH = "1800000000";
const build = process.env.TS_BUILD;
const bill = makeBill(build);
const table = readTable(readFileSync(new URL("../../THIRD_PARTY.md", import.meta.url), "utf8"));

test("it has what SPDX 2.3 asks for", () => {
    assert.equal(bill.spdxVersion, "SPDX-2.3");
    assert.equal(bill.dataLicense, "CC0-1.0");
    assert.equal(bill.SPDXID, "SPDXRef-DOCUMENT");
    assert.match(bill.documentNamespace, /^https:\/\/[^#\s]+$/);
    assert.match(bill.creationInfo.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.ok(bill.creationInfo.creators.every((c) => /^(Tool|Organization|Person): \S/.test(c)));
    const ids = bill.packages.map((p) => p.SPDXID);
    assert.equal(new Set(ids).size, ids.length);
    for (const p of bill.packages) {
        assert.match(p.SPDXID, /^SPDXRef-[A-Za-z0-9.-]+$/);
        assert.ok(p.name && p.versionInfo && p.downloadLocation, p.SPDXID);
        assert.equal(p.filesAnalyzed, false);
        assert.match(p.licenseConcluded, /^[A-Za-z0-9.+-]+( WITH [A-Za-z0-9.-]+)?$/);
        for (const r of p.externalRefs) assert.match(r.referenceLocator, /^pkg:(deb|npm)\/[^\s]+@[^\s]+$/);
    }
    const known = new Set([...ids, "SPDXRef-DOCUMENT"]);
    const kinds = new Set(["DESCRIBES", "STATIC_LINK", "DYNAMIC_LINK", "CONTAINS"]);
    for (const r of bill.relationships) {
        assert.ok(known.has(r.spdxElementId) && known.has(r.relatedSpdxElement));
        assert.ok(kinds.has(r.relationshipType));
    }
    assert.ok(bill.relationships.some((r) => r.relationshipType === "DESCRIBES" && r.relatedSpdxElement === "SPDXRef-traitsync"));
});

test("each component that THIRD_PARTY.md names is in it, and each licence permits shipping under Apache-2.0", () => {
    const names = bill.packages.map((p) => p.name);
    assert.deepEqual(names, ["traitsync", ...table.map((r) => r.name)]);
    const permitted = new Set(["BSL-1.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "Zlib", "Apache-2.0", "blessing"]);
    // Copyleft only where it is a library of the platform that the loader brings in.
    const loaded = new Set(["LGPL-2.1-or-later", "GPL-3.0-or-later WITH GCC-exception-3.1"]);
    for (const row of table) {
        const ok = permitted.has(row.licence) || (row.how === "shared library" && loaded.has(row.licence));
        assert.ok(ok, `${row.name}: ${row.licence}`);
    }
});

test("what the product relies on is there with the version that is installed", () => {
    const version = (name) => bill.packages.find((p) => p.name === name)?.versionInfo;
    assert.match(version("Boost"), /^1\.81/);
    assert.match(version("SQLite"), /^3\./);
    assert.match(version("OpenSSL"), /^3\./);
    const locked = JSON.parse(readFileSync(new URL("../../web/package-lock.json", import.meta.url), "utf8"));
    assert.equal(version("uPlot"), locked.packages["node_modules/uplot"].version);
});

test("the same build gives the same bill", () => {
    assert.deepEqual(makeBill(build), bill);
});

test("THIRD_PARTY.md has no row twice", () => {
    assert.equal(new Set(table.map((r) => r.name)).size, table.length);
    assert.ok(table.length >= 13);
});

// The software bill of materials (SPDX 2.3) of a finished build: node sbom.mjs BUILD_DIR OUTPUT
// What is in the binary is read from the build itself: the headers that its objects were compiled from, and the
// libraries that it was linked with. Debian's database knows which package and version they are, THIRD_PARTY.md which
// component and licence that is. A package that no row of it names is an error, and so is a row without a package.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
function run(program, ...words) {
    try {
        return execFileSync(program, words, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] });
    } catch (failed) {
        // Not the thousands of words that it was called with.
        throw new Error(`${program} failed: ${failed.stderr || failed.code}`);
    }
}

// Compiler and C library: they are the platform, named by what the binary asks the loader for.
const platform = /^(libc6-dev|linux-libc-dev|libstdc\+\+-\d+-dev|libgcc-\d+-dev|gcc-\d+|g\+\+-\d+|cpp-\d+)$/;

// The table of THIRD_PARTY.md: | component | version from | licence | how |
export function readTable(text) {
    const rows = [];
    for (const line of text.split("\n")) {
        const cells = line.split("|").slice(1, -1).map((c) => c.trim().replaceAll("`", ""));
        if (cells.length !== 4 || cells[0] === "component" || cells[0].startsWith("---")) continue;
        const [name, from, licence, how] = cells;
        rows.push({ name, packages: from.split(", "), licence, how });
    }
    return rows;
}

// Files of the system that went into the binary: headers of its objects (not of tests), static libraries of its link.
// Shared ones are told by their headers and by what the loader is asked for.
function filesOf(build) {
    const files = new Set();
    let ours = false;
    for (const line of run("ninja", "-C", build, "-t", "deps").split("\n")) {
        if (/^\S/.test(line)) ours = /\.o: #deps/.test(line) && !line.startsWith("tests/");
        else if (ours && line.startsWith("    /")) files.add(line.trim());
    }
    const link = run("ninja", "-C", build, "-t", "commands", "-s", "traitsync");
    for (const word of link.split(/\s+/)) {
        if (/^\/.*\.a$/.test(word)) files.add(word);
    }
    return [...files].filter((f) => !f.startsWith(root + "/"));
}

// Debian package of each file.
function packagesOf(files) {
    const found = new Map();
    for (let i = 0; i < files.length; i += 500) {
        const chunk = files.slice(i, i + 500).map((f) => realpathSync(f));
        const answer = run("dpkg-query", "-S", ...chunk);
        for (const line of answer.split("\n")) {
            const match = /^(\S+?)(?::\S+)?: (\S+)$/.exec(line);
            if (match && !match[1].endsWith(",")) found.set(match[1], true);
        }
    }
    return [...found.keys()].filter((p) => !platform.test(p)).sort();
}

function debian(name) {
    const [version, source, sourceVersion] = run(
        "dpkg-query", "-W", "-f", "${Version}\t${source:Package}\t${source:Version}", `${name}`).split("\n")[0].split("\t");
    return { version, source, sourceVersion };
}

// What the loader is asked for: libc.so.6 and so on.
function needed(binary) {
    return [...run("readelf", "-d", binary).matchAll(/\(NEEDED\).*\[(.+)\]/g)].map((m) => m[1]).sort();
}

function packageEntry(row, id, version, source, purl) {
    return {
        SPDXID: id,
        name: row.name,
        versionInfo: version,
        downloadLocation: "NOASSERTION",
        filesAnalyzed: false,
        licenseConcluded: row.licence,
        licenseDeclared: row.licence,
        copyrightText: "NOASSERTION",
        ...(source ? { sourceInfo: source } : {}),
        externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl }],
    };
}

export function makeBill(build) {
    const rows = readTable(readFileSync(join(root, "THIRD_PARTY.md"), "utf8"));
    const used = packagesOf(filesOf(build));
    const known = new Map(rows.flatMap((r) => r.packages.map((p) => [p, r])));
    const unnamed = used.filter((p) => !known.has(p));
    if (unnamed.length > 0) throw new Error(`THIRD_PARTY.md does not name ${unnamed.join(", ")}`);

    const binary = join(build, "traitsync");
    const version = run(binary, "version").trim().replace(/^traitsync /, "");
    const epoch = Number(process.env.SOURCE_DATE_EPOCH ?? Math.floor(Date.now() / 1000));
    const packages = [];
    const relationships = [{ spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: "SPDXRef-traitsync" }];
    const own = { name: "traitsync", licence: "Apache-2.0" };
    packages.push({
        ...packageEntry(own, "SPDXRef-traitsync", version, "", `pkg:deb/traitsync@${version}`),
        primaryPackagePurpose: "APPLICATION",
        checksums: [{ algorithm: "SHA256", checksumValue: createHash("sha256").update(readFileSync(binary)).digest("hex") }],
    });
    for (const row of rows) {
        const id = "SPDXRef-" + row.name.replaceAll(/[^A-Za-z0-9.-]/g, "-");
        if (row.packages[0].startsWith("npm:")) {
            const name = row.packages[0].slice(4);
            const locked = JSON.parse(readFileSync(join(root, "web/package-lock.json"), "utf8")).packages[`node_modules/${name}`];
            packages.push(packageEntry(row, id, locked.version, "", `pkg:npm/${name}@${locked.version}`));
        } else {
            const mine = row.packages.filter((p) => used.includes(p) || row.how === "shared library");
            if (mine.length === 0) throw new Error(`nothing of ${row.name} is in the build: its row in THIRD_PARTY.md is old`);
            const d = debian(mine[0]);
            packages.push(packageEntry(row, id, d.version, `Debian packages ${mine.join(", ")}, of source ${d.source} ${d.sourceVersion}`,
                `pkg:deb/debian/${d.source}@${encodeURIComponent(d.sourceVersion)}?distro=bookworm`));
        }
        relationships.push({
            spdxElementId: "SPDXRef-traitsync",
            relationshipType: row.how === "shared library" ? "DYNAMIC_LINK" : row.how === "static library" ? "STATIC_LINK" : "CONTAINS",
            relatedSpdxElement: id,
        });
    }
    const digest = createHash("sha256").update(JSON.stringify(packages)).digest("hex");
    return {
        spdxVersion: "SPDX-2.3",
        dataLicense: "CC0-1.0",
        SPDXID: "SPDXRef-DOCUMENT",
        name: `traitsync-${version}`,
        documentNamespace: `https://spdx.org/spdxdocs/traitsync-${version}-${digest.slice(0, 32)}`,
        creationInfo: {
            created: new Date(epoch * 1000).toISOString().replace(/\.\d+Z$/, "Z"),
            creators: [`Tool: traitsync-sbom-${version}`],
        },
        comment: `Shared libraries that the loader is asked for: ${needed(binary).join(", ")}`,
        packages,
        relationships,
    };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const [build, output] = process.argv.slice(2);
    try {
        const text = JSON.stringify(makeBill(build), null, 2) + "\n";
        mkdirSync(dirname(output), { recursive: true });
        writeFileSync(output, text);
    } catch (failed) {
        console.error(`sbom: ${failed.message}`);
        process.exit(1);
    }
}

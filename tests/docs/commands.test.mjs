// Each command that a document shows works: traitsync's own are run against `traitsync demo`, curl's against its API, and
// each ./dev command exists. TRAITSYNC is the binary. Whatever needs an installed service is run by tests/package.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pages, root } from "./sources.mjs";

const program = process.env.TRAITSYNC;
const folder = mkdtempSync(join(tmpdir(), "traitsync-docs-"));
let demo;
let url;
let token;

// Lines of shell blocks and of indented code, continued ones joined; commands inside texts.
function shellLines(text) {
    const lines = [];
    for (const block of text.matchAll(/^```(?:sh|bash|shell)\n([\s\S]*?)^```/gm)) lines.push(...block[1].split("\n"));
    const outside = text.replace(/^```[\s\S]*?^```/gm, "");
    for (const m of outside.matchAll(/^ {4}(traitsync .*)$/gm)) lines.push(m[1]);
    for (const m of outside.matchAll(/`((?:sudo )?(?:\.\/dev|traitsync) [^`\n]+)`/g)) lines.push(m[1]);
    const joined = [];
    for (const line of lines) {
        if (joined.length > 0 && joined.at(-1).endsWith("\\")) joined.push(joined.pop().slice(0, -1) + line);
        else joined.push(line);
    }
    return joined.map((l) => l.replace(/(^|\s)#.*$/, "").trim()).filter((l) => l !== "");
}

// The commands of a program in them: "traitsync pause deliver; traitsync resume" are two.
function commandsOf(name) {
    const found = new Map();
    for (const [page, text] of pages) {
        for (const line of shellLines(text)) {
            for (const part of line.split(/\s*(?:;|&&|\|\|?)\s*/)) {
                const words = part.replace(/^sudo /, "").replace(/^build\/release\//, "").replace(/\s*[<>].*$/, "");
                if (words.startsWith(`${name} `)) found.set(words, page);
            }
        }
    }
    return found;
}

const environment = () => ({
    PATH: process.env.PATH,
    HOME: folder,
    TRAITSYNC_ADMIN_TOKEN: token,
    TRAITSYNC_ADMIN_LISTEN: url.replace("http://", ""),
    TRAITSYNC_MOESIF_TOKEN: "t0123456789abcdef",
    TRAITSYNC_SEGMENT_WRITE_KEY: "0123456789abcdef0123456789abcdef",
    // So a command that would serve or sync ends at once, and sends nothing anywhere.
    TRAITSYNC_STORE_PATH: join(folder, "none/here.db"),
    TRAITSYNC_MOESIF_URL: "http://127.0.0.1:1/v1",
    TRAITSYNC_SEGMENT_URL: "http://127.0.0.1:1",
});

before(async () => {
    demo = spawn(program, ["demo", "--profiles", "60"], { cwd: folder });
    let text = "";
    await new Promise((resolve, reject) => {
        demo.stdout.on("data", (d) => {
            text += d;
            if (text.includes("First sync done")) resolve();
        });
        demo.on("exit", () => reject(new Error(text)));
    });
    [, url, token] = /Page: +(http:\/\/[^/]+)\/#token=(\w+)/.exec(text);
});

after(async () => {
    const ended = new Promise((resolve) => demo.on("exit", resolve));
    demo.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true });
});

test("each traitsync command is understood", () => {
    const commands = commandsOf("traitsync");
    assert.ok(commands.size > 25, `${commands.size}`);
    const wrong = [];
    for (const [command, page] of commands) {
        const words = command.replaceAll("…", "").trim().split(/\s+/).slice(1).map((w) => w.replace(/^["']|["']$/g, ""));
        const here = mkdtempSync(join(folder, "run-"));
        if (words[0] === "demo") continue;  // runs already
        if (words[0] === "init") rmSync(join(here, words[1] ?? "traitsync.toml"), { force: true });
        else writeFileSync(join(here, "traitsync.toml"), spawnSync(program, ["init", "-"]).stdout);
        // What a reader fills in is filled in. Files are written here.
        const filled = words.map((w) => w.replace(/^USER$/, "usr_00000001").replace(/^\/(var|etc)\/.*\//, "./"));
        const done = spawnSync(program, filled, { cwd: here, env: environment(), encoding: "utf8", input: "", timeout: 30000 });
        if (done.status === null || done.status === 2 || /Try "traitsync/.test(done.stderr)) {
            wrong.push(`${page}: ${command}: ${done.status} ${done.stderr.trim()}`);
        }
    }
    assert.deepEqual(wrong, []);
});

test("each ./dev command exists, with its options", () => {
    const usage = spawnSync(join(root, "dev"), ["help"], { encoding: "utf8" }).stdout;
    const commands = commandsOf("./dev");
    assert.ok(commands.size > 8);
    for (const [command, page] of commands) {
        const [, name, ...words] = command.split(/\s+/);
        const line = new RegExp(`^  ${name}\\b.*`, "m").exec(usage)?.[0];
        assert.ok(line, `${page}: ${command}`);
        for (const word of words.filter((w) => w.startsWith("--"))) assert.ok(line.includes(word) || line.includes("[OPTIONS]"), `${page}: ${command}`);
    }
});

// curl against the demo: what is shown for the service's own address and token goes to the demo's.
test("each question with curl is answered", () => {
    const wrong = [];
    let count = 0;
    let preview = "";  // of the last preview, which a later request refers to
    for (const [page, text] of pages) {
        const lines = shellLines(text).filter((l) => /^(?:\w+=\$\()?(?:curl|api) /.test(l));
        for (const line of lines) {
            const shown = line.replaceAll(/http:\/\/127\.0\.0\.1:8737/g, url)
                .replace(/"preview_token": "\w+"/, `"preview_token": "${preview}"`);
            // Variables that an earlier answer would have filled.
            const script = `URL=${url} TOKEN=${token} ID=usr_00000001 MESSAGE=none PREVIEW= REPLAY=1
                api() { curl -sS -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" "$@"; }
                curl() { command curl -sS -m 20 -o "${folder}/answer" -w '%{http_code}' "$@"; }
                ${shown}`;
            const done = spawnSync("bash", ["-c", script], { encoding: "utf8", timeout: 30000 });
            ++count;
            const status = Number(/\d{3}$/.exec(done.stdout)?.[0]);
            const answer = readFileSync(join(folder, "answer"), "utf8");
            preview = /"preview_token":"(\w+)"/.exec(answer)?.[1] ?? preview;
            // Somebody of the examples may not be in the demo, or the state may be another one already; the request itself is
            // right all the same.
            if (![200, 202, 404, 409].includes(status) || answer.includes("no such path")) {
                wrong.push(`${page}: ${line}: ${status} ${answer.slice(0, 200)} ${done.stderr}`);
            }
        }
    }
    assert.deepEqual(wrong, []);
    assert.ok(count > 8, `${count}`);
});

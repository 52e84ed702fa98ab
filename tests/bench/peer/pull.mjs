// A full pass: companies, then users, in byte order of `_id`; one transaction a page, cursor included.
import { createHash, randomUUID } from "node:crypto";
import * as crypto from "node:crypto";

import { contextOf, difference, mapCompany, mapUser } from "./mapping.mjs";

const paths = { companies: "/search/~/search/companymetrics/companies", users: "/search/~/search/usermetrics/users" };
const hashOf = crypto.hash ? (text) => crypto.hash("md5", text, "base64") : (text) => createHash("md5").update(text).digest("base64");

async function fetchPage(moesif, stream, after) {
    const body = { size: moesif.pageSize, sort: [{ _id: "asc" }] };
    if (after) body.search_after = after;
    for (let wait = 1000; ; wait = Math.min(wait * 2, 60_000)) {
        try {
            const answer = await moesif.pool.request({
                method: "POST",
                path: moesif.path + paths[stream],
                headers: { authorization: `Bearer ${moesif.token}`, "content-type": "application/json" },
                body: JSON.stringify(body),
            });
            if (answer.statusCode < 300) return (await answer.body.json()).hits.hits;
            await answer.body.dump();
            if (answer.statusCode < 500 && answer.statusCode !== 429) throw Object.assign(new Error(`Moesif: ${answer.statusCode}`), { final: true });
        } catch (failure) {
            if (failure.final) throw failure;
        }
        await new Promise((done) => setTimeout(done, wait * Math.random()));
    }
}

function companyFinder(store) {
    return (id) => {
        const text = store.company.get(id);
        return text ? JSON.parse(text) : { id };
    };
}

function storeUser(store, hit, before, companyOf, now) {
    const source = hit._source;
    const hash = hashOf(JSON.stringify(source));
    if (before && before[2] === hash) return;
    const id = String(source.user_id ?? hit._id);
    const traits = mapUser(id, source, companyOf);
    const all = JSON.stringify(traits);
    const context = JSON.stringify(contextOf(source));
    if (!before) {
        const no = store.addUser.run(id, all, context).lastInsertRowid;
        store.putId.run(hit._id, no, hash);
        store.enqueue.run(no, id, randomUUID(), now, all, context);
        return;
    }
    const no = before[1];
    const changed = difference(JSON.parse(store.traitsOf.get(no)), traits);
    store.changeUser.run(all, context, no);
    store.putId.run(hit._id, no, hash);
    if (changed) store.enqueue.run(no, id, randomUUID(), now, JSON.stringify(changed), context);
}

function storeUsers(store, hits, companyOf) {
    const known = new Map();
    for (const row of store.known.iterate(hits[0]._id, hits[hits.length - 1]._id)) known.set(row[0], row);
    const now = new Date().toISOString();
    for (const hit of hits) storeUser(store, hit, known.get(hit._id), companyOf, now);
}

function storeCompanies(store, hits) {
    for (const hit of hits) store.putCompany.run(String(hit._source.company_id ?? hit._id), JSON.stringify(mapCompany(hit._source)));
}

export async function pull(store, moesif, onPage) {
    const companyOf = companyFinder(store);
    const commit = store.db.transaction((stream, hits, after) => {
        if (stream === "users") storeUsers(store, hits, companyOf);
        else storeCompanies(store, hits);
        store.putCursor.run(stream, JSON.stringify(after));
    });
    for (const stream of ["companies", "users"]) {
        const resumed = store.cursor.get(stream);
        let next = fetchPage(moesif, stream, resumed ? JSON.parse(resumed) : undefined);
        for (;;) {
            const hits = await next;
            if (hits.length === 0) break;
            const after = hits[hits.length - 1].sort;
            next = fetchPage(moesif, stream, after); // on its way while this page is stored
            commit(stream, hits, after);
            onPage();
        }
    }
    for (const stream of ["companies", "users"]) store.putCursor.run(stream, null);
}

// Every user once more, whole.
export function replay(store) {
    const chunk = store.db.transaction((rows) => {
        const now = new Date().toISOString();
        for (const row of rows) {
            store.enqueue.run(row.no, row.id, randomUUID(), now, row.traits, row.context);
        }
    });
    for (let last = 0; ; ) {
        const rows = store.usersAfter.all(last);
        if (rows.length === 0) return;
        chunk(rows);
        last = rows[rows.length - 1].no;
    }
}

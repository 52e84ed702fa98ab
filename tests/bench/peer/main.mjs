import { createInterface } from "node:readline";

import { Pool } from "undici";

import { Delivery } from "./deliver.mjs";
import { pull, replay } from "./pull.mjs";
import { open } from "./store.mjs";

const env = (name, otherwise) => process.env[`TRAITSYNC_${name}`] ?? otherwise;

const store = open(env("STORE_PATH"));
const moesifUrl = new URL(env("MOESIF_URL"));
const moesif = {
    pool: new Pool(moesifUrl.origin, { connections: 2 }),
    path: moesifUrl.pathname,
    token: env("MOESIF_TOKEN"),
    pageSize: Number(env("MOESIF_PAGE_SIZE", 500)),
};
const segment = {
    pool: new Pool(env("SEGMENT_URL"), { connections: 4 }),
    authorization: `Basic ${Buffer.from(`${env("SEGMENT_WRITE_KEY")}:`).toString("base64")}`,
    batchSize: Number(env("SEGMENT_BATCH_SIZE", 500)),
};

async function deliver(delivery = new Delivery(store, segment)) {
    delivery.finish();
    await delivery.done;
}

const stages = {
    pull: () => pull(store, moesif, () => {}),
    deliver: () => deliver(),
    async sync() {
        const delivery = new Delivery(store, segment);
        await pull(store, moesif, () => delivery.pump());
        await deliver(delivery);
    },
    async replay() {
        replay(store);
        await deliver();
    },
    ready: () => store.waiting.all(0, 1),
};

let done = 0;
console.log(`${done} started`);
for await (const line of createInterface({ input: process.stdin })) {
    await stages[line]();
    console.log(`${++done} ${line}`);
}
store.db.close();
await Promise.all([moesif.pool.close(), segment.pool.close()]);

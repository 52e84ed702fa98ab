import { Pool } from "undici";

import { Delivery } from "./deliver.mjs";
import { pull, replay } from "./pull.mjs";
import { open } from "./store.mjs";

const env = (name, otherwise) => process.env[`TRAITSYNC_${name}`] ?? otherwise;
const mode = process.argv[2] ?? "";

const store = open(env("STORE_PATH"));
if (mode === "--ready") {
    store.waiting.all(0, 1);
    process.exit(0);
}
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

const delivery = new Delivery(store, segment);
if (mode === "--replay") replay(store);
if (mode === "" || mode === "--pull-only") await pull(store, moesif, mode === "" ? () => delivery.pump() : () => {});
if (mode !== "--pull-only") {
    delivery.finish();
    await delivery.done;
}
store.db.close();
await Promise.all([moesif.pool.close(), segment.pool.close()]);

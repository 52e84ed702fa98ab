// The queue to Segment: batches in order, up to four in flight, never two messages of one user under way.

const maxBytes = 475_000;
const maxMessage = 32_000;
const foot = 64;

const bodyOf = (row) =>
    `{"type":"identify","messageId":"${row.message_id}","userId":${JSON.stringify(row.user_id)},"timestamp":"${row.at}","traits":${row.traits},"context":${row.context}}`;

export class Delivery {
    constructor(store, segment) {
        this.store = store;
        this.segment = segment;
        this.last = 0; // everything up to here is under way or settled
        this.rows = [];
        this.at = 0;
        this.flights = 0;
        this.users = new Set(); // with a message under way
        this.settled = 0;
        this.complete = false; // nothing more will be queued
        this.done = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
        this.acknowledge = store.db.transaction((batch) => this.write(batch));
    }

    finish() {
        this.complete = true;
        this.pump();
    }

    // The next message that may go, or nothing.
    peek() {
        if (this.at === this.rows.length) {
            this.rows = this.store.waiting.all(this.last, 2500);
            this.at = 0;
            for (const row of this.rows) {
                row.body = bodyOf(row);
                row.bytes = Buffer.byteLength(row.body);
            }
        }
        return this.rows[this.at];
    }

    nextBatch() {
        const batch = [];
        let bytes = foot;
        for (let row; batch.length < this.segment.batchSize && (row = this.peek()); ) {
            if (this.users.has(row.no) || bytes + row.bytes + 1 > maxBytes) break;
            this.last = row.seq;
            ++this.at;
            if (row.bytes > maxMessage) {
                this.bury(row, "too large");
                continue;
            }
            this.users.add(row.no);
            bytes += row.bytes + 1;
            batch.push(row);
        }
        return batch;
    }

    pump() {
        while (this.flights < 4) {
            const batch = this.nextBatch();
            if (batch.length === 0) break;
            ++this.flights;
            this.send(batch).then(
                () => {
                    --this.flights;
                    this.pump();
                },
                (failure) => this.reject(failure),
            );
        }
        if (this.complete && this.flights === 0 && !this.peek()) this.resolve(this.settled);
    }

    async send(batch) {
        for (let wait = 1000; ; wait = Math.min(wait * 2, 60_000)) {
            const { status, text } = await this.post(batch);
            if (status >= 200 && status < 300) {
                this.acknowledge(batch);
                return this.settle(batch);
            }
            if (status >= 400 && status < 500 && status !== 429 && status !== 408) return this.halve(batch, text);
            await new Promise((done) => setTimeout(done, wait * Math.random()));
        }
    }

    async post(batch) {
        const body = `{"batch":[${batch.map((row) => row.body).join(",")}],"sentAt":"${new Date().toISOString()}"}`;
        try {
            const answer = await this.segment.pool.request({
                method: "POST",
                path: "/v1/batch",
                headers: { authorization: this.segment.authorization, "content-type": "application/json" },
                body,
            });
            return { status: answer.statusCode, text: await answer.body.text() };
        } catch (failure) {
            return { status: 0, text: String(failure) };
        }
    }

    async halve(batch, answer) {
        if (batch.length === 1) {
            this.bury(batch[0], answer);
            return this.settle(batch);
        }
        const middle = batch.length >> 1;
        await this.send(batch.slice(0, middle));
        await this.send(batch.slice(middle));
    }

    bury(row, answer) {
        this.store.db.transaction(() => {
            this.store.bury.run(row.seq, row.body, answer);
            this.store.remove.run(row.seq);
        })();
    }

    settle(batch) {
        for (const row of batch) this.users.delete(row.no);
        this.settled += batch.length;
    }

    write(batch) {
        for (const row of batch) {
            const before = this.store.acknowledged.get(row.no);
            const after = before ? JSON.stringify(Object.assign(JSON.parse(before), JSON.parse(row.traits))) : row.traits;
            this.store.acknowledge.run(row.no, after);
        }
        const first = batch[0].seq;
        const last = batch[batch.length - 1].seq;
        if (last - first + 1 === batch.length) this.store.removeRange.run(first, last);
        else for (const row of batch) this.store.remove.run(row.seq);
    }
}

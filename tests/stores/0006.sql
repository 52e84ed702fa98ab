CREATE TABLE answers (
    key TEXT NOT NULL,
    route TEXT NOT NULL,
    request TEXT NOT NULL,           -- digest of the body
    created INTEGER NOT NULL,
    status INTEGER NOT NULL,
    location TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (key, route)
) STRICT, WITHOUT ROWID;
CREATE TABLE bodies (no INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE companies (
    no INTEGER PRIMARY KEY,
    company_id TEXT NOT NULL UNIQUE,
    doc_id TEXT UNIQUE,
    raw BLOB NOT NULL,
    content INTEGER NOT NULL,
    modified INTEGER,
    gone_at INTEGER,
    seen_at INTEGER NOT NULL,
    rules INTEGER NOT NULL,
    value_no INTEGER NOT NULL,      -- the newest row of company_values
    source TEXT NOT NULL
) STRICT;
CREATE TABLE company_rediffs (
    company_no INTEGER PRIMARY KEY,
    pass INTEGER NOT NULL,
    after_user_no INTEGER NOT NULL
) STRICT;
CREATE TABLE company_values (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    company_no INTEGER NOT NULL,
    full INTEGER NOT NULL,
    trigger INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY,
    user_no INTEGER NOT NULL,
    raw BLOB NOT NULL,          -- hash of the source bytes and the rules; empty: must be mapped when read
    content INTEGER NOT NULL    -- hash of all but riding values and context
) STRICT, WITHOUT ROWID;
CREATE TABLE forgotten (
    hash BLOB PRIMARY KEY,
    person BLOB NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE ledgers (
    no INTEGER PRIMARY KEY,
    counted_pass INTEGER NOT NULL,  -- the last pass whose brake counted this user
    data BLOB NOT NULL
) STRICT;
CREATE TABLE lookups (
    key TEXT NOT NULL,
    user_no INTEGER NOT NULL,
    PRIMARY KEY (key, user_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE marks (
    message_no INTEGER NOT NULL,
    replay_no INTEGER NOT NULL,      -- 0: an operator's retry
    traits INTEGER NOT NULL,
    PRIMARY KEY (message_no, replay_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE messages (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    user_no INTEGER NOT NULL,
    state INTEGER NOT NULL,          -- diff::message_state
    wait INTEGER NOT NULL,           -- diff::wait_reason bits
    traits INTEGER NOT NULL,         -- frozen
    due INTEGER NOT NULL,
    remaining INTEGER NOT NULL,
    marked INTEGER NOT NULL,         -- 1: has rows in marks
    created INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    first_offered INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    pass INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt INTEGER NOT NULL,
    reason INTEGER NOT NULL,         -- diff::dead_reason
    answer TEXT NOT NULL             -- dead: Segment's answer; offered: the last error
) STRICT;
CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE migrations (version INTEGER PRIMARY KEY, checksum TEXT NOT NULL) STRICT;
CREATE TABLE missing (
    kind INTEGER NOT NULL,
    doc_id TEXT NOT NULL,
    pass INTEGER NOT NULL,
    PRIMARY KEY (kind, doc_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE passes (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,              -- full, incremental, rediff
    stage TEXT NOT NULL,             -- companies, users, done
    first_sync INTEGER NOT NULL,     -- 1: the first full pass of an empty store
    search_after TEXT NOT NULL,      -- raw JSON array, or the last number of a rediff; empty: from the start
    last_key TEXT NOT NULL,          -- full pass: the largest `_id` read in this stage
    ordered INTEGER NOT NULL,        -- 0: `_id`s did not come in byte order, so absence proves nothing
    fallback_key INTEGER NOT NULL,
    since_companies INTEGER,         -- incremental: modified_time from, milliseconds
    since_users INTEGER,
    newest_companies INTEGER,        -- the largest modified_time read
    newest_users INTEGER,
    started INTEGER NOT NULL,
    ended INTEGER,
    pages INTEGER NOT NULL DEFAULT 0,
    read INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    queued INTEGER NOT NULL DEFAULT 0,
    quarantined INTEGER NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0,
    counted INTEGER NOT NULL DEFAULT 0,   -- users with a message that the brake counts
    nulls TEXT NOT NULL DEFAULT '[]',     -- per trait: users for whom it was set to null
    gated INTEGER NOT NULL DEFAULT 0,     -- messages that wait for the brake's decision
    brake INTEGER NOT NULL DEFAULT 0,     -- 1: closed
    error TEXT NOT NULL DEFAULT ''
, forgotten INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE previews (
    token TEXT PRIMARY KEY,
    created INTEGER NOT NULL,
    selector TEXT NOT NULL,
    profiles INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE quarantine (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    kind INTEGER NOT NULL,           -- 0 companies, 1 users
    doc_id TEXT NOT NULL,            -- without an id: the hash of its text
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    raw TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    pass INTEGER NOT NULL,
    UNIQUE (kind, doc_id)
) STRICT;
CREATE TABLE replays (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    state INTEGER NOT NULL,          -- 0 running, 1 done, 2 cancelled, 3 failed
    selector TEXT NOT NULL,          -- JSON, as it was asked for
    traits INTEGER NOT NULL,
    created INTEGER NOT NULL,
    ended INTEGER,
    after_user_no INTEGER NOT NULL,  -- users up to here are marked
    profiles INTEGER NOT NULL,
    messages INTEGER NOT NULL,       -- as previewed; once ended, as made
    bytes INTEGER NOT NULL,
    done INTEGER NOT NULL,           -- messages acknowledged, dead or discarded
    error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE rules (no INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE sources (no INTEGER PRIMARY KEY, rules INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
CREATE TABLE totals (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE user_sets (
    owner TEXT NOT NULL,             -- replay:<no> or preview:<token>
    chunk INTEGER NOT NULL,
    bits BLOB NOT NULL,
    PRIMARY KEY (owner, chunk)
) STRICT, WITHOUT ROWID;
CREATE TABLE users (
    no INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE,
    doc_id TEXT,                -- Moesif's `_id` while the profile exists there
    company_id TEXT,
    modified INTEGER,           -- milliseconds, as Moesif states it
    embedded_modified INTEGER,  -- of the company embedded in the user, 0 when it has none of its own; null: no such company
    gone_at INTEGER,
    seen_at INTEGER NOT NULL    -- when the stored source was read
) STRICT;
CREATE INDEX answers_created ON answers (created);
CREATE INDEX company_values_company ON company_values (company_no);
CREATE INDEX forgotten_person ON forgotten (person);
CREATE INDEX marks_replay ON marks (replay_no) WHERE replay_no > 0;
CREATE INDEX messages_closed ON messages (settled) WHERE (state = 2 OR state > 4);
CREATE INDEX messages_dead ON messages (no) WHERE state = 3;
CREATE INDEX messages_held ON messages (no) WHERE state = 4;
CREATE UNIQUE INDEX messages_id ON messages (id);
CREATE INDEX messages_of_user ON messages (user_no) WHERE (state = 2 OR state > 4);
CREATE INDEX messages_offered ON messages (no) WHERE state = 1;
CREATE INDEX messages_open ON messages (user_no) WHERE state <> 2 AND state < 5;
CREATE INDEX messages_rare ON messages (no) WHERE state > 4;
CREATE INDEX messages_ready ON messages (no) WHERE state = 0 AND wait = 0;
CREATE INDEX messages_waiting ON messages (no) WHERE state = 0 AND wait <> 0;
CREATE INDEX passes_open ON passes (no) WHERE ended IS NULL;
CREATE INDEX replays_running ON replays (no) WHERE state = 0;
CREATE INDEX users_company ON users (company_id, no) WHERE company_id IS NOT NULL;
CREATE INDEX users_gone ON users (gone_at) WHERE gone_at IS NOT NULL;
INSERT INTO bodies ("no", "body") VALUES (1,'{"type":"identify","messageId":"01a22133-7384-7211-93c5-1851e5e0ef16","userId":"user00000","timestamp":"2026-11-28T08:09:09.764Z","traits":{"id":"user00000","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u0@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (2,'{"type":"identify","messageId":"01a22133-7384-71c2-a7ca-6b038061dcc0","userId":"user00001","timestamp":"2026-11-28T08:09:09.764Z","traits":{"id":"user00001","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u1@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (3,'{"type":"identify","messageId":"01a22133-7384-7046-9388-ccee35f65777","userId":"user00002","timestamp":"2026-11-28T08:09:09.764Z","traits":{"id":"user00002","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u2@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (4,'{"type":"identify","messageId":"01a22133-7384-742f-8f5a-4b4f3630dc7a","userId":"user00003","timestamp":"2026-11-28T08:09:09.764Z","traits":{"id":"user00003","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u3@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (5,'{"type":"identify","messageId":"01a22133-7384-7121-8887-921a6c68439d","userId":"user00004","timestamp":"2026-11-28T08:09:09.764Z","traits":{"id":"user00004","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u4@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (6,'{"type":"identify","messageId":"01a22133-7384-704f-97cb-822aae8f701d","userId":"user00005","timestamp":"2026-11-28T08:09:09.764Z","traits":{"id":"user00005","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u5@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (7,'{"type":"identify","messageId":"01a22133-7384-750f-989b-feff3f9a3f7f","userId":"user00006","timestamp":"2026-11-28T08:09:09.764Z","traits":{"id":"user00006","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u6@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (8,'{"type":"identify","messageId":"01a22133-7384-72eb-8617-1e698f078f57","userId":"user00007","timestamp":"2026-11-28T08:09:09.764Z","traits":{"id":"user00007","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u7@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (9,'{"type":"identify","messageId":"01a22133-7384-72f8-9991-cd890defc1a6","userId":"user00008","timestamp":"2026-11-28T08:09:09.764Z","traits":{"id":"user00008","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u8@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (10,'{"type":"identify","messageId":"01a22133-7384-73a2-8611-e0b1f229ae3e","userId":"user00009","timestamp":"2026-11-28T08:09:09.764Z","traits":{"id":"user00009","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u9@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (11,'{"type":"identify","messageId":"01a22133-7384-76d2-9480-f81e2d0f5971","userId":"user00010","timestamp":"2026-11-28T08:09:09.764Z","traits":{"id":"user00010","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u10@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (12,'{"type":"identify","messageId":"01a22133-7384-7008-a31a-ee8d8d4c529a","userId":"user00011","timestamp":"2026-11-28T08:09:09.764Z","traits":{"id":"user00011","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u11@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (13,'{"type":"identify","messageId":"01a22133-7771-76cb-b361-bd1b14673c68","userId":"user00001","timestamp":"2026-11-28T08:09:10.769Z","traits":{"metadata":{"plan":"second"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (20,'{"type":"identify","messageId":"01a22133-7c38-77ea-8258-f5e1cc31b234","userId":"user00009","timestamp":"2026-11-28T08:09:11.992Z","traits":{"metadata":{"plan":"third"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO companies ("no", "company_id", "doc_id", "raw", "content", "modified", "gone_at", "seen_at", "rules", "value_no", "source") VALUES (1,'acme','acme',X'1BFA13C5BD000B38D2878E27ED192F3E',7820306689809222860,NULL,NULL,1795853349759,1,1,'{"company_id":"acme","name":"Acme","metadata":{"tier":1}}');
INSERT INTO company_values ("no", "company_no", "full", "trigger", "stored_at", "text") VALUES (1,1,-7092005335589118411,-7092005335589118411,1795853349759,'{"id":"acme","metadata":{"tier":1}}');
INSERT INTO documents ("doc_id", "user_no", "raw", "content") VALUES ('user00000',1,X'2842646397B917191F87E1C2674DF1D7',-5715706590763635074);
INSERT INTO documents ("doc_id", "user_no", "raw", "content") VALUES ('user00001',2,X'F84DF88EAAD5D890168E99E7687E5147',1767747147325163612);
INSERT INTO documents ("doc_id", "user_no", "raw", "content") VALUES ('user00002',3,X'B299D63FEC2C788901AAA9EA55ADFF4B',5827835886455525338);
INSERT INTO documents ("doc_id", "user_no", "raw", "content") VALUES ('user00003',4,X'5CC8AC2B631D8218CB1C8F03A319CB22',-6814467046199887485);
INSERT INTO documents ("doc_id", "user_no", "raw", "content") VALUES ('user00004',5,X'8530869638DBA90CEF39D708BCDB1D46',8123520213185499300);
INSERT INTO documents ("doc_id", "user_no", "raw", "content") VALUES ('user00005',6,X'1C82D00C7B5339059CF46AF9B32ECCE7',157768357543802111);
INSERT INTO documents ("doc_id", "user_no", "raw", "content") VALUES ('user00006',7,X'3E6012568F82ADA3DD40765A84BBAA52',1454600222423692131);
INSERT INTO documents ("doc_id", "user_no", "raw", "content") VALUES ('user00007',8,X'1F9B4796A5AF2EEA788F14551A733B61',6325032724304447282);
INSERT INTO documents ("doc_id", "user_no", "raw", "content") VALUES ('user00008',9,X'AB8E22C8A823BEDB823B5AF656EC2DAA',7525938051951014939);
INSERT INTO documents ("doc_id", "user_no", "raw", "content") VALUES ('user00009',10,X'3321A6471C62316019C81596303C88B1',2454791466506575201);
INSERT INTO documents ("doc_id", "user_no", "raw", "content") VALUES ('user00010',11,X'6804B10FB2DF95B65E29D531AD3426B8',-642595789052825471);
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (1,0,X'010101A221337384721193C51851E5E0EF1684E7CD89A2340201A221337384721193C51851E5E0EF1686E7CD89A23401A221337384721193C51851E5E0EF1689E7CD89A2345111EA010001FDE4746282098396EA010001A6B32564640B9D43EA010001FA7B71BDF96C8E7EEA010001351E09EBB822949DEA010001ABC2FDF4737DFF80');
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (2,2,X'010101A22133777176CBB361BD1B14673C68F1EECD89A2340301A22133738471C2A7CA6B038061DCC086E7CD89A23401A22133738471C2A7CA6B038061DCC089E7CD89A23401A22133777176CBB361BD1B14673C68F2EECD89A2345111EA01000100305C2B443FBE3DEA010001A6B32564640B9D43EA0100015A6510D486088C49EA010001351E09EBB822949D6A20020158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D');
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (3,3,X'010101A221337C27723482E2CFF0BF40776DA7F8CD89A2340201A22133738470469388CCEE35F6577786E7CD89A23401A22133738470469388CCEE35F6577789E7CD89A2345111EA010001EB8EBE9DA12B14A2EA010001A6B32564640B9D43EA01000141CF7083CD60B491EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D');
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (4,3,X'010101A221337C27701CB39ED92DAD8C9C83A7F8CD89A2340201A221337384742F8F5A4B4F3630DC7A86E7CD89A23401A221337384742F8F5A4B4F3630DC7A89E7CD89A2345111EA0100018FF2FB0A4A4D7058EA010001A6B32564640B9D43EA0100016A39E4F94EF0F9B8EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D');
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (5,3,X'010101A221337C2771E788CE96C0A0F05183A7F8CD89A2340201A22133738471218887921A6C68439D86E7CD89A23401A22133738471218887921A6C68439D89E7CD89A2345111EA01000177174DE9FFF3AA4EEA010001A6B32564640B9D43EA0100012757F907BB9DB373EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D');
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (6,3,X'010101A221337C27733B9A0A6A84DDFA8B70A7F8CD89A2340201A221337384704F97CB822AAE8F701D86E7CD89A23401A221337384704F97CB822AAE8F701D89E7CD89A2345111EA010001759C81C0B868B273EA010001A6B32564640B9D43EA010001BE4386B38AB772A6EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D');
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (7,3,X'010101A221337C277442858F67DA05319121A7F8CD89A2340201A221337384750F989BFEFF3F9A3F7F86E7CD89A23401A221337384750F989BFEFF3F9A3F7F89E7CD89A2345111EA010001D21210EF760A6A7CEA010001A6B32564640B9D43EA010001588BCA37F47BAA76EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D');
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (8,3,X'010101A221337C277679983B9152163C1D52A7F8CD89A2340201A22133738472EB86171E698F078F5786E7CD89A23401A22133738472EB86171E698F078F5789E7CD89A2345111EA010001FC63DEB5B0E243C8EA010001A6B32564640B9D43EA0100018C27233F48C938CBEA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D');
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (9,5,X'010101A221337C4475F79AD9FCDC9C829C3CC4F8CD89A2340201A22133738472F89991CD890DEFC1A686E7CD89A23401A22133738472F89991CD890DEFC1A689E7CD89A2345111EA01000155C24563512ACDF8EA010001A6B32564640B9D43EA0100015BD8D9C52FA1179DEA010001351E09EBB822949DAA1000010C3C270B5A177321ABC2FDF4737DFF80107B22706C616E223A226669727374227D');
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (10,5,X'010101A221337C447762A26AF12BD2DEC00BC4F8CD89A2340301A22133738473A28611E0B1F229AE3E86E7CD89A23401A22133738473A28611E0B1F229AE3E89E7CD89A23401A221337C3877EA8258F5E1CC31B234B9F8CD89A2345111EA01000122CB3FA1E2C2555CEA010001A6B32564640B9D43EA010001239172033F66A043EA010001351E09EBB822949D2A300201B5E88CC92DF2AEB30C3C270B5A177321ABC2FDF4737DFF80107B22706C616E223A227468697264227D107B22706C616E223A226669727374227D');
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (11,0,X'010101A22133738476D29480F81E2D0F597184E7CD89A2340201A22133738476D29480F81E2D0F597186E7CD89A23401A22133738476D29480F81E2D0F597189E7CD89A2345111EA010001EF3AEE0CE61D8C18EA010001A6B32564640B9D43EA010001611D2D361D479835EA010001351E09EBB822949DEA010001ABC2FDF4737DFF80');
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (12,0,X'010101A2213373847008A31AEE8D8D4C529A84E7CD89A2340201A2213373847008A31AEE8D8D4C529A86E7CD89A23401A2213373847008A31AEE8D8D4C529A89E7CD89A2345111EA01000117F3DB9B9CF00FA0EA010001A6B32564640B9D43EA010001387A7F74805ADD55EA010001351E09EBB822949DEA010001ABC2FDF4737DFF80');
INSERT INTO lookups ("key", "user_no") VALUES ('u0@example.com',1);
INSERT INTO lookups ("key", "user_no") VALUES ('u10@example.com',11);
INSERT INTO lookups ("key", "user_no") VALUES ('u11@example.com',12);
INSERT INTO lookups ("key", "user_no") VALUES ('u1@example.com',2);
INSERT INTO lookups ("key", "user_no") VALUES ('u2@example.com',3);
INSERT INTO lookups ("key", "user_no") VALUES ('u3@example.com',4);
INSERT INTO lookups ("key", "user_no") VALUES ('u4@example.com',5);
INSERT INTO lookups ("key", "user_no") VALUES ('u5@example.com',6);
INSERT INTO lookups ("key", "user_no") VALUES ('u6@example.com',7);
INSERT INTO lookups ("key", "user_no") VALUES ('u7@example.com',8);
INSERT INTO lookups ("key", "user_no") VALUES ('u8@example.com',9);
INSERT INTO lookups ("key", "user_no") VALUES ('u9@example.com',10);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (1,X'01A221337384721193C51851E5E0EF16',1,2,0,4433,0,0,0,1795853349764,1795853349764,1795853349766,1795853349769,1,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (2,X'01A22133738471C2A7CA6B038061DCC0',2,2,0,4433,0,0,0,1795853349764,1795853349764,1795853349766,1795853349769,1,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (3,X'01A22133738470469388CCEE35F65777',3,2,0,4433,0,0,0,1795853349764,1795853349764,1795853349766,1795853349769,1,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (4,X'01A221337384742F8F5A4B4F3630DC7A',4,2,0,4433,0,0,0,1795853349764,1795853349764,1795853349766,1795853349769,1,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (5,X'01A22133738471218887921A6C68439D',5,2,0,4433,0,0,0,1795853349764,1795853349764,1795853349766,1795853349769,1,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (6,X'01A221337384704F97CB822AAE8F701D',6,2,0,4433,0,0,0,1795853349764,1795853349764,1795853349766,1795853349769,1,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (7,X'01A221337384750F989BFEFF3F9A3F7F',7,2,0,4433,0,0,0,1795853349764,1795853349764,1795853349766,1795853349769,1,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (8,X'01A22133738472EB86171E698F078F57',8,2,0,4433,0,0,0,1795853349764,1795853349764,1795853349766,1795853349769,1,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (9,X'01A22133738472F89991CD890DEFC1A6',9,2,0,4433,0,0,0,1795853349764,1795853349764,1795853349766,1795853349769,1,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (10,X'01A22133738473A28611E0B1F229AE3E',10,2,0,4433,0,0,0,1795853349764,1795853349764,1795853349766,1795853349769,1,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (11,X'01A22133738476D29480F81E2D0F5971',11,2,0,4433,0,0,0,1795853349764,1795853349764,1795853349766,1795853349769,1,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (12,X'01A2213373847008A31AEE8D8D4C529A',12,2,0,4433,0,0,0,1795853349764,1795853349764,1795853349766,1795853349769,1,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (13,X'01A22133777176CBB361BD1B14673C68',2,3,0,4096,0,4096,0,1795853350769,1795853350769,1795853350770,1795853350772,2,1,0,1,'400 {"code":"bad_request","message":"refused"}');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (14,X'01A221337C27723482E2CFF0BF40776D',3,4,0,0,0,0,0,1795853351975,1795853351975,0,0,3,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (15,X'01A221337C27701CB39ED92DAD8C9C83',4,4,0,0,0,0,0,1795853351975,1795853351975,0,0,3,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (16,X'01A221337C2771E788CE96C0A0F05183',5,4,0,0,0,0,0,1795853351975,1795853351975,0,0,3,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (17,X'01A221337C27733B9A0A6A84DDFA8B70',6,4,0,0,0,0,0,1795853351975,1795853351975,0,0,3,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (18,X'01A221337C277442858F67DA05319121',7,4,0,0,0,0,0,1795853351975,1795853351975,0,0,3,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (19,X'01A221337C277679983B9152163C1D52',8,4,0,0,0,0,0,1795853351975,1795853351975,0,0,3,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (20,X'01A221337C3877EA8258F5E1CC31B234',10,1,0,4096,0,0,0,1795853351992,1795853351992,1795853351993,0,4,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (21,X'01A221337C4475F79AD9FCDC9C829C3C',9,0,0,0,0,0,0,1795853352004,1795853352004,0,0,5,0,0,0,'');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer") VALUES (22,X'01A221337C447762A26AF12BD2DEC00B',10,0,4,0,0,0,0,1795853352004,1795853352004,0,0,5,0,0,0,'');
INSERT INTO meta ("key", "value") VALUES ('body_bytes',4993);
INSERT INTO meta ("key", "value") VALUES ('destination','15ecca6e22e3b5611a7c489d9ece2c9eb21ca4795456aa1347460a8586a29adb');
INSERT INTO meta ("key", "value") VALUES ('first_sync_done',1);
INSERT INTO meta ("key", "value") VALUES ('open',1);
INSERT INTO meta ("key", "value") VALUES ('read_up_to',1795853351999);
INSERT INTO meta ("key", "value") VALUES ('rules','{"mapping":1,"policies":{"company.ipAddress":"ride","company.lastSeenTime":"ride","company.modifiedTime":"ride","last24HourAggResults":"ride","lastSeenTime":"ride","modifiedTime":"ride","userAgent":"ride"}}');
INSERT INTO meta ("key", "value") VALUES ('salt','6dc7e11d01262c64d64191a992f877b3');
INSERT INTO migrations ("version", "checksum") VALUES (1,'8be2b8091cc057014751dca60bc77c9be3f59909df56db379bb733a55962f942');
INSERT INTO migrations ("version", "checksum") VALUES (2,'c8f622ff120f0816943448534899f2f9464321615d15c10966044d03b1e4897d');
INSERT INTO migrations ("version", "checksum") VALUES (3,'04f2155df0898d0c8b07ce88e09a7a3113c8586c06284a706f2e62682f934daf');
INSERT INTO migrations ("version", "checksum") VALUES (4,'7f55160c1cf0111d2242b83d36af215c9d140a98159dfc4853b724d45d0c2f03');
INSERT INTO migrations ("version", "checksum") VALUES (5,'d7cf4b78c7cd520fa41ce6229608e606c2710d7d199e0190c2ac5480a57a46e7');
INSERT INTO migrations ("version", "checksum") VALUES (6,'d4458606b333032647423b3ea8cf1aec349428d2b77c3b82751b7d1f67b480cd');
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (1,'full','done',1,'["user00011"]','user00011',1,0,NULL,NULL,NULL,NULL,1795853349756,1795853349768,2,14,13,12,1,0,0,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',0,0,'',0);
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (2,'full','done',0,'["user00010"]','user00010',1,0,NULL,NULL,NULL,NULL,1795853350764,1795853350772,2,13,1,1,0,0,1,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',0,0,'',0);
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (3,'full','done',0,'["user00010"]','user00010',1,0,NULL,NULL,NULL,NULL,1795853351970,1795853351980,2,13,6,6,0,0,6,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',1,1,'',0);
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (4,'full','done',0,'["user00010"]','user00010',1,0,NULL,NULL,NULL,NULL,1795853351988,1795853351995,2,13,1,1,0,0,1,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',0,0,'',0);
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (5,'full','done',0,'["user00010"]','user00010',1,0,NULL,NULL,NULL,NULL,1795853351999,1795853352009,2,13,2,2,0,0,2,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',1,0,'',0);
INSERT INTO quarantine ("no", "kind", "doc_id", "reason", "detail", "raw", "first_seen", "last_seen", "pass") VALUES (1,1,'bad','source_not_object','the document is no object','{"_id":"bad","_source":["no object"],"sort":["bad"]}',1795853349764,1795853352004,5);
INSERT INTO rules ("no", "text") VALUES (1,'{"mapping":1,"policies":{"company.ipAddress":"ride","company.lastSeenTime":"ride","company.modifiedTime":"ride","last24HourAggResults":"ride","lastSeenTime":"ride","modifiedTime":"ride","userAgent":"ride"}}');
INSERT INTO sources ("no", "rules", "data") VALUES (1,1,X'0151110B22757365723030303030221A22323032362D30342D30315430303A30303A30302E3030305A2210227530406578616D706C652E636F6D22020231107B22706C616E223A226669727374227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D');
INSERT INTO sources ("no", "rules", "data") VALUES (2,1,X'0151110B22757365723030303031221A22323032362D30342D30315430303A30303A30302E3030305A2210227531406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D');
INSERT INTO sources ("no", "rules", "data") VALUES (3,1,X'0151110B22757365723030303032221A22323032362D30342D30315430303A30303A30302E3030305A2210227532406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D');
INSERT INTO sources ("no", "rules", "data") VALUES (4,1,X'0151110B22757365723030303033221A22323032362D30342D30315430303A30303A30302E3030305A2210227533406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D');
INSERT INTO sources ("no", "rules", "data") VALUES (5,1,X'0151110B22757365723030303034221A22323032362D30342D30315430303A30303A30302E3030305A2210227534406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D');
INSERT INTO sources ("no", "rules", "data") VALUES (6,1,X'0151110B22757365723030303035221A22323032362D30342D30315430303A30303A30302E3030305A2210227535406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D');
INSERT INTO sources ("no", "rules", "data") VALUES (7,1,X'0151110B22757365723030303036221A22323032362D30342D30315430303A30303A30302E3030305A2210227536406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D');
INSERT INTO sources ("no", "rules", "data") VALUES (8,1,X'0151110B22757365723030303037221A22323032362D30342D30315430303A30303A30302E3030305A2210227537406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D');
INSERT INTO sources ("no", "rules", "data") VALUES (9,1,X'0151110B22757365723030303038221A22323032362D30342D30315430303A30303A30302E3030305A2210227538406578616D706C652E636F6D22020231107B22706C616E223A227468697264227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D');
INSERT INTO sources ("no", "rules", "data") VALUES (10,1,X'0151110B22757365723030303039221A22323032362D30342D30315430303A30303A30302E3030305A2210227539406578616D706C652E636F6D22020231117B22706C616E223A22666F75727468227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D');
INSERT INTO sources ("no", "rules", "data") VALUES (11,1,X'0151110B22757365723030303130221A22323032362D30342D30315430303A30303A30302E3030305A221122753130406578616D706C652E636F6D22020231107B22706C616E223A226669727374227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D');
INSERT INTO sources ("no", "rules", "data") VALUES (12,1,X'0151110B22757365723030303131221A22323032362D30342D30315430303A30303A30302E3030305A221122753131406578616D706C652E636F6D22020231107B22706C616E223A226669727374227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D');
INSERT INTO totals ("name", "value") VALUES ('acknowledged',12);
INSERT INTO totals ("name", "value") VALUES ('dead_refused',1);
INSERT INTO totals ("name", "value") VALUES ('full_passes_done',5);
INSERT INTO totals ("name", "value") VALUES ('pages_read',10);
INSERT INTO totals ("name", "value") VALUES ('profiles_read',66);
INSERT INTO totals ("name", "value") VALUES ('traits_compared',859);
INSERT INTO totals ("name", "value") VALUES ('traits_sent',60);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (1,'user00000','user00000','acme',NULL,NULL,NULL,1795853349764);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (2,'user00001','user00001','acme',NULL,NULL,NULL,1795853350769);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (3,'user00002','user00002','acme',NULL,NULL,NULL,1795853351975);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (4,'user00003','user00003','acme',NULL,NULL,NULL,1795853351975);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (5,'user00004','user00004','acme',NULL,NULL,NULL,1795853351975);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (6,'user00005','user00005','acme',NULL,NULL,NULL,1795853351975);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (7,'user00006','user00006','acme',NULL,NULL,NULL,1795853351975);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (8,'user00007','user00007','acme',NULL,NULL,NULL,1795853351975);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (9,'user00008','user00008','acme',NULL,NULL,NULL,1795853352004);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (10,'user00009','user00009','acme',NULL,NULL,NULL,1795853352004);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (11,'user00010','user00010','acme',NULL,NULL,NULL,1795853349764);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (12,'user00011',NULL,'acme',NULL,NULL,1795853350774,1795853349764);
PRAGMA application_id = 1414748494;
PRAGMA user_version = 6;

CREATE VIEW messages_aside AS SELECT * FROM messages WHERE state > 2 OR (state = 0 AND wait <> 0);
CREATE VIEW messages_offered AS SELECT m.*, r.first_no AS run FROM offered_runs r CROSS JOIN messages m
    ON m.no BETWEEN r.first_no AND r.last_no WHERE +m.state = 1;
CREATE TABLE activity (
    minute INTEGER PRIMARY KEY,      -- since 1970, UTC
    profiles_read INTEGER NOT NULL,  -- this and the next three: as in totals
    messages_sent INTEGER NOT NULL,
    traits_compared INTEGER NOT NULL,
    traits_sent INTEGER NOT NULL,
    queued INTEGER NOT NULL          -- messages that waited or were on their way
) STRICT;
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
CREATE TABLE company_members (
    company_id TEXT NOT NULL,
    user_no INTEGER NOT NULL,
    PRIMARY KEY (company_id, user_no)
) STRICT, WITHOUT ROWID;
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
, horizon INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE lookups (
    key TEXT NOT NULL,
    user_no INTEGER NOT NULL,
    PRIMARY KEY (key, user_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE lookups_new (
    user_no INTEGER PRIMARY KEY,
    name TEXT NOT NULL,              -- folded; empty: none
    email TEXT NOT NULL
) STRICT;
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
, closed INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE migrations (version INTEGER PRIMARY KEY, checksum TEXT NOT NULL) STRICT;
CREATE TABLE missing (
    kind INTEGER NOT NULL,
    doc_id TEXT NOT NULL,
    pass INTEGER NOT NULL,
    PRIMARY KEY (kind, doc_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE offered_runs (first_no INTEGER PRIMARY KEY, last_no INTEGER NOT NULL) STRICT;
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
CREATE TABLE sources (no INTEGER PRIMARY KEY, rules INTEGER NOT NULL, data BLOB NOT NULL, modified INTEGER, embedded_modified INTEGER, seen_at INTEGER) STRICT;
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
CREATE INDEX messages_by_state ON messages (state, no) WHERE state > 2 OR (state = 0 AND wait <> 0);
CREATE UNIQUE INDEX messages_id ON messages (id);
CREATE INDEX messages_ready ON messages (no) WHERE state = 0 AND wait = 0;
CREATE INDEX messages_settled ON messages (settled) WHERE settled <> 0;
CREATE INDEX messages_user ON messages (user_no);
CREATE INDEX passes_open ON passes (no) WHERE ended IS NULL;
CREATE INDEX replays_running ON replays (no) WHERE state = 0;
CREATE INDEX users_gone ON users (gone_at) WHERE gone_at IS NOT NULL;
INSERT INTO activity ("minute", "profiles_read", "messages_sent", "traits_compared", "traits_sent", "queued") VALUES (29931837,0,0,0,0,0);
INSERT INTO bodies ("no", "body") VALUES (1,'{"type":"identify","messageId":"01a22498-db89-739e-97f4-17599d709c62","userId":"user00000","timestamp":"2026-11-28T23:58:47.177Z","traits":{"id":"user00000","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u0@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (2,'{"type":"identify","messageId":"01a22498-db89-7574-a74f-6c7a1ef59bae","userId":"user00001","timestamp":"2026-11-28T23:58:47.177Z","traits":{"id":"user00001","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u1@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (3,'{"type":"identify","messageId":"01a22498-db89-73ae-8540-4166d1d16a69","userId":"user00002","timestamp":"2026-11-28T23:58:47.177Z","traits":{"id":"user00002","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u2@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (4,'{"type":"identify","messageId":"01a22498-db89-76ab-a4db-25ce7bdedee6","userId":"user00003","timestamp":"2026-11-28T23:58:47.177Z","traits":{"id":"user00003","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u3@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (5,'{"type":"identify","messageId":"01a22498-db89-778c-80c4-e841ceebac37","userId":"user00004","timestamp":"2026-11-28T23:58:47.177Z","traits":{"id":"user00004","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u4@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (6,'{"type":"identify","messageId":"01a22498-db89-749b-9c76-59af5de0e12c","userId":"user00005","timestamp":"2026-11-28T23:58:47.177Z","traits":{"id":"user00005","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u5@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (7,'{"type":"identify","messageId":"01a22498-db89-73e0-96f3-b043ae4370d6","userId":"user00006","timestamp":"2026-11-28T23:58:47.177Z","traits":{"id":"user00006","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u6@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (8,'{"type":"identify","messageId":"01a22498-db89-77ca-8481-4c27b16669d5","userId":"user00007","timestamp":"2026-11-28T23:58:47.177Z","traits":{"id":"user00007","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u7@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (9,'{"type":"identify","messageId":"01a22498-db89-73d3-a2bc-aabbfd58fdf4","userId":"user00008","timestamp":"2026-11-28T23:58:47.177Z","traits":{"id":"user00008","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u8@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (10,'{"type":"identify","messageId":"01a22498-db89-71d6-9552-a4c943955a69","userId":"user00009","timestamp":"2026-11-28T23:58:47.177Z","traits":{"id":"user00009","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u9@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (11,'{"type":"identify","messageId":"01a22498-db89-7050-88d3-7eca2c85a291","userId":"user00010","timestamp":"2026-11-28T23:58:47.177Z","traits":{"id":"user00010","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u10@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (12,'{"type":"identify","messageId":"01a22498-db89-76a3-9ec4-17e3975b6d28","userId":"user00011","timestamp":"2026-11-28T23:58:47.177Z","traits":{"id":"user00011","lastSeenTime":"2026-04-01T00:00:00.000Z","email":"u11@example.com","company":{"id":"acme","metadata":{"tier":1}},"metadata":{"plan":"first"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (13,'{"type":"identify","messageId":"01a22498-db94-73fd-bb52-ba12102ccc39","userId":"user00001","timestamp":"2026-11-28T23:58:47.188Z","traits":{"metadata":{"plan":"second"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO bodies ("no", "body") VALUES (20,'{"type":"identify","messageId":"01a22498-dbb9-7751-bbd3-e49a3be523b3","userId":"user00009","timestamp":"2026-11-28T23:58:47.225Z","traits":{"metadata":{"plan":"third"}},"context":{"active":false,"library":{"name":"traitsync","version":"0.1.0"}}}');
INSERT INTO companies ("no", "company_id", "doc_id", "raw", "content", "modified", "gone_at", "seen_at", "rules", "value_no", "source") VALUES (1,'acme','acme',X'1BFA13C5BD000B38D2878E27ED192F3E',7820306689809222860,NULL,NULL,1795910327176,1,1,'{"company_id":"acme","name":"Acme","metadata":{"tier":1}}');
INSERT INTO company_members ("company_id", "user_no") VALUES ('acme',1);
INSERT INTO company_members ("company_id", "user_no") VALUES ('acme',2);
INSERT INTO company_members ("company_id", "user_no") VALUES ('acme',3);
INSERT INTO company_members ("company_id", "user_no") VALUES ('acme',4);
INSERT INTO company_members ("company_id", "user_no") VALUES ('acme',5);
INSERT INTO company_members ("company_id", "user_no") VALUES ('acme',6);
INSERT INTO company_members ("company_id", "user_no") VALUES ('acme',7);
INSERT INTO company_members ("company_id", "user_no") VALUES ('acme',8);
INSERT INTO company_members ("company_id", "user_no") VALUES ('acme',9);
INSERT INTO company_members ("company_id", "user_no") VALUES ('acme',10);
INSERT INTO company_members ("company_id", "user_no") VALUES ('acme',11);
INSERT INTO company_members ("company_id", "user_no") VALUES ('acme',12);
INSERT INTO company_values ("no", "company_no", "full", "trigger", "stored_at", "text") VALUES (1,1,-7092005335589118411,-7092005335589118411,1795910327176,'{"id":"acme","metadata":{"tier":1}}');
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
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (1,0,X'040101A22498DB89739E97F417599D709C6289B7E3A4A2340051118200FFFFFDE47462820983968200FFFFA6B32564640B9D438200FFFFFA7B71BDF96C8E7E8200FFFF351E09EBB822949D8200FFFFABC2FDF4737DFF80',1);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (2,2,X'040101A22498DB9473FDBB52BA12102CCC3994B7E3A4A2340301A22498DB897574A74F6C7A1EF59BAE8BB7E3A4A23401A22498DB897574A74F6C7A1EF59BAE8CB7E3A4A23401A22498DB9473FDBB52BA12102CCC3994B7E3A4A2345111EA01000100305C2B443FBE3DEA010001A6B32564640B9D43EA0100015A6510D486088C49EA010001351E09EBB822949D6A20020158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D',13);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (3,3,X'040101A22498DBB274AD97763EE943E7A69DB2B7E3A4A2340201A22498DB8973AE85404166D1D16A698BB7E3A4A23401A22498DB8973AE85404166D1D16A698CB7E3A4A2345111EA010001EB8EBE9DA12B14A2EA010001A6B32564640B9D43EA01000141CF7083CD60B491EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D',14);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (4,3,X'040101A22498DBB27496902467B2019EDF74B2B7E3A4A2340201A22498DB8976ABA4DB25CE7BDEDEE68BB7E3A4A23401A22498DB8976ABA4DB25CE7BDEDEE68CB7E3A4A2345111EA0100018FF2FB0A4A4D7058EA010001A6B32564640B9D43EA0100016A39E4F94EF0F9B8EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D',15);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (5,3,X'040101A22498DBB2724E897374F7E11FCD1AB2B7E3A4A2340201A22498DB89778C80C4E841CEEBAC378BB7E3A4A23401A22498DB89778C80C4E841CEEBAC378CB7E3A4A2345111EA01000177174DE9FFF3AA4EEA010001A6B32564640B9D43EA0100012757F907BB9DB373EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D',16);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (6,3,X'040101A22498DBB274C8BFF3C8AB7DB5A559B2B7E3A4A2340201A22498DB89749B9C7659AF5DE0E12C8BB7E3A4A23401A22498DB89749B9C7659AF5DE0E12C8CB7E3A4A2345111EA010001759C81C0B868B273EA010001A6B32564640B9D43EA010001BE4386B38AB772A6EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D',17);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (7,3,X'040101A22498DBB277D98A6DE82364061862B2B7E3A4A2340201A22498DB8973E096F3B043AE4370D68BB7E3A4A23401A22498DB8973E096F3B043AE4370D68CB7E3A4A2345111EA010001D21210EF760A6A7CEA010001A6B32564640B9D43EA010001588BCA37F47BAA76EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D',18);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (8,3,X'040101A22498DBB2749CA3B57C020B6603F6B2B7E3A4A2340201A22498DB8977CA84814C27B16669D58BB7E3A4A23401A22498DB8977CA84814C27B16669D58CB7E3A4A2345111EA010001FC63DEB5B0E243C8EA010001A6B32564640B9D43EA0100018C27233F48C938CBEA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D',19);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (9,5,X'040101A22498DBC1727193939509CD30E6B0C1B7E3A4A2340201A22498DB8973D3A2BCAABBFD58FDF48BB7E3A4A23401A22498DB8973D3A2BCAABBFD58FDF48CB7E3A4A2345111EA01000155C24563512ACDF8EA010001A6B32564640B9D43EA0100015BD8D9C52FA1179DEA010001351E09EBB822949DAA1000010C3C270B5A177321ABC2FDF4737DFF80107B22706C616E223A226669727374227D',21);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (10,5,X'040101A22498DBC1767386466C17413B3D27C1B7E3A4A2340301A22498DB8971D69552A4C943955A698BB7E3A4A23401A22498DB8971D69552A4C943955A698CB7E3A4A23401A22498DBB97751BBD3E49A3BE523B3BAB7E3A4A2345111EA01000122CB3FA1E2C2555CEA010001A6B32564640B9D43EA010001239172033F66A043EA010001351E09EBB822949D2A300201B5E88CC92DF2AEB30C3C270B5A177321ABC2FDF4737DFF80107B22706C616E223A227468697264227D107B22706C616E223A226669727374227D',20);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (11,0,X'040101A22498DB89705088D37ECA2C85A29189B7E3A4A2340051118200FFFFEF3AEE0CE61D8C188200FFFFA6B32564640B9D438200FFFF611D2D361D4798358200FFFF351E09EBB822949D8200FFFFABC2FDF4737DFF80',11);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (12,0,X'040101A22498DB8976A39EC417E3975B6D2889B7E3A4A2340201A22498DB8976A39EC417E3975B6D288BB7E3A4A23401A22498DB8976A39EC417E3975B6D288CB7E3A4A2345111EA01000117F3DB9B9CF00FA0EA010001A6B32564640B9D43EA010001387A7F74805ADD55EA010001351E09EBB822949DEA010001ABC2FDF4737DFF80',13);
INSERT INTO lookups_new ("user_no", "name", "email") VALUES (1,'','u0@example.com');
INSERT INTO lookups_new ("user_no", "name", "email") VALUES (2,'','u1@example.com');
INSERT INTO lookups_new ("user_no", "name", "email") VALUES (3,'','u2@example.com');
INSERT INTO lookups_new ("user_no", "name", "email") VALUES (4,'','u3@example.com');
INSERT INTO lookups_new ("user_no", "name", "email") VALUES (5,'','u4@example.com');
INSERT INTO lookups_new ("user_no", "name", "email") VALUES (6,'','u5@example.com');
INSERT INTO lookups_new ("user_no", "name", "email") VALUES (7,'','u6@example.com');
INSERT INTO lookups_new ("user_no", "name", "email") VALUES (8,'','u7@example.com');
INSERT INTO lookups_new ("user_no", "name", "email") VALUES (9,'','u8@example.com');
INSERT INTO lookups_new ("user_no", "name", "email") VALUES (10,'','u9@example.com');
INSERT INTO lookups_new ("user_no", "name", "email") VALUES (11,'','u10@example.com');
INSERT INTO lookups_new ("user_no", "name", "email") VALUES (12,'','u11@example.com');
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (1,X'01A22498DB89739E97F417599D709C62',1,2,96,4433,0,0,0,1795910327177,1795910327177,1795910327179,1795910327180,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (2,X'01A22498DB897574A74F6C7A1EF59BAE',2,2,96,4433,0,0,0,1795910327177,1795910327177,1795910327179,1795910327180,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (3,X'01A22498DB8973AE85404166D1D16A69',3,2,96,4433,0,0,0,1795910327177,1795910327177,1795910327179,1795910327180,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (4,X'01A22498DB8976ABA4DB25CE7BDEDEE6',4,2,96,4433,0,0,0,1795910327177,1795910327177,1795910327179,1795910327180,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (5,X'01A22498DB89778C80C4E841CEEBAC37',5,2,96,4433,0,0,0,1795910327177,1795910327177,1795910327179,1795910327180,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (6,X'01A22498DB89749B9C7659AF5DE0E12C',6,2,96,4433,0,0,0,1795910327177,1795910327177,1795910327179,1795910327180,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (7,X'01A22498DB8973E096F3B043AE4370D6',7,2,96,4433,0,0,0,1795910327177,1795910327177,1795910327179,1795910327180,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (8,X'01A22498DB8977CA84814C27B16669D5',8,2,96,4433,0,0,0,1795910327177,1795910327177,1795910327179,1795910327180,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (9,X'01A22498DB8973D3A2BCAABBFD58FDF4',9,2,96,4433,0,0,0,1795910327177,1795910327177,1795910327179,1795910327180,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (10,X'01A22498DB8971D69552A4C943955A69',10,2,96,4433,0,0,0,1795910327177,1795910327177,1795910327179,1795910327180,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (11,X'01A22498DB89705088D37ECA2C85A291',11,2,96,4433,0,0,0,1795910327177,1795910327177,1795910327179,1795910327180,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (12,X'01A22498DB8976A39EC417E3975B6D28',12,2,96,4433,0,0,0,1795910327177,1795910327177,1795910327179,1795910327180,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (13,X'01A22498DB9473FDBB52BA12102CCC39',2,3,0,4096,0,4096,0,1795910327188,1795910327188,1795910327188,1795910327189,2,1,0,1,'400 {"code":"bad_request","message":"refused"}',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (14,X'01A22498DBB274AD97763EE943E7A69D',3,4,0,0,0,0,0,1795910327218,1795910327218,0,0,3,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (15,X'01A22498DBB27496902467B2019EDF74',4,4,0,0,0,0,0,1795910327218,1795910327218,0,0,3,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (16,X'01A22498DBB2724E897374F7E11FCD1A',5,4,0,0,0,0,0,1795910327218,1795910327218,0,0,3,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (17,X'01A22498DBB274C8BFF3C8AB7DB5A559',6,4,0,0,0,0,0,1795910327218,1795910327218,0,0,3,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (18,X'01A22498DBB277D98A6DE82364061862',7,4,0,0,0,0,0,1795910327218,1795910327218,0,0,3,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (19,X'01A22498DBB2749CA3B57C020B6603F6',8,4,0,0,0,0,0,1795910327218,1795910327218,0,0,3,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (20,X'01A22498DBB97751BBD3E49A3BE523B3',10,1,0,4096,0,0,0,1795910327225,1795910327225,1795910327226,0,4,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (21,X'01A22498DBC1727193939509CD30E6B0',9,0,0,0,0,0,0,1795910327233,1795910327233,0,0,5,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (22,X'01A22498DBC1767386466C17413B3D27',10,0,4,0,0,0,0,1795910327233,1795910327233,0,0,5,0,0,0,'',0);
INSERT INTO meta ("key", "value") VALUES ('body_bytes',4993);
INSERT INTO meta ("key", "value") VALUES ('company_members_to',12);
INSERT INTO meta ("key", "value") VALUES ('destination','3747dc74532e13ff504dc532ff234851217297634293e4ece4134c732bcc0888');
INSERT INTO meta ("key", "value") VALUES ('first_sync_done',1);
INSERT INTO meta ("key", "value") VALUES ('high_water_companies',1795910327174);
INSERT INTO meta ("key", "value") VALUES ('high_water_users',1795910327174);
INSERT INTO meta ("key", "value") VALUES ('open',1);
INSERT INTO meta ("key", "value") VALUES ('read_up_to',1795910327231);
INSERT INTO meta ("key", "value") VALUES ('refused_in_a_row',1);
INSERT INTO meta ("key", "value") VALUES ('rules','{"mapping":1,"policies":{"company.ipAddress":"ride","company.lastSeenTime":"ride","company.modifiedTime":"ride","last24HourAggResults":"ride","lastSeenTime":"ride","modifiedTime":"ride","userAgent":"ride"}}');
INSERT INTO meta ("key", "value") VALUES ('salt','96345fa924b86de70c3169cc995b8ea2');
INSERT INTO migrations ("version", "checksum") VALUES (1,'8be2b8091cc057014751dca60bc77c9be3f59909df56db379bb733a55962f942');
INSERT INTO migrations ("version", "checksum") VALUES (2,'c8f622ff120f0816943448534899f2f9464321615d15c10966044d03b1e4897d');
INSERT INTO migrations ("version", "checksum") VALUES (3,'04f2155df0898d0c8b07ce88e09a7a3113c8586c06284a706f2e62682f934daf');
INSERT INTO migrations ("version", "checksum") VALUES (4,'7f55160c1cf0111d2242b83d36af215c9d140a98159dfc4853b724d45d0c2f03');
INSERT INTO migrations ("version", "checksum") VALUES (5,'d7cf4b78c7cd520fa41ce6229608e606c2710d7d199e0190c2ac5480a57a46e7');
INSERT INTO migrations ("version", "checksum") VALUES (6,'d4458606b333032647423b3ea8cf1aec349428d2b77c3b82751b7d1f67b480cd');
INSERT INTO migrations ("version", "checksum") VALUES (7,'40e0807eab08fe0417b56c91415696a4be960412144086df5793d6a16185c0cc');
INSERT INTO migrations ("version", "checksum") VALUES (8,'1fa522d14240677d97e5220d4bca8c3f653cd9ce534ab035c560329d756833ed');
INSERT INTO migrations ("version", "checksum") VALUES (9,'940bbe60ee202c9839a3a5a24bb8bcdf73b48fd45699eb8089bd8f8223dc8da6');
INSERT INTO migrations ("version", "checksum") VALUES (10,'1d1e4266a83690553c01ad06b2831c495e3ecb77a8af3028af882eb0a81e965c');
INSERT INTO offered_runs ("first_no", "last_no") VALUES (20,20);
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (1,'full','done',1,'','',1,0,NULL,NULL,NULL,NULL,1795910327174,1795910327180,2,14,13,12,1,0,0,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',0,0,'',0);
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (2,'full','done',0,'','',1,0,NULL,NULL,NULL,NULL,1795910327186,1795910327189,2,13,1,1,0,0,1,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',0,0,'',0);
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (3,'full','done',0,'','',1,0,NULL,NULL,NULL,NULL,1795910327216,1795910327220,2,13,6,6,0,0,6,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',1,1,'',0);
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (4,'full','done',0,'','',1,0,NULL,NULL,NULL,NULL,1795910327223,1795910327227,2,13,1,1,0,0,1,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',0,0,'',0);
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (5,'full','done',0,'','',1,0,NULL,NULL,NULL,NULL,1795910327231,1795910327234,2,13,2,2,0,0,2,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',1,0,'',0);
INSERT INTO quarantine ("no", "kind", "doc_id", "reason", "detail", "raw", "first_seen", "last_seen", "pass") VALUES (1,1,'bad','source_not_object','the document is no object','{"_id":"bad","_source":["no object"],"sort":["bad"]}',1795910327177,1795910327233,5);
INSERT INTO rules ("no", "text") VALUES (1,'{"mapping":1,"policies":{"company.ipAddress":"ride","company.lastSeenTime":"ride","company.modifiedTime":"ride","last24HourAggResults":"ride","lastSeenTime":"ride","modifiedTime":"ride","userAgent":"ride"}}');
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (1,1,X'0151110B22757365723030303030221A22323032362D30342D30315430303A30303A30302E3030305A2210227530406578616D706C652E636F6D22020231107B22706C616E223A226669727374227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1795910327177);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (2,1,X'0151110B22757365723030303031221A22323032362D30342D30315430303A30303A30302E3030305A2210227531406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1795910327188);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (3,1,X'0151110B22757365723030303032221A22323032362D30342D30315430303A30303A30302E3030305A2210227532406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1795910327218);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (4,1,X'0151110B22757365723030303033221A22323032362D30342D30315430303A30303A30302E3030305A2210227533406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1795910327218);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (5,1,X'0151110B22757365723030303034221A22323032362D30342D30315430303A30303A30302E3030305A2210227534406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1795910327218);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (6,1,X'0151110B22757365723030303035221A22323032362D30342D30315430303A30303A30302E3030305A2210227535406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1795910327218);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (7,1,X'0151110B22757365723030303036221A22323032362D30342D30315430303A30303A30302E3030305A2210227536406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1795910327218);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (8,1,X'0151110B22757365723030303037221A22323032362D30342D30315430303A30303A30302E3030305A2210227537406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1795910327218);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (9,1,X'0151110B22757365723030303038221A22323032362D30342D30315430303A30303A30302E3030305A2210227538406578616D706C652E636F6D22020231107B22706C616E223A227468697264227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1795910327233);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (10,1,X'0151110B22757365723030303039221A22323032362D30342D30315430303A30303A30302E3030305A2210227539406578616D706C652E636F6D22020231117B22706C616E223A22666F75727468227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1795910327233);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (11,1,X'0151110B22757365723030303130221A22323032362D30342D30315430303A30303A30302E3030305A221122753130406578616D706C652E636F6D22020231107B22706C616E223A226669727374227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1795910327177);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (12,1,X'0151110B22757365723030303131221A22323032362D30342D30315430303A30303A30302E3030305A221122753131406578616D706C652E636F6D22020231107B22706C616E223A226669727374227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1795910327177);
INSERT INTO totals ("name", "value") VALUES ('acknowledged',12);
INSERT INTO totals ("name", "value") VALUES ('dead_refused',1);
INSERT INTO totals ("name", "value") VALUES ('full_passes_done',5);
INSERT INTO totals ("name", "value") VALUES ('pages_read',10);
INSERT INTO totals ("name", "value") VALUES ('profiles_read',66);
INSERT INTO totals ("name", "value") VALUES ('traits_compared',859);
INSERT INTO totals ("name", "value") VALUES ('traits_sent',60);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (1,'user00000','user00000','acme',NULL,NULL,NULL,0);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (2,'user00001','user00001','acme',NULL,NULL,NULL,0);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (3,'user00002','user00002','acme',NULL,NULL,NULL,0);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (4,'user00003','user00003','acme',NULL,NULL,NULL,0);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (5,'user00004','user00004','acme',NULL,NULL,NULL,0);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (6,'user00005','user00005','acme',NULL,NULL,NULL,0);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (7,'user00006','user00006','acme',NULL,NULL,NULL,0);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (8,'user00007','user00007','acme',NULL,NULL,NULL,0);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (9,'user00008','user00008','acme',NULL,NULL,NULL,0);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (10,'user00009','user00009','acme',NULL,NULL,NULL,0);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (11,'user00010','user00010','acme',NULL,NULL,NULL,0);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (12,'user00011',NULL,'acme',NULL,NULL,1795910327190,0);
PRAGMA application_id = 1414748494;
PRAGMA user_version = 10;

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
CREATE TABLE ledgers (
    no INTEGER PRIMARY KEY,
    counted_pass INTEGER NOT NULL,  -- the last pass whose brake counted this user
    data BLOB NOT NULL
) STRICT;
CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE migrations (version INTEGER PRIMARY KEY, checksum TEXT NOT NULL) STRICT;
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
CREATE TABLE rules (no INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE sources (no INTEGER PRIMARY KEY, rules INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
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
CREATE INDEX company_values_company ON company_values (company_no);
CREATE INDEX users_company ON users (company_id, no) WHERE company_id IS NOT NULL;
CREATE INDEX users_gone ON users (gone_at) WHERE gone_at IS NOT NULL;
INSERT INTO companies ("no", "company_id", "doc_id", "raw", "content", "modified", "gone_at", "seen_at", "rules", "value_no", "source") VALUES (1,'acme','acme',X'1BFA13C5BD000B38D2878E27ED192F3E',7820306689809222860,NULL,NULL,1795847656459,1,1,'{"company_id":"acme","name":"Acme","metadata":{"tier":1}}');
INSERT INTO company_values ("no", "company_no", "full", "trigger", "stored_at", "text") VALUES (1,1,-7092005335589118411,-7092005335589118411,1795847656459,'{"id":"acme","metadata":{"tier":1}}');
INSERT INTO documents ("doc_id", "user_no", "raw", "content") VALUES ('user00000',1,X'2842646397B917191F87E1C2674DF1D7',-5715706590763635074);
INSERT INTO documents ("doc_id", "user_no", "raw", "content") VALUES ('user00010',11,X'6804B10FB2DF95B65E29D531AD3426B8',-642595789052825471);
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (1,0,X'010101A220DC941573C384FE63EBAA1BBA7095A8F286A2340201A220DC941573C384FE63EBAA1BBA7097A8F286A23401A220DC941573C384FE63EBAA1BBA7099A8F286A2345111EA010001FDE4746282098396EA010001A6B32564640B9D43EA010001FA7B71BDF96C8E7EEA010001351E09EBB822949DEA010001ABC2FDF4737DFF80');
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (11,0,X'010101A220DC941576919B23EDBB01180DEA95A8F286A2340201A220DC941576919B23EDBB01180DEA97A8F286A23401A220DC941576919B23EDBB01180DEA99A8F286A2345111EA010001EF3AEE0CE61D8C18EA010001A6B32564640B9D43EA010001611D2D361D479835EA010001351E09EBB822949DEA010001ABC2FDF4737DFF80');
INSERT INTO ledgers ("no", "counted_pass", "data") VALUES (12,0,X'010101A220DC941570798A058C3717CD763095A8F286A2340201A220DC941570798A058C3717CD763097A8F286A23401A220DC941570798A058C3717CD763099A8F286A2345111EA01000117F3DB9B9CF00FA0EA010001A6B32564640B9D43EA010001387A7F74805ADD55EA010001351E09EBB822949DEA010001ABC2FDF4737DFF80');
INSERT INTO meta ("key", "value") VALUES ('body_bytes',4993);
INSERT INTO meta ("key", "value") VALUES ('destination','656b2da082e71a492c4832611a99139d29902f040f555c15fcb25edbfd6ba158');
INSERT INTO meta ("key", "value") VALUES ('first_sync_done',1);
INSERT INTO meta ("key", "value") VALUES ('open',1);
INSERT INTO meta ("key", "value") VALUES ('read_up_to',1795847657585);
INSERT INTO meta ("key", "value") VALUES ('rules','{"mapping":1,"policies":{"company.ipAddress":"ride","company.lastSeenTime":"ride","company.modifiedTime":"ride","last24HourAggResults":"ride","lastSeenTime":"ride","modifiedTime":"ride","userAgent":"ride"}}');
INSERT INTO meta ("key", "value") VALUES ('salt','607396c0c01e7bc2679bc391aebe9edb');
INSERT INTO migrations ("version", "checksum") VALUES (1,'8be2b8091cc057014751dca60bc77c9be3f59909df56db379bb733a55962f942');
INSERT INTO quarantine ("no", "kind", "doc_id", "reason", "detail", "raw", "first_seen", "last_seen", "pass") VALUES (1,1,'bad','source_not_object','the document is no object','{"_id":"bad","_source":["no object"],"sort":["bad"]}',1795847656469,1795847657598,5);
INSERT INTO rules ("no", "text") VALUES (1,'{"mapping":1,"policies":{"company.ipAddress":"ride","company.lastSeenTime":"ride","company.modifiedTime":"ride","last24HourAggResults":"ride","lastSeenTime":"ride","modifiedTime":"ride","userAgent":"ride"}}');
INSERT INTO sources ("no", "rules", "data") VALUES (1,1,X'0151110B22757365723030303030221A22323032362D30342D30315430303A30303A30302E3030305A2210227530406578616D706C652E636F6D22020231107B22706C616E223A226669727374227D007B22757365725F6964223A01412C22636F6D70616E795F6964223A2261636D65222C22656D61696C223A01472C226C6173745F7365656E5F74696D65223A22323032362D30342D30315430303A30303A30305A222C226D65746164617461223A014D7D');
INSERT INTO sources ("no", "rules", "data") VALUES (11,1,X'0151110B22757365723030303130221A22323032362D30342D30315430303A30303A30302E3030305A221122753130406578616D706C652E636F6D22020231107B22706C616E223A226669727374227D007B22757365725F6964223A01412C22636F6D70616E795F6964223A2261636D65222C22656D61696C223A01472C226C6173745F7365656E5F74696D65223A22323032362D30342D30315430303A30303A30305A222C226D65746164617461223A014D7D');
INSERT INTO sources ("no", "rules", "data") VALUES (12,1,X'0151110B22757365723030303131221A22323032362D30342D30315430303A30303A30302E3030305A221122753131406578616D706C652E636F6D22020231107B22706C616E223A226669727374227D007B22757365725F6964223A01412C22636F6D70616E795F6964223A2261636D65222C22656D61696C223A01472C226C6173745F7365656E5F74696D65223A22323032362D30342D30315430303A30303A30305A222C226D65746164617461223A014D7D');
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (1,'user00000','user00000','acme',NULL,NULL,NULL,1795847656469);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (11,'user00010','user00010','acme',NULL,NULL,NULL,1795847656469);
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (12,'user00011',NULL,'acme',NULL,NULL,1795847657483,1795847656469);
PRAGMA application_id = 1414748494;
PRAGMA user_version = 1;

CREATE VIEW message_texts AS SELECT no, ifnull(packed, body) AS text,
    ifnull(length(packed), length(CAST(body AS BLOB))) AS bytes FROM bodies;
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
CREATE TABLE bodies (no INTEGER PRIMARY KEY, body TEXT NOT NULL, packed BLOB) STRICT;
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
    pass INTEGER NOT NULL, stated TEXT,
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
CREATE INDEX quarantine_last_seen ON quarantine (last_seen);
CREATE INDEX quarantine_pass ON quarantine (kind, pass);
CREATE INDEX quarantine_stated ON quarantine (kind, stated) WHERE stated IS NOT NULL;
CREATE INDEX replays_running ON replays (no) WHERE state = 0;
CREATE INDEX users_gone ON users (gone_at) WHERE gone_at IS NOT NULL;
INSERT INTO activity ("minute", "profiles_read", "messages_sent", "traits_compared", "traits_sent", "queued") VALUES (29934412,0,0,0,0,0);
INSERT INTO bodies ("no", "body", "packed") VALUES (1,'',X'01F7020F230510F31232326463652D353436642D373438312D396365372D373134393738626339623138CC00EF4964223A227573657230303030304D0501FF0331312D33305431383A35333A34362E3437374D05000842000FF603021F34F6030104D00437753040C10606000405C6045A61636D6522E5039A74696572223A317D7D170003AF060149070201040634020F7701285030227D7D7DA88227D4');
INSERT INTO bodies ("no", "body", "packed") VALUES (2,'',X'01F7020F230510F31232326463652D353436642D373266652D613366632D666330646462393433646239CC00EF4964223A227573657230303030314D0501FF0331312D33305431383A35333A34362E3437374D05000842000FF603021F34F6030104D00437753140C10606000405C6045A61636D6522E5039A74696572223A317D7D170003AF060149070201040634020F7701285030227D7D7DC400BB6B');
INSERT INTO bodies ("no", "body", "packed") VALUES (3,'',X'01F7020F230510F31232326463652D353436642D373236632D623565332D386531383765633335623161CC00EF4964223A227573657230303030324D0501FF0331312D33305431383A35333A34362E3437374D05000842000FF603021F34F6030104D00437753240C10606000405C6045A61636D6522E5039A74696572223A317D7D170003AF060149070201040634020F7701285030227D7D7DBD7644FF');
INSERT INTO bodies ("no", "body", "packed") VALUES (4,'',X'01F7020F230510F31232326463652D353436642D373263652D613338392D323862633961643531303030CC00EF4964223A227573657230303030334D0501FF0331312D33305431383A35333A34362E3437374D05000842000FF603021F34F6030104D00437753340C10606000405C6045A61636D6522E5039A74696572223A317D7D170003AF060149070201040634020F7701285030227D7D7DFB2B33E1');
INSERT INTO bodies ("no", "body", "packed") VALUES (5,'',X'01F7020F230510F31232326463652D353436642D373132302D623564642D663738666563613465663534CC00EF4964223A227573657230303030344D0501FF0331312D33305431383A35333A34362E3437374D05000842000FF603021F34F6030104D00437753440C10606000405C6045A61636D6522E5039A74696572223A317D7D170003AF060149070201040634020F7701285030227D7D7DF9D7D6BC');
INSERT INTO bodies ("no", "body", "packed") VALUES (6,'',X'01F7020F230510F31232326463652D353436642D373631392D396464352D663536303066386364666536CC00EF4964223A227573657230303030354D0501FF0331312D33305431383A35333A34362E3437374D05000842000FF603021F34F6030104D00437753540C10606000405C6045A61636D6522E5039A74696572223A317D7D170003AF060149070201040634020F7701285030227D7D7DFCC08ED0');
INSERT INTO bodies ("no", "body", "packed") VALUES (7,'',X'01F7020F230510F31232326463652D353436642D373463662D626363312D326563303933366535333562CC00EF4964223A227573657230303030364D0501FF0331312D33305431383A35333A34362E3437374D05000842000FF603021F34F6030104D00437753640C10606000405C6045A61636D6522E5039A74696572223A317D7D170003AF060149070201040634020F7701285030227D7D7D5ECA21E8');
INSERT INTO bodies ("no", "body", "packed") VALUES (8,'',X'01F7020F230510F31232326463652D353436642D373633632D396636392D363136656563653566353938CC00EF4964223A227573657230303030374D0501FF0331312D33305431383A35333A34362E3437374D05000842000FF603021F34F6030104D00437753740C10606000405C6045A61636D6522E5039A74696572223A317D7D170003AF060149070201040634020F7701285030227D7D7D41971DEC');
INSERT INTO bodies ("no", "body", "packed") VALUES (9,'',X'01F7020F230510F31232326463652D353436642D373135352D613739382D656566326262656361353761CC00EF4964223A227573657230303030384D0501FF0331312D33305431383A35333A34362E3437374D05000842000FF603021F34F6030104D00437753840C10606000405C6045A61636D6522E5039A74696572223A317D7D170003AF060149070201040634020F7701285030227D7D7DC56543AA');
INSERT INTO bodies ("no", "body", "packed") VALUES (10,'',X'01F7020F230510F31232326463652D353436642D373436332D626131302D306233393166636637623761CC00EF4964223A227573657230303030394D0501FF0331312D33305431383A35333A34362E3437374D05000842000FF603021F34F6030104D00437753940C10606000405C6045A61636D6522E5039A74696572223A317D7D170003AF060149070201040634020F7701285030227D7D7D3D8BD16A');
INSERT INTO bodies ("no", "body", "packed") VALUES (11,'',X'01F8020F230510F31232326463652D353436642D373466342D613138342D336663666638653634313863CC00EF4964223A227573657230303031304D0501FF0331312D33305431383A35333A34362E3437374D05000842000FF603021F34F6030104D0044775313040C20606010405C7045A61636D6522E6039A74696572223A317D7D170003B006014A070202040635020F7801285030227D7D7DD0AA1B01');
INSERT INTO bodies ("no", "body", "packed") VALUES (12,'',X'01F8020F230510F31232326463652D353436642D373464662D623764632D383730626434616462333061CC00EF4964223A227573657230303031314D0501FF0331312D33305431383A35333A34362E3437374D05000842000FF603021F34F6030104D0044775313140C20606010405C7045A61636D6522E6039A74696572223A317D7D170003B006014A070202040635020F7801285030227D7D7D569FE8CC');
INSERT INTO bodies ("no", "body", "packed") VALUES (13,'',X'01F6010F230510F31232326463652D353437322D373231622D616533392D353265303735656531643731CC00EF4964223A227573657230303030314D0501FA0331312D33305431383A35333A34362E3438324D05073E02042D066C7365636F6E64B3010FF600285030227D7D7D2348D052');
INSERT INTO bodies ("no", "body", "packed") VALUES (20,'',X'01F5010F230510F31232326463652D353439372D373561652D626666322D613462656335666436333936CC00EF4964223A227573657230303030394D0501FA0331312D33305431383A35333A34362E3531394D05073E02042D065274686972647F0306B2010FF500285030227D7D7DE64FA3C2');
INSERT INTO companies ("no", "company_id", "doc_id", "raw", "content", "modified", "gone_at", "seen_at", "rules", "value_no", "source") VALUES (1,'acme','acme',X'1BFA13C5BD000B38D2878E27ED192F3E',7820306689809222860,NULL,NULL,1796064826476,1,1,'{"company_id":"acme","name":"Acme","metadata":{"tier":1}}');
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
INSERT INTO company_values ("no", "company_no", "full", "trigger", "stored_at", "text") VALUES (1,1,-7092005335589118411,-7092005335589118411,1796064826476,'{"id":"acme","metadata":{"tier":1}}');
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
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (1,0,X'040101A22DCE546D74819CE7714978BC9B18EDA8B9EEA2340051118200FFFFFDE47462820983968200FFFFA6B32564640B9D438200FFFFFA7B71BDF96C8E7E8200FFFF351E09EBB822949D8200FFFFABC2FDF4737DFF80',1);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (2,2,X'040101A22DCE5472721BAE3952E075EE1D71F2A8B9EEA2340301A22DCE546D72FEA3FCFC0DDB943DB9EEA8B9EEA23401A22DCE546D72FEA3FCFC0DDB943DB9EFA8B9EEA23401A22DCE5472721BAE3952E075EE1D71F4A8B9EEA2345111EA01000100305C2B443FBE3DEA010001A6B32564640B9D43EA0100015A6510D486088C49EA010001351E09EBB822949D6A20020158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D',13);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (3,3,X'040101A22DCE549075AD93EC0325DF3C194790A9B9EEA2340201A22DCE546D726CB5E38E187EC35B1AEEA8B9EEA23401A22DCE546D726CB5E38E187EC35B1AEFA8B9EEA2345111EA010001EB8EBE9DA12B14A2EA010001A6B32564640B9D43EA01000141CF7083CD60B491EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D',14);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (4,3,X'040101A22DCE54907196B1CDE5A45A50894C90A9B9EEA2340201A22DCE546D72CEA38928BC9AD51000EEA8B9EEA23401A22DCE546D72CEA38928BC9AD51000EFA8B9EEA2345111EA0100018FF2FB0A4A4D7058EA010001A6B32564640B9D43EA0100016A39E4F94EF0F9B8EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D',15);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (5,3,X'040101A22DCE54907393B361182DBCD6122190A9B9EEA2340201A22DCE546D7120B5DDF78FECA4EF54EEA8B9EEA23401A22DCE546D7120B5DDF78FECA4EF54EFA8B9EEA2345111EA01000177174DE9FFF3AA4EEA010001A6B32564640B9D43EA0100012757F907BB9DB373EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D',16);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (6,3,X'040101A22DCE5490739DA1FEF6664B2F511090A9B9EEA2340201A22DCE546D76199DD5F5600F8CDFE6EEA8B9EEA23401A22DCE546D76199DD5F5600F8CDFE6EFA8B9EEA2345111EA010001759C81C0B868B273EA010001A6B32564640B9D43EA010001BE4386B38AB772A6EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D',17);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (7,3,X'040101A22DCE54907401B5C0D1EEAD2D23E290A9B9EEA2340201A22DCE546D74CFBCC12EC0936E535BEEA8B9EEA23401A22DCE546D74CFBCC12EC0936E535BEFA8B9EEA2345111EA010001D21210EF760A6A7CEA010001A6B32564640B9D43EA010001588BCA37F47BAA76EA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D',18);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (8,3,X'040101A22DCE549075DD9970C7526580CDE790A9B9EEA2340201A22DCE546D763C9F69616EECE5F598EEA8B9EEA23401A22DCE546D763C9F69616EECE5F598EFA8B9EEA2345111EA010001FC63DEB5B0E243C8EA010001A6B32564640B9D43EA0100018C27233F48C938CBEA010001351E09EBB822949DAA10000158D6FF215DCCD489ABC2FDF4737DFF80107B22706C616E223A226669727374227D',19);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (9,5,X'040101A22DCE587B753DBEE4E9E00BCD4E8FFBB0B9EEA2340201A22DCE546D7155A798EEF2BBECA57AEEA8B9EEA23401A22DCE546D7155A798EEF2BBECA57AEFA8B9EEA2345111EA01000155C24563512ACDF8EA010001A6B32564640B9D43EA0100015BD8D9C52FA1179DEA010001351E09EBB822949DAA1000010C3C270B5A177321ABC2FDF4737DFF80107B22706C616E223A226669727374227D',21);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (10,5,X'040101A22DCE587B7070B956B044F9C8EC9DFBB0B9EEA2340301A22DCE546D7463BA100B391FCF7B7AEEA8B9EEA23401A22DCE546D7463BA100B391FCF7B7AEFA8B9EEA23401A22DCE549775AEBFF2A4BEC5FD639699A9B9EEA2345111EA01000122CB3FA1E2C2555CEA010001A6B32564640B9D43EA010001239172033F66A043EA010001351E09EBB822949D2A300201B5E88CC92DF2AEB30C3C270B5A177321ABC2FDF4737DFF80107B22706C616E223A227468697264227D107B22706C616E223A226669727374227D',20);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (11,0,X'040101A22DCE546D74F4A1843FCFF8E6418CEDA8B9EEA2340051118200FFFFEF3AEE0CE61D8C188200FFFFA6B32564640B9D438200FFFF611D2D361D4798358200FFFF351E09EBB822949D8200FFFFABC2FDF4737DFF80',11);
INSERT INTO ledgers ("no", "counted_pass", "data", "horizon") VALUES (12,0,X'040101A22DCE546D74DFB7DC870BD4ADB30AEDA8B9EEA2340201A22DCE546D74DFB7DC870BD4ADB30AEEA8B9EEA23401A22DCE546D74DFB7DC870BD4ADB30AEFA8B9EEA2345111EA01000117F3DB9B9CF00FA0EA010001A6B32564640B9D43EA010001387A7F74805ADD55EA010001351E09EBB822949DEA010001ABC2FDF4737DFF80',13);
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
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (1,X'01A22DCE546D74819CE7714978BC9B18',1,2,96,4433,0,0,0,1796064826477,1796064826477,1796064826478,1796064826479,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (2,X'01A22DCE546D72FEA3FCFC0DDB943DB9',2,2,96,4433,0,0,0,1796064826477,1796064826477,1796064826478,1796064826479,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (3,X'01A22DCE546D726CB5E38E187EC35B1A',3,2,96,4433,0,0,0,1796064826477,1796064826477,1796064826478,1796064826479,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (4,X'01A22DCE546D72CEA38928BC9AD51000',4,2,96,4433,0,0,0,1796064826477,1796064826477,1796064826478,1796064826479,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (5,X'01A22DCE546D7120B5DDF78FECA4EF54',5,2,96,4433,0,0,0,1796064826477,1796064826477,1796064826478,1796064826479,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (6,X'01A22DCE546D76199DD5F5600F8CDFE6',6,2,96,4433,0,0,0,1796064826477,1796064826477,1796064826478,1796064826479,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (7,X'01A22DCE546D74CFBCC12EC0936E535B',7,2,96,4433,0,0,0,1796064826477,1796064826477,1796064826478,1796064826479,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (8,X'01A22DCE546D763C9F69616EECE5F598',8,2,96,4433,0,0,0,1796064826477,1796064826477,1796064826478,1796064826479,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (9,X'01A22DCE546D7155A798EEF2BBECA57A',9,2,96,4433,0,0,0,1796064826477,1796064826477,1796064826478,1796064826479,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (10,X'01A22DCE546D7463BA100B391FCF7B7A',10,2,96,4433,0,0,0,1796064826477,1796064826477,1796064826478,1796064826479,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (11,X'01A22DCE546D74F4A1843FCFF8E6418C',11,2,96,4433,0,0,0,1796064826477,1796064826477,1796064826478,1796064826479,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (12,X'01A22DCE546D74DFB7DC870BD4ADB30A',12,2,96,4433,0,0,0,1796064826477,1796064826477,1796064826478,1796064826479,1,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (13,X'01A22DCE5472721BAE3952E075EE1D71',2,3,0,4096,0,4096,0,1796064826482,1796064826482,1796064826484,1796064826485,2,1,0,1,'400 {"code":"bad_request","message":"refused"}',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (14,X'01A22DCE549075AD93EC0325DF3C1947',3,4,0,0,0,0,0,1796064826512,1796064826512,0,0,3,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (15,X'01A22DCE54907196B1CDE5A45A50894C',4,4,0,0,0,0,0,1796064826512,1796064826512,0,0,3,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (16,X'01A22DCE54907393B361182DBCD61221',5,4,0,0,0,0,0,1796064826512,1796064826512,0,0,3,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (17,X'01A22DCE5490739DA1FEF6664B2F5110',6,4,0,0,0,0,0,1796064826512,1796064826512,0,0,3,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (18,X'01A22DCE54907401B5C0D1EEAD2D23E2',7,4,0,0,0,0,0,1796064826512,1796064826512,0,0,3,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (19,X'01A22DCE549075DD9970C7526580CDE7',8,4,0,0,0,0,0,1796064826512,1796064826512,0,0,3,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (20,X'01A22DCE549775AEBFF2A4BEC5FD6396',10,1,0,4096,0,0,0,1796064826519,1796064826519,1796064826521,0,4,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (21,X'01A22DCE587B753DBEE4E9E00BCD4E8F',9,0,0,0,0,0,0,1796064827515,1796064827515,0,0,5,0,0,0,'',0);
INSERT INTO messages ("no", "id", "user_no", "state", "wait", "traits", "due", "remaining", "marked", "created", "timestamp", "first_offered", "settled", "pass", "attempts", "next_attempt", "reason", "answer", "closed") VALUES (22,X'01A22DCE587B7070B956B044F9C8EC9D',10,0,4,0,0,0,0,1796064827515,1796064827515,0,0,5,0,0,0,'',0);
INSERT INTO meta ("key", "value") VALUES ('body_bytes',2126);
INSERT INTO meta ("key", "value") VALUES ('company_members_to',12);
INSERT INTO meta ("key", "value") VALUES ('destination','cd50572355a57f87d4236b76607dfbea85b028a5e20001d7a61d018f61dead54');
INSERT INTO meta ("key", "value") VALUES ('file','10952828:1796064826.449098535');
INSERT INTO meta ("key", "value") VALUES ('first_sync_done',1);
INSERT INTO meta ("key", "value") VALUES ('high_water_companies',1796064826474);
INSERT INTO meta ("key", "value") VALUES ('high_water_users',1796064826474);
INSERT INTO meta ("key", "value") VALUES ('open',1);
INSERT INTO meta ("key", "value") VALUES ('read_up_to',1796064827513);
INSERT INTO meta ("key", "value") VALUES ('refused_in_a_row',1);
INSERT INTO meta ("key", "value") VALUES ('rules','{"mapping":1,"policies":{"company.ipAddress":"ride","company.lastSeenTime":"ride","company.modifiedTime":"ride","last24HourAggResults":"ride","lastSeenTime":"ride","modifiedTime":"ride","userAgent":"ride"}}');
INSERT INTO meta ("key", "value") VALUES ('salt','a7d9fc5dcb11aed5a58710ca531a7ce7');
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
INSERT INTO migrations ("version", "checksum") VALUES (11,'50b866aa371e00b51379cdcee9a13a4fed50119cbb77b5622f7e16c213e9e645');
INSERT INTO migrations ("version", "checksum") VALUES (12,'89571e1ac8663de61751a7d8a0c2589cac89d6e89d55be15e66f1eeca8c24ce9');
INSERT INTO offered_runs ("first_no", "last_no") VALUES (20,20);
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (1,'full','done',1,'','',1,0,NULL,NULL,NULL,NULL,1796064826474,1796064826478,2,14,13,12,1,0,0,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',0,0,'',0);
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (2,'full','done',0,'','',1,0,NULL,NULL,NULL,NULL,1796064826481,1796064826484,2,13,1,1,0,1,1,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',0,0,'',0);
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (3,'full','done',0,'','',1,0,NULL,NULL,NULL,NULL,1796064826509,1796064826514,2,13,6,6,0,0,6,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',1,1,'',0);
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (4,'full','done',0,'','',1,0,NULL,NULL,NULL,NULL,1796064826517,1796064826520,2,13,1,1,0,0,1,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',0,0,'',0);
INSERT INTO passes ("no", "kind", "stage", "first_sync", "search_after", "last_key", "ordered", "fallback_key", "since_companies", "since_users", "newest_companies", "newest_users", "started", "ended", "pages", "read", "changed", "queued", "quarantined", "gone", "counted", "nulls", "gated", "brake", "error", "forgotten") VALUES (5,'full','done',0,'','',1,0,NULL,NULL,NULL,NULL,1796064827513,1796064827516,2,13,2,2,0,0,2,'[0,0,0,0,0,0,0,0,0,0,0,0,0,0]',1,0,'',0);
INSERT INTO quarantine ("no", "kind", "doc_id", "reason", "detail", "raw", "first_seen", "last_seen", "pass", "stated") VALUES (1,1,'bad','source_not_object','the document is no object','{"_id":"bad","_source":["no object"],"sort":["bad"]}',1796064826477,1796064827515,5,'bad');
INSERT INTO rules ("no", "text") VALUES (1,'{"mapping":1,"policies":{"company.ipAddress":"ride","company.lastSeenTime":"ride","company.modifiedTime":"ride","last24HourAggResults":"ride","lastSeenTime":"ride","modifiedTime":"ride","userAgent":"ride"}}');
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (1,1,X'0151110B22757365723030303030221A22323032362D30342D30315430303A30303A30302E3030305A2210227530406578616D706C652E636F6D22020231107B22706C616E223A226669727374227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1796064826477);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (2,1,X'0151110B22757365723030303031221A22323032362D30342D30315430303A30303A30302E3030305A2210227531406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1796064826482);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (3,1,X'0151110B22757365723030303032221A22323032362D30342D30315430303A30303A30302E3030305A2210227532406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1796064826512);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (4,1,X'0151110B22757365723030303033221A22323032362D30342D30315430303A30303A30302E3030305A2210227533406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1796064826512);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (5,1,X'0151110B22757365723030303034221A22323032362D30342D30315430303A30303A30302E3030305A2210227534406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1796064826512);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (6,1,X'0151110B22757365723030303035221A22323032362D30342D30315430303A30303A30302E3030305A2210227535406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1796064826512);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (7,1,X'0151110B22757365723030303036221A22323032362D30342D30315430303A30303A30302E3030305A2210227536406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1796064826512);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (8,1,X'0151110B22757365723030303037221A22323032362D30342D30315430303A30303A30302E3030305A2210227537406578616D706C652E636F6D22020231117B22706C616E223A227365636F6E64227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1796064826512);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (9,1,X'0151110B22757365723030303038221A22323032362D30342D30315430303A30303A30302E3030305A2210227538406578616D706C652E636F6D22020231107B22706C616E223A227468697264227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1796064827515);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (10,1,X'0151110B22757365723030303039221A22323032362D30342D30315430303A30303A30302E3030305A2210227539406578616D706C652E636F6D22020231117B22706C616E223A22666F75727468227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1796064827515);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (11,1,X'0151110B22757365723030303130221A22323032362D30342D30315430303A30303A30302E3030305A221122753130406578616D706C652E636F6D22020231107B22706C616E223A226669727374227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1796064826477);
INSERT INTO sources ("no", "rules", "data", "modified", "embedded_modified", "seen_at") VALUES (12,1,X'0151110B22757365723030303131221A22323032362D30342D30315430303A30303A30302E3030305A221122753131406578616D706C652E636F6D22020231107B22706C616E223A226669727374227D000163127BCC0105750208D2034A61636D65F8010197000EE90118345C02265A22850050223A014D7D',NULL,NULL,1796064826477);
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
INSERT INTO users ("no", "user_id", "doc_id", "company_id", "modified", "embedded_modified", "gone_at", "seen_at") VALUES (12,'user00011',NULL,'acme',NULL,NULL,1796064826484,0);
PRAGMA application_id = 1414748494;
PRAGMA user_version = 12;

// The SQLite file: narrow table of ids, wide rows by number, acknowledged state and queue apart.
import Database from "better-sqlite3";

const schema = `
    CREATE TABLE IF NOT EXISTS ids (id TEXT PRIMARY KEY, no INTEGER NOT NULL, hash TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS users (no INTEGER PRIMARY KEY, id TEXT NOT NULL, traits TEXT NOT NULL, context TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS acknowledged (no INTEGER PRIMARY KEY, traits TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS companies (id TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS queue (seq INTEGER PRIMARY KEY AUTOINCREMENT, no INTEGER NOT NULL, user_id TEXT NOT NULL,
        message_id TEXT NOT NULL, at TEXT NOT NULL, traits TEXT NOT NULL, context TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS dead (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, answer TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS cursors (stream TEXT PRIMARY KEY, search_after TEXT);`;

export function open(path) {
    const db = new Database(path);
    db.pragma("page_size = 16384");
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.pragma("wal_autocheckpoint = 4096");
    db.pragma("cache_size = -65536");
    db.exec(schema);
    const prepared = (sql) => db.prepare(sql);
    return {
        db,
        known: prepared("SELECT id, no, hash FROM ids WHERE id BETWEEN ? AND ?").raw(),
        addUser: prepared("INSERT INTO users (id, traits, context) VALUES (?, ?, ?)"),
        changeUser: prepared("UPDATE users SET traits = ?, context = ? WHERE no = ?"),
        traitsOf: prepared("SELECT traits FROM users WHERE no = ?").pluck(),
        putId: prepared("INSERT INTO ids VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET hash = excluded.hash"),
        putCompany: prepared("INSERT INTO companies VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value"),
        company: prepared("SELECT value FROM companies WHERE id = ?").pluck(),
        enqueue: prepared("INSERT INTO queue (no, user_id, message_id, at, traits, context) VALUES (?, ?, ?, ?, ?, ?)"),
        waiting: prepared("SELECT seq, no, user_id, message_id, at, traits, context FROM queue WHERE seq > ? ORDER BY seq LIMIT ?"),
        remove: prepared("DELETE FROM queue WHERE seq = ?"),
        removeRange: prepared("DELETE FROM queue WHERE seq BETWEEN ? AND ?"),
        acknowledged: prepared("SELECT traits FROM acknowledged WHERE no = ?").pluck(),
        acknowledge: prepared("INSERT INTO acknowledged VALUES (?, ?) ON CONFLICT (no) DO UPDATE SET traits = excluded.traits"),
        bury: prepared("INSERT INTO dead VALUES (?, ?, ?)"),
        cursor: prepared("SELECT search_after FROM cursors WHERE stream = ?").pluck(),
        putCursor: prepared("INSERT INTO cursors VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET search_after = excluded.search_after"),
        usersAfter: prepared("SELECT no, id, traits, context FROM users WHERE no > ? ORDER BY no LIMIT 1000"),
    };
}

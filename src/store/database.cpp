#include "traitsync/store/database.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "schema.hpp"
#include "soundness.hpp"
#include "sqlite_setup.hpp"
#include "statement.hpp"
#include "store_lock.hpp"
#include "traitsync/core/private_file.hpp"

namespace traitsync::store {
namespace {

// Point 5 of the measured alternatives: 16 KB pages make first syncs 20-30 % faster and deliveries 50 %.
constexpr char const* page_size = "PRAGMA page_size = 16384";
// 64 MB of log between checkpoints: the default of 4 MB costs 30-45 % on writes.
constexpr int checkpoint_pages = 4096;
// How long a statement waits for another connection's lock.
constexpr int busy_millis = 5000;
// In KiB: the narrow tables of a million profiles fit, and memory stays bounded.
constexpr int cache_kib = 40 * 1024;
constexpr std::int64_t log_index_bytes = 32 * 1024;
// Of each of the two files while one is written anew from the other: pages go by in order.
constexpr int rewrite_cache_kib = 4 * 1024;

// Sets and reads back: SQLite ignores a misspelt pragma in silence.
void set_pragma(SQLite::Database& db, std::string const& name, std::int64_t value) {
    db.exec(fmt::format("PRAGMA {} = {}", name, value));
    if (pragma(db, name.c_str()) != value) throw broken_invariant{"SQLite did not take PRAGMA " + name};
}

// A copy that was put in place by other means may be open to others, and SQLite gives its log the same mode.
void make_private(std::string const& path) {
    for (auto const* rest : {"", "-wal", "-shm", ".lock"}) {
        auto const file = path + rest;
        struct stat found {};
        // Not through a link: where root starts it, whoever owns the folder would have root change any file.
        if (::lstat(file.c_str(), &found) != 0 || !S_ISREG(found.st_mode) || (found.st_mode & 077U) == 0) continue;
        if (::fchmodat(AT_FDCWD, file.c_str(), found.st_mode & 07700U, AT_SYMLINK_NOFOLLOW) != 0) continue;  // not ours
    }
}

}  // namespace

struct database::parts {
    store_lock lock;
    std::string path;
    std::unique_ptr<SQLite::Database> db;
    int version = 0;
    bool unclean = false;
};

database::database() : parts_{std::make_unique<parts>()} {}
database::~database() = default;

SQLite::Database& database::connection() { return *parts_->db; }
std::string const& database::path() const { return parts_->path; }
int database::schema_version() const { return parts_->version; }
bool database::was_unclean() const { return parts_->unclean; }
std::vector<std::string> const& database::runs() const { return parts_->lock.runs(); }
result<void> database::note_runs(std::vector<std::string> names) {
    return parts_->lock.note_runs(parts_->path, std::move(names));
}
int database::newest_schema_version() { return store::newest_schema_version(); }

error error_of(int sqlite_code, std::string const& words) {
    switch (sqlite_code & 0xff) {
        case SQLITE_FULL:
            return {fault::storage, "the disk of the store is full: " + words};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {fault::storage,
                    "the store is damaged: " + words + ". It was not touched; stop traitsync and restore a backup"};
        case SQLITE_READONLY:
            return {fault::storage, "the store cannot be written: " + words};
        case SQLITE_CANTOPEN:
            // Of a store in WAL mode even a reader makes files beside it.
            return {fault::storage, "the store cannot be opened: " + words +
                                        "; it must be readable, and its directory writable for this user (to save a "
                                        "store from a read-only disk, copy it with its -wal file elsewhere)"};
        case SQLITE_IOERR:
            return {fault::storage, "the store's disk failed: " + words};
        default:
            return {fault::storage, "the store failed: " + words};
    }
}

namespace {

// The process's umask while this lives. All threads make their files by it: only before there are others.
class file_mask {
public:
    explicit file_mask(mode_t mask) : before_{::umask(mask)} {}
    ~file_mask() { ::umask(before_); }
    file_mask(file_mask const&) = delete;
    file_mask& operator=(file_mask const&) = delete;

private:
    mode_t before_;
};

// Whoever closes a store last moves its log into the file and removes it.
void move_log_at_close(SQLite::Database& db, bool on) {
    sqlite3_db_config(db.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 0 : 1, nullptr);
}

// Gives the schema's version. Nobody else may read what SQLite makes beside the file. What is refused keeps its log.
result<int> connect(std::unique_ptr<SQLite::Database>& made, std::string const& path, bool fresh) {
    file_mask const private_files{0077};
    auto const had_log = has_log(path);
    made = std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, busy_millis);
    auto& db = *made;
    move_log_at_close(db, false);
    sqlite3_db_config(db.getHandle(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(db.getHandle(), SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_extended_result_codes(db.getHandle(), 1);
    TRY_ASSIGN(auto const version, our_version(db, path));
    TRY(check_log_not_lost(db, path, had_log));
    if (fresh) {
        db.exec(page_size);
        db.exec("PRAGMA auto_vacuum = INCREMENTAL");
    }
    // Until the log is in use there is a rollback journal. Its end must be durable too: found again after a power cut
    // it would undo the store.
    db.exec("PRAGMA synchronous = EXTRA");
    db.exec("PRAGMA journal_mode = WAL");
    return version;
}

}  // namespace

result<std::unique_ptr<database>> database::open(std::string const& named) {
    configure_sqlite();
    auto const path = real_path(named);
    std::unique_ptr<database> self{new database};
    self->parts_->path = path;
    TRY(check_header(path));
    TRY(self->parts_->lock.take(path));
    auto const folder = std::filesystem::path{path}.parent_path().string();
    keep_temporary_files_in(folder.empty() ? "." : folder);
    TRY(check_not_lost(path));
    TRY(check_log(path));
    make_private(path);
    try {
        auto const fresh = !std::filesystem::exists(path) || std::filesystem::file_size(path) == 0;
        // SQLite gives log and index the owner of this file; where it cannot be made, SQLite says why.
        if (auto const made = make_private_file(path); made >= 0) ::close(made);
        TRY_ASSIGN(auto const version, connect(self->parts_->db, path, fresh));
        auto& db = *self->parts_->db;
        set_pragma(db, "synchronous", 2);  // FULL: offered and acknowledged survive a power cut
        set_pragma(db, "wal_autocheckpoint", checkpoint_pages);
        set_pragma(db, "cache_size", -cache_kib);
        // Deleted values are overwritten where that costs no further page: no clear text stays behind in used pages.
        db.exec("PRAGMA secure_delete = FAST");
        db.exec("PRAGMA journal_size_limit = 67108864");

        // The indexes that a step makes are sorted in files, not in memory.
        set_pragma(db, "temp_store", 1);
        TRY(migrate(db, version, path));
        set_pragma(db, "temp_store", 2);
        move_log_at_close(db, true);
        self->parts_->version = newest_schema_version();
        {
            // The mark stands while a process has the store open. Where the last one left it nothing is written: on a
            // full disk what is there can still be shown.
            self->parts_->unclean = db.execAndGet("SELECT count(*) FROM meta WHERE key = 'open'").getInt() != 0;
            if (!self->parts_->unclean) db.exec("INSERT INTO meta VALUES ('open', 1)");
        }
        if (version == 0) {
            note_made(db);
        } else if (is_marked_as_made(db)) {
            // The making was killed between the mark and its removal. Moved into the file with the log, the mark would
            // say that the log is lost. Where the disk is too full for it now, the clean end takes it away.
            db.tryExec("DELETE FROM meta WHERE key = 'as_made'");
        }
        self->parts_->lock.remember_store();
    } catch (SQLite::Exception const& e) {
        // SQLite says of a disk without room for the first piece of its log's index that it failed.
        auto const failed = (e.getErrorCode() & 0xff) == SQLITE_IOERR;
        auto const full = failed && free_bytes_beside(path).value_or(log_index_bytes) < log_index_bytes;
        auto failure = error_of(full ? SQLITE_FULL : e.getErrorCode(), e.what());
        failure.what = fmt::format("{} ({})", failure.what, path);
        return failure;
    } catch (std::filesystem::filesystem_error const& e) {
        return error{fault::storage, fmt::format("cannot read the store {}: {}", path, e.code().message())};
    }
    return self;
}

void database::checkpoint() {
    sqlite3_wal_checkpoint_v2(parts_->db->getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

std::int64_t database::free_pages() { return pragma(*parts_->db, "freelist_count"); }
std::int64_t database::pages() { return pragma(*parts_->db, "page_count"); }

std::int64_t database::shrink(int pages) {
    // Each step of the statement frees one page.
    statement step{*parts_->db, fmt::format("PRAGMA incremental_vacuum({})", pages).c_str()};
    step.with().run();
    return free_pages();
}

std::int64_t database::bytes() { return pages() * pragma(*parts_->db, "page_size"); }

result<void> database::rewrite() {
    auto& db = *parts_->db;
    // The copy is built in a file (keep_temporary_files_in); by itself SQLite would build it in memory, as temp_store
    // says, with a second cache of the store's size.
    int code = SQLITE_OK;
    std::string words;
    try {
        set_pragma(db, "temp_store", 1);
        set_pragma(db, "cache_size", -rewrite_cache_kib);
        db.exec("VACUUM");
    } catch (SQLite::Exception const& e) {
        code = e.getErrorCode();
        words = e.what();
    }
    set_pragma(db, "temp_store", 2);
    set_pragma(db, "cache_size", -cache_kib);
    if (code != SQLITE_OK) return error_of(code, words);
    return {};
}

bool database::empty_log(std::chrono::milliseconds patience) {
    auto* const handle = parts_->db->getHandle();
    sqlite3_busy_timeout(handle, static_cast<int>(patience.count()));
    auto const code = sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_busy_timeout(handle, busy_millis);
    return code == SQLITE_OK;
}

std::int64_t database::log_bytes() const {
    std::error_code none;
    auto const size = std::filesystem::file_size(parts_->path + "-wal", none);
    return none ? 0 : static_cast<std::int64_t>(size);
}

void database::overwrite_freed_pages(bool on) {
    parts_->db->exec(on ? "PRAGMA secure_delete = ON" : "PRAGMA secure_delete = FAST");
}

void database::close_cleanly() {
    try {
        parts_->db->exec("DELETE FROM meta WHERE key IN ('open', 'as_made')");
        sqlite3_wal_checkpoint_v2(parts_->db->getHandle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    } catch (SQLite::Exception const&) {
        // The next start finds the mark and recovers: nothing depends on a clean end.
    }
}

void database::close_untouched() { move_log_at_close(*parts_->db, false); }

result<std::string> database::inspect(std::string const& named) {
    auto const path = real_path(named);
    TRY(check_header(path));
    TRY(check_not_lost(path));
    // A log that is being written cannot be judged; the process that writes it judged it when it started.
    if (!is_locked(path)) TRY(check_log(path));
    if (std::error_code absent; !std::filesystem::exists(path, absent)) return std::string{};
    try {
        auto const had_log = has_log(path);
        SQLite::Database db{path, SQLite::OPEN_READONLY, busy_millis};
        TRY(our_version(db, path));
        TRY(check_log_not_lost(db, path, had_log));
    } catch (SQLite::Exception const& e) {
        return error_of(e.getErrorCode(), e.what());
    }
    return quick_check(path);
}

}  // namespace traitsync::store

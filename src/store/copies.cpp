// Copies of a store, and whether one is sound: on connections of their own, while another process may write.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "content_check.hpp"
#include "schema.hpp"
#include "soundness.hpp"
#include "sqlite_setup.hpp"
#include "statement.hpp"
#include "store_lock.hpp"
#include "traitsync/core/private_file.hpp"
#include "traitsync/store/checking.hpp"
#include "traitsync/store/copied.hpp"
#include "traitsync/store/database.hpp"

namespace traitsync::store {
namespace {

struct descriptor {
    int number;
    explicit descriptor(int opened) : number{opened} {}
    ~descriptor() {
        if (number >= 0) ::close(number);
    }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
};

error cannot_write(std::string const& file) {
    return {fault::storage, fmt::format("the copy failed: cannot write {}: {}", file, std::strerror(errno))};
}

error exists_already(std::string const& to) {
    return {fault::conflict, to + " exists already: a backup does not overwrite"};
}

// SQLite tells what failed, not which of the two files.
error copy_failed(int sqlite_code, std::string const& words, std::string const& partial) {
    if ((sqlite_code & 0xff) == SQLITE_FULL) {
        // SQLite says so too of a row whose length a damaged page makes absurd.
        return {fault::storage, fmt::format("the copy failed: no space is left where {} is written (if there is, the "
                                            "store may be damaged: \"traitsync check\" tells)",
                                            partial)};
    }
    auto failure = error_of(sqlite_code, words);
    failure.what = "the copy failed: " + failure.what;
    return failure;
}

// A file system that does not know the flag gets a look before, which two at the very same time could pass.
result<void> name_it(std::string const& partial, std::string const& to) {
    if (::renameat2(AT_FDCWD, partial.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST) return exists_already(to);
        if (errno != EINVAL && errno != ENOSYS) return cannot_write(to);
        std::error_code unknown;
        if (std::filesystem::exists(to, unknown)) return exists_already(to);
        if (std::rename(partial.c_str(), to.c_str()) != 0) return cannot_write(to);
    }
    if (!sync_name(to)) return cannot_write(to);
    return {};
}

result<void> copy_into(std::string const& path, std::string const& partial) {
    descriptor const made{::open(partial.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (made.number < 0) return cannot_write(partial);
    try {
        auto const had_log = has_log(path);
        SQLite::Database db{path, SQLite::OPEN_READONLY, 30'000};
        TRY_ASSIGN(auto const version, our_version(db, path));
        TRY(check_log_not_lost(db, path, had_log));
        if (version == 0) return error{fault::storage, path + " is empty: there is no store to copy"};
        statement copy{db, "VACUUM INTO ?"};
        copy.with(partial).run();
        SQLite::Database copied{partial, SQLite::OPEN_READWRITE};
        // No file beside it: where this is interrupted, the copy has no name yet.
        copied.exec("PRAGMA journal_mode = OFF");
        forget_made(copied);
        statement mark{copied, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, 1)"};
        mark.with(std::string_view{copied_key}).run();
    } catch (SQLite::Exception const& e) {
        return copy_failed(e.getExtendedErrorCode(), e.what(), partial);
    }
    if (::fsync(made.number) != 0) return cannot_write(partial);
    TRY_ASSIGN(auto const damage, database::quick_check(partial));
    if (!damage.empty()) return error{fault::storage, fmt::format("the copy is damaged and was removed: {}", damage)};
    return {};
}

}  // namespace

result<void> database::backup(std::string const& named, std::string const& to) {
    configure_sqlite();
    auto const path = real_path(named);
    std::error_code code;
    if (std::filesystem::exists(to, code)) return exists_already(to);
    TRY(check_header(path));
    TRY(check_not_lost(path));
    // As for inspect(): whoever has it open judged the log.
    if (!is_locked(path)) TRY(check_log(path));
    // One copy of a store at a time: two would share the file that has no name yet. This lock is not one of SQLite's,
    // and what holds it is closed after SQLite's connection, which would lose its own otherwise.
    descriptor const source{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (source.number < 0) return error{fault::storage, "there is no store at " + path};
    if (::flock(source.number, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return error{fault::conflict, fmt::format("another backup of {} is being made: wait for its end", path)};
    }
    auto const partial = to + ".partial";
    for (auto const* rest : {"", "-wal", "-shm", ".lock"}) {
        if (!std::filesystem::equivalent(partial, path + rest, code)) continue;
        return error{fault::conflict, fmt::format("a copy to {} is written to {} first, which belongs to the store: "
                                                  "name another file",
                                                  to, partial)};
    }
    std::filesystem::remove(partial, code);
    auto copied = copy_into(path, partial);
    if (copied) copied = name_it(partial, to);
    if (!copied) std::filesystem::remove(partial, code);
    return copied;
}

result<std::string> database::quick_check(std::string const& path) { return checking{path}.run(); }

checking::checking(std::string const& path) {
    try {
        db_ = std::make_unique<SQLite::Database>(path, SQLite::OPEN_READONLY, 5000);
    } catch (SQLite::Exception const& e) {
        opened_ = error_of(e.getErrorCode(), e.what());
    }
}

checking::~checking() = default;

result<std::string> checking::run() {
    error const broken_off{fault::cancelled, "the check of the store was broken off"};
    TRY(opened_);
    if (broken_off_) return broken_off;
    try {
        statement check{*db_, "PRAGMA quick_check(5)"};
        // SQLite knows its pages, not what the bytes in them say.
        if (!check.with().step() || check.text(0) == "ok") return find_damaged_content(*db_);
        return std::string{check.text(0)};
    } catch (SQLite::Exception const& e) {
        if (broken_off_) return broken_off;
        return error_of(e.getErrorCode(), e.what());
    }
}

void checking::break_off() {
    broken_off_ = true;
    // Not a progress handler: SQLite 3.40 does not call one while it walks the pages, which is nearly all of it.
    if (db_) sqlite3_interrupt(db_->getHandle());
}

}  // namespace traitsync::store

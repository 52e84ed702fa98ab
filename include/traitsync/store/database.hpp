#pragma once
// The SQLite file: opening, the lock against a second process, checks, migrations. One connection that
// writes; it belongs to the store thread.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "traitsync/core/error.hpp"

namespace SQLite {
class Database;
}

namespace traitsync::store {

class database {
public:
    // Opens or creates the file (mode 0600), takes the lock and migrates. Errors: conflict (another process
    // holds the store: its pid is named; or the file was written by a newer version: both versions are
    // named), storage (cannot be read or written, damaged, not ours).
    static result<std::unique_ptr<database>> open(std::string const& path);
    ~database();

    SQLite::Database& connection();
    std::string const& path() const;
    int schema_version() const;
    static int newest_schema_version();
    // Whether the last process ended without closing: what was offered then is offered again.
    bool was_unclean() const;

    // Names of runs of this store that the lock beside it keeps, in words without spaces; none where it knows of none.
    std::vector<std::string> const& runs() const;
    result<void> note_runs(std::vector<std::string> names);  // on the disk when it returns

    // Moves the log into the file; called in idle moments.
    void checkpoint();
    // Gives free pages back to the file system, at most `pages` of them; the number that is left. Outside transactions.
    std::int64_t shrink(int pages);
    std::int64_t free_pages();
    std::int64_t pages();
    // Writes every page anew, so that nothing older stays in the unused room inside pages. Takes the file's size twice
    // beside the store until the log is emptied, and is one step that nobody can interrupt. Outside transactions.
    result<void> rewrite();
    std::int64_t bytes();  // of the pages, without the log
    // Moves the whole log into the file and empties it, so that it holds no older copy of anything. False when a reader
    // still used it at the end of `patience`: try again.
    bool empty_log(std::chrono::milliseconds patience = std::chrono::seconds{5});
    std::int64_t log_bytes() const;
    // While on, freed pages are overwritten too, not only what is freed within pages.
    void overwrite_freed_pages(bool on);

    // Marks the end as clean. Call as the last thing before destruction.
    void close_cleanly();
    // Instead, for a store that was found damaged: the end changes none of its files.
    void close_untouched();

    // A consistent copy into a new file (mode 0600) while another process writes the store; checked before it gets
    // its name. Errors: conflict (the file exists, or another copy is being made), storage.
    static result<void> backup(std::string const& path, std::string const& to);

    // Whether a process could work with the store: absent without leaving anything behind; or ours, of a version that
    // this program knows (else conflict), its log unbroken, and the full structural check below.
    static result<std::string> inspect(std::string const& path);

    // Full structural check on a connection of its own: empty when sound, else SQLite's words.
    static result<std::string> quick_check(std::string const& path);

private:
    database();
    struct parts;
    std::unique_ptr<parts> parts_;
};

// The file that `store.path` means in the end: a symbolic link is followed, also to a file that is not there yet. Log
// and lock lie beside that one, and its disk is the one that must have room.
std::string real_path(std::string const& path);
// Free bytes on that disk for who is not root; nothing where it does not say.
std::optional<std::int64_t> free_bytes_beside(std::string const& store_path);

// The one translation of SQLite's codes into words.
error error_of(int sqlite_code, std::string const& words);

}  // namespace traitsync::store

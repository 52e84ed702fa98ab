#pragma once
// Passes over Moesif: where each stands, what it counted for the brake, and what it found missing. An
// unfinished pass goes on after a restart. Store thread only; throws SQLite::Exception.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/profile/trait.hpp"

namespace SQLite {
class Database;
}

namespace traitsync::store {

enum class pass_kind : std::uint8_t { full, incremental, rediff };
enum class pass_stage : std::uint8_t { companies, users, done };
std::string_view name_of(pass_kind k);
std::string_view name_of(pass_stage s);

struct pass_row {
    std::int64_t no = 0;
    pass_kind kind = pass_kind::full;
    pass_stage stage = pass_stage::companies;
    bool first_sync = false;
    bool counts = true;        // not stored: false for a step behind its end, which the brake has decided on
    std::string search_after;  // raw JSON array; rediff: the last number; empty: from the start
    std::string last_key;      // full: the largest key read in this stage, `_id` or with fallback_key the own id
    // Not stored: the place names a forgotten person, so the one before it stays in the store. After a crash what lies
    // between is read again.
    bool unnamed_cursor = false;
    bool ordered = true;
    bool fallback_key = false;
    std::optional<std::int64_t> since_companies, since_users;    // incremental
    std::optional<std::int64_t> newest_companies, newest_users;  // largest modified time read
    std::int64_t started = 0;                                    // 0: asked for by the operator, not begun
    std::optional<std::int64_t> ended;
    std::int64_t pages = 0, read = 0, changed = 0, queued = 0, quarantined = 0, gone = 0, forgotten = 0;
    std::int64_t counted = 0;
    std::array<std::int64_t, profile::trait_count> nulls{};
    std::int64_t caused = 0;  // the same by message; those of one user may be several
    bool brake_closed = false;
    std::string error;
};

struct failed_passes {
    std::int64_t since = 0;  // end of the first one behind the last good one
    pass_row latest;
    std::int64_t count = 0;
};

enum class profile_kind : std::uint8_t { company = 0, user = 1 };

struct missing_row {
    profile_kind kind = profile_kind::user;
    std::string doc_id;
    std::int64_t pass = 0;
};

class passes {
public:
    explicit passes(SQLite::Database& db);
    ~passes();

    std::int64_t add(pass_row const& row);
    // All but `gone`, which is counted on its own and read back: profiles are asked for by id while pages are read.
    void save(pass_row& row);
    void count_gone(std::int64_t no);      // one more profile that this pass missed, also when it has ended
    std::optional<pass_row> unfinished();  // one over the store before others
    std::vector<pass_row> all_unfinished();
    std::optional<pass_row> find(std::int64_t no);
    std::vector<pass_row> latest(int limit);
    std::vector<pass_row> before(std::int64_t no, int limit);  // newest first; 0: from the newest
    std::optional<pass_row> last_good();                       // the last that ended without an error
    std::optional<failed_passes> failing();  // where the last full one, or the last one of all, ended with an error
    std::optional<failed_passes> failing_full();  // the former alone
    // The operator's pass: it waits behind the unfinished one. Where one waits already, that one, turned into a full
    // one when this is one.
    pass_row ask(pass_kind kind);
    void begin(pass_row const& row);                       // kind, times and first_sync of a pass that was asked for
    std::optional<std::int64_t> last_end(pass_kind kind);  // of a pass that ended without an error

    void add_missing(profile_kind kind, std::string_view doc_id, std::int64_t pass);
    void remove_missing(profile_kind kind, std::string_view doc_id);
    bool any_missing(profile_kind kind);
    // False where it was shown since, or missed again by a later pass.
    bool is_missing(missing_row const& row);
    bool is_missing(profile_kind kind, std::string_view doc_id);  // whichever pass it was that did not show it
    std::optional<missing_row> next_missing(profile_kind after_kind, std::string_view after_id);
    std::int64_t count_missing();
    std::int64_t count_missing(profile_kind kind);

private:
    struct statements;
    std::unique_ptr<statements> sql_;
};

}  // namespace traitsync::store

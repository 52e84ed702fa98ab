#include "traitsync/store/copied.hpp"

#include <SQLiteCpp/Database.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "stored_ids.hpp"
#include "traitsync/core/sha256.hpp"

namespace traitsync::store {
namespace {

constexpr auto file_key = "file";
constexpr auto run_key = "run";
constexpr auto no_run = "none";

std::int64_t renew_ids(SQLite::Database& db, std::int64_t now) {
    std::vector<std::pair<std::int64_t, message_id>> waiting;
    for (auto const* sql : {"SELECT no, id FROM messages WHERE state = 0 AND wait = 0",
                            "SELECT no, id FROM messages_aside WHERE state IN (0, 4)"}) {
        statement find{db, sql};
        find.with();
        while (find.step()) {
            waiting.emplace_back(find.integer(0), id_of(find.text(1)));
        }
    }
    statement change{db, "UPDATE messages SET id = ?2 WHERE no = ?1"};
    for (auto const& [no, id] : waiting) {
        // The newest message of its user keeps its place behind the others.
        auto const fresh = make_message_id(from_millis(now), id);
        change.with(no, blob_of(fresh)).run();
    }
    return static_cast<std::int64_t>(waiting.size());
}

}  // namespace

std::string file_identity(std::string const& path) {
    struct statx found {};
    if (::statx(AT_FDCWD, path.c_str(), 0, STATX_INO | STATX_BTIME, &found) != 0) return {};
    // Numbers are given again as soon as a file is gone; not every file system knows of births.
    auto const born = (found.stx_mask & STATX_BTIME) != 0;
    return fmt::format("{}:{}.{:09}", found.stx_ino, born ? found.stx_btime.tv_sec : 0,
                       born ? found.stx_btime.tv_nsec : 0);
}

result<std::optional<std::int64_t>> settle_copy(session& s, std::int64_t now) {
    auto const identity = file_identity(s.file().path());
    auto const before = s.meta.text(file_key);
    auto const last_run = s.meta.text(run_key).value_or(no_run);
    auto const& known = s.file().runs();
    // Stores of before say neither where they lay nor in which run they were.
    auto const elsewhere = before && !identity.empty() && *before != identity;
    auto const left_behind = known.empty() ? last_run != no_run : std::ranges::find(known, last_run) == known.end();
    auto const copied = s.meta.integer(copied_key).has_value() || elsewhere || left_behind;
    auto const run = random_hex(8);
    // Until the store says it too the lock knows both: who is killed between has made no copy. And what is a copy stays
    // one until its messages have their new ids.
    std::vector<std::string> names{run};
    if (!copied) names.push_back(last_run);
    TRY(s.file().note_runs(std::move(names)));
    std::optional<std::int64_t> renewed;
    {
        session::transaction tx{s};
        if (copied) renewed = renew_ids(s.file().connection(), now);
        s.meta.remove(copied_key);
        if (!identity.empty()) s.meta.set(file_key, identity);
        s.meta.set(run_key, run);
        tx.commit();
    }
    TRY(s.file().note_runs({run}));
    return renewed;
}

}  // namespace traitsync::store

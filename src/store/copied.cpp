#include "traitsync/store/copied.hpp"

#include <SQLiteCpp/Database.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include <utility>
#include <vector>

#include "stored_ids.hpp"

namespace traitsync::store {
namespace {

constexpr auto file_key = "file";

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

std::optional<std::int64_t> settle_copy(session& s, std::int64_t now) {
    auto const identity = file_identity(s.file().path());
    auto const before = s.meta.text(file_key);
    auto const copied = s.meta.integer(copied_key).has_value();
    if (!copied && before == identity) return std::nullopt;
    session::transaction tx{s};
    std::optional<std::int64_t> renewed;
    // Stores of before do not say where they lay.
    if (copied || (before && !identity.empty())) renewed = renew_ids(s.file().connection(), now);
    s.meta.remove(copied_key);
    if (!identity.empty()) s.meta.set(file_key, identity);
    tx.commit();
    return renewed;
}

}  // namespace traitsync::store

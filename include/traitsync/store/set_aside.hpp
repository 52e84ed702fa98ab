#pragma once
// Documents that cannot be used: one row a document with reason and raw text, dropped when the document is
// good again. Store thread only; throws SQLite::Exception.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/store/passes.hpp"

namespace traitsync::store {

struct quarantined {
    profile_kind kind = profile_kind::user;
    std::string doc_id;  // without an id: "sha256:" and the hash of its text
    std::string reason;
    std::string detail;
    std::string raw;
    std::int64_t first_seen = 0;
    std::int64_t last_seen = 0;
    std::int64_t pass = 0;
    std::optional<std::string> stated = {};  // whose it is, where `raw` does not say it or not any more
};

// The reasons of a document that is set aside because another one with the same id counts.
inline constexpr std::string_view duplicate_user_id = "duplicate_user_id";
inline constexpr std::string_view duplicate_company_id = "duplicate_company_id";

// Whose document a text is, as far as it says so; see profile/stated_id.
std::optional<std::string> stated_id(profile_kind kind, std::string_view raw);

class set_aside {
public:
    explicit set_aside(SQLite::Database& db);
    ~set_aside();

    // True when the document was not there yet or its reason changed.
    bool put(quarantined const& q);
    void drop(profile_kind kind, std::string_view doc_id);  // cheap when there is none at all
    // Of the documents that state this user's or company's id and were set aside because another one of it counts, the
    // one of the newest time.
    std::optional<std::string> duplicate_of(profile_kind kind, std::string_view own_id);
    // One that states this id, why ever it was set aside.
    std::optional<std::string> any_of(profile_kind kind, std::string_view own_id);
    // After a whole full pass: documents that it did not show any more, at most `limit`; true while more may remain.
    bool drop_unseen(profile_kind kind, std::int64_t pass, int limit);
    std::int64_t count() const;
    void recount();  // after a rolled back transaction
    std::vector<quarantined> list(int limit);

private:
    struct statements;
    std::unique_ptr<statements> sql_;
};

}  // namespace traitsync::store

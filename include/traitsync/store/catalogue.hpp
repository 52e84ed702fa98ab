#pragma once
// Lists for people: where to look for profiles and messages, a page at a time, each answered by an index.
// Reading connection only; throws SQLite::Exception.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/diff/account.hpp"
#include "traitsync/store/set_aside.hpp"

namespace SQLite {
class Database;
}

namespace traitsync::store {

// A message as its row says; `traits` only where it is frozen.
struct message_row {
    std::int64_t no = 0;
    message_id id;
    std::int64_t user_no = 0;
    diff::message_state state = diff::message_state::waiting;
    std::uint8_t wait = 0;
    profile::trait_set traits;
    bool marked = false;
    std::int64_t created = 0, timestamp = 0, first_offered = 0, settled = 0;
    std::int64_t attempts = 0;  // that failed
    std::int64_t next_attempt = 0;
    diff::dead_reason reason = diff::dead_reason::none;
    std::string answer;  // dead: Segment's; else the last error
};

class catalogue {
public:
    explicit catalogue(SQLite::Database& db);
    ~catalogue();

    std::vector<std::int64_t> users_after(std::int64_t no, int limit);
    std::vector<std::int64_t> present_users_after(std::int64_t no, int limit);  // those that are not gone
    std::vector<std::int64_t> users_of_company(std::string_view company_id, std::int64_t after, int limit);
    struct named_user {
        std::string user_id;
        std::int64_t no = 0;
    };
    std::vector<named_user> users_by_id(std::string_view prefix, std::string_view after, int limit);
    struct place {
        std::int64_t at = 0;  // when gone, or the message's number
        std::int64_t user_no = 0;
    };
    std::vector<place> gone_users(place const& after, int limit);
    // Users of messages in an open state, by message number: waiting, offered, dead, held.
    std::vector<place> users_of_messages(diff::message_state s, std::int64_t after, int limit);
    // The user's smallest message number in that state.
    std::optional<std::int64_t> first_message(std::int64_t user_no, diff::message_state s);

    // Where no index knows what belongs, rows that do not are looked at too, `most` in all.
    struct some_messages {
        std::vector<message_row> rows;
        int looked = 0;
        std::int64_t last = 0;  // that was looked at
        bool more = false;      // there may be others behind it
    };
    // Newest first, numbers below `before` (0: from the newest). Of one state or of one user where given.
    some_messages messages(std::optional<diff::message_state> s, std::optional<std::int64_t> user_no,
                           std::int64_t before, int limit, int most);
    // Oldest first.
    some_messages dead(std::optional<diff::dead_reason> reason, std::int64_t after, int limit, int most);
    std::optional<message_row> message(message_id const& id);
    std::optional<message_row> message(std::int64_t no);

    struct quarantine_row {
        std::int64_t no = 0;
        quarantined what;
    };
    // The next one in their order. One at a time: a raw text may have the size of a page of Moesif's.
    std::optional<quarantine_row> quarantined_after(std::int64_t no);
    bool is_quarantined_after(std::int64_t no);  // without reading it
    std::optional<quarantined> quarantine_of(profile_kind kind, std::string_view doc_id, std::string_view own_id);

    bool was_acknowledged(std::int64_t user_no, std::int64_t from, std::int64_t to);

private:
    struct statements;
    std::unique_ptr<statements> sql_;
};

}  // namespace traitsync::store

#pragma once
// Replays, previews and their sets of users; and the answers kept for repeated requests. A replay walks its
// set in the order of user numbers; how far it has come commits with the marks that it made. Store thread
// only; throws SQLite::Exception.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/profile/trait.hpp"
#include "traitsync/store/user_set.hpp"

namespace SQLite {
class Database;
}

namespace traitsync::store {

enum class replay_state : std::uint8_t { running, done, cancelled, failed };
std::string_view name_of(replay_state s);

struct replay_row {
    std::int64_t no = 0;
    replay_state state = replay_state::running;
    std::string selector;  // JSON object
    profile::trait_set traits;
    std::int64_t created = 0;
    std::optional<std::int64_t> ended;
    std::int64_t after_user_no = 0;
    std::int64_t profiles = 0, messages = 0, bytes = 0, done = 0;
    std::string error;
};

struct preview_row {
    std::string token;
    std::int64_t created = 0;
    std::string selector;
    std::int64_t profiles = 0, messages = 0, bytes = 0;
};

// The first answer to a request with an Idempotency-Key.
struct kept_answer {
    std::string key, route, request;
    std::int64_t created = 0;
    int status = 0;
    std::string location, body;
};

class replays {
public:
    explicit replays(SQLite::Database& db);
    ~replays();

    std::int64_t add(replay_row const& row, user_set const& users);
    std::optional<replay_row> find(std::int64_t no);
    std::vector<replay_row> before(std::int64_t no, int limit);  // newest first; 0: from the newest
    // How far a running replay has come.
    struct progress {
        std::int64_t no = 0;
        profile::trait_set traits;
        std::int64_t after_user_no = 0;
    };
    std::vector<progress> running();  // the oldest first
    // The oldest running one that has not reached all of its users. One that only waits, for the brake perhaps, keeps
    // no other from going.
    std::optional<progress> feeding();
    void advance(std::int64_t no, std::int64_t after_user_no);
    // Its set goes. Claims whose profiles are gone count as done: nothing of them goes any more.
    void end(std::int64_t no, replay_state state, std::int64_t now, std::int64_t gone = 0);

    // The smallest user numbers of the set after `after`.
    std::vector<std::int64_t> next_users(std::int64_t no, std::int64_t after, std::size_t limit);
    // Whether a message waits or is held, and may go one day, that no replay has claimed: it and what a replay asks of
    // its user are to be one message. Looked for among the first thousands.
    bool may_join();

    // Messages that still carry the replay's claim: all, those that wait for a gone profile, and those on their way.
    struct claims {
        std::int64_t open = 0;
        std::int64_t parked = 0;
        std::int64_t moving = 0;
    };
    claims count_claims(std::int64_t no);
    std::int64_t count_open();  // of all replays
    // A user whose waiting message still carries the claim of a replay that was cancelled.
    struct stale_claim {
        std::int64_t replay_no = 0;
        std::int64_t user_no = 0;
    };
    std::vector<stale_claim> stale_claims(int limit);

    // A preview holds a bit for each user, 125 KB at a million of them: the newest of so many are kept.
    static constexpr int most_previews = 100;
    void put_preview(preview_row const& row, user_set const& users);
    std::optional<preview_row> preview(std::string_view token);
    user_set preview_users(std::string_view token);
    void drop_preview(std::string_view token);
    // The preview that a set of users belongs to; nothing for a replay's.
    static std::optional<std::string_view> preview_of(std::string_view set_owner);
    std::vector<std::string> previews_that_name(std::string_view user_id);  // in their selector
    // Those from before `before` and those beyond most_previews, at most `limit`; true while more remain.
    bool trim_previews(std::int64_t before, int limit);

    std::optional<kept_answer> answer(std::string_view key, std::string_view route, std::int64_t since);
    void keep(kept_answer const& a);

    // Answers older than a day, and replays that ended before `before`: all of them at once.
    void trim(std::int64_t now, std::int64_t before);

private:
    struct statements;
    std::unique_ptr<statements> sql_;
};

}  // namespace traitsync::store

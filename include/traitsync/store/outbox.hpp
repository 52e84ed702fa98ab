#pragma once
// The durable queue of identify messages. A row leaves only acknowledged, as a dead letter, or undone before
// it was ever offered. Store thread only; throws SQLite::Exception.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/diff/life.hpp"
#include "traitsync/store/accounts.hpp"
#include "traitsync/store/companies.hpp"
#include "traitsync/store/composer.hpp"
#include "traitsync/store/profiles.hpp"
#include "traitsync/store/totals.hpp"

namespace traitsync::store {

struct frozen {
    std::int64_t row = 0;
    std::string body;
    std::int64_t first_offered = 0;
    std::int64_t attempts = 0;
};

struct death {
    std::int64_t row = 0;
    diff::dead_reason reason = diff::dead_reason::refused;
    std::string answer;
};

class outbox {
public:
    outbox(SQLite::Database& db, accounts& a, profiles& p, companies& c, totals& t);
    ~outbox();

    // Freezes and returns the oldest messages that may go, at most `limit` and `bytes`, one per user: a user's next
    // message waits for the answer to this one. `more` tells whether others may be ready. Part of the caller's
    // transaction.
    struct offered {
        std::vector<frozen> messages;
        bool more = false;
    };
    // What a replay claims of its next users. Their messages are made where nothing waits any more and there is room,
    // and offered in the same step; `done` says of how many.
    struct replay_feed {
        std::int64_t replay = 0;
        profile::trait_set traits;
        std::vector<std::int64_t> users;
        std::size_t done = 0;
    };
    struct offer_rules {
        diff::diff_rules const& diff;
        profile::rules const* nested_nulls = nullptr;  // see composer::compose
    };
    offered offer(std::size_t limit, std::size_t bytes, message_writer& writer, offer_rules const& rules,
                  std::int64_t now, replay_feed* feed = nullptr);
    // The same of those behind `row` alone, and without a feed: for one from amid the queue.
    offered offer_behind(std::int64_t row, std::size_t limit, std::size_t bytes, message_writer& writer,
                         offer_rules const& rules, std::int64_t now);
    // Between the rows of the first and the last message that may go: 0 is before the first, below 1 before the last.
    std::optional<std::int64_t> row_before(double place);

    // What was offered and has no answer yet, each user's first; for the start. In the queue's order.
    std::vector<frozen> unanswered(std::int64_t after_row, std::size_t limit);

    // Commits answers. Returns the next parts of split messages, which may go now. Rows that are not offered any more
    // are left alone: an answer may come twice.
    std::vector<frozen> settle(std::span<std::int64_t const> acknowledged, std::span<death const> dead,
                               std::int64_t now);

    // Rows between these two went some other way: runs of offered messages that have none left end.
    void end_runs(std::int64_t first_row, std::int64_t last_row);

    // Notes a failed attempt of offered rows, for the operator.
    void note_retry(std::span<std::int64_t const> rows, std::string_view error, std::int64_t next_attempt);

    // The brake closed on a pass that still reads: holds at most `limit` of its messages of each kind.
    void hold_pass(std::int64_t pass, std::size_t limit);
    // The end of a pass: holds all its waiting messages, or lets them go, and gives up on companies that did not come.
    // At most `limit` at a time, through the queue once: other passes may have left a million messages in it. Where to
    // go on; nothing at the end.
    struct settling {
        // What waits for something first: meanwhile it may become ready, and is found with what is.
        enum class step : std::uint8_t { aside, ready, companies } at = step::aside;
        std::int64_t after = 0;  // within the step
    };
    // Where a pass goes before the rest of another one: what waited at that one's gate before it began goes back there.
    struct gate_behind {
        std::int64_t pass = 0;  // 0: there is none
        std::int64_t made_before = 0;
    };
    std::optional<settling> settle_pass(std::int64_t pass, bool holds, std::size_t limit, settling from,
                                        gate_behind behind = {0, 0});
    // Held messages of the store, some at a time.
    struct released {
        bool more = false;
        std::vector<std::int64_t> of_passes = {};  // in no order, each once
    };
    released release_held(std::size_t limit, diff::diff_rules const& rules,
                          std::vector<std::int64_t> const& at_the_gate = {});
    // True while more remain.
    bool discard_held(std::size_t limit, diff::diff_rules const& rules, std::int64_t now);

    // Rows of dead letters with after < row <= last, oldest first, at most `limit`; of one reason where it is given. No
    // index knows the reason: some thousand are looked at, and it goes on after the last of them.
    struct some_dead {
        std::vector<std::int64_t> rows;
        std::int64_t after = 0;
        bool more = false;
    };
    some_dead dead_rows(std::optional<diff::dead_reason> reason, std::int64_t after, std::int64_t last,
                        std::size_t limit);
    std::int64_t newest_dead_row();  // 0: there is none
    // False when the row is no dead letter any more.
    bool retry_dead(std::int64_t row, diff::diff_rules const& rules, std::int64_t now);
    bool discard_dead(std::int64_t row, std::int64_t now);
    // A replay's claim on a user's waiting message, made where there is none: for messages that cannot go now. False
    // when there is nothing to send.
    bool mark(std::int64_t user_no, std::int64_t replay, profile::trait_set traits, diff::diff_rules const& rules,
              std::int64_t now);
    void unmark(std::int64_t user_no, std::int64_t replay, diff::diff_rules const& rules, std::int64_t now);

    // Another destination: everything acknowledged is forgotten for users after `after`; the last number done, or
    // nothing at the end.
    std::optional<std::int64_t> forget_destination(std::int64_t after, int limit, diff::diff_rules const& rules,
                                                   std::int64_t now);

    // When the oldest message without an answer was made, not counting those held or parked; nothing where there is
    // none.
    std::optional<std::int64_t> oldest_created();
    std::optional<std::int64_t> oldest_held();        // when it was made
    std::optional<std::int64_t> oldest_dead();        // when it became one
    std::optional<std::int64_t> last_acknowledged();  // when
    // Whether there are messages that are to be sent without anybody's doing: not held, not parked.
    bool has_unsent();

    // Trims closed messages: older than `before`, or oldest first while their bodies take more than `max_bytes`; those
    // of dead letters and of what is offered do not count. At most `limit` a call; true while more remain.
    bool trim_history(std::int64_t before, std::int64_t max_bytes, std::size_t limit);
    std::int64_t history_bytes() const;
    // Bytes of messages that are offered, as they are sent; beyond two hundred reckoned from their mean.
    std::int64_t offered_bytes();
    void recount();

private:
    struct statements;
    std::unique_ptr<statements> sql_;
    accounts& accounts_;
    profiles& profiles_;
    composer composer_;
    totals& totals_;

    struct offered_size {
        std::int64_t stored = 0, plain = 0;  // bytes
    };
    offered_size measure_offered();
    std::int64_t dead_bytes();
    bool is_any_old(std::int64_t before);
    void count_held(std::size_t rows);
    // Riding values that would have gone along wait for their time again: the next reading looks at the document anew.
    void look_again(std::int64_t user_no);
    struct offering;
    enum class outcome : std::uint8_t { taken, nothing_to_send, no_room };
    outcome take(offering& o, diff::account& a, std::string_view user_id, std::string_view source);
    void write_rows(offering& o);
    void freeze(offering& o, diff::account& a, draft const& d, message_writer::plan const& plan,
                std::string const& first_body);
    bool offer_ready(offering& o, std::int64_t& last);
    bool feed_replay(offering& o, replay_feed& feed);
    std::span<accounts::whole_user> load_replayed(replay_feed const& feed);
    bool make_replayed(offering& o, replay_feed const& feed, accounts::whole_user& u);
    void add_runs(std::vector<std::int64_t>& offered);
};

}  // namespace traitsync::store

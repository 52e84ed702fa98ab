#pragma once
// What an operator may ask of the running engine. Each is durable before it answers: it holds after a restart.
// Loop thread only. Errors: storage (the store cannot be written: ask again), conflict (not in this state),
// invalid (no such thing).

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "traitsync/engine/engine.hpp"
#include "traitsync/store/removal.hpp"
#include "traitsync/store/replays.hpp"

namespace traitsync::engine {

struct context;

struct pause_scope {
    bool pull = false;
    bool deliver = false;
};

// Which dead letters: by id, by reason, or all of them.
struct dead_selection {
    std::vector<message_id> ids;
    std::optional<diff::dead_reason> reason;
    bool all = false;
};

class operations {
public:
    explicit operations(context& c) : c_{c} {}

    boost::asio::awaitable<result<void>> pause(pause_scope scope, bool on);

    // A pass at once, or behind the one that runs: at most one waits, and a full one takes the place of an incremental
    // one. Conflict while pulling is paused.
    boost::asio::awaitable<result<store::pass_row>> pull(store::pass_kind kind);

    // How many there were.
    boost::asio::awaitable<result<std::int64_t>> retry_dead(dead_selection which);
    boost::asio::awaitable<result<std::int64_t>> discard_dead(dead_selection which);
    boost::asio::awaitable<result<std::int64_t>> release_brake();
    boost::asio::awaitable<result<std::int64_t>> discard_brake();

    // What another write key means. Conflict when it is the known one, or while this is being carried out.
    boost::asio::awaitable<result<void>> settle_destination(destination_choice choice);

    // Removes a person and never stores or sends them again; one transaction, so a crash leaves all or nothing. What
    // was removed is then overwritten in the file and its log; `scrubbed` is false when that could not be finished now.
    struct forgot {
        store::removed_person removed;
        bool scrubbed = false;
    };
    boost::asio::awaitable<result<forgot>> forget(std::string user_id);
    // False: the person was not forgotten.
    boost::asio::awaitable<result<bool>> allow(std::string user_id);

    // The row's number and times are set here. The answer that `keep` makes of the new row is kept in the same
    // transaction. `named`: the user ids that its selector holds; a conflict where one of them was forgotten since it
    // was made, because the id would be stored again.
    using keep_answer = std::function<std::optional<store::kept_answer>(store::replay_row const&)>;
    boost::asio::awaitable<result<store::replay_row>> start_replay(store::replay_row order,
                                                                   std::shared_ptr<store::user_set const> users,
                                                                   std::vector<std::string> named, keep_answer keep);
    boost::asio::awaitable<result<store::replay_row>> cancel_replay(std::int64_t no);
    boost::asio::awaitable<result<void>> keep_preview(store::preview_row row,
                                                      std::shared_ptr<store::user_set const> users,
                                                      std::vector<std::string> named);

    boost::asio::awaitable<result<std::optional<store::kept_answer>>> recall(std::string key, std::string route);
    // Not where texts were taken out since it was so often, of an answer that may hold one of them.
    boost::asio::awaitable<result<void>> remember(store::kept_answer answer,
                                                  std::optional<std::uint64_t> taken_out_before);
    // How often since the start something may not come back: a person was forgotten, a pass over the store has ended.
    std::uint64_t texts_taken_out() const;

private:
    template <class Job>
    boost::asio::awaitable<std::invoke_result_t<Job&, store::session&>> once(Job job);
    boost::asio::awaitable<result<std::int64_t>> settle_dead(dead_selection which, bool retry);
    boost::asio::awaitable<result<std::int64_t>> settle_held(bool release);
    boost::asio::awaitable<bool> scrub();
    boost::asio::awaitable<void> show_numbers();

    context& c_;
};

}  // namespace traitsync::engine

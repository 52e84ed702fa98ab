#pragma once
// The stream of frozen messages to Segment as one decision machine: batches, retries, halving, blocking, rate
// and concurrency. It takes events and a time and says what to do next; no sockets, no SQL, no clock.
//
// Invariant: a message given to the lane is in one place of it until it stands, once, in a settlement as
// acknowledged or dead. The store gives at most one message of a user at a time, so the lane need not know
// users. It holds about concurrency × batch_size messages at most, those that fail alone, and the suspects (below).
//
// Loop:   action a = lane.next(now);
//   fetch  ask the store for frozen messages, then give()
//   send   POST batch_body(messages_of(batch), wall), not awaited here; its outcome goes to on_reply()
//   sleep  nothing to do before `until` unless an event comes first
//   idle   nothing to do before an event: a reply, wake(), add(), pause()
// Call next() until it says sleep or idle. After on_reply() and give(): take_settlements(), commit, then add() the
// parts that may follow, and wake(), because a settled message lets its user's next one go.
//
// Answers (verdict.hpp has the table of statuses):
//   accepted   acknowledges the batch; ends an outage and a block.
//   retried    for ever: back-off per batch, Retry-After obeyed, and from the third failure in a row on the batch goes
//              in halves, so that a message that always fails ends alone. Such a one keeps no slot. Other slots go
//              on, until as many requests in a row have failed as there are slots: then one batch at a time, after
//              a shared back-off (outage.hpp), every other one new where there is a slot, and of what failed twice
//              one message alone, so that one that always fails does not pass for an outage. A 429 stops all sending.
//   gave up    with give_up_after: at a failure, messages first offered longer ago die, within an outage also those
//              of the batches that wait for its end; the rest goes on. Nobody dies of a pause, a block, a stop or a
//              clock that was set: the lane has tried for as long, without one between, and the message too.
//   refused    the batch is halved at once, no back-off, until the refused message stands alone.
//   blocked    by 401 and the like: all is kept, one batch a minute is tried.
//
// Refused alone is not yet dead: a wrong address, proxy or key must not empty the queue into the dead letters.
// The message becomes a suspect, kept aside and still offered, until
//   - something else is accepted: then Segment works, the suspects are bad, they die; or
//   - nothing else is in the lane and the store has no more: they die; or
//   - 20 messages in a row were refused alone, none accepted between, those that died counted too: the
//     lane blocks (refused_alone), nobody dies, and each minute one message is tried alone, one not yet
//     refused where there is one, every other time from anywhere in the store's queue, else the suspects in turn.
//     After an acceptance each suspect is tried alone again; refused again, it dies, because an acceptance lies
//     between.
// Bad messages come in groups, a wrong address refuses everywhere: after each five in a row, and at a start behind so
// many, one from anywhere in the queue is tried alone first (the sounding), and nothing else goes before its answer.
// So messages trickling to a wrong address end as at most 19 dead letters.
//
// Loop thread only.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "traitsync/core/clock.hpp"
#include "traitsync/delivery/lane_values.hpp"
#include "traitsync/delivery/outage.hpp"
#include "traitsync/delivery/rate_gate.hpp"
#include "traitsync/delivery/verdict.hpp"

namespace traitsync::delivery {

class lane {
public:
    explicit lane(lane_options options);

    action next(steady_time now);

    // The answer to a fetch. `more`: others may be ready in the store. After a storage fault wait, then give({}, true).
    void give(std::vector<frozen_message> messages, bool more);
    // The same where the store gives nothing for now: whether others are ready is not known before the next wake().
    void give_nothing_yet();

    // Frozen messages that nobody asked for: the next parts of split messages.
    void add(std::vector<frozen_message> messages);

    // Rows that were taken out of the store: they are not sent again. What is in flight with them finishes.
    void forget(std::vector<std::int64_t> const& rows);
    // Whether the bytes of a batch in flight may go once more as they are: none of its rows was forgotten meanwhile.
    bool may_repeat(batch_number batch) const;

    // Another destination: everything in the lane goes; what is still offered in the store comes back by add(). Only
    // while nothing is in flight and no fetch is under way.
    void clear();

    // The store may have messages to offer: new ones, or after a commit of settlements.
    void wake();

    // The frozen bytes of a batch in flight, in order. Valid until its on_reply().
    std::vector<std::string_view> messages_of(batch_number batch) const;

    // The outcome of a send, once for each. `cancelled` has no consequence but that the batch is not in flight any
    // more.
    void on_reply(batch_number batch, result<net::reply> const& outcome, steady_time now, wall_time wall_now);

    // What the store must commit, since the last call.
    settlements take_settlements();

    // Paused: nothing new is sent or fetched; what is in flight finishes.
    void pause(bool on);
    // The same for good. What is not settled stays offered in the store.
    void stop();

    std::size_t in_flight() const { return in_flight_.size(); }
    std::size_t held() const;  // messages in the lane, suspects included
    lane_status status() const;
    lane_totals const& totals() const { return totals_; }
    // Messages refused alone since the last acceptance. It is to outlive the process, or else each start could make 19
    // dead letters of a wrong address: keep it with the settlements, and tell it before the first message is added.
    int refused_in_a_row() const { return refused_in_a_row_; }
    void refused_before(int in_a_row);

private:
    // How a message was refused alone; such a message is a suspect.
    struct refusal {
        std::uint64_t acceptances;  // seen by then: an acceptance lies between when there are more
        int http_status;
        std::string answer;
    };
    struct item {
        frozen_message message;
        std::unique_ptr<refusal> refused;
        std::optional<steady_time> first_sent = {};  // by this process
    };
    struct batch {
        batch_number number;
        std::vector<item> messages;
        int attempt = 0;      // sends so far
        int failures = 0;     // in a row, for its back-off
        bool tried = false;   // sent while blocked or within an outage
        bool sounds = false;  // the sounding
        steady_time sent_at{};
        steady_time due{};         // by its own back-off
        steady_time not_before{};  // as Segment asked, else when it failed
    };
    struct block {
        block_reason reason;
        std::string detail;
        wall_time since;
        steady_time next_try;
        bool anywhere_next = false;   // the next try is of one from anywhere in the queue
        bool anywhere_asked = false;  // it was asked for and is to be sent
    };

    // Choosing (lane.cpp).
    action next_free(steady_time now);
    action next_in_outage(steady_time now);
    action next_blocked(steady_time now);
    std::optional<action> next_sounding(steady_time now);
    action ask_batches(std::size_t count);
    action ask(std::size_t messages, std::size_t room);
    action ask_anywhere();
    void begin_fetch();
    action dispatch(batch b, steady_time now, bool tried);
    action dispatch_waiting(std::deque<batch>::iterator b, steady_time now, bool tried);
    action dispatch_probe(steady_time now);
    action dispatch_pool(steady_time now, bool tried);
    std::deque<batch>::iterator longest_waiting();
    static bool fails_alone(batch const& b);
    std::size_t slots_taken() const;
    bool has_other_work() const;
    bool is_failing() const;

    // Making batches (lane_pool.cpp).
    bool can_top_up() const;
    std::size_t next_batch_messages() const;
    batch take_batch(std::size_t messages, steady_time now);
    std::optional<batch> take_fresh(steady_time now);
    std::optional<batch> take_suspect(steady_time now);
    item take_from_pool(bool newest);
    batch batch_of(item it, steady_time now);

    void sweep();  // lane_forget.cpp

    // Consequences (lane_replies.cpp).
    void accept(batch b, steady_time now, wall_time wall_now);
    void retry(batch b, judged const& j, steady_time now, wall_time wall_now);
    void throttle(batch const& b, judged const& j, steady_time now);
    void give_up(batch& b, judged const& j, steady_time now, wall_time wall_now);
    void give_up_waiting(judged const& j, steady_time now, wall_time wall_now);
    void give_up_old(batch& b, judged const& j, steady_time now, wall_time wall_now, bool tried);
    void refuse(batch b, judged const& j, steady_time now, wall_time wall_now);
    void halve(batch b, judged const& j, steady_time now);
    void put_back_halves(batch b, steady_time now);
    std::pair<batch, batch> halves(batch b, steady_time now);
    void put_back(batch b, bool in_front);
    void refuse_alone(item it, bool tried, judged const& j, steady_time now, wall_time wall_now);
    void block_by_refusals(bool tried, int http_status, steady_time now, wall_time wall_now);
    void block_by(batch b, judged const& j, steady_time now, wall_time wall_now);
    void enter_block(block_reason reason, std::string detail, bool tried, steady_time now, wall_time wall_now);
    void retry_suspects(steady_time now);
    void bury_suspects();
    void settle_suspects();
    bool may_send_failing(std::size_t slots) const;
    void bury(item const& it, diff::dead_reason why, std::string answer, int http_status);
    void note(item& it, std::string error);
    void note_attempt(batch& b, std::string const& error, std::optional<wall_time> next);

    lane_options options_;
    rate_gate gate_;
    outage outage_;
    std::deque<item> pool_;       // given, in no batch yet
    std::size_t pool_bytes_ = 0;  // with a comma each
    std::deque<batch> waiting_;   // for their next attempt; halves in front
    std::map<batch_number, batch> in_flight_;
    std::deque<item> suspects_;
    std::optional<block> blocked_;
    steady_time throttled_at_{};
    steady_time throttle_until_{};
    int throttles_ = 0;  // 429 in a row, each to a request sent after the one before
    int refused_in_a_row_ = 0;
    enum class sounding : std::uint8_t { none, due, asked, under_way } sounding_ = sounding::none;
    std::uint64_t acceptances_ = 0;
    std::uint64_t last_batch_ = 0;
    bool may_have_more_ = true;  // the store
    bool is_held_up_ = false;    // the store gives nothing for now
    bool topped_up_ = false;     // the store was asked for the pool as it stands
    bool fetching_ = false;
    int others_since_failing_ = 0;  // requests, since one of a message that always fails
    bool new_one_next_ = false;     // within an outage: what was not tried in it has the next turn
    bool paused_ = false;
    bool stopped_ = false;
    std::set<std::int64_t> forgotten_;  // few: one or two a forgotten person
    settlements settlements_;
    lane_totals totals_;
    std::string last_error_;
    std::optional<wall_time> last_accepted_;
    std::optional<wall_time> failing_since_;
    std::optional<steady_time> trying_since_;  // the start, or the end of a pause or a block; nothing within one
};

}  // namespace traitsync::delivery

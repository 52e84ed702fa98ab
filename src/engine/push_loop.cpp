#include "push_loop.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <utility>

#include "replay_feed.hpp"
#include "traitsync/delivery/batch_body.hpp"

namespace traitsync::engine {
namespace {

using diff::message_state;

constexpr std::size_t recover_chunk = 1000;
constexpr std::chrono::seconds idle_wait{60};  // new messages wake earlier
// While a pass brings a few messages a page, so long between an answer without more and the next question: each offer
// and each answer is a commit of its own, of pages that they share (docs/decisions.md, "Small batches while a pass
// runs").
constexpr std::chrono::milliseconds gather_wait{100};

delivery::lane_options options_of(config::segment_settings const& s, std::function<double()> random) {
    delivery::lane_options o;
    o.batch_size = s.batch_size;
    o.concurrency = s.concurrency;
    o.rate_limit = s.rate_limit;
    o.give_up_after = s.give_up_after;
    o.random = std::move(random);
    return o;
}

struct settled {
    std::vector<store::frozen> next;
    // Where nothing is left: whoever looks next sees it, not only after the next round of housekeeping.
    std::optional<store::session::numbers> drained = {};
};

std::vector<delivery::frozen_message> lane_form(std::vector<store::frozen> messages) {
    std::vector<delivery::frozen_message> out;
    out.reserve(messages.size());
    for (auto& m : messages) {
        out.push_back({.row = m.row,
                       .body = std::move(m.body),
                       .first_offered = from_millis(m.first_offered),
                       .attempts = static_cast<int>(m.attempts)});
    }
    return out;
}

}  // namespace

push_loop::push_loop(context& c, std::function<double()> random)
    : c_{c},
      random_{random},
      lane_{options_of(c.settings.segment, std::move(random))},
      client_{c.loop, c.settings.segment, c.options.ca_file},
      fetch_wake_{c.loop},
      settle_wake_{c.loop} {}

void push_loop::refused_before(int in_a_row) {
    refused_stored_ = in_a_row;
    lane_.refused_before(in_a_row);
}

void push_loop::stop() {
    c_.push_wake.notify();
    fetch_wake_.notify();
    settle_wake_.notify();
}

void push_loop::abandon() {
    client_.stop();
    stop();
}

void push_loop::spawn(boost::asio::awaitable<void> flow) {
    ++flows_;
    boost::asio::co_spawn(c_.loop, std::move(flow), [this](std::exception_ptr thrown) {
        --flows_;
        if (thrown && !bug_) bug_ = thrown;
        c_.push_wake.notify();
    });
}

boost::asio::awaitable<void> push_loop::run() {
    while (!c_.stopping && !bug_) {
        co_await rest();
        if (c_.stopping) break;
        co_await recover();
        co_await deliver();
        // Another destination: what becomes of the messages is decided in the store.
        if (!c_.stopping && !bug_) lane_.clear();
    }
    while (flows_ > 0) co_await c_.push_wake.until(c_.time.steady() + idle_wait);
    if (bug_) std::rethrow_exception(bug_);
}

// Another destination: nothing goes before the operator has said what it means.
boost::asio::awaitable<void> push_loop::rest() {
    rests_ = true;
    c_.renew_wake.notify();
    // What was to be tried again was for the old destination.
    c_.state.push.retry_at.reset();
    c_.state.push.retrying.reset();
    c_.state.push.blocked.reset();
    while (c_.state.destination && !c_.stopping) {
        c_.state.push.state = service_state::blocked;
        co_await c_.push_wake.until(c_.time.steady() + idle_wait);
    }
    rests_ = false;
}

bool push_loop::rests_now() const { return c_.deliver_paused() || c_.state.store_fault || c_.state.destination; }

// Until the engine stops, or until there is another destination and nothing is under way to the old one.
boost::asio::awaitable<void> push_loop::deliver() {
    while (!bug_) {
        if (c_.stopping) lane_.stop();
        if (flows_ == 0 && (c_.stopping || c_.state.destination)) break;
        lane_.pause(rests_now());
        if (gathers_ && !c_.state.pull.pass) fetch_wake_.notify();
        take_forgotten();
        auto const now = c_.time.steady();
        auto const next = lane_.next(now);
        show_state();
        if (auto const* order = std::get_if<delivery::send>(&next)) {
            spawn(send(*order));
            continue;
        }
        if (auto const* order = std::get_if<delivery::fetch>(&next)) {
            spawn(fetch(*order));
            continue;
        }
        auto until = now + idle_wait;
        if (auto const* order = std::get_if<delivery::sleep>(&next)) until = std::min(until, order->until);
        co_await c_.push_wake.until(until);
        // Only new messages, or a minute gone by, are a reason to ask the store again.
        if (c_.new_messages || c_.time.steady() >= now + idle_wait) lane_.wake();
        c_.new_messages = false;
    }
}

// What was offered before a stop or crash goes again first, under its ids.
boost::asio::awaitable<void> push_loop::recover() {
    std::int64_t after = 0;
    for (;;) {
        auto job = [after](store::session& s) -> result<std::vector<store::frozen>> {
            return s.outbox.unanswered(after, recover_chunk);
        };
        auto found = co_await insist(c_, fetch_wake_, std::move(job));
        if (!found || found->empty()) co_return;
        after = found->back().row;
        lane_.add(lane_form(std::move(*found)));
    }
}

boost::asio::awaitable<void> push_loop::fetch(delivery::fetch order) {
    if (auto const again = drained_at_ + gather_wait; c_.state.pull.pass && c_.time.steady() < again) {
        gathers_ = true;
        co_await fetch_wake_.until(again);
        gathers_ = false;
    }
    // What waits may still hold what the present policies hide.
    if (c_.state.applies_rules) {
        lane_.give_nothing_yet();
        co_return;
    }
    if (c_.stopping || rests_now()) {
        lane_.give({}, true);
        co_return;
    }
    auto const now = c_.now();
    auto const place = order.anywhere ? std::optional{random_()} : std::nullopt;
    auto const most_held = most_held_claims(c_.settings.segment.batch_size);
    auto job = [this, order, now, place, most_held](store::session& s) -> result<store::outbox::offered> {
        store::session::transaction tx{s};
        auto taken = take_for_delivery(s, order.messages, order.bytes, writer_,
                                       {c_.rules.diff_rules(), c_.rules.nested_nulls()}, now, place, most_held);
        tx.commit();
        return taken;
    };
    auto taken = co_await insist(c_, fetch_wake_, std::move(job));
    if (!taken) {
        lane_.give({}, true);
        co_return;
    }
    if (!taken->more) drained_at_ = c_.time.steady();
    if (taken->messages.empty() && taken->more) ++c_.progress;  // through users of whom nothing goes
    lane_.give(lane_form(std::move(taken->messages)), taken->more);
    // Users with nothing to send may have been its last.
    if (c_.replaying) c_.replay_wake.notify();
    // With nothing more to try, messages refused alone may have become dead letters.
    co_await settle();
}

boost::asio::awaitable<void> push_loop::send(delivery::send order) {
    auto const messages = lane_.messages_of(order.batch);
    auto const body = std::make_shared<std::string>(delivery::batch_body(messages, c_.time.wall(), bodies_.take()));
    auto const asked_at = c_.time.steady();
    auto outcome = co_await client_.post_batch(body, order.attempt, [this, batch = order.batch] {
        take_forgotten();
        return lane_.may_repeat(batch);
    });
    // An abandoned exchange may still hold it.
    if (body.use_count() == 1) bodies_.give_back(std::move(*body));
    c_.state.push.requests.add(c_.time.steady() - asked_at);
    lane_.on_reply(order.batch, outcome, c_.time.steady(), c_.time.wall());
    co_await settle();
}

void push_loop::take_forgotten() {
    if (!c_.forgotten_rows.empty()) lane_.forget(std::exchange(c_.forgotten_rows, {}));
}

// Commits what the lane decided. One at a time; who comes meanwhile leaves it to the one at work.
boost::asio::awaitable<void> push_loop::settle() {
    if (settling_) co_return;
    settling_ = true;
    for (;;) {
        auto const batch = std::make_shared<delivery::settlements>(lane_.take_settlements());
        if (batch->empty()) break;
        auto const now = c_.now();
        auto const refused = lane_.refused_in_a_row();
        auto job = [batch, now, refused, before = refused_stored_](store::session& s) -> result<settled> {
            store::session::transaction tx{s};
            if (refused != before) s.meta.set(refused_key, std::int64_t{refused});
            for (auto const& attempt : batch->retried) {
                auto const next = attempt.next_attempt ? to_millis(*attempt.next_attempt) : 0;
                s.outbox.note_retry(attempt.rows, attempt.error, next);
            }
            std::vector<store::death> dead;
            for (auto const& d : batch->dead) {
                auto answer = d.answer;
                if (d.http_status != 0)
                    answer = fmt::format("{}{}{}", d.http_status, answer.empty() ? "" : " ", answer);
                dead.push_back({d.row, d.reason, std::move(answer)});
            }
            settled done{.next = s.outbox.settle(batch->acknowledged, dead, now)};
            auto const& counts = s.accounts.counts();
            if (counts[message_state::waiting] + counts[message_state::offered] == 0) done.drained = s.read_numbers();
            tx.commit();
            return done;
        };
        auto done = co_await insist(c_, settle_wake_, std::move(job));
        // Stopping with a store that fails: the messages stay offered and go again under their ids.
        if (!done) break;
        refused_stored_ = refused;
        lane_.add(lane_form(std::move(done->next)));
        if (done->drained) c_.take(*done->drained);
        lane_.wake();
        if (!batch->acknowledged.empty()) {
            ++c_.progress;
            c_.state.push.acknowledged += static_cast<std::int64_t>(batch->acknowledged.size());
            c_.state.push.last_acknowledged_at = c_.time.wall();
        }
        if (!batch->dead.empty()) {
            c_.state.push.dead += static_cast<std::int64_t>(batch->dead.size());
            auto const& first = batch->dead.front();
            c_.log.warn("dead_letters", "Messages became dead letters",
                        {{"count", batch->dead.size()}, {"reason", name_of(first.reason)}, {"answer", first.answer}});
        }
    }
    settling_ = false;
    if (c_.replaying) c_.replay_wake.notify();
    c_.end_wake.notify();
}

}  // namespace traitsync::engine

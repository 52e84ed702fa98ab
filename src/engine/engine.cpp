#include "traitsync/engine/engine.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <random>

#include "destination.hpp"
#include "engine_parts.hpp"
#include "traitsync/store/copied.hpp"

namespace traitsync::engine {
namespace {

// How long a stop waits for the receiver of alerts.
constexpr std::chrono::seconds alert_grace{2};

std::function<double()> random_source() {
    auto generator = std::make_shared<std::mt19937_64>(std::random_device{}());
    return [generator] { return std::uniform_real_distribution<double>{0.0, 1.0}(*generator); };
}

}  // namespace

engine::parts::parts(boost::asio::io_context& loop, config::settings const& settings, store::store_thread& store,
                     ops::log& log, clock const& time, engine_options options)
    : c{loop, settings, store, log, time, std::move(options)},
      pull{c, random_source()},
      push{c, random_source()},
      house{c},
      replay{c},
      alerts{c, random_source()},
      ask{c} {}

void engine::parts::spawn(boost::asio::awaitable<void> flow) {
    ++flows;
    boost::asio::co_spawn(c.loop, std::move(flow), [this](std::exception_ptr thrown) {
        --flows;
        if (thrown && !bug) bug = thrown;
        c.end_wake.notify();
    });
}

void engine::parts::begin_stop() {
    if (c.stopping) return;
    c.stopping = true;
    c.state.stopping = c.time.wall();
    pull.stop();
    push.stop();
    alerts.stop();
    c.house_wake.notify();
    c.replay_wake.notify();
    c.operator_wake.notify();
    c.renew_wake.notify();
    c.end_wake.notify();
    c.changed();
}

void engine::parts::show(remembered const& r) {
    c.take(r.numbers);
    c.pause_pull(r.pull_paused);
    c.pause_deliver(r.deliver_paused);
    if (r.last_pass) {
        c.state.pull.last_pass_at = from_millis(r.last_pass->ended.value_or(0));
        c.state.pull.last_pass_kind = name_of(r.last_pass->kind);
    }
    for (std::size_t kind = 0; kind < r.last_ends.size(); ++kind) {
        if (r.last_ends[kind]) c.state.pull.last_ends[kind] = from_millis(*r.last_ends[kind]);
    }
    if (r.failing) note_failed_pass(c.state.pull, r.failing->latest, from_millis(r.failing->since));
    if (r.last_read) c.state.pull.cursor_time = from_millis(*r.last_read);
    push.refused_before(static_cast<int>(r.refused_in_a_row));
    if (r.last_acknowledged) c.state.push.last_acknowledged_at = from_millis(*r.last_acknowledged);
}

engine::engine(boost::asio::io_context& loop, config::settings const& settings, store::store_thread& store,
               ops::log& log, clock const& time, engine_options options)
    : parts_{std::make_unique<parts>(loop, settings, store, log, time, std::move(options))} {
    parts_->c.state.started = time.wall();
    // No job runs yet, so the store is read here and now: whoever asks before the flows run gets the truth.
    try {
        parts_->show(remember(store.owner(), parts_->c.now()));
        note_other_destination(parts_->c, store.owner());
    } catch (...) {
        parts_->c.store_failed(store::error_of_exception(std::current_exception()));
    }
}
engine::~engine() = default;

operations& engine::operate() { return parts_->ask; }
status const& engine::state() const { return parts_->c.state; }
int engine::requests_left() const { return parts_->pull.requests_left(); }
void engine::on_change(std::function<void()> listener) { parts_->c.changed = std::move(listener); }
void engine::stop() {
    parts_->stop_asked = true;
    parts_->begin_stop();
}

void engine::renew(secret const& token, secret const& write_key) {
    auto& p = *parts_;
    if (!token.empty()) p.pull.use_token(token);
    if (write_key.empty()) return;
    p.next_key = write_key;
    p.renew_key();
}

void engine::renew_alerts() { parts_->alerts.renew(); }

void engine::parts::renew_key() {
    if (!flowing || !next_key || c.renewing_key || c.stopping) return;
    c.renewing_key = true;
    spawn(put_key_in_place());
}

boost::asio::awaitable<void> engine::parts::put_key_in_place() {
    while (next_key && !c.stopping) {
        auto const wait = [this] { return c.renew_wake.until(c.time.steady() + std::chrono::minutes{1}); };
        // The decision about the key before is stored, and then taken away, first.
        while (c.settling_destination && !c.stopping) co_await wait();
        c.state.destination = reason{"destination_changed", "another write key is being put in place", c.time.wall()};
        c.push_wake.notify();
        while (!push.rests() && !c.stopping) co_await wait();
        if (c.stopping) break;
        c.write_key = *std::exchange(next_key, std::nullopt);
        push.use_key(c.write_key);
        co_await settle_destination(c, destination_choice::ask, c.renew_wake);
    }
    c.renewing_key = false;
    c.push_wake.notify();
    c.changed();
}

boost::asio::awaitable<bool> engine::parts::start() {
    auto settle = [now = c.now()](store::session& s) { return store::settle_copy(s, now); };
    auto const copy = co_await insist(c, c.pull_wake, std::move(settle));
    if (!copy) co_return false;
    if (*copy) {
        c.log.info("store_copied",
                   "The store is a copy: what waits in it has new ids, as its original may have sent it",
                   {{"messages", **copy}});
    }
    auto prepare = [this](store::session& s) -> result<ingest::rules_state> { return c.rules.prepare(s); };
    auto rules = co_await insist(c, c.pull_wake, std::move(prepare));
    if (!rules) co_return false;
    c.state.applies_rules = rules->changed;
    if (rules->changed) {
        c.log.info("rules_changed", "The rules for traits changed: every profile is compared again",
                   {{"full_pass_needed", rules->lacks_values}});
    }
    auto read = [now = c.now()](store::session& s) -> result<remembered> { return remember(s, now); };
    auto found = co_await insist(c, c.pull_wake, std::move(read));
    if (!found) co_return false;
    show(*found);
    auto const& numbers = c.state.numbers;
    auto& file = c.store.owner().file();
    if (file.was_unclean()) {
        c.log.warn("recovered", "The last run did not end cleanly; offered messages go again under their ids",
                   {{"offered", numbers.offered}, {"waiting", numbers.waiting}, {"profiles", numbers.users}});
        auto const owed = co_await insist(c, c.pull_wake, &store_check::owe);
        if (!owed) co_return false;
        house.check_store_in_background();
    }
    // The API is there already: an order of the operator's would go over the same users at the same time.
    auto const ordered = c.options.destination != destination_choice::ask;
    if (ordered) c.settling_destination = true;
    co_await settle_destination(c, c.options.destination, c.push_wake);
    if (ordered) c.settling_destination = false;
    co_return !c.stopping && !c.gave_up;
}

boost::asio::awaitable<void> engine::parts::until_flows_ended() {
    auto const deadline = c.time.steady() + c.settings.admin.stop_timeout;
    auto const alerts_until = std::min<steady_time>(deadline, c.time.steady() + alert_grace);
    while (flows > 0) {
        auto const now = c.time.steady();
        if (now >= deadline) push.abandon();
        if (now >= alerts_until) alerts.abandon();
        auto until = now + std::chrono::milliseconds{100};
        if (now < deadline) until = deadline;
        if (now < alerts_until) until = alerts_until;
        co_await c.end_wake.until(until);
    }
}

boost::asio::awaitable<ending> engine::run() {
    auto& p = *parts_;
    ending end;
    result<std::int64_t> deaths_before = 0;
    if (p.c.options.once) {
        p.c.insists_until = p.c.time.steady() + p.c.options.max_wait;
        // Counted and not told by a time: the clock may be set meanwhile.
        auto count_deaths = [](store::session& s) -> result<std::int64_t> { return store::deaths_of(s.totals.read()); };
        deaths_before = co_await insist(p.c, p.c.pull_wake, std::move(count_deaths));
    }
    auto const started = co_await p.start();
    p.c.insists_until.reset();
    if (p.c.gave_up) end.failure = p.why_it_stands();
    if (started) {
        p.spawn(p.house.run());  // first: it notes the counters before anything is counted
        p.spawn(p.push.run());
        p.spawn(p.pull.run());
        p.spawn(p.pull.check_missing());
        p.spawn(p.replay.run());
        p.spawn(p.alerts.watch());
        if (!p.c.options.once) p.spawn(p.alerts.send());
        p.flowing = true;
        p.renew_key();
        if (p.c.options.once) {
            co_await p.until_done(end);
            co_await p.finish_alerts();
        } else {
            while (!p.c.stopping && !p.bug) co_await p.c.end_wake.until(p.c.time.steady() + std::chrono::hours{1});
        }
        p.begin_stop();
        co_await p.until_flows_ended();
        if (p.bug) std::rethrow_exception(p.bug);
    }
    end.stopped = p.stop_asked;
    end.damaged = p.c.damaged;
    struct counts {
        store::session::numbers numbers;
        bool has_unsent = false;
    };
    auto count = [](store::session& s) -> result<counts> {
        return counts{.numbers = s.read_numbers(), .has_unsent = s.outbox.has_unsent()};
    };
    auto counted = co_await p.c.store.run(std::move(count));
    if (counted) {
        end.numbers = counted->numbers;
        end.has_unsent = counted->has_unsent;
        auto const deaths = store::deaths_of(end.numbers.totals);
        if (p.c.options.once && deaths_before) end.newly_dead = std::min(deaths - *deaths_before, end.numbers.dead);
    }
    co_return end;
}

}  // namespace traitsync::engine

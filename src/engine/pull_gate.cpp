#include "pull_gate.hpp"

#include <algorithm>
#include <utility>

#include "request_notes.hpp"
#include "traitsync/core/bytes_text.hpp"

namespace traitsync::engine {
namespace {

constexpr std::chrono::seconds blocked_retry{60};
constexpr std::chrono::seconds pause_poll{60};  // a wake-up comes earlier when the operator resumes
constexpr std::chrono::seconds disk_poll{5};

}  // namespace

pull_gate::pull_gate(context& c, moesif::budget& budget, std::function<double()> random)
    : c_{c}, budget_{budget}, backoff_{std::move(random)} {}

void pull_gate::set_state(service_state s) {
    auto& retrying = c_.state.pull.retrying;
    if (s != service_state::retrying) retrying.reset();
    if (s == service_state::retrying && c_.state.pull.last_error) {
        auto const since = retrying ? retrying->since : c_.time.wall();
        retrying = reason{"moesif_retrying", c_.state.pull.last_error->what, since};
    }
    if (c_.state.pull.state == s) return;
    c_.state.pull.state = s;
    c_.changed();
}

boost::asio::awaitable<void> pull_gate::rest(steady_time until) {
    if (leave()) co_return;
    co_await c_.pull_wake.until(until);
}

bool pull_gate::disk_is_low() {
    auto const room = store::free_bytes_beside(c_.settings.store.path);
    if (!room) return false;
    auto const free_bytes = *room;
    auto const low = free_bytes < c_.settings.store.min_free;
    if (low && !c_.state.low_disk) {
        auto const words = fmt::format("{} are free, store.min_free asks for {}", bytes_text(free_bytes),
                                       bytes_text(c_.settings.store.min_free));
        c_.state.low_disk = reason{"low_disk", words, c_.time.wall()};
        c_.log.warn("low_disk", "Pulling waits for free disk", {{"free_bytes", free_bytes}});
        c_.changed();
    } else if (!low && c_.state.low_disk) {
        c_.state.low_disk.reset();
        c_.log.info("disk_recovered", "There is enough free disk again", {{"free_bytes", free_bytes}});
        c_.changed();
    }
    return low;
}

boost::asio::awaitable<pull_gate::admission> pull_gate::pass(bool paid) {
    bool paused_meanwhile = false;
    for (;;) {
        if (leave()) co_return admission::stop;
        auto const low = disk_is_low();
        if (low || c_.pull_paused()) {
            paused_meanwhile = true;
            paid = false;
            set_state(service_state::paused);
            co_await rest(c_.time.steady() + (low ? disk_poll : pause_poll));
            continue;
        }
        auto const now = c_.time.steady();
        // An operator's order wakes this flow too, and is no reason to ask before the time that Moesif has named.
        if (now < c_.moesif_not_before) {
            set_state(service_state::retrying);
            co_await rest(c_.moesif_not_before);
            continue;
        }
        auto const delay = paid ? steady_time::duration::zero() : budget_.delay(now);
        if (delay <= delay.zero()) {
            if (!paid) {
                budget_.spend(now);
                co_await note_requests(c_, budget_);
            }
            if (c_.state.pull.state == service_state::paused) set_state(service_state::working);
            co_return paused_meanwhile ? admission::after_a_pause : admission::at_once;
        }
        co_await rest(now + delay);
    }
}

boost::asio::awaitable<bool> pull_gate::may_ask_ahead() {
    if (leave() || c_.pull_paused() || c_.state.low_disk) co_return false;
    auto const now = c_.time.steady();
    if (budget_.delay(now) > steady_time::duration::zero()) co_return false;
    budget_.spend(now);
    co_await note_requests(c_, budget_);
    co_return !leave();
}

void pull_gate::answered() {
    ++c_.progress;
    c_.state.pull.answered = true;
    backoff_.reset();
    end_block();
    set_state(service_state::working);
}

void pull_gate::end_block() {
    if (!c_.state.pull.blocked) return;
    c_.log.info("pull_unblocked", "Moesif answers again");
    c_.state.pull.blocked.reset();
    c_.state.pull.answered = true;
    set_state(service_state::working);
}

boost::asio::awaitable<void> pull_gate::wait_after(error const& e) {
    auto const kind = e.kind;
    c_.state.pull.last_error = e;
    auto const blocks = kind == fault::unauthorized || kind == fault::misdirected;
    if (blocks) {
        if (!c_.state.pull.blocked) {
            c_.state.pull.blocked = reason{"moesif_blocked", e.what, c_.time.wall()};
            c_.log.error("pull_blocked", "Pulling is blocked; it is tried again every minute", {{"detail", e.what}});
        } else if (std::exchange(c_.state.pull.blocked->detail, e.what) != e.what) {
            // Of another status it is news; the words may hold what differs each time.
            if (blocked_status_ != e.http_status)
                c_.log.warn("pull_blocked", "Pulling is still blocked, for another reason", {{"detail", e.what}});
            c_.changed();
        }
        blocked_status_ = e.http_status;
        set_state(service_state::blocked);
        if (c_.options.once) {
            fail(e);
            co_return;
        }
        co_await rest(c_.time.steady() + blocked_retry);
        co_return;
    }
    auto const wait = backoff_.next(e.retry_after);
    if (backoff_.failures() == 1 || c_.state.pull.state != service_state::retrying) {
        c_.log.warn("pull_retrying", "Moesif could not be read; trying again",
                    {{"detail", e.what}, {"wait_ms", static_cast<std::int64_t>(wait.count())}});
    }
    set_state(service_state::retrying);
    auto const until = c_.time.steady() + wait;
    if (e.retry_after) c_.moesif_not_before = until;
    co_await rest(until);
}

}  // namespace traitsync::engine

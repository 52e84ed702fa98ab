#include "alert_loop.hpp"

#include <algorithm>

namespace traitsync::engine {
namespace {

constexpr std::string_view meta_key = "alerts";
// How often the status is looked at. It lies in memory: a look costs some microseconds.
constexpr std::chrono::milliseconds look_gap{500};
constexpr std::chrono::minutes idle{1};                // a new alert wakes
constexpr std::chrono::milliseconds least_wait{1000};  // for a receiver that did not take one

using alert::condition;

result<std::string> read_book(store::session& s) { return s.meta.text(meta_key).value_or(""); }

void add(std::vector<std::string>& codes, std::optional<reason> const& r) {
    if (r) codes.push_back(r->code);
}

}  // namespace

alert_loop::alert_loop(context& c, std::function<double()> random)
    : c_{c}, watch_wake_{c.loop}, send_wake_{c.loop}, book_{TRAITSYNC_VERSION}, backoff_{std::move(random)} {
    renew();
}

void alert_loop::renew() {
    auto const& s = c_.settings.alerts;
    receiver_.reset();
    if (is_on()) {
        // config::load lets no other address through.
        auto address = alert::parse_webhook(s.webhook_url.reveal()).value();
        receiver_ = std::make_shared<alert::webhook>(c_.loop, std::move(address), s.secret, c_.options.ca_file);
    }
    backoff_.reset();
    not_before_ = {};
    watch_wake_.notify();
    send_wake_.notify();
}

void alert_loop::stop() {
    watch_wake_.notify();
    send_wake_.notify();
}

void alert_loop::abandon() {
    if (receiver_) receiver_->stop();
}

boost::asio::awaitable<void> alert_loop::load() {
    auto found = co_await insist(c_, watch_wake_, read_book);
    if (found) take(*found);
}

void alert_loop::take(std::string const& book) {
    if (loaded_) return;
    book_.load(book);
    loaded_ = true;
    send_wake_.notify();  // what the last process left
}

boost::asio::awaitable<void> alert_loop::save() {
    auto const text = std::make_shared<std::string const>(book_.text());
    unsaved_ = true;
    auto write = [text](store::session& s) -> result<void> {
        store::session::transaction tx{s};
        s.meta.set(meta_key, std::string_view{*text});
        tx.commit();
        return {};
    };
    auto done = co_await c_.run(std::move(write));
    if (!done) {
        c_.store_failed(done.error());
    } else if (*text == book_.text()) {
        unsaved_ = false;
    }
}

alert::observation alert_loop::observe() const {
    auto const& s = c_.state;
    alert::observation o;
    o.at = c_.time.wall();
    o.now = c_.time.steady();
    o.state = std::string{overall(s)};
    for (auto const& r : reasons_of(s)) o.causes.push_back({r.code, r.detail, r.since});
    auto const codes = [&](condition c) -> std::vector<std::string>& { return o.codes[static_cast<std::size_t>(c)]; };
    for (auto const* r : {&s.destination, &s.pull.blocked, &s.push.blocked}) add(codes(condition::blocked), *r);
    for (auto const* r : {&s.store_fault, &s.low_disk, &s.pull.failing, &s.pull.retrying, &s.push.retrying}) {
        add(codes(condition::degraded), *r);
    }
    add(codes(condition::held), s.held);
    add(codes(condition::dead_letters), s.dead_letters);
    auto const& n = s.numbers;
    o.waiting = n.waiting;
    o.offered = n.offered;
    o.held = n.held;
    o.dead = n.dead;
    o.deaths = store::deaths_of(n.totals);
    o.pulling_proved = s.pull.answered;
    o.delivery_proved = s.push.acknowledged > 0 || n.waiting + n.offered == 0;
    return o;
}

// Notes what changed. The book is in the store before anything of it goes out.
boost::asio::awaitable<void> alert_loop::look() {
    // A key that is just being put in place is no state yet.
    auto const changed = !c_.renewing_key && book_.observe(observe());
    if (!changed && !unsaved_) co_return;
    co_await save();
    send_wake_.notify();
}

boost::asio::awaitable<void> alert_loop::watch() {
    while (!c_.stopping) {
        if (!loaded_) co_await load();
        if (c_.stopping) break;
        if (is_on()) {
            co_await look();
        } else if (!book_.is_empty()) {
            // Nobody is told any more; who is told later hears of the state then.
            book_ = alert::book{TRAITSYNC_VERSION};
            co_await save();
        }
        if (c_.stopping) break;
        co_await watch_wake_.until(c_.time.steady() + (is_on() ? std::chrono::milliseconds{look_gap} : idle));
    }
}

// While the store fails nothing can be written, and just that must be told.
bool alert_loop::may_send() const {
    return receiver_ && loaded_ && !book_.pending().empty() && (!unsaved_ || c_.state.store_fault);
}

boost::asio::awaitable<result<void>> alert_loop::post() {
    auto const receiver = receiver_;
    auto first = book_.pending().front();
    auto const id = first.id;
    auto const event = first.event;
    auto done = co_await receiver->post(std::move(first), c_.time.wall());
    if (done) {
        if (!book_.pending().empty() && book_.pending().front().id == id) book_.delivered();
        backoff_.reset();
        failing_ = false;
        c_.log.info("alert_sent", "The receiver of alerts was told", {{"alert", event}, {"id", id.text()}});
        co_await save();
    } else if (done.error().kind != fault::cancelled && !failing_) {
        failing_ = true;
        c_.log.warn("alert_failed", "The receiver of alerts was not reached; it is tried again until it answers",
                    {{"alert", event}, {"detail", done.error().what}});
    }
    co_return done;
}

boost::asio::awaitable<void> alert_loop::send() {
    while (!c_.stopping) {
        auto const now = c_.time.steady();
        auto wait = now + idle;
        if (may_send() && now < not_before_) {
            // What else happens meanwhile wakes this flow too, and is no reason to ask a receiver in trouble.
            wait = not_before_;
        } else if (may_send()) {
            auto const told = receiver_;
            auto done = co_await post();
            if (done || receiver_ != told) continue;
            auto const asked = std::max(least_wait, backoff_.next(done.error().retry_after));
            wait = not_before_ = c_.time.steady() + asked;
        }
        if (c_.stopping) break;
        co_await send_wake_.until(wait);
    }
}

boost::asio::awaitable<void> alert_loop::finish() {
    if (!is_on()) co_return;
    // Once: the other flow may still insist, and nothing would end it.
    auto found = co_await c_.store.run(read_book);
    if (found) take(*found);
    if (!loaded_) co_return;
    co_await look();
    while (may_send()) {
        auto done = co_await post();
        if (!done) break;
    }
}

}  // namespace traitsync::engine

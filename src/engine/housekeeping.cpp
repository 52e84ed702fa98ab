#include "housekeeping.hpp"

#include <boost/asio/post.hpp>

namespace traitsync::engine {
namespace {

constexpr std::chrono::seconds round{1};
constexpr std::size_t trim_chunk = 500;
constexpr std::int64_t day_millis = 24LL * 3600 * 1000;
// Every so many rounds the log is moved into the file, so that it stays small without holding up a commit.
constexpr int checkpoint_rounds = 30;

}  // namespace

housekeeping::~housekeeping() {
    if (checker_.joinable()) checker_.join();
}

void housekeeping::check_store_in_background() {
    auto const path = c_.settings.store.path;
    checker_ = std::thread{[this, path] {
        auto found = store::database::quick_check(path);
        boost::asio::post(c_.loop, [this, found = std::move(found)] {
            if (!found) {
                c_.log.warn("store_unchecked", "The store could not be checked after the unclean end",
                            {{"detail", found.error().what}});
            } else if (found->empty()) {
                c_.log.info("store_sound", "The store was checked after the unclean end and is sound");
            } else {
                c_.store_failed({fault::storage, "the store is damaged: " + *found +
                                                     ". It is not repaired by itself; stop traitsync and restore a backup"});
            }
        });
    }};
}

boost::asio::awaitable<void> housekeeping::run() {
    int rounds = 0;
    while (!c_.stopping) {
        auto const now = c_.now();
        auto const checkpoint = ++rounds % checkpoint_rounds == 0;
        auto job = [this, now, checkpoint](store::session& s) -> result<std::pair<store::session::numbers, bool>> {
            bool more = false;
            {
                store::session::transaction tx{s};
                auto const before = now - c_.settings.store.history_days * day_millis;
                more = s.outbox.trim_history(before, c_.settings.store.max_history, trim_chunk);
                tx.commit();
            }
            if (checkpoint) s.file().checkpoint();
            return std::pair{s.read_numbers(), more};
        };
        auto done = co_await c_.store.run(std::move(job));
        bool more = false;
        if (done) {
            c_.state.numbers = done->first;
            more = done->second;
        } else if (done.error().kind == fault::storage) {
            c_.store_failed(done.error());
        }
        c_.changed();
        if (c_.stopping) break;
        auto wait = c_.time.steady();
        if (!more) wait += round;
        co_await c_.house_wake.until(wait);
    }
}

}  // namespace traitsync::engine

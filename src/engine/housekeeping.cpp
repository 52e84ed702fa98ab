#include "housekeeping.hpp"

#include <algorithm>
#include <cstdlib>

#include "traitsync/store/clear_text.hpp"
#include "traitsync/store/removal.hpp"

namespace traitsync::engine {
namespace {

// Rates are means over this time.
constexpr std::chrono::seconds rate_window{10};
// Profiles of an older store, entered into the search a step at a time.
constexpr int lookup_chunk = 500;
// By the wall clock, which ages are told by: it may jump.
constexpr std::int64_t trim_gap = 60'000;
constexpr std::int64_t minute_millis = 60'000;

constexpr std::chrono::seconds round{1};
// More than what two batches add meanwhile, so that the history stays at its size while it is written at full speed;
// some twenty milliseconds.
constexpr std::size_t trim_chunk = 2000;
// A gone profile takes a dozen statements, another row one: each some milliseconds a step.
constexpr int gone_chunk = 50;
constexpr int row_chunk = 200;
// Ledgers and sources read a round: some milliseconds.
constexpr int sweep_users = 500;
// Space goes back to the file system 4 MB a round, and only where it is worth the moving of pages: an eighth of the
// file or more is free. What is less is soon used again.
constexpr int shrink_pages = 256;
constexpr std::int64_t free_share = 8;
// A store of this size is written anew within a second or two, in which nothing else is stored. It takes a copy and the
// log of all its pages.
constexpr std::int64_t most_rewritten = std::int64_t{256} << 20;
constexpr std::int64_t rewrite_rooms = 2;
// By its own time: whoever has one person after another forgotten leaves the store free for nearly all of it.
constexpr int rewrite_rest = 20;
constexpr std::int64_t day_millis = 24LL * 3600 * 1000;
// What is kept beside the history, each a part of its size: quarantined documents and gone profiles a quarter, ended
// replays a sixteenth.
constexpr std::int64_t side_share = 4;
constexpr std::int64_t replay_share = 16;
// A commit that finds the log full moves it into the file, unless somebody reads; a reader that stays for long (a
// backup) lets it grow. Then it is emptied when that one has gone, and nobody waits longer than this.
constexpr std::int64_t most_log_bytes = std::int64_t{96} << 20;
constexpr std::chrono::milliseconds log_patience{20};
// Every so many rounds the log is moved into the file, so that it stays small without holding up a commit.
constexpr int checkpoint_rounds = 30;

// True while more remain.
bool enter_lookups(store::session& s) {
    auto const after = s.meta.integer("lookups_after");
    if (!after) return false;
    auto const users = s.profiles.users_after(*after, lookup_chunk);
    store::accounts::whole_user stored;
    for (auto const no : users) {
        if (!s.accounts.load_whole(no, stored) || !stored.has_source) continue;
        store::set_wanted_texts(stored.account, stored.source.data);
        s.lookups.change(no, {}, store::lookup_keys_of(stored.account));
    }
    if (users.empty()) {
        s.meta.remove("lookups_after");
        return false;
    }
    s.meta.set("lookups_after", users.back());
    return true;
}

}  // namespace

void housekeeping::note_activity(store::session& s, std::int64_t now) {
    auto const totals = s.totals.read();
    auto const& counts = s.accounts.counts();
    s.activity.note(now / minute_millis,
                    {.profiles_read = store::value_of(totals, store::total::profiles_read),
                     .messages_sent = store::value_of(totals, store::total::acknowledged),
                     .traits_compared = store::value_of(totals, store::total::traits_compared),
                     .traits_sent = store::value_of(totals, store::total::traits_sent),
                     .queued = counts[diff::message_state::waiting] + counts[diff::message_state::offered]});
}

void housekeeping::show() {
    auto const steady = c_.time.steady();
    auto const taken = c_.state.push.acknowledged;
    acknowledged_.emplace_back(steady, taken);
    while (acknowledged_.size() > 1 && steady - acknowledged_.front().first > rate_window) acknowledged_.pop_front();
    auto const span = std::chrono::duration<double>(steady - acknowledged_.front().first).count();
    c_.state.push.acknowledged_per_second = 0;
    if (span > 0)
        c_.state.push.acknowledged_per_second = static_cast<double>(taken - acknowledged_.front().second) / span;
}

void housekeeping::trim(store::session& s, std::int64_t now, std::int64_t before, bool begin) {
    auto const& limits = c_.settings.store;
    // A walk over many rows takes longer than a round; the next one waits for its end.
    if (begin) {
        s.profiles.enter_members();
        s.lookups.enter();
    }
    if (begin && !trimming_) {
        s.replays.trim(now, before);
        trimming_ = trimming{};
    }
    if (begin) sweep_.begin_if_due(s);
    sweep_.step(s, sweep_users, row_chunk);
    if (!trimming_) return;
    auto& t = *trimming_;
    if (t.ages) {
        auto const gone = store::trim_gone(s, before, gone_chunk);
        auto const passes = store::trim_passes(s, before, row_chunk);
        t.ages = gone || passes;
    }
    if (t.counts) t.counts = store::bound_counts(s, now, row_chunk);
    auto const side = limits.max_history / side_share;
    if (t.quarantine_left) t.quarantine_left = store::bound_quarantine(s, t.quarantine, side, row_chunk);
    if (t.gone_left) t.gone_left = store::bound_gone(s, t.gone, side, row_chunk, gone_chunk);
    if (t.replays_left)
        t.replays_left = store::bound_replays(s, t.replays, limits.max_history / replay_share, row_chunk);
    if (!t.more()) trimming_.reset();
}

void housekeeping::give_space_back(store::session& s) {
    auto const floor = std::max<std::int64_t>(shrink_pages, s.file().pages() / free_share);
    if (s.file().free_pages() > floor) s.file().shrink(shrink_pages);
}

boost::asio::awaitable<bool> housekeeping::scrub() {
    struct outcome {
        bool more = false;
        std::int64_t bytes = 0;
        std::string not_rewritten;  // why; empty where it was, or was not wanted
        bool rewritten = false;
    };
    auto job = [this](store::session& s) -> result<outcome> {
        outcome done;
        auto const wanted = store::wanted_scrub(s);
        if (wanted == store::scrub::nothing) return done;
        auto const begun = c_.time.steady();
        if (wanted == store::scrub::pages && begun < rewrite_after_) return done;
        auto& file = s.file();
        auto const note = [&s](void (*what)(store::session&)) {
            store::session::transaction tx{s};
            what(s);
            tx.commit();
        };
        if (wanted == store::scrub::pages) {
            done.bytes = file.bytes();
            auto const room = store::free_bytes_beside(file.path()).value_or(0) - c_.settings.store.min_free;
            if (done.bytes > most_rewritten) {
                done.not_rewritten = "it is too large to be written anew while others wait";
            } else if (room < rewrite_rooms * done.bytes) {
                done.not_rewritten = "there is too little free disk for a copy";
            } else if (auto written = file.rewrite(); !written) {
                done.not_rewritten = written.error().what;
            } else {
                done.rewritten = true;
                rewrite_after_ = c_.time.steady() + (c_.time.steady() - begun) * rewrite_rest;
            }
            if (!done.rewritten && file.shrink(shrink_pages) > 0) {
                done.not_rewritten.clear();
                done.more = true;
                return done;
            }
            note(store::pages_scrubbed);
        }
        if (file.empty_log(log_patience)) note(store::scrubbed);
        return done;
    };
    auto const done = co_await c_.run(std::move(job));
    if (!done) {
        if (done.error().kind == fault::storage) c_.store_failed(done.error());
        co_return false;
    }
    if (done->rewritten) {
        c_.log.info("store_rewritten", "The store was written anew, so that no page holds what was taken out",
                    {{"bytes", done->bytes}});
    } else if (!done->not_rewritten.empty()) {
        c_.log.info("store_not_rewritten",
                    "Single old values may stand in the unused room inside pages until `VACUUM` writes the store anew",
                    {{"bytes", done->bytes}, {"detail", done->not_rewritten}});
    }
    co_return done->more;
}

boost::asio::awaitable<void> housekeeping::run() {
    struct outcome {
        store::session::numbers numbers;
        bool more = false;
        bool owes_check = false;
    };
    int rounds = 0;
    std::int64_t trimmed_at = 0;
    while (!c_.stopping) {
        auto const now = c_.now();
        auto const checkpoint = ++rounds % checkpoint_rounds == 0;
        auto const trim = std::abs(now - trimmed_at) >= trim_gap;
        if (trim) trimmed_at = now;
        // Whoever met the fault may have nothing more to write: here it is found out that writing works again.
        auto const faulty = c_.state.store_fault.has_value();
        auto job = [this, now, steady = c_.time.steady(), checkpoint, trim, faulty,
                    checked = check_.now()](store::session& s) -> result<outcome> {
            bool more = false;
            bool owes_check = false;
            if (faulty) s.file().checkpoint();
            {
                store::session::transaction tx{s};
                if (faulty) s.meta.set("store_tried_at", now);
                note_activity(s, now);
                owes_check = store_check::note(s, checked);
                auto const before = age_time_.read(now, steady) - c_.settings.store.history_days * day_millis;
                more = s.outbox.trim_history(before, c_.settings.store.max_history, trim_chunk);
                more = enter_lookups(s) || more;
                more = c_.rules.strip(s) || more;
                this->trim(s, now, before, trim);
                tx.commit();
            }
            give_space_back(s);
            if (checkpoint) s.file().checkpoint();
            if (s.file().log_bytes() > most_log_bytes) s.file().empty_log(log_patience);
            return outcome{s.read_numbers(), more, owes_check};
        };
        auto done = co_await c_.run(std::move(job));
        bool more = false;
        if (done) {
            if (faulty) c_.store_works();
            c_.take(done->numbers);
            if (done->owes_check) check_.begin();
            more = done->more || co_await scrub();
            show();
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

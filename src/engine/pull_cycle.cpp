#include "pull_cycle.hpp"

#include <sys/statvfs.h>

#include <filesystem>

namespace traitsync::engine {
namespace {

using store::pass_kind;
using store::pass_stage;

constexpr std::chrono::seconds blocked_retry{60};
constexpr std::chrono::seconds pause_poll{60};  // a wake-up comes earlier when the operator resumes
constexpr std::chrono::seconds disk_poll{5};
constexpr int smallest_page = 1;
constexpr std::size_t gate_chunk = 5000;

moesif::stream stream_of(pass_stage s) {
    return s == pass_stage::users ? moesif::stream::users : moesif::stream::companies;
}

// What the operator reads about a finished pass.
std::string sentence(store::pass_row const& p) {
    auto const name = p.kind == pass_kind::full          ? "Full pass"
                      : p.kind == pass_kind::incremental ? "Incremental pass"
                                                         : "Pass over the store";
    if (!p.error.empty()) return fmt::format("{} ended early: {}", name, p.error);
    return fmt::format("{} read {} profiles, {} changed, {} messages queued", name, p.read, p.changed, p.queued);
}

}  // namespace

pull_cycle::pull_cycle(context& c, std::function<double()> random)
    : c_{c},
      client_{c.loop, c.settings.moesif, c.options.ca_file},
      budget_{c.settings.moesif.requests_per_minute},
      backoff_{std::move(random)},
      page_size_{c.settings.moesif.page_size},
      full_asked_{c.options.once} {}

void pull_cycle::stop() {
    client_.stop();
    c_.pull_wake.notify();
    c_.check_wake.notify();
}

void pull_cycle::use_token(secret const& token) {
    client_.use_token(token);
    // What the old one was refused is tried at once.
    checks_blocked_until_ = {};
    c_.pull_wake.notify();
    c_.check_wake.notify();
}

void pull_cycle::set_state(service_state s) {
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

boost::asio::awaitable<void> pull_cycle::rest(steady_time until) {
    if (leave()) co_return;
    co_await c_.pull_wake.until(until);
}

bool pull_cycle::disk_is_low() {
    struct statvfs fs {};
    auto const folder = std::filesystem::path{c_.settings.store.path}.parent_path();
    if (::statvfs(folder.empty() ? "." : folder.c_str(), &fs) != 0) return false;
    auto const free_bytes = static_cast<std::int64_t>(fs.f_bavail) * static_cast<std::int64_t>(fs.f_frsize);
    auto const low = free_bytes < c_.settings.store.min_free;
    if (low && !c_.state.low_disk) {
        auto const words =
            fmt::format("{} bytes are free, store.min_free asks for {}", free_bytes, c_.settings.store.min_free);
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

boost::asio::awaitable<bool> pull_cycle::may_pull(bool asked) {
    for (;;) {
        if (leave()) co_return false;
        auto const paused = c_.pull_paused();
        if (paused || disk_is_low()) {
            // What comes of it would be old by then.
            pages_.drop();
            asked = false;
            set_state(service_state::paused);
            co_await rest(c_.time.steady() + (paused ? pause_poll : disk_poll));
            continue;
        }
        auto const now = c_.time.steady();
        auto const delay = asked ? steady_time::duration::zero() : budget_.delay(now);
        if (delay <= delay.zero()) {
            if (!asked) budget_.spend(now);
            c_.state.pull.requests_left = budget_.left(now);
            if (c_.state.pull.state == service_state::paused) set_state(service_state::working);
            co_return true;
        }
        c_.state.pull.requests_left = budget_.left(now);
        co_await rest(now + delay);
    }
}

moesif::search pull_cycle::query_of(store::pass_row const& pass) const {
    moesif::search query;
    query.stream = stream_of(pass.stage);
    query.size = page_size_;
    auto const since = pass.stage == pass_stage::users ? pass.since_users : pass.since_companies;
    if (since) query.modified_since = from_millis(*since);
    query.fallback_key = pass.fallback_key;
    query.search_after = pass.search_after;
    return query;
}

// The page behind this one, fetched while the store takes this one; only where nothing speaks against asking now.
void pull_cycle::ask_ahead(store::pass_row const& pass, moesif::page const& page) {
    if (leave() || c_.pull_paused() || page.timed_out || page.hits.empty()) return;
    auto next = query_of(pass);
    next.search_after = page.hits.back().sort;
    if (next.search_after.empty() || next.search_after == pass.search_after) return;
    auto const now = c_.time.steady();
    auto const delay = budget_.delay(now);
    if (delay > delay.zero()) return;
    budget_.spend(now);
    pages_.ask(std::move(next));
}

boost::asio::awaitable<void> pull_cycle::run() {
    while (!leave()) {
        auto pass = co_await next_pass();
        if (!pass) continue;
        set_state(service_state::working);
        co_await run_pass(std::move(*pass));
        if (c_.options.once && (c_.state.pull.first_pass_done || failure_)) break;
    }
    set_state(service_state::idle);
    c_.end_wake.notify();
    co_await pages_.end();
}

// The unfinished pass, or a new one when it is due; nothing after a wait.
boost::asio::awaitable<std::optional<store::pass_row>> pull_cycle::next_pass() {
    auto const now = c_.now();
    auto job = [this, now, once = full_asked_](
                   store::session& s) -> result<std::pair<std::optional<store::pass_row>, planned_pass>> {
        auto unfinished = s.passes.unfinished();
        if (unfinished && unfinished->started != 0) return std::pair{unfinished, planned_pass{}};
        pass_history h{.now = now};
        auto const rules = s.meta.text("rules");
        h.rules_changed = rules && *rules != c_.rules.rules().text();
        h.full_wanted = once || s.meta.integer("full_wanted").value_or(0) != 0;
        h.incremental_wanted = s.meta.integer("incremental_wanted").value_or(0) != 0;
        h.last_full_end = s.passes.last_end(pass_kind::full);
        if (auto const latest = s.passes.latest(1); !latest.empty()) h.last_end = latest.front().ended;
        auto const next = plan(h, c_.settings.moesif);
        if (!unfinished && next.at > now) return std::pair{std::optional<store::pass_row>{}, next};

        store::session::transaction tx{s};
        // What the operator asked for comes before what is due.
        store::pass_row row = unfinished.value_or(store::pass_row{.kind = next.kind});
        row.started = now;
        row.first_sync = s.meta.integer("first_sync_done").value_or(0) == 0;
        if (row.kind == pass_kind::incremental) {
            auto const overlap = c_.settings.moesif.overlap.count();
            row.since_companies = s.meta.integer("high_water_companies").value_or(now) - overlap;
            row.since_users = s.meta.integer("high_water_users").value_or(now) - overlap;
            s.meta.remove("incremental_wanted");
        }
        if (row.kind == pass_kind::full) {
            s.meta.remove("full_wanted");
            s.meta.remove("incremental_wanted");
        }
        if (unfinished) {
            s.passes.begin(row);
        } else {
            row.no = s.passes.add(row);
        }
        tx.commit();
        return std::pair{std::optional{row}, next};
    };
    auto found = co_await insist(c_, c_.pull_wake, std::move(job));
    if (!found) co_return std::nullopt;
    auto& [pass, planned] = *found;
    if (pass) {
        c_.state.pull.next_pass_at.reset();
        if (c_.options.once && pass->kind == pass_kind::full) full_asked_ = false;
        co_return pass;
    }
    c_.state.pull.next_pass_at = from_millis(planned.at);
    set_state(c_.pull_paused() ? service_state::paused : service_state::idle);
    // Waits are steady time; a clock that jumps is noticed at the latest after a minute.
    auto const wait = std::min<std::int64_t>(planned.at - now, 60'000);
    co_await rest(c_.time.steady() + std::chrono::milliseconds{wait});
    co_return std::nullopt;
}

boost::asio::awaitable<void> pull_cycle::run_pass(store::pass_row pass) {
    cursor_dropped_ = false;
    page_size_ = c_.settings.moesif.page_size;
    c_.state.pull.pass = pass;
    // One line a pass: its end. Only a pass that goes on after a restart is news at its beginning.
    auto const fields = {ops::field{"kind", name_of(pass.kind)}, ops::field{"pass", pass.no},
                         ops::field{"stage", name_of(pass.stage)}};
    if (pass.pages == 0) {
        c_.log.debug("pass_started", "A pass begins", fields);
    } else {
        c_.log.info("pass_resumed", "A pass goes on where it was interrupted", fields);
    }
    if (pass.kind == pass_kind::rediff) {
        co_await apply_rules(pass);
        co_return;
    }
    while (!leave()) {
        auto const next = co_await read_page(pass);
        c_.state.pull.pass = pass;
        if (next == step::go_on) continue;
        if (next == step::stop) break;
        co_await end_pass(pass, {});
        break;
    }
    c_.state.pull.pass.reset();
}

boost::asio::awaitable<result<ingest::page_result>> pull_cycle::store_page(store::pass_row& pass, std::string body) {
    auto const text = std::make_shared<std::string const>(std::move(body));
    auto split = moesif::split_page(*text);
    if (!split) co_return std::move(split).error();
    ask_ahead(pass, *split);
    auto const now = c_.now();
    auto const page = std::make_shared<moesif::page const>(std::move(*split));
    auto job = [this, &pass, text, page, now](store::session& s) { return c_.rules.page(s, pass, *page, now); };
    co_return co_await insist(c_, c_.pull_wake, std::move(job));
}

boost::asio::awaitable<pull_cycle::step> pull_cycle::read_page(store::pass_row& pass) {
    auto query = query_of(pass);
    auto const allowed = co_await may_pull(pages_.asked(query));
    if (!allowed) co_return step::stop;
    auto body = co_await pages_.take(std::move(query));
    std::optional<error> failed;
    ingest::page_result page;
    if (!body) {
        failed = body.error();
    } else {
        auto outcome = co_await store_page(pass, std::move(*body));
        if (outcome) {
            page = *outcome;
        } else {
            failed = outcome.error();
        }
    }
    if (leave() && failed) co_return step::stop;
    if (failed) {
        if (failed->kind == fault::too_large && page_size_ > smallest_page) {
            page_size_ = std::max(smallest_page, page_size_ / 2);
            c_.log.warn("page_too_large", "A page was too large; asking for fewer profiles",
                        {{"page_size", page_size_}});
            co_return step::go_on;
        }
        if (failed->kind == fault::invalid || failed->kind == fault::too_large) {
            if (fall_back(pass, *failed)) co_return step::go_on;
            co_await end_pass(pass, failed->what);
            co_return step::stop;
        }
        co_await wait_after(*failed);
        co_return failure_ ? step::stop : step::go_on;
    }
    ++c_.progress;
    c_.state.pull.answered = true;
    backoff_.reset();
    if (c_.state.pull.state != service_state::working || c_.state.pull.blocked) {
        if (c_.state.pull.blocked) c_.log.info("pull_unblocked", "Moesif answers again");
        c_.state.pull.blocked.reset();
        set_state(service_state::working);
    }
    c_.queue_grew();
    if (page.brake_closed_now) {
        c_.log.warn("brake_closed",
                    "The brake closed: this pass changes too many users; its messages wait for the operator",
                    {{"pass", pass.no}, {"users", pass.counted}});
        c_.changed();
    }
    if (page.hits > 0) co_return step::go_on;
    auto const more = co_await end_stage(pass);
    if (leave()) co_return step::stop;
    co_return more ? step::go_on : step::pass_ended;
}

// A cursor or sort key that Moesif refuses: begin the stage anew once, then with the other key once.
bool pull_cycle::fall_back(store::pass_row& pass, error const& e) {
    if (e.http_status != 400) return false;
    if (!pass.search_after.empty() && !cursor_dropped_) {
        cursor_dropped_ = true;
        c_.log.warn("cursor_refused", "Moesif refused the cursor; this stage begins anew", {{"detail", e.what}});
    } else if (!pass.fallback_key) {
        pass.fallback_key = true;
        c_.log.warn("sort_refused", "Moesif refused to sort by _id; using the profile's own id", {{"detail", e.what}});
    } else {
        return false;
    }
    pass.search_after.clear();
    pass.last_key.clear();
    return true;
}

boost::asio::awaitable<void> pull_cycle::wait_after(error const& e) {
    auto const kind = e.kind;
    c_.state.pull.last_error = e;
    auto const blocks = kind == fault::unauthorized || kind == fault::misdirected;
    if (blocks) {
        if (!c_.state.pull.blocked) {
            c_.state.pull.blocked = reason{"moesif_blocked", e.what, c_.time.wall()};
            c_.log.error("pull_blocked", "Pulling is blocked; it is tried again every minute", {{"detail", e.what}});
        }
        set_state(service_state::blocked);
        if (c_.options.once) {
            failure_ = e;
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
    co_await rest(c_.time.steady() + wait);
}

// True when the pass has another stage.
boost::asio::awaitable<bool> pull_cycle::end_stage(store::pass_row& pass) {
    if (pass.kind == pass_kind::full) {
        auto note = [this, &pass](store::session& s) { return c_.rules.note_missing_to_end(s, pass); };
        co_await insist(c_, c_.pull_wake, std::move(note));
        if (leave()) co_return false;
    }
    if (pass.stage == pass_stage::users) co_return false;
    for (bool more = true; more;) {
        auto const now = c_.now();
        auto compare = [this, &pass, now](store::session& s) { return c_.rules.compare_company_users(s, pass, now); };
        auto done = co_await insist(c_, c_.pull_wake, std::move(compare));
        if (!done || leave()) co_return false;
        more = *done;
        c_.queue_grew();
    }
    auto turn = [&pass](store::session& s) -> result<void> {
        store::session::transaction tx{s};
        auto next = pass;
        next.stage = pass_stage::users;
        next.search_after.clear();
        next.last_key.clear();
        next.ordered = true;
        s.passes.save(next);
        tx.commit();
        pass = std::move(next);
        return {};
    };
    co_await insist(c_, c_.pull_wake, std::move(turn));
    cursor_dropped_ = false;
    co_return true;
}

boost::asio::awaitable<void> pull_cycle::apply_rules(store::pass_row& pass) {
    for (bool more = true; more && !leave();) {
        auto const now = c_.now();
        auto step = [this, &pass, now](store::session& s) { return c_.rules.apply_rules(s, pass, now); };
        auto done = co_await insist(c_, c_.pull_wake, std::move(step));
        if (!done) co_return;
        more = *done;
        c_.state.pull.pass = pass;
        c_.queue_grew();
    }
    if (leave()) co_return;
    auto finish = [this](store::session& s) { return c_.rules.rules_applied(s); };
    co_await insist(c_, c_.pull_wake, std::move(finish));
    co_await end_pass(pass, {});
    c_.state.pull.pass.reset();
}

boost::asio::awaitable<void> pull_cycle::end_pass(store::pass_row& pass, std::string failure) {
    // The gate opens or its messages are held before the pass counts as ended, in steps that do not hold up others.
    for (bool more = true; more && !leave();) {
        auto step = [&pass](store::session& s) -> result<bool> {
            store::session::transaction tx{s};
            bool left = false;
            if (pass.brake_closed) {
                left = s.outbox.hold_pass(pass.no, gate_chunk);
            } else {
                left = s.outbox.open_gate(pass.no, gate_chunk);
            }
            left = s.outbox.give_up_on_companies(gate_chunk) || left;
            tx.commit();
            return left;
        };
        auto done = co_await insist(c_, c_.pull_wake, std::move(step));
        if (!done) co_return;
        more = *done;
    }
    if (leave()) co_return;
    auto const now = c_.now();
    auto close = [this, &pass, failure, now](store::session& s) -> result<store::session::numbers> {
        store::session::transaction tx{s};
        auto row = pass;
        row.ended = now;
        row.error = failure;
        if (failure.empty()) {
            row.stage = pass_stage::done;
            auto const raise = [&](char const* key, std::optional<std::int64_t> newest) {
                if (!newest) return;
                auto const mark = std::min(*newest, row.started);
                if (mark > s.meta.integer(key).value_or(0)) s.meta.set(key, mark);
            };
            raise("high_water_companies", row.newest_companies);
            raise("high_water_users", row.newest_users);
            if (row.kind != pass_kind::rediff) s.meta.set("read_up_to", row.started);
            if (row.kind == pass_kind::full) {
                s.meta.set("first_sync_done", std::int64_t{1});
                auto const limit = ingest::brake_limit(c_.settings.traits, s.profiles.live_users());
                if (c_.settings.traits.on_delete == config::on_delete::null && limit &&
                    s.passes.count_missing() > *limit) {
                    s.meta.set("hold_gone_of_pass", row.no);
                }
            }
        }
        s.passes.save(row);
        auto const first = row.kind == pass_kind::full          ? store::total::full_passes_done
                           : row.kind == pass_kind::incremental ? store::total::incremental_passes_done
                                                                : store::total::rediff_passes_done;
        s.totals.add(static_cast<store::total>(static_cast<int>(first) + (failure.empty() ? 0 : 1)), 1);
        tx.commit();
        pass = std::move(row);
        return s.read_numbers();
    };
    auto done = co_await insist(c_, c_.pull_wake, std::move(close));
    if (!done) co_return;
    c_.take(*done);
    c_.state.pull.last_pass_at = from_millis(now);
    c_.state.pull.last_pass_kind = name_of(pass.kind);
    if (failure.empty() && pass.kind != pass_kind::rediff) c_.state.pull.cursor_time = from_millis(pass.started);
    auto const fields = {ops::field{"kind", name_of(pass.kind)},
                         ops::field{"pass", pass.no},
                         ops::field{"pages", pass.pages},
                         ops::field{"read", pass.read},
                         ops::field{"changed", pass.changed},
                         ops::field{"queued", pass.queued},
                         ops::field{"quarantined", pass.quarantined},
                         ops::field{"ms", now - pass.started}};
    if (failure.empty()) {
        c_.state.pull.last_error.reset();
        c_.log.info("pass_done", sentence(pass), fields);
        if (pass.kind == pass_kind::full) c_.state.pull.first_pass_done = true;
    } else {
        c_.state.pull.last_error = error{fault::invalid, failure};
        c_.log.error("pass_failed", sentence(pass), fields);
        if (c_.options.once) failure_ = error{fault::invalid, failure};
    }
    c_.queue_grew();
    c_.check_wake.notify();
    c_.changed();
}

boost::asio::awaitable<void> pull_cycle::check_missing() {
    store::missing_row after{store::profile_kind::company, "", 0};
    while (!leave()) {
        auto look = [after](store::session& s) -> result<std::pair<std::optional<store::missing_row>, bool>> {
            auto row = s.passes.next_missing(after.kind, after.doc_id);
            auto const hold = row && s.meta.integer("hold_gone_of_pass").value_or(0) == row->pass;
            return std::pair{row, hold};
        };
        auto found = co_await c_.store.run(std::move(look));
        auto const now = c_.time.steady();
        auto wait = now + std::chrono::minutes{1};
        if (!found || !found->first || c_.pull_paused() || c_.state.pull.blocked || c_.state.store_fault) {
            if (found && !found->first) after = {store::profile_kind::company, "", 0};
            c_.end_wake.notify();
            co_await c_.check_wake.until(wait);
            continue;
        }
        if (auto const delay = budget_.delay_check(now); delay > delay.zero()) {
            co_await c_.check_wake.until(now + delay);
            continue;
        }
        budget_.spend_check(now);
        auto const [row, hold] = *found;
        auto const stream = row->kind == store::profile_kind::user ? moesif::stream::users : moesif::stream::companies;
        auto document = co_await client_.document(stream, row->doc_id);
        after = *row;
        if (!document) {
            // Unknown: kept, and asked again in a later round.
            co_await c_.check_wake.until(c_.time.steady() + backoff_.next(document.error().retry_after));
            continue;
        }
        auto const at = c_.now();
        auto body = std::make_shared<std::optional<std::string>>(std::move(*document));
        auto settle = [this, missing = *row, body, hold = hold, at](store::session& s) -> result<void> {
            if (*body) return c_.rules.found(s, missing, **body, at);
            return c_.rules.gone(s, missing, hold, at);
        };
        auto settled = co_await insist(c_, c_.check_wake, std::move(settle));
        if (!settled && !leave())
            c_.log.warn("missing_unreadable", "A profile read by id is not the documented form",
                        {{"detail", settled.error().what}});
        c_.queue_grew();
    }
}

}  // namespace traitsync::engine

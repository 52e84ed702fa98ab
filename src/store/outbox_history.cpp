// Ages and counts for the status, and the trimming of closed messages.
#include <algorithm>
#include <limits>

#include "message_text.hpp"
#include "outbox_statements.hpp"
#include "traitsync/store/number_runs.hpp"

namespace traitsync::store {

using diff::message_state;

namespace {

// Dead letters whose bodies are measured: all of them, or so many as stand at so many places among all.
constexpr std::int64_t most_measured = 256;
constexpr std::int64_t measured_places = 16;

std::optional<std::int64_t> first_of(statement& s) {
    if (!s.step()) return std::nullopt;
    auto const at = s.integer(0);
    s.reset();
    return at;
}

}  // namespace

void outbox::recount() { sql_->body_bytes = sql_->meta.integer("body_bytes").value_or(0); }
std::int64_t outbox::history_bytes() const { return sql_->body_bytes; }

std::optional<std::int64_t> outbox::oldest_created() {
    std::optional<std::int64_t> oldest;
    for (auto* s : {&sql_->oldest_ready, &sql_->oldest_waiting, &sql_->oldest_offered}) {
        if (!s->with().step()) continue;
        auto const at = s->integer(0);
        s->reset();
        oldest = std::min(oldest.value_or(at), at);
    }
    return oldest;
}

// By those that were offered first: counting all would read the whole queue.
outbox::offered_size outbox::measure_offered() {
    offered_size size;
    std::int64_t counted = 0;
    auto& s = sql_->offered_texts.with();
    while (s.step()) {
        ++counted;
        size.stored += s.integer(0);
        size.plain += static_cast<std::int64_t>(message_size(s, 1));
    }
    if (counted == 0) return {};
    auto const all = std::max(counted, accounts_.counts()[message_state::offered]);
    return {.stored = size.stored * all / counted, .plain = size.plain * all / counted};
}

std::int64_t outbox::offered_bytes() { return measure_offered().plain; }

std::optional<std::int64_t> outbox::last_acknowledged() { return first_of(sql_->last_acknowledged.with()); }
std::optional<std::int64_t> outbox::oldest_held() { return first_of(sql_->oldest_held.with()); }
std::optional<std::int64_t> outbox::oldest_dead() { return first_of(sql_->oldest_dead.with()); }

bool outbox::has_unsent() {
    sql_->unsent.with().step();
    auto const found = sql_->unsent.integer(0) != 0;
    sql_->unsent.reset();
    return found;
}

std::int64_t outbox::dead_bytes() {
    auto const count = accounts_.counts()[message_state::dead];
    auto const last = newest_dead_row();
    if (count == 0 || last == 0) return 0;
    auto const first = dead_rows(std::nullopt, 0, last, 1).rows.front();
    auto const places = count <= most_measured ? 1 : measured_places;
    std::int64_t bytes = 0;
    std::int64_t measured = 0;
    for (std::int64_t i = 0; i < places; ++i) {
        auto& s = sql_->dead_bytes.with(first + (last - first) / places * i, most_measured / places);
        s.step();
        bytes += s.integer(0);
        measured += s.integer(1);
        s.reset();
    }
    return bytes * count / measured;
}

// The oldest closed message is found behind all older dead letters, which may be hundreds of thousands: while it is too
// young, it is asked for once a minute. What is closed meanwhile is younger, but where the clock went back.
bool outbox::is_any_old(std::int64_t before) {
    constexpr std::int64_t asked_again = 60'000;
    auto& known = sql_->too_young;
    if (known && before >= known->asked && before < known->asked + asked_again && before <= known->settled)
        return false;
    auto& oldest = sql_->oldest_closed.with();
    auto const found = oldest.step();
    auto const settled = found ? oldest.integer(0) : std::numeric_limits<std::int64_t>::max();
    oldest.reset();
    known.reset();
    if (settled < before) return true;
    known = {.asked = before, .settled = settled};
    return false;
}

bool outbox::trim_history(std::int64_t before, std::int64_t max_bytes, std::size_t limit) {
    struct closed {
        std::int64_t no, settled, bytes, user_no;
        bool may_answer;  // for itself: its ledger may not know
    };
    if (sql_->body_bytes > max_bytes) max_bytes += dead_bytes() + measure_offered().stored;
    if (sql_->body_bytes <= max_bytes && !is_any_old(before)) return false;
    std::vector<closed> rows;
    auto& s = sql_->closed.with(static_cast<std::int64_t>(limit));
    while (s.step()) rows.push_back({s.integer(0), s.integer(1), s.integer(2), s.integer(3), s.integer(4) != 0});
    std::vector<std::int64_t> removed, answering;
    for (auto const& row : rows) {
        // Oldest first: what is younger and fits ends the walk.
        if (row.settled >= before && sql_->body_bytes <= max_bytes) break;
        if (row.may_answer) answering.push_back(row.user_no);
        sql_->body_bytes -= row.bytes;
        removed.push_back(row.no);
    }
    accounts_.keep_answers(std::move(answering));
    // A batch was answered together and has numbers in a row.
    std::ranges::sort(removed);
    for (std::size_t begin = 0; begin < removed.size();) {
        auto const end = end_of_run(removed, begin);
        for (auto* remove : {&sql_->remove, &sql_->remove_bodies, &sql_->remove_marks}) {
            remove->with(removed[begin], removed[end - 1]).run();
        }
        begin = end;
    }
    if (!removed.empty()) sql_->save_body_bytes();
    return removed.size() == limit;
}

}  // namespace traitsync::store

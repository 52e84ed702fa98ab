#include "traitsync/store/outbox.hpp"

#include <algorithm>

#include "message_text.hpp"
#include "outbox_statements.hpp"
#include "traitsync/core/error.hpp"

namespace traitsync::store {

using diff::message_state;

outbox::outbox(SQLite::Database& db, accounts& a, profiles& p, companies& c, totals& t)
    : sql_{std::make_unique<statements>(db)}, accounts_{a}, profiles_{p}, composer_{c}, totals_{t} {
    recount();
}
outbox::~outbox() = default;

void outbox::end_runs(std::int64_t first_row, std::int64_t last_row) { sql_->end_runs.with(first_row, last_row).run(); }

std::vector<frozen> outbox::unanswered(std::int64_t after_row, std::size_t limit) {
    std::vector<frozen> list;
    auto& s = sql_->unanswered.with(after_row, static_cast<std::int64_t>(limit));
    while (s.step()) {
        if (s.is_null(3)) throw damaged_content{"an offered message has no bytes"};
        list.push_back(
            {.row = s.integer(0), .body = read_message(s, 3), .first_offered = s.integer(1), .attempts = s.integer(2)});
    }
    return list;
}

std::vector<frozen> outbox::settle(std::span<std::int64_t const> acknowledged, std::span<death const> dead,
                                   std::int64_t now) {
    std::vector<frozen> next;
    auto const step = [&](std::int64_t row, auto&& apply) {
        auto const user_no = accounts_.user_of_message(row);
        if (!user_no) return;
        auto a = accounts_.load(*user_no);
        auto const found = std::ranges::find(a.open, row, &diff::message::row);
        if (found == a.open.end() || found->state != message_state::offered) return;
        apply(a, *found);
        std::vector<std::int64_t> freed;
        for (auto const& m : a.open) {
            if (m.state == message_state::offered && m.changed && m.wait == 0) freed.push_back(m.row);
        }
        accounts_.save(a);
        for (auto const part : freed) {
            auto body = accounts_.body(part);
            auto& s = sql_->attempts.with(part);
            if (!body || !s.step()) throw damaged_content{"a part of a split message has no bytes"};
            next.push_back(
                {.row = part, .body = std::move(*body), .first_offered = s.integer(0), .attempts = s.integer(1)});
            s.reset();
        }
    };
    std::int64_t taken = 0, traits = 0, refused = 0, gave_up = 0;
    auto const alone = accounts_.acknowledge_alone(acknowledged, now);
    taken += static_cast<std::int64_t>(acknowledged.size() - alone.others.size());
    traits += alone.traits;
    for (auto const row : alone.others) {
        step(row, [&](diff::account& a, diff::message& m) {
            ++taken;
            traits += m.traits.size();
            diff::acknowledge(a, m, now);
        });
    }
    for (auto const& d : dead) {
        step(d.row, [&](diff::account& a, diff::message& m) {
            ++(d.reason == diff::dead_reason::gave_up ? gave_up : refused);
            diff::bury(a, m, d.reason, d.answer, now);
        });
    }
    std::vector<std::int64_t> settled{acknowledged.begin(), acknowledged.end()};
    for (auto const& d : dead) settled.push_back(d.row);
    if (!settled.empty()) end_runs(std::ranges::min(settled), std::ranges::max(settled));
    totals_.add(total::acknowledged, taken);
    totals_.add(total::traits_sent, traits);
    totals_.add(total::dead_refused, refused);
    totals_.add(total::dead_gave_up, gave_up);
    return next;
}

void outbox::note_retry(std::span<std::int64_t const> rows, std::string_view error, std::int64_t next_attempt) {
    for (auto const row : rows) sql_->note.with(row, next_attempt, error).run();
}

}  // namespace traitsync::store

#include "traitsync/store/value_sweep.hpp"

#include <algorithm>

#include "statement.hpp"
#include "traitsync/store/codec.hpp"

namespace traitsync::store {
namespace {

// A sweep reads every user: it pays once at least so many rows may go.
constexpr std::int64_t least_replaced = 1'000;
constexpr std::int64_t users_a_replaced = 100;
// Bits in memory; the next sweep judges the rest.
constexpr std::int64_t most_values = std::int64_t{1} << 22;

std::int64_t replaced(SQLite::Database& db) {
    return number_of(db, "SELECT (SELECT count(*) FROM company_values) - (SELECT count(*) FROM companies)");
}

}  // namespace

void value_sweep::begin_if_due(session& s) {
    if (is_running()) return;
    auto& db = s.file().connection();
    auto const worth_while = std::max(least_replaced, s.profiles.live_users() / users_a_replaced);
    if (replaced(db) < kept_ + worth_while) return;
    first_ = number_of(db, "SELECT ifnull(min(no), 0) FROM company_values");
    last_ = std::min(number_of(db, "SELECT ifnull(max(no), 0) FROM company_values"), first_ + most_values - 1);
    seen_.assign(static_cast<std::size_t>(last_ - first_ + 1), false);
    after_ = 0;
    stage_ = stage::marking;
}

void value_sweep::step(session& s, int users, int rows) {
    if (stage_ == stage::marking) {
        mark(s, users);
    } else if (stage_ == stage::removing) {
        remove(s, rows);
    }
}

void value_sweep::look_at(std::int64_t value_no) {
    if (value_no >= first_ && value_no <= last_) seen_[static_cast<std::size_t>(value_no - first_)] = true;
}

void value_sweep::mark(session& s, int users) {
    statement next{
        s.file().connection(),
        "SELECT l.no, l.data, s.data FROM ledgers l LEFT JOIN sources s ON s.no = l.no WHERE l.no > ? ORDER BY "
        "l.no LIMIT ?"};
    next.with(after_, users);
    diff::account a;
    int looked_at = 0;
    auto const named = [this](std::string_view text) {
        if (auto const value_no = referred_value(text)) look_at(*value_no);
    };
    while (next.step()) {
        after_ = next.integer(0);
        ++looked_at;
        decode_ledger(next.text(1), a);
        auto const& slot = a[profile::trait::company];
        named(slot.baseline.text);
        named(slot.acknowledged.text);
        if (slot.in_flight) named(slot.in_flight->text);
        if (!next.is_null(2)) named(decode_source(next.text(2)).texts[profile::index_of(profile::trait::company)]);
    }
    if (looked_at == users) return;
    after_ = first_ - 1;
    stage_ = stage::removing;
}

// Only what was replaced when the sweep began: the newest of that time may have been taken since by users that were
// looked at before.
void value_sweep::remove(session& s, int rows) {
    auto& db = s.file().connection();
    std::vector<std::int64_t> gone;
    int looked_at = 0;
    {
        statement next{
            db,
            "SELECT v.no, EXISTS (SELECT 1 FROM company_values w WHERE w.company_no = v.company_no AND w.no > "
            "v.no AND w.no <= ?2) AND NOT EXISTS (SELECT 1 FROM companies c WHERE c.no = v.company_no AND "
            "c.value_no = v.no) FROM company_values v WHERE v.no > ?1 AND v.no <= ?2 ORDER BY v.no LIMIT ?3"};
        next.with(after_, last_, rows);
        while (next.step()) {
            after_ = next.integer(0);
            ++looked_at;
            if (next.integer(1) != 0 && !seen_[static_cast<std::size_t>(after_ - first_)]) gone.push_back(after_);
        }
    }
    statement drop{db, "DELETE FROM company_values WHERE no = ?"};
    for (auto const no : gone) drop.with(no).run();
    if (looked_at == rows) return;
    kept_ = replaced(db);
    seen_ = {};
    stage_ = stage::idle;
}

}  // namespace traitsync::store

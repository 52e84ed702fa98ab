// Answers that messages' rows tell alone, and how the ledger comes to know of them.
#include <algorithm>
#include <iterator>
#include <map>

#include "accounts_statements.hpp"
#include "traitsync/store/number_runs.hpp"

namespace traitsync::store {
namespace {

using diff::message_state;
using profile::trait_set;

// Accounts in memory at a time.
constexpr std::size_t most_kept = 64;

}  // namespace

acknowledged_alone accounts::acknowledge_alone(std::span<std::int64_t const> rows, std::int64_t now) {
    write_new();
    acknowledged_alone done;
    std::vector<std::int64_t> alone;
    std::map<std::int64_t, std::int64_t> claims;  // that end in their rows, by replay
    for (std::size_t begin = 0; begin < rows.size();) {
        auto const end = end_of_run(rows, begin);
        alone.clear();
        bool marked = false;
        auto& s = sql_->alone.with(rows[begin], rows[end - 1]);
        while (s.step()) {
            alone.push_back(s.integer(0));
            done.traits += trait_set{static_cast<std::uint32_t>(s.integer(1))}.size();
            auto const mark = s.integer(2);
            if (mark < 0) ++claims[-mark];
            marked = marked || mark > 0;
        }
        for (std::size_t i = 0; i < alone.size();) {
            auto const last = end_of_run(alone, i) - 1;
            sql_->acknowledge.with(alone[i], alone[last], now).run();
            if (marked) end_claims(alone[i], alone[last]);
            i = last + 1;
        }
        auto const run = rows.subspan(begin, end - begin);
        std::ranges::set_difference(run, alone, std::back_inserter(done.others));
        begin = end;
    }
    for (auto const& [replay, count] : claims) sql_->count_done.with(replay, count).run();
    auto const taken = static_cast<std::int64_t>(rows.size() - done.others.size());
    sql_->counts[message_state::offered] -= taken;
    sql_->counts[message_state::acknowledged] += taken;
    return done;
}

// A claim ends with its message's way to Segment.
void accounts::end_claims(std::int64_t first_row, std::int64_t last_row) {
    std::vector<std::pair<std::int64_t, std::int64_t>> ended;
    auto& s = sql_->claims_of.with(first_row, last_row);
    while (s.step()) ended.emplace_back(s.integer(0), s.integer(1));
    for (auto const& [replay, count] : ended) sql_->count_done.with(replay, count).run();
    sql_->remove_claims.with(first_row, last_row).run();
}

void accounts::keep_answers(std::vector<std::int64_t> users) {
    read_by_runs(users, most_kept, [&](std::int64_t first, std::int64_t last) {
        auto const read = load_known(first, last, sql_->kept);
        for (auto& known : std::span{sql_->kept}.first(read.count)) {
            if (known.account.noted.empty() && !known.account.changed) continue;
            known.account.changed = true;
            save(known.account);
        }
        return read.through;
    });
}

}  // namespace traitsync::store

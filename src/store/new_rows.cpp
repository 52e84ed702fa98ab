#include "new_rows.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "stored_ids.hpp"

namespace traitsync::store {
namespace {

// More at a time give little: 17,800 instructions a row, 16,900 with twenty (28,300 alone).
constexpr std::size_t at_once = 8;
constexpr std::size_t parameters = 15;

std::string insert_of(std::size_t rows) {
    std::string sql =
        "INSERT OR FAIL INTO messages (no, id, user_no, state, wait, traits, due, remaining, marked, created, "
        "timestamp, "
        "first_offered, settled, pass, reason, attempts, next_attempt, answer) VALUES ";
    for (std::size_t i = 0; i < rows; ++i) {
        sql += fmt::format("{}(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, '')", i == 0 ? "" : ", ");
    }
    return sql;
}

}  // namespace

new_rows::new_rows(SQLite::Database& db)
    : db_{db},
      one_{db, insert_of(1).c_str()},
      some_{db, insert_of(at_once).c_str()},
      // Of AUTOINCREMENT: no number is given twice, though its message is long gone.
      newest_{db, "SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'messages'), 0)"} {
    rows_.reserve(at_once);
}

void new_rows::collect() {
    give_up();
    newest_.with().step();
    last_ = newest_.integer(0);
    newest_.reset();
    collects_ = true;
}

void new_rows::give_up() {
    rows_.clear();
    collects_ = false;
}

void new_rows::bind(statement& s, std::size_t at, new_row const& row) {
    auto index = static_cast<int>(at * parameters);
    if (row.no == 0) {
        s.set(++index, std::optional<std::int64_t>{});
    } else {
        s.set(++index, row.no);
    }
    s.set(++index, blob_of(row.id));
    s.set(++index, row.user_no);
    for (auto const v : row.values) s.set(++index, v);
}

std::int64_t new_rows::add(new_row const& row) {
    if (!collects_) {
        bind(one_.with(), 0, row);
        one_.run();
        return sqlite3_last_insert_rowid(db_.getHandle());
    }
    rows_.push_back(row);
    rows_.back().no = ++last_;
    if (rows_.size() == at_once) write();
    return last_;
}

void new_rows::write() {
    if (rows_.size() == at_once) {
        some_.with();
        for (std::size_t i = 0; i < at_once; ++i) bind(some_, i, rows_[i]);
        some_.run();
    } else {
        for (auto const& row : rows_) {
            bind(one_.with(), 0, row);
            one_.run();
        }
    }
    rows_.clear();
}

bool new_rows::has_user(std::int64_t user_no) const {
    return std::ranges::find(rows_, user_no, &new_row::user_no) != rows_.end();
}

}  // namespace traitsync::store

#pragma once
// Rows of new messages, some at a time: one INSERT of eight costs two thirds of eight of one row each. OR FAIL makes
// the difference: with SQLite's usual handling of conflicts a statement of several rows first copies each page it
// changes, to be undone alone, and is dearer than eight. What fails here ends the transaction. Private to store/; owned
// by accounts.

#include <array>
#include <cstdint>
#include <vector>

#include "statement.hpp"
#include "traitsync/core/ids.hpp"

namespace traitsync::store {

struct new_row {
    std::int64_t no = 0;  // given by add()
    message_id id;
    std::int64_t user_no = 0;
    // state, wait, traits, due, remaining, marked, created, timestamp, first_offered, settled, pass, reason
    std::array<std::int64_t, 12> values;
};

class new_rows {
public:
    explicit new_rows(SQLite::Database& db);

    // Collects from now on, in an open transaction; before, each row is written when it comes.
    void collect();
    // Ends it. What is not written yet is given up.
    void give_up();

    std::int64_t add(new_row const& row);  // its number; an answer is set behind it
    void write();                          // what is collected
    bool is_empty() const { return rows_.empty(); }
    bool has_user(std::int64_t user_no) const;
    bool has_row(std::int64_t no) const { return !rows_.empty() && no >= rows_.front().no; }

private:
    void bind(statement& s, std::size_t at, new_row const& row);

    SQLite::Database& db_;
    statement one_, some_, newest_;
    std::vector<new_row> rows_;
    std::int64_t last_ = 0;
    bool collects_ = false;
};

}  // namespace traitsync::store

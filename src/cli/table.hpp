#pragma once
// What the service says, for people: aligned columns, times in UTC, grouped numbers. Foreign text is escaped.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "console.hpp"
#include "traitsync/core/bytes_text.hpp"
#include "traitsync/core/json.hpp"

namespace traitsync::cli {

class table {
public:
    // A heading that begins with > is of a column that is aligned to the right.
    explicit table(std::vector<std::string> headings) : rows_{std::move(headings)}, width_{rows_.size()} {}
    void add(std::vector<std::string> row) {
        row.resize(width_);
        rows_.insert(rows_.end(), row.begin(), row.end());
    }
    bool empty() const { return rows_.size() == width_; }
    void print(console& c) const;

private:
    std::vector<std::string> rows_;  // one after the other, the headings first
    std::size_t width_;
};

// A member as text: "-" for null, escaped, whole numbers grouped, others and anything nested as they came.
std::string shown(json::value const& v);
std::string shown(json::value const& object, std::string_view name);
// The same, cut for a column; --json has the whole.
std::string brief(json::value const& v);
std::string grouped(std::int64_t n);
// An RFC 3339 time to the second, in UTC as in the log and in the sentences of the API; "-" for null.
std::string utc_time(json::value const& v);
std::string duration_text(std::int64_t seconds);
// A state word, in its colour on a terminal.
std::string state_word(console const& c, std::string_view state);

}  // namespace traitsync::cli

#pragma once
// One page of a list: filled until its limit, its size in bytes or the number of rows looked at is reached, so
// that neither memory nor a reading job grows with what is asked. Private to admin/.

#include <string>

#include "json_writer.hpp"

namespace traitsync::admin {

class list_page {
public:
    static constexpr std::size_t most_bytes = std::size_t{1} << 20;
    static constexpr int most_looked_at = 2000;
    static constexpr int most_passed = 50'000;  // of which only one column is read: some milliseconds

    explicit list_page(int limit) : limit_{limit} { writer_.begin_object().key("items").begin_array(); }

    // Whether another row may be looked at.
    bool may_look() const { return looked_ < most_looked_at && passed_ < most_passed && !closed_; }

    // Rows that a statement may still look at by itself.
    int may_pass() const { return most_passed - passed_; }

    // Whether a row that belongs has no place any more: it need not be read, only told of.
    bool is_full() const { return items_ == limit_ || writer_.size() >= most_bytes; }

    // A row that was looked at: `place` is the cursor behind it; `write` is called when it belongs to the page, which
    // `belongs` says. Once the page is full the next row that belongs only tells that there is more.
    template <class Write>
    void look(std::string place, bool belongs, Write&& write) {
        ++looked_;
        if (belongs && is_full()) {
            closed_ = true;
            return;
        }
        if (belongs) {
            write(writer_);
            ++items_;
        }
        place_ = std::move(place);
    }

    // A statement looked at rows by itself, of which those that belong were looked at here: `place` is behind them all.
    void pass(std::string place, int rows) {
        if (closed_) return;
        passed_ += rows;
        place_ = std::move(place);
    }

    // `exhausted`: every row was looked at.
    std::string finish(bool exhausted) {
        writer_.end_array().key("next_cursor");
        if (exhausted && !closed_) {
            writer_.null();
        } else {
            writer_.text(place_);
        }
        writer_.end_object();
        return writer_.take();
    }

private:
    json_writer writer_;
    int limit_;
    int items_ = 0;
    int looked_ = 0;
    int passed_ = 0;
    bool closed_ = false;
    std::string place_;
};

}  // namespace traitsync::admin

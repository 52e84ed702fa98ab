#pragma once
// The loops of the limit, each a page or a batch at a time.

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "page_reader.hpp"
#include "tables.hpp"

namespace traitsync::bench::limit {

class passes {
public:
    explicit passes(tables& t) : t_{t} {}

    // One page, one transaction: parse, hash, look up; a changed profile is compared, stored and queued.
    void page(std::string_view text);
    // One batch of the queue within Segment's limits, acknowledged: the messages' number, 0 at the end.
    std::size_t batch();
    // Every profile queued once more, whole; a thousand a transaction. False at the end.
    bool replay_step();

private:
    void profile(std::string_view id, std::string const& lines);
    void queue(std::int64_t no, std::string_view lines);
    void append_message(std::string_view user, std::string_view message_id, std::string_view lines);

    tables& t_;
    page_reader reader_;
    std::mt19937_64 random_{1};
    std::int64_t numbers_ = 0, queued_ = 0, sent_ = 0, replayed_ = 0;
    std::string old_, delta_, body_, state_;
};

}  // namespace traitsync::bench::limit

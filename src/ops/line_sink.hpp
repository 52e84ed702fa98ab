#pragma once
// Writes whole lines to a descriptor that may be a file, a pipe or a terminal, without ever waiting long
// for its reader. Not thread-safe: the logger's sink holds a lock around it.

#include <atomic>
#include <cstdint>
#include <string_view>

namespace traitsync::ops {

class line_sink {
public:
    explicit line_sink(int descriptor) : descriptor_{descriptor} {}

    // Writes the line (with its newline), or as much of it as the reader takes. A failure counts as lost.
    void write(std::string_view line);

    // The same for our own notice about lost lines, which is not one of them.
    bool try_write(std::string_view line);

    std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }
    std::uint64_t untold() const { return lost() - told_; }
    void tell(std::uint64_t lines) { told_ += lines; }

private:
    bool ready();
    bool put(std::string_view text);

    int descriptor_;
    std::atomic<std::uint64_t> lost_{0};
    std::uint64_t told_ = 0;
    bool asleep_ = false;       // the last write found no room
    bool inside_line_ = false;  // the last line was cut
};

}  // namespace traitsync::ops

#include "line_sink.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace traitsync::ops {
namespace {

// A pipe that poll calls writable takes this much without blocking (POSIX: PIPE_BUF, 4,096 on Linux).
constexpr std::size_t chunk = 4096;

// How long a line waits for a slow reader; a reader that missed one gets no second wait until it reads again.
constexpr int patience_ms = 250;

}  // namespace

bool line_sink::ready() {
    pollfd p{descriptor_, POLLOUT, 0};
    int n = 0;
    do {
        n = ::poll(&p, 1, asleep_ ? 0 : patience_ms);
    } while (n < 0 && errno == EINTR);
    asleep_ = n == 0;
    return n > 0 && (p.revents & POLLOUT) != 0;
}

bool line_sink::put(std::string_view text) {
    while (!text.empty()) {
        if (!ready()) return false;
        auto const n = ::write(descriptor_, text.data(), std::min(text.size(), chunk));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;  // EPIPE, ENOSPC, EIO, EAGAIN, EBADF: the line is lost
        inside_line_ = true;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

bool line_sink::try_write(std::string_view line) {
    bool const written = (!inside_line_ || put("\n")) && put(line);
    if (written) inside_line_ = false;
    return written;
}

void line_sink::write(std::string_view line) {
    if (!try_write(line)) lost_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace traitsync::ops

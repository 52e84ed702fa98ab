#pragma once
// A terminal, for programs that behave otherwise at one. It is nobody's controlling terminal.

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace traitsync::test {

class terminal {
public:
    terminal() : ours_{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)} {
        std::array<char, 64> name{};
        if (ours_ < 0 || ::grantpt(ours_) != 0 || ::unlockpt(ours_) != 0 ||
            ::ptsname_r(ours_, name.data(), name.size()) != 0) {
            throw std::runtime_error{"no terminal can be made"};
        }
        path_ = name.data();
    }
    ~terminal() { hang_up(); }
    terminal(terminal const&) = delete;
    terminal& operator=(terminal const&) = delete;

    // The program's end, a file.
    std::string const& path() const { return path_; }

    // What was written to it so far. Waits for `text` in it; false when it does not come in time.
    bool wait_for(std::string_view text, std::chrono::milliseconds limit = std::chrono::seconds{30}) {
        auto const end = std::chrono::steady_clock::now() + limit;
        while (seen_.find(text) == std::string::npos) {
            auto const left =
                std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
            ::pollfd ready{ours_, POLLIN, 0};
            std::array<char, 4096> part{};
            if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0) return false;
            auto const count = ::read(ours_, part.data(), part.size());
            if (count <= 0) return false;
            seen_.append(part.data(), static_cast<std::size_t>(count));
        }
        return true;
    }
    std::string const& seen() const { return seen_; }

    // Typed at it.
    bool type(std::string_view text) const {
        return ::write(ours_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    }

    // It goes away, as one does whose connection broke.
    void hang_up() {
        if (ours_ >= 0) ::close(ours_);
        ours_ = -1;
    }

private:
    int ours_;
    std::string path_;
    std::string seen_;
};

}  // namespace traitsync::test

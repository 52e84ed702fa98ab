#pragma once
// The other end of NOTIFY_SOCKET.

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>

namespace traitsync::cli::test {

class notices {
public:
    // A path, or @name in the abstract name space.
    explicit notices(std::string const& address) : descriptor_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        std::memcpy(name.sun_path, address.data(), address.size());
        if (address.front() == '@') name.sun_path[0] = '\0';
        auto const length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
        if (::bind(descriptor_, reinterpret_cast<sockaddr const*>(&name), length) != 0)
            throw std::runtime_error{"bind"};
    }
    ~notices() { ::close(descriptor_); }
    notices(notices const&) = delete;
    notices& operator=(notices const&) = delete;

    // The next message that has arrived; empty: none.
    std::string next() const {
        char text[4096];
        auto const n = ::recv(descriptor_, text, sizeof text, MSG_DONTWAIT);
        return n < 0 ? std::string{} : std::string(text, static_cast<std::size_t>(n));
    }

private:
    int descriptor_;
};

}  // namespace traitsync::cli::test

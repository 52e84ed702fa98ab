#include "service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <system_error>
#include <utility>

#include "environment.hpp"

namespace traitsync::cli {
namespace {

std::optional<long long> number_in(std::string const& text) {
    long long n = 0;
    auto const* end = text.data() + text.size();
    auto const [stop, failed] = std::from_chars(text.data(), end, n);
    if (failed != std::errc{} || stop != end || n <= 0) return std::nullopt;
    return n;
}

std::optional<std::chrono::microseconds> watchdog_of_environment() {
    auto const pid = environment("WATCHDOG_PID");
    // Meant for another process, from which the variable was inherited.
    if (!pid.empty() && number_in(pid) != static_cast<long long>(::getpid())) return std::nullopt;
    auto const micros = number_in(environment("WATCHDOG_USEC"));
    if (!micros) return std::nullopt;
    return std::chrono::microseconds{*micros};
}

// A descriptor connected to the address, or errno.
int connect_to(std::string const& address, int& descriptor) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (address.size() >= sizeof name.sun_path) return ENAMETOOLONG;
    if (address.front() != '/' && address.front() != '@') return EAFNOSUPPORT;
    std::memcpy(name.sun_path, address.data(), address.size());
    auto length = offsetof(sockaddr_un, sun_path) + address.size();
    if (address.front() == '@') {
        name.sun_path[0] = '\0';
    } else {
        ++length;
    }
    descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return errno;
    if (::connect(descriptor, reinterpret_cast<sockaddr*>(&name), static_cast<socklen_t>(length)) == 0) return 0;
    auto const code = errno;
    ::close(std::exchange(descriptor, -1));
    return code;
}

}  // namespace

service_manager service_manager::from_environment() {
    return service_manager{environment("NOTIFY_SOCKET"), watchdog_of_environment()};
}

service_manager::service_manager(std::string address, std::optional<std::chrono::microseconds> watchdog)
    : address_{std::move(address)} {
    if (address_.empty()) return;
    if (auto const code = connect_to(address_, descriptor_); code != 0) {
        trouble_ =
            error{fault::unavailable, "NOTIFY_SOCKET " + address_ + ": " + std::generic_category().message(code)};
        return;
    }
    if (watchdog) beat_ = *watchdog / 4;
}

service_manager::~service_manager() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

service_manager::service_manager(service_manager&& other) noexcept
    : address_{std::move(other.address_)},
      said_{std::move(other.said_)},
      descriptor_{std::exchange(other.descriptor_, -1)},
      beat_{other.beat_},
      trouble_{std::move(other.trouble_)} {}

void service_manager::reloading() const {
    // The time tells the manager which of several reloads this one answers.
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    auto const micros = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
    tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(micros));
}

void service_manager::status(std::string_view line) {
    if (line == said_) return;
    said_ = line;
    auto shown = said_;
    for (auto& c : shown) {
        if (c == '\n') c = ' ';  // the next line would be another message
    }
    tell("STATUS=" + shown);
}

void service_manager::tell(std::string const& message) const {
    if (descriptor_ < 0) return;
    // A manager that does not read is no reason to stop or to wait: it misses the message and, if it needed it, ends
    // the process by its own rules.
    while (::send(descriptor_, message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno == EINTR) {
    }
}

}  // namespace traitsync::cli

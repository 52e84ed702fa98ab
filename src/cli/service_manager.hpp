#pragma once
// The service manager that started the process (systemd, sd_notify(3)): told when the service serves, reloads and
// stops, and that it is alive. One datagram each to the socket that NOTIFY_SOCKET names; without one, nothing happens.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "traitsync/core/error.hpp"

namespace traitsync::cli {

class service_manager {
public:
    // From the environment, which is read once: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID.
    static service_manager from_environment();
    // `address` is a path, or @name in the abstract name space; empty: nobody listens.
    explicit service_manager(std::string address, std::optional<std::chrono::microseconds> watchdog = {});
    ~service_manager();
    service_manager(service_manager&& other) noexcept;
    service_manager(service_manager const&) = delete;
    service_manager& operator=(service_manager const&) = delete;

    bool present() const { return descriptor_ >= 0; }
    // How often alive() is said: a quarter of the time after which the manager ends the process, so that it ends
    // nothing that stands still for much less. None: not asked for.
    std::optional<std::chrono::microseconds> beat() const { return beat_; }
    // Why nobody is told although NOTIFY_SOCKET is set.
    std::optional<error> const& trouble() const { return trouble_; }

    void ready() const { tell("READY=1"); }
    void reloading() const;  // ready() ends it
    void stopping() const { tell("STOPPING=1"); }
    void alive() const { tell("WATCHDOG=1"); }
    // One line for `systemctl status`; said again only when it differs.
    void status(std::string_view line);

private:
    void tell(std::string const& message) const;

    std::string address_;
    std::string said_;
    int descriptor_ = -1;
    std::optional<std::chrono::microseconds> beat_;
    std::optional<error> trouble_;
};

}  // namespace traitsync::cli

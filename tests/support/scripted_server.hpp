#pragma once
// A real HTTP/1.1 server on 127.0.0.1 that answers from a script, badly where asked to, and remembers what it was
// asked. It runs in a thread of its own; every member may be called from any thread. Plain, or TLS with a certificate.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/certificates.hpp"
#include "support/script.hpp"

namespace traitsync::test {

struct server_options {
    std::optional<certificate> tls = {};
};

class scripted_server {
public:
    explicit scripted_server(server_options options = {});
    ~scripted_server();
    scripted_server(scripted_server const&) = delete;
    scripted_server& operator=(scripted_server const&) = delete;

    std::uint16_t port() const;
    // http or https, 127.0.0.1 or the given host, the port and the path.
    std::string url(std::string_view path = {}, std::string_view host = "127.0.0.1") const;

    // The next answers in this order; when they are used up, `always` (200 and no body).
    void answer(scripted_answer a, std::size_t times = 1);
    void always(scripted_answer a);
    // Asked for each request instead, in the server's thread.
    void answer_with(std::function<scripted_answer(seen_request const&)> decide);

    // Every request that has a body gets this after its head; the rest is not read, and the connection is closed.
    void refuse_bodies(scripted_answer a);

    std::vector<seen_request> requests() const;
    std::size_t connections() const;  // accepted so far
    // Waits until so many requests have come; false at the limit.
    bool wait_for_requests(std::size_t count, std::chrono::milliseconds limit = std::chrono::seconds{10}) const;
    // The same for answers of which the last byte is written: the client may have read a part before.
    bool wait_for_answers(std::size_t count, std::chrono::milliseconds limit = std::chrono::seconds{10}) const;
    // The same for connections.
    bool wait_for_connections(std::size_t count, std::chrono::milliseconds limit = std::chrono::seconds{10}) const;

    // Closes every connection, idle or not, as a restarted server does; it has happened on return.
    void drop_connections();
    // Writes bytes that nobody asked for into every open connection (plain only).
    void blurt(std::string bytes);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

// A port of 127.0.0.1 that nobody serves. Full: a connection to it is neither accepted nor refused. Else the kernel
// makes the connection, and nobody reads or writes.
class unserved_port {
public:
    explicit unserved_port(bool full);
    ~unserved_port();
    unserved_port(unserved_port const&) = delete;
    unserved_port& operator=(unserved_port const&) = delete;
    std::uint16_t port() const { return port_; }

private:
    int listener_ = -1;
    int filler_ = -1;
    std::uint16_t port_ = 0;
};

// A port of 127.0.0.1 where nothing listens: connections are refused.
std::uint16_t free_port();

}  // namespace traitsync::test

#pragma once
// A small HTTP/1.1 server on loopback with one thread of its own. It reads whole requests and gives them to a
// handler; the reply says what to answer and how to misbehave. Connections are kept alive. Everything
// that needs Beast is behind this header.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace traitsync::demo {

struct http_head {
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    int mark = 0;                                              // the handler's own, from admits() to answer()

    // The first value of that name, empty when absent. `name` in lower case.
    std::string_view header(std::string_view name) const;
    bool accepts_gzip() const { return header("accept-encoding").find("gzip") != std::string_view::npos; }
};

struct http_request {
    http_head head;
    std::string body;  // as it came over the wire (chunks joined, not decompressed)
};

// What happens after, or instead of, the answer.
enum class ending : std::uint8_t {
    whole,        // the answer, and the connection stays
    cut_before,   // after `wait`, the connection closes without a byte
    cut_in_body,  // the head and half of the body, then the connection closes
    reset,        // after `wait`, the connection is reset (RST) without a byte
};

struct http_reply {
    int status = 200;
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    bool chunked = false;
    std::chrono::milliseconds wait{0};   // before the first byte
    std::chrono::milliseconds pause{0};  // above 0: the body goes out in ten pieces, a pause before each
    ending end = ending::whole;
};

class http_handler {
public:
    virtual ~http_handler() = default;
    // Called on the listener's thread when the head has arrived and the body is not read yet. False resets the
    // connection.
    virtual bool admits(http_head&) { return true; }
    // Called on the listener's thread; the thread serves nobody else meanwhile.
    virtual http_reply answer(http_request request) = 0;
};

class http_listener {
public:
    // Listens on 127.0.0.1 at `port` (0: any free one; taken: the next free one of the following hundred) and serves at
    // once. `handler` must outlive this. Throws std::runtime_error when nothing is free.
    http_listener(http_handler& handler, std::uint16_t port, std::size_t max_body_bytes);
    ~http_listener();
    http_listener(http_listener const&) = delete;
    http_listener& operator=(http_listener const&) = delete;

    std::uint16_t port() const;

    // False closes the listening socket and resets every connection, as a service that is down does; true listens
    // again on the same port. Any thread but the listener's own.
    void listen(bool on);

    // Closes everything and ends the thread. Idempotent. Any thread but the listener's own.
    void stop();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace traitsync::demo

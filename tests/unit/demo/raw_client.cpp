#include "raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>

namespace traitsync::demo::test {

namespace {

// A test that waits longer has found a fault.
constexpr timeval patience{20, 0};

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

}  // namespace

raw_client::raw_client(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return;
    ::close(socket_);
    socket_ = -1;
}

raw_client::~raw_client() {
    if (socket_ >= 0) ::close(socket_);
}

bool raw_client::fill() {
    char buffer[65536];
    auto const count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    received_.append(buffer, static_cast<std::size_t>(count));
    return true;
}

bool raw_client::fill_to(std::size_t size) {
    while (received_.size() < size) {
        if (!fill()) return false;
    }
    return true;
}

bool raw_client::read_chunks(std::string& body) {
    while (true) {
        std::size_t line = 0;
        while ((line = received_.find("\r\n")) == std::string::npos) {
            if (!fill()) return false;
        }
        std::size_t const size = std::strtoull(received_.c_str(), nullptr, 16);
        received_.erase(0, line + 2);
        if (!fill_to(size + 2)) return false;
        body.append(received_, 0, size);
        received_.erase(0, size + 2);
        if (size == 0) return true;
    }
}

raw_answer raw_client::exchange(std::string_view method, std::string_view target, raw_headers const& headers,
                                std::string_view body) {
    std::string text = std::string{method} + " " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n";
    for (auto const& [name, value] : headers) text += name + ": " + value + "\r\n";
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    text += body;
    return exchange_text(text);
}

raw_answer raw_client::exchange_text(std::string_view request) {
    raw_answer answer;
    for (std::size_t sent = 0; sent < request.size();) {
        auto const count = ::send(socket_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) break;  // refused while it was sent: an answer may be there all the same
        sent += static_cast<std::size_t>(count);
    }
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) return answer;
    }
    std::string const head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    answer.status = std::atoi(head.c_str() + 9);
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
        std::size_t const line = head.find("\r\n", at);
        std::size_t const colon = head.find(": ", at);
        answer.headers[lower(head.substr(at, colon - at))] = head.substr(colon + 2, line - colon - 2);
        at = line + 2;
    }
    if (answer.headers.contains("transfer-encoding")) {
        answer.whole = read_chunks(answer.body);
        return answer;
    }
    std::size_t const size = std::strtoull(answer.headers["content-length"].c_str(), nullptr, 10);
    answer.whole = fill_to(size);
    answer.body = received_.substr(0, size);
    received_.erase(0, size);
    return answer;
}

}  // namespace traitsync::demo::test

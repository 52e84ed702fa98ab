#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "support/scripted_server.hpp"

namespace traitsync::test {
namespace {

void must_succeed(bool good, char const* what) {
    if (!good) throw std::system_error{errno, std::generic_category(), what};
}

int open_socket() {
    int const made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must_succeed(made >= 0, "socket");
    return made;
}

sockaddr_in bind_to_any(int socket) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    must_succeed(::bind(socket, reinterpret_cast<sockaddr*>(&at), size) == 0, "bind");
    must_succeed(::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size) == 0, "getsockname");
    return at;
}

}  // namespace

unserved_port::unserved_port(bool full) : listener_{open_socket()} {
    auto const at = bind_to_any(listener_);
    port_ = ntohs(at.sin_port);
    // A queue of 0 holds one connection; the next one's packets are dropped.
    must_succeed(::listen(listener_, full ? 0 : 16) == 0, "listen");
    if (!full) return;
    filler_ = open_socket();
    must_succeed(::connect(filler_, reinterpret_cast<sockaddr const*>(&at), sizeof at) == 0, "connect");
}

unserved_port::~unserved_port() {
    if (filler_ >= 0) ::close(filler_);
    ::close(listener_);
}

std::uint16_t free_port() {
    int const probe = open_socket();
    auto const at = bind_to_any(probe);
    ::close(probe);
    return ntohs(at.sin_port);
}

}  // namespace traitsync::test

// Preloaded into a child, which then dies by SIGKILL at one call: TS_KILL_AT is "what:when:n", the n-th call of its
// kind.
//   what  sync (fsync and fdatasync: a commit), write (into a file), send (a request), receive (an answer's bytes came)
//   when  before; after; half: of the bytes, then death
// Calls of all threads count together, so the same number is not the same instant in each run: only the kind is chosen.

#include <dlfcn.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

enum class what { nothing, sync, write, send, receive };
enum class when { before, after, half };

struct instant {
    what at = what::nothing;
    when side = when::before;
    long number = 0;
};

instant chosen() {
    instant i;
    auto const* const text = std::getenv("TS_KILL_AT");
    if (text == nullptr) return i;
    std::string_view const all{text};
    auto const first = all.find(':');
    auto const second = all.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) std::abort();
    auto const kind = all.substr(0, first);
    auto const side = all.substr(first + 1, second - first - 1);
    i.at = kind == "sync" ? what::sync : kind == "write" ? what::write : kind == "send" ? what::send : what::receive;
    i.side = side == "before" ? when::before : side == "after" ? when::after : when::half;
    i.number = std::atol(text + second + 1);
    return i;
}

// Whether this call is the one.
bool is_now(what kind) {
    static instant const at = chosen();
    static std::atomic<long> calls{0};
    return at.at == kind && ++calls == at.number;
}

when side() {
    static when const chosen_side = chosen().side;
    return chosen_side;
}

[[noreturn]] void die() {
    ::kill(::getpid(), SIGKILL);
    for (;;) ::pause();
}

template <class Function>
Function* next(char const* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

template <class Call>
auto around(what kind, Call&& call, std::size_t size) {
    if (!is_now(kind)) return call(size);
    if (side() == when::before) die();
    call(side() == when::half ? (size + 1) / 2 : size);
    die();
}

// The first `size` bytes of a message's buffers.
msghdr first_bytes(msghdr const& message, iovec* parts, std::size_t most, std::size_t size) {
    auto shorter = message;
    std::size_t used = 0;
    while (used < message.msg_iovlen && used < most && size > 0) {
        parts[used] = message.msg_iov[used];
        parts[used].iov_len = std::min(parts[used].iov_len, size);
        size -= parts[used].iov_len;
        ++used;
    }
    shorter.msg_iov = parts;
    shorter.msg_iovlen = used;
    return shorter;
}

}  // namespace

extern "C" {

int fsync(int file) {
    static auto* const real = next<int(int)>("fsync");
    return around(
        what::sync, [&](std::size_t) { return real(file); }, 0);
}

int fdatasync(int file) {
    static auto* const real = next<int(int)>("fdatasync");
    return around(
        what::sync, [&](std::size_t) { return real(file); }, 0);
}

ssize_t pwrite(int file, void const* bytes, size_t size, off_t at) {
    static auto* const real = next<ssize_t(int, void const*, size_t, off_t)>("pwrite");
    return around(
        what::write, [&](std::size_t some) { return real(file, bytes, some, at); }, size);
}

ssize_t pwrite64(int file, void const* bytes, size_t size, off64_t at) {
    static auto* const real = next<ssize_t(int, void const*, size_t, off64_t)>("pwrite64");
    return around(
        what::write, [&](std::size_t some) { return real(file, bytes, some, at); }, size);
}

ssize_t send(int socket, void const* bytes, size_t size, int flags) {
    static auto* const real = next<ssize_t(int, void const*, size_t, int)>("send");
    return around(
        what::send, [&](std::size_t some) { return real(socket, bytes, some, flags); }, size);
}

ssize_t sendmsg(int socket, msghdr const* message, int flags) {
    static auto* const real = next<ssize_t(int, msghdr const*, int)>("sendmsg");
    std::size_t size = 0;
    for (std::size_t i = 0; i < message->msg_iovlen; ++i) size += message->msg_iov[i].iov_len;
    return around(
        what::send,
        [&](std::size_t some) {
            if (some == size) return real(socket, message, flags);
            iovec parts[64];
            auto const shorter = first_bytes(*message, parts, 64, some);
            return real(socket, &shorter, flags);
        },
        size);
}

ssize_t recv(int socket, void* bytes, size_t size, int flags) {
    static auto* const real = next<ssize_t(int, void*, size_t, int)>("recv");
    auto const got = real(socket, bytes, size, flags);
    if (got > 0 && is_now(what::receive)) die();
    return got;
}

ssize_t recvmsg(int socket, msghdr* message, int flags) {
    static auto* const real = next<ssize_t(int, msghdr*, int)>("recvmsg");
    auto const got = real(socket, message, flags);
    if (got > 0 && is_now(what::receive)) die();
    return got;
}

}  // extern "C"

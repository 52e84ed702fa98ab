#include "store_lock.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <thread>
#include <utility>

#include "traitsync/core/private_file.hpp"

namespace traitsync::store {
namespace {

constexpr std::string_view holds_a_store = "holds a store";

std::string name_of_lock(std::string const& store) { return store + ".lock"; }

struct lock_text {
    std::string pid = "unknown";
    store_lock::memory memory;
};

// Up to `end`, which goes too; nothing where it does not come.
std::string_view take_until(char end, std::string_view& text) {
    auto const at = text.find(end);
    if (at == std::string_view::npos) return {};
    auto const taken = text.substr(0, at);
    text.remove_prefix(at + 1);
    return taken;
}

// "123\n", and below it what it remembers: that there is a store, and the names of its runs, a space behind each. Below
// that the end of a longer text may stand, which a kill kept from being cut off.
lock_text read(int descriptor) {
    std::array<char, 128> bytes{};
    auto const length = ::pread(descriptor, bytes.data(), bytes.size(), 0);
    std::string_view text{bytes.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
    lock_text read;
    if (auto const pid = take_until('\n', text); !pid.empty()) read.pid = pid;
    read.memory.store = take_until('\n', text) == holds_a_store;
    if (!read.memory.store) return read;
    auto names = take_until('\n', text);
    for (auto name = take_until(' ', names); !name.empty(); name = take_until(' ', names))
        read.memory.runs.emplace_back(name);
    return read;
}

// Where it cannot be written the lock holds all the same; only what others learn from it gets poorer.
bool write(int descriptor, store_lock::memory const& memory) {
    auto text = fmt::format("{}\n", ::getpid());
    if (memory.store) text += fmt::format("{}\n", holds_a_store);
    for (auto const& name : memory.runs) text += name + " ";
    if (!memory.runs.empty()) text += "\n";
    auto const length = static_cast<ssize_t>(text.size());
    return ::pwrite(descriptor, text.data(), text.size(), 0) == length && ::ftruncate(descriptor, length) == 0;
}

// Who only looks (is_locked) holds it for some microseconds.
bool lock_patiently(int descriptor) {
    constexpr int most_tries = 5;
    for (int tries = 1; ::flock(descriptor, LOCK_EX | LOCK_NB) != 0; ++tries) {
        if (tries == most_tries) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return true;
}

}  // namespace

store_lock::~store_lock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

result<void> store_lock::take(std::string const& store) {
    auto const name = name_of_lock(store);
    descriptor_ = make_private_file(name);
    if (descriptor_ < 0 && errno == EEXIST) descriptor_ = ::open(name.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor_ < 0) {
        return error{fault::storage, fmt::format("cannot open {}: {}; the directory of store.path must exist and be "
                                                 "writable for this user",
                                                 name, std::strerror(errno))};
    }
    auto const taken = lock_patiently(descriptor_);
    auto const found = read(descriptor_);
    if (!taken) {
        return error{fault::conflict,
                     fmt::format("the store {} is in use by process {}: stop that one first, or set another store.path",
                                 store, found.pid)};
    }
    // Who removes the store wants a new one.
    std::error_code unknown;
    if (std::filesystem::exists(store, unknown)) memory_ = found.memory;
    write(descriptor_, memory_);
    return {};
}

void store_lock::remember_store() {
    memory_.store = true;
    write(descriptor_, memory_);
}

result<void> store_lock::note_runs(std::string const& store, std::vector<std::string> runs) {
    memory_.runs = std::move(runs);
    // Some file systems write nothing on demand.
    if (write(descriptor_, memory_) && (::fsync(descriptor_) == 0 || errno == EINVAL)) return {};
    return error{fault::storage, fmt::format("cannot write {}: {}", name_of_lock(store), std::strerror(errno))};
}

bool is_locked(std::string const& store) {
    auto const descriptor = ::open(name_of_lock(store).c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    auto const taken = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0;
    ::close(descriptor);
    return taken;
}

bool remembers_store(std::string const& store) {
    auto const descriptor = ::open(name_of_lock(store).c_str(), O_RDONLY | O_CLOEXEC);
    auto const remembered = descriptor >= 0 && read(descriptor).memory.store;
    if (descriptor >= 0) ::close(descriptor);
    return remembered;
}

result<void> check_not_lost(std::string const& store) {
    std::error_code absent;
    auto const size = std::filesystem::file_size(store, absent);
    if (!absent && size > 0) return {};
    auto const what = absent ? "gone" : "empty";
    std::error_code no_log;
    auto const log = store + "-wal";
    if (auto const logged = std::filesystem::file_size(log, no_log); !no_log && logged > 0) {
        return error{fault::storage,
                     fmt::format("the store {} is {}, but its log {} is not: the log alone is of no use. Nothing was "
                                 "touched; put the file back, or move the log away and restore a backup. Without both "
                                 "a new store is made, and may send every profile again",
                                 store, what, log)};
    }
    if (absent) return {};
    if (!remembers_store(store)) return {};
    return error{fault::storage,
                 fmt::format("the store {} is empty, though it held data before: it was cut off, perhaps "
                             "by a copy onto a full disk. It was not touched; restore a backup, or "
                             "remove it: then a new one is made, and may send every profile again",
                             store)};
}

}  // namespace traitsync::store

// Preloaded into a child: its wall clock runs off by so many seconds as stand in the file that TS_CLOCK_SHIFT names,
// read at each call, so a test can let the clock jump while the program runs. Steady clocks stay as they are.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace {

std::int64_t const* shift() {
    static std::int64_t const* const mapped = []() -> std::int64_t const* {
        auto const* name = std::getenv("TS_CLOCK_SHIFT");
        int const file = name != nullptr ? ::open(name, O_RDONLY | O_CLOEXEC) : -1;
        if (file < 0) return nullptr;
        auto* const at = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
        ::close(file);
        return at == MAP_FAILED ? nullptr : static_cast<std::int64_t const*>(at);
    }();
    return mapped;
}

}  // namespace

extern "C" int clock_gettime(clockid_t which, timespec* now) noexcept {
    auto const code = static_cast<int>(::syscall(SYS_clock_gettime, which, now));
    if (code == 0 && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE) && shift() != nullptr) {
        now->tv_sec += *static_cast<std::int64_t const volatile*>(shift());
    }
    return code;
}

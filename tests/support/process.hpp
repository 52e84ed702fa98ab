#pragma once
// A program started as a child: its whole environment, its directory, its output in files, its limits. Linux only.
// A child never outlives its object: the destructor kills it, and what it started goes with it in any case. The kernel
// kills it when the thread that started it ends, so start it from one that stays.

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traitsync::test {

struct process_options {
    std::filesystem::path program;
    std::vector<std::string> arguments = {};              // without the program's name
    std::map<std::string, std::string> environment = {};  // all of it: nothing is inherited
    std::filesystem::path directory = {};                 // empty: ours
    std::filesystem::path output = {};                    // file for standard output, appended; empty: one of our own
    std::filesystem::path errors = {};                    // the same for standard error
    std::string input = {};                               // standard input; nothing but its end after it
    bool keep_input = false;                              // instead: open, and what write() gives
    std::optional<std::uint64_t> max_file_bytes = {};     // RLIMIT_FSIZE; SIGXFSZ is ignored, so writes fail with EFBIG
    std::optional<std::uint64_t> max_open_files = {};     // RLIMIT_NOFILE
    std::optional<std::uint64_t> max_address_bytes = {};  // RLIMIT_AS
    bool obey_modes = false;                              // file modes bind it, though it is started by root
};

inline constexpr auto unlimited_bytes = std::numeric_limits<std::uint64_t>::max();  // RLIM_INFINITY

struct exit_state {
    int code = -1;   // when the program ended by itself
    int signal = 0;  // when a signal ended it
    bool clean() const { return code == 0; }
};

class process {
public:
    // Throws std::system_error when the program cannot be started.
    explicit process(process_options options);
    ~process();
    process(process&& other) noexcept;
    process& operator=(process&&) = delete;

    pid_t pid() const { return pid_; }
    bool running();

    void signal(int number) const;  // nothing when it has ended
    // SIGKILL to the program and all that it started, then waits for it.
    void kill();

    // More standard input, where it was kept open. Throws std::system_error when nobody reads it any more.
    void write(std::string_view text) const;
    void end_input();

    // Sets RLIMIT_FSIZE of the running program; nothing: no limit. Start it with `max_file_bytes` of unlimited_bytes,
    // so that writes beyond it fail instead of ending it.
    void limit_files(std::optional<std::uint64_t> bytes) const;

    // Waits for the end; nothing when it still runs at the limit.
    std::optional<exit_state> wait(std::chrono::milliseconds limit = std::chrono::seconds{30});
    // SIGTERM, then wait.
    std::optional<exit_state> stop(std::chrono::milliseconds limit = std::chrono::seconds{30});

    std::string output() const;  // so far
    std::string errors() const;
    // Waits until the text stands in the output (errors); false when the program ends without it, or at the limit.
    bool wait_for_output(std::string_view text, std::chrono::milliseconds limit = std::chrono::seconds{30});
    bool wait_for_errors(std::string_view text, std::chrono::milliseconds limit = std::chrono::seconds{30});

    // Memory in use now, and the most so far or since it was forgotten, from /proc; 0 when it has ended.
    std::uint64_t resident_bytes() const;
    std::uint64_t peak_resident_bytes() const;
    void forget_peak() const;
    // CPU time of all its threads so far, user and system, as exact as the kernel counts; 0 when it has ended.
    std::chrono::nanoseconds cpu_time() const;

private:
    bool wait_for(std::filesystem::path const& file, std::string_view text, std::chrono::milliseconds limit);
    void collect();

    pid_t pid_ = -1;
    int descriptor_ = -1;  // a pidfd: becomes readable at the end
    int input_ = -1;       // our end of its standard input, where that is kept open
    std::optional<exit_state> ended_;
    std::filesystem::path output_;
    std::filesystem::path errors_;
    bool own_output_ = false;
    bool own_errors_ = false;
};

// Runs it to its end. Throws std::runtime_error when it does not end in time.
struct finished {
    exit_state state;
    std::string output;
    std::string errors;
};
finished run(process_options options, std::chrono::milliseconds limit = std::chrono::seconds{60});

}  // namespace traitsync::test

#include "support/process.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace traitsync::test {

namespace {

using namespace std::chrono;

[[noreturn]] void fail(char const* what) { throw std::system_error{errno, std::generic_category(), what}; }

// Closed at the end of its scope.
struct descriptor {
    int value = -1;
    ~descriptor() {
        if (value >= 0) ::close(value);
    }
};

std::filesystem::path temporary_file() {
    auto name = (std::filesystem::temp_directory_path() / "traitsync-output-XXXXXX").string();
    descriptor const file{::mkostemp(name.data(), O_CLOEXEC)};
    if (file.value < 0) fail("mkostemp");
    return name;
}

std::string read_file(std::filesystem::path const& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// Standard input is a file that is gone when the child has it: no pipe that could fill up or break.
int input_file(std::string const& text) {
    int const file = ::memfd_create("input", MFD_CLOEXEC);
    if (file < 0) fail("memfd_create");
    for (std::size_t at = 0; at < text.size();) {
        auto const count = ::write(file, text.data() + at, text.size() - at);
        if (count < 0) fail("write");
        at += static_cast<std::size_t>(count);
    }
    ::lseek(file, 0, SEEK_SET);
    return file;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

void limit(int resource, std::optional<std::uint64_t> const& value) {
    if (!value) return;
    rlimit const bound{*value, *value};
    ::setrlimit(static_cast<__rlimit_resource>(resource), &bound);
}

struct child_plan {
    process_options const& options;
    char* const* arguments;
    char* const* environment;
    int input;
    int output;
    int errors;
    int complaint;  // takes errno when the program does not start
    pid_t parent;
};

// Between fork and exec only what is safe there: no allocation, no locks.
[[noreturn]] void become(child_plan const& plan) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    bool ready = ::getppid() == plan.parent;  // else the parent died before the line above
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    ready = ready && ::dup2(plan.input, 0) >= 0 && ::dup2(plan.output, 1) >= 0 && ::dup2(plan.errors, 2) >= 0;
    if (ready && !plan.options.directory.empty()) ready = ::chdir(plan.options.directory.c_str()) == 0;
    if (ready) {
        // A listening socket of ours, inherited, would go on taking connections after we closed it.
        ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
        if (plan.options.max_file_bytes) ::signal(SIGXFSZ, SIG_IGN);
        limit(RLIMIT_FSIZE, plan.options.max_file_bytes);
        limit(RLIMIT_NOFILE, plan.options.max_open_files);
        limit(RLIMIT_AS, plan.options.max_address_bytes);
        // Without this capability root is bound by file modes like everybody else.
        if (plan.options.obey_modes) ::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE);
        ::execve(plan.options.program.c_str(), plan.arguments, plan.environment);
    }
    int const reason = errno;
    if (::write(plan.complaint, &reason, sizeof reason) < 0) ::_exit(126);
    ::_exit(127);
}

}  // namespace

process::process(process_options options)
    : output_{options.output},
      errors_{options.errors},
      own_output_{options.output.empty()},
      own_errors_{options.errors.empty()} {
    if (own_output_) output_ = temporary_file();
    if (own_errors_) errors_ = temporary_file();
    std::vector<std::string> arguments{options.program.string()};
    arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
    std::vector<std::string> environment;
    for (auto const& [name, value] : options.environment) environment.push_back(name + "=" + value);
    auto const argument_pointers = pointers_to(arguments);
    auto const environment_pointers = pointers_to(environment);

    // A socket and no pipe: writing to a program that has ended gives an error and no signal.
    int ends[2]{-1, -1};
    if (options.keep_input && ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail("socketpair");
    descriptor ours{ends[0]};
    descriptor const input{options.keep_input ? ends[1] : input_file(options.input)};
    descriptor const out{::open(output_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600)};
    descriptor const err{::open(errors_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600)};
    if (out.value < 0 || err.value < 0) fail("open");
    int pipe_ends[2];
    if (::pipe2(pipe_ends, O_CLOEXEC) != 0) fail("pipe2");
    descriptor const listening{pipe_ends[0]};
    child_plan const plan{options,
                          argument_pointers.data(),
                          environment_pointers.data(),
                          input.value,
                          out.value,
                          err.value,
                          pipe_ends[1],
                          ::getpid()};
    pid_ = ::fork();
    if (pid_ == 0) become(plan);
    ::close(pipe_ends[1]);
    if (pid_ < 0) fail("fork");
    ::setpgid(pid_, pid_);  // here too: whoever comes first
    int reason = 0;
    if (::read(listening.value, &reason, sizeof reason) > 0) {
        ::waitpid(pid_, nullptr, 0);
        throw std::system_error{reason, std::generic_category(), "cannot start " + options.program.string()};
    }
    descriptor_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    if (descriptor_ < 0) {
        int const saved = errno;
        kill();
        errno = saved;
        fail("pidfd_open");
    }
    input_ = std::exchange(ours.value, -1);
}

process::process(process&& other) noexcept
    : pid_{std::exchange(other.pid_, -1)},
      descriptor_{std::exchange(other.descriptor_, -1)},
      input_{std::exchange(other.input_, -1)},
      ended_{other.ended_},
      output_{std::move(other.output_)},
      errors_{std::move(other.errors_)},
      own_output_{std::exchange(other.own_output_, false)},
      own_errors_{std::exchange(other.own_errors_, false)} {}

process::~process() {
    kill();
    if (descriptor_ >= 0) ::close(descriptor_);
    end_input();
    std::error_code ignored;
    if (own_output_) std::filesystem::remove(output_, ignored);
    if (own_errors_) std::filesystem::remove(errors_, ignored);
}

// The program has ended but is not waited for yet, so its number, which is its group's too, cannot be another's:
// what it started and left behind goes now.
void process::collect() {
    ::kill(-pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    exit_state state;
    if (WIFEXITED(status)) state.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) state.signal = WTERMSIG(status);
    ended_ = state;
}

bool process::running() {
    if (pid_ < 0 || ended_) return false;
    siginfo_t state{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &state, WEXITED | WNOHANG | WNOWAIT) == 0 && state.si_pid == 0)
        return true;
    collect();
    return false;
}

void process::signal(int number) const {
    if (pid_ > 0 && !ended_) ::kill(pid_, number);
}

void process::write(std::string_view text) const {
    while (!text.empty()) {
        auto const count = ::send(input_, text.data(), text.size(), MSG_NOSIGNAL);
        if (count < 0) fail("send");
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

void process::end_input() {
    if (input_ >= 0) ::close(std::exchange(input_, -1));
}

void process::limit_files(std::optional<std::uint64_t> bytes) const {
    rlimit const bound{bytes.value_or(RLIM_INFINITY), RLIM_INFINITY};
    if (::prlimit(pid_, RLIMIT_FSIZE, &bound, nullptr) != 0) fail("prlimit");
}

void process::kill() {
    if (pid_ < 0 || ended_) return;
    collect();
}

std::optional<exit_state> process::wait(milliseconds limit) {
    auto const end = steady_clock::now() + limit;
    while (running()) {
        auto const left = ceil<milliseconds>(end - steady_clock::now()).count();
        if (left <= 0) return std::nullopt;
        pollfd ready{descriptor_, POLLIN, 0};
        ::poll(&ready, 1, static_cast<int>(left));
    }
    return ended_;
}

std::optional<exit_state> process::stop(milliseconds limit) {
    signal(SIGTERM);
    return wait(limit);
}

std::string process::output() const { return read_file(output_); }

std::string process::errors() const { return read_file(errors_); }

bool process::wait_for_output(std::string_view text, milliseconds limit) { return wait_for(output_, text, limit); }

bool process::wait_for_errors(std::string_view text, milliseconds limit) { return wait_for(errors_, text, limit); }

bool process::wait_for(std::filesystem::path const& file, std::string_view text, milliseconds limit) {
    constexpr milliseconds look_again{5};  // a file tells nobody when it grows; the end of the program cuts it short
    auto const end = steady_clock::now() + limit;
    while (true) {
        bool const more_may_come = running();
        if (read_file(file).find(text) != std::string::npos) return true;
        if (!more_may_come || steady_clock::now() >= end) return false;
        pollfd ready{descriptor_, POLLIN, 0};
        ::poll(&ready, 1, static_cast<int>(look_again.count()));
    }
}

finished run(process_options options, milliseconds limit) {
    std::string const name = options.program.filename().string();
    process program{std::move(options)};
    auto const state = program.wait(limit);
    if (!state) throw std::runtime_error{name + " did not end in time\n" + program.errors()};
    return {*state, program.output(), program.errors()};
}

}  // namespace traitsync::test

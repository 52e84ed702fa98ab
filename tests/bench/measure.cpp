#include "measure.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

namespace traitsync::bench {
namespace {

double seconds(timeval const& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; }

}  // namespace

measured run_child(std::vector<std::string> const& arguments, std::vector<std::string> const& environment,
                   std::string const& log) {
    std::vector<char*> argv, envp;
    for (auto const& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
    for (auto const& e : environment) envp.push_back(const_cast<char*>(e.c_str()));
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    auto const begin = std::chrono::steady_clock::now();
    auto const child = ::fork();
    if (child == 0) {
        auto const out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(out, 1);
        ::dup2(out, 2);
        ::execve(argv[0], argv.data(), envp.data());
        ::_exit(127);
    }
    int status = 0;
    rusage usage{};
    if (::wait4(child, &status, 0, &usage) != child) throw std::runtime_error{"the child cannot be waited for"};
    measured m;
    m.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    m.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    m.peak_kib = usage.ru_maxrss;
    m.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return m;
}

}  // namespace traitsync::bench

// What bare code reaches at each stage with the same libraries on this machine: no retries, policies, mapping, history,
// log, metrics or recovery, and no network. Making the pages is not timed. Prints a line a stage:
// name, items, wall seconds, CPU seconds of the one thread. Arguments: the store's path and the number of profiles.
#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <exception>

#include "passes.hpp"
#include "traitsync/demo/population.hpp"

namespace {

using namespace traitsync;
using namespace traitsync::bench::limit;

constexpr std::size_t page_size = 1000;

double now(clockid_t clock) {
    timespec t{};
    ::clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

struct timed {
    double wall = 0, cpu = 0;
    template <class Work>
    auto operator()(Work work) {
        auto const wall_before = now(CLOCK_MONOTONIC), cpu_before = now(CLOCK_THREAD_CPUTIME_ID);
        auto const done = work();
        wall += now(CLOCK_MONOTONIC) - wall_before;
        cpu += now(CLOCK_THREAD_CPUTIME_ID) - cpu_before;
        return done;
    }
    void print(char const* name, std::size_t items) const {
        fmt::print("{} {} {} {}\n", name, items, wall, cpu);
        std::fflush(stdout);
    }
};

class stages {
public:
    stages(std::string const& path, std::size_t profiles)
        : tables_{path},
          loops_{tables_},
          people_{{.users = profiles, .companies = profiles / 100 + 1, .odd_share = 0.0}} {}

    void pass(char const* name) {
        timed t;
        std::string page;
        for (std::size_t first = 0; first < people_.users(); first += page_size) {
            make_page(page, first);
            t([&] {
                loops_.page(page);
                return 0;
            });
        }
        t.print(name, people_.users());
    }
    void deliver(char const* name) {
        timed t;
        std::size_t messages = 0;
        while (auto const sent = t([&] { return loops_.batch(); })) messages += sent;
        t.print(name, messages);
    }
    void replay() {
        timed t;
        while (t([&] { return loops_.replay_step(); })) {
        }
        t.print("replay", people_.users());
    }
    // With what its log has still to write back.
    std::int64_t bytes() {
        step pages{tables_.db, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"};
        return pages.row() ? pages.integer(0) : 0;
    }
    void change(std::size_t every) {
        for (std::size_t i = 0; i < people_.users(); i += every) {
            people_.change_user(i, demo::change_kind::trait, from_millis(1'780'000'000'000 + ++clock_));
        }
    }

private:
    void make_page(std::string& page, std::size_t first) const {
        page = R"({"took":3,"timed_out":false,"hits":{"total":1,"hits":[)";
        for (auto i = first; i < std::min(first + page_size, people_.users()); ++i) {
            if (i > first) page += ',';
            auto const key = people_.user_key(i);
            page += fmt::format(R"({{"_id":"{}","_source":)", key);
            people_.append_user(i, page);
            page += fmt::format(R"(,"sort":["{}"]}})", key);
        }
        page += "]}}";
    }

    tables tables_;
    passes loops_;
    demo::population people_;
    std::int64_t clock_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    std::string const path = argv[1];
    try {
        if (argc == 2) {  // only the start, with what is there
            tables opened{path};
            return opened.waiting.bind(1, std::int64_t{0}).row() ? 3 : 0;
        }
        stages s{path, std::strtoull(argv[2], nullptr, 10)};
        s.pass("first");
        s.deliver("first-delivery");
        fmt::print("bytes {} 0 0\n", s.bytes());
        s.pass("unchanged");
        s.change(100);
        s.pass("changed-1");
        s.deliver("changed-1-delivery");
        s.change(1);
        s.pass("changed-100");
        s.deliver("changed-100-delivery");
        s.replay();
        s.deliver("replay-delivery");
    } catch (std::exception const& e) {
        fmt::print(stderr, "limit: {}\n", e.what());
        return 1;
    }
    return 0;
}

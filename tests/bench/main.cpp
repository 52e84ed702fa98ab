// Measures the shipped binary from outside: a fast source and receiver in this process, `traitsync run --once`
// as a child, its CPU time and memory as the kernel counted them. One table; docs/performance.md has the recorded ones.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "api_load.hpp"
#include "measure.hpp"
#include "traitsync/demo/moesif_service.hpp"
#include "traitsync/demo/population.hpp"
#include "traitsync/demo/segment_service.hpp"

namespace {

using namespace traitsync;

std::string const first_key(32, 'a'), second_key(32, 'b');

demo::moesif_options unlimited() {
    demo::moesif_options o;
    o.faults.requests_per_minute = 0;
    return o;
}

demo::segment_options uncounted() {
    demo::segment_options o;
    o.record = demo::recording::off;
    return o;
}

class stages {
public:
    stages(std::string binary, std::size_t profiles, std::filesystem::path folder)
        : binary_{std::move(binary)},
          profiles_{profiles},
          folder_{std::move(folder)},
          people_{{.users = profiles, .companies = profiles / 100 + 1, .odd_share = 0.0}},
          moesif_{unlimited()},
          segment_{uncounted()} {
        show_source();
        std::size_t bytes = 0;
        auto const sampled = std::min<std::size_t>(1000, profiles);
        for (std::size_t i = 0; i < sampled; ++i) bytes += people_.user(i).source.size();
        fmt::print("{} profiles of {} bytes, one run each\n\n", profiles, bytes / sampled);
        bench::head();
    }

    // A fresh store to the last acknowledgement.
    void first_sync() {
        remove_store();
        auto const m = run("first sync, delivered", {}, first_key);
        note_size("after the first sync");
        expect(profiles_);
        static_cast<void>(m);
    }
    void unchanged() {
        unchanged_cpu_ = run("unchanged full pass", {}, first_key).cpu;
        expect(0);
    }
    void changed(char const* stage, std::size_t every) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < profiles_; i += every, ++count) {
            people_.change_user(i, demo::change_kind::trait, from_millis(1'780'000'000'000 + ++clock_));
        }
        show_source();
        run(stage, {}, first_key);
        expect(count);
    }
    void resent() {
        auto const m = run("resent to another source", {"--destination", "resend"}, second_key);
        bench::row("  of it beyond the pass", items(), m, m.cpu - unchanged_cpu_);
        note_size("after everything was sent again");
        expect(profiles_);
    }
    // Nobody answers at the receiver's address: the pass ends, everything waits. Then it answers.
    void pull_then_deliver() {
        remove_store();
        auto const pulled =
            run_with("first pass, nothing delivered", {"--max-wait", "1s"}, first_key, "http://127.0.0.1:9", 1);
        static_cast<void>(pulled);
        note_size("with every message waiting");
        auto const m = run("that delivered, and a pass", {}, first_key);
        bench::row("  delivery alone", items(), m, m.cpu - unchanged_cpu_);
        expect(profiles_);
    }
    void api_load() { bench::ask_under_load(binary_, environment(segment_.url(), first_key), profiles_); }
    void sizes() const { fmt::print("\nthe store, of which at most 1 GiB is history:\n{}", sizes_); }

private:
    double items() const { return static_cast<double>(profiles_); }
    void show_source() {
        moesif_.set_generated_users(demo::generated_users(people_));
        moesif_.set_generated_companies(demo::generated_companies(people_));
    }
    void remove_store() const {
        for (auto const* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(store() + suffix);
    }
    std::string store() const { return (folder_ / "store.db").string(); }
    std::vector<std::string> environment(std::string const& segment, std::string const& key) const {
        return {"PATH=/usr/bin:/bin",
                "TRAITSYNC_MOESIF_URL=" + moesif_.url(),
                "TRAITSYNC_MOESIF_TOKEN=" + unlimited().token,
                "TRAITSYNC_MOESIF_PAGE_SIZE=1000",
                "TRAITSYNC_MOESIF_REQUESTS_PER_MINUTE=0",
                "TRAITSYNC_SEGMENT_URL=" + segment,
                "TRAITSYNC_SEGMENT_WRITE_KEY=" + key,
                "TRAITSYNC_SEGMENT_RATE_LIMIT=0",
                "TRAITSYNC_SEGMENT_BATCH_SIZE=2500",
                "TRAITSYNC_TRAITS_BRAKE_PERCENT=0",
                "TRAITSYNC_STORE_PATH=" + store(),
                "TRAITSYNC_STORE_MIN_FREE=0",
                "TRAITSYNC_ADMIN_LISTEN=127.0.0.1:0"};
    }
    bench::measured run(char const* stage, std::vector<std::string> const& more, std::string const& key) {
        return run_with(stage, more, key, segment_.url(), 0);
    }
    bench::measured run_with(char const* stage, std::vector<std::string> const& more, std::string const& key,
                             std::string const& segment, int code) {
        std::vector<std::string> arguments{binary_, "run", "--once"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        auto const m = bench::run_child(arguments, environment(segment, key), (folder_ / "log").string());
        bench::row(stage, items(), m, m.cpu);
        if (m.code != code) throw std::runtime_error{fmt::format("{} ended with exit code {}", stage, m.code)};
        return m;
    }
    void expect(std::size_t messages) {
        auto const now = segment_.counts().messages;
        if (now - taken_ != messages) {
            throw std::runtime_error{fmt::format("Segment took {} messages where {} were due", now - taken_, messages)};
        }
        taken_ = now;
    }
    void note_size(char const* when) {
        auto const bytes = static_cast<double>(std::filesystem::file_size(store()));
        sizes_ += fmt::format("  {:>6.0f} MB {}\n", bytes / 1e6, when);
    }

    std::string binary_;
    std::size_t profiles_;
    std::filesystem::path folder_;
    demo::population people_;
    demo::moesif_service moesif_;
    demo::segment_service segment_;
    std::size_t taken_ = 0;
    std::int64_t clock_ = 0;
    double unchanged_cpu_ = 0;
    std::string sizes_;
};

}  // namespace

int main(int argc, char** argv) {
    std::size_t profiles = 100'000;
    std::string binary = TS_BINARY;
    std::string chosen = "sync changes resend deliver load";
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--profiles") == 0) profiles = std::strtoull(argv[i + 1], nullptr, 10);
        if (std::strcmp(argv[i], "--binary") == 0) binary = argv[i + 1];
        if (std::strcmp(argv[i], "--stages") == 0) chosen = argv[i + 1];
    }
    auto const wants = [&](char const* stage) { return chosen.find(stage) != std::string::npos; };
    auto const folder = std::filesystem::temp_directory_path() / fmt::format("traitsync-bench-{}", ::getpid());
    std::filesystem::create_directories(folder);
    try {
        stages b{binary, std::max<std::size_t>(profiles, 1), folder};
        if (wants("pull")) {
            b.pull_then_deliver();
        } else {
            b.first_sync();
        }
        if (wants("sync") || wants("resend") || wants("deliver")) b.unchanged();
        if (wants("changes")) {
            b.changed("1 % changed", 100);
            b.changed("100 % changed", 1);
        }
        if (wants("resend")) b.resent();
        if (wants("deliver")) b.pull_then_deliver();
        b.sizes();
        if (wants("load")) b.api_load();
    } catch (std::exception const& e) {
        fmt::print(stderr, "bench: {}; see {}\n", e.what(), (folder / "log").string());
        return 1;
    }
    std::filesystem::remove_all(folder);
    return 0;
}

// The shipped binary as one service process that is told what to do, stage after stage.
#include <fmt/core.h>

#include "contenders.hpp"
#include "service.hpp"

namespace traitsync::bench {
namespace {

class stages {
public:
    stages(results& r, std::string const& binary, surroundings& around) : r_{r}, binary_{binary}, around_{around} {}

    // On an empty store the first pass begins by itself, so this stage holds the start of the process.
    void first_sync(service& s) {
        auto const watch = s.since_start();
        s.await_pass(s.newest_pass());
        s.await_delivery(around_, around_.profiles());
        note(stage::sync, watch, around_.profiles());
        r_.store_bytes = static_cast<double>(around_.store_bytes());
    }

    void pass(service& s, char const* name, std::size_t messages) {
        auto const watch = s.from_now();
        s.await_pass(s.ask_full_pass());
        s.await_delivery(around_, messages);
        note(name, watch, messages);
    }

    void replay(service& s) {
        auto const watch = s.from_now();
        s.replay_all(around_);
        note(stage::replay, watch, around_.profiles());
    }

    void restart() {
        for (auto const* before : {"stopped", "killed"}) {
            service s{binary_, around_.environment()};
            r_.ready[before] = s.seconds_to_ready();
            // The next start finds what a crash leaves behind.
            s.kill();
            fmt::print(stderr, "  ready after {:<28} {:>8.3f} s\n", before, r_.ready[before]);
        }
    }

    // Both halves of a first sync by themselves, without the start.
    void pull_then_deliver() {
        around_.remove_store();
        pause_before_anything();
        service s{binary_, around_.environment()};
        auto const pass = s.newest_pass();  // begun already, and standing still
        auto const pulling = s.from_now();
        s.resume("pull");
        s.await_pass(pass);
        note(stage::pull, pulling, 0);
        auto const delivering = s.from_now();
        s.resume("deliver");
        s.await_delivery(around_, around_.profiles());
        note(stage::deliver, delivering, around_.profiles());
        s.stop();
    }

private:
    // A pause survives restarts. Nobody answers at this source, so nothing is read before it holds.
    void pause_before_anything() {
        service s{binary_, around_.environment("http://127.0.0.1:9")};
        s.pause("all");
        s.stop();
    }

    void note(char const* name, stopwatch const& watch, std::size_t messages) {
        r_.add(name, watch.until_now(around_.profiles()));
        around_.expect(name, messages);
    }

    results& r_;
    std::string const& binary_;
    surroundings& around_;
};

}  // namespace

results run_traitsync(std::string const& binary, surroundings& around, bool quick) {
    fmt::print(stderr, "traitsync\n");
    results r;
    stages all{r, binary, around};
    around.remove_store();
    {
        service s{binary, around.environment()};
        all.first_sync(s);
        all.pass(s, stage::unchanged, 0);
        if (!quick) {
            all.pass(s, stage::changed_1, around.change(100));
            all.pass(s, stage::changed_100, around.change(1));
            all.replay(s);
        }
        s.stop();
    }
    if (quick) return r;
    all.restart();
    all.pull_then_deliver();
    return r;
}

}  // namespace traitsync::bench

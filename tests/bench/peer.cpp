// The peer as one process that does what each line of its standard input says and answers it with a line.
#include <fmt/core.h>

#include <stdexcept>

#include "contenders.hpp"

namespace traitsync::bench {
namespace {

using clock = std::chrono::steady_clock;

class driven_peer {
public:
    driven_peer(std::string const& folder, surroundings const& around)
        : started_{clock::now()},
          process_{{.program = "/usr/bin/env",
                    .arguments = {"node", folder + "/main.mjs"},
                    .environment = around.environment(),
                    .keep_input = true}} {}

    stopwatch since_start() const { return {process_, started_}; }
    stopwatch from_now() const { return stopwatch{process_}; }

    void await_start() { await("0 started\n"); }
    void order(std::string const& what) {
        process_.write(what + "\n");
        await(fmt::format("{} {}\n", ++orders_, what));
    }
    void end() {
        process_.end_input();
        auto const ended = process_.wait(std::chrono::minutes{2});
        if (!ended || !ended->clean()) fail("does not end cleanly");
    }

private:
    void await(std::string const& answer) {
        if (!process_.wait_for_output(answer, std::chrono::hours{6})) fail("does not answer " + answer);
    }
    [[noreturn]] void fail(std::string const& what) const {
        throw std::runtime_error{fmt::format("the peer {}\n{}", what, process_.errors())};
    }

    clock::time_point started_;
    test::process process_;
    int orders_ = 0;
};

class stages {
public:
    stages(results& r, surroundings& around) : r_{r}, around_{around} {}

    void operator()(driven_peer& peer, char const* name, std::string const& what, std::size_t messages) {
        (*this)(peer, peer.from_now(), name, what, messages);
    }
    void operator()(driven_peer& peer, stopwatch const& watch, char const* name, std::string const& what,
                    std::size_t messages) {
        peer.order(what);
        r_.add(name, watch.until_now(around_.profiles()));
        around_.expect(name, messages);
    }

private:
    results& r_;
    surroundings& around_;
};

}  // namespace

results run_peer(std::string const& folder, surroundings& around) {
    fmt::print(stderr, "the peer\n");
    results r;
    stages run{r, around};
    auto const n = around.profiles();
    around.remove_store();
    {
        driven_peer peer{folder, around};
        run(peer, peer.since_start(), stage::sync, "sync", n);
        r.store_bytes = static_cast<double>(around.store_bytes());
        run(peer, stage::unchanged, "sync", 0);
        run(peer, stage::changed_1, "sync", around.change(100));
        run(peer, stage::changed_100, "sync", around.change(1));
        run(peer, stage::replay, "replay", n);
        peer.end();
    }
    {
        driven_peer peer{folder, around};
        auto const watch = peer.since_start();
        peer.order("ready");
        r.ready["stopped"] = watch.until_now(0).wall;
        peer.end();
    }
    around.remove_store();
    driven_peer peer{folder, around};
    peer.await_start();
    run(peer, stage::pull, "pull", 0);
    run(peer, stage::deliver, "deliver", n);
    peer.end();
    around.remove_store();
    return r;
}

}  // namespace traitsync::bench

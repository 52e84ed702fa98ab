// The shipped binary: `traitsync run --once` for passes, the service for replays and restarts.
#include <fmt/core.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "contenders.hpp"
#include "support/api_client.hpp"
#include "support/process.hpp"

namespace traitsync::bench {
namespace {

using clock = std::chrono::steady_clock;

double since(clock::time_point begun) { return std::chrono::duration<double>(clock::now() - begun).count(); }

test::process_options service_of(std::string const& binary, surroundings const& around) {
    test::process_options o{.program = binary, .arguments = {"run"}};
    for (auto const& pair : around.environment()) {
        o.environment[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
    }
    o.environment["TRAITSYNC_ADMIN_LISTEN"] = "127.0.0.1:0";
    return o;
}

test::api_client client_of(test::process& service) {
    if (!service.wait_for_errors("address="))
        throw std::runtime_error{"the service does not listen: " + service.errors()};
    auto const log = service.errors();
    auto const colon = log.find(':', log.find("//", log.find("address=")));
    return {static_cast<std::uint16_t>(std::stoi(log.substr(colon + 1))), "bench-token-0123456789"};
}

// From the start of the program to its first word that it is ready.
double time_to_ready(test::process& service, clock::time_point begun) {
    auto const api = client_of(service);
    for (auto const end = begun + std::chrono::minutes{2}; clock::now() < end;) {
        if (api.get("/readyz").status == 200) return since(begun);
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    throw std::runtime_error{"the service does not become ready"};
}

void replay_all(results& r, std::string const& binary, surroundings& around) {
    test::process service{service_of(binary, around)};
    auto const api = client_of(service);
    while (api.get("/readyz").status != 200) std::this_thread::sleep_for(std::chrono::milliseconds{5});
    auto const cpu_before = service.cpu_time();
    auto const begun = clock::now();
    auto const made = api.post("/v1/replays", R"({"all":true})");
    if (made.status != 202) throw std::runtime_error{"no replay: " + made.body};
    auto const path = "/v1/replays/" + std::string{made.json().at("id").as_string()};
    while (api.get(path).json().at("state") == "running") std::this_thread::sleep_for(std::chrono::milliseconds{50});
    measured m;
    m.items = static_cast<double>(around.profiles());
    m.wall = since(begun);
    m.cpu = std::chrono::duration<double>(service.cpu_time() - cpu_before).count();
    m.peak_kib = static_cast<long>(service.peak_resident_bytes() / 1024);
    service.stop();
    around.expect(stage::replay, around.profiles());
    fmt::print(stderr, "  {:<40} {:>8.2f} s, {:>8.2f} CPU s\n", stage::replay, m.wall, m.cpu);
    r.stages[stage::replay] = m;
}

void restart(results& r, std::string const& binary, surroundings const& around) {
    for (auto const* before : {"stopped", "killed"}) {
        auto const begun = clock::now();
        test::process service{service_of(binary, around)};
        r.ready[before] = time_to_ready(service, begun);
        // The next start finds what a crash leaves behind.
        service.kill();
        fmt::print(stderr, "  ready after {:<28} {:>8.3f} s\n", before, r.ready[before]);
    }
}

// Nobody answers at the receiver's address: the pass ends, everything waits. Then it answers.
void pull_then_deliver(results& r, std::string const& binary, surroundings& around, measured const& unchanged) {
    auto const n = around.profiles();
    around.remove_store();
    run_stage(r, stage::pull, n, around, {binary, "run", "--once", "--max-wait", "1s"},
              around.environment("http://127.0.0.1:9"), 1);
    auto m = run_stage(r, stage::deliver, n, around, {binary, "run", "--once"}, around.environment());
    around.expect(stage::deliver, n);
    // This run read an unchanged source besides.
    m.cpu -= unchanged.cpu;
    m.wall -= unchanged.wall;
    r.stages[stage::deliver] = m;
}

}  // namespace

results run_traitsync(std::string const& binary, surroundings& around, bool quick) {
    fmt::print(stderr, "traitsync\n");
    results r;
    auto const n = around.profiles();
    auto const once = [&](char const* name, std::size_t messages) {
        auto const m = run_stage(r, name, n, around, {binary, "run", "--once"}, around.environment());
        around.expect(name, messages);
        return m;
    };
    around.remove_store();
    once(stage::sync, n);
    r.store_bytes = static_cast<double>(around.store_bytes());
    auto const unchanged = once(stage::unchanged, 0);
    if (quick) return r;
    once(stage::changed_1, around.change(100));
    once(stage::changed_100, around.change(1));
    replay_all(r, binary, around);
    restart(r, binary, around);
    pull_then_deliver(r, binary, around, unchanged);
    return r;
}

}  // namespace traitsync::bench

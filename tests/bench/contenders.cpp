#include "contenders.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace traitsync::bench {

double results::peak_mib() const {
    long peak = 0;
    for (auto const& [name, m] : stages) peak = std::max(peak, m.peak_kib);
    return static_cast<double>(peak) / 1024;
}

results median(std::vector<results> const& runs) {
    auto middle = runs.back();
    for (auto& [name, m] : middle.stages) {
        std::vector<measured> all;
        for (auto const& r : runs) all.push_back(r.stages.at(name));
        std::ranges::sort(all, {}, &measured::cpu);
        m = all[all.size() / 2];
    }
    for (auto& [name, seconds] : middle.ready) {
        std::vector<double> all;
        for (auto const& r : runs) all.push_back(r.ready.at(name));
        std::ranges::sort(all);
        seconds = all[all.size() / 2];
    }
    return middle;
}

measured run_stage(results& into, char const* name, std::size_t items, surroundings const& around,
                   std::vector<std::string> const& arguments, std::vector<std::string> const& environment, int code) {
    auto m = run_child(arguments, environment, around.log());
    if (m.code != code) throw std::runtime_error{fmt::format("{} ended with exit code {}", name, m.code)};
    m.items = static_cast<double>(items);
    fmt::print(stderr, "  {:<40} {:>8.2f} s, {:>8.2f} CPU s\n", name, m.wall, m.cpu);
    into.stages[name] = m;
    return m;
}

namespace {

// A stage that is a pass and the delivery of what it queued.
measured both(measured const& a, measured const& b) {
    auto sum = a;
    sum.wall += b.wall;
    sum.cpu += b.cpu;
    return sum;
}

}  // namespace

results run_limit(std::string const& program, surroundings& around) {
    fmt::print(stderr, "the bare limit\n");
    around.remove_store();
    auto const out = around.store() + ".out";
    auto const whole = run_child({program, around.store(), std::to_string(around.profiles())}, {}, out);
    if (whole.code != 0) throw std::runtime_error{"the limit ended with exit code " + std::to_string(whole.code)};
    results r;
    std::map<std::string, measured> parts;
    std::ifstream lines{out};
    std::string name;
    for (measured m; lines >> name >> m.items >> m.wall >> m.cpu;) parts[name] = m;
    lines.close();
    std::filesystem::remove(out);
    r.store_bytes = parts.at("bytes").items;
    auto const all = static_cast<double>(around.profiles());
    for (auto const* delivery : {"first-delivery", "changed-100-delivery", "replay-delivery"}) {
        if (parts.at(delivery).items != all) throw std::runtime_error{fmt::format("limit: {} is not whole", delivery)};
    }
    r.stages[stage::sync] = both(parts.at("first"), parts.at("first-delivery"));
    r.stages[stage::pull] = parts.at("first");
    r.stages[stage::deliver] = parts.at("first-delivery");
    r.stages[stage::unchanged] = parts.at("unchanged");
    r.stages[stage::changed_1] = both(parts.at("changed-1"), parts.at("changed-1-delivery"));
    r.stages[stage::changed_100] = both(parts.at("changed-100"), parts.at("changed-100-delivery"));
    r.stages[stage::replay] = both(parts.at("replay"), parts.at("replay-delivery"));
    for (auto const* s : stage::all) {
        fmt::print(stderr, "  {:<40} {:>8.2f} s, {:>8.2f} CPU s\n", s, r.stages[s].wall, r.stages[s].cpu);
    }
    r.ready["stopped"] = run_child({program, around.store()}, {}, around.log()).wall;
    around.remove_store();
    return r;
}

results run_peer(std::string const& folder, surroundings& around) {
    fmt::print(stderr, "the peer\n");
    around.remove_store();
    results r;
    auto const n = around.profiles();
    auto const run = [&](char const* name, std::vector<std::string> const& mode, std::size_t items,
                         std::size_t messages) {
        std::vector<std::string> arguments{"/usr/bin/env", "node", folder + "/main.mjs"};
        arguments.insert(arguments.end(), mode.begin(), mode.end());
        auto const m = run_stage(r, name, items, around, arguments, around.environment());
        around.expect(name, messages);
        return m;
    };
    run(stage::sync, {}, n, n);
    r.store_bytes = static_cast<double>(around.store_bytes());
    run(stage::unchanged, {}, n, 0);
    run(stage::changed_1, {}, n, around.change(100));
    run(stage::changed_100, {}, n, around.change(1));
    run(stage::replay, {"--replay"}, n, n);
    std::vector<std::string> const ready{"/usr/bin/env", "node", folder + "/main.mjs", "--ready"};
    r.ready["stopped"] = run_child(ready, around.environment(), around.log()).wall;
    around.remove_store();
    run(stage::pull, {"--pull-only"}, n, 0);
    run(stage::deliver, {"--deliver-only"}, n, n);
    around.remove_store();
    return r;
}

}  // namespace traitsync::bench

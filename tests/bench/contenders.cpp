#include "contenders.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace traitsync::bench {

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

void results::add(char const* name, measured const& m) {
    fmt::print(stderr, "  {:<40} {:>8.3f} s, {:>8.3f} CPU s\n", name, m.wall, m.cpu);
    stages[name] = m;
}

namespace {

// A stage that is a pass and the delivery of what it queued.
measured both(measured const& a, measured const& b) {
    auto sum = a;
    sum.wall += b.wall;
    sum.cpu += b.cpu;
    return sum;
}

void run_to_end(test::process_options options) {
    auto const ended = test::run(std::move(options), std::chrono::hours{6});
    if (!ended.state.clean())
        throw std::runtime_error{fmt::format("the limit ended with exit code {}\n{}", ended.state.code, ended.errors)};
}

}  // namespace

results run_limit(std::string const& program, surroundings& around) {
    fmt::print(stderr, "the bare limit\n");
    around.remove_store();
    auto const out = around.store() + ".out";
    run_to_end({.program = program, .arguments = {around.store(), std::to_string(around.profiles())}, .output = out});
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
    r.add(stage::sync, both(parts.at("first"), parts.at("first-delivery")));
    r.add(stage::unchanged, parts.at("unchanged"));
    r.add(stage::changed_1, both(parts.at("changed-1"), parts.at("changed-1-delivery")));
    r.add(stage::changed_100, both(parts.at("changed-100"), parts.at("changed-100-delivery")));
    r.add(stage::replay, both(parts.at("replay"), parts.at("replay-delivery")));
    r.add(stage::pull, parts.at("first"));
    r.add(stage::deliver, parts.at("first-delivery"));
    auto const begun = std::chrono::steady_clock::now();
    run_to_end({.program = program, .arguments = {around.store()}});
    r.ready["stopped"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    around.remove_store();
    return r;
}

}  // namespace traitsync::bench

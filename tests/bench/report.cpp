#include "report.hpp"

#include <fmt/core.h>
#include <fmt/format.h>

namespace traitsync::bench {
namespace {

std::string thousands(double value) {
    auto const digits = fmt::format("{:.0f}", value);
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
        out += digits[i];
    }
    return out;
}

measured const* stage_of(std::optional<results> const& r, char const* name) {
    if (!r) return nullptr;
    auto const found = r->stages.find(name);
    return found == r->stages.end() ? nullptr : &found->second;
}

std::string per_cpu(measured const* m) { return m ? thousands(m->items / m->cpu) : "–"; }
std::string per_wall(measured const* m) { return m ? thousands(m->items / m->wall) : "–"; }
std::string peak(measured const* m) { return m ? fmt::format("{:.0f}", static_cast<double>(m->peak_kib) / 1024) : "–"; }

// How many items a CPU second `a` does where `b` does one.
std::string ratio(measured const* a, measured const* b, char const* form) {
    if (a == nullptr || b == nullptr) return "–";
    return fmt::format(fmt::runtime(form), b->cpu / b->items / (a->cpu / a->items));
}

using row = std::vector<std::string>;

row const heads{"stage",          "profiles", "per wall s", "per CPU s",  "limit per CPU s", "ratio",
                "peer per CPU s", "times",    "peak MiB",   "peer's MiB", "limit per wall s"};

row stage_row(run_of_size const& run, char const* name) {
    auto const *t = stage_of(run.traitsync, name), *l = stage_of(run.limit, name), *p = stage_of(run.peer, name);
    return {name,        thousands(static_cast<double>(run.profiles)),
            per_wall(t), per_cpu(t),
            per_cpu(l),  ratio(t, l, "{:.2f}"),
            per_cpu(p),  ratio(t, p, "{:.1f}"),
            peak(t),     peak(p),
            per_wall(l)};
}

void append_row(std::string& out, row const& cells) {
    for (auto const& c : cells) out += "| " + c + " ";
    out += "|\n";
}

void append_rule(std::string& out, std::size_t columns) {
    for (std::size_t i = 0; i < columns; ++i) out += "| --- ";
    out += "|\n";
}

std::string megabytes(std::optional<results> const& r) { return r ? thousands(r->store_bytes / 1e6) : "–"; }

std::string ready(std::optional<results> const& r, char const* before) {
    if (!r || !r->ready.contains(before)) return "–";
    return fmt::format("{:.3f}", r->ready.at(before));
}

row size_row(run_of_size const& run) {
    return {thousands(static_cast<double>(run.profiles)),
            megabytes(run.traitsync),
            megabytes(run.limit),
            megabytes(run.peer),
            ready(run.traitsync, "stopped"),
            ready(run.traitsync, "killed"),
            ready(run.limit, "stopped"),
            ready(run.peer, "stopped")};
}

row const size_heads{"profiles", "MB on disk", "limit's", "peer's", "s to ready", "after a kill", "limit's", "peer's"};

void append_api(std::string& out, std::vector<run_of_size> const& runs) {
    out += "\n";
    append_row(out, {"request under load", "profiles", "asked", "p50 ms", "p99 ms", "most ms"});
    append_rule(out, 6);
    for (auto const& run : runs) {
        if (!run.api) continue;
        auto const size = thousands(static_cast<double>(run.profiles));
        for (auto const& q : run.api->requests) {
            append_row(out, {q.request, size, std::to_string(q.count), fmt::format("{:.1f}", q.p50),
                             fmt::format("{:.1f}", q.p99), fmt::format("{:.1f}", q.most)});
        }
        append_row(out,
                   {"preview of a replay of all", size, "1", fmt::format("{:.0f}", run.api->preview * 1000), "–", "–"});
        append_row(out, {"(peak of the service, MiB)", size, "–", fmt::format("{:.0f}", run.api->peak_mib), "–", "–"});
    }
}

}  // namespace

std::string markdown_report(std::vector<run_of_size> const& runs) {
    std::string out;
    append_row(out, heads);
    append_rule(out, heads.size());
    for (auto const* name : stage::all) {
        for (auto const& run : runs) append_row(out, stage_row(run, name));
    }
    out += "\n";
    append_row(out, size_heads);
    append_rule(out, size_heads.size());
    for (auto const& run : runs) append_row(out, size_row(run));
    append_api(out, runs);
    return out;
}

std::string text_report(run_of_size const& run) {
    auto const often = run.rounds > 1 ? fmt::format("medians of {} runs", run.rounds) : std::string{"one run each"};
    auto const out = fmt::format("\n{} profiles of {} bytes, {}\n\n", thousands(static_cast<double>(run.profiles)),
                                 run.profile_bytes, often);
    return out + markdown_report({run});
}

}  // namespace traitsync::bench

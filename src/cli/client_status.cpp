#include <fmt/core.h>

#include "client_commands.hpp"
#include "exit.hpp"
#include "table.hpp"

namespace traitsync::cli {
namespace {

void print_runs(std::span<json::value const> runs, console& c) {
    table t{{">id", "kind", "state", "started", "ended", ">pages", ">read", ">changed", ">queued", ">quarantined",
             ">gone", "error"}};
    for (auto const& r : runs) {
        t.add({shown(r, "id"), shown(r, "kind"), state_word(c, word(r, "state")), utc_time(at(r, "started")),
               utc_time(at(r, "ended")), shown(r, "pages"), shown(r, "read"), shown(r, "changed"), shown(r, "queued"),
               shown(r, "quarantined"), shown(r, "gone"), shown(r, "error")});
    }
    t.print(c);
}

}  // namespace

int show_status(client_arguments const& a, admin_client& s, console& c) {
    auto const answer = s.get("/v1/status");
    if (!answer.ok()) return answer.code;
    auto const& j = answer.json();
    auto const& moesif = at(j, "moesif");
    auto const& queue = at(j, "queue");
    auto const& segment = at(j, "segment");
    if (a.json) return print_json(answer, c);
    c.out << fmt::format("traitsync {}: {}, up {}\n", shown(j, "version"), state_word(c, word(j, "state")),
                         duration_text(number(j, "uptime_seconds")));
    for (auto const& r : list(j, "reasons")) {
        c.out << fmt::format("  {}: {} (since {})\n", shown(r, "code"), shown(r, "detail"), utc_time(at(r, "since")));
    }
    c.out << fmt::format("Moesif   {}: {} users, {} companies, {} gone, {} quarantined; known as of {}\n",
                         state_word(c, word(moesif, "state")), shown(moesif, "users"), shown(moesif, "companies"),
                         shown(moesif, "gone"), shown(moesif, "quarantined"), utc_time(at(moesif, "cursor_time")));
    c.out << fmt::format("Queue    {} waiting, {} offered, {} held, {} dead; the oldest waits {}\n",
                         shown(queue, "waiting"), shown(queue, "offered"), shown(queue, "held"), shown(queue, "dead"),
                         duration_text(number(queue, "oldest_seconds")));
    c.out << fmt::format("Segment  {}: {} acknowledged, last at {}, {} retries\n",
                         state_word(c, word(segment, "state")), shown(segment, "acknowledged_total"),
                         utc_time(at(segment, "last_acknowledged_at")), shown(segment, "retries_total"));
    for (auto const* side : {"moesif", "segment"}) {
        auto const& error = at(at(j, side), "last_error");
        if (!error.is_null() && word(at(j, side), "state") != "idle")
            c.out << fmt::format("         last error of {}: {}\n", side, shown(error));
    }
    auto const& savings = at(j, "savings");
    c.out << fmt::format("Savings  {} profiles read, {} messages sent; {} traits compared, {} sent\n",
                         shown(savings, "profiles_read"), shown(savings, "messages_sent"),
                         shown(savings, "traits_compared"), shown(savings, "traits_sent"));
    c.out << fmt::format("Store    {}, {} ({} free); memory {}\n", shown(at(j, "store"), "path"),
                         bytes_text(number(at(j, "store"), "bytes")), bytes_text(number(at(j, "store"), "free_bytes")),
                         bytes_text(number(j, "memory_bytes")));
    return exit_done;
}

int start_pull(client_arguments const& a, admin_client& s, console& c) {
    auto const answer =
        s.post("/v1/pull", fmt::format(R"({{"kind":"{}"}})", a.action.empty() ? "incremental" : a.action));
    if (!answer.ok()) return answer.code;
    if (a.json) return print_json(answer, c);
    c.out << fmt::format("Run {} ({}) is {}; \"traitsync runs\" shows how it goes.\n", number(answer.json(), "id"),
                         word(answer.json(), "kind"), word(answer.json(), "state"));
    return exit_done;
}

int show_runs(client_arguments const& a, admin_client& s, console& c) {
    auto const answer = s.list("/v1/runs", static_cast<std::size_t>(a.limit));
    if (!answer.ok()) return answer.code;
    if (a.json) return print_json(answer, c);
    print_runs(list(answer.json(), "items"), c);
    tell_more(answer, a, c);
    return exit_done;
}

int show_quarantine(client_arguments const& a, admin_client& s, console& c) {
    auto const answer = s.list("/v1/quarantine", static_cast<std::size_t>(a.limit));
    if (!answer.ok()) return answer.code;
    if (a.json) return print_json(answer, c);
    if (list(answer.json(), "items").empty()) {
        c.out << "No document is in quarantine.\n";
        return exit_done;
    }
    table t{{"kind", "document", "reason", "last seen", "detail"}};
    for (auto const& q : list(answer.json(), "items")) {
        t.add({shown(q, "kind"), shown(q, "document_id"), shown(q, "reason"), utc_time(at(q, "last_seen")),
               shown(q, "detail")});
    }
    t.print(c);
    c.out << "--json shows their raw text.\n";
    tell_more(answer, a, c);
    return exit_done;
}

int pause_or_resume(client_arguments const& a, admin_client& s, console& c) {
    auto const answer =
        s.post("/v1/" + a.command, fmt::format(R"({{"scope":"{}"}})", a.action.empty() ? "all" : a.action));
    if (!answer.ok()) return answer.code;
    if (a.json) return print_json(answer, c);
    auto const is = [&](char const* name) { return truth(answer.json(), name) ? "paused" : "not paused"; };
    c.out << fmt::format("Pulling is {}, delivering is {}.\n", is("pull_paused"), is("deliver_paused"));
    return exit_done;
}

int work_on_brake(client_arguments const& a, admin_client& s, console& c) {
    if (!a.action.empty() && a.action != "show") {
        auto const answer = s.post("/v1/brake/" + a.action, "{}");
        if (!answer.ok()) return answer.code;
        if (a.json) return print_json(answer, c);
        c.out << fmt::format("{} messages were {}.\n", grouped(number(answer.json(), "count")),
                             a.action == "release" ? "released" : "discarded");
        return exit_done;
    }
    auto const answer = s.get("/v1/brake");
    if (!answer.ok()) return answer.code;
    if (a.json) return print_json(answer, c);
    auto const& j = answer.json();
    if (number(j, "held") == 0) {
        c.out << "The brake is open: nothing is held.\n";
        return exit_done;
    }
    c.out << fmt::format("The brake holds {} messages.\n", shown(j, "held"));
    table t{{"trait", ">users", ">set to null"}};
    for (auto const& row : list(j, "traits")) t.add({shown(row, "trait"), shown(row, "count"), shown(row, "nulls")});
    t.print(c);
    c.out << '\n';
    table samples{{"user", "trait", "at Segment", "in Moesif"}};
    for (auto const& sample : list(j, "samples")) {
        for (auto const& row : list(sample, "traits")) {
            samples.add({shown(sample, "user_id"), shown(row, "trait"), brief(at(row, "segment_value")),
                         brief(at(row, "moesif_value"))});
        }
    }
    samples.print(c);
    c.out << "\"traitsync brake release\" sends them, \"traitsync brake discard\" sends only what changes from here.\n";
    return exit_done;
}

int settle_destination(client_arguments const& a, admin_client& s, console& c) {
    auto const answer = s.post("/v1/destination", fmt::format(R"({{"action":"{}"}})", a.action));
    if (!answer.ok()) return answer.code;
    if (a.json) return print_json(answer, c);
    c.out << (word(answer.json(), "action") == "resend" ? "Another source: everything is sent again.\n"
                                                        : "The same source with a new key: delivery goes on.\n");
    return exit_done;
}

}  // namespace traitsync::cli

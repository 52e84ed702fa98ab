#include <fmt/core.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>

#include <chrono>
#include <iostream>
#include <thread>

#include "client_commands.hpp"
#include "exit.hpp"
#include "table.hpp"

namespace traitsync::cli {
namespace {

constexpr std::chrono::milliseconds progress_gap{500};

boost::json::array array_of(std::vector<std::string> const& texts) {
    boost::json::array list;
    for (auto const& t : texts) list.emplace_back(t);
    return list;
}

boost::json::object selector_of(client_arguments const& a) {
    boost::json::object o;
    if (!a.user_ids.empty()) o["user_ids"] = array_of(a.user_ids);
    if (!a.company_id.empty()) o["company_id"] = a.company_id;
    if (!a.modified_since.empty()) o["modified_since"] = a.modified_since;
    if (!a.acknowledged_between.empty()) o["acknowledged_between"] = array_of(a.acknowledged_between);
    if (a.all) o["all"] = true;
    if (!a.traits.empty()) o["traits"] = array_of(a.traits);
    return o;
}

void print_replay(json::value const& r, console& c) {
    c.out << fmt::format("Replay {}: {}, {} of {} messages done, about {} left\n", shown(r, "id"),
                         state_word(c, word(r, "state")), shown(r, "done"), shown(r, "messages"),
                         duration_text(number(r, "estimated_seconds")));
}

// Asked beside the output, which may be a file.
bool confirmed(console& c, std::string const& messages) {
    c.out.flush();
    c.err << fmt::format("Send {} messages again? [y/N] ", messages) << std::flush;
    std::string line;
    std::getline(std::cin, line);
    return line == "y" || line == "Y" || line == "yes";
}

int follow(std::string const& id, client_arguments const& a, admin_client& s, console& c) {
    for (;;) {
        auto const answer = s.get("/v1/replays/" + id);
        if (!answer.ok()) return answer.code;
        auto const state = word(answer.json(), "state");
        if (state != "running") {
            auto code = static_cast<int>(exit_done);
            if (a.json) {
                code = print_json(answer, c);
            } else {
                print_replay(answer.json(), c);
            }
            return state == "done" ? code : static_cast<int>(exit_failed);
        }
        std::this_thread::sleep_for(progress_gap);
    }
}

int show_replays(client_arguments const& a, admin_client& s, console& c) {
    auto const answer = s.list("/v1/replays", static_cast<std::size_t>(a.limit));
    if (!answer.ok()) return answer.code;
    if (a.json) return print_json(answer, c);
    if (list(answer.json(), "items").empty()) {
        c.out << "Nothing was sent again yet.\n";
        return exit_done;
    }
    table t{{">id", "state", ">profiles", ">messages", ">done", "created", "ended", "selector"}};
    for (auto const& r : list(answer.json(), "items")) {
        t.add({shown(r, "id"), state_word(c, word(r, "state")), shown(r, "profiles"), shown(r, "messages"),
               shown(r, "done"), utc_time(at(r, "created_at")), utc_time(at(r, "ended_at")), shown(r, "selector")});
    }
    t.print(c);
    tell_more(answer, a, c);
    return exit_done;
}

int one_replay(client_arguments const& a, admin_client& s, console& c) {
    auto const path = "/v1/replays/" + net::encode_segment(a.ids.front());
    auto const answer = a.action == "cancel" ? s.post(path + "/cancel", "{}") : s.get(path);
    if (!answer.ok()) return answer.code;
    if (a.json) return print_json(answer, c);
    print_replay(answer.json(), c);
    return exit_done;
}

}  // namespace

int send_again(client_arguments const& a, admin_client& s, console& c) {
    if (a.action == "list") return show_replays(a, s, c);
    if (a.action == "show" || a.action == "cancel") return one_replay(a, s, c);
    auto body = selector_of(a);
    body["dry_run"] = true;
    auto const preview = s.post("/v1/replays", boost::json::serialize(body));
    if (!preview.ok()) return preview.code;
    if (a.json && a.dry_run) return print_json(preview, c);
    auto const& p = preview.json();
    if (!a.json) {
        c.out << fmt::format("{} profiles, {} messages, {}, about {}\n", shown(p, "profiles"), shown(p, "messages"),
                             bytes_text(number(p, "bytes")), duration_text(number(p, "estimated_seconds")));
        for (auto const& sample : list(p, "sample")) {
            c.out << "  " << shown(sample) << '\n';
            break;
        }
    }
    if (a.dry_run) return exit_done;
    if (number(p, "profiles") == 0) {
        if (!a.json) c.out << "Nothing matches: nothing is sent.\n";
        return a.json ? print_json(preview, c) : static_cast<int>(exit_done);
    }
    if (!a.yes) {
        if (a.json || ::isatty(STDIN_FILENO) == 0) {
            print_failure(c,
                          fmt::format("this sends messages again: give --yes {}, or --dry-run to look only",
                                      a.json ? "with --json, for which nobody is asked" : "where nobody can be asked"));
            return exit_usage;
        }
        if (!confirmed(c, shown(p, "messages"))) {
            c.err << "Nothing was sent.\n";
            return exit_done;
        }
    }
    body.erase("dry_run");
    body["preview_token"] = word(p, "preview_token");
    auto const started = s.post("/v1/replays", boost::json::serialize(body));
    if (!started.ok()) return started.code;
    auto const id = word(started.json(), "id");
    if (a.wait) return follow(id, a, s, c);
    if (a.json) return print_json(started, c);
    print_replay(started.json(), c);
    c.out << fmt::format("\"traitsync replay show {}\" shows how it goes, \"traitsync replay cancel {}\" stops it.\n",
                         id, id);
    return exit_done;
}

int work_on_dead(client_arguments const& a, admin_client& s, console& c) {
    if (a.action.empty() || a.action == "list") {
        auto const path = a.reason.empty() ? std::string{"/v1/dead-letters"}
                                           : "/v1/dead-letters?reason=" + net::encode_segment(a.reason);
        auto const answer = s.list(path, static_cast<std::size_t>(a.limit));
        if (!answer.ok()) return answer.code;
        if (a.json) return print_json(answer, c);
        if (list(answer.json(), "items").empty()) {
            c.out << (a.reason.empty() ? std::string{"There are no dead letters.\n"}
                                       : fmt::format("There are no dead letters of the reason {}.\n", a.reason));
            return exit_done;
        }
        table t{{"message", "user", "reason", "since", "traits", "answer"}};
        for (auto const& d : list(answer.json(), "items")) {
            std::string traits;
            for (auto const& name : list(d, "traits")) traits += (traits.empty() ? "" : " ") + shown(name);
            t.add({shown(d, "message_id"), shown(d, "user_id"), state_word(c, word(d, "reason")),
                   utc_time(at(d, "settled_at")), traits, shown(d, "answer")});
        }
        t.print(c);
        c.out << "\"traitsync dead retry ID\" sends the present values again, \"traitsync dead discard ID\" gives them "
                 "up.\n";
        tell_more(answer, a, c);
        return exit_done;
    }
    boost::json::object body;
    if (!a.ids.empty()) body["message_ids"] = array_of(a.ids);
    if (!a.reason.empty()) body["reason"] = a.reason;
    if (a.all) body["all"] = true;
    auto const answer = s.post("/v1/dead-letters/" + a.action, boost::json::serialize(body));
    if (!answer.ok()) return answer.code;
    if (a.json) return print_json(answer, c);
    c.out << fmt::format("{} dead letters were {}.\n", grouped(number(answer.json(), "count")),
                         a.action == "retry" ? "queued again" : "discarded");
    return exit_done;
}

}  // namespace traitsync::cli

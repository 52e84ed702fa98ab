#include <fmt/core.h>

#include "client_commands.hpp"
#include "exit.hpp"
#include "table.hpp"

namespace traitsync::cli {
namespace {

std::string path_of(std::string const& user) { return "/v1/profiles/" + net::encode_segment(user); }

int list_profiles(client_arguments const& a, admin_client& s, console& c) {
    std::string path = "/v1/profiles";
    char mark = '?';
    for (auto const& [name, value] :
         {std::pair{"q", &a.query}, std::pair{"state", &a.state}, std::pair{"company", &a.company}}) {
        if (value->empty()) continue;
        path += mark + std::string{name} + "=" + net::encode_segment(*value);
        mark = '&';
    }
    auto const answer = s.list(path, static_cast<std::size_t>(a.limit));
    if (!answer.ok()) return answer.code;
    if (a.json) return print_json(answer, c);
    auto const items = list(answer.json(), "items");
    if (items.empty()) {
        c.out << "No profile matches.\n";
        return exit_done;
    }
    table t{{"user", "state", "name", "email", "company", "acknowledged"}};
    for (auto const& p : items) {
        t.add({shown(p, "user_id"), state_word(c, word(p, "state")), shown(p, "name"), shown(p, "email"),
               shown(p, "company_id"), utc_time(at(p, "acknowledged_at"))});
    }
    t.print(c);
    tell_more(answer, a, c);
    return exit_done;
}

}  // namespace

int show_profiles(client_arguments const& a, admin_client& s, console& c) {
    if (a.user.empty()) return list_profiles(a, s, c);
    auto const answer = s.get(path_of(a.user));
    if (!answer.ok()) return answer.code;
    if (a.json) return print_json(answer, c);
    auto const& p = answer.json();
    c.out << fmt::format("{}: {}, read {}, acknowledged {}\n", shown(p, "user_id"), state_word(c, word(p, "state")),
                         utc_time(at(p, "read_at")), utc_time(at(p, "acknowledged_at")));
    auto const* pending = at(p, "pending").is_null() ? nullptr : &at(at(p, "pending"), "traits");
    table t{{"trait", "state", "in Moesif", "pending", "at Segment"}};
    for (auto const& d : list(p, "diff")) {
        auto const trait = word(d, "trait");
        auto const* waits = pending == nullptr ? nullptr : pending->find(trait);
        t.add({trait, state_word(c, word(d, "state")), brief(at(d, "moesif_value")),
               waits == nullptr ? "" : brief(*waits), brief(at(d, "segment_value"))});
    }
    t.print(c);
    return exit_done;
}

int explain_profile(client_arguments const& a, admin_client& s, console& c) {
    auto const answer =
        s.get(path_of(a.user) + "/explain" + (a.trait.empty() ? "" : "?trait=" + net::encode_segment(a.trait)));
    if (!answer.ok()) return answer.code;
    if (a.json) return print_json(answer, c);
    for (auto const& e : list(answer.json(), "items")) {
        c.out << fmt::format("{}: {}\n  {}\n", shown(e, "trait"), state_word(c, word(e, "state")), shown(e, "reason"));
        c.out << fmt::format("  in Moesif   {}\n  at Segment  {}\n", shown(e, "moesif_value"),
                             shown(e, "segment_value"));
        if (!at(e, "message_id").is_null())
            c.out << fmt::format("  message     {} ({})\n", shown(e, "message_id"), utc_time(at(e, "at")));
    }
    return exit_done;
}

}  // namespace traitsync::cli

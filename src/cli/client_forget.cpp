#include <fmt/core.h>

#include "client_commands.hpp"
#include "exit.hpp"
#include "table.hpp"

namespace traitsync::cli {

int forget_person(client_arguments const& a, admin_client& s, console& c) {
    auto const path = "/v1/profiles/" + net::encode_segment(a.user) + "/forget";
    auto const answer = s.post(path, a.allow ? R"({"allow":true})" : "{}");
    if (!answer.ok()) return answer.code;
    if (a.json) return print_json(answer, c);
    if (a.allow) {
        c.out << "The person is no longer forgotten: the next full pass stores and sends them.\n";
        return exit_done;
    }
    auto const& removed = at(answer.json(), "removed");
    c.out << fmt::format("Forgotten: {} profile, {} messages ({} dead letters), {} quarantined documents.\n",
                         shown(removed, "profiles"), shown(removed, "messages"), shown(removed, "dead_letters"),
                         shown(removed, "quarantined"));
    if (number(answer.json(), "may_have_arrived") > 0) {
        c.out << "A message was on its way: it may have arrived at Segment.\n";
    }
    if (!truth(answer.json(), "scrubbed")) {
        c.out << "The removed values could not be overwritten in the file yet: ask again.\n";
    }
    c.out << "What Segment took earlier is not removed there. Backups keep what they held.\n";
    return exit_done;
}

}  // namespace traitsync::cli

#include <fmt/core.h>

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "client_commands.hpp"
#include "exit.hpp"
#include "table.hpp"
#include "traitsync/core/error.hpp"

namespace traitsync::cli {

void tell_more(admin_client::answer const& answer, client_arguments const& a, console& c) {
    if (!answer.more) return;
    c.out.flush();
    // The bare command lists too, but takes no limit.
    auto const* by = a.command == "dead" && a.action.empty() ? "\"traitsync dead list\" with " : "";
    c.err << fmt::format("There are more than these {}: {}--limit {} shows more of them.\n", grouped(a.limit), by,
                         std::min(a.limit * 10, most_listed));
}

int run_client(client_arguments const& a, console& c) {
    using command = int (*)(client_arguments const&, admin_client&, console&);
    static constexpr std::array<std::pair<std::string_view, command>, 13> commands{{{"status", show_status},
                                                                                    {"profiles", show_profiles},
                                                                                    {"explain", explain_profile},
                                                                                    {"replay", send_again},
                                                                                    {"dead", work_on_dead},
                                                                                    {"pull", start_pull},
                                                                                    {"runs", show_runs},
                                                                                    {"quarantine", show_quarantine},
                                                                                    {"pause", pause_or_resume},
                                                                                    {"resume", pause_or_resume},
                                                                                    {"brake", work_on_brake},
                                                                                    {"destination", settle_destination},
                                                                                    {"forget", forget_person}}};
    auto const client = admin_client::open({a.config, a.url}, c);
    if (!client) return exit_usage;
    // What another program on that port answers, though it is JSON, lacks what is looked for in it.
    try {
        for (auto const& [name, run] : commands) {
            if (name == a.command) return run(a, *client, c);
        }
    } catch (broken_invariant const&) {
        throw;
    } catch (std::logic_error const& e) {
        return client->is_another(e.what());
    } catch (boost::system::system_error const& e) {
        return client->is_another(e.what());
    }
    return exit_usage;
}

}  // namespace traitsync::cli

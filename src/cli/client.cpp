#include <array>
#include <utility>

#include "client_commands.hpp"
#include "exit.hpp"

namespace traitsync::cli {

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
    for (auto const& [name, run] : commands) {
        if (name == a.command) return run(a, *client, c);
    }
    return exit_usage;
}

}  // namespace traitsync::cli

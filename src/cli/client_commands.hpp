#pragma once
// The commands that ask the running service. Each prints tables for people, or with --json the API's own answer.

#include "admin_client.hpp"
#include "commands.hpp"

namespace traitsync::cli {

int show_status(client_arguments const& a, admin_client& s, console& c);
int show_profiles(client_arguments const& a, admin_client& s, console& c);
int explain_profile(client_arguments const& a, admin_client& s, console& c);
int send_again(client_arguments const& a, admin_client& s, console& c);
int work_on_dead(client_arguments const& a, admin_client& s, console& c);
int start_pull(client_arguments const& a, admin_client& s, console& c);
int show_runs(client_arguments const& a, admin_client& s, console& c);
int show_quarantine(client_arguments const& a, admin_client& s, console& c);
int pause_or_resume(client_arguments const& a, admin_client& s, console& c);
int work_on_brake(client_arguments const& a, admin_client& s, console& c);
int settle_destination(client_arguments const& a, admin_client& s, console& c);
int forget_person(client_arguments const& a, admin_client& s, console& c);

// The body as it came, for scripts.
inline int print_json(admin_client::answer const& answer, console& c) {
    c.out << answer.body() << '\n';
    return answer.code;
}

// Below a list that ended at --limit: that there are more.
void tell_more(admin_client::answer const& answer, client_arguments const& a, console& c);

}  // namespace traitsync::cli

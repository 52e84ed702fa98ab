#include "command_line_client.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>

#include "traitsync/core/ids.hpp"
#include "traitsync/core/text.hpp"
#include "traitsync/diff/account.hpp"

namespace traitsync::cli {
namespace {

constexpr std::array<std::string_view, 13> names{"status", "profiles",    "explain",    "replay", "dead",
                                                 "pull",   "runs",        "quarantine", "pause",  "resume",
                                                 "brake",  "destination", "forget"};

void add_common(CLI::App& command, client_arguments& a) {
    command.add_option("-c,--config", a.config, "The service's configuration file")->type_name("FILE");
    command.add_option("--url", a.url, "Where the service is: http://127.0.0.1:8737, unix:/path")->type_name("URL");
    command.add_flag("--json", a.json, "The API's own answer");
}

// Ids and names at Moesif are Unicode: other bytes match nothing there, and JSON and addresses cannot hold them.
CLI::Validator utf8() {
    return {[](std::string& text) { return is_utf8(text) ? std::string{} : std::string{"must be UTF-8"}; }, ""};
}

// An empty user id (a shell's variable that is not set) would ask for something else, or be no path.
CLI::Option& add_user(CLI::App& command, client_arguments& a, std::string const& words) {
    return *command.add_option("user", a.user, words)
                ->type_name("USER")
                ->check(CLI::Validator{[](std::string& text) {
                                           return text.empty() ? std::string{"the user id is empty"} : std::string{};
                                       },
                                       ""})
                ->check(utf8());
}

// Of an option that may be repeated the parser takes "[a,b]" for the values a and b, and the words behind a value for
// more of them. But an id may be any text.
CLI::Option& add_texts(CLI::App& command, std::string const& name, std::vector<std::string>& texts,
                       std::string const& words) {
    return *command.add_option(name, texts, words)->allow_extra_args(false);
}

CLI::App& add(CLI::App& app, client_arguments& a, std::string const& name, std::string const& words) {
    auto& command = *app.add_subcommand(name, words);
    add_common(command, a);
    return command;
}

void add_limit(CLI::App& command, client_arguments& a) {
    command.add_option("--limit", a.limit, "At most so many")
        ->type_name("N")
        ->check(CLI::Range(1, most_listed))
        ->capture_default_str();
}

void add_replay(CLI::App& app, client_arguments& a) {
    auto& command = add(app, a, "replay", "Preview, then send profiles again");
    command.require_subcommand(0, 1);
    // An empty value (a shell's variable that is not set) would drop a selector, and more would be sent than was meant.
    CLI::Validator const given{
        [](std::string& text) { return text.empty() ? std::string{"must not be empty"} : std::string{}; }, ""};
    add_texts(command, "--user", a.user_ids, "A user id; may be repeated").type_name("ID")->check(given)->check(utf8());
    command.add_option("--company", a.company_id, "Users of a company")->type_name("ID")->check(given)->check(utf8());
    command.add_option("--modified-since", a.modified_since, "Changed in Moesif since")
        ->type_name("TIME")
        ->check(given);
    add_texts(command, "--acknowledged-between", a.acknowledged_between, "Acknowledged by Segment between two times")
        .type_name("TIME TIME")
        ->expected(2)
        ->check(given);
    command.add_flag("--all", a.all, "All users");
    add_texts(command, "--trait", a.traits, "Only this trait; may be repeated")
        .type_name("NAME")
        ->check(given)
        ->check(utf8());
    command.add_flag("--dry-run", a.dry_run, "The preview alone");
    command.add_flag("-y,--yes", a.yes, "Do not ask; needed with --json");
    command.add_flag("--wait", a.wait, "Wait for its end");
    command.footer("Selectors are combined: a profile must match all of them.");
    command.callback([&command, &a] {
        auto const selects = a.all || !a.user_ids.empty() || !a.company_id.empty() || !a.modified_since.empty() ||
                             !a.acknowledged_between.empty();
        if (!selects && command.get_subcommands().empty())
            throw CLI::ValidationError(
                "say whom: --user, --company, --modified-since, --acknowledged-between or --all");
    });
    auto& list = *command.add_subcommand("list", "Replays, newest first");
    add_common(list, a);
    add_limit(list, a);
    for (auto const& [name, words] : {std::pair{"show", "How a replay goes"}, std::pair{"cancel", "Stop a replay"}}) {
        auto& one = *command.add_subcommand(name, words);
        add_common(one, a);
        add_texts(one, "id", a.ids, "The replay").required()->expected(1)->check(given);
    }
}

std::string not_a_message(std::string const& text) {
    if (message_id::parse(text)) return {};
    return "\"" + text + "\" is no message id: \"traitsync dead list\" shows them";
}

std::vector<std::string> dead_reasons() {
    auto const names = diff::dead_reason_names();
    return {names.begin(), names.end()};
}

void add_dead(CLI::App& app, client_arguments& a) {
    auto& command = add(app, a, "dead", "Dead letters: list them, send them again, discard them");
    command.require_subcommand(0, 1);
    auto const reasons = CLI::IsMember(dead_reasons());
    auto& list = *command.add_subcommand("list", "Dead letters, oldest first");
    add_common(list, a);
    add_limit(list, a);
    list.add_option("--reason", a.reason, "Of this reason only")->check(reasons);
    for (auto const& [name, words] : {std::pair{"retry", "Send the present values again"},
                                      std::pair{"discard", "Send them only when they change"}}) {
        auto& one = *command.add_subcommand(name, words);
        add_common(one, a);
        auto* ids = one.add_option("ids", a.ids, "Message ids")->check(CLI::Validator{not_a_message, ""});
        auto* reason = one.add_option("--reason", a.reason, "All of this reason")->check(reasons)->excludes(ids);
        one.add_flag("--all", a.all, "All of them")->excludes(ids)->excludes(reason);
        one.callback([&a] {
            if (a.ids.empty() && a.reason.empty() && !a.all)
                throw CLI::ValidationError("say which: message ids, --reason or --all");
        });
    }
}

}  // namespace

void add_client_commands(CLI::App& app, client_arguments& a) {
    add(app, a, "status", "What the service does and what waits");
    auto& explain = add(app, a, "explain", "Why traits of a user were or were not sent");
    add_user(explain, a, "The user id").required();
    explain.add_option("trait", a.trait, "One trait only")->type_name("TRAIT")->check(utf8());
    auto& profiles = add(app, a, "profiles", "A user's traits at both ends, or a list of users");
    add_user(profiles, a, "The user id; without it: a list");
    profiles.add_option("-q,--query", a.query, "Ids, names and e-mail addresses that begin so")
        ->type_name("TEXT")
        ->check(utf8());
    profiles.add_option("--state", a.state, "synced, waiting, offered, dead, held or gone")->type_name("STATE");
    profiles.add_option("--company", a.company, "Users of a company")->type_name("ID")->check(utf8());
    add_limit(profiles, a);
    profiles.callback([&profiles, &a] {
        if (a.user.empty()) return;
        for (auto const* option : {"--query", "--state", "--company", "--limit"}) {
            if (profiles.count(option) > 0)
                throw CLI::ValidationError(std::string{option} + " is about the list: it cannot stand with a user id");
        }
    });
    add_replay(app, a);
    add_dead(app, a);
    auto& pull = add(app, a, "pull", "Read Moesif now");
    pull.add_option("kind", a.action, "incremental or full")->check(CLI::IsMember({"incremental", "full"}));
    add_limit(add(app, a, "runs", "Passes over Moesif, newest first"), a);
    add_limit(add(app, a, "quarantine", "Documents that cannot be used"), a);
    for (auto const& [name, words] :
         {std::pair{"pause", "Stop pulling or delivering until resume"}, std::pair{"resume", "Go on"}}) {
        add(app, a, name, words)
            .add_option("scope", a.action, "pull, deliver or all")
            ->check(CLI::IsMember({"pull", "deliver", "all"}));
    }
    add(app, a, "brake", "Messages held because one pass changed too many profiles")
        .add_option("action", a.action, "show, release or discard")
        ->check(CLI::IsMember({"show", "release", "discard"}));
    add(app, a, "destination", "What another write key or region means: resend (another source) or keep (the same one)")
        .add_option("action", a.action, "resend or keep")
        ->required()
        ->check(CLI::IsMember({"resend", "keep"}));
    auto& forget = add(app, a, "forget", "Remove a person everywhere here, and never store or send them again");
    add_user(forget, a, "The user id").required();
    forget.add_flag("--allow", a.allow, "The person may be stored and sent again");
    forget.footer("What Segment has already taken is not removed there: ask Segment for that.");
}

bool is_client_command(std::string const& name) { return std::ranges::find(names, name) != names.end(); }

void settle_action(CLI::App& command, client_arguments& a) {
    a.command = command.get_name();
    auto const chosen = command.get_subcommands();
    if (!chosen.empty()) a.action = chosen.front()->get_name();
}

}  // namespace traitsync::cli

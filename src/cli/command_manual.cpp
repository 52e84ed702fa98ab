// traitsync(1): the commands from their definition, and what a definition does not say.

#include <algorithm>

#include "command_tree.hpp"
#include "roff.hpp"

namespace traitsync::cli {
namespace {

std::string sentence(std::string text) {
    if (!text.empty() && text.back() != '.') text += '.';
    return text;
}

std::string tag_of(option_text const& o) {
    std::string tag;
    for (auto const& name : o.names) tag += (tag.empty() ? "**" : ", **") + name + "**";
    if (o.names.empty()) tag = "*" + o.argument + "*";
    if (!o.names.empty() && !o.value.empty()) tag += " *" + o.value + "*";
    return tag;
}

std::string words_of(option_text const& o) {
    auto text = sentence(o.brief);
    if (!o.names.empty() || o.choices.empty()) {
        if (!o.fallback.empty() && !o.value.empty()) text += " Default: " + o.fallback + ".";
        return text;
    }
    std::string choices;
    for (auto const& choice : o.choices) choices += (choices.empty() ? "" : ", ") + choice;
    return text + " One of: " + choices + ".";
}

std::string synopsis_of(command_text const& c, std::string const& path) {
    auto text = "**" + path + "**";
    if (!c.commands.empty()) {
        std::string names;
        for (auto const& sub : c.commands) names += (names.empty() ? "" : " | ") + sub.name;
        text += " [" + names + "]";
    }
    for (auto const& a : c.arguments) {
        auto const word = a.choices.empty() ? "*" + a.argument + "*" : a.value;
        text += a.required ? " " + word : " [" + word + "]";
        if (a.repeats) text += " ...";
    }
    return c.options.empty() ? text : text + " [*options*]";
}

bool is_help(option_text const& o) { return std::ranges::find(o.names, "--help") != o.names.end(); }

// -c, --url and --json stand in many commands: they are described once.
bool is_common(option_text const& o) {
    constexpr std::string_view common[] = {"--config", "--url", "--json"};
    return std::ranges::any_of(common, [&](auto name) { return o.names.back() == name; });
}

void add_command(roff& page, command_text const& program, command_text const& c, std::string const& path) {
    page.subheading(synopsis_of(c, path));
    page.paragraph(sentence(c.brief));
    for (auto const& a : c.arguments) page.item(tag_of(a), words_of(a));
    for (auto const& o : c.options) {
        if (!is_help(o) && !is_common(o)) page.item(tag_of(o), words_of(o));
    }
    // A command without words of its own has the program's, which stand below.
    if (!c.footer.empty() && c.footer != program.footer) page.paragraph(sentence(c.footer));
    for (auto const& sub : c.commands) add_command(page, program, sub, path + " " + sub.name);
}

// The first command that has it says what it is.
option_text const* find_option(command_text const& c, std::string_view name) {
    for (auto const& o : c.options) {
        if (!o.names.empty() && o.names.back() == name) return &o;
    }
    for (auto const& sub : c.commands) {
        if (auto const* found = find_option(sub, name)) return found;
    }
    return nullptr;
}

void add_common(roff& page, command_text const& program) {
    page.heading("COMMON OPTIONS");
    page.paragraph("Commands that need the configuration or ask the running service take, besides their own options:");
    for (auto const* name : {"--config", "--url", "--json"}) {
        if (auto const* o = find_option(program, name)) page.item(tag_of(*o), words_of(*o));
    }
    page.item("**-h**, **--help**", "Show the help of the program or of a command.");
}

void add_rest(roff& page) {
    page.heading("SIGNALS");
    page.item(
        "**SIGTERM**, **SIGINT**",
        "Stop in order: requests in flight finish or are abandoned within *admin.stop_timeout*. A second one exits at "
        "once. Nothing is lost by either.");
    page.item("**SIGHUP**", "Read secrets and the log level again; nothing else changes.");
    page.heading("EXIT STATUS");
    page.item("**0**", "Done.")
        .item("**1**", "Failed. After **run --once** also: messages are unsent, held or newly dead.");
    page.item("**2**", "Usage or configuration.").item("**3**", "The service, Moesif or Segment could not be reached.");
    page.item("**4**", "Refused: 401, 402, 403, 409, store in use, newer store, file exists.");
    page.item("**130**, **143**", "Ended at once by a second SIGINT or SIGTERM.");
    page.heading("ENVIRONMENT");
    page.item("**TRAITSYNC_**<*SECTION*>**_**<*KEY*>", "A key of the configuration, see **traitsync.toml**(5).");
    page.item("**TRAITSYNC_ADMIN_TOKEN**", "The token for commands that ask the running service.");
    page.item(
        "**CREDENTIALS_DIRECTORY**",
        "A folder with secrets in files named by their keys (*moesif.token*, *segment.write_key*, *admin.token*), as "
        "systemd makes it.");
    page.item("**NOTIFY_SOCKET**, **WATCHDOG_USEC**", "Set by the service manager, see **sd_notify**(3).");
    page.item(
        "**HTTPS_PROXY**, else **ALL_PROXY**",
        "A proxy for https requests to Moesif, Segment and the receiver of alerts. **NO_PROXY** lists hosts that are "
        "reached without it.");
    page.item("**SSL_CERT_FILE**, **SSL_CERT_DIR**",
              "Certificate authorities instead of those of the system (**openssl-env**(7)).");
    page.item("**NO_COLOR**", "No colours on a terminal.");
    page.heading("FILES");
    page.item("*./traitsync.toml*, */etc/traitsync/traitsync.toml*", "The configuration, the first that exists.");
    page.item("*/etc/traitsync/credentials/*", "Secrets that the packaged service hands over, readable by root alone.");
    page.item("*/var/lib/traitsync/traitsync.db*",
              "The store; beside it *admin.token*, made at the first start, and *alerts.secret*, made where alerts are "
              "told and none is set.");
    page.heading("EXAMPLES");
    page.example(
        "traitsync init\n"
        "traitsync check --online\n"
        "traitsync run --once\n"
        "traitsync explain usr_42 email\n"
        "traitsync replay --company acme --trait email --dry-run");
    page.heading("SEE ALSO");
    page.paragraph("**traitsync.toml**(5), **systemctl**(1)");
}

}  // namespace

std::string command_manual(command_text const& program) {
    roff page{"TRAITSYNC", "1", "User Commands"};
    page.heading("NAME").paragraph("traitsync - keep Segment's picture of API users in Moesif true");
    page.heading("SYNOPSIS").paragraph("**traitsync** *command* [*options*]");
    page.heading("DESCRIPTION");
    page.paragraph(
        "Pulls user and company profiles from Moesif, keeps them in one SQLite file, works out which traits differ "
        "from what "
        "Segment last acknowledged, and delivers only those, as durable **identify** messages that survive crashes, "
        "outages and "
        "full disks. **traitsync run** is the service with its API and status page; most other commands ask the "
        "running "
        "service.");
    page.heading("COMMANDS");
    for (auto const& c : program.commands) add_command(page, program, c, "traitsync " + c.name);
    add_common(page, program);
    add_rest(page);
    return page.text();
}

}  // namespace traitsync::cli

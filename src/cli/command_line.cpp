#include "command_line.hpp"

#include <CLI/CLI.hpp>

#include <vector>

#include "command_line_client.hpp"
#include "command_tree.hpp"
#include "exit.hpp"
#include "traitsync/config/nearest.hpp"
#include "traitsync/config/units.hpp"
#include "traitsync/engine/engine.hpp"
#include "traitsync/ops/escape.hpp"

namespace traitsync::cli {
namespace {

constexpr int most_demo_profiles = 10'000'000;

constexpr auto config_help = "Configuration file; else ./traitsync.toml, then /etc/traitsync/traitsync.toml";

constexpr auto exit_help =
    "Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 the service, Moesif or Segment not reachable,\n"
    "4 refused (401, 402, 403, 409, store in use, newer store, file exists).";

// What the options fill in. It must outlive the parser.
struct parsed {
    run_arguments run;
    std::string max_wait = "5m";
    std::string destination;
    demo_arguments demo;
    init_arguments init;
    check_arguments check;
    backup_arguments backup;
    client_arguments client;
    std::string shell;
    std::string page = "traitsync";
};

// An empty text where it is a time to wait, else words.
std::string wrong_wait(std::string const& text) {
    auto const wait = config::parse_duration(text);
    if (!wait || wait->count() == 0) return "must be a duration such as 30s or 5m, not \"" + ops::plain(text) + "\"";
    return {};
}

std::string wrong_destination(std::string const& text) {
    return text == "resend" || text == "keep" ? std::string{}
                                              : "must be resend or keep, not \"" + ops::plain(text) + "\"";
}

void add_run(CLI::App& app, parsed& p) {
    auto& command = *app.add_subcommand("run", "Read Moesif, deliver to Segment, serve the API and the page");
    command.add_option("-c,--config", p.run.config, config_help)->type_name("FILE");
    auto* const once = command.add_flag("--once", p.run.once, "One full pass, deliver everything, then exit");
    command
        .add_option("--max-wait", p.max_wait, "With --once: stop waiting when nothing was acknowledged for this long")
        ->type_name("TIME")
        ->needs(once)
        ->check(CLI::Validator{wrong_wait, ""})
        ->capture_default_str();
    command
        .add_option(
            "--destination", p.destination,
            "After another write key or region: resend everything to the new source, or keep what was acknowledged")
        ->type_name("resend|keep")
        ->check(CLI::Validator{wrong_destination, ""});
    command.footer(
        "Without --once it runs until SIGTERM or SIGINT; a second signal exits at once. Nothing is lost by either.\n"
        "With --once exit code 1 also says: messages are unsent, held or newly dead.");
}

void add_demo(CLI::App& app, parsed& p) {
    auto& command = *app.add_subcommand("demo", "Show all of it against a built-in Moesif and Segment on this machine");
    command.add_option("--profiles", p.demo.profiles, "How many users to make")
        ->type_name("N")
        ->check(CLI::Range(1, most_demo_profiles))
        ->capture_default_str();
    command.footer("Nothing leaves the machine, nothing stays on it.");
}

void add_init(CLI::App& app, parsed& p) {
    auto& command = *app.add_subcommand("init", "Write a commented configuration file");
    command.add_option("file", p.init.file, "Where to; - is standard output")->type_name("FILE")->capture_default_str();
    command.footer(
        "An existing file is not touched. The new one can be read by you alone, because secrets may be put in.");
}

void add_check(CLI::App& app, parsed& p) {
    auto& command = *app.add_subcommand("check", "Check the configuration and the store, and show the values in force");
    command.add_option("-c,--config", p.check.config, config_help)->type_name("FILE");
    command.add_flag("--online", p.check.online, "Also try Moesif and Segment; sends nothing");
}

void add_backup(CLI::App& app, parsed& p) {
    auto& command =
        *app.add_subcommand("backup", "Write a consistent copy of the store, while the service runs or not");
    command.add_option("file", p.backup.file, "The copy; it must not exist yet")->type_name("FILE")->required();
    command.add_option("-c,--config", p.backup.config, config_help)->type_name("FILE");
}

std::vector<std::string> command_names(CLI::App const& app) {
    std::vector<std::string> names;
    for (auto const* command : app.get_subcommands([](CLI::App const*) { return true; }))
        names.push_back(command->get_name());
    return names;
}

std::vector<std::string> option_names(CLI::App const& app) {
    std::vector<std::string> names;
    for (auto const* option : app.get_options()) {
        for (auto const& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
}

// The command that the arguments named, or the program itself.
CLI::App& chosen(CLI::App& app) {
    auto const named = app.get_subcommands();
    return named.empty() ? app : *named.front();
}

std::string full_name(CLI::App const& app, CLI::App const& command) {
    return &app == &command ? app.get_name() : app.get_name() + " " + command.get_name();
}

std::string words_of(CLI::App& app, CLI::ParseError const& e) {
    auto& command = chosen(app);
    auto const extra = command.remaining(true);
    if (dynamic_cast<CLI::ExtrasError const*>(&e) == nullptr || extra.empty()) return e.what();
    auto const& first = extra.front();
    auto const name = first.substr(0, first.find('='));
    if (name.starts_with('-')) return "unknown option " + name + config::suggestion(name, option_names(command));
    if (&command == &app) return "unknown command " + name + config::suggestion(name, command_names(app));
    return "unexpected argument " + name;
}

int mistake(CLI::App& app, CLI::ParseError const& e, console& c) {
    print_failure(c, words_of(app, e));
    c.err << "Try \"" << full_name(app, chosen(app)) << " --help\".\n";
    return exit_usage;
}

engine::destination_choice choice_of(std::string const& text) {
    if (text == "resend") return engine::destination_choice::resend;
    if (text == "keep") return engine::destination_choice::keep;
    return engine::destination_choice::ask;
}

int carry_out(CLI::App& app, parsed& p, command_set const& commands, console& c) {
    auto const name = chosen(app).get_name();
    if (name == "run") {
        p.run.max_wait = *config::parse_duration(p.max_wait);
        p.run.destination = choice_of(p.destination);
        return commands.run(p.run);
    }
    if (name == "demo") return commands.demo(p.demo);
    if (name == "init") return commands.init(p.init);
    if (name == "check") return commands.check(p.check);
    if (name == "backup") return commands.backup(p.backup);
    if (name == "completion") {
        c.out << completion_script(describe(app), p.shell);
        return exit_done;
    }
    if (name == "man") {
        c.out << (p.page == "traitsync" ? command_manual(describe(app)) : configuration_manual());
        return exit_done;
    }
    if (is_client_command(name)) {
        settle_action(chosen(app), p.client);
        return commands.client(p.client);
    }
    if (name == "version") return commands.version();
    c.err << app.help();
    return exit_usage;
}

}  // namespace

int run_command_line(int argc, char const* const* argv, command_set const& commands, console& c) {
    parsed p;
    CLI::App app{"Keeps Segment's picture of your API users true: reads Moesif, sends only what changed.", "traitsync"};
    app.set_help_flag("-h,--help", "Show this help");
    app.set_version_flag("--version", "traitsync " TRAITSYNC_VERSION, "Show the version");
    app.footer(exit_help);
    app.require_subcommand(0, 1);
    add_run(app, p);
    add_demo(app, p);
    add_init(app, p);
    add_check(app, p);
    add_backup(app, p);
    add_client_commands(app, p.client);
    app.add_subcommand("man", "A man page, on standard output: \"traitsync man | man -l -\" shows it")
        ->add_option("page", p.page, "Which one")
        ->check(CLI::IsMember({"traitsync", "traitsync.toml"}))
        ->capture_default_str();
    app.add_subcommand("completion", "A completion script for the shell, on standard output")
        ->add_option("shell", p.shell, "bash or zsh")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh"}));
    app.add_subcommand("version", "Show the version");

    int code = exit_done;
    try {
        app.parse(argc, argv);
        code = carry_out(app, p, commands, c);
    } catch (CLI::CallForHelp const&) {
        // Help is asked for before anything else is looked at: there is none for what does not exist.
        auto const unknown = chosen(app).remaining(true);
        if (!unknown.empty()) {
            code = mistake(app, CLI::ExtrasError{unknown}, c);
        } else {
            c.out << chosen(app).help(&chosen(app) == &app ? "" : "traitsync");
        }
    } catch (CLI::CallForVersion const& e) {
        c.out << e.what() << '\n';
    } catch (CLI::ParseError const& e) {
        code = mistake(app, e, c);
    }
    c.out.flush();
    if (!c.out && code == exit_done) {
        // Who reads no further (head) knows: as for other tools that is no failure to speak of, though not all was
        // done.
        if (!reader_has_left(c)) print_failure(c, "standard output cannot be written");
        return exit_failed;
    }
    return code;
}

}  // namespace traitsync::cli

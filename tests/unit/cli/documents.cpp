// What is written from the command line's definition and the table of keys: completion and man pages.

#include <boost/test/unit_test.hpp>

#include <regex>
#include <set>

#include "support.hpp"
#include "traitsync/config/keys.hpp"

using namespace traitsync;
using namespace traitsync::cli;
using namespace traitsync::cli::test;

namespace {

std::string printed(std::vector<char const*> arguments) {
    memory_console m;
    arguments.insert(arguments.begin(), "traitsync");
    BOOST_TEST(run_command_line(static_cast<int>(arguments.size()), arguments.data(), command_set{}, m.c) == 0);
    BOOST_TEST(m.err.str().empty(), m.err.str());
    return m.out.str();
}

// The words of a help text that open a line under "Subcommands:".
std::vector<std::string> commands_in(std::string const& help) {
    std::vector<std::string> names;
    auto const begin = help.find("Subcommands:\n");
    if (begin == std::string::npos) return names;
    auto const block = help.substr(begin + 13, help.find("\n\n", begin) - begin - 13);
    std::regex const line{"(?:^|\n)  ([a-z]+)"};
    for (std::sregex_iterator it{block.begin(), block.end(), line}, end; it != end; ++it) names.push_back((*it)[1]);
    return names;
}

std::set<std::string> options_in(std::string const& help) {
    std::set<std::string> names;
    std::regex const word{"--[a-z-]+"};
    auto const begin = help.find("Options:\n");
    auto const block = help.substr(begin, help.find("\n\n", begin) - begin);
    for (std::sregex_iterator it{block.begin(), block.end(), word}, end; it != end; ++it) names.insert(it->str());
    return names;
}

// One command as its own help describes it.
struct documented {
    std::vector<std::string> path;
    std::set<std::string> options;
    std::vector<std::string> commands;
};

void collect(std::vector<std::string> const& path, std::vector<documented>& out) {
    std::vector<char const*> words;
    for (auto const& w : path) words.push_back(w.c_str());
    words.push_back("--help");
    auto const help = printed(words);
    out.push_back({path, options_in(help), commands_in(help)});
    for (auto const& name : out.back().commands) {
        auto below = path;
        below.push_back(name);
        // The parser stops at the first command's --help: what is below a command is in its completion only.
        if (path.empty()) collect(below, out);
    }
}

std::string escaped(std::string text) {
    std::string out;
    for (char c : text) out += c == '-' ? std::string{"\\-"} : std::string{c};
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(made_documents)

BOOST_AUTO_TEST_CASE(each_command_and_option_of_the_help_is_completed_and_in_the_manual) {
    std::vector<documented> all;
    collect({}, all);
    BOOST_REQUIRE(all.size() > 15U);
    auto const bash = printed({"completion", "bash"});
    auto const zsh = printed({"completion", "zsh"});
    auto const manual = printed({"man"});
    for (auto const& d : all) {
        std::string path;
        std::string function = "_traitsync";
        for (auto const& w : d.path) {
            path += "/" + w;
            function += "_" + w;
        }
        auto const begin = bash.find("\n        \"" + path + "\") words=\"");
        BOOST_REQUIRE_MESSAGE(begin != std::string::npos, path);
        auto const words = bash.substr(begin, bash.find('\n', begin + 1) - begin);
        auto const opening = zsh.find("\n" + function + "() {");
        BOOST_REQUIRE_MESSAGE(opening != std::string::npos, function);
        auto const body = zsh.substr(opening, zsh.find("\n}\n", opening) - opening);
        for (auto const& name : d.commands) {
            BOOST_TEST(words.find(name) != std::string::npos, path << " " << name);
            BOOST_TEST(body.find("'" + name + ":") != std::string::npos, path << " " << name);
            BOOST_TEST(manual.find(".SS \\fBtraitsync" + (path.empty() ? "" : " " + path.substr(1)) + " " + name) !=
                           std::string::npos,
                       path << " " << name);
        }
        for (auto const& option : d.options) {
            BOOST_TEST(words.find(option) != std::string::npos, path << " " << option);
            BOOST_TEST(body.find(option) != std::string::npos, path << " " << option);
            if (!path.empty()) BOOST_TEST(manual.find(escaped(option)) != std::string::npos, path << " " << option);
        }
    }
}

BOOST_AUTO_TEST_CASE(values_of_a_choice_are_completed) {
    auto const bash = printed({"completion", "bash"});
    BOOST_TEST(bash.find("\"/run --destination\") REPLY=\"resend keep\"") != std::string::npos);
    BOOST_TEST(bash.find("\"/dead/retry --reason\") REPLY=\"refused too_large gave_up\"") != std::string::npos);
    auto const zsh = printed({"completion", "zsh"});
    BOOST_TEST(zsh.find("(incremental full)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_configuration_manual_has_every_key) {
    auto const manual = printed({"man", "traitsync.toml"});
    for (auto const& k : config::all_keys()) {
        BOOST_TEST(manual.find("\n\\fB" + std::string{k.name} + "\\fR") != std::string::npos, k.full_name());
        if (k.is_secret()) {
            BOOST_TEST(manual.find("\\fB" + std::string{k.name} + "_file\\fR") != std::string::npos, k.full_name());
        }
    }
    for (auto const policy : config::policy_names()) {
        BOOST_TEST(manual.find("\\fB" + std::string{policy} + "\\fR") != std::string::npos, policy);
    }
}

BOOST_AUTO_TEST_CASE(no_line_of_a_manual_is_taken_for_a_request_by_mistake) {
    std::set<std::string> const known{".TH", ".nh", ".ad", ".SH", ".SS", ".PP", ".TP", ".IP", ".EX", ".EE"};
    for (auto const* page : {"traitsync", "traitsync.toml"}) {
        std::istringstream in{printed({"man", page})};
        for (std::string line; std::getline(in, line);) {
            if (line.empty()) continue;  // in an example
            BOOST_TEST(line.front() != '\'', line);
            if (line.front() == '.') BOOST_TEST(known.contains(line.substr(0, 3)), line);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

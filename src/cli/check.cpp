#include <algorithm>
#include <filesystem>
#include <iomanip>

#include <unistd.h>

#include "commands.hpp"
#include "exit.hpp"
#include "traitsync/admin/certificate.hpp"
#include "traitsync/admin/token.hpp"
#include "traitsync/net/authorities.hpp"
#include "traitsync/net/proxy.hpp"
#include "traitsync/ops/escape.hpp"
#include "traitsync/store/database.hpp"

namespace traitsync::cli {
namespace {

void print_values(config::loaded const& loaded, console& c) {
    auto const values = config::show(loaded);
    std::size_t name_width = 0;
    std::size_t value_width = 0;
    constexpr std::size_t widest = 44;  // a longer value pushes only its own origin
    std::vector<std::string> shown;
    for (auto const& v : values) {
        shown.push_back(v.value.empty() ? "-" : ops::plain(v.value));
        name_width = std::max(name_width, v.name.size());
        value_width = std::max(value_width, std::min(shown.back().size(), widest));
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        c.out << std::left << std::setw(static_cast<int>(name_width)) << ops::plain(values[i].name) << "  "
              << std::setw(static_cast<int>(value_width)) << shown[i] << "  " << ops::plain(values[i].origin) << '\n';
    }
}

// A store that is there is sound; a store that is not there can be made. Anything else is a problem.
int check_store(std::string const& path, console& c) {
    namespace fs = std::filesystem;
    std::error_code code;
    auto const size = fs::file_size(path, code);
    auto const there = !code && size > 0;
    // What is there and no file is told as that, whatever its folder is like.
    auto const other = fs::exists(path, code) && !fs::is_regular_file(path, code);
    if (!there && !other) {
        auto const folder = fs::absolute(path, code).parent_path();
        if (!fs::is_directory(folder, code)) {
            print_warning(c, {path, 0, 0, "the folder of store.path does not exist"});
            return exit_done;
        }
        if (::access(folder.c_str(), W_OK | X_OK) != 0) {
            print_warning(c, {path, 0, 0, "the folder of store.path cannot be written by this user"});
            return exit_done;
        }
    }
    auto const found = store::database::inspect(path);
    if (!found) {
        print_problem(c, {path, 0, 0, found.error().what});
        return exit_of(found.error().kind);
    }
    if (!there) {
        c.out << "Store: " << ops::plain(path) << " will be made at the first start.\n";
        return exit_done;
    }
    if (!found->empty()) {
        print_problem(c, {path, 0, 0, "the store is damaged: " + *found});
        return exit_failed;
    }
    c.out << "Store: " << ops::plain(path) << " is sound.\n";
    return exit_done;
}

// The environment's proxy and authorities are part of the configuration: what is wrong with them is said before
// anything starts.
std::optional<config::problem> environment_problem(config::settings const& s) {
    bool over_tls = false;
    for (auto const& text : {s.moesif.url, s.segment.url, s.alerts.webhook_url.reveal()}) {
        auto const origin = net::parse_url(text);
        if (!origin) continue;
        over_tls = over_tls || origin->tls;
        if (auto const chosen = net::proxy_for(*origin, net::process_environment); !chosen) {
            return config::problem{"", 0, 0, chosen.error().what};
        }
    }
    if (!over_tls) return std::nullopt;
    auto const trusted = net::check_authorities(net::process_environment);
    if (trusted) return std::nullopt;
    return config::problem{"", 0, 0, trusted.error().what};
}

}  // namespace

config::load_result load_for(std::optional<std::string> const& flag, console& c, config::secrets_needed needed) {
    config::sources from;
    from.needed = needed;
    from.file = config::find_file(flag);
    from.environment = config::process_environment();
    auto loaded = config::load(from);
    auto const& warnings = loaded ? loaded->warnings : loaded.error().warnings;
    for (auto const& w : warnings) print_warning(c, w);
    if (loaded && needed == config::secrets_needed::all) {
        if (auto wrong = environment_problem(loaded->values)) loaded = config::rejected{{std::move(*wrong)}, {}};
    }
    if (loaded) return loaded;
    auto const& problems = loaded.error().problems;
    for (auto const& p : problems) print_problem(c, p);
    print_failure(c, counted(problems.size(), "problem") + " in the configuration");
    if (!from.file) {
        c.err << "There is neither ./traitsync.toml nor /etc/traitsync/traitsync.toml; \"traitsync init\" writes the "
                 "first.\n";
    }
    return loaded;
}

// What only a start would notice: files that are there and cannot be used.
std::vector<std::string> unusable_files(config::settings const& s) {
    std::vector<std::string> found;
    if (auto const tls = admin::check_certificate(s.admin); !tls) found.push_back(tls.error().what);
    std::error_code code;
    if (s.admin.token.empty() && std::filesystem::exists(admin::token_file(s), code)) {
        if (auto const token = admin::find_token(s); !token) found.push_back(token.error().what);
    }
    return found;
}

int run_check(check_arguments const& arguments, console& c) {
    auto const loaded = load_for(arguments.config, c);
    if (!loaded) return exit_usage;
    print_values(*loaded, c);
    if (auto const unusable = unusable_files(loaded->values); !unusable.empty()) {
        for (auto const& words : unusable) print_problem(c, {"", 0, 0, words});
        print_failure(c, counted(unusable.size(), "problem") + " in the configuration");
        return exit_usage;
    }
    c.out << "\nConfiguration: " << ops::plain(loaded->file.value_or("from the environment alone")) << " is valid";
    if (!loaded->warnings.empty()) c.out << ", with " << counted(loaded->warnings.size(), "warning");
    c.out << ".\n";
    auto const store = check_store(loaded->values.store.path, c);
    c.out.flush();
    if (!arguments.online) return store;
    auto const online = check_online(loaded->values, c);
    return online != exit_done ? online : store;
}

}  // namespace traitsync::cli

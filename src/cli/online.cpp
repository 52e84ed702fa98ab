// `check --online`: one small search for users and one for companies at Moesif, one GET at Segment's address.

#include <algorithm>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "commands.hpp"
#include "exit.hpp"
#include "traitsync/moesif/client.hpp"
#include "traitsync/moesif/page.hpp"
#include "traitsync/net/https_client.hpp"
#include "traitsync/ops/escape.hpp"

namespace traitsync::cli {
namespace {

namespace asio = boost::asio;

struct moesif_outcome {
    std::optional<error> users;
    std::optional<error> companies;
};

struct segment_outcome {
    std::optional<error> failed;
    int status = 0;
};

// Whether the body is a search answer; words for the operator where it is not.
std::optional<error> error_of(result<std::string> const& body) {
    if (!body) return body.error();
    auto const page = moesif::split_page(*body);
    if (page) return std::nullopt;
    return error{fault::misdirected, "something answers there, but not Moesif's Management API: " + page.error().what};
}

// Both referees outlive the coroutine: check_online runs the loop to its end.
asio::awaitable<void> ask_moesif(moesif::client& client, moesif_outcome& out) {
    moesif::search users;
    users.stream = moesif::stream::users;
    users.size = 1;
    auto const of_users = co_await client.search_page(std::move(users));
    out.users = error_of(of_users);
    moesif::search companies;
    companies.stream = moesif::stream::companies;
    companies.size = 1;
    auto const of_companies = co_await client.search_page(std::move(companies));
    out.companies = error_of(of_companies);
}

asio::awaitable<void> ask_segment(net::https_client& client, std::string target, segment_outcome& out) {
    net::request request;
    request.target = std::move(target);
    auto const reply = co_await client.exchange(std::move(request));
    if (reply) {
        out.status = reply->status;
    } else {
        out.failed = reply.error();
    }
}

bool refused(std::optional<error> const& e) { return e && e->http_status == 401; }

// Moesif answers 401 both to a wrong token and to one that lacks a scope: which of the two searches failed
// tells them apart.
std::string words_of(error const& e, bool both_refused, std::string_view scope) {
    if (e.http_status == 402) return "402: the Moesif subscription is not active";
    if (e.http_status == 403)
        return "403: the token is not allowed to read this; it needs the scope " + std::string{scope};
    if (e.http_status == 401 && both_refused) {
        return "401: moesif.token is not accepted. It must be a Management API key (not a Collector application id) "
               "with the scopes read:users and read:companies";
    }
    if (e.http_status == 401) return "401: the token lacks the scope " + std::string{scope};
    return e.what;
}

void print_line(console& c, std::string_view service, std::string_view text) {
    c.out << service << ": " << ops::plain(text) << '\n';
}

int report_moesif(config::moesif_settings const& s, moesif_outcome const& o, console& c) {
    int code = exit_done;
    bool const both_refused = refused(o.users) && refused(o.companies);
    auto const report = [&](std::string const& name, std::optional<error> const& e, std::string_view scope,
                            std::string const& path) {
        if (!e) {
            print_line(c, name, "can be read at " + s.url);
            return;
        }
        auto words = words_of(*e, both_refused, scope);
        if (e->kind == fault::misdirected) words += "; looked at moesif.url " + s.url + " with the path " + path;
        print_failure(c, name + ": " + words);
        code = std::max(code, exit_of(e->kind));
    };
    report("Moesif users", o.users, "read:users", s.users_path);
    report("Moesif companies", o.companies, "read:companies", s.companies_path);
    return code;
}

int report_segment(config::segment_settings const& s, segment_outcome const& o, console& c) {
    if (o.failed) {
        print_failure(c, "Segment: " + o.failed->what);
        return exit_of(o.failed->kind);
    }
    if (o.status >= 500) {
        print_failure(
            c, "Segment: " + s.url + " answers " + std::to_string(o.status) + ": it, or a proxy before it, is down");
        return exit_unreachable;
    }
    if (o.status == 407) {
        print_failure(c, "Segment: " + s.url + " answers 407: a proxy asks for a login");
        return exit_unreachable;
    }
    bool const tls = s.url.starts_with("https:");
    print_line(c, "Segment", s.url + (tls ? " answers, and its certificate is good" : " answers, over plain http"));
    print_line(c, "Segment",
               "nothing was sent, so the write key is not proved. Segment answers 200 to a wrong key too: look "
               "for the first messages in the source's debugger");
    return exit_done;
}

net::client_options options_of(config::segment_settings const& s, net::url origin) {
    net::client_options o;
    o.origin = std::move(origin);
    o.timeout = s.timeout;
    o.connect_timeout = std::min<std::chrono::milliseconds>(s.timeout, o.connect_timeout);
    o.user_agent = "traitsync/" TRAITSYNC_VERSION;
    return o;
}

}  // namespace

int check_online(config::settings const& settings, console& c) {
    auto origin = net::parse_url(settings.segment.url);
    if (auto const base = net::parse_url(settings.moesif.url); !base || !origin) {
        print_failure(c, base ? origin.error().what : base.error().what);
        return exit_usage;
    }
    asio::io_context loop;
    moesif::client moesif{loop, settings.moesif, {}};
    net::https_client segment{loop, options_of(settings.segment, *origin)};
    moesif_outcome from_moesif;
    segment_outcome from_segment;
    asio::co_spawn(loop, ask_moesif(moesif, from_moesif), asio::detached);
    asio::co_spawn(loop, ask_segment(segment, origin->path + "/", from_segment), asio::detached);
    loop.run();
    auto const code = report_moesif(settings.moesif, from_moesif, c);
    return std::max(code, report_segment(settings.segment, from_segment, c));
}

}  // namespace traitsync::cli

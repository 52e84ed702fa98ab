#include "admin_client.hpp"

#include <fmt/core.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <stdexcept>

#include "environment.hpp"
#include "exit.hpp"
#include "traitsync/admin/token.hpp"
#include "traitsync/config/token_text.hpp"
#include "traitsync/core/sha256.hpp"
#include "traitsync/net/https_client.hpp"
#include "traitsync/ops/escape.hpp"

namespace traitsync::cli {
namespace {

namespace asio = boost::asio;

// A preview of a million profiles takes half a minute.
constexpr std::chrono::seconds patience{120};
constexpr int page_size = 500;

// Where the service listens, as a client reaches it.
std::string url_of(config::admin_settings const& s) {
    auto const colon = s.listen.rfind(':');
    auto host = s.listen.substr(0, colon);
    if (host == "0.0.0.0") host = "127.0.0.1";
    if (host == "[::]") host = "[::1]";
    return (s.over_tls() ? "https://" : "http://") + host + s.listen.substr(colon);
}

// unix:/path: the URL that stands for what is reached over that socket.
std::string over_socket(std::string const& address, net::client_options& options, std::string& where) {
    options.unix_path = address.substr(5);
    where = address;
    return "http://localhost";
}

int exit_of_status(int status) {
    if (status == 401 || status == 403 || status == 409) return exit_refused;
    // 502 and 504 come from a proxy before the service.
    if (status == 429 || (status >= 502 && status <= 504)) return exit_unreachable;
    // A value that the service does not take came from the arguments.
    if (status == 400 || status == 422) return exit_usage;
    return exit_failed;
}

// What stands between the brackets of a list.
std::string_view items_in(std::string_view body) {
    constexpr std::string_view front = R"({"items":[)";
    auto const end = body.rfind(R"(],"next_cursor":)");
    if (!body.starts_with(front) || end == std::string_view::npos || end < front.size())
        throw std::invalid_argument{"its list has another form"};
    return body.substr(front.size(), end - front.size());
}

asio::awaitable<result<net::reply>> exchange(net::https_client& client, net::request r) {
    auto reply = co_await client.exchange(std::move(r));
    co_return reply;
}

}  // namespace

struct admin_client::parts {
    explicit parts(console& o) : c{o} {}
    console& c;
    asio::io_context loop;
    std::unique_ptr<net::https_client> client;
    std::string where;   // for words
    std::string origin;  // where the address came from
    std::string prefix;  // of every path, where a proxy serves it under one
    secret token;
    std::string no_token;  // why there is none
};

admin_client::admin_client(std::unique_ptr<parts> p) : parts_{std::move(p)} {}
admin_client::~admin_client() = default;

std::unique_ptr<admin_client> admin_client::open(client_target const& target, console& c) {
    auto p = std::make_unique<parts>(c);
    net::client_options options;
    options.user_agent = "traitsync/" TRAITSYNC_VERSION;
    options.timeout = patience;
    std::string url;
    p->token = secret{environment("TRAITSYNC_ADMIN_TOKEN")};
    if (auto const wrong = config::unusable_token(p->token.reveal())) {
        print_failure(c, fmt::format("TRAITSYNC_ADMIN_TOKEN {}", *wrong));
        return nullptr;
    }
    if (target.url) {
        url = *target.url;
        p->origin = "--url";
        if (url.starts_with("unix:")) url = over_socket(url, options, p->where);
    }
    if (!target.url || p->token.empty()) {
        config::sources from;
        from.file = config::find_file(target.config);
        from.environment = config::process_environment();
        from.needed = p->token.empty() ? config::secrets_needed::admin_token : config::secrets_needed::none;
        auto const loaded = config::load(from);
        if (!loaded) {
            for (auto const& problem : loaded.error().problems) print_problem(c, problem);
            return nullptr;
        }
        auto const& s = loaded->values;
        if (!target.url) {
            p->origin = "admin.listen, " + loaded->origins.at("admin.listen");
            if (s.admin.by_socket()) {
                url = over_socket(s.admin.listen, options, p->where);
            } else {
                url = url_of(s.admin);
                // Its own certificate is as good as any authority's for talking to ourselves, and is seldom made for
                // the address that it listens on.
                options.ca_file = s.admin.tls_cert;
                options.one_of_ours = s.admin.over_tls();
            }
        }
        if (p->token.empty()) {
            auto own = admin::find_token(s);
            if (own) {
                p->token = std::move(*own);
            } else if (own.error().kind == fault::invalid) {
                print_failure(c, own.error().what);
                return nullptr;
            } else {
                p->no_token = own.error().what;
            }
        }
    }
    auto origin = net::parse_url(url);
    if (!origin) {
        print_failure(c, p->origin + ": " + origin.error().what);
        return nullptr;
    }
    p->prefix = origin->path;
    if (p->prefix.ends_with("/v1")) p->prefix.resize(p->prefix.size() - 3);
    if (p->where.empty()) p->where = origin->origin() + p->prefix;
    // The configuration's own address says that with admin.allow_insecure.
    if (target.url && !origin->tls && !origin->is_loopback()) {
        print_failure(c, "warning: " + p->where + " is not encrypted: whoever is on the way can read the token");
    }
    // What runs on this machine is not asked for from elsewhere: the configuration's own address is one of its.
    options.proxies = target.url && !origin->is_loopback();
    options.origin = std::move(*origin);
    p->client = std::make_unique<net::https_client>(p->loop, std::move(options));
    return std::unique_ptr<admin_client>{new admin_client{std::move(p)}};
}

admin_client::answer admin_client::ask(net::request r) {
    auto& p = *parts_;
    // Without a token it is only found out whether the service is what is missing: it makes one as it starts.
    if (!p.no_token.empty()) {
        r = {};
        r.target = "/healthz";
    } else {
        r.headers.emplace_back("Authorization", "Bearer " + p.token.reveal());
    }
    r.target = p.prefix + r.target;
    result<net::reply> reply = error{fault::cancelled, "no answer"};
    asio::co_spawn(p.loop, exchange(*p.client, std::move(r)), [&](std::exception_ptr thrown, result<net::reply> got) {
        if (thrown) std::rethrow_exception(thrown);
        reply = std::move(got);
    });
    p.loop.restart();
    p.loop.run();
    answer a;
    if (!reply) {
        print_failure(p.c,
                      fmt::format("the service does not answer at {} ({}): {}", p.where, p.origin, reply.error().what));
        p.c.err << "Is \"traitsync run\" running, and with the same configuration? --url or -c names another place.\n";
        a.code = exit_unreachable;
        return a;
    }
    if (!p.no_token.empty()) {
        print_failure(p.c, p.no_token);
        p.c.err << "The service makes the token at its first start. Set TRAITSYNC_ADMIN_TOKEN to give it otherwise.\n";
        a.code = exit_usage;
        return a;
    }
    a.said = std::make_shared<told const>(std::move(reply->body));
    if (reply->status >= 200 && reply->status < 300) {
        if (!a.json().is_object()) a.code = is_another("its answer is no JSON object");
        return a;
    }
    a.code = exit_of_status(reply->status);
    auto const* detail = a.json().find("detail");
    if (detail == nullptr || !detail->is_string()) {
        print_failure(p.c, fmt::format("{} answered {}", p.where, reply->status));
        return a;
    }
    print_failure(p.c, detail->text);
    if (auto const* errors = a.json().find("errors"); errors != nullptr && errors->elements().size() > 1) {
        for (auto const& e : errors->elements()) p.c.err << "  " << ops::plain(word(e, "detail")) << '\n';
    }
    if (reply->status == 401)
        p.c.err << "The token that was sent is not the service's; TRAITSYNC_ADMIN_TOKEN sets it.\n";
    return a;
}

int admin_client::is_another(std::string const& why) {
    print_failure(parts_->c, fmt::format("{} answers, but is not a traitsync service ({})", parts_->where, why));
    return exit_unreachable;
}

admin_client::answer admin_client::get(std::string const& path) {
    net::request r;
    r.target = path;
    return ask(std::move(r));
}

admin_client::answer admin_client::post(std::string const& path, std::string const& body) {
    net::request r;
    r.method = "POST";
    r.target = path;
    r.headers.emplace_back("Content-Type", "application/json");
    r.headers.emplace_back("Idempotency-Key", random_hex(16));
    r.body = std::make_shared<std::string const>(body);
    return ask(std::move(r));
}

admin_client::answer admin_client::list(std::string const& path, std::size_t limit) {
    // The very bytes, with every digit of every number.
    std::string texts;
    std::size_t count = 0;
    std::string cursor;
    auto const mark = path.find('?') == std::string::npos ? '?' : '&';
    for (;;) {
        auto const left = limit == 0 ? page_size : static_cast<int>(std::min<std::size_t>(limit - count, page_size));
        auto page = get(fmt::format("{}{}limit={}{}", path, mark, left, cursor.empty() ? "" : "&cursor=" + cursor));
        if (!page.ok()) return page;
        auto const more = items_in(page.body());
        count += cli::list(page.json(), "items").size();
        auto const last = at(page.json(), "next_cursor").is_null();
        page.more = !last;
        auto const ended = last || (limit != 0 && count >= limit);
        if (ended && cursor.empty()) return page;
        if (!texts.empty() && !more.empty()) texts += ',';
        texts += more;
        auto const next = last ? std::string{} : word(page.json(), "next_cursor");
        if (ended) {
            auto whole = fmt::format(R"({{"items":[{}],"next_cursor":)", texts);
            json::append(whole, at(page.json(), "next_cursor"));
            page.said = std::make_shared<told const>(whole + '}');
            return page;
        }
        cursor = next;
    }
}

}  // namespace traitsync::cli

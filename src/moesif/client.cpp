#include "traitsync/moesif/client.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace traitsync::moesif {
namespace {

// More than a page should take; the caller asks for fewer profiles then.
constexpr std::size_t max_reply_bytes = std::size_t{64} << 20;
constexpr std::chrono::seconds max_connect_time{10};
// Far more than the words about a bad answer quote of it.
constexpr std::size_t quoted_bytes = 8192;

struct known_paths {
    std::string_view documented, older;
};
constexpr std::array<known_paths, 2> paths{{
    {"/search/~/search/companymetrics/companies", "/search/~/search/companies"},
    {"/search/~/search/usermetrics/users", "/search/~/search/users"},
}};

std::size_t index_of(stream s) { return static_cast<std::size_t>(s); }

// config::load lets no other address through.
net::url url_of(config::moesif_settings const& s) {
    return net::checked_url(s.url, s.allow_insecure, "moesif").value();
}

net::client_options options_of(config::moesif_settings const& s, std::string ca_file) {
    net::client_options o;
    o.origin = url_of(s);
    o.timeout = s.timeout;
    o.connect_timeout = std::min<std::chrono::milliseconds>(s.timeout, max_connect_time);
    o.max_reply_bytes = max_reply_bytes;
    o.ca_file = std::move(ca_file);
    o.user_agent = "traitsync/" TRAITSYNC_VERSION;
    return o;
}

bool not_there(result<net::reply> const& answer) { return answer && (answer->status == 404 || answer->status == 405); }

std::string asks_other_path(int status) {
    return fmt::format(
        "Moesif answered {} to a search; the other spelling of its path is asked as soon as the request "
        "budget allows it",
        status);
}

std::string_view start_of(std::string const& body) { return std::string_view{body}.substr(0, quoted_bytes); }

bool is_success(net::reply const& r) { return r.status >= 200 && r.status < 300; }

}  // namespace

std::string search_body(search const& s) {
    auto const key = s.fallback_key ? (s.stream == stream::users ? "user_id.raw" : "company_id.raw") : "_id";
    std::string body = fmt::format(R"({{"size":{})", s.size);
    if (s.modified_since) {
        body += fmt::format(R"(,"query":{{"bool":{{"filter":[{{"range":{{"modified_time":{{"gte":"{}"}}}}}}]}}}})",
                            to_rfc3339(*s.modified_since));
        body += R"(,"sort":[{"modified_time":{"order":"asc","unmapped_type":"string"}},)";
    } else {
        body += R"(,"sort":[)";
    }
    body += fmt::format(R"({{"{}":"asc"}}])", key);
    if (!s.search_after.empty()) body += R"(,"search_after":)" + s.search_after;
    return body + "}";
}

client::client(boost::asio::io_context& loop, config::moesif_settings const& settings, std::string ca_file,
               std::function<bool()> may_ask_more)
    : settings_{settings},
      base_{url_of(settings)},
      token_{settings.token.reveal()},
      http_{loop, options_of(settings, std::move(ca_file))},
      may_ask_more_{std::move(may_ask_more)} {
    if (!may_ask_more_) may_ask_more_ = [] { return true; };
}

void client::stop() { http_.stop(); }
void client::use_token(secret const& token) { token_ = token.reveal(); }

net::request client::request_of(std::string method, std::string path, std::shared_ptr<std::string const> body) const {
    net::request r;
    r.method = std::move(method);
    r.target = base_.path + path;
    if (!settings_.app_id.empty()) r.target += "?app_id=" + net::encode_segment(settings_.app_id);
    r.headers.emplace_back("Authorization", "Bearer " + token_);
    r.headers.emplace_back("Accept", "application/json");
    if (body) r.headers.emplace_back("Content-Type", "application/json");
    r.body = std::move(body);
    r.may_repeat = may_ask_more_;
    return r;
}

std::string client::path_of(moesif::stream which, bool other) const {
    auto const& configured = which == stream::users ? settings_.users_path : settings_.companies_path;
    auto const& known = paths[index_of(which)];
    if (!other || (configured != known.documented && configured != known.older)) return configured;
    return std::string{configured == known.documented ? known.older : known.documented};
}

// What a failure says is kept and shown: the whole text loses the token before any of it is cut off. Of a success
// only the beginning can be quoted, where it turns out to be no page; looking through every page would cost time.
boost::asio::awaitable<result<net::reply>> client::ask(net::request r) {
    auto const sent = token_;  // another one may come meanwhile
    auto answer = co_await http_.exchange(std::move(r));
    if (answer && (!is_success(*answer) || start_of(answer->body).find(sent) != std::string_view::npos)) {
        net::redact(answer->body, sent);
        net::redact(answer->location, sent);
    }
    co_return answer;
}

boost::asio::awaitable<result<net::reply>> client::post_search(moesif::stream which,
                                                               std::shared_ptr<std::string const> body,
                                                               std::string room) {
    auto& s = spellings_[index_of(which)];
    auto const has_two = path_of(which, true) != path_of(which, false);
    auto request = request_of("POST", path_of(which, s.other), body);
    request.room = std::move(room);
    auto answer = co_await ask(std::move(request));
    if (not_there(answer) && has_two && !s.settled) {
        s.other = !s.other;
        if (!s.tried) {
            s.tried = true;
            // Nothing is wrong as long as the other one has not been asked.
            if (!may_ask_more_()) co_return error{fault::unavailable, asks_other_path(answer->status)};
            auto second_request = request_of("POST", path_of(which, s.other), body);
            auto second = co_await ask(std::move(second_request));
            if (not_there(second)) {
                // The words name the configured path's answer, and the next call begins with it.
                s.other = !s.other;
            } else {
                answer = std::move(second);
            }
        }
    }
    if (answer && is_success(*answer)) s.settled = true;
    co_return answer;
}

boost::asio::awaitable<result<std::string>> client::search_page(search s, std::string room) {
    auto const which = s.stream;
    auto const body = std::make_shared<std::string const>(search_body(s));
    auto answer = co_await post_search(which, body, std::move(room));
    if (!answer) co_return std::move(answer).error();
    // 410 on a search is a configuration error, unlike on a document.
    if (auto failed = net::fault_of(*answer, "Moesif", net::gone::for_good)) {
        // 402 is about the subscription, whatever the token may do.
        if (failed->kind == fault::unauthorized && answer->status != 402) {
            failed->what += which == stream::users ? "; reading users needs the scope read:users"
                                                   : "; reading companies needs the scope read:companies";
        }
        co_return std::move(*failed);
    }
    co_return std::move(answer->body);
}

boost::asio::awaitable<result<std::optional<std::string>>> client::document(moesif::stream which, std::string id) {
    auto const folder = which == stream::users ? "/search/~/users/" : "/search/~/companies/";
    auto request = request_of("GET", folder + net::encode_segment(id), nullptr);
    auto answer = co_await ask(std::move(request));
    if (!answer) co_return std::move(answer).error();
    if (answer->status == 404 || answer->status == 410) co_return std::optional<std::string>{};
    if (auto failed = net::fault_of(*answer, "Moesif")) co_return std::move(*failed);
    co_return std::optional{std::move(answer->body)};
}

}  // namespace traitsync::moesif

#include "traitsync/alert/webhook.hpp"

#include <fmt/core.h>

#include <memory>

#include "traitsync/core/sha256.hpp"

namespace traitsync::alert {
namespace {

constexpr std::chrono::seconds time_out{10};
// Nothing of the answer is read but its status.
constexpr std::size_t max_reply_bytes = 64 * 1024;

error unusable(std::string_view why) { return {fault::invalid, fmt::format("alerts.webhook_url {}", why)}; }

net::client_options options_of(webhook_target const& address, std::string ca_file) {
    net::client_options o;
    o.origin = address.origin;
    o.timeout = time_out;
    o.connect_timeout = time_out;
    o.max_reply_bytes = max_reply_bytes;
    o.max_idle = 1;
    o.ca_file = std::move(ca_file);
    o.user_agent = "traitsync/" TRAITSYNC_VERSION;
    return o;
}

}  // namespace

result<webhook_target> parse_webhook(std::string_view text) {
    if (text.find('#') != std::string_view::npos) return unusable("must not hold a #");
    auto const begin = text.find("://");
    if (begin == std::string_view::npos) return unusable("must begin with https:// or http://");
    webhook_target out;
    auto const mark = std::min(text.find('?'), text.size());
    auto const query = text.substr(mark);
    std::string bare{text.substr(0, mark)};
    auto const slash = std::min(bare.find('/', begin + 3), bare.size());
    auto const at = bare.rfind('@', slash);
    if (at != std::string::npos && at > begin && at < slash) {
        auto const user = net::percent_decoded(bare.substr(begin + 3, at - begin - 3));
        out.authorization = "Basic " + base64(user.find(':') == std::string::npos ? user + ":" : user);
        bare.erase(begin + 3, at - begin - 2);
    }
    // The address's own path counts to the letter: a slash at its end may matter to the receiver.
    auto const path_at = bare.find('/', begin + 3);
    out.target = path_at == std::string::npos ? "/" : bare.substr(path_at);
    out.target += query;
    auto const origin = net::parse_url(bare);
    if (!origin) return unusable("is not usable: " + origin.error().what);
    if (!origin->tls && !origin->is_loopback()) {
        return unusable("is plain http to another machine, readable on the way: use https");
    }
    out.origin = *origin;
    out.origin.path.clear();
    return out;
}

std::string signature_of(secret const& key, std::int64_t seconds, std::string_view body) {
    return "sha256=" + hex_of(hmac_sha256(key.reveal(), fmt::format("{}.{}", seconds, body)));
}

webhook::webhook(boost::asio::io_context& loop, webhook_target address, secret key, std::string ca_file)
    : address_{std::move(address)}, key_{std::move(key)}, http_{loop, options_of(address_, std::move(ca_file))} {}

void webhook::stop() { http_.stop(); }

boost::asio::awaitable<result<void>> webhook::post(announcement a, wall_time now) {
    auto const seconds = to_millis(now) / 1000;
    net::request r;
    r.method = "POST";
    r.target = address_.target;
    r.headers.emplace_back("Content-Type", "application/json");
    r.headers.emplace_back("Idempotency-Key", a.id.text());
    r.headers.emplace_back("Traitsync-Event", a.event);
    r.headers.emplace_back("Traitsync-Timestamp", std::to_string(seconds));
    r.headers.emplace_back("Traitsync-Signature", signature_of(key_, seconds, a.body));
    if (!address_.authorization.empty()) r.headers.emplace_back("Authorization", address_.authorization);
    r.body = std::make_shared<std::string const>(std::move(a.body));
    auto const answer = co_await http_.exchange(std::move(r));
    if (!answer) co_return answer.error();
    if (answer->status >= 200 && answer->status < 300) co_return result<void>{};
    error e{fault::unavailable, fmt::format("{} answered {}", address_.origin.authority(), answer->status)};
    e.http_status = answer->status;
    e.retry_after = answer->retry_after;
    co_return e;
}

}  // namespace traitsync::alert

// The rows of the table in keys.hpp.

#include <array>
#include <vector>

#include "traitsync/config/keys.hpp"

namespace traitsync::config {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::array<std::string_view, 2> regions{"us", "eu"};
constexpr std::array<std::string_view, 2> remove_choices{"null", "ignore"};
constexpr std::array<std::string_view, 2> delete_choices{"ignore", "null"};
constexpr std::array<std::string_view, 2> first_choices{"send", "adopt"};
constexpr std::array<std::string_view, 4> levels{"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 2> formats{"text", "json"};

constexpr std::int64_t in_ms(milliseconds d) { return d.count(); }
constexpr std::int64_t kib = 1024;
constexpr std::int64_t tib = kib * kib * kib * kib;

// The address of one member as a slot.
#define AT(type, member) static_cast<type& (*)(settings&)>([](settings& s) -> type& { return s.member; })
#define SIZE_AT(member)                                       \
    size_slot {                                               \
        [](settings& s) -> std::int64_t& { return s.member; } \
    }
#define CHOICE_AT(type, member)                                                                   \
    choice_slot {                                                                                 \
        [](settings const& s) { return static_cast<std::size_t>(s.member); },                     \
            [](settings& s, std::size_t chosen) { s.member = static_cast<config::type>(chosen); } \
    }

std::vector<key> moesif_keys() {
    return {
        {.section = "moesif",
         .name = "url",
         .where = AT(std::string, moesif.url),
         .brief = "Address of Moesif's Management API.",
         .comment = "Plain http is taken only for this machine, or with allow_insecure = true."},
        {.section = "moesif",
         .name = "token",
         .where = AT(secret, moesif.token),
         .fallback = "required",
         .brief = "Management API key with the scopes read:users and read:companies.",
         .comment = "Made in Moesif's portal under API Keys, Management API."},
        {.section = "moesif",
         .name = "app_id",
         .where = AT(std::string, moesif.app_id),
         .fallback = "the token's own application",
         .brief = "Moesif application to read, sent as app_id."},
        {.section = "moesif",
         .name = "interval",
         .where = AT(milliseconds, moesif.interval),
         .least = in_ms(100ms),
         .most = in_ms(24h * 30),
         .brief = "Time between incremental passes."},
        {.section = "moesif",
         .name = "full_interval",
         .where = AT(milliseconds, moesif.full_interval),
         .least = in_ms(1s),
         .most = in_ms(24h * 365),
         .brief = "Time between full passes.",
         .comment = "A full pass also finds profiles that are gone."},
        {.section = "moesif",
         .name = "overlap",
         .where = AT(milliseconds, moesif.overlap),
         .least = 0,
         .most = in_ms(24h * 7),
         .brief = "How far an incremental pass reaches back behind the last one.",
         .comment = "Moesif's search may lag by 20 minutes. A profile read twice costs a comparison, no message."},
        {.section = "moesif",
         .name = "page_size",
         .where = AT(int, moesif.page_size),
         .least = 1,
         .most = 1000,
         .brief = "Profiles a request."},
        {.section = "moesif",
         .name = "requests_per_minute",
         .where = AT(int, moesif.requests_per_minute),
         .least = 0,
         .most = 100'000,
         .brief = "Request budget, never exceeded; 0 is none.",
         .comment = "Moesif allows 500 a minute for all clients of an organisation together."},
        {.section = "moesif",
         .name = "users_path",
         .where = AT(std::string, moesif.users_path),
         .brief = "Search path for users.",
         .comment = "Answered with 404, the older spelling is tried once."},
        {.section = "moesif",
         .name = "companies_path",
         .where = AT(std::string, moesif.companies_path),
         .brief = "Search path for companies.",
         .comment = "Answered with 404, the older spelling is tried once."},
        {.section = "moesif",
         .name = "timeout",
         .where = AT(milliseconds, moesif.timeout),
         .least = in_ms(100ms),
         .most = in_ms(10min),
         .brief = "Deadline of one request."},
        {.section = "moesif",
         .name = "allow_insecure",
         .where = AT(bool, moesif.allow_insecure),
         .brief = "Send the token over plain http to another machine."},
    };
}

std::vector<key> segment_keys() {
    return {
        {.section = "segment",
         .name = "region",
         .where = AT(std::string, segment.region),
         .choices = regions,
         .brief = "Region of the Segment workspace; sets the address."},
        {.section = "segment",
         .name = "url",
         .where = AT(std::string, segment.url),
         .fallback = "by region",
         .brief = "Address of Segment's HTTP API, where it is not the region's own.",
         .comment = "us: https://api.segment.io, eu: https://events.eu1.segmentapis.com. A trailing /v1 is dropped."},
        {.section = "segment",
         .name = "write_key",
         .where = AT(secret, segment.write_key),
         .fallback = "required",
         .brief = "Write key of a Segment source of the type HTTP API.",
         .comment = "Segment answers 200 to a wrong key too: look for the first messages in the source's debugger."},
        {.section = "segment",
         .name = "batch_size",
         .where = AT(int, segment.batch_size),
         .least = 1,
         .most = 2500,
         .brief = "Messages a batch.",
         .comment = "Left out: no more than rate_limit, so that a low limit gives no bursts."},
        {.section = "segment",
         .name = "concurrency",
         .where = AT(int, segment.concurrency),
         .least = 1,
         .most = 32,
         .brief = "Batches in flight at a time."},
        {.section = "segment",
         .name = "rate_limit",
         .where = AT(int, segment.rate_limit),
         .least = 0,
         .most = 1'000'000,
         .brief = "Messages a second; 0 is no limit."},
        {.section = "segment", .name = "gzip", .where = AT(bool, segment.gzip), .brief = "Compress request bodies."},
        {.section = "segment",
         .name = "timeout",
         .where = AT(milliseconds, segment.timeout),
         .least = in_ms(100ms),
         .most = in_ms(10min),
         .brief = "Deadline of one request."},
        {.section = "segment",
         .name = "give_up_after",
         .where = AT(milliseconds, segment.give_up_after),
         .least = in_ms(1s),
         .most = in_ms(24h * 3650),
         .zero_too = true,
         .brief = "Dead-letter a message that was retried for this long, without a pause, a block or a stop between; 0 "
                  "is never.",
         .comment = "A request that arrives after its message was given up can overwrite a newer value."},
        {.section = "segment",
         .name = "allow_insecure",
         .where = AT(bool, segment.allow_insecure),
         .brief = "Send profiles and the write key over plain http to another machine."},
    };
}

std::vector<key> store_keys() {
    return {
        {.section = "store",
         .name = "path",
         .where = AT(std::string, store.path),
         .brief = "The SQLite file.",
         .comment =
             "Its folder must exist and be on a local disk: SQLite's log does not work on network file systems."},
        {.section = "store",
         .name = "history_days",
         .where = AT(int, store.history_days),
         .least = 1,
         .most = 36'500,
         .brief = "Days for which history and gone profiles are kept."},
        {.section = "store",
         .name = "max_history",
         .where = SIZE_AT(store.max_history),
         .least = kib * kib,
         .most = 1024 * tib,
         .brief = "Size of the history as it is stored, without dead letters; the oldest goes first."},
        {.section = "store",
         .name = "min_free",
         .where = SIZE_AT(store.min_free),
         .least = 0,
         .most = 1024 * tib,
         .brief = "Pulling pauses while the disk has less free space than this."},
    };
}

std::vector<key> admin_keys() {
    return {
        {.section = "admin",
         .name = "listen",
         .where = AT(std::string, admin.listen),
         .brief = "Where API and page are served: host:port, [IPv6]:port or unix:/path.",
         .comment = "Off loopback it needs tls_cert and tls_key, or allow_insecure = true."},
        {.section = "admin",
         .name = "token",
         .where = AT(secret, admin.token),
         .fallback = "made at first start: file admin.token beside the store",
         .brief = "Token of the API and the page."},
        {.section = "admin",
         .name = "viewer_token",
         .where = AT(secret, admin.viewer_token),
         .fallback = "none",
         .brief = "A second token that may only read; another than the admin token."},
        {.section = "admin",
         .name = "public_url",
         .where = AT(std::string, admin.public_url),
         .fallback = "none",
         .brief = "Address under which browsers reach the page through a proxy.",
         .comment = "Allowed as Host and Origin beside the listen address."},
        {.section = "admin",
         .name = "tls_cert",
         .where = AT(std::string, admin.tls_cert),
         .fallback = "none",
         .brief = "Certificate chain (PEM): serve HTTPS; over a unix socket it is HTTP."},
        {.section = "admin",
         .name = "tls_key",
         .where = AT(std::string, admin.tls_key),
         .fallback = "none",
         .brief = "Private key (PEM) of tls_cert."},
        {.section = "admin",
         .name = "allow_insecure",
         .where = AT(bool, admin.allow_insecure),
         .brief = "Serve plain http off loopback: tokens and profiles cross the network readable."},
        {.section = "admin",
         .name = "metrics_auth",
         .where = AT(bool, admin.metrics_auth),
         .brief = "Ask for a token on /metrics too."},
        {.section = "admin",
         .name = "stop_timeout",
         .where = AT(milliseconds, admin.stop_timeout),
         .least = 0,
         .most = in_ms(10min),
         .brief = "How long a stop waits for requests in flight."},
    };
}

std::vector<key> trait_keys() {
    return {
        {.section = "traits",
         .name = "on_remove",
         .where = CHOICE_AT(on_remove, traits.on_remove),
         .choices = remove_choices,
         .brief = "A trait that disappeared from Moesif is sent as null, or left."},
        {.section = "traits",
         .name = "on_delete",
         .where = CHOICE_AT(on_delete, traits.on_delete),
         .choices = delete_choices,
         .brief = "A profile that is gone from Moesif sends nothing, or null for every trait that was sent, whatever "
                  "its policy is now."},
        {.section = "traits",
         .name = "first_sync",
         .where = CHOICE_AT(first_sync, traits.first_sync),
         .choices = first_choices,
         .brief = "An empty store sends every profile once, or takes the first full pass as known to Segment.",
         .comment = "Each identify is billed: adopt sends only later changes."},
        {.section = "traits",
         .name = "nested_nulls",
         .where = AT(bool, traits.nested_nulls),
         .brief = "A member gone from company or metadata is sent as null once, where the value fits into a message "
                  "with it."},
        {.section = "traits",
         .name = "volatile_interval",
         .where = AT(milliseconds, traits.volatile_interval),
         .least = in_ms(1s),
         .most = in_ms(24h * 365),
         .brief = "A riding trait goes by itself when it differs and was last sent longer ago than this."},
        {.section = "traits",
         .name = "brake_percent",
         .where = AT(int, traits.brake_percent),
         .least = 0,
         .most = 100,
         .brief = "A pass that would send to more than this share of the users is held; 0 turns the brake off."},
        {.section = "traits",
         .name = "brake_min",
         .where = AT(int, traits.brake_min),
         .least = 0,
         .most = 1'000'000'000,
         .brief = "And to more than this number of users; 0 turns the brake off."},
    };
}

std::vector<key> alert_keys() {
    return {
        {.section = "alerts",
         .name = "webhook_url",
         .where = AT(secret, alerts.webhook_url),
         .fallback = "none",
         .brief = "Address that gets a signed POST when the state becomes blocked, degraded, held or dead letters "
                  "appear, and when it recovers.",
         .comment =
             "Plain http is taken only for this machine. Handled as a secret, because such addresses hold keys."},
        {.section = "alerts",
         .name = "secret",
         .where = AT(secret, alerts.secret),
         .fallback = "made at first start: file alerts.secret beside the store",
         .brief = "Key of the signature (HMAC-SHA256)."},
    };
}

std::vector<key> log_keys() {
    return {
        {.section = "log",
         .name = "level",
         .where = AT(std::string, log.level),
         .choices = levels,
         .brief = "Least level that is written to standard error."},
        {.section = "log",
         .name = "format",
         .where = AT(std::string, log.format),
         .choices = formats,
         .brief = "One line an event, for people (text) or for machines (json)."},
    };
}

#undef AT
#undef SIZE_AT
#undef CHOICE_AT

}  // namespace

std::span<key const> all_keys() {
    static std::vector<key> const keys = [] {
        std::vector<key> all;
        for (auto&& part :
             {moesif_keys(), segment_keys(), store_keys(), admin_keys(), trait_keys(), alert_keys(), log_keys()}) {
            all.insert(all.end(), part.begin(), part.end());
        }
        return all;
    }();
    return keys;
}

}  // namespace traitsync::config

#pragma once
// What the operator may say: plain values with their defaults. Parsing is config/load.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/config/secret.hpp"

namespace traitsync::config {

enum class policy : std::uint8_t { send, ride, never, hash, always };
std::string_view name_of(policy p);
std::optional<policy> policy_named(std::string_view name);
std::span<std::string_view const> policy_names();  // in the order of `policy`

struct moesif_settings {
    std::string url = "https://api.moesif.com/v1";
    secret token;
    std::string app_id;
    std::chrono::milliseconds interval = std::chrono::seconds{60};
    std::chrono::milliseconds full_interval = std::chrono::hours{24};
    std::chrono::milliseconds overlap = std::chrono::minutes{30};
    int page_size = 500;
    int requests_per_minute = 240;  // 0: no budget
    std::string users_path = "/search/~/search/usermetrics/users";
    std::string companies_path = "/search/~/search/companymetrics/companies";
    std::chrono::milliseconds timeout = std::chrono::seconds{30};
    bool allow_insecure = false;
};

struct segment_settings {
    std::string region = "us";  // us or eu
    std::string url;            // without /v1; set by region when the operator left it out
    secret write_key;
    int batch_size = 500;
    int concurrency = 4;
    int rate_limit = 500;  // messages a second; 0: none
    bool gzip = false;
    std::chrono::milliseconds timeout = std::chrono::seconds{15};
    std::chrono::milliseconds give_up_after{0};  // 0: never
    bool allow_insecure = false;
};

struct store_settings {
    std::string path = "/var/lib/traitsync/traitsync.db";
    int history_days = 30;
    std::int64_t max_history = std::int64_t{1} << 30;  // bytes
    std::int64_t min_free = std::int64_t{256} << 20;   // bytes
};

struct admin_settings {
    std::string listen = "127.0.0.1:8737";  // host:port or unix:/path
    secret token;                           // empty: made at first start beside the store
    secret viewer_token;
    std::string public_url;
    std::string tls_cert;
    std::string tls_key;
    bool allow_insecure = false;
    bool metrics_auth = true;
    std::chrono::milliseconds stop_timeout = std::chrono::seconds{10};

    bool by_socket() const { return listen.starts_with("unix:"); }
    // Nobody listens in on a socket of the file system, and what stands before one speaks plain HTTP to it.
    bool over_tls() const { return !tls_cert.empty() && !by_socket(); }
};

enum class on_remove : std::uint8_t { null, ignore };
enum class on_delete : std::uint8_t { ignore, null };
enum class first_sync : std::uint8_t { send, adopt };

struct trait_settings {
    config::on_remove on_remove = on_remove::null;
    config::on_delete on_delete = on_delete::ignore;
    config::first_sync first_sync = first_sync::send;
    bool nested_nulls = false;
    std::chrono::milliseconds volatile_interval = std::chrono::hours{24};
    int brake_percent = 30;  // 0: no brake
    int brake_min = 1000;    // 0: no brake
    // By trait name or dotted path; the volatile defaults are in it unless the operator said otherwise.
    std::map<std::string, policy> policies;
};

// Who is told when the service's state changes; empty: nobody.
struct alert_settings {
    traitsync::secret webhook_url;  // often secret itself: paths and queries hold keys
    traitsync::secret secret;       // signs; empty: made at first start beside the store
};

struct log_settings {
    std::string level = "info";   // debug, info, warn, error
    std::string format = "text";  // text or json
};

struct settings {
    moesif_settings moesif;
    segment_settings segment;
    store_settings store;
    admin_settings admin;
    trait_settings traits;
    alert_settings alerts;
    log_settings log;
};

// The paths whose policy is `ride` unless the operator says otherwise (volatile traits change with each
// API call of the user).
std::vector<std::string> const& riding_by_default();

}  // namespace traitsync::config

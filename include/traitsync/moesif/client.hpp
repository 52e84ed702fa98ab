#pragma once
// The only reader of Moesif: searches page by page and single documents. Loop thread only.
// Paths, body and answers: Moesif's Management API, "Search Users", "Search Companies", "Get a User"
// (https://www.moesif.com/docs/api#management-api).
// The errors are net/http's fault_of and https_client's, with the token out of their texts.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <functional>
#include <optional>
#include <string>

#include "traitsync/config/config.hpp"
#include "traitsync/core/clock.hpp"
#include "traitsync/net/https_client.hpp"

namespace traitsync::moesif {

enum class stream : std::uint8_t { companies, users };

struct search {
    moesif::stream stream = stream::users;
    int size = 500;
    std::optional<wall_time> modified_since = {};  // set: sorted by modified_time, then the key; else by the key alone
    bool fallback_key = false;                     // user_id.raw or company_id.raw instead of _id
    std::string search_after = {};                 // raw JSON array, empty on the first page
    bool operator==(search const&) const = default;
};

class client {
public:
    // The settings' address must be one that config::load accepts. `ca_file`: further trust anchors, or empty.
    // `may_ask_more`: a call that needs a second request asks it, and it has paid for that where it says yes. Without
    // one nobody counts.
    client(boost::asio::io_context& loop, config::moesif_settings const& settings, std::string ca_file,
           std::function<bool()> may_ask_more = {});

    // The body of a 2xx answer, at most 64 MiB: too_large beyond that, so that the caller asks for fewer profiles.
    // Where one of the two documented paths of the stream is configured and not there (404, 405), the other one is
    // tried: once at once (a second request; unavailable where that may not be made yet, and the next call makes it),
    // later by turns, until one has answered, which is kept.
    // `room`: as net::request's.
    boost::asio::awaitable<result<std::string>> search_page(search s, std::string room = {});

    // The answer to reading one document, or nothing where it does not exist (404, 410).
    boost::asio::awaitable<result<std::optional<std::string>>> document(moesif::stream which, std::string id);

    // For requests from now on.
    void use_token(secret const& token);

    // Ends what is under way with `cancelled`.
    void stop();

private:
    // Which of the two spellings of a search path is used.
    struct spelling {
        bool other = false;    // not the configured one
        bool settled = false;  // it has answered
        bool tried = false;    // both have been
    };

    net::request request_of(std::string method, std::string path, std::shared_ptr<std::string const> body) const;
    std::string path_of(moesif::stream which, bool other) const;
    boost::asio::awaitable<result<net::reply>> ask(net::request r);
    boost::asio::awaitable<result<net::reply>> post_search(moesif::stream which,
                                                           std::shared_ptr<std::string const> body, std::string room);

    config::moesif_settings settings_;
    net::url base_;
    std::string token_;
    net::https_client http_;
    std::function<bool()> may_ask_more_;
    std::array<spelling, 2> spellings_;  // by stream
};

// The body of a search.
std::string search_body(search const& s);

}  // namespace traitsync::moesif

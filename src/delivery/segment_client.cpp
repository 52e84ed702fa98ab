#include "traitsync/delivery/segment_client.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>

#include "traitsync/core/sha256.hpp"

namespace traitsync::delivery {
namespace {

// Segment's answers are a line; more is somebody else's page.
constexpr std::size_t max_reply_bytes = std::size_t{1} << 20;
constexpr std::chrono::seconds max_connect_time{10};

// config::load lets no other address through.
net::url url_of(config::segment_settings const& s) {
    auto url = net::checked_url(s.url, s.allow_insecure, "segment").value();
    if (url.path.ends_with("/v1")) url.path.resize(url.path.size() - 3);
    while (url.path.ends_with('/')) url.path.pop_back();
    return url;
}

net::client_options options_of(config::segment_settings const& s, std::string ca_file) {
    net::client_options o;
    o.origin = url_of(s);
    o.timeout = s.timeout;
    o.connect_timeout = std::min<std::chrono::milliseconds>(s.timeout, max_connect_time);
    o.max_reply_bytes = max_reply_bytes;
    o.max_idle = static_cast<std::size_t>(std::max(s.concurrency, 1));
    o.ca_file = std::move(ca_file);
    o.user_agent = "traitsync/" TRAITSYNC_VERSION;
    return o;
}

// Level 1: level 6 costs more than the rest of a delivery together. zlib writes no time into the header.
std::string gzipped(std::string const& text) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::bad_alloc{};
    }
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib does not write there
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    auto const code = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (code != Z_STREAM_END) throw broken_invariant{"zlib needs more room than it said"};
    return out;
}

}  // namespace

segment_client::segment_client(boost::asio::io_context& loop, config::segment_settings const& settings,
                               std::string ca_file)
    : gzip_{settings.gzip}, base_{url_of(settings)}, http_{loop, options_of(settings, std::move(ca_file))} {
    use_key(settings.write_key);
}

// The key as user, an empty password: the key stays out of stored bodies.
void segment_client::use_key(secret const& write_key) {
    key_ = write_key.reveal();
    credentials_ = base64(key_ + ":");
}

void segment_client::stop() { http_.stop(); }

boost::asio::awaitable<result<net::reply>> segment_client::post_batch(std::shared_ptr<std::string const> body,
                                                                      int attempt, std::function<bool()> may_repeat) {
    net::request r;
    r.may_repeat = std::move(may_repeat);
    r.method = "POST";
    r.target = base_.path + "/v1/batch";
    r.headers.emplace_back("Authorization", "Basic " + credentials_);
    r.headers.emplace_back("Content-Type", "application/json");
    if (attempt > 1) r.headers.emplace_back("X-Retry-Count", std::to_string(attempt - 1));
    if (gzip_) {
        r.headers.emplace_back("Content-Encoding", "gzip");
        r.body = std::make_shared<std::string const>(gzipped(*body));
    } else {
        r.body = std::move(body);
    }
    auto answer = co_await http_.exchange(std::move(r));
    if (answer) {
        // What Segment refuses is stored with its answer.
        for (auto* text : {&answer->body, &answer->location}) {
            net::redact(*text, credentials_);
            net::redact(*text, key_);
        }
    }
    co_return answer;
}

}  // namespace traitsync::delivery

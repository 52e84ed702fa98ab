#include "traitsync/admin/server.hpp"

#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>

#include "certificate.hpp"
#include "exchange_loop.hpp"

namespace traitsync::admin {
namespace {

using asio::ip::tcp;
using generic_acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

constexpr std::chrono::milliseconds sweep_gap{100};

struct place_to_listen {
    asio::generic::stream_protocol::endpoint endpoint;
    std::string host;  // as configured, brackets kept; empty for a unix socket
    std::string unix_path;
};

// Store, log, loop and the two services need descriptors of their own: where few may be open (ulimit -n), fewer clients
// are served at a time, and nothing else suffers.
std::size_t places_for(int concurrency) {
    constexpr rlim_t own = 22;
    constexpr rlim_t least = 4;
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) return connections::most;
    auto const needed = own + static_cast<rlim_t>(concurrency);
    auto const left = files.rlim_cur > needed + least ? files.rlim_cur - needed : least;
    return static_cast<std::size_t>(std::min<rlim_t>(left, connections::most));
}

// Made of a text that config/load has checked.
result<place_to_listen> place_of(std::string const& listen) {
    if (listen.starts_with("unix:")) {
        auto const path = listen.substr(5);
        return place_to_listen{asio::local::stream_protocol::endpoint{path}, {}, path};
    }
    auto const colon = listen.rfind(':');
    auto const host = listen.substr(0, colon);
    auto const port = static_cast<std::uint16_t>(std::stoi(listen.substr(colon + 1)));
    auto name = host;
    if (name.starts_with('[')) name = name.substr(1, name.size() - 2);
    boost::system::error_code failed;
    auto address = asio::ip::make_address(name, failed);
    if (failed) {
        asio::io_context once;
        tcp::resolver resolver{once};
        auto const found = resolver.resolve(name, "", tcp::resolver::passive, failed);
        if (failed || found.empty()) {
            // A name service may not be there yet when the machine starts.
            auto const passes = failed == asio::error::host_not_found_try_again;
            error unknown{passes ? fault::unavailable : fault::invalid,
                          fmt::format("admin.listen: {} is not known on this machine", name)};
            return {boost::system::in_place_error, std::move(unknown)};
        }
        address = found.begin()->endpoint().address();
    }
    return place_to_listen{tcp::endpoint{address, port}, host, {}};
}

// A socket file that nobody listens on any more is left over from a crash.
bool is_abandoned(std::string const& path) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0 || !S_ISSOCK(info.st_mode)) return false;
    asio::io_context once;
    asio::local::stream_protocol::socket probe{once};
    boost::system::error_code failed;
    probe.connect(asio::local::stream_protocol::endpoint{path}, failed);
    return failed == asio::error::connection_refused;
}

bool is_no_socket(std::string const& path) {
    struct stat info {};
    return !path.empty() && ::lstat(path.c_str(), &info) == 0 && !S_ISSOCK(info.st_mode);
}

// The address part of a socket's own end, or nothing for a unix socket.
std::string address_of(plain_socket const& s) {
    boost::system::error_code failed;
    auto const end = s.local_endpoint(failed);
    if (failed) return {};
    tcp::endpoint own;
    auto const family = end.data()->sa_family;
    if (family != AF_INET && family != AF_INET6) return {};
    own.resize(end.size());
    std::memcpy(own.data(), end.data(), end.size());
    auto const address = own.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    }
    return address.to_string();
}

}  // namespace

struct server::parts : std::enable_shared_from_this<server::parts> {
    parts(asio::io_context& l, engine::engine& e, store::reader_thread& r, config::loaded const& c, ops::log& lg,
          clock const& t, int version)
        : loop{l},
          engine{e},
          reader{r},
          config{c},
          log{lg},
          time{t},
          schema_version{version},
          acceptor{l},
          sweeper{l} {}

    asio::io_context& loop;
    engine::engine& engine;
    store::reader_thread& reader;
    config::loaded const& config;
    ops::log& log;
    clock const& time;
    int schema_version;
    std::string address;
    std::string unix_path;
    std::optional<asio::ssl::context> tls;
    std::unique_ptr<api> what;
    std::unique_ptr<shared_state> shared;
    generic_acceptor acceptor;
    asio::steady_timer sweeper;
    bool stopped = false;

    result<void> bind(place_to_listen const& place);
    static asio::awaitable<void> accept(std::shared_ptr<parts> self);
    static asio::awaitable<void> sweep(std::shared_ptr<parts> self);
    static asio::awaitable<void> serve(std::shared_ptr<parts> self, plain_socket socket);
    template <class Stream>
    asio::awaitable<void> serve_on(Stream& stream, connections::place here);
    void status_changed() {
        for (auto* l : shared->listeners) l->tell();
    }
};

result<void> server::parts::bind(place_to_listen const& place) {
    boost::system::error_code failed;
    auto const where = config.values.admin.listen;
    if (!place.unix_path.empty() && is_abandoned(place.unix_path)) ::unlink(place.unix_path.c_str());
    acceptor.open(place.endpoint.protocol(), failed);
    if (!failed && place.unix_path.empty()) acceptor.set_option(asio::socket_base::reuse_address{true}, failed);
    if (!failed) acceptor.bind(place.endpoint, failed);
    // The group may use the socket, others may not; before anybody can connect. No umask: it would count for the files
    // that the store's threads make meanwhile.
    if (!failed && !place.unix_path.empty() && ::chmod(place.unix_path.c_str(), 0660) != 0)
        failed = {errno, boost::system::system_category()};
    if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (failed == asio::error::address_in_use && is_no_socket(place.unix_path)) {
        return error{
            fault::invalid,
            fmt::format("admin.listen: {} is there and is no socket: remove it, or set another path", place.unix_path)};
    }
    if (failed == asio::error::address_in_use) {
        return error{
            fault::conflict,
            fmt::format("admin.listen: {} is in use by another program: stop it, or set another address", where)};
    }
    if (failed) {
        // An address may come later (DHCP, a VPN), and descriptors become free.
        auto const passes = failed == boost::system::errc::address_not_available ||
                            failed == boost::system::errc::too_many_files_open ||
                            failed == boost::system::errc::too_many_files_open_in_system;
        return error{passes ? fault::unavailable : fault::invalid,
                     fmt::format("admin.listen: cannot listen on {}: {}", where, failed.message())};
    }
    std::string port;
    if (place.unix_path.empty()) {
        auto const end = acceptor.local_endpoint(failed);
        tcp::endpoint own;
        own.resize(end.size());
        std::memcpy(own.data(), end.data(), end.size());
        port = std::to_string(own.port());
        address = fmt::format("{}://{}:{}", tls ? "https" : "http", place.host, port);
    } else {
        unix_path = place.unix_path;
        address = where;
    }
    what = std::make_unique<api>(engine, reader, config, log, time, schema_version,
                                 gate{config.values.admin, place.host, port});
    shared = std::make_unique<shared_state>(*what, time, places_for(config.values.segment.concurrency));
    return {};
}

asio::awaitable<void> server::parts::accept(std::shared_ptr<parts> self) {
    while (!self->stopped) {
        plain_socket socket{self->loop};
        auto const [failed] = co_await self->acceptor.async_accept(socket, token);
        if (self->stopped) co_return;
        if (failed) {
            // Out of descriptors, most likely: leave those who are served the time to finish.
            asio::steady_timer pause{self->loop, std::chrono::milliseconds{50}};
            auto const ended = co_await pause.async_wait(token);
            static_cast<void>(ended);
            continue;
        }
        asio::co_spawn(self->loop, serve(self, std::move(socket)), asio::detached);
    }
}

asio::awaitable<void> server::parts::sweep(std::shared_ptr<parts> self) {
    while (!self->stopped) {
        self->sweeper.expires_after(sweep_gap);
        auto const ended = co_await self->sweeper.async_wait(token);
        static_cast<void>(ended);
        self->shared->open.sweep(self->time.steady());
    }
}

template <class Stream>
asio::awaitable<void> server::parts::serve_on(Stream& stream, connections::place here) {
    exchange_loop<Stream> exchange{stream, *shared, here, address_of(socket_of(stream))};
    co_await exchange.run();
}

asio::awaitable<void> server::parts::serve(std::shared_ptr<parts> self, plain_socket socket) {
    auto const raw = std::make_shared<plain_socket>(std::move(socket));
    boost::system::error_code ignored;
    if (self->unix_path.empty()) raw->set_option(tcp::no_delay{true}, ignored);
    std::optional<tls_stream> secured;
    auto const live = [&]() -> plain_socket& { return secured ? secured->next_layer() : *raw; };
    if (self->tls) secured.emplace(std::move(*raw), *self->tls);
    auto& own = live();
    connections::entry entry;
    entry.interrupt = [&own] {
        boost::system::error_code none;
        own.cancel(none);
    };
    entry.close = [&own] {
        boost::system::error_code none;
        own.close(none);
    };
    entry.headless_since = self->time.steady();
    entry.deadline = entry.headless_since + head_time;
    auto const here = self->shared->open.add(std::move(entry));
    struct registration {
        std::shared_ptr<parts> const& self;
        connections::place here;
        ~registration() {
            self->shared->open.remove(here);
            self->what->counts().connections = static_cast<std::int64_t>(self->shared->open.size());
        }
    } const registered{self, here};
    self->what->counts().connections = static_cast<std::int64_t>(self->shared->open.size());
    try {
        if (secured) {
            auto const [failed] = co_await secured->async_handshake(asio::ssl::stream_base::server, token);
            if (failed) co_return;
            co_await self->serve_on(*secured, here);
        } else {
            co_await self->serve_on(*raw, here);
        }
    } catch (std::exception const& e) {
        // A bug in answering one request must not end pulling and delivering.
        self->log.error("request_failed", "A request to the admin API failed because of a bug", {{"detail", e.what()}});
    }
    own.close(ignored);
}

server::server(asio::io_context& loop, engine::engine& e, store::reader_thread& reader, config::loaded const& config,
               ops::log& log, clock const& time, int schema_version)
    : parts_{std::make_shared<parts>(loop, e, reader, config, log, time, schema_version)} {}

server::~server() {
    parts_->stopped = true;
    boost::system::error_code ignored;
    parts_->acceptor.close(ignored);
    parts_->sweeper.cancel();
    if (!parts_->unix_path.empty()) ::unlink(parts_->unix_path.c_str());
}

result<void> server::listen() {
    auto& p = *parts_;
    auto certificate = load_certificate(p.config.values.admin);
    if (!certificate) return std::move(certificate).error();
    p.tls = std::move(*certificate);
    TRY_ASSIGN(auto const place, place_of(p.config.values.admin.listen));
    TRY(p.bind(place));
    p.engine.on_change([weak = std::weak_ptr{parts_}] {
        if (auto const self = weak.lock()) self->status_changed();
    });
    asio::co_spawn(p.loop, parts::accept(parts_), asio::detached);
    asio::co_spawn(p.loop, parts::sweep(parts_), asio::detached);
    p.log.info("listening", "The admin API and the page are served", {{"address", p.address}});
    return {};
}

void server::use_new_tokens() {
    if (!parts_->what) return;
    parts_->what->use_tokens(parts_->config.values.admin);
    for (auto* l : parts_->shared->listeners) l->end();
}

std::string const& server::address() const { return parts_->address; }

}  // namespace traitsync::admin

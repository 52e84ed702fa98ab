// HTTPS to both services through the proxy that the environment names.

#include "operator.hpp"
#include "support/connect_proxy.hpp"
#include "support/scripted_server.hpp"
#include "support/tls_front.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;
using test::text_at;

struct behind_proxy : test::operated {
    static constexpr auto password = "proxy-password-0123";
    test::authority ca;
    test::certificate own = ca.issue({.names = {"moesif.example", "segment.example"}});
    test::tls_front moesif_front{moesif.port(), own};
    test::tls_front segment_front{segment.port(), own};
    // Names that nobody else knows: only through the proxy they lead anywhere.
    test::connect_proxy proxy{
        {.credentials = std::string{"who:"} + password,
         .routes = {{"moesif.example:443", port_of(moesif_front)}, {"segment.example:443", port_of(segment_front)}}}};

    static std::uint16_t port_of(test::tls_front const& front) {
        auto const url = front.url();
        return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    }
    behind_proxy() {
        environment["SSL_CERT_FILE"] = folder.write("ca.pem", ca.pem());
        environment["TRAITSYNC_MOESIF_URL"] = "https://moesif.example/v1";
        environment["TRAITSYNC_SEGMENT_URL"] = "https://segment.example";
        environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
        environment["HTTPS_PROXY"] = proxy.url(std::string{"who:"} + password);
    }
    ~behind_proxy() {
        if (service) BOOST_TEST((service->errors() + service->output()).find(password) == std::string::npos);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(through_a_proxy, behind_proxy)

BOOST_AUTO_TEST_CASE(both_services_are_reached_and_the_commands_reach_their_own_service_without_it) {
    put_users(20, "x");
    start();
    settle();
    BOOST_TEST(segment.counts().distinct_messages == 20U);
    BOOST_TEST(proxy.tunnels() >= 2U);
    for (auto const& head : proxy.heads()) {
        BOOST_TEST(
            (head.starts_with("CONNECT moesif.example:443 ") || head.starts_with("CONNECT segment.example:443 ")));
        BOOST_TEST(head.find(token) == std::string::npos);
    }
    auto command = options({"status"});
    command.environment["TRAITSYNC_ADMIN_LISTEN"] = "127.0.0.1:" + std::to_string(api->port());
    auto const asked = test::run(std::move(command));
    BOOST_TEST(asked.state.code == 0, asked.errors);
    auto const online = test::run(options({"check", "--online"}));
    BOOST_TEST(online.state.code == 0, online.errors);
    BOOST_TEST((online.output + online.errors).find(password) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_proxy_is_obeyed_and_plain_http_to_this_machine_needs_no_proxy) {
    environment["HTTPS_PROXY"] = "http://127.0.0.1:1";
    environment["HTTP_PROXY"] = "http://127.0.0.1:1";
    environment["http_proxy"] = "http://127.0.0.1:1";
    environment["TRAITSYNC_MOESIF_URL"] = moesif.url();
    environment["TRAITSYNC_SEGMENT_URL"] = segment_front.url();
    environment["NO_PROXY"] = "example.org, 127.0.0.0/8";
    segment_front.show(ca.issue());
    put_users(3, "x");
    once_well();
    BOOST_TEST(segment.counts().distinct_messages == 3U);
    environment["no_proxy"] = "elsewhere.example";
    put_users(3, "y");
    auto const lost = once({"--max-wait", "1s"});
    BOOST_TEST(lost.state.code == 1);
    BOOST_TEST(lost.errors.find("through the proxy: 127.0.0.1:1 refuses connections") != std::string::npos,
               lost.errors);
}

BOOST_AUTO_TEST_CASE(a_proxy_that_wants_credentials_blocks_in_words_and_loses_nothing) {
    put_users(3, "x");
    start();
    settle();
    proxy.demand("who:another");
    moesif_front.show(own);
    restart();
    put_users(3, "y");
    eventually("blocked", [&] { return text_at(get("/v1/status"), "state") == "blocked"; });
    auto const status = api->get("/v1/status").body;
    BOOST_TEST(status.find("does not accept the user and password (407)") != std::string::npos, status);
    BOOST_TEST(status.find(password) == std::string::npos);
    proxy.demand(std::string{"who:"} + password);
    restart();
    eventually("delivered", [&] { return trait_of(2, "metadata") == R"({"plan":"y"})"; });
}

BOOST_AUTO_TEST_CASE(an_unusable_proxy_is_an_error_before_anything_starts) {
    for (std::string const& bad :
         {std::string{"socks5://who:"} + password + "@127.0.0.1:1080", std::string{"http://who:"} + password + "@"}) {
        environment["HTTPS_PROXY"] = bad;
        for (auto const* command : {"run", "check"}) {
            auto const refused = test::run(options({command}));
            BOOST_TEST(refused.state.code == 2);
            BOOST_TEST(refused.errors.find("HTTPS_PROXY is not usable") != std::string::npos, refused.errors);
            BOOST_TEST((refused.errors + refused.output).find(password) == std::string::npos, refused.errors);
        }
    }
    BOOST_TEST(!std::filesystem::exists(folder / "store.db"));
}

BOOST_AUTO_TEST_CASE(a_private_authority_beside_the_systems_is_given_by_the_environment) {
    environment.erase("SSL_CERT_FILE");
    put_users(1, "x");
    auto const refused = once({"--max-wait", "1s"});
    BOOST_TEST(refused.state.code == 3);
    BOOST_TEST(refused.errors.find("does not trust who signed it") != std::string::npos, refused.errors);
    std::filesystem::create_directory(folder / "certs");
    auto const file = folder.write("certs/private.pem", ca.pem());
    auto const hash = test::run({.program = "/usr/bin/openssl", .arguments = {"x509", "-hash", "-noout", "-in", file}});
    BOOST_REQUIRE(hash.state.code == 0);
    std::filesystem::create_symlink("private.pem", folder / "certs" / (hash.output.substr(0, 8) + ".0"));
    environment["SSL_CERT_DIR"] = (folder / "certs").string();
    once_well();
    BOOST_TEST(segment.counts().distinct_messages == 1U);
}

BOOST_AUTO_TEST_CASE(authorities_that_cannot_be_read_are_an_error_before_anything_starts) {
    auto const none = folder.write("none.pem", "no certificate");
    for (auto const& [name, value] :
         {std::pair{"SSL_CERT_FILE", (folder / "absent.pem").string()}, std::pair{"SSL_CERT_FILE", none},
          std::pair{"SSL_CERT_DIR", (folder / "absent").string() + ":" + none}}) {
        environment.erase("SSL_CERT_FILE");
        environment[name] = value;
        for (auto const* command : {"run", "check"}) {
            auto const refused = test::run(options({command}));
            BOOST_TEST(refused.state.code == 2);
            BOOST_TEST(refused.errors.find(name + std::string{" names "} + value) != std::string::npos, refused.errors);
        }
    }
    BOOST_TEST(!std::filesystem::exists(folder / "store.db"));
    // One of several folders is enough.
    environment["SSL_CERT_DIR"] = (folder / "absent").string() + ":" + folder.path().string();
    BOOST_TEST(test::run(options({"check"})).state.code == 0);
}

BOOST_AUTO_TEST_SUITE_END()

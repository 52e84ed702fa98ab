// Which proxy the environment names, and the way through one.

#include <cstdlib>
#include <map>

#include "desk.hpp"
#include "support/connect_proxy.hpp"
#include "support/temp_dir.hpp"
#include "traitsync/core/sha256.hpp"
#include "traitsync/net/proxy.hpp"

using namespace traitsync;
using namespace traitsync::net::test;

namespace {

using variables = std::map<std::string, std::string>;

result<std::optional<net::proxy>> chosen(std::string const& url, variables const& set) {
    return net::proxy_for(net::parse_url(url).value(), [&](char const* name) {
        auto const found = set.find(name);
        return found == set.end() ? std::string{} : found->second;
    });
}

std::string way_to(std::string const& url, variables const& set) {
    auto const p = chosen(url, set);
    BOOST_REQUIRE_MESSAGE(p.has_value(), (p ? "" : p.error().what));
    return *p ? (*p)->authority() : "direct";
}

// The process's own environment, restored at the end.
struct set_variables {
    explicit set_variables(variables const& set) {
        for (auto const& [name, value] : set) {
            ::setenv(name.c_str(), value.c_str(), 1);
            names.push_back(name);
        }
    }
    ~set_variables() {
        for (auto const& name : names) ::unsetenv(name.c_str());
    }
    std::vector<std::string> names;
};

struct proxy_certificates {
    temp_dir dir;
    authority ca;
    std::string ca_file = dir.write("ca.pem", ca.pem());
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(proxies, proxy_certificates)

BOOST_AUTO_TEST_CASE(the_environment_names_the_proxy_and_plain_http_has_none) {
    variables const upper{{"HTTPS_PROXY", "http://proxy.example:3128"}};
    BOOST_TEST(way_to("https://api.segment.io", upper) == "proxy.example:3128");
    BOOST_TEST(way_to("http://127.0.0.1:8080", upper) == "direct");
    BOOST_TEST(way_to("http://elsewhere.example", upper) == "direct");
    BOOST_TEST(way_to("https://api.segment.io", {}) == "direct");
    BOOST_TEST(way_to("https://api.segment.io", {{"HTTPS_PROXY", "http://a:1"}, {"https_proxy", "http://b:2"}}) ==
               "b:2");
    BOOST_TEST(way_to("https://api.segment.io", {{"ALL_PROXY", "http://a:1"}}) == "a:1");
    BOOST_TEST(way_to("https://api.segment.io", {{"HTTP_PROXY", "http://a:1"}}) == "direct");
}

BOOST_AUTO_TEST_CASE(its_address_is_read_in_every_usual_form) {
    auto const via = [](std::string const& text) { return way_to("https://x.example", {{"https_proxy", text}}); };
    BOOST_TEST(via("proxy:3128") == "proxy:3128");
    BOOST_TEST(via("HTTP://Proxy.Example:3128/") == "proxy.example:3128");
    BOOST_TEST(via("http://proxy") == "proxy:80");
    BOOST_TEST(via("http://[::1]:3128") == "[::1]:3128");
    BOOST_TEST(via("http://10.0.0.1:3128") == "10.0.0.1:3128");
    auto const with = chosen("https://x.example", {{"https_proxy", "http://us%40er:p%3Ass@proxy:3128"}});
    BOOST_TEST((*with)->credentials == base64("us@er:p:ss"));
    for (auto const* bad : {"socks5://user:geheim@proxy:1080", "https://user:geheim@proxy", "http://user:geheim@",
                            "http://user:geheim@proxy:0", "http://user:geheim@pro xy:1", "http://user:geheim@[x]:1",
                            "http://user:2024/geheim@proxy:3128", "http://user:1?geheim@proxy:3128"}) {
        auto const refused = chosen("https://x.example", {{"https_proxy", bad}});
        BOOST_REQUIRE_MESSAGE(!refused, bad);
        check_words(refused.error(), fault::invalid, "https_proxy is not usable");
        BOOST_TEST(refused.error().what.find("geheim") == std::string::npos, refused.error().what);
    }
}

BOOST_AUTO_TEST_CASE(no_proxy_names_hosts_domains_addresses_networks_and_ports) {
    auto const in = [](char const* list, char const* host, char const* port = "443") {
        return net::in_no_proxy(list, host, port);
    };
    BOOST_TEST(in("*", "api.segment.io"));
    BOOST_TEST(in("localhost, Segment.IO", "api.segment.io"));
    BOOST_TEST(in(".segment.io", "api.segment.io"));
    BOOST_TEST(in(".segment.io", "segment.io"));
    BOOST_TEST(in("*.segment.io", "api.segment.io"));
    BOOST_TEST(in("a,,b  api.segment.io.", "api.segment.io"));
    BOOST_TEST(!in("gment.io", "api.segment.io"));
    BOOST_TEST(!in("api.segment.io", "segment.io"));
    BOOST_TEST(!in("", "api.segment.io"));
    BOOST_TEST(in("segment.io:443", "api.segment.io"));
    BOOST_TEST(!in("segment.io:8443", "api.segment.io"));
    BOOST_TEST(in("10.0.0.0/8", "10.200.3.4"));
    BOOST_TEST(!in("10.0.0.0/8", "11.0.0.1"));
    BOOST_TEST(!in("10.0.0.0/8", "10.example"));
    BOOST_TEST(in("10.0.0.0/8:443", "10.200.3.4"));
    BOOST_TEST(!in("10.0.0.0/8:8443", "10.200.3.4"));
    BOOST_TEST(in("fd00::/8:443", "fd12::1"));
    BOOST_TEST(!in("fd00::/8:80", "fd12::1"));
    BOOST_TEST(in("127.0.0.1", "127.0.0.1"));
    BOOST_TEST(!in("27.0.0.1", "127.0.0.1"));
    BOOST_TEST(in("fd00::/8", "fd12::1"));
    BOOST_TEST(in("::1", "::1"));
    BOOST_TEST(in("[::1]:443", "::1"));
    BOOST_TEST(!in("[::1]:80", "::1"));
    BOOST_TEST(in("0:0:0:0:0:0:0:1", "::1"));
    BOOST_TEST(way_to("https://api.segment.io", {{"HTTPS_PROXY", "http://a:1"}, {"NO_PROXY", "segment.io"}}) ==
               "direct");
    BOOST_TEST(way_to("https://api.segment.io",
                      {{"HTTPS_PROXY", "http://a:1"}, {"no_proxy", "x"}, {"NO_PROXY", "*"}}) == "a:1");
}

BOOST_AUTO_TEST_CASE(https_goes_through_the_tunnel_which_is_kept_and_sees_nothing_of_it) {
    scripted_server server{{.tls = ca.issue({.names = {"service.example"}})}};
    server.always({.body = "inside"});
    connect_proxy proxy{{.credentials = "who:geheim", .routes = {{"service.example:443", server.port()}}}};
    set_variables const set{{{"HTTPS_PROXY", proxy.url("who:geheim")}}};
    desk d{options_for("https://service.example", ca_file)};
    BOOST_TEST(d.must(post("secret body")).body == "inside");
    BOOST_TEST(d.must().body == "inside");
    BOOST_TEST(proxy.tunnels() == 1U);
    auto const head = proxy.heads().at(0);
    BOOST_TEST(head.starts_with("CONNECT service.example:443 HTTP/1.1\r\nHost: service.example:443\r\n"), head);
    BOOST_TEST(head.find("Proxy-Authorization: Basic " + base64("who:geheim") + "\r\n") != std::string::npos);
    BOOST_TEST(server.requests().at(0).header("Proxy-Authorization").empty());
    BOOST_TEST(server.requests().at(0).header("Host") == "service.example");
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_host_is_refused_within_a_tunnel_too) {
    scripted_server server{{.tls = ca.issue({.names = {"other.example"}})}};
    connect_proxy proxy{{.routes = {{"service.example:443", server.port()}}}};
    set_variables const set{{{"HTTPS_PROXY", proxy.url()}}};
    desk d{options_for("https://service.example", ca_file)};
    check_words(d.fails(), fault::unavailable, "it is for another host");
    BOOST_TEST(server.requests().empty());
}

BOOST_AUTO_TEST_CASE(what_a_proxy_refuses_is_said_in_words_without_its_password) {
    auto const failure = [&](proxy_options o, std::string const& credentials = "who:geheim") {
        connect_proxy proxy{std::move(o)};
        set_variables const set{{{"HTTPS_PROXY", proxy.url(credentials)}}};
        desk d{options_for("https://service.example", ca_file)};
        auto e = d.fails();
        BOOST_TEST(e.what.find("geheim") == std::string::npos, e.what);
        return e;
    };
    auto const unknown = failure({.credentials = "who:other"});
    check_words(unknown, fault::misdirected, "does not accept the user and password (407)");
    BOOST_TEST(unknown.http_status == 407);
    check_words(failure({.credentials = "who:other"}, ""), fault::misdirected, "wants a user and password (407)");
    check_words(failure({}), fault::unavailable, "did not connect to service.example:443: it answered 502");
    check_words(failure({.raw = "SSH-2.0-x\r\n\r\n"}), fault::unavailable, "not as an HTTP proxy");
    check_words(failure({.raw = "HTTP/1.1 200 OK\r\n\r\nmore"}), fault::unavailable, "not as an HTTP proxy");
    check_words(failure({.raw = "HTTP/1.1 20"}), fault::unavailable, "closed the connection within its answer");
    set_variables const nobody{{{"HTTPS_PROXY", "http://who:geheim@127.0.0.1:" + std::to_string(free_port())}}};
    desk d{options_for("https://service.example", ca_file)};
    check_words(d.fails(), fault::unavailable, "through the proxy: 127.0.0.1:");
}

BOOST_AUTO_TEST_CASE(a_proxy_that_never_answers_is_left_at_the_deadline) {
    unserved_port const silent{false};
    set_variables const set{{{"HTTPS_PROXY", "http://127.0.0.1:" + std::to_string(silent.port())}}};
    auto o = options_for("https://service.example", ca_file);
    o.connect_timeout = 200ms;
    desk d{std::move(o)};
    check_words(d.fails(), fault::unavailable, "did not open a way to service.example:443 in time");
}

BOOST_AUTO_TEST_CASE(a_client_of_this_machine_uses_no_proxy) {
    scripted_server server{{.tls = ca.issue()}};
    server.always({.body = "direct"});
    set_variables const set{{{"HTTPS_PROXY", "http://127.0.0.1:1"}}};
    auto o = options_for(server.url(), ca_file);
    o.proxies = false;
    desk d{std::move(o)};
    BOOST_TEST(d.must().body == "direct");
}

BOOST_AUTO_TEST_SUITE_END()

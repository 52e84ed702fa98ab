// Ways in: TLS with an own certificate, a unix socket, a token that the first start makes, a backup while it runs.

#include <sys/stat.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "operator.hpp"
#include "support/certificates.hpp"

namespace {
using namespace traitsync;
using test::operated;
namespace asio = boost::asio;

void write_file(std::filesystem::path const& path, std::string const& text) { std::ofstream{path} << text; }
std::string read_file(std::filesystem::path const& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}
}  // namespace

BOOST_FIXTURE_TEST_SUITE(ways_in, operated)

BOOST_AUTO_TEST_CASE(the_first_start_makes_a_token_that_only_its_user_can_read_and_later_ones_keep_it) {
    environment.erase("TRAITSYNC_ADMIN_TOKEN");
    start();
    auto const path = folder / "admin.token";
    auto const made = read_file(path);
    BOOST_TEST(made.size() == 65U);
    struct stat info {};
    BOOST_REQUIRE(::stat(path.c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 0777) == 0600U);
    auto const own = made.substr(0, 64);
    BOOST_TEST(api->with_token(own).get("/v1/status").status == 200);
    BOOST_TEST(service->errors().find(own) == std::string::npos);
    stop();
    start();
    BOOST_TEST(read_file(path) == made);
    BOOST_TEST(api->with_token(own).get("/v1/status").status == 200);
}

BOOST_AUTO_TEST_CASE(a_token_file_that_was_edited_is_refused_or_doubted_in_words) {
    environment.erase("TRAITSYNC_ADMIN_TOKEN");
    start();
    stop();
    auto const path = folder / "admin.token";
    using namespace std::string_literals;
    for (auto const& [text, why] : {std::pair{"   \n"s, "holds a blank"},
                                    {"\0\0\0\0"s, "holds a character that no token has"},
                                    {"first-line-0123456789\nsecond\n"s, "holds a line break"},
                                    {"\n\n"s, "is empty"},
                                    {""s, "is empty"},
                                    {std::string(5000, 'x'), "is too long"}}) {
        write_file(path, text);
        for (auto const* command : {"run", "status", "check"}) {
            auto const refused = test::run(options({command}));
            BOOST_TEST(refused.state.code == 2, command << " " << refused.errors);
            BOOST_TEST(refused.errors.find(fmt::format("{} {}, so it cannot be used: remove the file", path.string(),
                                                       why)) != std::string::npos,
                       refused.errors);
        }
        BOOST_TEST(read_file(path) == text, "it is not touched");
    }
    write_file(path, "x\n");
    BOOST_REQUIRE(::chmod(path.c_str(), 0644) == 0);
    start();
    BOOST_TEST(api->with_token("x").get("/v1/status").status == 200);
    BOOST_TEST(service->errors().find("has fewer than 16 characters and can be guessed") != std::string::npos);
    BOOST_TEST(service->errors().find("could be used by others (mode 0644); it is 0600 now") != std::string::npos);
    struct stat info {};
    BOOST_REQUIRE(::stat(path.c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 0777) == 0600U);
    stop();
    BOOST_REQUIRE(std::filesystem::remove(path));
    start();
    BOOST_TEST(read_file(path).size() == 65U);
    BOOST_TEST(service->errors().find("warning") == std::string::npos, service->errors());
}

BOOST_AUTO_TEST_CASE(with_a_certificate_it_speaks_tls_and_nothing_else) {
    test::authority const signer;
    auto const issued = signer.issue();
    write_file(folder / "cert.pem", issued.pem);
    write_file(folder / "key.pem", issued.key);
    environment["TRAITSYNC_ADMIN_TLS_CERT"] = (folder / "cert.pem").string();
    environment["TRAITSYNC_ADMIN_TLS_KEY"] = (folder / "key.pem").string();
    start();
    BOOST_TEST(service->errors().find("https://127.0.0.1:") != std::string::npos);
    asio::io_context loop;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    tls.add_certificate_authority(asio::buffer(signer.pem()));
    tls.set_verify_mode(asio::ssl::verify_peer);
    asio::ssl::stream<asio::ip::tcp::socket> stream{loop, tls};
    stream.next_layer().connect({asio::ip::address_v4::loopback(), api->port()});
    stream.handshake(asio::ssl::stream_base::client);
    auto const request = "GET /v1/status HTTP/1.1\r\nHost: localhost:" + std::to_string(api->port()) +
                         "\r\nConnection: close\r\nAuthorization: Bearer " + admin_token + "\r\n\r\n";
    asio::write(stream, asio::buffer(request));
    std::string answer;
    boost::system::error_code failed;
    asio::read(stream, asio::dynamic_buffer(answer), failed);
    BOOST_TEST(answer.starts_with("HTTP/1.1 200"), answer);
    BOOST_TEST(answer.find("\"version\"") != std::string::npos);
    // Plain HTTP on the TLS port gets no answer that is one.
    BOOST_TEST(!api->raw("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 200"));
}

BOOST_AUTO_TEST_CASE(a_wrong_certificate_and_a_taken_port_are_named_at_the_start) {
    write_file(folder / "cert.pem", "no certificate");
    environment["TRAITSYNC_ADMIN_TLS_CERT"] = (folder / "cert.pem").string();
    environment["TRAITSYNC_ADMIN_TLS_KEY"] = (folder / "cert.pem").string();
    for (auto const* command : {"run", "check"}) {
        auto const wrong = test::run(options({command}));
        BOOST_TEST(wrong.state.code == 2, command);
        BOOST_TEST(wrong.errors.find("admin.tls_cert") != std::string::npos, wrong.errors);
    }
    environment.erase("TRAITSYNC_ADMIN_TLS_CERT");
    environment.erase("TRAITSYNC_ADMIN_TLS_KEY");
    environment["TRAITSYNC_ADMIN_LISTEN"] = "127.0.0.1:" + std::to_string(moesif.port());
    auto taken = test::run(options({"run"}));
    BOOST_TEST(taken.state.code == 1);
    BOOST_TEST(taken.errors.find("in use by another program") != std::string::npos, taken.errors);
    environment["TRAITSYNC_ADMIN_LISTEN"] = "0.0.0.0:0";
    auto open = test::run(options({"run"}));
    BOOST_TEST(open.state.code == 2);
    BOOST_TEST(open.errors.find("admin.allow_insecure") != std::string::npos, open.errors);
    // None of these was a crash.
    environment["TRAITSYNC_ADMIN_LISTEN"] = "127.0.0.1:0";
    BOOST_TEST(test::run(options({"run", "--once"})).errors.find("recovered") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_unix_socket_is_served_and_one_left_by_a_crash_is_taken_over) {
    auto const path = (folder / "api.sock").string();
    environment["TRAITSYNC_ADMIN_LISTEN"] = "unix:" + path;
    // Left from when it was a port: over a socket it means nothing.
    test::authority const signer;
    auto const issued = signer.issue();
    write_file(folder / "cert.pem", issued.pem);
    write_file(folder / "key.pem", issued.key);
    environment["TRAITSYNC_ADMIN_TLS_CERT"] = (folder / "cert.pem").string();
    environment["TRAITSYNC_ADMIN_TLS_KEY"] = (folder / "key.pem").string();
    auto const ask = [&] {
        asio::io_context loop;
        asio::local::stream_protocol::socket socket{loop};
        socket.connect(asio::local::stream_protocol::endpoint{path});
        std::string const request =
            std::string{"GET /v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "} +
            admin_token + "\r\n\r\n";
        asio::write(socket, asio::buffer(request));
        std::string answer;
        boost::system::error_code failed;
        asio::read(socket, asio::dynamic_buffer(answer), failed);
        return answer;
    };
    for (int round = 0; round < 2; ++round) {
        service = std::make_unique<test::process>(options({"run"}));
        BOOST_REQUIRE_MESSAGE(service->wait_for_errors("\"event\":\"listening\""), service->errors());
        BOOST_TEST(ask().starts_with("HTTP/1.1 200"));
        BOOST_TEST(test::run(options({"status"})).state.code == 0);
        service->kill();
    }
    BOOST_TEST(std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(a_file_in_the_place_of_the_unix_socket_is_named_and_kept) {
    auto const path = folder.write("file", "precious");
    environment["TRAITSYNC_ADMIN_LISTEN"] = "unix:" + path;
    auto const ended = test::run(options({"run"}));
    BOOST_TEST(ended.state.code == 2);
    BOOST_TEST(ended.errors.find(path + " is there and is no socket") != std::string::npos, ended.errors);
    BOOST_TEST(read_file(path) == "precious");
}

BOOST_AUTO_TEST_CASE(a_backup_is_whole_while_the_service_writes_and_overwrites_nothing) {
    put_users(200, "x");
    start();
    settle();
    auto const copy = (folder / "copy.db").string();
    auto const done = test::run(options({"backup", copy}));
    BOOST_REQUIRE_MESSAGE(done.state.code == 0, done.errors);
    BOOST_TEST(test::run(options({"backup", copy})).state.code == 4);
    stop();
    environment["TRAITSYNC_STORE_PATH"] = copy;
    auto const sent = segment.counts().distinct_messages;
    BOOST_TEST(once().state.code == 0);
    BOOST_TEST(segment.counts().distinct_messages == sent, "a copy knows what was acknowledged");
}

BOOST_AUTO_TEST_SUITE_END()
